"""Motions at the desk: stored once, announced once, corrected with history, checked against their votes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from petitions.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.motions.acts.motions import SeenMotion, add_motion, correct_motion, link_case, record_vote
from petitions.motions.acts.parliament import ParliamentMember, Party, PartyWithMembers, store_seats
from petitions.motions.reads.motions import MotionView, read_cases, read_motions, read_seats
from petitions.motions.rules.votes import DecidedMotion, Motion, Vote
from tests.world import NOW, World

DAY = NOW.date()
MOTION = Motion("Motie over nachtzorg in elk dorp", submitters="Tessa Wierda (Linde)", submitted_on=DAY)
BODY = "nl-tweede-kamer"


def seated(short: str, seats: int, *names: str) -> PartyWithMembers:
    members = tuple(ParliamentMember(name.partition(" ")[2] + " " + name[0], name.partition(" ")[2]) for name in names)
    return PartyWithMembers(Party(short, f"Partij {short}", seats), members)


@pytest.fixture
async def clerk(world: World) -> Clerk:
    await store_seats(
        world.service,
        BODY,
        (seated("Linde", 40, "T Wierda", "A Blom"), seated("Anker", 38, "B Kuiper"), seated("Kompas", 22)),
        DAY - timedelta(days=100),
    )
    return Clerk(world.clerk, (world.committee,))


async def party_ids(world: World) -> dict[str, int]:
    parties, _ = await read_seats(world.service.database, BODY, DAY)
    return {party.short_name: party.id for party in parties}


async def decided(world: World, **choices: Any) -> DecidedMotion:
    ids = await party_ids(world)
    seats = {"Linde": 40, "Anker": 38, "Kompas": 22}
    votes = tuple(Vote(ids[name], None, choice, seats[name]) for name, choice in choices.items())
    return DecidedMotion("adopted", DAY, "parties", votes)


async def events(world: World, petition_id: int) -> list[Any]:
    async with world.service.database.connection() as connection:
        return list(
            await connection.fetch(
                "select e.kind, e.data, e.occurred_at, exists (select 1 from outbox o where o.petition_id ="
                " e.petition_id and o.event_id = e.id and o.kind = 'event') as told"
                " from event e where e.petition_id = $1 and e.kind in ('motion', 'vote') order by e.id",
                petition_id,
            )
        )


async def only(world: World, petition_id: int) -> MotionView:
    (motion,) = await read_motions(world.service.database, petition_id)
    return motion


async def begun(world: World, clerk: Clerk, motion: Motion = MOTION) -> SeenMotion:
    seen = await world.referred()
    number = await add_motion(world.service, clerk, seen.petition_id, seen.referral_id, motion, now=NOW)
    return SeenMotion(seen.petition_id, seen.referral_id, number, 1)


async def test_a_motion_and_its_vote_are_published_and_told_once(world: World, clerk: Clerk) -> None:
    seen = await begun(world, clerk)
    result = await decided(world, Linde="for", Anker="against", Kompas="for")
    await record_vote(world.service, clerk, seen, result, now=NOW)
    motion = await only(world, seen.petition_id)
    assert (motion.outcome, motion.tally.for_, motion.tally.against) == ("adopted", 62, 38)
    assert [line.short_name for line in motion.parties] == ["Linde", "Anker", "Kompas"]
    assert motion.changes == ()
    told = await events(world, seen.petition_id)
    assert [(event["kind"], event["told"]) for event in told] == [("motion", True), ("vote", True)]
    assert told[1]["data"]["for"] == 62
    with pytest.raises(ConflictError, match="changed"):
        await record_vote(world.service, clerk, seen, result, now=NOW)
    assert len(await events(world, seen.petition_id)) == 2


async def test_a_result_must_fit_its_votes_or_say_why_not(world: World, clerk: Clerk) -> None:
    seen = await begun(world, clerk)
    result = replace(await decided(world, Linde="for", Anker="against"), outcome="rejected")
    with pytest.raises(InvalidInputError) as refused:
        await record_vote(world.service, clerk, seen, result, now=NOW)
    assert refused.value.fields == {"outcome": "contradiction"}
    assert (await only(world, seen.petition_id)).outcome is None
    result = replace(result, difference="De voorzitter stelde de uitslag anders vast.")
    await record_vote(world.service, clerk, seen, result, now=NOW)
    assert (await only(world, seen.petition_id)).difference.startswith("De voorzitter")


async def test_a_party_votes_with_no_more_seats_than_it_has(world: World, clerk: Clerk) -> None:
    seen = await begun(world, clerk)
    ids = await party_ids(world)
    result = DecidedMotion("adopted", DAY, "parties", (Vote(ids["Kompas"], None, "for", 23),))
    with pytest.raises(InvalidInputError) as refused:
        await record_vote(world.service, clerk, seen, result, now=NOW)
    assert refused.value.fields == {f"seats-{ids['Kompas']}": "too_many_seats"}


async def test_a_correction_needs_a_reason_and_keeps_what_was(world: World, clerk: Clerk) -> None:
    seen = await begun(world, clerk)
    await record_vote(world.service, clerk, seen, await decided(world, Linde="for", Anker="against"), now=NOW)
    seen = replace(seen, version=2)
    right = replace(await decided(world, Linde="against", Anker="for"), outcome="rejected")
    with pytest.raises(InvalidInputError) as refused:
        await record_vote(world.service, clerk, seen, right, now=NOW)
    assert refused.value.fields == {"reason": "missing"}
    await record_vote(world.service, clerk, seen, right, reason="Verwisseld.", now=NOW)
    motion = await only(world, seen.petition_id)
    (change,) = motion.changes
    assert change.reason == "Verwisseld."
    assert change.data["outcome"] == ["adopted", "rejected"]
    assert len(change.data["votes"][0]) == len(change.data["votes"][1]) == 2
    told = await events(world, seen.petition_id)
    assert [event["told"] for event in told] == [True, True, True], "people were told another result"
    assert told[-1]["data"]["corrected"]


async def test_a_motion_that_was_held_is_voted_on_later(world: World, clerk: Clerk) -> None:
    seen = await begun(world, clerk)
    await record_vote(world.service, clerk, seen, DecidedMotion("held", DAY, "none"), now=NOW)
    later = NOW + timedelta(days=7)
    result = replace(await decided(world, Linde="for"), voted_on=later.date())
    await record_vote(world.service, clerk, replace(seen, version=2), result, now=later)
    told = await events(world, seen.petition_id)
    assert [(event["data"].get("outcome"), event["told"]) for event in told[1:]] == [("held", True), ("adopted", True)]
    assert not told[-1]["data"]["corrected"], "a second decision is no correction"


async def test_a_correction_of_words_is_kept_but_told_to_nobody(world: World, clerk: Clerk) -> None:
    seen = await begun(world, clerk)
    better = replace(MOTION, title="Motie over nachtzorg dichtbij")
    await correct_motion(world.service, clerk, seen, better, reason="Tikfout.", now=NOW)
    motion = await only(world, seen.petition_id)
    assert motion.title == better.title
    assert motion.changes[0].data == {"title": [MOTION.title, better.title]}
    assert len(await events(world, seen.petition_id)) == 1
    with pytest.raises(ConflictError, match="changed"):
        await correct_motion(world.service, clerk, seen, MOTION, reason="Terug.", now=NOW)


async def test_nobody_is_mailed_about_what_is_old(world: World, clerk: Clerk) -> None:
    old = DAY - timedelta(days=40)
    seen = await begun(world, clerk, replace(MOTION, submitted_on=old))
    result = replace(await decided(world, Linde="for"), voted_on=old + timedelta(days=3))
    await record_vote(world.service, clerk, seen, result, now=NOW)
    told = await events(world, seen.petition_id)
    assert [(event["told"], event["data"].get("quiet")) for event in told] == [(False, True), (False, True)]
    assert [event["data"]["date"] for event in told] == [old.isoformat(), result.voted_on.isoformat()]
    assert told[0]["occurred_at"].date() == old, "in feeds it stands where it belongs"


async def test_a_roll_call_and_a_motion_that_was_held(world: World, clerk: Clerk) -> None:
    seen = await begun(world, clerk)
    _, members = await read_seats(world.service.database, BODY, DAY)
    votes = tuple(Vote(one.party_id, one.id, "for" if one.party == "Linde" else "against", 1) for one in members)
    await record_vote(world.service, clerk, seen, DecidedMotion("adopted", DAY, "roll_call", votes), now=NOW)
    motion = await only(world, seen.petition_id)
    assert [(cast.member_sort, cast.choice) for cast in motion.members] == [
        ("Blom", "for"),
        ("Kuiper", "against"),
        ("Wierda", "for"),
    ]
    held = DecidedMotion("held", DAY, "none", votes)
    with pytest.raises(InvalidInputError) as refused:
        await record_vote(world.service, clerk, replace(seen, version=2), held, reason="x", now=NOW)
    assert refused.value.fields == {"outcome": "not_voted"}


async def test_only_the_clerk_of_this_committee_writes(world: World, clerk: Clerk) -> None:
    seen = await begun(world, clerk)
    other = Clerk(world.clerk, ("financien",))
    with pytest.raises(ForbiddenError):
        await add_motion(world.service, other, seen.petition_id, seen.referral_id, MOTION, now=NOW)
    with pytest.raises(ForbiddenError):
        await correct_motion(world.service, other, seen, MOTION, reason="", now=NOW)
    with pytest.raises(NotFoundError):
        await correct_motion(world.service, clerk, replace(seen, motion_id=999_999), MOTION, reason="", now=NOW)
    later = replace(MOTION, submitted_on=DAY + timedelta(days=1))
    with pytest.raises(InvalidInputError) as refused:
        await add_motion(world.service, clerk, seen.petition_id, seen.referral_id, later, now=NOW)
    assert refused.value.fields == {"submitted_on": "date_future"}


async def test_a_case_is_linked_once_and_a_motion_stands_once(world: World, clerk: Clerk) -> None:
    seen: SeenReferral = await world.referred()
    about = (world.service, clerk, seen.petition_id, seen.referral_id)
    assert await link_case(*about, "2026Z04711", now=NOW)
    assert not await link_case(*about, "2026Z04711", now=NOW)
    assert [case.case_number for case in await read_cases(world.service.database, seen.petition_id)] == ["2026Z04711"]
    numbered = replace(MOTION, case_number="2026Z04711")
    await add_motion(*about, numbered, now=NOW)
    with pytest.raises(InvalidInputError) as refused:
        await add_motion(*about, numbered, now=NOW)
    assert refused.value.fields == {"case_number": "known_case"}


async def test_parties_and_members_are_kept_once(world: World, clerk: Clerk) -> None:
    moved = (seated("Kompas", 23, "T Wierda"),)
    await store_seats(world.service, BODY, moved, DAY)
    await store_seats(world.service, BODY, moved, DAY)
    parties, members = await read_seats(world.service.database, BODY, DAY)
    assert {party.short_name: party.seats for party in parties}["Kompas"] == 23
    assert [(one.sort_name, one.party) for one in members].count(("Wierda", "Kompas")) == 1
    assert len(members) == 3
    _, before = await read_seats(world.service.database, BODY, DAY - timedelta(days=1))
    assert {one.sort_name: one.party for one in before}["Wierda"] == "Linde"
