"""The state of the process for handlers: besides that of HTTP, the service, the counters and the person signed in."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

from starlette.requests import Request

from petitions.database.ttl_cache import TtlCache
from petitions.http.state import HttpState, signed_in
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.pages.parts import Parts
from petitions.lifecycle.reads.counters import Counters
from petitions.lifecycle.reads.home import HomeFigures
from petitions.lifecycle.rules.roles import Colleague
from petitions.security.tokens import Link, Purpose

FIGURES_KEPT_SECONDS: Final = 30.0

FindColleague = Callable[[Service, str, datetime], Awaitable[Colleague | None]]
"""Finds the person whose session has this secret now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppState(HttpState):
    """The state of the process that handlers may use."""

    service: Service
    counters: Counters
    sender: str
    mailbox_dir: str
    parts: Parts  # what the subjects add to shared pages
    find_colleague: FindColleague
    figures: TtlCache[str, HomeFigures] = field(default_factory=lambda: TtlCache(FIGURES_KEPT_SECONDS))
    one_file: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(1)
    )  # only one file of signatures is made at a time


def app_state(request: Request) -> AppState:
    """The state of the process that serves this request."""
    return cast("AppState", request.scope["state"]["app_state"])


def service(request: Request) -> Service:
    """The service of the process that serves this request."""
    return app_state(request).service


def person(request: Request) -> Colleague | None:
    """The person who is signed in; None for the public."""
    return cast("Colleague | None", signed_in(request))


def staff(request: Request) -> Colleague:
    """The person who is signed in, on a route that requires it."""
    someone = person(request)
    assert someone is not None  # noqa: S101 - the guard of the route refuses everybody else
    return someone


def link(request: Request, purpose: Purpose) -> Link:
    """The personal link in the path. Raises NotFoundError for one with a wrong signature."""
    return service(request).tokens.read(purpose, str(request.path_params["token"]))
