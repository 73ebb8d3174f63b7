"""Objections on a real database: once, in time, decided by somebody else, told to the initiator and on the timeline."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts import drafting, moderation, objections, retention
from petitions.lifecycle.reads.moderation import read_dossier
from petitions.lifecycle.reads.queue import read_counts, read_figures, read_objections
from petitions.lifecycle.reads.timeline import objections_in, read_timeline
from petitions.lifecycle.rules.states import Stage
from petitions.security.tokens import Link
from petitions.staff.acts import sessions as staff
from tests.world import NOW, REASONS, REQUEST, World

BY_TWO = "nl-burgerinitiatief"
BY_ONE = "nl-gemeente-initiatief"
TEXT = "De gemeente gaat hier juist niet over, zie de wet."


async def objected(world: World, kind: str = BY_ONE) -> Link:
    """A rejected petition whose initiator objected."""
    link = await world.rejected(await world.moderated(kind))
    await objections.object_to(world.service, link, text=TEXT, now=NOW)
    return link


async def stored(world: World, link: Link) -> Any:
    async with world.service.database.connection() as connection:
        return await connection.fetchrow(
            "select * from objection where petition_id = $1 order by rejected_event_id desc limit 1", link.petition_id
        )


async def timeline(world: World, link: Link) -> list[str]:
    """The kinds of what the public is told."""
    shown = await drafting.managed(world.service, link)
    zone = shown.procedure.body.zone
    events = await read_timeline(
        world.service.database, world.service.event_kinds, shown.id, zone, stage=shown.stage, hidden=False
    )
    return [event.kind for event in events]


async def test_an_objection_waits_for_somebody_else(world: World) -> None:
    link = await objected(world)
    assert await timeline(world, link) == ["rejected", "objected"]
    (waiting,) = await read_objections(world.service.database, "", 1)
    assert (waiting.id, waiting.refused_by) == (link.petition_id, [world.moderator])
    assert waiting.due_on == date(2026, 3, 9)  # the time that the procedure gives for moderation
    counts = await read_counts(world.service.database, "", now=NOW)
    assert (counts.objections, counts.waiting, counts.due_today, counts.overdue) == (1, 0, 0, 0)
    late = await read_counts(world.service.database, BY_ONE, now=NOW + timedelta(days=8))
    assert (late.objections, late.overdue) == (1, 1)
    shown = await objections.read_objection(world.service, link, now=NOW)
    assert shown is not None
    assert (shown.open, shown.due_on, shown.outcome) == (False, waiting.due_on, None)
    for judge in (objections.uphold, objections.dismiss):
        with pytest.raises(ConflictError, match="own_refusal"):
            await judge(world.service, link.petition_id, world.moderator, reason="Ik vind van wel.", now=NOW)


async def test_neither_of_two_who_refused_decides(world: World) -> None:
    link = await objected(world, BY_TWO)
    other = await world.colleague()
    for who in (world.moderator, other):
        with pytest.raises(ConflictError, match="own_refusal"):
            await objections.dismiss(world.service, link.petition_id, who, reason="De afwijzing klopt.", now=NOW)
    third = await staff.add(world.service, "els@kantoor.example", "Els Mulder", is_moderator=True, now=NOW)
    await objections.dismiss(world.service, link.petition_id, third, reason="De afwijzing klopt.", now=NOW)
    assert (await stored(world, link))["decided_by"] == third


async def test_who_refused_an_earlier_text_may_decide_about_a_later_rejection(world: World) -> None:
    link = await world.rejected(await world.moderated(BY_ONE))
    draft = drafting.Draft("health", "Een andere titel dan eerst", REQUEST, REASONS)
    version = (await drafting.managed(world.service, link)).version
    await drafting.resubmit(world.service, link, draft, version=version, now=NOW)
    other = await world.colleague()
    await moderation.reject(world.service, link.petition_id, other, ground="wrong_body", reason="Nog steeds.", now=NOW)
    await objections.object_to(world.service, link, text=TEXT, now=NOW)
    (waiting,) = await read_objections(world.service.database, "", 1)
    assert waiting.refused_by == [other]
    await objections.dismiss(world.service, link.petition_id, world.moderator, reason="Het klopt.", now=NOW)


async def test_dismissed_the_rejection_stands_and_everybody_can_read_why(world: World) -> None:
    link = await objected(world)
    other = await world.colleague()
    with pytest.raises(InvalidInputError):
        await objections.dismiss(world.service, link.petition_id, other, reason="", now=NOW)
    await objections.dismiss(world.service, link.petition_id, other, reason="Zie artikel 1.", now=NOW)
    assert await timeline(world, link) == ["rejected", "objected", "objection_dismissed"]
    shown = await objections.read_objection(world.service, link, now=NOW)
    assert shown is not None
    assert (shown.outcome, shown.reason) == ("dismissed", "Zie artikel 1.")
    with pytest.raises(ConflictError, match="objected"):  # once is once
        await objections.object_to(world.service, link, text=TEXT, now=NOW)
    async with world.service.database.connection() as connection:
        told = await connection.fetch(
            "select e.kind from outbox o join event e on e.petition_id = o.petition_id and e.id = o.event_id"
            " where o.kind = 'event' and e.kind like 'object%' order by e.id"
        )
    assert [row["kind"] for row in told] == ["objected", "objection_dismissed"]


async def test_upheld_the_petition_is_checked_again_by_who_decided(world: World) -> None:
    link = await objected(world)
    other = await world.colleague()
    later = NOW + timedelta(days=1)
    await objections.uphold(world.service, link.petition_id, other, reason="De raad gaat hierover.", now=later)
    dossier = await read_dossier(world.service.database, link.petition_id)
    assert (dossier.petition.stage, dossier.petition.claimed_by) == ("moderation", other)
    assert (dossier.petition.ground, dossier.petition.text_hidden) == (None, False)
    assert dossier.petition.due_on == date(2026, 3, 10)
    await moderation.accept(world.service, link.petition_id, other, reason="In orde.", now=later)
    assert await timeline(world, link) == ["objection_upheld", "opened"]  # a clean slate, but the change is told
    figures = await read_figures(world.service.database, now=later)
    assert figures[BY_ONE].decided == 2
    assert figures[BY_ONE].slow_wait == 0  # the second decision answers the objection, not the first submission


async def test_a_second_rejection_can_be_objected_to_once_more(world: World) -> None:
    link = await objected(world)
    other = await world.colleague()
    await objections.uphold(world.service, link.petition_id, other, reason="U heeft gelijk.", now=NOW)
    await moderation.reject(world.service, link.petition_id, other, ground="illegal", reason="Toch niet.", now=NOW)
    await objections.object_to(world.service, link, text=TEXT, now=NOW)
    (waiting,) = await read_objections(world.service.database, "", 1)
    assert waiting.refused_by == [other]


async def test_mending_makes_the_objection_lapse(world: World) -> None:
    link = await objected(world)
    draft = drafting.Draft("health", "Een andere titel dan eerst", REQUEST, REASONS)
    version = (await drafting.managed(world.service, link)).version
    await drafting.resubmit(world.service, link, draft, version=version, now=NOW)
    assert (await stored(world, link))["outcome"] == "lapsed"
    assert await read_objections(world.service.database, "", 1) == []
    with pytest.raises(ConflictError):
        await objections.uphold(world.service, link.petition_id, await world.colleague(), reason="Te laat.", now=NOW)


async def test_only_a_rejection_can_be_objected_to_in_time_and_by_its_initiator(world: World) -> None:
    link = await world.moderated(BY_ONE)
    with pytest.raises(ConflictError):
        await objections.object_to(world.service, link, text=TEXT, now=NOW)
    assert await objections.read_objection(world.service, link, now=NOW) is None
    await world.rejected(link)
    with pytest.raises(InvalidInputError):
        await objections.object_to(world.service, link, text="", now=NOW)
    with pytest.raises(NotFoundError):
        await objections.object_to(world.service, Link(link.petition_id, bytes(16)), text=TEXT, now=NOW)
    with pytest.raises(ConflictError, match="too_late_to_object"):
        await objections.object_to(world.service, link, text=TEXT, now=NOW + timedelta(days=15))
    with pytest.raises(ConflictError, match="no_objection"):
        await objections.uphold(world.service, link.petition_id, await world.colleague(), reason="Waarop?", now=NOW)


async def test_of_many_at_once_one_counts(world: World) -> None:
    link = await world.rejected(await world.moderated(BY_ONE))
    made = await asyncio.gather(
        *(objections.object_to(world.service, link, text=TEXT, now=NOW) for _ in range(5)), return_exceptions=True
    )
    assert made.count(None) == 1
    other = await world.colleague()
    judges = [objections.uphold, objections.dismiss] * 3
    decided = await asyncio.gather(
        *(judge(world.service, link.petition_id, other, reason="Daarom zo.", now=NOW) for judge in judges),
        return_exceptions=True,
    )
    assert decided.count(None) == 1
    assert all(one is None or isinstance(one, ConflictError) for one in [*made, *decided])


async def test_while_an_objection_waits_nobody_is_forgotten(world: World) -> None:
    link = await objected(world)
    late = NOW + timedelta(days=60)
    assert await retention.forget_people(world.service, now=late) == 0
    await objections.dismiss(world.service, link.petition_id, await world.colleague(), reason="Het klopt.", now=late)
    assert await retention.forget_people(world.service, now=late) == 0  # the answer is still to be mailed
    assert await retention.forget_people(world.service, now=late + timedelta(days=30)) == 1
    assert (await stored(world, link))["text"] == ""
    assert (await drafting.managed(world.service, link)).stage == Stage.REJECTED


async def test_the_public_is_told_of_the_objection_to_the_rejection_that_stands(world: World) -> None:
    link = await objected(world)
    await objections.uphold(world.service, link.petition_id, await world.colleague(), reason="U heeft gelijk.", now=NOW)
    await moderation.reject(
        world.service, link.petition_id, await world.colleague(), ground="illegal", reason="Toch niet.", now=NOW
    )
    shown = await drafting.managed(world.service, link)
    events = await read_timeline(
        world.service.database,
        world.service.event_kinds,
        shown.id,
        shown.procedure.body.zone,
        stage=shown.stage,
        hidden=False,
    )
    assert objections_in(events) == []
