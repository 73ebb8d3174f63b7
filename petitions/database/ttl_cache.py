"""A cache with a short time to live: a value is computed once for all callers, kept for a second, then computed anew.

A popular petition or page is requested thousands of times a second and changes at most a few times. Concurrent requests
wait for the same computation (single flight). When the database is away, the last known value is returned.
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
        """The value of ``key`` if it has not expired; None otherwise."""
        known = self._values.get(key)
        return known[1] if known is not None and time.monotonic() - known[0] < self.seconds else None

    def last(self, key: KeyT) -> ValueT | None:
        """The last known value, however old; None where there is none."""
        known = self._values.get(key)
        return known[1] if known is not None else None

    async def get(self, key: KeyT, make: Make[ValueT]) -> ValueT:
        """The value of ``key``, computed now unless there is a fresh one.

        Raises what ``make`` raises, but returns an older value when the database is away.
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
