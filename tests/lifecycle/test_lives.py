"""The whole life of a petition, from draft to outcome, by the rules of every real body, as the database lives it.

Every procedure file is walked through with the acts of the service: sponsors where it wants them, moderation, opening,
its thresholds, the end of signing, and each referral through all its steps to each of its outcomes, with the dates that
follow. What differs from the file: numbers are lowered, so that a few signatures reach them, and a body that asks for
more than an address is lived through as if an address were enough.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from petitions.durations import end_of_day, local_day
from petitions.errors import ConflictError
from petitions.lifecycle.acts import drafting, moderation, thresholds
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.reads.referral import ShownReferral, read_referrals, show
from petitions.lifecycle.rules.procedures import Procedure, Step, Threshold
from petitions.lifecycle.rules.referral import OPEN, ReferralState
from petitions.lifecycle.rules.steps import MEETINGS, UNLISTED_GROUND, StepInput
from petitions.security.tokens import Link
from tests.world import NOW, World

PROCEDURES = load_procedures().values()


REFUSING = [one for one in PROCEDURES if any(step.kind == "admissibility" for step in one.steps)]
every_procedure = pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: f"{p.code}-v{p.version}")
every_refusing_procedure = pytest.mark.parametrize("procedure", REFUSING, ids=lambda p: f"{p.code}-v{p.version}")

REFERRED = date(2026, 4, 1)
DEADLINES = {  # the day that is due after each step, when every step takes a day: no other body sets a deadline
    ("ee-riigikogu", "consider"): {
        "": date(2026, 5, 1),
        "received": date(2026, 5, 1),
        "accepted": date(2026, 10, 3),
        "discussed": date(2026, 10, 3),
    },
    ("tw-join", "reply"): {"": date(2026, 5, 31), "received": date(2026, 5, 31), "meeting": date(2026, 5, 31)},
    ("fi-kansalaisaloite", "parliament"): {"verified": date(2026, 10, 3)},
}


def live_under(world: World, procedure: Procedure) -> Procedure:
    """The procedure as it is lived through, from now on the only one that this world knows."""
    signing = procedure.signing
    if signing.early_stop:
        signing = replace(signing, early_stop=replace(signing.early_stop, minimum=1))
    lived = replace(
        procedure,
        identity="email",
        signing=signing,
        thresholds=tuple(replace(threshold, spread=None) for threshold in procedure.thresholds),
    )
    world.service.procedures.clear()
    world.service.procedures[procedure.code, procedure.version] = lived
    return lived


async def row_of(world: World, table: str, **key: Any) -> Any:
    """The row of a table with this key."""
    where = " and ".join(f"{column} = ${n}" for n, column in enumerate(key, start=1))
    async with world.service.database.connection() as connection:
        return await connection.fetchrow(f"select * from {table} where {where}", *key.values())


async def stage_of(world: World, link: Link) -> str:
    """Where the petition stands."""
    return str((await row_of(world, "petition", id=link.petition_id))["stage"])


async def reached(world: World, link: Link) -> set[str]:
    """The thresholds that the petition has reached."""
    async with world.service.database.connection() as connection:
        rows = await connection.fetch(
            "select code from threshold where petition_id = $1 and reached_at is not null", link.petition_id
        )
    return {row["code"] for row in rows}


async def told(world: World, link: Link, kind: str) -> list[str]:
    """The thresholds that events of this kind are about."""
    async with world.service.database.connection() as connection:
        rows = await connection.fetch(
            "select data ->> 'threshold' as code from event where petition_id = $1 and kind = $2",
            link.petition_id,
            kind,
        )
    return [row["code"] for row in rows]


async def lower_numbers(world: World, procedure: Procedure, link: Link) -> list[Threshold]:
    """Lower the numbers, in their order, so that every second signature from now on reaches the next; that order."""
    numbers = sorted((one for one in procedure.thresholds if one.count), key=lambda one: one.count or 0)
    there = await world.count(link.petition_id)
    for place, one in enumerate(numbers, start=1):
        await world.lower_threshold(link.petition_id, one.code, there + 2 * place)
    return numbers


def morning(procedure: Procedure, day: date) -> datetime:
    """Ten o'clock by the clock of the body."""
    return datetime.combine(day, time(10), procedure.body.zone)


