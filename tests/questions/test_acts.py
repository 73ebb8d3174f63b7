"""A committee and an initiator ask each other in public; a moderator reads what the initiator writes."""

import asyncio
from datetime import date
from typing import Any

import pytest

from petitions.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.questions import acts as questions
from petitions.questions.reads import Question, read_questions, read_waiting
from tests.world import NOW, World

ASK = "In welke dorpen is de huisartsenpost nu dicht?"
ANSWER = "In elf dorpen. De lijst staat in onze brief van mei."


@pytest.fixture
def clerk(world: World) -> Clerk:
    return Clerk(world.clerk, (world.committee,))


async def ask(world: World, clerk: Clerk, seen: SeenReferral, text: str = ASK, answer_by: date | None = None) -> None:
    await questions.committee_asks(
        world.service,
        clerk,
        seen.petition_id,
        seen.referral_id,
        text=text,
        name="De commissie",
        answer_by=answer_by,
        now=NOW,
    )


async def all_of(world: World, seen: SeenReferral, *, published: bool = False) -> tuple[Question, ...]:
    return await read_questions(world.service.database, seen.petition_id, published=published)


async def events(world: World, seen: SeenReferral, *kinds: str) -> list[Any]:
    async with world.service.database.connection() as connection:
        return await connection.fetch(
            "select kind, public, data from event where petition_id = $1 and kind = any($2) order by id",
            seen.petition_id,
            list(kinds),
        )


async def test_committee_asks_and_the_initiator_answers(world: World, clerk: Clerk) -> None:
    seen = await world.referred()
    link = await world.manage_link(seen.petition_id)
    await ask(world, clerk, seen, answer_by=date(2026, 3, 20))
    await ask(world, clerk, seen, answer_by=date(2026, 3, 20))
    (one,) = await all_of(world, seen, published=True)
    assert (one.asked.text, one.asked.answer_by, one.answer) == (ASK, date(2026, 3, 20), None)
    await questions.initiator_answers(world.service, link, one.asked.number, text=ANSWER, now=NOW)
    await questions.initiator_answers(world.service, link, one.asked.number, text=ANSWER, now=NOW)
    assert (await all_of(world, seen, published=True))[0].answer is None, "a moderator reads it first"
    (waiting,) = await read_waiting(world.service.database)
    assert (waiting.text, waiting.question) == (ANSWER, ASK)
    await questions.publish(world.service, seen.petition_id, waiting.number, world.moderator, now=NOW)
    (one,) = await all_of(world, seen, published=True)
    assert one.answer is not None
    assert (one.answer.text, one.answer.name) == (ANSWER, "Marieke Hoekstra")
    asked, answered = await events(world, seen, "question", "answer")
    assert asked["data"]["due_on"] == "2026-03-20"
    assert (answered["data"]["question"], answered["data"]["side"]) == (ASK, "initiator")
    with pytest.raises(ConflictError, match="changed"):
        await questions.publish(world.service, seen.petition_id, waiting.number, world.moderator, now=NOW)
    with pytest.raises(ConflictError, match="answered"):
        await questions.initiator_answers(world.service, link, one.asked.number, text="Nog een antwoord.", now=NOW)


async def test_what_is_refused_is_told_to_its_author_only_and_can_be_written_again(world: World, clerk: Clerk) -> None:
    seen = await world.referred()
    link = await world.manage_link(seen.petition_id)
    await questions.initiator_asks(world.service, link, seen.referral_id, text="Wat vindt dokter Jansen?", now=NOW)
    (waiting,) = await read_waiting(world.service.database)
    with pytest.raises(InvalidInputError):
        await questions.refuse(
            world.service, seen.petition_id, waiting.number, world.moderator, ground="", reason="", now=NOW
        )
    told = {"ground": "personal", "reason": "Laat de naam weg."}
    await questions.refuse(world.service, seen.petition_id, waiting.number, world.moderator, **told, now=NOW)
    assert await all_of(world, seen, published=True) == ()
    (event,) = await events(world, seen, "question_refused")
    assert (event["public"], event["data"]) == (False, {"number": 1} | told)
    await questions.initiator_asks(world.service, link, seen.referral_id, text="Wat vinden artsen hiervan?", now=NOW)
    (again,) = await read_waiting(world.service.database)
    await questions.publish(world.service, seen.petition_id, again.number, world.moderator, now=NOW)
    await questions.committee_answers(
        world.service,
        clerk,
        seen.petition_id,
        seen.referral_id,
        again.number,
        text="Dat vragen wij aan hen.",
        name="K. de Boer",
        now=NOW,
    )
    (one,) = await all_of(world, seen, published=True)
    assert one.answer is not None
    assert one.answer.name == "K. de Boer"


async def test_other_committees_strangers_and_the_end_of_the_handling(world: World, clerk: Clerk) -> None:
    seen = await world.referred()
    other = await world.clerk_of("digitale-zaken")
    with pytest.raises(ForbiddenError):
        await ask(world, other, seen)
    with pytest.raises(NotFoundError):
        await ask(world, clerk, SeenReferral(seen.petition_id, 99, 1))
    link = await world.manage_link(seen.petition_id)
    for number in range(3):
        await questions.initiator_asks(world.service, link, seen.referral_id, text=f"Vraag nummer {number}", now=NOW)
    with pytest.raises(ConflictError, match="too_many_questions"):
        await questions.initiator_asks(world.service, link, seen.referral_id, text="Nog een vraag", now=NOW)
    with pytest.raises(NotFoundError):
        await questions.initiator_answers(world.service, link, 77, text=ANSWER, now=NOW)
    async with world.service.database.connection() as connection:
        await connection.execute("update petition set stage = 'withdrawn', ended_at = now(), reason = 'x'")
    with pytest.raises(ConflictError, match="handling_ended"):
        await ask(world, clerk, seen)


async def test_two_answers_at_once_are_one(world: World, clerk: Clerk) -> None:
    seen = await world.referred()
    link = await world.manage_link(seen.petition_id)
    await ask(world, clerk, seen)
    told = await asyncio.gather(
        *(questions.initiator_answers(world.service, link, 1, text=f"Antwoord nummer {n}", now=NOW) for n in range(5)),
        return_exceptions=True,
    )
    assert sum(one is None for one in told) == 1
    assert all(one is None or isinstance(one, ConflictError) for one in told)
