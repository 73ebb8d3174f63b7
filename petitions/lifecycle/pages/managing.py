"""The pages behind an initiator's link: see, confirm, edit, invite sponsors, publish news, hand over, withdraw."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from petitions.durations import local_day
from petitions.errors import ConflictError
from petitions.http.forms import check, line, paragraphs
from petitions.http.state import form, language, now, redirect_after_post, render
from petitions.http.words import words
from petitions.lifecycle.acts import drafting, objections, thresholds
from petitions.lifecycle.acts.drafting import Draft, ManagedPetition
from petitions.lifecycle.pages.draft_forms import check_draft, make_draft
from petitions.lifecycle.pages.state import app_state, link, service
from petitions.lifecycle.reads.drafting import PetitionProgress, read_progress
from petitions.lifecycle.rules.drafting import Course, course, milestone_reached
from petitions.lifecycle.rules.signing import signing_ended_on
from petitions.lifecycle.rules.states import EDITABLE, Act, Actor, Stage, acts

PERSONAL: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
DONE: Final = frozenset({"confirmed", "changed", "mended", "updated", "handed_over", "withdrawn", "objected"})
TEXT_FIELDS: Final = ("title", "subject", "request", "reasons", "previous_action")


class _News(BaseModel):
    news_title: line(100, 5) = Field(default="", validate_default=True)  # type: ignore[valid-type]
    news_text: paragraphs(2000, 10) = Field(default="", validate_default=True)  # type: ignore[valid-type]


class _Reason(BaseModel):
    reason: paragraphs(1000, 10) = Field(default="", validate_default=True)  # type: ignore[valid-type]


class _Objecting(BaseModel):
    objection: paragraphs(2000, 20) = Field(default="", validate_default=True)  # type: ignore[valid-type]


async def page(request: Request) -> Response:
    """The petition as its initiator sees it; a draft with the button to submit it."""
    petition = await drafting.managed(service(request), link(request, "manage"))
    done = request.query_params.get("done", "")
    return await _show(request, petition, done=done if done in DONE else "")


async def act(request: Request) -> Response:
    """Dispatch the action that the field ``act`` names. Irreversible ones need a second confirmation."""
    petition = await drafting.managed(service(request), link(request, "manage"))
    values = await form(request)
    chosen = _ACTS.get(values.get("act", ""))
    if chosen is None:
        return await _show(request, petition, status=400)
    return await chosen(request, petition, values)


async def _confirm(request: Request, _: ManagedPetition, __: Mapping[str, str]) -> Response:
    await drafting.confirm(service(request), link(request, "manage"), now=now(request))
    return _back(request, "confirmed")


async def _publish(request: Request, petition: ManagedPetition, values: Mapping[str, str]) -> Response:
    checked = check(_News, values)
    if checked.problems:
        return await _show(request, petition, values=values, errors=checked.errors(language(request)), status=400)
    title, text = checked.facts["news_title"], checked.facts["news_text"]
    await drafting.publish_update(service(request), link(request, "manage"), title=title, text=text, now=now(request))
    return _back(request, "updated")


async def _withdraw(request: Request, petition: ManagedPetition, values: Mapping[str, str]) -> Response:
    checked = check(_Reason, values)
    if checked.problems:
        return await _show(request, petition, values=values, errors=checked.errors(language(request)), status=400)
    if Act.WITHDRAW not in acts(petition.stage, Actor.INITIATOR):
        raise ConflictError("changed")
    if values.get("sure") != "yes":
        return await _show(request, petition, values=values, sure="withdraw")
    await drafting.withdraw(service(request), link(request, "manage"), reason=checked.facts["reason"], now=now(request))
    return _back(request, "withdrawn")


async def _object(request: Request, petition: ManagedPetition, values: Mapping[str, str]) -> Response:
    checked = check(_Objecting, values)
    if checked.problems:
        return await _show(request, petition, values=values, errors=checked.errors(language(request)), status=400)
    text = checked.facts["objection"]
    await objections.object_to(service(request), link(request, "manage"), text=text, now=now(request))
    return _back(request, "objected")


async def _hand_over(request: Request, petition: ManagedPetition, values: Mapping[str, str]) -> Response:
    if values.get("sure") != "yes" and petition.stage == Stage.OPEN:
        return await _show(request, petition, sure="hand_over")
    await thresholds.hand_over(service(request), link(request, "manage"), now=now(request))
    return _back(request, "handed_over")


_ACTS: Final[Mapping[str, Callable[[Request, ManagedPetition, Mapping[str, str]], Awaitable[Response]]]] = {
    "confirm": _confirm,
    "update": _publish,
    "withdraw": _withdraw,
    "object": _object,
    "hand_over": _hand_over,
}


def _back(request: Request, done: str) -> Response:
    return redirect_after_post(f"/{language(request)}/manage/{request.path_params['token']}?done={done}")


async def _show(
    request: Request,
    petition: ManagedPetition,
    *,
    done: str = "",
    sure: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    is_draft = petition.stage == Stage.DRAFT and not sure
    followed = await read_progress(service(request).database, petition.id)
    return render(
        request,
        "lifecycle/drafting/confirm.html" if is_draft else "lifecycle/drafting/manage.html",
        status=status,
        headers=PERSONAL,
        petition=petition,
        zone=petition.procedure.body.zone,
        course=_course(petition, followed),
        followed=followed,
        objection=await objections.read_objection(service(request), link(request, "manage"), now=now(request)),
        committees=service(request).committees,
        acts={act.value for act in acts(petition.stage, Actor.INITIATOR)},
        path=f"/{language(request)}/manage/{request.path_params['token']}",
        invitation=_invitation(request, petition),
        sponsors_until=_sponsors_until(petition),
        last_day=_last_day(petition),
        ended_on=signing_ended_on(petition.closed_at, petition.closes_at, petition.procedure.body.zone),
        check_is_late=_check_is_late(petition, now(request)),
        done=done,
        sure=sure,
        values=values or {},
        errors=errors or {},
    )


def _course(petition: ManagedPetition, followed: PetitionProgress) -> Course:
    return course(
        petition.stage,
        with_sponsors=petition.sponsors_required > 0,
        stopped_at=milestone_reached(
            confirmed=petition.confirmed_at is not None,
            submitted=petition.submitted_at is not None,
            opened=petition.opened_at is not None,
            with_sponsors=petition.sponsors_required > 0,
        ),
        referred=bool(followed.referrals),
        handled=all(referral.decided_at for referral in followed.referrals),
    )


def _invitation(request: Request, petition: ManagedPetition) -> dict[str, str]:
    """The private address for sponsors, and a mail to send it in."""
    token = service(request).tokens.make("sponsor", petition.id, petition.sponsor_key)
    url = f"{app_state(request).public_url}/{petition.language}/sponsor/{token}"
    say = words(petition.language).gettext
    subject = say("Will you support my petition?")
    body = say(
        "I am starting a petition: %(title)s\n\n"
        "It opens after some people support it. Will you be one of them? Here you read the text and sign:\n%(url)s\n"
    ) % {"title": petition.draft.title, "url": url}
    return {
        "url": url,
        "mailto": f"mailto:?subject={quote(subject)}&body={quote(body.replace(chr(10), chr(13) + chr(10)))}",
    }


def _sponsors_until(petition: ManagedPetition) -> date | None:
    sponsors = petition.procedure.sponsors
    if sponsors is None or sponsors.within is None or petition.confirmed_at is None:
        return None
    return sponsors.within.after(local_day(petition.confirmed_at, petition.procedure.body.zone))


def _check_is_late(petition: ManagedPetition, moment: datetime) -> bool:
    """Whether the due day of the check has passed, by the clock of the body."""
    due = petition.moderation_due_on
    return (
        petition.stage == Stage.MODERATION and due is not None and due < local_day(moment, petition.procedure.body.zone)
    )


def _last_day(petition: ManagedPetition) -> date | None:
    """The last day of signing: closing at midnight means at the end of the day before."""
    if petition.closes_at is None:
        return None
    return local_day(petition.closes_at - timedelta(seconds=1), petition.procedure.body.zone)


async def edit_form(request: Request) -> Response:
    """The form to edit the text, as long as it can be changed; after that a redirect to the petition's page."""
    petition = await drafting.managed(service(request), link(request, "manage"))
    if petition.stage not in EDITABLE:
        return redirect_after_post(f"/{language(request)}/manage/{request.path_params['token']}")
    return _edit_page(request, petition, _values(petition.draft))


