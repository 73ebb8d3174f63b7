"""Mail is sent at least once, a repeated one has the same Message-ID, and mail that cannot be sent now waits."""

import re
from datetime import UTC, datetime, timedelta

from petitions.commands import mail_writing
from petitions.lifecycle.acts import drafting, moderation
from petitions.lifecycle.acts.delays import tell_delays
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.events.facts import ReferredFacts
from petitions.lifecycle.events.table import REFERRED
from petitions.lifecycle.mails.context import MailContext
from petitions.lifecycle.rules.states import Actor
from petitions.mail.smtp_pool import SmtpPool
from petitions.security.tokens import Link
from petitions.staff.acts import sessions as staff
from petitions.worker.outbox import deliver
from tests.mail_server import MailServer
from tests.world import World


async def drain(world: World, mail_context: MailContext, smtp_pool: SmtpPool, *, now: datetime | None = None) -> None:
    for _ in range(20):
        if not await deliver(
            world.service.database, mail_writing(mail_context), smtp_pool, now=now or datetime.now(UTC)
        ):
            return


async def states(world: World) -> dict[str, int]:
    async with world.service.database.connection() as connection:
        rows = await connection.fetch("select state, count(*) as n from outbox group by state")
    return {row["state"]: row["n"] for row in rows}


async def test_confirmation_mail_holds_links_and_nothing_that_was_typed(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer
) -> None:
    petition = (await world.opened()).petition_id
    await drain(world, mail_context, smtp_pool)
    mail_server.received.clear()
    link = await world.pending(petition, "wie@voorbeeld.example")
    await drain(world, mail_context, smtp_pool)
    (mail,) = mail_server.received
    assert mail["To"] == "wie@voorbeeld.example"
    assert mail["Subject"] == "Bevestig uw handtekening"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    token = world.service.tokens.make("confirm", link.petition_id, link.key)
    assert f"/nl/confirm/{token}" in text
    assert f"/nl/confirm/{token}" in html
    assert "Sanne" not in text + html
    assert "Dorpsstraat" not in text + html


async def test_mail_waits_while_the_server_is_away_and_goes_out_later(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer
) -> None:
    await mail_server.stop()
    await world.draft()
    await drain(world, mail_context, smtp_pool)
    assert mail_server.received == []
    assert await states(world) == {"waiting": 1}
    await mail_server.start()
    await drain(world, mail_context, smtp_pool, now=datetime.now(UTC) + timedelta(minutes=1))
    assert [mail["Subject"] for mail in mail_server.received] == ["Bevestig uw petitie"]
    assert await states(world) == {"sent": 1}


async def test_refused_recipient_fails_alone(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer
) -> None:
    petition = (await world.opened()).petition_id
    await drain(world, mail_context, smtp_pool)
    mail_server.received.clear()
    mail_server.refuse["weg@voorbeeld.example"] = "550 no such mailbox"
    mail_server.refuse["vol@voorbeeld.example"] = "452 mailbox full"
    for email in ("weg@voorbeeld.example", "vol@voorbeeld.example", "goed@voorbeeld.example"):
        await world.pending(petition, email)
    await drain(world, mail_context, smtp_pool)
    assert [mail["To"] for mail in mail_server.received] == ["goed@voorbeeld.example"]
    found = await states(world)
    assert found["failed"] == 1
    assert found["waiting"] == 1
    async with world.service.database.connection() as connection:
        problems = [
            row["problem"]
            for row in await connection.fetch("select problem from outbox where problem like 'recipient%'")
        ]
    assert sorted(problems) == ["recipient refused 452", "recipient refused 550"]


async def test_repeat_after_a_crash_bears_the_same_message_id(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer
) -> None:
    await world.draft()
    await drain(world, mail_context, smtp_pool)
    async with world.service.database.connection() as connection:  # the worker crashed between 250 and the update
        await connection.execute("update outbox set state = 'waiting', next_at = created_at")
    await drain(world, mail_context, smtp_pool)
    first, second = mail_server.received
    assert first["Message-ID"] == second["Message-ID"]


