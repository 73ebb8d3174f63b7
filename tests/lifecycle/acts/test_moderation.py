"""Decisions of moderators: the first one counts, each is an event with who and why; claims hold for two hours."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts import drafting, moderation
from petitions.lifecycle.reads.moderation import read_dossier, search
from petitions.lifecycle.reads.queue import read_counts, read_decided, read_figures, read_waiting
from petitions.lifecycle.reads.similar import read_similar
from petitions.lifecycle.rules.moderation import CLAIM_LASTS
from petitions.staff.acts import sessions as staff
from tests.conftest import NOW
from tests.world import REASONS, REQUEST, World

KIND = "nl-gemeente-initiatief"  # one moderator alone may refuse these


async def colleague(world: World) -> int:
    """Another moderator."""
    return await staff.add(world.service, "amir@kantoor.example", "Amir Haddad", is_moderator=True, now=NOW)


async def row(world: World, petition_id: int) -> Any:
    """A petition as it is stored."""
    async with world.service.database.connection() as connection:
        return await connection.fetchrow("select * from petition where id = $1", petition_id)


async def events(world: World, petition_id: int, kind: str) -> list[Any]:
    """The events of one kind."""
    async with world.service.database.connection() as connection:
        return list(
            await connection.fetch(
                "select * from event where petition_id = $1 and kind = $2 order by id", petition_id, kind
            )
        )


async def accept(world: World, petition_id: int, who: int = 0, **more: Any) -> None:
    """Accept with a plain reason."""
    await moderation.accept(
        world.service, petition_id, who or world.moderator, reason="In orde.", **({"now": NOW} | more)
    )


async def reject(world: World, petition_id: int, who: int = 0, *, ground: str = "wrong_body", **more: Any) -> None:
    """Reject with a plain reason."""
    await moderation.reject(
        world.service,
        petition_id,
        who or world.moderator,
        ground=ground,
        reason="De gemeente gaat hierover.",
        **({"now": NOW} | more),
    )


async def test_accepting_opens_and_is_an_event(world: World) -> None:
    link = await world.moderated("nl-gemeente-initiatief")
    await accept(world, link.petition_id)
    stored = await row(world, link.petition_id)
    assert stored["stage"] == "open"
    assert stored["opened_at"] == NOW
    (event,) = await events(world, link.petition_id, "opened")
    assert event["staff_id"] == world.moderator
    assert event["actor"] == "moderator"
    assert event["data"] == {"reason": "In orde."}
    assert event["public"]


@pytest.mark.parametrize(("ground", "hidden"), [("wrong_body", False), ("offensive", True), ("illegal", True)])
async def test_rejecting_is_an_event_and_some_grounds_hide_the_text(world: World, ground: str, hidden: bool) -> None:
    link = await world.moderated(KIND)
    await reject(world, link.petition_id, ground=ground)
    stored = await row(world, link.petition_id)
    assert (stored["stage"], stored["ground"], stored["text_hidden"]) == ("rejected", ground, hidden)
    (event,) = await events(world, link.petition_id, "rejected")
    assert event["staff_id"] == world.moderator
    assert event["data"] == {"ground": ground, "reason": "De gemeente gaat hierover."}


async def test_taking_down_later(world: World) -> None:
    link = await world.opened(KIND)
    await moderation.remove(
        world.service, link.petition_id, world.moderator, ground="personal_data", reason="Er stond een adres.", now=NOW
    )
    stored = await row(world, link.petition_id)
    assert (stored["stage"], stored["text_hidden"]) == ("removed", True)
    (event,) = await events(world, link.petition_id, "removed")
    assert event["staff_id"] == world.moderator


async def test_every_decision_needs_a_reason_and_a_ground_of_the_procedure(world: World) -> None:
    link = await world.moderated(KIND)
    with pytest.raises(InvalidInputError):
        await moderation.accept(world.service, link.petition_id, world.moderator, reason="", now=NOW)
    with pytest.raises(InvalidInputError):
        await moderation.reject(
            world.service, link.petition_id, world.moderator, ground="wrong_body", reason="", now=NOW
        )
    with pytest.raises(InvalidInputError):
        await reject(world, link.petition_id, ground="because_i_say_so")
    assert (await row(world, link.petition_id))["stage"] == "moderation"


async def test_of_two_who_decide_at_once_one_is_too_late(world: World) -> None:
    other = await colleague(world)
    link = await world.moderated(KIND)
    outcomes = await asyncio.gather(
        accept(world, link.petition_id), reject(world, link.petition_id, other), return_exceptions=True
    )
    assert sum(isinstance(outcome, ConflictError) for outcome in outcomes) == 1
    decided = [*await events(world, link.petition_id, "opened"), *await events(world, link.petition_id, "rejected")]
    assert len(decided) == 1


async def test_twenty_who_accept_at_once_open_it_once(world: World) -> None:
    link = await world.moderated(KIND)
    outcomes = await asyncio.gather(*(accept(world, link.petition_id) for _ in range(20)), return_exceptions=True)
    assert outcomes.count(None) == 1
    assert len(await events(world, link.petition_id, "opened")) == 1


async def test_a_decision_about_a_text_that_has_changed_since_is_refused(world: World) -> None:
    link = await world.moderated(KIND)
    read = (await row(world, link.petition_id))["version"]
    await reject(world, link.petition_id)
    draft = drafting.Draft("health", "Geef elk dorp weer nachtzorg dichtbij", REQUEST + " Snel.", REASONS)
    version = (await drafting.managed(world.service, link)).version
    await drafting.resubmit(world.service, link, draft, version=version, now=NOW)
    with pytest.raises(ConflictError, match="changed"):
        await accept(world, link.petition_id, version=read)
    await accept(world, link.petition_id, version=(await row(world, link.petition_id))["version"])


async def test_a_claim_keeps_colleagues_away_for_two_hours(world: World) -> None:
    other = await colleague(world)
    link = await world.moderated(KIND)
    await moderation.claim(world.service, link.petition_id, world.moderator, now=NOW)
    almost = NOW + CLAIM_LASTS
    for attempt in (
        moderation.claim(world.service, link.petition_id, other, now=almost),
        accept(world, link.petition_id, other, now=almost),
        reject(world, link.petition_id, other, now=almost),
    ):
        with pytest.raises(ConflictError, match="claimed"):
            await attempt
    later = NOW + CLAIM_LASTS + timedelta(seconds=1)
    await moderation.claim(world.service, link.petition_id, other, now=later)
    with pytest.raises(ConflictError, match="claimed"):
        await accept(world, link.petition_id, now=later)
    await accept(world, link.petition_id, other, now=later)
    assert (await row(world, link.petition_id))["claimed_by"] is None


async def test_giving_back_frees_a_claim_and_only_ones_own(world: World) -> None:
    other = await colleague(world)
    link = await world.moderated(KIND)
    await moderation.claim(world.service, link.petition_id, world.moderator, now=NOW)
    await moderation.release(world.service, link.petition_id, other, now=NOW)
    assert (await row(world, link.petition_id))["claimed_by"] == world.moderator
    assert await events(world, link.petition_id, "released") == []
    await moderation.release(world.service, link.petition_id, world.moderator, now=NOW)
    await moderation.claim(world.service, link.petition_id, other, now=NOW)
    assert len(await events(world, link.petition_id, "released")) == 1


async def test_claiming_what_is_not_there_or_decided(world: World) -> None:
    link = await world.opened(KIND)
    with pytest.raises(ConflictError, match="already_decided"):
        await moderation.claim(world.service, link.petition_id, world.moderator, now=NOW)
    with pytest.raises(NotFoundError):
        await moderation.claim(world.service, 10**12, world.moderator, now=NOW)


async def test_the_oldest_goes_to_each_once(world: World) -> None:
    links = [await world.moderated(KIND, now=NOW + timedelta(minutes=n)) for n in range(3)]
    other = await colleague(world)
    first, second = await asyncio.gather(
        moderation.claim_oldest(world.service, world.moderator, now=NOW),
        moderation.claim_oldest(world.service, other, now=NOW),
    )
    assert {first, second} == {links[0].petition_id, links[1].petition_id}
    assert await moderation.claim_oldest(world.service, other, now=NOW, procedure="uk-parliament") is None
    assert await moderation.claim_oldest(world.service, other, now=NOW) == links[2].petition_id
    assert await moderation.claim_oldest(world.service, other, now=NOW) is None
    freed = NOW + CLAIM_LASTS + timedelta(minutes=1)
    assert await moderation.claim_oldest(world.service, other, now=freed) == links[0].petition_id


async def test_a_procedure_whose_identity_we_cannot_check_is_not_opened(world: World) -> None:
    link = await world.moderated("tw-join")
    with pytest.raises(ConflictError, match="identity_not_available"):
        await accept(world, link.petition_id)


async def test_private_notes(world: World) -> None:
    link = await world.moderated(KIND)
    await moderation.note(world.service, link.petition_id, world.moderator, "Gebeld met de griffie.", now=NOW)
    (note,) = (await read_dossier(world.service.database, link.petition_id)).notes
    assert (note.text, note.staff_name) == ("Gebeld met de griffie.", "Noor Bakker")
    draft = await world.draft()
    with pytest.raises(NotFoundError):
        await moderation.note(world.service, draft.petition_id, world.moderator, "Nog niets.", now=NOW)


async def test_the_queue_stands_in_the_order_of_what_is_due(world: World) -> None:
    # submitted later, but its procedure gives fewer days
    slow = await world.moderated("scottish-parliament", now=NOW)
    quick = await world.moderated("nl-burgerinitiatief", now=NOW + timedelta(hours=1))
    rows = await read_waiting(world.service.database)
    due = {found.id: found.due_on for found in rows}
    assert [found.id for found in rows] == sorted(due, key=lambda key: due[key])
    assert {slow.petition_id, quick.petition_id} == set(due)


async def test_counts_and_figures_are_measured_from_what_happened(world: World) -> None:
    database = world.service.database
    kept = await world.moderated(KIND, now=NOW)
    broken = await world.moderated(KIND, now=NOW)
    await world.moderated(KIND, now=NOW)
    await accept(world, kept.petition_id, now=NOW + timedelta(days=1))
    await reject(world, broken.petition_id, now=NOW + timedelta(days=8))
    figures = await read_figures(database, now=NOW + timedelta(days=9))
    assert set(figures) == {"", KIND}
    assert figures[""] == figures[KIND]
    of_all = figures[""]
    assert (of_all.decided, of_all.share_in_time, of_all.median_wait) == (2, 0.5, 3.5)  # 1 and 6 working days
    assert of_all.slow_wait == 6
    assert (await read_figures(database, now=NOW + timedelta(days=60)))[""].decided == 0
    due_day = await read_counts(database, "", now=NOW + timedelta(days=7))  # five working days later
    assert (due_day.waiting, due_day.due_today, due_day.overdue) == (1, 1, 0)
    late = await read_counts(database, "", now=NOW + timedelta(days=8))
    assert (late.due_today, late.overdue) == (0, 1)
    decided, total = await read_decided(database, "", 1, now=NOW + timedelta(days=9))
    assert total == 2
    assert [(found.kind, found.staff_name) for found in decided] == [
        ("rejected", "Noor Bakker"),
        ("opened", "Noor Bakker"),
    ]


async def test_search_finds_by_number_and_by_words_but_never_a_draft(world: World) -> None:
    database = world.service.database
    link = await world.opened(title="Red de bibliotheek van Oude Pekela")
    await world.draft(title="Red de bibliotheek van Nieuwe Pekela")
    assert [found.id for found in (await search(database, "bibliotheken", 1))[0]] == [link.petition_id]
    for typed in (str(link.petition_id), f"#{link.petition_id}"):
        assert (await search(database, typed, 1))[0][0].id == link.petition_id
    for nothing in ("onvindbaar", "&|!:*()", "'", "9" * 60, '"'):
        assert await search(database, nothing, 1) == ([], 0)


async def test_similar_petitions(world: World) -> None:
    database = world.service.database
    there = await world.opened(title="Red de bibliotheek van Oude Pekela")
    asked = await world.moderated(title="Bibliotheek in Oude Pekela moet open blijven")
    found = await read_similar(database, "Bibliotheek in Oude Pekela", "nl", excluding=asked.petition_id, limit=3)
    assert found[0].id == there.petition_id
    assert await read_similar(database, "", "nl", excluding=None, limit=3) == []
    assert await read_similar(database, "de het een", "nl", excluding=None, limit=3) == []
    assert await read_similar(database, "Oude Pekela bibliotheek", "nl", excluding=there.petition_id, limit=3) == []


async def test_a_title_with_all_the_same_words_is_a_hint(world: World) -> None:
    await world.opened(title="Red de bibliotheek van Oude Pekela nu het nog kan")
    again = await world.moderated(title="Red bibliotheek Oude Pekela")
    (waiting,) = await read_waiting(world.service.database)
    assert (waiting.id, waiting.alike, waiting.versions) == (again.petition_id, 1, 1)
