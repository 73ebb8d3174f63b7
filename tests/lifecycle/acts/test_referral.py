"""A committee handles a petition step by step: every step once, in order, in public, by its own clerk only."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from petitions.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts import outcome, referral, thresholds
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.reads.referral import read_referrals, show
from petitions.lifecycle.rules.referral import ReferralState, StepRefusedError
from petitions.lifecycle.rules.steps import StepInput
from tests.world import World

DAY = date(2026, 3, 2)
REASONS = "De Kamer vindt dat de regering hier nu mee aan de slag moet."


def at(days: int) -> datetime:
    """The test's morning, some days later."""
    return datetime(2026, 3, 2, 10, tzinfo=UTC) + timedelta(days=days)


def on(days: int) -> date:
    return DAY + timedelta(days=days)


async def row_of(world: World, seen: SeenReferral) -> Any:
    async with world.service.database.connection() as connection:
        return await connection.fetchrow(
            "select * from referral where petition_id = $1 and id = $2", seen.petition_id, seen.referral_id
        )


async def events_of(world: World, petition: int) -> list[Any]:
    async with world.service.database.connection() as connection:
        return await connection.fetch("select * from event where petition_id = $1 and public order by id", petition)


@pytest.fixture
def clerk(world: World) -> Clerk:
    return Clerk(world.clerk, (world.committee,))


async def test_whole_handling_of_a_citizens_initiative(world: World, clerk: Clerk) -> None:
    seen = await world.referred()
    assert (await row_of(world, seen))["state"] == "waiting"
    steps = [
        ("received", StepInput(happened_on=on(1)), "received"),
        ("sample_check", StepInput(happened_on=on(20), text="Van 500 mensen is de steun gecontroleerd."), "examined"),
        ("report", StepInput(happened_on=on(30), text="De commissie adviseert te behandelen."), "examined"),
        ("admissibility", StepInput(happened_on=on(40), admissible=True), "admissible"),
        (
            "plenary_debate",
            StepInput(
                meeting="held", meeting_at=at(60), place="Plenaire zaal", text="De Kamer sprak er drie uur over."
            ),
            "admissible",
        ),
        ("votes", StepInput(happened_on=on(65), outcome="motion_adopted", reasons=REASONS), "decided"),
        ("what_came_of_it", StepInput(happened_on=on(250), text="De regeling is aangepast."), "concluded"),
    ]
    for code, facts, state in steps:
        day = facts.happened_on or on(60)
        seen = await world.step(clerk, seen, code, facts, now=at((day - DAY).days))
        assert (await row_of(world, seen))["state"] == state
    row = await row_of(world, seen)
    assert (row["outcome"], row["reasons"], row["version"]) == ("motion_adopted", REASONS, 8)
    assert row["follow_up_on"] == date(2026, 11, 6), "six months after the decision, as the outcome says"
    events = [event for event in await events_of(world, seen.petition_id) if event["kind"] == "step"]
    assert [event["data"]["step"] for event in events] == [code for code, _, _ in steps]
    assert events[5]["data"] == {
        "referral": seen.referral_id,
        "threshold": "examine",
        "committee": world.committee,
        "step": "votes",
        "kind": "decide",
        "date": on(65).isoformat(),
        "outcome": "motion_adopted",
        "reasons": REASONS,
        "follow_up_on": "2026-11-06",
    }


