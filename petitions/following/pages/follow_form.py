"""Follow by e-mail: choose, check the mail, confirm with a button; and get the link to one's follows again.

No account, no cookie. Responses do not reveal whether an address follows anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import NotFoundError
from petitions.following.acts import follow as following
from petitions.following.rules import ALL, FREQUENCIES, UNCONFIRMED_KEPT, Topic, default_choice, offered, read_topic
from petitions.http.forms import Checked, Email, Problem
from petitions.http.forms import check as check_form
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import page, public
from petitions.http.state import form, language, now, read_number, render
from petitions.lifecycle.pages.state import app_state, link, service
from petitions.lifecycle.reads.committees import receiving
from petitions.lifecycle.reads.petition import read_petition

PERSONAL: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
SEVERAL: Final = frozenset({"what"})
FEEDS: Final = {
    "petition": "/petitions/{}.atom",
    "committee": "/committees/{}.atom",
    "subject": "/petitions.atom?subject={}",
    "all": "/petitions.atom",
}


class _FollowerEmail(BaseModel):
    email: Email = Field(default="", validate_default=True)


@dataclass(frozen=True, slots=True)
class NamedTopic:
    """A topic with its name on pages: ``title`` is that of a petition whose text is public."""

    topic: Topic
    title: str = ""
    title_language: str = ""

    @property
    def feed(self) -> str:
        """The address, without the language, of the feed of this topic."""
        return FEEDS[self.topic.kind].format(self.topic.target)


async def name_topic(request: Request, topic: Topic) -> NamedTopic:
    """A topic with the title of its petition, if that is (still) public."""
    if topic.petition_id is None:
        return NamedTopic(topic)
    try:
        found = await read_petition(service(request).readers, service(request).procedures, topic.petition_id)
    except NotFoundError:
        return NamedTopic(topic)
    return NamedTopic(topic, found.title or "", found.language)


async def _public_topic(request: Request, topic: Topic) -> NamedTopic:
    """A topic that can be followed now. Raises NotFoundError for a petition whose text is not public."""
    named = await name_topic(request, topic)
    if topic.kind == "petition" and not named.title:
        raise NotFoundError("petition")
    return named


def _asked(request: Request) -> Topic:
    """The topic in the address of the form. Raises NotFoundError for an unknown one."""
    query = request.query_params
    for kind in ("petition", "committee", "subject"):
        if (target := query.get(kind)) is not None:
            number = read_number(target) if kind == "petition" else None
            topic = read_topic(f"{kind}:{number if number else target}", service(request).committees)
            if topic is None:
                raise NotFoundError(kind)
            return topic
    return ALL


def _choices(request: Request, topic: Topic) -> dict[str, Any]:
    """The options of the form: the topic itself, and the other lists of petitions."""
    known = service(request).committees
    slugs = {*receiving(service(request).procedures, known), *([topic.target] if topic.kind == "committee" else [])}
    return {
        "known_committees": [one for one in known.values() if one.slug in slugs],
        "offered": offered(topic),
        "hows": FREQUENCIES,
        "days": UNCONFIRMED_KEPT.days,
    }


async def follow_form(request: Request) -> Response:
    """The form to follow a petition, a committee, a subject, or all."""
    language(request)
    topic = _asked(request)

    async def make() -> Content:
        named = await _public_topic(request, topic)
        what, how = default_choice(topic)
        values = {"topic": str(topic), "how": how}
        facts = _choices(request, topic)
        return page(request, "following/follow.html", nav="petitions", named=named, what=what, values=values, **facts)

    return await public(request, make)


def check(values: Mapping[str, str], topic: Topic | None) -> Checked:
    """Validate the choices: at least one group of news that this topic has, and a frequency."""
    problems: dict[str, Problem] = {}
    if topic is None:
        problems["topic"] = Problem("choice")
    what = [name for name in offered(topic or ALL) if name in values.get("what", "").split(",")]
    if not what:
        problems["what"] = Problem("what")
    how = values.get("how", "")
    if how not in FREQUENCIES:
        problems["how"] = Problem("choice")
    return Checked({"what": tuple(what), "how": how}, problems)


async def follow(request: Request) -> Response:
    """Store the unconfirmed follow and mail a link; the response is the same for every address."""
    values = await form(request, SEVERAL)
    topic = read_topic(values.get("topic", ""), service(request).committees)
    named = await _public_topic(request, topic or ALL)
    checked, address = check(values, topic), check_form(_FollowerEmail, values)
    problems = {**checked.problems, **address.problems}
    if problems or topic is None:
        return render(
            request,
            "following/follow.html",
            status=400,
            nav="petitions",
            named=named,
            what=checked.facts["what"],
            values=values,
            errors=Checked({}, problems).errors(language(request)),
            **_choices(request, named.topic),
        )
    choice = following.FollowChoice(topic, checked.facts["what"], checked.facts["how"])
    email = address.facts["email"]
    if not values.get("website"):  # a field that people do not see: only bots fill it in
        await following.ask(service(request), choice, email, language(request), now=now(request))
    return render(
        request,
        "following/check_mail.html",
        nav="petitions",
        named=named,
        choice=choice,
        email=email,
        sender=app_state(request).sender,
        days=UNCONFIRMED_KEPT.days,
        headers=PERSONAL,
    )


async def link_form(request: Request) -> Response:
    """The form to get the link to one's follows again."""
    language(request)

    async def make() -> Content:
        return page(request, "following/link.html", nav="petitions", values={}, email="", sent=False)

    return await public(request, make)


async def send_link(request: Request) -> Response:
    """Mail the link, if this address follows anything; the response does not tell whether it does."""
    values = await form(request)
    checked = check_form(_FollowerEmail, values)
    facts: dict[str, Any] = {"nav": "petitions", "values": values, "headers": PERSONAL}
    if checked.problems:
        errors = checked.errors(language(request))
        return render(request, "following/link.html", status=400, email="", sent=False, errors=errors, **facts)
    email = checked.facts["email"]
    if not values.get("website"):
        await following.ask_link(service(request), email, now=now(request))
    return render(request, "following/link.html", email=email, sent=True, sender=app_state(request).sender, **facts)


async def confirm_form(request: Request) -> Response:
    """The page behind the link in the mail: it changes nothing, because mail scanners open links."""
    wish = await following.look_up(service(request), link(request, "follow"), now=now(request))
    return await _confirm_page(request, wish)


async def confirm(request: Request) -> Response:
    """Confirm the follow. Pressing the button again is harmless."""
    wish = await following.confirm(service(request), link(request, "follow"), now=now(request))
    return await _confirm_page(request, wish)


async def _confirm_page(request: Request, wish: following.FollowResult) -> Response:
    statuses = {"unknown": 404, "expired": 410, "stopped": 410, "full": 409}
    named = await name_topic(request, wish.choice.topic) if wish.choice else None
    manage = wish.manage
    return render(
        request,
        "following/confirm.html",
        status=statuses.get(wish.state, 200),
        wish=wish,
        named=named,
        committees=service(request).committees,
        manage=service(request).tokens.make("following", manage.petition_id, manage.key) if manage else "",
        headers=PERSONAL,
    )
