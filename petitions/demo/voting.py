"""Parties, members and motions of the demo, recorded through the real use cases, each on its day."""

import random
from datetime import datetime, time, timedelta
from typing import Final

from petitions.demo.content import DemoContent, DemoMotion, DemoParty, DemoPeople, DemoPetition
from petitions.demo.handling import working_day
from petitions.lifecycle.acts.handling import Clerk
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.procedures import Procedure
from petitions.motions.acts.motions import SeenMotion, add_motion, record_vote
from petitions.motions.acts.parliament import ParliamentMember, Party, PartyWithMembers, store_seats
from petitions.motions.rules.votes import DecidedMotion, Motion, Vote

SITTING_SINCE: Final = timedelta(days=1000)
SUBMITTED_AT, VOTED_AT = time(12), time(15, 30)


async def seat(service: Service, content: DemoContent, *, now: datetime) -> None:
    """Record the parties of every body with their members."""
    chance = random.Random("members")
    names: set[str] = {name for party in content.parties for name in party.members}
    for body in sorted({party.body for party in content.parties}):
        parties = [party for party in content.parties if party.body == body]
        seated = tuple(_seated(party, content.people, names, chance) for party in parties)
        await store_seats(service, body, seated, (now - SITTING_SINCE).date())


def _seated(party: DemoParty, people: DemoPeople, names: set[str], chance: random.Random) -> PartyWithMembers:
    members = list(party.members)
    while len(members) < party.seats:
        name = f"{chance.choice(people.first_names)} {chance.choice(people.surnames)}"
        if name not in names:
            names.add(name)
            members.append(name)
    return PartyWithMembers(
        Party(party.short_name, party.name, party.seats),
        tuple(ParliamentMember(name, _sort_name(name)) for name in members),
    )


def _sort_name(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}"


async def move(
    service: Service,
    clerks: dict[str, int],
    petition_id: int,
    petition: DemoPetition,
    procedure: Procedure,
    *,
    now: datetime,
) -> None:
    """Record the motions of one petition with their votes."""
    if not petition.motions:
        return
    async with service.database.connection() as connection:
        row = await connection.fetchrow(
            "select id, committee_slug from referral where petition_id = $1 order by id limit 1", petition_id
        )
    assert row is not None  # noqa: S101 - a petition with motions was referred
    clerk = Clerk(clerks[row["committee_slug"]], (row["committee_slug"],))
    zone = procedure.body.zone
    for told in petition.motions:
        submitted, voted = (working_day(now, zone, days) for days in (told.days_ago, told.voted_days_ago))
        motion = Motion(
            told.title, told.summary, None, told.submitters, told.document, link=told.link, submitted_on=submitted
        )
        moment = min(datetime.combine(submitted, SUBMITTED_AT, zone), now)
        number = await add_motion(service, clerk, petition_id, row["id"], motion, now=moment)
        votes = await _votes(service, procedure.body.code, told)
        decided = DecidedMotion(told.outcome, voted, "roll_call" if told.by_name else "parties", votes)
        seen = SeenMotion(petition_id, row["id"], number, 1)
        moment = min(datetime.combine(voted, VOTED_AT, zone), now)
        await record_vote(service, clerk, seen, decided, now=moment)


async def _votes(service: Service, body: str, told: DemoMotion) -> tuple[Vote, ...]:
    async with service.database.connection() as connection:
        rows = await connection.fetch(
            "select p.id, p.short_name, p.seats, m.id as member_id, m.name from party p"
            " join party_membership s on s.party_id = p.id join member m on m.id = s.member_id where p.body = $1"
            " order by m.id",
            body,
        )
    if told.by_name:
        choices = [(row, told.by_name.get(row["name"], told.by_name.get(row["short_name"]))) for row in rows]
        return tuple(Vote(row["id"], row["member_id"], choice, 1) for row, choice in choices if choice)
    parties = {row["short_name"]: row for row in rows}
    return tuple(Vote(parties[name]["id"], None, how, parties[name]["seats"]) for name, how in told.parties.items())
