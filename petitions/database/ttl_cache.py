"""What is known for a moment: a value is made once however many ask for it, kept for a second, then made anew.

The petition that everybody signs and the page that everybody watches are asked for thousands of times a second and
change at most a few times. Requests that come together wait for the same making (single flight). When the database is
away, what was known last is given.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Final, Generic, TypeVar

from petitions.errors import UnavailableError

KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT")
Make = Callable[[], Awaitable[ValueT]]

KEPT_SECONDS: Final = 1.0


def _one(_: object, __: object) -> int:
    return 1


class TtlCache(Generic[KeyT, ValueT]):
    """Values by key, each for ``seconds``; together they weigh at most ``most`` (by default: that many values)."""

    def __init__(
        self, seconds: float = KEPT_SECONDS, *, most: int = 4096, weigh: Callable[[KeyT, ValueT], int] = _one
    ) -> None:
        self.seconds = seconds
        self._most = most
        self._weigh = weigh
        self._weight = 0
        self._values: dict[KeyT, tuple[float, ValueT]] = {}
        self._underway: dict[KeyT, asyncio.Task[ValueT]] = {}

    def __len__(self) -> int:
        return len(self._values)

    def fresh(self, key: KeyT) -> ValueT | None:
        """The value of ``key`` if it was made in the last moment; None where it must be made."""
        known = self._values.get(key)
        return known[1] if known is not None and time.monotonic() - known[0] < self.seconds else None

    def last(self, key: KeyT) -> ValueT | None:
        """The value that was made last, however old."""
        known = self._values.get(key)
        return known[1] if known is not None else None

    async def get(self, key: KeyT, make: Make[ValueT]) -> ValueT:
        """The value of ``key``, made now unless there is a fresh one.

        Raises what ``make`` raises, except that an older value is given where the database is away.
        """
        found = self.fresh(key)
        if found is not None:
            return found
        task = self._underway.get(key)
        if task is None:
            task = asyncio.ensure_future(make())
            self._underway[key] = task
            task.add_done_callback(lambda done: self._finish(key, done))
        try:
            return await asyncio.shield(task)
        except UnavailableError:
            older = self.last(key)
            if older is None:
                raise
            return older

    def _finish(self, key: KeyT, task: "asyncio.Task[ValueT]") -> None:
        self._underway.pop(key, None)
        if not task.cancelled() and task.exception() is None:
            self._keep(key, task.result())

    def _keep(self, key: KeyT, value: ValueT) -> None:
        if old := self._values.pop(key, None):
            self._weight -= self._weigh(key, old[1])
        self._values[key] = (time.monotonic(), value)
        self._weight += self._weigh(key, value)
        while self._weight > self._most and self._values:
            oldest = next(iter(self._values))
            self._weight -= self._weigh(oldest, self._values.pop(oldest)[1])