async def submitted(world: World, procedure: Procedure) -> Link:
    """A petition that has come from its draft to moderation, with its sponsors one by one."""
    link = await world.draft(procedure.code, now=NOW)
    assert await stage_of(world, link) == "draft"
    needed = (await drafting.confirm(world.service, link, now=NOW)).sponsors_required
    assert needed == (procedure.sponsors.minimum if procedure.sponsors else 0)
    if procedure.sponsors:
        assert 0 < needed <= procedure.sponsors.maximum
    for _ in range(needed):
        assert await stage_of(world, link) == "sponsoring"
        await world.sign(link.petition_id, now=NOW, kind="sponsor")
    assert await stage_of(world, link) == "moderation"
    return link


@every_procedure
async def test_petition_lives_from_draft_to_the_end_of_signing(world: World, procedure: Procedure) -> None:
    procedure = live_under(world, procedure)
    link = await submitted(world, procedure)
    due = (await row_of(world, "petition", id=link.petition_id))["moderation_due_on"]
    assert due == procedure.moderation.within.after(local_day(NOW, procedure.body.zone)) > NOW.date()

    await moderation.accept(world.service, link.petition_id, world.moderator, reason="Ja.", now=morning(procedure, due))
    assert await stage_of(world, link) == "open"
    expected = {one.code for one in procedure.thresholds if one.at == "opening"}
    assert await reached(world, link) == expected
    day = due
    for one in await lower_numbers(world, procedure, link):
        day += timedelta(days=10)
        await world.sign(link.petition_id, now=morning(procedure, day))
        assert await reached(world, link) == expected, "one less than the number is not enough"
        await world.sign(link.petition_id, now=morning(procedure, day))
        expected.add(one.code)
        assert await reached(world, link) == expected, "the number itself is enough"

    await signing_ends(world, procedure, link, opened=due, day=day)
    assert await reached(world, link) == {one.code for one in procedure.thresholds}
    for one in procedure.thresholds:
        referral = await row_of(world, "referral", petition_id=link.petition_id, threshold_code=one.code)
        assert (referral is None) == (one.effect == "publish")
        assert referral is None or referral["state"] == "waiting"
    assert sorted(await told(world, link, "threshold_reached")) == sorted(
        one.code for one in procedure.thresholds if one.count
    ), "every number was crossed once"
    assert sorted(await told(world, link, "referred")) == sorted(one.code for one in referring(procedure))


async def signing_ends(world: World, procedure: Procedure, link: Link, *, opened: date, day: date) -> None:
    """Signing ends as the procedure has it: by its last day, by the initiator, or not at all."""
    service = world.service
    if procedure.signing.lasts:
        last = procedure.signing.lasts.after(opened)
        assert day <= last, "every threshold can be reached within the time for signing"
        ends = end_of_day(last, procedure.body.zone)
        assert await thresholds.close_due(service, now=ends - timedelta(seconds=1)) == 0
        assert await thresholds.close_due(service, now=ends) == 1
    elif procedure.signing.initiator_may_close:
        await thresholds.hand_over(service, link, now=morning(procedure, day))
    else:
        assert await thresholds.close_due(service, now=morning(procedure, day) + timedelta(days=3650)) == 0
        assert await stage_of(world, link) == "open"
        return
    assert await stage_of(world, link) == "closed"
    with pytest.raises(ConflictError):
        await thresholds.hand_over(service, link, now=morning(procedure, day))


async def all_referred(world: World, procedure: Procedure) -> Link:
    """A petition that has reached every threshold on the day ``REFERRED``."""
    now = morning(procedure, REFERRED)
    link = await world.opened(procedure.code, now=now)
    for _ in await lower_numbers(world, procedure, link):
        await world.sign(link.petition_id, now=now)
        await world.sign(link.petition_id, now=now)
    if any(one.at == "closing" for one in procedure.thresholds):
        await thresholds.hand_over(world.service, link, now=now)
    return link


async def shown(world: World, seen: SeenReferral, now: datetime) -> ShownReferral:
    """The referral as its page tells it."""
    service = world.service
    views = await read_referrals(service.database, seen.petition_id)
    view = next(one for one in views if one.id == seen.referral_id)
    return show(view, service.procedures, service.committees, now=now)


def facts_of(procedure: Procedure, step: Step, day: date, outcome: str, *, admissible: bool = True) -> StepInput:
    """What a clerk would fill in for a step on this day."""
    if step.kind in MEETINGS:
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=procedure.body.zone)
        return StepInput(meeting="held", meeting_at=moment, place="Zaal 1", text="Zo ging het.")
    if step.kind == "admissibility" and not admissible:
        grounds = procedure.admissibility_grounds
        ground = grounds[0].code if grounds else UNLISTED_GROUND
        return StepInput(day, admissible=False, ground=ground, reasons="Daarom.")
    by_kind = {
        "admissibility": StepInput(day, admissible=True),
        "appoint_rapporteur": StepInput(day, rapporteur="K. de Boer"),
        "ask_response": StepInput(day, to="De minister"),
        "decide": StepInput(day, outcome=outcome, reasons="Daarom."),
    }
    return by_kind.get(step.kind, StepInput(day, text="Zo ging het."))


