"""The queries of the stages themselves: each moves a petition on only from its own stage, version and owner.

The acts ask the rules first, so most of this can only happen when two people act at the same moment; the query is what
holds then.
"""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from petitions.database.connection import Connection
from petitions.lifecycle.rules.states import Stage
from petitions.security.tokens import new_key
from tests.all_queries import queries
from tests.conftest import NOW
from tests.world import World

LATER = NOW + timedelta(days=3)
TEXT = {
    "title": "Een titel",
    "request": "Een vraag",
    "reasons": "Redenen",
    "previous_action": "Eerder",
    "subject": "health",
}
EVERY_DATE = """
update petition set
    confirmed_at = $2, submitted_at = $2, moderation_due_on = ($2::timestamptz)::date, opened_at = null,
    closed_at = null, ended_at = null, ground = null, reason = null, claimed_by = null, claimed_at = null,
    stage = $3::text
where id = $1
"""
ENDED = """
update petition set
    confirmed_at = $2, closed_at = $2, ended_at = $2, ground = 'wrong_body', reason = 'Omdat.', stage = $3::text,
    opened_at = case when $3 not in ('rejected', 'withdrawn') then $2::timestamptz end
where id = $1
"""


class UndoError(Exception):
    """Takes back what was tried."""


@asynccontextmanager
async def tried(world: World, petition: int, stage: Stage) -> AsyncIterator[Connection]:
    """The petition as it would be in this stage; what is done to it there is undone."""
    before = stage in {Stage.DRAFT, Stage.SPONSORING, Stage.MODERATION}
    try:
        async with world.service.database.transaction() as connection:
            await connection.execute(EVERY_DATE if before else ENDED, petition, NOW, stage.value)
            yield connection
            raise UndoError  # noqa: TRY301 - it takes the transaction back
    except UndoError:
        pass


async def stages(world: World, petition: int, query: Any, **facts: Any) -> set[Stage]:
    """The stages in which this query does anything to this petition."""
    found = set()
    for stage in Stage:
        async with tried(world, petition, stage) as connection:
            with contextlib.suppress(LookupError):  # a statement that always gives a row gave none
                if await query(connection, petition_id=petition, **facts) is not None:
                    found.add(stage)
    return found


@pytest.fixture
async def petition(world: World) -> int:
    return (await world.draft("nl-gemeente-initiatief")).petition_id


async def test_a_draft_is_confirmed_once(world: World, petition: int) -> None:
    assert await stages(world, petition, queries.petition_confirm_draft, stage="sponsoring", now=LATER) == {Stage.DRAFT}


async def test_a_text_is_replaced_before_submission_or_after_a_rejection(world: World, petition: int) -> None:
    editable = {Stage.DRAFT, Stage.SPONSORING}
    assert await stages(world, petition, queries.petition_edit, version=1, **TEXT) == editable | {Stage.REJECTED}
    assert await stages(world, petition, queries.petition_edit, version=2, **TEXT) == set()


async def test_only_what_was_rejected_is_offered_again_or_checked_anew(world: World, petition: int) -> None:
    assert await stages(world, petition, queries.petition_resubmit, now=LATER) == {Stage.REJECTED}
    assert await stages(world, petition, queries.petition_check_anew, staff_id=world.moderator, now=LATER) == {
        Stage.REJECTED
    }


async def test_an_initiator_withdraws_until_signing_ends(world: World, petition: int) -> None:
    assert await stages(world, petition, queries.petition_withdraw, reason="Toch niet.", now=LATER) == {
        Stage.DRAFT,
        Stage.SPONSORING,
        Stage.MODERATION,
        Stage.OPEN,
    }


async def test_only_what_waits_is_claimed_and_opened_and_only_what_is_open_closes(world: World, petition: int) -> None:
    claim = {"staff_id": world.moderator, "now": LATER, "expired_before": NOW}
    assert await stages(world, petition, queries.petition_claim, **claim) == {Stage.MODERATION}
    assert await stages(world, petition, queries.petition_open, now=LATER, closes_at=None) == {Stage.MODERATION}
    assert await stages(world, petition, queries.petition_close, now=LATER) == {Stage.OPEN}


async def test_a_petition_ends_only_from_the_stage_that_was_read(world: World, petition: int) -> None:
    end = {"target": "removed", "ground": "x", "reason": "y", "text_hidden": True, "now": LATER}
    assert await stages(world, petition, queries.petition_end, source="open", **end) == {Stage.OPEN}
    assert await stages(world, petition, queries.petition_end, source="closed", **end) == {Stage.CLOSED}


async def test_only_what_never_became_public_is_deleted(world: World, petition: int) -> None:
    gone = set()
    for stage in Stage:
        async with tried(world, petition, stage) as connection:
            await queries.petition_delete(connection, petition_id=petition)
            if not await connection.fetchval("select count(*) from petition where id = $1", petition):
                gone.add(stage)
    assert gone == {Stage.DRAFT, Stage.SPONSORING}


async def test_what_is_looked_through_for_deletion_and_for_forgetting(world: World, petition: int) -> None:
    drafts, ended = set(), set()
    for stage in Stage:
        async with tried(world, petition, stage) as connection:
            if await queries.petition_drafts_forget(connection):
                drafts.add(stage)
            if await queries.petitions_ended(connection):
                ended.add(stage)
                await connection.execute("update petition set forgotten_at = $1", LATER)
                assert not await queries.petitions_ended(connection)
    assert drafts == {Stage.DRAFT, Stage.SPONSORING}
    assert ended == {Stage.CLOSED, Stage.REJECTED, Stage.WITHDRAWN, Stage.REMOVED}