async def test_petition_that_is_handed_over_goes_to_the_committee_of_its_subject(world: World) -> None:
    link = await world.opened("nl-kamer-petitie")
    await thresholds.hand_over(world.service, link, now=at(3))
    seen = await world.referral(link.petition_id, "offer")
    assert (await row_of(world, seen))["committee_slug"] == "volksgezondheid-welzijn-en-sport"
    clerk = await world.clerk_of("volksgezondheid-welzijn-en-sport")
    seen = await world.step(clerk, seen, "received", StepInput(happened_on=on(4)), now=at(4))
    seen = await world.step(clerk, seen, "whether_and_when", StepInput(happened_on=on(8), admissible=True), now=at(8))
    place, moment = "Statenpassage", datetime(2026, 3, 24, 12, 15, tzinfo=UTC)
    plan = StepInput(meeting="planned", meeting_at=moment, place=place)
    seen = await world.step(clerk, seen, "hand_over", plan, now=at(9))
    row = await row_of(world, seen)
    assert (row["meeting_at"], row["meeting_place"]) == (moment, place)
    held = StepInput(meeting="held", meeting_at=moment, place=place, text="Zeven Kamerleden waren er.")
    seen = await world.step(clerk, seen, "hand_over", held, now=at(23))
    with pytest.raises(StepRefusedError, match="step_done"):
        await world.step(clerk, seen, "hand_over", held, now=at(24))
    letter = StepInput(happened_on=on(40), outcome="letter_from_minister", reasons="De minister schreef een brief.")
    seen = await world.step(clerk, seen, "closed", letter, now=at(40))
    seen = await world.step(clerk, seen, "follow_up", StepInput(happened_on=on(99), text="De wet is er."), now=at(99))
    assert (await row_of(world, seen))["state"] == "concluded"


async def test_both_referrals_of_a_british_petition_run_beside_each_other(world: World) -> None:
    first = await world.referred("uk-parliament", threshold="response")
    await world.lower_threshold(first.petition_id, "debate", 1 + await world.count(first.petition_id))
    await world.sign(first.petition_id)
    second = await world.referral(first.petition_id, "debate")
    government, house = await world.clerk_of("uk-government"), await world.clerk_of("uk-petitions-committee")
    first = await world.step(government, first, "response_requested", StepInput(happened_on=on(1)), now=at(1))
    answer = StepInput(happened_on=on(30), text="The Government is not going to do this.")
    first = await world.step(government, first, "response_published", answer, now=at(30))
    with pytest.raises(ForbiddenError):
        await world.step(government, second, "considered", StepInput(happened_on=on(2)), now=at(2))
    second = await world.step(house, second, "considered", StepInput(happened_on=on(2)), now=at(2))
    debated = StepInput(happened_on=on(50), outcome="debated", reasons="It was debated in Westminster Hall.")
    second = await world.step(house, second, "debate_decided", debated, now=at(50))
    responded = StepInput(happened_on=on(60), outcome="response_revised", reasons="It did not answer the request.")
    first = await world.step(government, first, "response_reviewed", responded, now=at(60))
    assert (await row_of(world, first))["follow_up_on"] == date(2026, 8, 1)
    news = StepInput(happened_on=on(150), text="A new response came.")
    first = await world.step(government, first, "what_came_of_it", news, now=at(150))
    views = await read_referrals(world.service.database, first.petition_id)
    assert [(view.threshold_code, view.state) for view in views] == [
        ("response", ReferralState.CONCLUDED),
        ("debate", ReferralState.DECIDED),
    ]


