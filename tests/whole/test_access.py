"""Every route for every kind of person: who has access, who is sent to sign in, who is refused. No route is left out.

The table is made from the route table (scripts/access.py); here every address is asked for as everybody, about a
referral that is really there, with links that really work and with one that somebody made up.
"""

import base64
import json
import re
from pathlib import Path
from typing import get_args

import pytest

from petitions.agenda import acts as calendars
from petitions.following.rules import ALL
from petitions.lifecycle.acts import saved_drafts as saving
from petitions.lifecycle.acts.handling import SeenReferral
from petitions.lifecycle.registration import AccessRow
from petitions.lifecycle.rules.roles import Role
from petitions.lifecycle.rules.steps import StepInput
from petitions.routes import routes, table
from petitions.security.encryption import fingerprint
from petitions.staff import queries
from petitions.staff.acts import sessions as staff
from petitions.verification.acts import sampling
from petitions.verification.acts.sampling import SampleSeed
from scripts.access import ACTORS, LET_IN, PersonKind, about_a_referral, cell, document
from tests.following.acts import ask, follow
from tests.web import ORIGIN, Web
from tests.world import NOW

DOCUMENT = Path(__file__).parents[2] / "docs" / "access.md"
OTHER = "digitale-zaken"
MADE_UP = "x.y"
SAMPLES = {"lang": "nl", "id": "1", "code": "x", "slug": "x", "number": "1"}
SAYS_NOTHING = frozenset({"/staff/sign-in/{token}"})
"""The page behind a sign-in link is the same for every link: only its button tells whether the link works."""
ASKING = {"/{lang}/following/{token}": {"act": "speak"}}
"""What a form says at least, where an empty one is about nothing that is there."""
LOGIN = b"\1" * 32
DECORATIONS = re.compile(r"{(\w+)(?::\w+)?}")


def address(row: AccessRow, seen: SeenReferral | None = None, token: str = MADE_UP) -> str:
    samples = SAMPLES | {"token": token}
    if seen and row.path.startswith("/committee/"):
        samples |= {"petition_id": str(seen.petition_id), "id": str(seen.referral_id)}
    return DECORATIONS.sub(lambda match: samples.get(match[1], "1"), row.path)


async def person(web: Web, actor: PersonKind) -> int | None:
    """Somebody of this kind, by their number at a desk; None for the public."""
    service, own = web.world.service, (web.world.committee,)
    committees = {"clerk_own": own, "clerk_other": (OTHER,)}.get(actor, ())
    sits_on = {"member_own": own, "rapporteur": own, "member_other": (OTHER,)}.get(actor, ())
    if actor in {"anonymous", "holder"}:
        return None
    made = await staff.add(
        service,
        f"{actor.replace('_', '.')}@kantoor.example",
        actor,
        is_moderator=actor == "moderator",
        is_administrator=actor == "administrator",
        committees=committees,
        sits_on=sits_on,
        now=NOW,
    )
    async with service.database.connection() as connection:  # the right is asked for beside the role: see the exports
        await connection.execute("update staff set may_export = true where id = $1", made)
    return made


async def links(web: Web) -> dict[str, str]:
    """A link that works for every address that needs one, by what stands before it in the path."""
    world = web.world
    petition, taken_on_paper = await world.opened("uk-parliament"), await world.opened()
    pending = await world.pending(petition.petition_id)
    await world.sign(petition.petition_id, "tekenaar@voorbeeld.example", news=True)
    async with world.service.database.connection() as connection:
        row = await connection.fetchrow(
            "select p.sponsor_key, s.token_id from petition p join signature s on s.petition_id = p.id"
            " where p.id = $1 and s.wants_news",
            petition.petition_id,
        )
        assert row is not None
        await queries.staff_login_create(
            connection,
            staff_id=world.clerk,
            token_hash=fingerprint(LOGIN),
            secret=b"",
            now=NOW,
            expires_at=NOW + staff.LINK_LASTS,
        )
    own = (petition.petition_id, row["token_id"])
    return {
        "/{lang}/petitions/saved/": await saved(web),
        "/{lang}/manage/": web.token("manage", taken_on_paper.petition_id, taken_on_paper.key),
        "/{lang}/sponsor/": web.token("sponsor", petition.petition_id, row["sponsor_key"]),
        "/{lang}/confirm/": web.token("confirm", pending.petition_id, pending.key),
        "/{lang}/my-signature/": web.token("signature", *own),
        "/{lang}/unsubscribe/": web.token("unsubscribe", *own),
        "/{lang}/survey/": web.token("survey", *own),
        "/{lang}/support/": web.token("sample", *await drawn(web)),
        **await follower_links(web),
        "/staff/sign-in/": base64.urlsafe_b64encode(LOGIN).rstrip(b"=").decode(),
        "/committee/calendar/": await calendars.make_address(world.service, world.clerk, now=NOW),
    }


