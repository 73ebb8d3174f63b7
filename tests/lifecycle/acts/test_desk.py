"""Assignments and notes: two clerks at once, and the work of somebody who leaves a committee."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from petitions.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts import desk
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.reads.desk import read_assignment, read_colleagues
from petitions.lifecycle.rules.steps import StepInput
from petitions.staff.acts import posts as staffing
from petitions.staff.acts import sessions as staff
from tests.world import World


@pytest.fixture
async def seen(world: World) -> SeenReferral:
    return await world.referred()


async def clerk(world: World, name: str) -> Clerk:
    made = await staff.add(
        world.service, f"{name}@kantoor.example", name, committees=(world.committee,), now=datetime.now().astimezone()
    )
    return Clerk(made, (world.committee,))


async def has_it(world: World, seen: SeenReferral) -> int | None:
    return (await read_assignment(world.service.database, seen.petition_id, seen.referral_id)).assigned_to


async def test_of_two_clerks_who_take_it_at_once_one_has_it(world: World, seen: SeenReferral, now: datetime) -> None:
    clerks = [await clerk(world, name) for name in ("ann", "bob", "cor")]
    ids = (seen.petition_id, seen.referral_id)
    done = await asyncio.gather(
        *(desk.assign(world.service, one, *ids, to=one.staff_id, seen=None, now=now) for one in clerks),
        return_exceptions=True,
    )
    assert [type(one) for one in done if one is not None] == [ConflictError, ConflictError]
    winner = next(one for one, said in zip(clerks, done, strict=True) if said is None)
    assert await has_it(world, seen) == winner.staff_id
    async with world.service.database.connection() as connection:
        told = await connection.fetch("select public, staff_id, data from event where kind = 'assigned'")
        queued = await connection.fetchval(
            "select count(*) from outbox o join event e on e.id = o.event_id where e.kind = 'assigned'"
        )
    assert [(row["public"], row["staff_id"], row["data"]["to"]) for row in told] == [
        (False, winner.staff_id, winner.staff_id)
    ]
    assert queued == 0


async def test_work_of_who_leaves_the_committee_is_free_again(world: World, seen: SeenReferral, now: datetime) -> None:
    one = await clerk(world, "ann")
    boss = await staff.add(world.service, "baas@kantoor.example", "Baas", is_administrator=True, now=now)
    await desk.assign(world.service, one, seen.petition_id, seen.referral_id, to=one.staff_id, seen=None, now=now)
    member = await staffing.member(world.service, one.staff_id)
    post = replace(member.post, committees=(), sits_on=(world.committee,))
    await staffing.change_member(world.service, boss, one.staff_id, post, seen=member.mark, now=now)
    assert await has_it(world, seen) is None
    (change, *_) = await staffing.latest_changes(world.service, one.staff_id)
    assert change.data == {"committees": [[world.committee], []], "sits_on": [[], [world.committee]]}
    people = await read_colleagues(world.service.database, world.committee)
    assert (one.staff_id, "ann") in people.members
    assert (one.staff_id, "ann") not in people.clerks
    facts = StepInput(happened_on=now.date())
    with pytest.raises(ForbiddenError):
        await world.step(Clerk(one.staff_id, ()), seen, "received", facts, now=now)


async def test_only_a_member_of_this_committee_becomes_its_rapporteur(
    world: World, seen: SeenReferral, now: datetime
) -> None:
    one = await clerk(world, "ann")
    seen = await world.step(one, seen, "received", StepInput(happened_on=now.date()), now=now)
    stranger = await staff.add(world.service, "s@kantoor.example", "S", sits_on=("digitale-zaken",), now=now)
    for nobody in (stranger, one.staff_id, world.moderator, 999):
        with pytest.raises(InvalidInputError) as refused:
            await world.step(one, seen, "rapporteur", StepInput(happened_on=now.date(), member=nobody), now=now)
        assert refused.value.fields == {"member": "choice"}
    member = await staff.add(world.service, "m@kantoor.example", "Mia Smit", sits_on=(world.committee,), now=now)
    facts = StepInput(happened_on=now.date(), member=member)
    seen = await world.step(one, seen, "rapporteur", facts, now=now)
    charge = await read_assignment(world.service.database, seen.petition_id, seen.referral_id)
    assert charge.rapporteur_id == member
    seen = await world.step(one, seen, "sample_check", StepInput(happened_on=now.date(), text="In orde."), now=now)
    after = await read_assignment(world.service.database, seen.petition_id, seen.referral_id)
    assert after.rapporteur_id == member, "later steps leave the rapporteur"


async def test_a_note_is_only_for_a_referral_of_ones_own(world: World, seen: SeenReferral, now: datetime) -> None:
    one = await clerk(world, "ann")
    ids = (seen.petition_id, seen.referral_id)
    with pytest.raises(NotFoundError):
        await desk.note(world.service, one.staff_id, ("digitale-zaken",), *ids, "Hallo.", now=now)
    await desk.note(world.service, one.staff_id, (world.committee,), *ids, "Hallo.", now=now)
    with pytest.raises(NotFoundError):
        await desk.delete_note(world.service, one.staff_id, *ids, 999)
