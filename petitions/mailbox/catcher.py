"""The local mail catcher of the demo: a real SMTP server that stores every mail as a file, sorted by name."""

import asyncio
import itertools
import signal
import time
from pathlib import Path
from typing import Any, Final

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST: Final = 2_000_000
KEPT: Final = 5000


class _Keep:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Store one mail: write a temporary file, then rename it, so that a reader never sees half of it."""
        name = f"{time.time_ns():020d}-{next(self._numbers) % 10000:04d}"
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        half = self._folder / f".{name}"
        half.write_bytes(content)
        half.rename(self._folder / f"{name}.eml")
        return "250 kept"


def tidy(folder: Path) -> None:
    """Make the folder, and delete all but the newest mails in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.eml"))[:-KEPT]:
        old.unlink(missing_ok=True)


async def catch(folder: Path, port: int) -> None:
    """Receive mail on the loopback address until a signal stops it."""
    await asyncio.to_thread(tidy, folder)
    keep = _Keep(folder)
    loop = asyncio.get_running_loop()
    ending = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ending.set)
    server = await loop.create_server(
        lambda: SMTP(keep, hostname="mailbox.localhost", data_size_limit=LARGEST, enable_SMTPUTF8=True),
        "127.0.0.1",
        port,
    )
    async with server:
        await ending.wait()
