"""Output of the benchmark while it runs, and the error with which it stops."""

import sys
import time
from typing import Final

_BEGUN: Final = time.monotonic()


class Failure(Exception):  # noqa: N818 - not an error of ours: a case that could not be measured
    """A case, or the whole benchmark, cannot be measured; the message says why."""


def say(text: str) -> None:
    """Print one line of progress, with the time since the start."""
    minutes, seconds = divmod(int(time.monotonic() - _BEGUN), 60)
    print(f"{minutes:3d}:{seconds:02d}  {text}", file=sys.stderr, flush=True)  # noqa: T201


def show(text: str) -> None:
    """Print a part of the result."""
    print(text, flush=True)  # noqa: T201
