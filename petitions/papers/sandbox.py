"""A sandbox for untrusted files: a separate process with limited memory and time, and without our secrets.

A file or text that crashes its reader, fills the memory or never ends must not affect other requests.
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
    """The work timed out or failed; ``reason`` is a stable word: ``too_long`` or ``broken``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def run_in_sandbox(module: str, given: bytes, *arguments: str, seconds: float = SECONDS) -> bytes:
    """Run a module as a program with these bytes as input; returns its output. Raises SandboxError.

    At most two run at once for one process; the others wait.
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
    """Limit the memory and the time of this process; programs for :func:`run_in_sandbox` call it first."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024 * 1024, 64 * 1024 * 1024))