async def edit(request: Request) -> Response:
    """Store the changed text; for a rejected petition this also submits it again."""
    found = link(request, "manage")
    petition = await drafting.managed(service(request), found)
    values = await form(request)
    checked = check_draft(petition.procedure.texts, values)
    if checked.problems:
        return _edit_page(request, petition, values, errors=checked.errors(language(request)), status=400)
    draft = make_draft(checked.facts)
    change = drafting.resubmit if petition.stage == Stage.REJECTED else drafting.edit
    try:
        await change(service(request), found, draft, version=_version(values), now=now(request))
    except ConflictError:
        return await _edit_conflict(request, draft, values)
    return _back(request, "mended" if petition.stage == Stage.REJECTED else "changed")


def _version(values: Mapping[str, str]) -> int:
    text = values.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


async def _edit_conflict(request: Request, draft: Draft, values: Mapping[str, str]) -> Response:
    """Another edit came first: show the stored text beside what was typed. The same text sent twice is no conflict."""
    petition = await drafting.managed(service(request), link(request, "manage"))
    if petition.draft == draft:
        return _back(request, "mended" if petition.stage == Stage.MODERATION else "changed")
    stored = _values(petition.draft)
    typed = _values(draft)
    changed = {name: stored[name] for name in TEXT_FIELDS if stored[name] != typed[name]}
    return _edit_page(request, petition, values, changed=changed, status=409)


def _values(draft: Draft) -> dict[str, str]:
    return {name: getattr(draft, name) or "" for name in TEXT_FIELDS}


def _edit_page(
    request: Request,
    petition: ManagedPetition,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    changed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    facts: dict[str, Any] = {"errors": errors or {}, "changed": changed or {}}
    return render(
        request,
        "lifecycle/drafting/edit.html",
        status=status,
        headers=PERSONAL,
        petition=petition,
        editable=petition.stage in EDITABLE,
        path=f"/{language(request)}/manage/{request.path_params['token']}",
        values={name: values.get(name, "") for name in TEXT_FIELDS},
        **facts,
    )
