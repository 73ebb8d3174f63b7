"""What the handlers of the domain are given beside the HTTP machinery: the service, the counters, who is signed in."""

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
"""Who has the session with this secret at this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppState(HttpState):
    """Everything of the process that a handler may use."""

    service: Service
    counters: Counters
    sender: str
    mailbox_dir: str
    parts: Parts  # what the subjects add to pages that they share
    find_colleague: FindColleague
    figures: TtlCache[str, HomeFigures] = field(default_factory=lambda: TtlCache(FIGURES_KEPT_SECONDS))
    one_file: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))  # made at a time, of signatures


def app_state(request: Request) -> AppState:
    """The process behind this request."""
    return cast("AppState", request.scope["state"]["app_state"])


def service(request: Request) -> Service:
    """The service behind this request."""
    return app_state(request).service


def person(request: Request) -> Colleague | None:
    """Who is signed in; None for the public."""
    return cast("Colleague | None", signed_in(request))


def staff(request: Request) -> Colleague:
    """Who is signed in, on a route that demands it."""
    someone = person(request)
    assert someone is not None  # noqa: S101 - the guard of the route let nobody else in
    return someone


def link(request: Request, purpose: Purpose) -> Link:
    """The personal link in the path. Raises NotFoundError when it was not made by us."""
    return service(request).tokens.read(purpose, str(request.path_params["token"]))
