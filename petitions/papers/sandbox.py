"""Work on files of others, apart: in a process of its own, with little memory, little time, and none of our secrets.

A file or a text that breaks its reader, fills the memory or never ends must not harm those who are served meanwhile.
"""

import asyncio
import contextlib
import os
import resource
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
SECONDS: Final = 30.0
MEMORY: Final = 1024 * 1024 * 1024  # of addresses, with the interpreter's own
CPU_SECONDS: Final = 25
AT_ONCE: Final = 2

_turns: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


class SandboxError(Exception):
    """The work came to no end, or to a bad one; ``reason`` is a stable word: ``too_long`` or ``broken``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def run_in_sandbox(module: str, given: bytes, *arguments: str, seconds: float = SECONDS) -> bytes:
    """What the module writes when it is run as a program and given these bytes. Raises SandboxError.

    At most two at once in one process; the others wait for their turn.
    """
    loop = asyncio.get_running_loop()
    for ended in [one for one in _turns if one.is_closed()]:
        del _turns[ended]
    async with _turns.setdefault(loop, asyncio.Semaphore(AT_ONCE)):
        return await _run(module, given, arguments, seconds)


async def _run(module: str, given: bytes, arguments: tuple[str, ...], seconds: float) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # it could quote the text
        cwd=ROOT,
        env={"PATH": os.defpath, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "RAYON_NUM_THREADS": "2"},
    )
    try:
        made, _ = await asyncio.wait_for(process.communicate(given), seconds)
    except TimeoutError as error:
        raise SandboxError("too_long") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        raise SandboxError("broken")
    return made


def limit_this_process() -> None:
    """Bound the memory and the time of this process; the first thing that a program of :func:`run_apart` does."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024 * 1024, 64 * 1024 * 1024))
