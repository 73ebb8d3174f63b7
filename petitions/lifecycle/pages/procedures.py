"""The pages about procedures: the rules of each body in plain words, made from its data, and a short explanation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from petitions.durations import Duration
from petitions.errors import NotFoundError
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import LASTING, page, public
from petitions.http.state import day_here
from petitions.lifecycle.pages.state import service
from petitions.lifecycle.rules.committees import Committee, resolve_committee
from petitions.lifecycle.rules.drafting import HOME, in_force
from petitions.lifecycle.rules.outlook import has_unconfirmed, promise
from petitions.lifecycle.rules.procedures import Procedure, Threshold
from petitions.lifecycle.rules.subjects import SUBJECTS
from petitions.lifecycle.rules.thresholds import can_open


@dataclass(frozen=True, slots=True)
class CommonRules:
    """The values that all procedures of this installation share; None or 0 where they differ or have none."""

    sponsors: int
    sponsors_always: bool
    check: Duration | None
    lasts: Duration | None
    lasts_same: bool


def common(procedures: Sequence[Procedure]) -> CommonRules:
    """The shared values that the short explanation uses."""
    sponsors = {procedure.sponsors.minimum if procedure.sponsors else 0 for procedure in procedures}
    checks = {procedure.moderation.within for procedure in procedures}
    lasts = {procedure.signing.lasts for procedure in procedures}
    return CommonRules(
        sponsors=max(sponsors, default=0),
        sponsors_always=len(sponsors) == 1,
        check=checks.pop() if len(checks) == 1 else None,
        lasts_same=len(lasts) == 1,
        lasts=lasts.pop() if len(lasts) == 1 else None,
    )


def offered(procedures: Iterable[Procedure], day: date) -> tuple[Procedure, ...]:
    """The procedures under which a petition can be started here on ``day``, those of our own country first."""
    open_ones = [procedure for procedure in in_force(procedures, day) if can_open(procedure) is None]
    return tuple(sorted(open_ones, key=lambda procedure: procedure.body.country not in {HOME, "eu"}))


def versions(procedures: Iterable[Procedure], code: str) -> tuple[Procedure, ...]:
    """All versions of one procedure, the newest first."""
    own = [procedure for procedure in procedures if procedure.code == code]
    return tuple(sorted(own, key=lambda procedure: procedure.version, reverse=True))


def current(own: Sequence[Procedure], day: date) -> Procedure:
    """The version in force on ``day``; where none is, the newest. ``own`` holds the newest first."""
    return next((procedure for procedure in own if procedure.in_force_on(day)), own[0])


def receivers(procedure: Procedure, threshold: Threshold, committees: dict[str, Committee]) -> tuple[Committee, ...]:
    """The committees that may receive a petition by this threshold: one, or one for each subject."""
    found = (resolve_committee(threshold.committee, committees, procedure.body.code, s) for s in SUBJECTS)
    return tuple(dict.fromkeys(committee for committee in found if committee))


async def index(request: Request) -> Response:
    """All procedures of this installation."""

    async def make() -> Content:
        known = service(request).procedures.values()
        day = day_here(request)
        newest = [current(versions(known, code), day) for code in sorted({procedure.code for procedure in known})]
        here = offered(known, day)
        others = [procedure for procedure in newest if procedure not in here]
        return page(
            request,
            "lifecycle/public/procedures.html",
            nav="how",
            offered=here,
            others=others,
            can_open=can_open,
            day=day,
        )

    return await public(request, make, control=LASTING)


async def procedure(request: Request) -> Response:
    """The rules of one procedure; an older version by ``?version=``. Raises NotFoundError for an unknown one."""

    async def make() -> Content:
        running = service(request)
        own = versions(running.procedures.values(), str(request.path_params["code"]))
        if not own:
            raise NotFoundError("procedure")
        day = day_here(request)
        asked = request.query_params.get("version")
        shown = next((p for p in own if str(p.version) == asked), None) if asked else current(own, day)
        if shown is None:
            raise NotFoundError("version")
        return page(
            request,
            "lifecycle/public/procedure.html",
            nav="how",
            procedure=shown,
            versions=own,
            in_force=shown.in_force_on(day),
            current=current(own, day),
            startable=shown in offered(running.procedures.values(), day),
            obstacle=can_open(shown),
            outlook=promise(shown),
            has_unconfirmed=lambda path: has_unconfirmed(shown, path),
            receivers={t.code: receivers(shown, t, running.committees) for t in shown.thresholds},
            day=day,
        )

    return await public(request, make, control=LASTING)


async def how_it_works(request: Request) -> Response:
    """The explanation of a petition's life, from writing to the decision."""
    return await explained(request, "lifecycle/public/how_it_works.html", nav="how")


async def explained(request: Request, template: str, nav: str = "", facts: Mapping[str, Any] | None = None) -> Response:
    """A page that explains the rules of the procedures that can be started here."""

    async def make() -> Content:
        here = offered(service(request).procedures.values(), day_here(request))
        return page(request, template, nav=nav, offered=here, common=common(here), **(facts or {}))

    return await public(request, make, control=LASTING)
