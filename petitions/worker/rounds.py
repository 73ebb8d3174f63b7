"""The worker process: tasks that run continuously (mail, prints), and periodic maintenance once a minute."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import Final, NamedTuple

from petitions.errors import UnavailableError

ROUND_SECONDS: Final = 60.0

log = logging.getLogger(__name__)


class Task(NamedTuple):
    """Something that is done repeatedly; ``run`` returns when there is nothing to do or the event is set.

    It returns whether there is probably more to do at once; otherwise the next run starts after ``idle_seconds``.
    """

    name: str
    run: Callable[[asyncio.Event], Awaitable[bool]]
    idle_seconds: float


class Maintenance(NamedTuple):
    """Something that is done every so many minutes; ``run`` gets the present moment (in UTC)."""

    name: str
    run: Callable[[datetime], Awaitable[object]]
    every_minutes: int = 1


async def work(tasks: Sequence[Task], maintenance: Sequence[Maintenance]) -> None:
    """Run until SIGTERM or SIGINT: what is under way is finished, the rest waits for the next start."""
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ending.set)
    async with asyncio.TaskGroup() as group:
        for task in tasks:
            group.create_task(_repeat(task, ending))
        group.create_task(_rounds(maintenance, ending))


async def _repeat(task: Task, ending: asyncio.Event) -> None:
    while not ending.is_set():
        try:
            if not await task.run(ending):
                await rest(ending, task.idle_seconds)
        except UnavailableError:
            log.warning("the database or the disk is away; %s waits", task.name)
            await rest(ending, 2)
        except Exception as error:
            _log_defect(f"{task.name} failed", error)
            await rest(ending, 5)


async def _rounds(maintenance: Sequence[Maintenance], ending: asyncio.Event) -> None:
    while not ending.is_set():
        await one_round(maintenance, now=datetime.now(UTC))
        await rest(ending, ROUND_SECONDS)


async def one_round(maintenance: Sequence[Maintenance], *, now: datetime) -> None:
    """Do all maintenance that is due in this minute. A failure is logged and does not hold up the rest."""
    for one in maintenance:
        if now.minute % one.every_minutes:
            continue
        try:
            await one.run(now)
        except UnavailableError:
            log.warning("the database is away; %s is done later", one.name)
        except Exception as error:
            _log_defect(f"maintenance failed: {one.name}", error)


async def rest(ending: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until ``ending`` is set."""
    if seconds <= 0:
        return
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(ending.wait(), seconds)


def _log_defect(what: str, error: Exception) -> None:
    """Log what failed and where, innermost frame first. Never the text of the error: the database quotes rows in it."""
    places = (f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(extract_tb(error.__traceback__)))
    log.error("%s: %s at %s", what, type(error).__name__, " < ".join(places))
