"""The public pages of parties and members: how they voted on motions from petitions. An optional module."""

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import NotFoundError
from petitions.http.modules import demand
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import page, public
from petitions.http.state import language, today
from petitions.lifecycle.pages.state import service
from petitions.lifecycle.rules.procedures import Body
from petitions.motions.reads.motions import MemberRow, read_seats
from petitions.motions.reads.voting import read_member, read_party

_SLUG: Final = re.compile(r"[a-z0-9-]{1,80}")


def _bodies(request: Request) -> dict[str, Body]:
    return {procedure.body.code: procedure.body for procedure in service(request).procedures.values()}


def _slug(request: Request) -> str:
    """The slug of a member or party. Raises NotFoundError for an impossible one: the database refuses a NUL."""
    slug = str(request.path_params["slug"])
    if not _SLUG.fullmatch(slug):
        raise NotFoundError("slug")
    return slug


async def index(request: Request) -> Response:
    """All parties and members, by body."""
    demand(request, "votes")
    language(request)

    async def make() -> Content:
        found = []
        for body in _bodies(request).values():
            parties, members = await read_seats(service(request).readers, body.code, today(request, body.zone))
            by_party: dict[str, list[MemberRow]] = {party.short_name: [] for party in parties}
            for one in members:
                by_party.setdefault(one.party or "", []).append(one)
            if parties or members:
                found.append((body, parties, {name: there for name, there in by_party.items() if there}))
        return page(request, "motions/members.html", nav="how", bodies=found)

    return await public(request, make)


async def member(request: Request) -> Response:
    """One member: how they voted, by name or with the party. Raises NotFoundError."""
    demand(request, "votes")
    language(request)
    slug = _slug(request)

    async def make() -> Content:
        shown, record = await read_member(service(request).readers, slug)
        body = _bodies(request).get(shown.body)
        return page(
            request, "motions/voter.html", nav="how", voter=shown, record=record, body=body, members=(), is_member=True
        )

    return await public(request, make)


async def party(request: Request) -> Response:
    """One party: how it voted, and its members. Raises NotFoundError."""
    demand(request, "votes")
    language(request)
    slug = _slug(request)

    async def make() -> Content:
        shown, record = await read_party(service(request).readers, slug)
        body = _bodies(request).get(shown.body)
        members = []
        if body is not None:
            _, everybody = await read_seats(service(request).readers, body.code, today(request, body.zone))
            members = [one for one in everybody if one.party_id == shown.id and one.is_member]
        return page(
            request,
            "motions/voter.html",
            nav="how",
            voter=shown,
            record=record,
            body=body,
            members=members,
            is_member=False,
        )

    return await public(request, make)
