"""How stories wait: until a condition holds, never for a time. Such a wait ends when it holds, so it may be long.

A control that leads to another page is used with :func:`leads_on`, so that nothing is read, counted or typed while the
page before it is still there or the new one has come in half.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Locator, expect

PATIENCE = 60.0
"""Seconds for one thing to happen: a busy machine is slow, not wrong."""

STORY = 300
"""Seconds for one story."""

Found = TypeVar("Found")
expect.set_options(timeout=PATIENCE * 1000)


def until(found: Callable[[], Found | None], problem: Callable[[], str], pause: float = 0.05) -> Found:
    """What ``found`` gives as soon as it gives something; after a long while an AssertionError with the problem."""
    deadline = time.monotonic() + PATIENCE
    while not (one := found()):
        assert time.monotonic() < deadline, problem()
        time.sleep(pause)
    return one


def leads_on(control: Locator) -> None:
    """Press a button or follow a link; the page that it leads to has then come in and its scripts have run."""
    with control.page.expect_navigation():
        control.click()