async def follower_links(web: Web) -> dict[str, str]:
    """The links of somebody who follows everything by a weekly mail, and of a wish that waits."""
    own = await follow(web.world, ALL, "volger@voorbeeld.example", how="weekly")
    wish = await ask(web.world, ALL, "nieuwe.volger@voorbeeld.example")
    async with web.world.service.database.connection() as connection:
        row = await connection.fetchrow("select id, key from follow limit 1")
    assert row is not None
    return {
        "/{lang}/follow/confirm/": web.token("follow", 0, wish.key),
        "/{lang}/following/": web.token("following", own.petition_id, own.key),
        "/{lang}/unfollow/": web.token("unfollow", row["id"], row["key"]),
        "/{lang}/undigest/": web.token("undigest", own.petition_id, own.key),
    }


async def drawn(web: Web) -> tuple[int, bytes]:
    """Somebody who was drawn for the check of support: the petition and the key of the link."""
    service, clerk = web.world.service, await web.world.clerk_of(web.world.committee)
    seen = await web.world.referred()
    seen = await web.world.step(clerk, seen, "received", StepInput(happened_on=NOW.date()), now=NOW)
    await sampling.close_list(service, clerk, seen, now=NOW)
    await sampling.draw_sample(service, clerk, seen, SampleSeed("7 12", "Loterij", "", NOW, "mail"), now=NOW)
    async with service.database.connection() as connection:
        return seen.petition_id, await connection.fetchval("select token_id from verification_sample limit 1")


async def saved(web: Web) -> str:
    """The link of a form that was kept."""
    await saving.keep(web.world.service, {"title": "Iets"}, "bewaar@voorbeeld.example", "nl", now=NOW)
    async with web.world.service.database.connection() as connection:
        sealed = await connection.fetchval("select secret from outbox where kind = 'saved_draft' order by id desc")
    return str(json.loads(web.world.service.vault.unseal(sealed, saving.SEAL))["token"])


def test_no_address_stands_twice_in_the_table() -> None:
    seen = [(row.method, row.path) for row in table()]
    assert len(seen) == len(set(seen))


def test_every_address_of_the_application_stands_in_the_table() -> None:
    assert sorted(route.name for route in routes()) == sorted(f"{row.method} {row.path}" for row in table())  # type: ignore[attr-defined]
    assert set(LET_IN) == set(get_args(Role))


def test_the_document_is_made_from_this_table() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "run: python -m scripts.access > docs/access.md"


def test_members_of_no_other_committee_and_no_administrator_come_near_a_referral() -> None:
    for row in table():
        if about_a_referral(row):
            let_in = {actor for actor in ACTORS if cell(row, actor) == "yes"}
            assert "clerk_own" in let_in
            assert let_in <= {"clerk_own", "member_own", "rapporteur"}, row.path


@pytest.mark.parametrize("actor", ACTORS)
async def test_every_route_by_this_person(web: Web, actor: PersonKind) -> None:
    seen = await web.world.referred()
    someone = await person(web, actor)
    if actor == "rapporteur":
        facts = StepInput(happened_on=NOW.date(), member=someone)
        for step in (StepInput(happened_on=NOW.date()), facts):
            code = "rapporteur" if step.member else "received"
            seen = await web.world.step(await web.world.clerk_of(web.world.committee), seen, code, step, now=NOW)
    tokens = await links(web) if actor == "holder" else {}
    if someone:
        await web.sign_in(someone)
    wrong = []
    for row in sorted(table(), key=lambda row: (row.path.startswith("/staff/sign-"), row.method == "POST")):
        token = tokens[row.path.split("{token}")[0]] if tokens and row.who == "holder" else MADE_UP
        said = ASKING.get(row.path) if row.method == "POST" else None
        response = await web.client.request(
            row.method, address(row, seen, token), data=said, headers={"Origin": ORIGIN}
        )
        met = what_was_met(row, response.status_code, response.headers.get("location", ""))
        expected = cell(row, actor)
        if row.path in SAYS_NOTHING and met in {"yes", "with the link"}:
            continue
        if met != expected:
            wrong.append((row.method, row.path, response.status_code, f"expected {expected}, met {met}"))
    assert wrong == []


def what_was_met(row: AccessRow, status: int, location: str) -> str:
    """What an answer says about whether one was let in: an address that is not there is answered like one that is."""
    if status >= 500:
        return f"defect {status}"
    if row.who == "demo":
        return "demo" if status == 404 else "let in outside the demonstration"
    if location == "/staff/sign-in" and row.path != "/staff/sign-out":
        return "sign in"
    if status == 403:
        return "no"
    return "with the link" if row.who == "holder" and status == 404 else "yes"


async def test_public_pages_set_no_cookie(web: Web) -> None:
    petition = (await web.world.opened()).petition_id
    for row in table():
        if row.method == "GET" and row.who == "everyone":
            path = address(row).replace("/1", f"/{petition}")
            assert "set-cookie" not in (await web.client.get(path)).headers, path