async def test_mail_whose_answer_was_lost_is_repeated_with_the_same_message_id(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer
) -> None:
    petition = (await world.opened()).petition_id
    await drain(world, mail_context, smtp_pool)
    mail_server.received.clear()
    mail_server.drop_kept.add("wie@voorbeeld.example")
    await world.pending(petition, "wie@voorbeeld.example")
    await world.pending(petition, "ander@voorbeeld.example")
    await drain(world, mail_context, smtp_pool)
    assert (await states(world))["waiting"] == 1
    await drain(world, mail_context, smtp_pool, now=datetime.now(UTC) + timedelta(minutes=1))
    assert "waiting" not in await states(world)
    sent = [(str(mail["To"]), str(mail["Message-ID"])) for mail in mail_server.received]
    assert sorted(to for to, _ in sent) == ["ander@voorbeeld.example", "wie@voorbeeld.example", "wie@voorbeeld.example"]
    assert len(set(sent)) == 2


async def test_two_workers_share_the_mail_without_repeating(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer
) -> None:
    import asyncio

    petition = (await world.opened()).petition_id
    for _ in range(60):
        await world.pending(petition)
    await asyncio.gather(*(drain(world, mail_context, smtp_pool) for _ in range(2)))
    ids = [mail["Message-ID"] for mail in mail_server.received]
    assert len(ids) == len(set(ids))
    assert len([mail for mail in mail_server.received if mail["Subject"] == "Bevestig uw handtekening"]) == 60


async def test_referral_is_mailed_to_initiator_clerk_and_who_asked_for_news(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer, now: datetime
) -> None:
    member = "lid@kantoor.example"  # reads at the desk, and is not mailed
    await staff.add(world.service, member, "Sam de Lange", sits_on=(world.committee,), now=now)
    petition = (await world.opened()).petition_id
    await world.lower_threshold(petition, world.procedure().thresholds[0].code, 2)
    await world.sign(petition, "nieuws@voorbeeld.example", news=True)
    await world.sign(petition, "stil@voorbeeld.example")
    mail_server.received.clear()
    await drain(world, mail_context, smtp_pool)
    told = {
        mail["To"]: mail
        for mail in mail_server.received
        if mail["Subject"] == "De petitie is naar een commissie verwezen"
    }
    assert "griffier@kantoor.example" in told
    assert "nieuws@voorbeeld.example" in told
    assert not {"stil@voorbeeld.example", member} & told.keys()
    assert len(told) == 3
    news = told["nieuws@voorbeeld.example"]
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/nl/unsubscribe/" in news["List-Unsubscribe"]
    assert "List-Unsubscribe" not in told["griffier@kantoor.example"]


async def test_event_is_told_once_even_if_the_worker_repeats_it(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer, now: datetime
) -> None:
    link = await world.opened()
    await world.sign(link.petition_id, "nieuws@voorbeeld.example", news=True)
    await drain(world, mail_context, smtp_pool)
    mail_server.received.clear()
    await drafting.publish_update(world.service, link, title="Goed nieuws", text="Er is bericht.", now=now)
    await drain(world, mail_context, smtp_pool)
    async with world.service.database.connection() as connection:
        await connection.execute("update outbox set state = 'waiting', next_at = created_at where kind = 'event'")
    mail_server.received = [mail for mail in mail_server.received if "nieuws" in mail["To"]]
    await drain(world, mail_context, smtp_pool)
    assert [mail["To"] for mail in mail_server.received] == ["nieuws@voorbeeld.example"]


