"""Check a theme of your own: missing tokens, and pairs of colours with too little contrast.

    python -m scripts.check_theme city.css

Exits with 1 when there is something to fix.
"""

import sys

from petitions.errors import ConfigurationError
from petitions.sites.themes import contract, faults, load_theme


def main(given: str) -> int:
    """Print the problems of the theme with this name or path; returns the exit status."""
    try:
        theme = load_theme(given)
    except ConfigurationError as error:
        print(error)  # noqa: T201 - a command speaks to its operator
        return 1
    found = faults(theme)
    fine = f"{theme.name}: {len(contract())} tokens, every pair stands out in light and dark"
    print("\n".join(found) or fine)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "default"))