async def take(
    world: World, clerk: Clerk, seen: SeenReferral, step: Step, day: date, *, outcome: str = "", admissible: bool = True
) -> tuple[SeenReferral, Any]:
    """Record the step in the evening of this day; the referral as it was seen and as it is stored after it."""
    (procedure,) = world.service.procedures.values()
    facts = facts_of(procedure, step, day, outcome, admissible=admissible)
    evening = datetime.combine(day, time(20), procedure.body.zone)
    seen = await world.step(clerk, seen, step.code, facts, now=evening)
    return seen, await row_of(world, "referral", petition_id=seen.petition_id, id=seen.referral_id)


def referring(procedure: Procedure) -> Collection[Threshold]:
    """The thresholds that bring the petition before a committee."""
    return [threshold for threshold in procedure.thresholds if threshold.effect != "publish"]


@every_procedure
async def test_every_referral_can_come_to_every_outcome(world: World, procedure: Procedure) -> None:
    procedure = live_under(world, procedure)
    assert referring(procedure)
    assert procedure.outcomes
    clerk = await world.clerk_of(*world.service.committees)
    for outcome in procedure.outcomes:
        link = await all_referred(world, procedure)
        for threshold in referring(procedure):
            await handled(world, clerk, link, threshold, outcome.code)


async def handled(world: World, clerk: Clerk, link: Link, threshold: Threshold, outcome: str) -> None:
    """Walk one referral through all its steps to ``outcome``; its states and days are right all the way."""
    (procedure,) = world.service.procedures.values()
    deadlines = DEADLINES.get((procedure.code, threshold.code), {})
    seen = await world.referral(link.petition_id, threshold.code)
    row = await row_of(world, "referral", petition_id=seen.petition_id, id=seen.referral_id)
    assert row["due_on"] == deadlines.get("")
    day = REFERRED
    for step in procedure.steps_for(threshold.code):
        if step.kind == "follow_up":
            continue
        assert row["state"] in OPEN
        day += timedelta(days=1)
        seen, row = await take(world, clerk, seen, step, day, outcome=outcome)
        assert row["due_on"] == deadlines.get(step.code), step.code
    assert (row["state"], row["outcome"]) == (ReferralState.DECIDED, outcome)
    promised = procedure.outcome(outcome)
    assert promised is not None
    assert row["follow_up_on"] == (promised.follow_up.after(day) if promised.follow_up else None)
    there = await shown(world, seen, morning(procedure, date(2030, 1, 1)))
    assert there.clock.days == (day - REFERRED).days, "the time ended with the decision"
    await followed(world, clerk, seen, there)


async def followed(world: World, clerk: Clerk, seen: SeenReferral, there: ShownReferral) -> None:
    """What came of the decision can be told where the procedure or the outcome asks for it, and then it ends."""
    following = [item.step for item in there.steps if item.plan.possible]
    assert following == [item.step for item in there.steps if item.step.kind == "follow_up"]
    if there.view.follow_up_on:
        assert following, "a promise needs a step that keeps it"
    for step in following:
        seen, row = await take(world, clerk, seen, step, date(2027, 1, 4))
        assert row["state"] == ReferralState.CONCLUDED
    there = await shown(world, seen, morning(there.procedure, date(2030, 1, 1)))
    assert all(item.plan.state == "done" for item in there.steps)


@every_refusing_procedure
async def test_refusal_by_the_committee_ends_the_life(world: World, procedure: Procedure) -> None:
    procedure = live_under(world, procedure)
    clerk = await world.clerk_of(*world.service.committees)
    link = await all_referred(world, procedure)
    for threshold in referring(procedure):
        steps = procedure.steps_for(threshold.code)
        last = next((place for place, step in enumerate(steps) if step.kind == "admissibility"), None)
        if last is None:
            continue
        seen = await world.referral(link.petition_id, threshold.code)
        for number, step in enumerate(steps[: last + 1]):
            day = REFERRED + timedelta(days=number)
            seen, row = await take(world, clerk, seen, step, day, admissible=number < last)
        assert (row["state"], row["due_on"]) == (ReferralState.INADMISSIBLE, None)
        there = await shown(world, seen, morning(procedure, date(2030, 1, 1)))
        assert not any(item.plan.possible for item in there.steps)
