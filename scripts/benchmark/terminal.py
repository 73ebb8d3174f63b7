"""What the benchmark says while it runs, and how it stops with a reason."""

import sys
import time
from typing import Final

_BEGUN: Final = time.monotonic()


class Failure(Exception):  # noqa: N818 - not an error of ours: a case that could not be measured
    """A case, or the whole benchmark, cannot be measured; the text says why."""


def say(text: str) -> None:
    """One line for who watches, with the time since the start."""
    minutes, seconds = divmod(int(time.monotonic() - _BEGUN), 60)
    print(f"{minutes:3d}:{seconds:02d}  {text}", file=sys.stderr, flush=True)  # noqa: T201


def show(text: str) -> None:
    """A part of the result."""
    print(text, flush=True)  # noqa: T201
