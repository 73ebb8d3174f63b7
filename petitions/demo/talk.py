"""Questions and answers, declared contacts, and the survey around a referral in the demo."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from petitions.contacts import acts as contacts
from petitions.contacts.rules import DeclaredContact
from petitions.demo.content import DemoContact, DemoPetition, DemoQuestion
from petitions.durations import local_day
from petitions.errors import ConflictError
from petitions.lifecycle.acts.handling import Clerk
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.procedures import Procedure
from petitions.questions import acts as questions
from petitions.security.tokens import Link
from petitions.survey import acts as survey

SURVEYED: Final = 48
"""How many signatories of a decided petition answer the survey."""


async def talk(
    service: Service,
    people: Mapping[str, int],
    moderator: int,
    link: Link,
    petition: DemoPetition,
    procedure: Procedure,
    *,
    now: datetime,
) -> None:
    """Record the questions, contacts and survey of one petition; ``people`` are the clerks by committee."""
    async with service.database.connection() as connection:
        row = await connection.fetchrow(
            "select id, committee_slug, decided_at from referral where petition_id = $1 order by id limit 1",
            link.petition_id,
        )
    if row is None:
        return
    clerk = Clerk(people[row["committee_slug"]], (row["committee_slug"],))
    name = service.committees[row["committee_slug"]].name[petition.language]
    for told in petition.question:
        await _question(service, clerk, moderator, link, row["id"], told, name, procedure, now)
    for met in petition.contact:
        await _contact(service, clerk, link.petition_id, row["id"], met, procedure, now)
    if row["decided_at"] is not None:
        await _survey(service, link.petition_id, row["decided_at"] + timedelta(days=2), now)


async def _question(
    service: Service,
    clerk: Clerk,
    moderator: int,
    link: Link,
    referral: int,
    told: DemoQuestion,
    name: str,
    procedure: Procedure,
    now: datetime,
) -> None:
    asked, answered = now - timedelta(days=told.days_ago), now - timedelta(days=told.answer_days_ago)
    ids = (link.petition_id, referral)
    if told.by == "committee":
        day = local_day(asked, procedure.body.zone) + timedelta(days=told.answer_within)
        said: dict[str, Any] = {"text": told.text, "name": told.person or name, "answer_by": day}
        await questions.committee_asks(service, clerk, *ids, **said, now=asked)
    else:
        await questions.initiator_asks(service, link, referral, text=told.text, now=asked)
    number = await _last(service, link.petition_id)
    if told.by == "initiator":
        await questions.publish(service, link.petition_id, number, moderator, now=asked + timedelta(hours=3))
    if not told.answer:
        return
    if told.by == "initiator":
        said = {"text": told.answer, "name": told.person or name}
        await questions.committee_answers(service, clerk, *ids, number, **said, now=answered)
        return
    await questions.initiator_answers(service, link, number, text=told.answer, now=answered)
    if not told.answer_waits:
        number = await _last(service, link.petition_id)
        await questions.publish(service, link.petition_id, number, moderator, now=answered + timedelta(hours=2))


async def _last(service: Service, petition_id: int) -> int:
    async with service.database.connection() as connection:
        number: int = await connection.fetchval("select max(number) from question where petition_id = $1", petition_id)
    return number


async def _contact(
    service: Service,
    clerk: Clerk,
    petition_id: int,
    referral: int,
    met: DemoContact,
    procedure: Procedure,
    now: datetime,
) -> None:
    moment = now - timedelta(days=met.days_ago)
    contact = DeclaredContact(
        local_day(moment, procedure.body.zone), met.how, met.who, met.interest, met.with_whom, met.about
    )
    await contacts.declare(service, clerk, petition_id, referral, contact, now=min(moment + timedelta(days=1), now))


async def _survey(service: Service, petition_id: int, moment: datetime, now: datetime) -> None:
    """The first signatories answer; mostly content, some not."""
    async with service.database.connection() as connection:
        rows = await connection.fetch(
            "select token_id from signature where petition_id = $1 and kind = 'signatory' order by number limit $2",
            petition_id,
            SURVEYED,
        )
    for number, row in enumerate(rows):
        given = {"understood": "yes" if number % 5 else "no", "serious": ("yes", "partly", "yes", "no")[number % 4]}
        try:
            await survey.answer(service, Link(petition_id, row["token_id"]), given, now=min(moment, now))
        except ConflictError:
            return  # the survey is closed already