async def test_each_change_counts_the_version_up_by_one(world: World, petition: int) -> None:
    changes: list[tuple[Any, Stage, dict[str, Any]]] = [
        (queries.petition_confirm_draft, Stage.DRAFT, {"stage": "sponsoring", "now": LATER}),
        (queries.petition_edit, Stage.DRAFT, {"version": 1, **TEXT}),
        (queries.petition_resubmit, Stage.REJECTED, {"now": LATER}),
        (queries.petition_check_anew, Stage.REJECTED, {"staff_id": world.moderator, "now": LATER}),
        (queries.petition_withdraw, Stage.OPEN, {"reason": "Toch niet.", "now": LATER}),
        (queries.petition_open, Stage.MODERATION, {"now": LATER, "closes_at": None}),
        (queries.petition_close, Stage.OPEN, {"now": LATER}),
        (
            queries.petition_end,
            Stage.OPEN,
            {"source": "open", "target": "removed", "ground": "x", "reason": "y", "text_hidden": True, "now": LATER},
        ),
    ]
    for query, stage, facts in changes:
        async with tried(world, petition, stage) as connection:
            await query(connection, petition_id=petition, **facts)
            assert await connection.fetchval("select version from petition where id = $1", petition) == 2


async def test_confirming_sets_the_moments_of_the_stage_that_follows(world: World, petition: int) -> None:
    for stage in ("sponsoring", "moderation"):
        async with world.service.database.connection() as connection:
            transaction = connection.transaction()
            await transaction.start()
            await queries.petition_confirm_draft(connection, petition_id=petition, stage=stage, now=LATER)
            row = await connection.fetchrow("select * from petition where id = $1", petition)
            assert row is not None
            submitted = stage == "moderation"
            assert row["submitted_at"] == (LATER if submitted else None)
            assert (row["moderation_due_on"] is not None) == submitted
            await transaction.rollback()


CLAIM_LASTS = timedelta(hours=2)


@pytest.mark.parametrize(
    ("claimed", "ago", "free"),
    [
        ("nobody", timedelta(0), True),
        ("me", timedelta(0), True),
        ("colleague", timedelta(0), False),
        ("colleague", CLAIM_LASTS, False),
        ("colleague", CLAIM_LASTS + timedelta(microseconds=1), True),
    ],
)
async def test_a_claim_of_a_colleague_holds_to_the_instant(
    world: World, petition: int, claimed: str, ago: timedelta, free: bool
) -> None:
    who = {"nobody": None, "me": world.moderator, "colleague": await world.colleague()}[claimed]
    for query, key in ((queries.petition_claim, {"petition_id": petition}), (queries.petition_claim_oldest, {})):
        async with tried(world, petition, Stage.MODERATION) as connection:
            at = None if who is None else NOW - ago
            await connection.execute("update petition set claimed_by = $1, claimed_at = $2", who, at)
            more = {} if key else {"procedure": ""}
            found = await query(
                connection, staff_id=world.moderator, now=NOW, expired_before=NOW - CLAIM_LASTS, **key, **more
            )
            expected = free and (
                bool(key) or claimed != "me"
            )  # the oldest is one that nobody works on, oneself neither
            assert (found == petition) == expected


async def test_nobody_claims_what_waits_for_a_reader_of_their_own_proposal(world: World, petition: int) -> None:
    colleague = await world.colleague()
    for query, key in (
        (queries.petition_claim, {"petition_id": petition}),
        (queries.petition_claim_oldest, {"procedure": ""}),
    ):
        async with tried(world, petition, Stage.MODERATION) as connection:
            await queries.refusal_propose(
                connection, petition_id=petition, staff_id=world.moderator, ground="x", reason="y", now=NOW
            )
            facts = {"now": NOW, "expired_before": NOW - CLAIM_LASTS, **key}
            assert await query(connection, staff_id=world.moderator, **facts) is None
            assert await query(connection, staff_id=colleague, **facts) == petition


async def test_the_oldest_of_a_procedure_is_claimed_where_one_is_asked_for(world: World, petition: int) -> None:
    async with tried(world, petition, Stage.MODERATION) as connection:
        facts = {"staff_id": world.moderator, "now": NOW, "expired_before": NOW - CLAIM_LASTS}
        assert await queries.petition_claim_oldest(connection, procedure="uk-parliament", **facts) is None
        assert await queries.petition_claim_oldest(connection, procedure="nl-gemeente-initiatief", **facts) == petition


async def test_a_claim_is_given_back_by_who_has_it(world: World, petition: int) -> None:
    colleague = await world.colleague()
    async with tried(world, petition, Stage.MODERATION) as connection:
        await connection.execute("update petition set claimed_by = $1, claimed_at = $2", colleague, NOW)
        assert await queries.petition_release(connection, petition_id=petition, staff_id=world.moderator) is None
        assert await queries.petition_release(connection, petition_id=petition, staff_id=colleague) == petition


async def test_the_first_signature_is_counted_once(world: World, petition: int) -> None:
    facts = {"petition_id": petition, "email_index": b"i" * 16, "contact": b"c", "language": "nl", "now": NOW}
    async with world.service.database.connection() as connection:
        for _ in range(2):
            await queries.signature_of_initiator(connection, token_id=new_key(), **facts)
        other = {**facts, "email_index": b"j" * 16}
        await queries.signature_of_initiator(connection, token_id=new_key(), **other)
        rows = await connection.fetch("select number, kind from signature order by number")
        assert [(row["number"], row["kind"]) for row in rows] == [(1, "initiator"), (2, "initiator")]
        assert await connection.fetchval("select confirmed from signature_count where petition_id = $1", petition) == 2
        assert await connection.fetchval("select sum(confirmed) from signature_hour") == 2