async def test_sign_in_link_is_mailed_and_its_secret_emptied(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer, now: datetime
) -> None:
    await staff.ask_link(world.service, "Noor@kantoor.example", now=now)
    await staff.ask_link(world.service, "niemand@kantoor.example", now=now)
    await drain(world, mail_context, smtp_pool)
    (mail,) = mail_server.received
    token = re.search(r"/staff/sign-in/(\S+)", mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert token
    assert await staff.sign_in(world.service, token[1], now=now + timedelta(minutes=9))
    async with world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from outbox where secret is not null") == 0


async def test_confirmed_in_the_meantime_means_no_reminder(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer, now: datetime
) -> None:
    from petitions.lifecycle.acts import retention, signing

    petition = (await world.opened()).petition_id
    waits, confirms = await world.pending(petition, "wacht@v.example"), await world.pending(petition, "doet@v.example")
    await retention.remind(world.service, now=now + timedelta(days=1, hours=1))
    await retention.remind(world.service, now=now + timedelta(days=2))
    await signing.confirm(world.service, confirms, now=now)
    await drain(world, mail_context, smtp_pool, now=now + timedelta(days=3))
    reminded = [mail["To"] for mail in mail_server.received if mail["Subject"].startswith("Herinnering")]
    assert reminded == ["wacht@v.example"]
    await retention.forget_pending(world.service, now=now + timedelta(days=8))
    assert (await signing.look_up(world.service, Link(waits.petition_id, waits.key), now=now)).state == "unknown"


async def test_server_that_does_not_let_us_in_is_away(
    world: World, mail_context: MailContext, mail_server: MailServer
) -> None:
    """A wrong password says nothing about a mail: it waits, and no attempt is counted."""
    await world.draft()
    smtp_pool = SmtpPool(f"smtp://name:wrong@127.0.0.1:{mail_server.port}", connections=1)
    await drain(world, mail_context, smtp_pool)
    await smtp_pool.close()
    assert await states(world) == {"waiting": 1}
    async with world.service.database.connection() as connection:
        assert await connection.fetchval("select attempts from outbox") == 0


async def test_event_that_cannot_be_told_does_not_hold_up_the_mail(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer, now: datetime
) -> None:
    petition = (await world.opened()).petition_id
    await drain(world, mail_context, smtp_pool)
    mail_server.received.clear()
    async with world.service.database.transaction() as connection:
        facts = ReferredFacts(referral=1, threshold="examine", committee="", due_on=None)  # no committee: a defect
        await record(connection, petition, REFERRED, facts, Actor.SYSTEM, now=now)
    await world.pending(petition, "wie@voorbeeld.example")
    await drain(world, mail_context, smtp_pool)
    assert [mail["To"] for mail in mail_server.received] == ["wie@voorbeeld.example"]
    assert (await states(world))["failed"] == 1


async def test_title_that_was_taken_down_is_not_mailed_again(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer, now: datetime
) -> None:
    petition = (await world.opened(title="Een titel die pijn doet aan iemand")).petition_id
    await world.sign(petition, "nieuws@voorbeeld.example", news=True)
    await world.pending(petition, "wacht@voorbeeld.example")
    await moderation.remove(world.service, petition, world.moderator, ground="offensive", reason="Beledigend.", now=now)
    await drain(world, mail_context, smtp_pool)
    mails = [mail for mail in mail_server.received if mail["To"].endswith("@voorbeeld.example")]
    told = {mail["To"] for mail in mails if "pijn doet" in mail.as_string()}
    assert {"nieuws@voorbeeld.example", "wacht@voorbeeld.example"} <= {mail["To"] for mail in mails}
    assert not told & {"nieuws@voorbeeld.example", "wacht@voorbeeld.example"}


async def test_the_initiator_hears_once_that_the_check_is_late(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer
) -> None:
    await world.moderated()
    await drain(world, mail_context, smtp_pool)
    mail_server.received.clear()
    for day in (10, 11):
        late = datetime(2026, 3, day, 9, 0, tzinfo=UTC)
        await tell_delays(world.service, now=late)
        await drain(world, mail_context, smtp_pool, now=late)
    (mail,) = mail_server.received
    assert mail["Subject"] == "De controle van uw petitie duurt langer"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "uiterlijk op 9 maart 2026" in text
    assert "/nl/manage/" in text
