"""The administrators' desk: the members of staff, their roles, and the changes by administrators."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel, Field, create_model
from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError
from petitions.http.forms import Email, Problem, check, choice, line
from petitions.http.state import day_here, form, language, now, number, redirect_after_post, render
from petitions.lifecycle.pages.state import service, staff
from petitions.lifecycle.rules.drafting import in_force
from petitions.lifecycle.rules.objections import people_needed
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.thresholds import can_open
from petitions.locale import LANGUAGES
from petitions.staff.acts import posts as staffing
from petitions.staff.rules import StaffPost

_NAME: Final = (line(100, 2), Field(default="", validate_default=True))
_LANGUAGE: Final = (choice(*LANGUAGES), Field(default="", validate_default=True))
Changed: Final[type[BaseModel]] = create_model("Changed", name=_NAME, language=_LANGUAGE)
LetIn: Final[type[BaseModel]] = create_model(
    "LetIn", name=_NAME, language=_LANGUAGE, email=(Email, Field(default="", validate_default=True))
)
COMMITTEE: Final = "committee-"
"""The prefix of the field for a committee; its value is the role there: "clerk", "member" or empty."""


async def index(request: Request) -> Response:
    """All present and former members of staff, the latest changes, and the form to add somebody."""
    return await _index(request, {"language": language(request)}, {})


def _too_few(request: Request, members: Iterable[staffing.StaffMember]) -> dict[str, Any]:
    """The procedures with too few people to decide about an objection, by the number of people that they need."""
    there = sum(member.post.decides_on_petitions for member in members)
    short: dict[int, list[Procedure]] = {}
    for procedure in in_force(service(request).procedures.values(), day_here(request)):
        needed = people_needed(second_reader=procedure.moderation.second_reader)
        if there < needed and can_open(procedure) is None:
            short.setdefault(needed, []).append(procedure)
    return {"deciding": there, "too_few": short}


async def _index(request: Request, values: Mapping[str, str], errors: Mapping[str, str], status: int = 200) -> Response:
    members = await staffing.members(service(request))
    return render(
        request,
        "staff/people.html",
        status=status,
        nav="people",
        members=members,
        **_too_few(request, members),
        changes=await staffing.latest_changes(service(request)),
        **_words(request),
        values=values,
        errors=errors,
    )


def _words(request: Request) -> dict[str, Any]:
    return {
        "committees": service(request).committees,
        "prefix": COMMITTEE,
        "languages_of_desk": list(LANGUAGES.items()),
    }


def _post(request: Request, facts: Mapping[str, Any], values: Mapping[str, str], *, active: bool) -> StaffPost:
    def chosen(role: str) -> tuple[str, ...]:
        known = service(request).committees
        return tuple(sorted(slug for slug in known if values.get(f"{COMMITTEE}{slug}") == role))

    return StaffPost(
        name=facts["name"],
        language=facts["language"],
        is_moderator="is_moderator" in values,
        is_administrator="is_administrator" in values,
        committees=chosen("clerk"),
        active=active,
        sits_on=chosen("member"),
        may_export="may_export" in values,
    )


async def add(request: Request) -> Response:
    """Add a member of staff; they request their first sign-in link themselves."""
    values = await form(request)
    checked = check(LetIn, values)
    problems = dict(checked.problems)
    if not problems:
        post = _post(request, checked.facts, values, active=True)
        if not (post.is_moderator or post.is_administrator or post.committees or post.sits_on):
            problems["is_moderator"] = Problem("role")
        else:
            try:
                made = await staffing.add_member(
                    service(request), staff(request).id, checked.facts["email"], post, now=now(request)
                )
                return redirect_after_post(f"/staff/people/{made}")
            except ConflictError:
                problems["email"] = Problem("known_address")
    errors = type(checked)({}, problems).errors(language(request))
    return await _index(request, values, errors, 400)


async def person(request: Request) -> Response:
    """One member of staff: their roles, and how those changed."""
    member = await staffing.member(service(request), number(request))
    return await _person(request, member, _values(member), {})


def _values(member: staffing.StaffMember) -> dict[str, str]:
    post = member.post
    boxes = {name: getattr(post, name) for name in ("is_moderator", "is_administrator", "may_export", "active")}
    return (
        {"name": post.name, "language": post.language, "seen": member.mark}
        | {name: "yes" for name, checked in boxes.items() if checked}
        | {f"{COMMITTEE}{slug}": "clerk" for slug in post.committees}
        | {f"{COMMITTEE}{slug}": "member" for slug in post.sits_on}
    )


async def _person(
    request: Request,
    member: staffing.StaffMember,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    status: int = 200,
    refused: str = "",
) -> Response:
    return render(
        request,
        "staff/person.html",
        status=status,
        nav="people",
        member=member,
        is_self=member.id == staff(request).id,
        changes=await staffing.latest_changes(service(request), member.id),
        **_words(request),
        values=values,
        errors=errors,
        refused=refused,
    )


async def change(request: Request) -> Response:
    """Change somebody's roles. A refusal says why and keeps the choices in the form."""
    member = await staffing.member(service(request), number(request))
    values = await form(request)
    checked = check(Changed, values)
    if checked.problems:
        return await _person(request, member, values, checked.errors(language(request)), 400)
    post = _post(request, checked.facts, values, active="active" in values)
    try:
        await staffing.change_member(
            service(request), staff(request).id, member.id, post, seen=values.get("seen", ""), now=now(request)
        )
    except ConflictError as error:
        fresh = await staffing.member(service(request), member.id)
        kept = dict(values) | {"seen": fresh.mark}
        return await _person(request, fresh, kept, {}, 409, error.reason)
    return redirect_after_post(f"/staff/people/{member.id}")
