"""Write the typed functions of all queries. ``--check``: only compare. Needs the server of DATABASE_URL."""

import asyncio
import os
import sys
from pathlib import Path

from scripts.dump_schema import migrated_scratch
from scripts.query_types.generate import differing


async def _differing() -> dict[Path, str]:
    async with migrated_scratch(os.environ["DATABASE_URL"]) as connection:
        return await differing(connection)


def main() -> None:
    """Write or compare."""
    changed = asyncio.run(_differing())
    if "--check" in sys.argv and changed:
        names = ", ".join(sorted(str(path) for path in changed))
        sys.exit(f"not what the queries and migrations make: {names}; run scripts/generate")
    for path, text in changed.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
