"""Filling an empty database with the demo: every petition is taken through its life in the past, by the use cases.

Only the many signatures are written in bulk. Mails of that past are not sent.
"""

import asyncio
import hashlib
import sys
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from petitions.demo import checking, filing, followers, handling, paper, voting
from petitions.demo.colleagues import work_together
from petitions.demo.content import DemoContent, DemoPeople, DemoPetition, load_content
from petitions.demo.growth import hourly
from petitions.demo.refusing import mend, refuse
from petitions.demo.signatories import Crowd, Keys, sign_in_bulk
from petitions.demo.talk import talk
from petitions.durations import local_day
from petitions.lifecycle.acts import drafting, moderation, objections, opening, second_reading, signing, thresholds
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.acts.signable import SignablePetition as Signable
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.roles import Colleague
from petitions.security.tokens import Link
from petitions.staff.acts import sessions as staff

LEAD: Final = timedelta(days=3)
ACCEPTED: Final = {
    "nl": "De petitie voldoet aan de regels en kan worden ondertekend.",
    "en": "The petition keeps to the rules and can be signed.",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """The shared context for seeding every petition."""

    service: Service
    people: DemoPeople
    moderators: tuple[int, ...]
    clerks: dict[str, int]
    colleagues: dict[str, int]  # everybody, by name
    now: datetime


async def seed(service: Service, *, now: datetime) -> str:
    """Seed the demo if there is no petition yet; return a line about it."""
    async with service.database.connection() as connection:
        if await connection.fetchval("select exists (select 1 from petition)"):
            return "The demo content is there already."
    content = load_content()
    service.start()
    try:
        scene = await _people(service, content, now)
        await voting.seat(service, content, now=now)
        for number, petition in enumerate(_in_order(content), 1):
            _progress(number, len(content.petitions))
            await _live(scene, petition)
        await followers.follow(service, content.people.citizen_domain, now=now)
    finally:
        await service.stop()
    async with service.database.connection() as connection:
        await connection.execute("delete from outbox")
        await followers.tell(service, connection, content.people.citizen_domain, now=now)
        await connection.execute("analyze")
        total = await connection.fetchval("select sum(confirmed) from signature_count")
    return f"The demo has {len(content.petitions)} petitions with {total} signatures."


def _progress(number: int, total: int) -> None:
    if sys.stdout.isatty():
        end = "\n" if number == total else ""
        print(f"\rMaking the demo content: petition {number} of {total} ", end=end, flush=True)  # noqa: T201


def _in_order(content: DemoContent) -> list[DemoPetition]:
    """The oldest first, so that numbers follow time."""
    return sorted(content.petitions, key=lambda petition: -petition.age_days)


async def _people(service: Service, content: DemoContent, now: datetime) -> Scene:
    moderators: list[int] = []
    clerks: dict[str, int] = {}
    colleagues: dict[str, int] = {}
    for member in content.people.staff:
        identifier = await staff.add(
            service,
            member.email,
            member.name,
            is_moderator=member.role == "moderator",
            is_administrator=member.role == "administrator",
            committees=member.committees,
            sits_on=member.sits_on,
            now=now,
        )
        colleagues[member.name] = identifier
        if member.role == "moderator":
            moderators.append(identifier)
        clerks.update(dict.fromkeys(member.committees, identifier))
    await checking.let_export(service, content.people, now=now)
    return Scene(service, content.people, tuple(moderators), clerks, colleagues, now)


async def _live(scene: Scene, petition: DemoPetition) -> None:
    procedure = _procedure(scene.service, petition.procedure)
    begun = _begun(scene, petition, procedure)
    link = await _draft(scene, petition, procedure, begun)
    if petition.stage == "sponsoring":
        await _sponsors(scene, procedure, link, petition.signatures, begun)
        return
    if procedure.sponsors:
        await _sponsors(scene, procedure, link, procedure.sponsors.minimum, begun)
    moderator, second = _two_moderators(scene, link.petition_id)
    if petition.earlier:
        await mend(scene.service, petition, petition.earlier, procedure, link, (moderator, second), begun=begun)
    if petition.stage == "moderation":
        if petition.moderator_note:
            await moderation.note(scene.service, link.petition_id, moderator, petition.moderator_note, now=scene.now)
        if petition.proposed_ground:
            ground, reason = petition.proposed_ground, petition.proposed_reason
            await second_reading.propose(
                scene.service, link.petition_id, moderator, ground=ground, reason=reason, now=scene.now
            )
        return
    if petition.stage == "rejected":
        moment = scene.now - timedelta(days=petition.ended_days_ago)
        both = (moderator, second)
        await refuse(scene.service, procedure, link.petition_id, both, petition.ground, petition.reason, moment=moment)
        if petition.objection:
            moment = scene.now - timedelta(days=petition.objected_days_ago)
            await objections.object_to(scene.service, link, text=petition.objection, now=moment)
        return
    await _public_life(scene, petition, procedure, link, moderator)


def _two_moderators(scene: Scene, number: int) -> tuple[int, int]:
    """The moderator who decides on a petition, and the second reader of a refusal."""
    first = scene.moderators[number % len(scene.moderators)]
    return first, next(one for one in scene.moderators if one != first)


def _procedure(service: Service, code: str) -> Procedure:
    return max((p for (c, _), p in service.procedures.items() if c == code), key=lambda p: p.version)


def _begun(scene: Scene, petition: DemoPetition, procedure: Procedure) -> datetime:
    """When the initiator confirmed the petition, so that its deadlines match the content."""
    zone = procedure.body.zone
    if petition.due_in_days is None:
        lead = timedelta() if petition.stage in {"moderation", "sponsoring", "rejected"} else LEAD
        moment = scene.now - timedelta(days=petition.age_days) - lead
    else:
        due = local_day(scene.now, zone) + timedelta(days=petition.due_in_days)
        day = due
        while procedure.moderation.within.after(day) > due:
            day -= timedelta(days=1)
        moment = datetime.combine(day, time(9, 40), zone)
    seconds = int.from_bytes(hashlib.sha256(petition.key.encode()).digest()[:2]) % 20_000
    return min(moment - timedelta(seconds=seconds), scene.now - timedelta(hours=1))


async def _draft(scene: Scene, petition: DemoPetition, procedure: Procedure, begun: datetime) -> Link:
    initiator = petition.initiator
    contact = Crowd(scene.people, procedure, petition.key, petition.initiator.place).answers(0)
    contact |= {
        "name": initiator.name,
        "place": initiator.place,
        "email": f"{petition.key}@{scene.people.citizen_domain}",
    }
    if initiator.organisation:
        contact["organisation"] = initiator.organisation
    previous = petition.reasons[: procedure.texts.previous_action.maximum] if procedure.texts.previous_action else None
    first = petition.earlier or petition
    text = drafting.Draft(petition.subject, first.title, first.request, first.reasons, previous)
    number = await drafting.begin(
        scene.service, procedure, text, contact, language=petition.language, now=begun - timedelta(minutes=25)
    )
    async with scene.service.database.connection() as connection:
        key = await connection.fetchval("select manage_key from petition where id = $1", number)
    link = Link(number, key)
    await drafting.confirm(scene.service, link, now=begun)
    return link


async def _sponsors(scene: Scene, procedure: Procedure, link: Link, count: int, begun: datetime) -> None:
    crowd = Crowd(scene.people, procedure, f"sponsors-{link.petition_id}")
    facts = await signing.petition_for_signing(scene.service, link.petition_id)
    already = facts.sponsors
    for number in range(already, count):
        await _sponsor(scene, facts, crowd.answers(900_000 + number), begun + timedelta(minutes=17 * (number + 1)))


async def _sponsor(scene: Scene, petition: Signable, answers: dict[str, str], moment: datetime) -> None:
    await signing.sign(
        scene.service,
        petition,
        answers,
        show_name=False,
        wants_news=False,
        language=petition.language,
        now=moment,
        kind="sponsor",
    )
    index = scene.service.vault.index(petition.salt, answers["email"])
    async with scene.service.database.connection() as connection:
        key = await connection.fetchval(
            "select token_id from pending_signature where petition_id = $1 and email_index = $2", petition.id, index
        )
    await signing.confirm(scene.service, Link(petition.id, key), now=moment + timedelta(minutes=3))


async def _public_life(scene: Scene, petition: DemoPetition, procedure: Procedure, link: Link, moderator: int) -> None:
    opened = scene.now - timedelta(days=petition.age_days)
    reason = ACCEPTED[petition.language]
    await moderation.accept(scene.service, link.petition_id, moderator, reason=reason, now=opened)
    await _collect(scene, petition, procedure, link, opened)
    for update in sorted(petition.updates, key=lambda update: -update.days_ago):
        moment = scene.now - timedelta(days=update.days_ago)
        await drafting.publish_update(scene.service, link, title=update.title, text=update.text, now=moment)
    await paper.collect(scene.service, scene.moderators, link, petition, scene.now)
    await _end(scene, petition, procedure, link, moderator)
    await handling.handle(
        scene.service, scene.clerks, scene.colleagues, link.petition_id, petition, procedure, now=scene.now
    )
    await voting.move(scene.service, scene.clerks, link.petition_id, petition, procedure, now=scene.now)
    await filing.file(scene.service, scene.clerks, link.petition_id, petition, procedure, now=scene.now)
    await work_together(scene.service, scene.colleagues, link.petition_id, petition, now=scene.now)
    await talk(scene.service, scene.clerks, moderator, link, petition, procedure, now=scene.now)


async def _collect(scene: Scene, petition: DemoPetition, procedure: Procedure, link: Link, opened: datetime) -> None:
    async with scene.service.database.transaction() as connection:
        row = await connection.fetchrow(
            "select p.data_key, p.salt, c.confirmed from petition p"
            " join signature_count c on c.petition_id = p.id where p.id = $1",
            link.petition_id,
        )
        assert row is not None  # noqa: S101 - it was made a moment ago
        keys = Keys(link.petition_id, row["data_key"], row["salt"], petition.language)
        crowd = Crowd(scene.people, procedure, petition.key, petition.initiator.place)
        count, days = row["confirmed"], max(petition.collected_days, 1)
        start = (opened + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
        counts = hourly(max(petition.signatures - count, 0), days, petition.curve, petition.key, start=start)
        latest = scene.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
        hours = [(min(start + timedelta(hours=n), latest), amount) for n, amount in enumerate(counts)]
        for part, reached in _parts(hours, count, [t.count for t in procedure.thresholds if t.count is not None]):
            count += await sign_in_bulk(
                connection,
                scene.service,
                crowd,
                keys,
                part,
                first_number=count + 1,
                shows_names=procedure.names.signer == "choice",
            )
            if reached:
                await opening.reach(connection, link.petition_id, moment="count", now=part[-1][0] + timedelta(hours=1))
        await asyncio.sleep(0)


def _parts(
    hours: list[tuple[datetime, int]], count: int, required: list[int]
) -> list[tuple[list[tuple[datetime, int]], bool]]:
    """The hours, split after each in which a threshold is reached; each part with whether it ends in such an hour."""
    parts: list[tuple[list[tuple[datetime, int]], bool]] = [([], False)]
    for entry in hours:
        parts[-1][0].append(entry)
        before, count = count, count + entry[1]
        if any(before < number <= count for number in required):
            parts[-1] = (parts[-1][0], True)
            parts.append(([], False))
    return [part for part in parts if part[0]]


async def _end(scene: Scene, petition: DemoPetition, procedure: Procedure, link: Link, moderator: int) -> None:
    moment = scene.now - timedelta(days=petition.ended_days_ago)
    if petition.stage == "closed" and procedure.signing.initiator_may_close:
        await thresholds.hand_over(scene.service, link, now=moment)
    elif petition.stage == "closed":
        facts = await signing.petition_for_signing(scene.service, link.petition_id)
        await thresholds.close_due(scene.service, now=(facts.closes_at or moment) + timedelta(minutes=1))
    elif petition.stage == "withdrawn":
        await drafting.withdraw(scene.service, link, reason=petition.reason, now=moment)
    elif petition.stage == "removed":
        await moderation.remove(
            scene.service,
            link.petition_id,
            moderator,
            ground=petition.ground,
            reason=petition.reason,
            now=moment,
        )


def describe(email: str, colleague: Colleague) -> str:
    """One line about a member of staff, for the terminal."""
    roles = [
        *(["moderator"] if colleague.is_moderator else []),
        *(["administrator"] if colleague.is_administrator else []),
        *colleague.committees,
        *(f"member: {slug}" for slug in colleague.sits_on),
    ]
    return f"  {email:<44} {', '.join(roles)}"
