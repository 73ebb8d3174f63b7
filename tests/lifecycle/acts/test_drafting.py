"""Drafting on a real database: start, confirm, edit, resubmit, publish news, withdraw."""

import asyncio
from datetime import timedelta

import pytest

from petitions.errors import ConflictError, NotFoundError
from petitions.lifecycle.acts import drafting, retention
from petitions.lifecycle.acts.drafting import Draft
from petitions.lifecycle.queries import drafting as queries
from petitions.lifecycle.reads.drafting import read_progress
from petitions.lifecycle.reads.similar import read_similar
from petitions.lifecycle.rules.states import Stage
from petitions.security.tokens import Link
from tests.world import NOW, REASONS, REQUEST, World

OTHER = Draft("other", "Een heel andere titel dan eerst", REQUEST, REASONS)


async def events(world: World, link: Link) -> list[str]:
    async with world.service.database.connection() as connection:
        rows = await connection.fetch("select kind from event where petition_id = $1 order by id", link.petition_id)
    return [row["kind"] for row in rows]


async def reject(world: World, link: Link) -> None:
    await world.rejected(link, ground="advertising", reason="Dit is reclame.")


async def test_a_draft_is_confirmed_once(world: World) -> None:
    link = await world.draft("uk-parliament")
    found = await asyncio.gather(*(drafting.confirm(world.service, link, now=NOW) for _ in range(5)))
    assert {petition.stage for petition in found} == {Stage.SPONSORING}
    assert await events(world, link) == ["draft_started", "sponsors_invited"]
    assert await world.count(link.petition_id) == 1  # the initiator signs first, under these rules


async def test_a_key_of_another_petition_opens_nothing(world: World) -> None:
    one, two = await world.draft(), await world.draft()
    with pytest.raises(NotFoundError):
        await drafting.managed(world.service, Link(one.petition_id, two.key))
    with pytest.raises(NotFoundError):
        await drafting.withdraw(world.service, Link(one.petition_id, two.key), reason="Niet van mij.", now=NOW)


async def test_an_edit_from_an_old_form_is_a_conflict(world: World) -> None:
    link = await world.draft()
    version = (await drafting.managed(world.service, link)).version
    await drafting.edit(world.service, link, OTHER, version=version, now=NOW)
    with pytest.raises(ConflictError, match="changed"):
        await drafting.edit(world.service, link, OTHER, version=version, now=NOW)
    assert await events(world, link) == ["draft_started", "edited"]


async def test_after_submission_nothing_is_edited(world: World) -> None:
    link = await world.moderated()
    version = (await drafting.managed(world.service, link)).version
    for change in (drafting.edit, drafting.resubmit):
        with pytest.raises(ConflictError):
            await change(world.service, link, OTHER, version=version, now=NOW)


async def test_a_rejected_text_is_replaced_only_when_it_is_offered_again(world: World) -> None:
    link = await world.moderated()
    await reject(world, link)
    version = (await drafting.managed(world.service, link)).version
    with pytest.raises(ConflictError, match="changed"):
        await drafting.edit(world.service, link, OTHER, version=version, now=NOW)
    await drafting.resubmit(world.service, link, OTHER, version=version, now=NOW)
    petition = await drafting.managed(world.service, link)
    assert (petition.stage, petition.draft, petition.ground) == (Stage.MODERATION, OTHER, None)
    async with world.service.database.connection() as connection:
        titles = await connection.fetch(
            "select title from petition_text where petition_id = $1 order by number", link.petition_id
        )
    assert [row["title"] for row in titles] == ["Geef elk dorp weer nachtzorg dichtbij", OTHER.title]


async def test_mending_from_an_old_form_changes_nothing(world: World) -> None:
    link = await world.moderated()
    await reject(world, link)
    with pytest.raises(ConflictError, match="changed"):
        await drafting.resubmit(world.service, link, OTHER, version=1, now=NOW)
    assert (await drafting.managed(world.service, link)).stage == Stage.REJECTED


async def test_what_came_of_a_petition(world: World) -> None:
    link = await world.opened("nl-burgerinitiatief")
    await drafting.publish_update(world.service, link, title="Nieuws", text="Er is nieuws.", now=NOW)
    await world.lower_threshold(link.petition_id, "examine", 1)
    await world.sign(link.petition_id)
    followed = await read_progress(world.service.database, link.petition_id)
    assert [update.title for update in followed.updates] == ["Nieuws"]
    assert [referral.committee for referral in followed.referrals] == ["verzoekschriften-en-burgerinitiatieven"]
    assert followed.referrals[0].decided_at is None


@pytest.mark.parametrize(
    "text",
    ["c:\\win\\x http://a.example/x\\y?a='b'&c | 'd' !", "\\", "' '' \\'", "a & b | !c :* <-> (", "%s $1 :name {0}"],
)
async def test_no_text_breaks_the_search_for_similar_ones(world: World, text: str) -> None:
    await world.opened("nl-kamer-petitie")
    assert await read_similar(world.service.database, text, "nl", excluding=None, limit=3) == []


async def test_similar_are_the_public_ones_that_share_words(world: World) -> None:
    there = await world.opened("nl-kamer-petitie", title="Houd de huisartsenpost in de nacht open")
    await world.moderated("nl-kamer-petitie", title="Laat huisartsenposten in de nacht open")
    found = await read_similar(
        world.service.database, "Laat huisartsenposten in de nacht open zijn", "nl", excluding=None, limit=3
    )
    assert [petition.id for petition in found] == [there.petition_id]


async def test_similar_are_those_with_the_compound_too(world: World) -> None:
    there = await world.opened("nl-kamer-petitie", title="Houd de huisartsenpost in de nacht open")
    await world.opened("nl-kamer-petitie", title="Plant bomen langs de wegen")
    database = world.service.database
    found = await read_similar(database, "Een post voor de huisarts in de nacht", "nl", excluding=None, limit=3)
    assert [petition.id for petition in found][:1] == [there.petition_id]
    assert await read_similar(database, "Een zwembad met glijbaan", "nl", excluding=None, limit=3) == []


async def test_a_draft_that_goes_on_at_the_last_moment_is_not_deleted(world: World) -> None:
    link = await world.draft()
    late = NOW + timedelta(days=400)
    async with world.service.database.transaction() as connection:
        await queries.petition_confirm_draft(connection, petition_id=link.petition_id, stage="moderation", now=late)
        deleting = asyncio.create_task(retention.delete_drafts(world.service, now=late))
        await world.somebody_waits()
    await deleting
    assert (await drafting.managed(world.service, link)).stage == Stage.MODERATION
    assert await events(world, link) == ["draft_started"]


async def test_usual_words_make_no_petitions_alike(world: World) -> None:
    await world.opened("nl-kamer-petitie", title="Maak van lege winkels en kantoren weer woningen")
    found = await read_similar(
        world.service.database, "Laat de nachttrein naar Berlijn weer rijden", "nl", excluding=None, limit=3
    )
    assert found == []
