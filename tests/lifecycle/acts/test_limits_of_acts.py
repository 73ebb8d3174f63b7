"""What each act writes down: its event word for word, its fields, and the days on which a petition closes by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from petitions.durations import Duration, end_of_day, local_day
from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts import drafting, moderation, objections, second_reading, signing, thresholds
from petitions.lifecycle.rules.clauses import EarlyStop
from petitions.security.tokens import Link
from tests.conftest import NOW
from tests.world import ANSWERS, REASONS, REQUEST, World

BY_ONE = "nl-gemeente-initiatief"
BY_TWO = "nl-burgerinitiatief"
INSTANT = timedelta(microseconds=1)
LATER = NOW + timedelta(hours=1)
WHY: dict[str, Any] = {"ground": "wrong_body", "reason": "De gemeente gaat hierover."}
WRITTEN = {"ground": "wrong_body", "reason": "De gemeente gaat hierover."}
Event = tuple[str, str, int | None, bool, dict[str, Any]]


async def events(world: World, petition: int) -> list[Event]:
    """What was written down of a petition: kind, actor, who, public, facts; and always at that moment."""
    async with world.service.database.connection() as connection:
        rows = await connection.fetch("select * from event where petition_id = $1 order by id", petition)
    return [(row["kind"], row["actor"], row["staff_id"], row["public"], row["data"]) for row in rows]


async def last(world: World, petition: int, *, at: datetime = LATER) -> Event:
    async with world.service.database.connection() as connection:
        moment = await connection.fetchval(
            "select occurred_at from event where petition_id = $1 order by id desc limit 1", petition
        )
    assert moment == at
    return (await events(world, petition))[-1]


async def row(world: World, petition: int) -> Any:
    async with world.service.database.connection() as connection:
        return await connection.fetchrow("select * from petition where id = $1", petition)


async def test_a_draft_keeps_every_word_and_the_terms_of_its_procedure(world: World) -> None:
    for code in ("uk-parliament", BY_TWO):
        procedure = world.procedure(code)
        text = drafting.Draft("health", "Een titel die lang genoeg is", REQUEST, REASONS, "Wij schreven al.")
        contact = ANSWERS | {"email": "Begin@Voorbeeld.example", "name": "Marieke Hoekstra", "place": "Dokkum"}
        petition = await drafting.begin(world.service, procedure, text, contact, language="en", now=LATER)
        found = await row(world, petition)
        assert (found["procedure_code"], found["procedure_version"]) == (procedure.code, procedure.version)
        assert (found["body"], found["timezone"]) == (procedure.body.code, procedure.body.timezone)
        assert (found["stage"], found["language"], found["created_at"]) == ("draft", "en", LATER)
        words = [found[name] for name in ("subject", "title", "request", "reasons", "previous_action")]
        assert words == ["health", text.title, REQUEST, REASONS, "Wij schreven al."]
        assert (found["initiator_name"], found["initiator_place"]) == ("Marieke Hoekstra", "Dokkum")
        sponsors = procedure.sponsors
        assert found["sponsors_required"] == (sponsors.minimum if sponsors else 0)
        assert found["sponsors_maximum"] == (sponsors.maximum if sponsors else 0)
        assert found["moderation_working_days"] == procedure.moderation.within.working_days
        assert found["remind_after"] == timedelta(days=procedure.pending.remind_after_days)
        assert found["forget_after"] == timedelta(days=procedure.pending.forget_after_days)
        assert world.service.vault.decrypt(
            found["data_key"], found["salt"], found["initiator_index"], found["initiator_contact"]
        ) == dict(contact)
        assert found["initiator_index"] == world.service.vault.index(found["salt"], "begin@voorbeeld.example")
        assert found["manage_key"] != found["sponsor_key"]
        assert await events(world, petition) == [("draft_started", "initiator", None, False, {})]


async def test_an_organisation_begins_under_its_own_name(world: World) -> None:
    text = drafting.Draft("health", "Een titel die lang genoeg is", REQUEST, REASONS)
    contact = {"organisation": "Vereniging Nachtzorg", "name": "Marieke Hoekstra", "email": "a@voorbeeld.example"}
    petition = await drafting.begin(world.service, world.procedure(BY_ONE), text, contact, language="nl", now=NOW)
    found = await row(world, petition)
    assert (found["initiator_name"], found["initiator_place"]) == ("Vereniging Nachtzorg", None)
    assert (found["sponsors_required"], found["sponsors_maximum"]) == (0, 0)


async def test_who_began_sees_the_petition_as_it_is(world: World) -> None:
    link = await world.moderated("uk-parliament")
    shown = await drafting.managed(world.service, link)
    found = await row(world, link.petition_id)
    for name in ("timezone", "language", "initiator_name", "sponsor_key", "created_at", "confirmed_at", "version"):
        assert getattr(shown, name) == found[name]
    assert (shown.draft.subject, shown.draft.title) == (found["subject"], found["title"])
    assert (shown.draft.request, shown.draft.reasons, shown.draft.previous_action) == (REQUEST, REASONS, None)


async def test_a_petition_with_sponsors_is_no_text_to_keep_before_it_is_submitted(world: World) -> None:
    link = await world.draft("uk-parliament")
    await drafting.confirm(world.service, link, now=LATER)
    assert await last(world, link.petition_id) == ("sponsors_invited", "initiator", None, True, {})
    alone = await world.draft(BY_ONE)
    await drafting.confirm(world.service, alone, now=LATER)
    assert await last(world, alone.petition_id) == ("submitted", "initiator", None, True, {})
    async with world.service.database.connection() as connection:
        kept = await connection.fetch("select petition_id, recorded_at from petition_text")
    assert [tuple(one) for one in kept] == [(alone.petition_id, LATER)]


async def test_initiators_leave_their_own_events(world: World) -> None:
    link = await world.draft(BY_ONE)
    shown = await drafting.managed(world.service, link)
    await drafting.edit(world.service, link, shown.draft, version=shown.version, now=LATER)
    assert await last(world, link.petition_id) == ("edited", "initiator", None, False, {})
    opened = await world.opened(BY_ONE)
    await drafting.publish_update(world.service, opened, title="Nieuws", text="Er is iets.", now=LATER)
    told = {"title": "Nieuws", "text": "Er is iets."}
    assert await last(world, opened.petition_id) == ("update", "initiator", None, True, told)
    await drafting.withdraw(world.service, opened, reason="Niet meer nodig.", now=LATER)
    told = {"reason": "Niet meer nodig.", "from": "open"}
    assert await last(world, opened.petition_id) == ("withdrawn", "initiator", None, True, told)
    with pytest.raises(ConflictError) as refused:
        await drafting.publish_update(world.service, opened, title="Nieuws", text="Nog iets.", now=LATER)
    assert str(refused.value) == "update_in_withdrawn"


async def test_mending_writes_down_the_new_text_and_that_it_is_offered_again(world: World) -> None:
    link = await world.rejected(await world.moderated(BY_ONE))
    shown = await drafting.managed(world.service, link)
    anew = replace(shown.draft, title="Een betere titel dan eerst", reasons=f"{REASONS} Nog iets.")
    await drafting.resubmit(world.service, link, anew, version=shown.version, now=LATER)
    assert [event[0] for event in await events(world, link.petition_id)][-2:] == ["edited", "resubmitted"]
    assert await last(world, link.petition_id) == ("resubmitted", "initiator", None, True, {})
    assert (await drafting.managed(world.service, link)).draft == anew
    async with world.service.database.connection() as connection:
        texts = await connection.fetch("select number, title from petition_text order by number")
    assert [tuple(one) for one in texts] == [(1, shown.draft.title), (2, anew.title)]


async def test_moderators_leave_their_own_events(world: World) -> None:
    link = await world.moderated(BY_ONE)
    number, me = link.petition_id, world.moderator
    await moderation.claim(world.service, number, me, now=LATER)
    assert await last(world, number) == ("claimed", "moderator", me, False, {})
    await moderation.release(world.service, number, me, now=LATER)
    assert await last(world, number) == ("released", "moderator", me, False, {})
    assert await moderation.claim_oldest(world.service, me, now=LATER) == number
    assert await last(world, number) == ("claimed", "moderator", me, False, {})
    await moderation.accept(world.service, number, me, reason="In orde.", now=LATER)
    assert ("opened", "moderator", me, True, {"reason": "In orde."}) in await events(world, number)
    await moderation.remove(world.service, number, me, **WHY, now=LATER)
    assert await last(world, number) == ("removed", "moderator", me, True, WRITTEN)
    refused = await world.moderated(BY_ONE)
    await moderation.reject(world.service, refused.petition_id, me, **WHY, now=LATER)
    assert await last(world, refused.petition_id) == ("rejected", "moderator", me, True, WRITTEN)
    assert await moderation.claim_oldest(world.service, me, now=LATER) is None


async def test_second_readers_leave_their_own_events(world: World) -> None:
    link = await world.moderated(BY_TWO)
    number, me, colleague = link.petition_id, world.moderator, await world.colleague()
    for reason, who, kind, told in (
        ("Kijk nog eens.", colleague, "sent_back", {"reason": "Kijk nog eens."}),
        ("", me, "taken_back", {}),
        ("Toch niet.", me, "taken_back", {"reason": "Toch niet."}),
    ):
        await second_reading.propose(world.service, number, me, **WHY, now=LATER)
        assert await last(world, number) == ("proposed", "moderator", me, False, WRITTEN)
        proposal = await proposed(world, number)
        if who == colleague:
            with pytest.raises(InvalidInputError) as refused:
                await second_reading.send_back(world.service, number, who, proposal=proposal, reason="", now=LATER)
            assert refused.value.fields == {"back_reason": "missing"}
        await second_reading.send_back(world.service, number, who, proposal=proposal, reason=reason, now=LATER)
        assert await last(world, number) == (kind, "moderator", who, False, told)
    await second_reading.propose(world.service, number, me, **WHY, now=LATER)
    proposal = await proposed(world, number)
    with pytest.raises(ConflictError, match=r"^not_proposed$"):
        await second_reading.agree(world.service, number, colleague, proposal=proposal + 1, now=LATER)
    await second_reading.agree(world.service, number, colleague, proposal=proposal, now=LATER)
    assert await last(world, number) == ("rejected", "moderator", colleague, True, WRITTEN)


async def proposed(world: World, petition: int) -> int:
    async with world.service.database.connection() as connection:
        return int(await connection.fetchval("select id from refusal_proposal where petition_id = $1", petition))


async def test_objections_leave_their_own_events(world: World) -> None:
    colleague = await world.colleague()
    for judge, kind in ((objections.dismiss, "objection_dismissed"), (objections.uphold, "objection_upheld")):
        link = await world.rejected(await world.moderated(BY_ONE))
        await objections.object_to(world.service, link, text="Niet waar.", now=LATER)
        async with world.service.database.connection() as connection:
            due = await connection.fetchval("select due_on from objection where petition_id = $1", link.petition_id)
        told = {"due_on": due.isoformat()}
        assert await last(world, link.petition_id) == ("objected", "initiator", None, True, told)
        with pytest.raises(InvalidInputError) as refused:
            await judge(world.service, link.petition_id, colleague, reason="", now=LATER)
        assert refused.value.fields == {"objection_reason": "missing"}
        await judge(world.service, link.petition_id, colleague, reason="Zo is het.", now=LATER)
        found = await row(world, link.petition_id)
        told = {"reason": "Zo is het."}
        if kind == "objection_upheld":
            told["due_on"] = found["moderation_due_on"].isoformat()
            assert (found["stage"], found["claimed_by"]) == ("moderation", colleague)
        assert await last(world, link.petition_id) == (kind, "moderator", colleague, True, told)
        with pytest.raises(ConflictError):
            await judge(world.service, link.petition_id, colleague, reason="Nog eens.", now=LATER)


async def test_a_decision_is_about_the_version_that_was_read(world: World) -> None:
    number, me = (await world.moderated(BY_ONE)).petition_id, world.moderator
    version = (await row(world, number))["version"]
    for wrong in (version - 1, version + 1):
        with pytest.raises(ConflictError, match=r"^changed$"):
            await moderation.reject(world.service, number, me, **WHY, version=wrong, now=LATER)
        with pytest.raises(ConflictError, match=r"^changed$"):
            await moderation.accept(world.service, number, me, reason="In orde.", version=wrong, now=LATER)
    await moderation.accept(world.service, number, me, reason="In orde.", version=version, now=LATER)
    with pytest.raises(ConflictError, match=r"^changed$"):
        await moderation.remove(world.service, number, me, **WHY, version=version, now=LATER)
    await moderation.remove(world.service, number, me, **WHY, version=version + 1, now=LATER)


async def test_why_something_cannot_be_claimed_or_noted(world: World) -> None:
    number, me, colleague = (await world.moderated(BY_TWO)).petition_id, world.moderator, await world.colleague()
    await moderation.claim(world.service, number, colleague, now=LATER)
    for who, word in ((me, r"^claimed$"),):
        with pytest.raises(ConflictError, match=word):
            await moderation.claim(world.service, number, who, now=LATER)
        with pytest.raises(ConflictError, match=word):
            await second_reading.propose(world.service, number, who, **WHY, now=LATER)
    await moderation.release(world.service, number, colleague, now=LATER)
    await second_reading.propose(world.service, number, me, **WHY, now=LATER)
    with pytest.raises(ConflictError, match=r"^own_proposal$"):
        await moderation.claim(world.service, number, me, now=LATER)
    opened = (await world.opened(BY_ONE)).petition_id
    with pytest.raises(ConflictError, match=r"^already_decided$"):
        await moderation.claim(world.service, opened, me, now=LATER)
    with pytest.raises(NotFoundError):
        await moderation.note(world.service, (await world.draft(BY_ONE)).petition_id, me, "x", now=LATER)
    with pytest.raises(InvalidInputError) as refused:
        await moderation.accept(world.service, number, me, reason="", now=LATER)
    assert refused.value.fields == {"reason": "missing"}


@pytest.mark.parametrize("code", ["uk-parliament", BY_TWO, BY_ONE, "nl-kamer-petitie"])
async def test_an_opened_petition_takes_the_thresholds_of_its_procedure_with_it(world: World, code: str) -> None:
    procedure = world.procedure(code)
    petition = (await world.opened(code)).petition_id
    async with world.service.database.connection() as connection:
        rows = await connection.fetch("select * from threshold where petition_id = $1 order by number", petition)
    assert [one["code"] for one in rows] == [one.code for one in procedure.thresholds]
    for stored, wanted in zip(rows, procedure.thresholds, strict=True):
        assert (stored["effect"], stored["moment"], stored["required"]) == (wanted.effect, wanted.at, wanted.count)
        within = wanted.within
        assert stored["reply_working_days"] == (within.working_days if within else 0)
        assert (stored["reply_within"] is None) == (within is None)
    found = await row(world, petition)
    zone = procedure.body.zone
    lasts = procedure.signing.lasts
    assert found["closes_at"] == (end_of_day(lasts.after(local_day(NOW, zone)), zone) if lasts else None)
    assert found["opened_at"] == NOW


async def test_what_a_signature_s_owner_sees(world: World) -> None:
    petition = (await world.opened("uk-parliament")).petition_id
    link = await world.pending(petition, "eigen@voorbeeld.example", now=LATER, news=True)
    waits = await signing.own_signature(world.service, link, now=LATER)
    assert (waits.state, waits.kind, waits.number, waits.confirmed_at) == ("waiting", "signatory", None, None)
    assert not waits.may_withdraw
    await signing.confirm(world.service, link, now=LATER + timedelta(minutes=1))
    own = await signing.own_signature(world.service, link, now=LATER)
    assert (own.state, own.kind, own.number) == ("confirmed", "signatory", await world.count(petition))
    assert own.facts == ANSWERS | {"email": "eigen@voorbeeld.example"}
    assert (own.show_name, own.wants_news) == (False, True)
    assert (own.signed_at, own.confirmed_at) == (LATER, LATER + timedelta(minutes=1))
    assert own.petition == await signing.petition_for_signing(world.service, petition)
    assert own.may_withdraw
    assert own.born is not None
    assert own.born.isoformat() == ANSWERS["birth_date"]
    looked = await signing.look_up(world.service, link, now=LATER)
    assert (looked.state, looked.number, looked.kind) == ("already", own.number, "signatory")
    again = await signing.confirm(world.service, link, now=LATER)
    assert (again.number, again.kind) == (own.number, "signatory")
    with pytest.raises(NotFoundError):
        await signing.own_signature(world.service, Link(petition, b"n" * 16), now=LATER)


def with_early_stop(world: World, code: str) -> None:
    """As the Finnish law has it: fewer than five signatures after a month end a petition."""
    procedure = world.procedure(code)
    stop = EarlyStop(after=Duration(months=1), minimum=5)
    changed = replace(procedure, signing=replace(procedure.signing, early_stop=stop))
    world.service.procedures[procedure.code, procedure.version] = changed


async def test_too_few_after_a_month_end_a_petition_at_the_end_of_that_day(world: World) -> None:
    with_early_stop(world, BY_TWO)
    few, enough = (await world.opened(BY_TWO)).petition_id, (await world.opened(BY_TWO)).petition_id
    for petition, count in ((few, 4), (enough, 5)):
        for _ in range(count - await world.count(petition)):
            await world.sign(petition)
    end = datetime(2026, 4, 2, 22, 0, tzinfo=UTC)  # the midnight after 2 April in Amsterdam
    assert await thresholds.close_due(world.service, now=end - INSTANT) == 0
    assert await thresholds.close_due(world.service, now=end) == 1
    assert await last(world, few, at=end) == ("closed", "system", None, True, {"because": "too_few"})
    assert (await row(world, few))["closed_at"] == end
    assert (await row(world, enough))["stage"] == "open"
    async with world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from referral") == 0


async def test_paper_counts_toward_what_keeps_a_petition_open(world: World) -> None:
    with_early_stop(world, BY_TWO)
    petition = (await world.opened(BY_TWO)).petition_id
    async with world.service.database.connection() as connection:
        await connection.execute("update signature_count set paper = 5, paper_added = 5")
    assert await thresholds.close_due(world.service, now=NOW + timedelta(days=40)) == 0
    assert (await row(world, petition))["stage"] == "open"


async def test_the_last_day_closes_a_petition_to_the_instant(world: World) -> None:
    petition = (await world.opened("uk-parliament")).petition_id
    closes = (await row(world, petition))["closes_at"]
    assert await thresholds.close_due(world.service, now=closes - INSTANT) == 0
    assert await thresholds.close_due(world.service, now=closes) == 1
    assert await last(world, petition, at=closes) == ("closed", "system", None, True, {"because": "last_day"})
    assert await thresholds.close_due(world.service, now=closes) == 0


async def test_an_initiator_hands_over_and_the_closing_brings_it_to_the_committee(world: World) -> None:
    link = await world.opened("nl-kamer-petitie")
    await thresholds.hand_over(world.service, link, now=LATER)
    told = await events(world, link.petition_id)
    assert ("closed", "initiator", None, True, {}) in told
    assert told[-1][0] == "referred"
    with pytest.raises(ConflictError, match=r"^closing_not_allowed$"):
        await thresholds.hand_over(world.service, await world.opened("uk-parliament"), now=LATER)