async def test_refusal_ends_the_handling_with_a_ground_of_the_procedure(world: World, clerk: Clerk) -> None:
    seen = await world.referred()
    for code, facts in (
        ("received", StepInput()),
        ("sample_check", StepInput(text="Te weinig.")),
        ("report", StepInput(text="Nee.")),
    ):
        facts = StepInput(happened_on=on(2), text=facts.text)
        seen = await world.step(clerk, seen, code, facts, now=at(2))
    for facts, field in (
        (StepInput(happened_on=on(3), admissible=False, reasons="Te weinig steun."), "ground"),
        (StepInput(happened_on=on(3), admissible=False, ground="no_such", reasons="Te weinig steun."), "ground"),
        (StepInput(happened_on=on(3), admissible=False, ground="not_enough_support"), "reasons"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            await world.step(clerk, seen, "admissibility", facts, now=at(3))
        assert list(caught.value.fields) == [field]
    refusal = StepInput(happened_on=on(3), admissible=False, ground="not_enough_support", reasons="Te weinig steun.")
    seen = await world.step(clerk, seen, "admissibility", refusal, now=at(3))
    row = await row_of(world, seen)
    assert (row["state"], row["ground"], row["due_on"]) == ("inadmissible", "not_enough_support", None)
    with pytest.raises(StepRefusedError, match="handling_ended"):
        await world.step(clerk, seen, "plenary_debate", StepInput(happened_on=on(4), text="Toch."), now=at(4))


async def test_step_out_of_order_names_the_step_that_comes_first(world: World, clerk: Clerk) -> None:
    seen = await world.referred()
    decision = StepInput(happened_on=on(1), outcome="position_taken", reasons=REASONS)
    with pytest.raises(StepRefusedError) as caught:
        await world.step(clerk, seen, "votes", decision, now=at(1))
    assert caught.value.reason == "step_too_early"
    assert caught.value.waits_for is not None
    assert caught.value.waits_for.code == "received"
    with pytest.raises(NotFoundError):
        await world.step(clerk, seen, "no_such_step", StepInput(happened_on=on(1)), now=at(1))
    assert (await row_of(world, seen))["version"] == 1


async def test_of_two_clerks_at_once_one_is_told_that_a_colleague_was_first(world: World, clerk: Clerk) -> None:
    seen = await world.referred()
    colleague = await world.clerk_of(world.committee)
    results = await asyncio.gather(
        *(
            referral.record_step(world.service, one, seen, "received", StepInput(happened_on=on(1)), now=at(1))
            for one in (clerk, colleague)
        ),
        return_exceptions=True,
    )
    refused = [result for result in results if isinstance(result, ConflictError)]
    assert [error.reason for error in refused] == ["changed"]
    async with world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from referral_step") == 1
        assert await connection.fetchval("select count(*) from event where kind = 'step'") == 1
        told = await connection.fetchval(
            "select count(*) from outbox as o inner join event as e using (petition_id) "
            "where o.event_id = e.id and e.kind = 'step'"
        )
    assert told == 1


async def test_clerk_of_another_committee_is_refused(world: World) -> None:
    seen = await world.referred()
    stranger = await world.clerk_of("digitale-zaken")
    with pytest.raises(ForbiddenError):
        await world.step(stranger, seen, "received", StepInput(happened_on=on(1)), now=at(1))
    with pytest.raises(NotFoundError):
        await world.step(
            stranger, SeenReferral(seen.petition_id, 99999, 1), "received", StepInput(happened_on=on(1)), now=at(1)
        )


async def test_decision_without_reasons_or_with_an_unknown_outcome_stores_nothing(world: World) -> None:
    seen = await world.referred("uk-parliament", threshold="debate")
    house = await world.clerk_of("uk-petitions-committee")
    seen = await world.step(house, seen, "considered", StepInput(happened_on=on(1)), now=at(1))
    for facts, fields in (
        (StepInput(happened_on=on(2), outcome="debated"), {"reasons": "missing"}),
        (StepInput(happened_on=on(2), outcome="won", reasons=REASONS), {"outcome": "choice"}),
        (StepInput(happened_on=on(2), reasons=REASONS), {"outcome": "missing"}),
        (StepInput(happened_on=on(9), outcome="debated", reasons=REASONS), {"happened_on": "date_future"}),
        (
            StepInput(happened_on=on(2), outcome="debated", reasons=REASONS, follow_up_on=on(2)),
            {"follow_up_on": "date_past"},
        ),
    ):
        with pytest.raises(InvalidInputError) as caught:
            await world.step(house, seen, "debate_decided", facts, now=at(2))
        assert caught.value.fields == fields
    assert (await row_of(world, seen))["state"] == "received"


async def test_steps_of_the_wrong_use_case_are_a_defect(world: World, clerk: Clerk) -> None:
    seen = await world.referred()
    with pytest.raises(ValueError, match=r"life\.referral"):
        await outcome.record_outcome(world.service, clerk, seen, "received", StepInput(happened_on=on(1)), now=at(1))


async def test_more_time_is_taken_in_public(world: World, clerk: Clerk) -> None:
    seen = await world.referred()
    for due_on, reason, fields in (
        (None, "Druk.", {"due_on": "missing"}),
        (on(5), "Druk.", {"due_on": "date_past"}),
        (on(90), "", {"reason": "missing"}),
    ):
        with pytest.raises(InvalidInputError) as caught:
            await referral.extend(world.service, clerk, seen, due_on=due_on, reason=reason, now=at(5))
        assert caught.value.fields == fields
    await referral.extend(world.service, clerk, seen, due_on=on(90), reason="De steekproef duurt lang.", now=at(5))
    later = SeenReferral(seen.petition_id, seen.referral_id, seen.version + 1)
    with pytest.raises(InvalidInputError) as caught:
        await referral.extend(world.service, clerk, later, due_on=on(80), reason="Toch eerder.", now=at(6))
    assert caught.value.fields == {"due_on": "not_later"}
    with pytest.raises(ConflictError, match="changed"):
        await referral.extend(world.service, clerk, seen, due_on=on(99), reason="Nog eens.", now=at(6))
    last = (await events_of(world, seen.petition_id))[-1]
    assert (last["kind"], last["data"]["due_on"], last["data"]["was_due_on"]) == ("extended", on(90).isoformat(), None)
    view = (await read_referrals(world.service.database, seen.petition_id))[0]
    assert [(one.due_on, one.reason) for one in view.extensions] == [(on(90), "De steekproef duurt lang.")]
    shown = show(view, world.service.procedures, world.service.committees, now=at(104))
    assert (shown.clock.days, shown.clock.days_overdue) == (104, 14)


async def test_meeting_can_move_and_can_fall_through(world: World) -> None:
    seen = await world.referred("uk-parliament", threshold="debate")
    house = await world.clerk_of("uk-petitions-committee")
    seen = await world.step(house, seen, "considered", StepInput(happened_on=on(1)), now=at(1))

    def facts(meeting: Any, days: int, text: str = "") -> StepInput:
        return StepInput(meeting=meeting, meeting_at=at(days), place="Committee Room 9", text=text)

    with pytest.raises(InvalidInputError) as caught:
        await world.step(house, seen, "evidence", facts("planned", 1), now=at(2))
    assert caught.value.fields == {"meeting_at": "date_past"}
    seen = await world.step(house, seen, "evidence", facts("planned", 10), now=at(2))
    seen = await world.step(house, seen, "evidence", facts("planned", 12), now=at(3))
    with pytest.raises(InvalidInputError) as caught:
        await world.step(house, seen, "evidence", facts("cancelled", 12), now=at(4))
    assert caught.value.fields == {"text": "missing"}
    seen = await world.step(house, seen, "evidence", facts("cancelled", 12, "The witness is ill."), now=at(4))
    assert (await row_of(world, seen))["meeting_at"] is None
    seen = await world.step(house, seen, "evidence", facts("planned", 20), now=at(5))
    with pytest.raises(InvalidInputError) as caught:
        await world.step(house, seen, "evidence", facts("held", 20), now=at(6))
    assert caught.value.fields == {"meeting_at": "date_future"}
    seen = await world.step(house, seen, "evidence", facts("held", 20), now=at(21))
    view = next(v for v in await read_referrals(world.service.database, seen.petition_id) if v.id == seen.referral_id)
    assert view.steps[-1].happened_on == on(20)


async def test_petition_that_is_taken_down_or_withdrawn_is_still_handled(world: World) -> None:
    seen = await world.referred("uk-parliament", threshold="debate")
    async with world.service.database.connection() as connection:
        await connection.execute(
            "update petition set stage = 'removed', ended_at = now(), ground = 'offensive', reason = 'x', "
            "text_hidden = true"
        )
    house = await world.clerk_of("uk-petitions-committee")
    seen = await world.step(house, seen, "considered", StepInput(happened_on=on(1)), now=at(1))
    assert (await row_of(world, seen))["state"] == "received"
