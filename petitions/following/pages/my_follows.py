"""The pages behind the links of a follower: all follows, to change or stop; and stopping with one click.

A GET changes nothing, because mail scanners open links; a POST can be sent by a mail program itself (RFC 8058).
"""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import NotFoundError
from petitions.following.acts import follow as following
from petitions.following.pages.follow_form import PERSONAL, SEVERAL, NamedTopic, check, name_topic
from petitions.following.rules import FREQUENCIES, Frequency, offered
from petitions.http.forms import Checked, Problem
from petitions.http.state import form, language, read_number, redirect_after_post, render
from petitions.lifecycle.pages.state import link, service
from petitions.locale import LANGUAGES
from petitions.security.tokens import Link

LATER: Final[tuple[Frequency, ...]] = ("daily", "weekly")


def _named(followed: following.FollowedTopic) -> NamedTopic:
    return NamedTopic(followed.choice.topic, followed.title or "", followed.title_language or "")


async def page(request: Request) -> Response:
    """All follows of the holder of this link; ``?follow=`` opens the choices of one of them."""
    own = await following.read_follows(service(request), link(request, "following"))
    chosen = read_number(request.query_params.get("follow", "0"))
    return _page(request, own, open_id=chosen)


def _page(
    request: Request, own: following.MyFollows, *, open_id: int | None = None, status: int = 200, **context: Any
) -> Response:
    one = next((follow for follow in own.follows if follow.id == open_id), None)
    facts: dict[str, Any] = {"sure": False, "errors": {}, "values": {}, "what": (), **context}
    if one is not None and not facts["values"]:
        facts |= {"values": {"how": one.choice.how}, "what": one.choice.what}
    return render(
        request,
        "following/followed.html",
        status=status,
        own=own,
        follows=[(follow, _named(follow)) for follow in own.follows],
        open_id=one.id if one else None,
        offered=offered(one.choice.topic) if one else (),
        hows=FREQUENCIES,
        done=request.query_params.get("done", ""),
        committees=service(request).committees,
        headers=PERSONAL,
        **facts,
    )


async def change(request: Request) -> Response:
    """Change or stop one follow, choose the language of the mails, or stop everything (after a second confirmation)."""
    values = await form(request, SEVERAL)
    own = await following.read_follows(service(request), link(request, "following"))
    act = values.get("act", "")
    if act == "stop_all":
        return await _stop_all(request, own, sure=values.get("sure") == "yes")
    if act == "speak":
        return await _speak(request, own, values.get("language", ""))
    if act not in {"stop", "change"}:
        return _page(request, own, status=400)
    one = own.one(read_number(values.get("follow", "")) or 0)
    return await (_stop(request, own, one) if act == "stop" else _choose(request, own, one, values))


async def _stop_all(request: Request, own: following.MyFollows, *, sure: bool) -> Response:
    if not sure:
        return _page(request, own, sure=True)
    await following.stop(service(request), link(request, "following"))
    return render(request, "following/gone.html", headers=PERSONAL)


async def _stop(request: Request, own: following.MyFollows, one: following.FollowedTopic) -> Response:
    await following.stop(service(request), link(request, "following"), follow_id=one.id)
    if len(own.follows) == 1:
        return render(request, "following/gone.html", headers=PERSONAL)
    return redirect_after_post(f"{request.scope['path']}?done=stop")


async def _speak(request: Request, own: following.MyFollows, spoken: str) -> Response:
    if spoken not in LANGUAGES:
        return _page(
            request, own, status=400, errors=Checked({}, {"language": Problem("choice")}).errors(language(request))
        )
    await following.choose_language(service(request), link(request, "following"), spoken)
    return redirect_after_post(f"/{spoken}{request.scope['path'].removeprefix(f'/{language(request)}')}?done=speak")


async def _choose(
    request: Request, own: following.MyFollows, one: following.FollowedTopic, values: Mapping[str, str]
) -> Response:
    checked = check(values, one.choice.topic)
    if checked.problems:
        errors, what = checked.errors(language(request)), checked.facts["what"]
        return _page(request, own, open_id=one.id, status=400, errors=errors, values=values, what=what)
    await following.change(
        service(request), link(request, "following"), one.id, checked.facts["what"], checked.facts["how"]
    )
    return redirect_after_post(f"{request.scope['path']}?done=change")


async def unfollow_form(request: Request) -> Response:
    """The page behind "no more mail because of this": a button."""
    found = await following.find_follow(service(request), link(request, "unfollow"))
    named = await name_topic(request, found.topic) if found else None
    return _stop_page(request, named=named, later=False, done=found is None)


async def unfollow(request: Request) -> Response:
    """Stop one follow, by the button or by the one click of a mail program."""
    found = await following.find_follow(service(request), link(request, "unfollow"))
    if found is None:
        return _stop_page(request, later=False, done=True)
    await following.stop(service(request), found.manage, follow_id=found.id)
    named = await name_topic(request, found.topic)
    return _stop_page(request, named=named, later=False, done=True, manage=await _left(request, found.manage))


async def stop_digests_form(request: Request) -> Response:
    """The page behind "no more of these mails": a button."""
    left = await _left(request, link(request, "undigest"))
    return _stop_page(request, later=True, done=not left)


async def stop_digests(request: Request) -> Response:
    """Stop all daily or weekly mails, by the button or by the one click of a mail program."""
    found = link(request, "undigest")
    await following.stop(service(request), found, hows=LATER)
    return _stop_page(request, later=True, done=True, manage=await _left(request, found))


async def _left(request: Request, manage: Link) -> str:
    """The token of the page of all follows if any is left; else an empty text."""
    try:
        await following.read_follows(service(request), manage)
    except NotFoundError:
        return ""
    return service(request).tokens.make("following", manage.petition_id, manage.key)


def _stop_page(
    request: Request, *, later: bool, done: bool, named: NamedTopic | None = None, manage: str = ""
) -> Response:
    facts: dict[str, Any] = {"later": later, "done": done, "named": named, "manage": manage}
    facts["committees"] = service(request).committees
    return render(request, "following/stop.html", headers=PERSONAL, **facts)
