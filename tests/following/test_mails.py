"""Mail to followers: each event once, at once or in a digest at seven; nothing hidden, stopped or old."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from petitions.commands import mail_writing
from petitions.contacts.events import CONTACT, ContactFacts
from petitions.following import jobs as telling
from petitions.following.acts import follow as following
from petitions.following.acts import upkeep as followers
from petitions.following.mails import compose as follower
from petitions.following.queries import telling as telling_queries
from petitions.following.rules import ALL, Topic, due_at
from petitions.lifecycle.acts import drafting, moderation, thresholds
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.events.facts import CheckDueFacts, EventFacts, UpdateFacts
from petitions.lifecycle.events.table import CLAIMED, DELAYED, UPDATE
from petitions.lifecycle.mails.context import MailContext
from petitions.lifecycle.rules.states import Actor
from petitions.lifecycle.rules.steps import StepInput
from petitions.mail import queries as mail_queries
from petitions.mail.smtp_pool import SmtpPool
from petitions.paper.events import PAPER_COUNTED, PaperCountedFacts
from petitions.security.tokens import Link
from petitions.worker.outbox import OutboxSender
from tests.following.acts import follow, of, value
from tests.mail_server import ORIGIN, MailServer
from tests.world import World

WHO = "volger@v.example"
HEALTH = Topic("subject", "health")


class Post:
    """A worker that a test can run at any moment, and the mails that it sent."""

    def __init__(self, world: World, mail_context: MailContext, smtp_pool: SmtpPool, server: MailServer) -> None:
        self.world, self.mail_context, self.server = world, mail_context, server
        self.room = OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool)

    async def work(self, now: datetime | None = None) -> None:
        """Rounds until nothing waits that is due at ``now``."""
        moment = now or datetime.now(UTC) + timedelta(hours=1)
        await followers.queue_digests(self.world.service, now=moment)
        for _ in range(40):
            begun = await self.room.begin(now=moment)
            if begun is None:
                return
            moment += timedelta(seconds=2)
            await self.room.finish(begun)
        raise AssertionError("there is no end to it")

    def to(self, who: str) -> list[EmailMessage]:
        """What somebody got about what they follow."""
        return [mail for mail in self.server.received if mail["To"] == who and "Bevestig" not in str(mail["Subject"])]


@pytest.fixture
def post(world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer) -> Post:
    """The worker of this test."""
    return Post(world, mail_context, smtp_pool, mail_server)


@pytest.fixture
async def petition(world: World, post: Post, now: datetime) -> Link:
    """An open petition about which everybody was told everything."""
    link = await world.opened("nl-kamer-petitie", now=now)
    await post.work()
    post.server.received.clear()
    return link


async def update(world: World, link: Link, now: datetime, title: str = "Goed nieuws") -> int:
    """News from the initiator; the number of its event."""
    await drafting.publish_update(world.service, link, title=title, text="Er is bericht van de minister.", now=now)
    found: int = await value(world, "select max(id) from event where petition_id = $1", link.petition_id)
    return found


def text(mail: EmailMessage) -> str:
    body = mail.get_body(preferencelist=("plain",))
    assert body is not None
    return str(body.get_content())


async def test_confirmation_tells_what_is_followed_and_nothing_that_was_typed(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    choice = following.FollowChoice(of(petition.petition_id), ("steps", "news"), "weekly")
    await following.ask(world.service, choice, "Vreemde.Naam@v.example", "nl", now=now)
    await post.work()
    (mail,) = post.server.received
    assert mail["To"] == "Vreemde.Naam@v.example"
    assert "Geef elk dorp weer nachtzorg dichtbij" in text(mail)
    assert "/nl/follow/confirm/" in text(mail)
    assert "Vreemde" not in text(mail)


async def test_news_at_once_with_one_click_to_stop_and_a_lasting_address(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    await follow(world, of(petition.petition_id), WHO, now=now)
    event = await update(world, petition, now + timedelta(minutes=1))
    await post.work()
    (mail,) = post.to(WHO)
    assert "Goed nieuws" in mail["Subject"]
    assert f"{ORIGIN}/nl/petitions/{petition.petition_id}/events/{event}" in text(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(mail["List-Unsubscribe"]).startswith(f"<{ORIGIN}/nl/unfollow/")
    assert "/nl/following/" in text(mail)
    await post.work()
    assert len(post.to(WHO)) == 1


async def test_each_gets_what_was_chosen_and_what_is_written_in_the_language_of_the_reader(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    await follow(world, of(petition.petition_id), "stappen@v.example", what=("steps",), now=now)
    await follow(world, HEALTH, "onderwerp@v.example", what=("news",), language="en", now=now)
    await follow(world, Topic("subject", "work"), "ander@v.example", now=now)
    await follow(world, ALL, "alles@v.example", what=("petitions", "news"), now=now)
    await update(world, petition, now + timedelta(minutes=1))
    await world.opened("nl-kamer-petitie", now=now + timedelta(minutes=2), title="Houd de bibliotheek open op zondag")
    await post.work()
    assert post.to("stappen@v.example") == post.to("ander@v.example") == []
    (mail,) = post.to("onderwerp@v.example")
    assert "You get this mail because you follow petitions about “Health and care”." in text(mail)
    assert ["bibliotheek" in str(mail["Subject"]) for mail in post.to("alles@v.example")] == [False, True]


async def test_what_was_before_the_confirmation_is_not_told(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    await update(world, petition, now + timedelta(minutes=1))
    await follow(world, of(petition.petition_id), WHO, now=now + timedelta(minutes=2))
    await post.work()
    assert post.to(WHO) == []


async def test_two_follows_that_concern_the_same_event_make_one_mail_the_sooner_one(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    await follow(world, ALL, WHO, how="weekly", now=now)
    await follow(world, of(petition.petition_id), WHO, how="at_once", now=now)
    await follow(world, HEALTH, WHO, how="daily", now=now)
    await update(world, petition, now + timedelta(minutes=1))
    await post.work()
    await post.work(now + timedelta(days=30))
    (mail,) = post.to(WHO)
    assert "omdat u deze petitie volgt" in text(mail)


async def test_daily_mails_come_at_seven_by_the_clock_of_the_service(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer, now: datetime
) -> None:
    away = ZoneInfo("Asia/Taipei")
    post = Post(world, replace(mail_context, zone=away), smtp_pool, mail_server)
    petition = await world.opened("nl-kamer-petitie", now=now)
    await post.work()
    mail_server.received.clear()
    await follow(world, of(petition.petition_id), WHO, how="daily", now=now)
    await update(world, petition, now + timedelta(minutes=1))
    await post.work()
    seven = due_at("daily", now + timedelta(minutes=1), away)
    assert seven != due_at("daily", now + timedelta(minutes=1), mail_context.zone)
    await post.work(seven - timedelta(seconds=1))
    assert post.to(WHO) == []
    await post.work(seven)
    assert len(post.to(WHO)) == 1


async def test_daily_and_weekly_mails_come_at_seven_with_all_that_happened_by_petition(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    other = await world.opened("nl-kamer-petitie", now=now, title="Houd de bibliotheek open op zondag")
    await post.work()
    post.server.received.clear()
    await follow(world, HEALTH, "dag@v.example", how="daily", now=now)
    await follow(world, ALL, "week@v.example", how="weekly", now=now)
    first = await update(world, petition, now + timedelta(hours=1), "Eerste bericht")
    await update(world, other, now + timedelta(hours=2), "Over de bibliotheek")
    await update(world, petition, now + timedelta(days=1), "Tweede bericht")
    await post.work()
    seven = due_at("daily", now, post.mail_context.zone)
    await followers.queue_digests(world.service, now=seven - timedelta(seconds=1))
    assert await value(world, "select count(*) from outbox where kind = 'follow_digest'") == 0
    await post.work(seven)
    (mail,) = post.to("dag@v.example")
    assert post.to("week@v.example") == []
    assert mail["Subject"] == "Nieuws over 2 petities die u volgt"
    said = text(mail)
    assert said.index("Eerste bericht") < said.index("Over de bibliotheek")
    assert "Tweede bericht" not in said
    assert f"{ORIGIN}/nl/petitions/{petition.petition_id}/events/{first}" in said
    assert str(mail["List-Unsubscribe"]).startswith(f"<{ORIGIN}/nl/undigest/")
    await post.work(due_at("weekly", now, post.mail_context.zone))
    assert len(post.to("dag@v.example")) == 2
    (weekly,) = post.to("week@v.example")
    assert text(weekly).index("Eerste bericht") < text(weekly).index("Tweede bericht")
    assert text(weekly).count("Over de bibliotheek") == 1
    await post.work(now + timedelta(days=60))
    assert len(post.server.received) == 3


async def test_what_was_hidden_before_the_mail_is_not_told(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    other = await world.opened("nl-kamer-petitie", now=now, title="Houd de bibliotheek open op zondag")
    await post.work()
    post.server.received.clear()
    await follow(world, HEALTH, WHO, how="daily", now=now)
    await follow(world, of(petition.petition_id), "eigen@v.example", how="daily", now=now)
    await update(world, petition, now + timedelta(hours=1), "Iets wat weg moet")
    await update(world, other, now + timedelta(hours=1), "Iets wat blijft")
    await post.work()
    await moderation.remove(
        world.service, petition.petition_id, world.moderator, ground="offensive", reason="Beledigend.",
        now=now + timedelta(hours=2),
    )  # fmt: skip
    await post.work(now + timedelta(hours=3))
    await post.work(now + timedelta(days=2))
    (mail,) = post.to(WHO)
    assert "Iets wat blijft" in text(mail)
    assert "Iets wat weg moet" not in text(mail)
    (own,) = post.to("eigen@v.example")  # that it was taken down is told to those who follow it, without its title
    assert "weggehaald" in text(own)
    assert "nachtzorg" not in text(own) + str(own["Subject"])


async def test_what_was_stopped_or_is_not_wanted_any_more_is_not_told(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    stopped = await follow(world, ALL, "stopt@v.example", how="daily", now=now)
    changed = await follow(world, ALL, "anders@v.example", how="daily", now=now)
    both = await follow(world, ALL, "beide@v.example", how="daily", now=now)
    await follow(world, HEALTH, "beide@v.example", how="daily", now=now)
    at_once = await follow(world, ALL, "meteen@v.example", now=now)
    await update(world, petition, now + timedelta(hours=1))
    await post.room.begin(now=datetime.now(UTC))
    await post.room.begin(now=datetime.now(UTC) + timedelta(seconds=2))
    assert await value(world, "select count(*) from outbox where kind = 'follow_news' and state = 'waiting'") == 1
    await following.stop(world.service, stopped)
    await following.stop(world.service, at_once)
    (one,) = (await following.read_follows(world.service, changed)).follows
    await following.change(world.service, changed, one.id, ("decisions",), "daily")
    first = (await following.read_follows(world.service, both)).follows[0]
    await following.stop(world.service, both, follow_id=first.id)
    await post.work(now + timedelta(days=2))
    assert {str(mail["To"]) for mail in post.server.received if mail["List-Unsubscribe"]} == {"beide@v.example"}


async def test_a_mail_has_no_end_of_events_but_says_how_many_are_left(
    world: World, post: Post, petition: Link, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "MOST_ENTRIES", 2)
    await follow(world, ALL, WHO, how="daily", now=now)
    for number in range(5):
        await update(world, petition, now + timedelta(minutes=number + 1), f"Bericht {number}")
    await post.work()
    await post.work(now + timedelta(days=1))
    (mail,) = post.to(WHO)
    assert ["Bericht 1" in text(mail), "Bericht 2" in text(mail)] == [True, False]
    assert "Nog 3 gebeurtenissen passen niet in deze mail." in text(mail)


@pytest.fixture
async def crowd(world: World, petition: Link, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Link:
    """News of which none of 35 followers was told yet, some at once, some later; portions are small."""
    monkeypatch.setattr(telling, "PORTION", 10)
    for number in range(35):
        topic = (of(petition.petition_id), HEALTH, ALL)[number % 3]
        await follow(world, topic, f"v{number}@v.example", how="at_once" if number % 5 else "daily", now=now)
    async with world.service.database.connection() as connection:
        await connection.execute("update outbox set state = 'sent', sent_at = now()")
    await update(world, petition, now + timedelta(minutes=1))
    return petition


MADE = "select count(*) from follow_told"


async def test_a_crowd_is_told_in_portions_and_everybody_once(world: World, post: Post, crowd: Link) -> None:
    made, moment = [], datetime.now(UTC)
    for turn in range(5):
        await post.room.begin(now=moment + turn * 2 * telling.PAUSE)
        made.append(await value(world, MADE))
    assert made == [0, 10, 20, 30, 35]
    await post.work(moment + timedelta(hours=1))
    await post.work(moment + timedelta(days=2))
    got = Counter(str(mail["To"]) for mail in post.server.received)
    assert got == Counter(f"v{number}@v.example" for number in range(35))
    assert (
        await value(world, "select state from outbox where kind = 'event_followers' order by id desc limit 1") == "sent"
    )


async def test_who_dies_between_portions_is_continued_and_two_workers_tell_nobody_twice(
    world: World, post: Post, crowd: Link
) -> None:
    moment = datetime.now(UTC)
    await post.room.begin(now=moment)
    await post.room.begin(now=moment + 2 * telling.PAUSE)
    assert await value(world, MADE) == 10
    row: Any
    async with world.service.database.connection() as connection:
        row = await connection.fetchrow("select * from outbox where kind = 'event_followers' and state = 'waiting'")
        transaction = connection.transaction()
        await transaction.start()
        await portion(connection, row)
        assert await connection.fetchval(MADE) == 20
        await transaction.rollback()  # the worker crashed

    async def worker() -> Any:
        async with world.service.database.connection() as connection:
            return await portion(connection, row)

    moved = await asyncio.gather(worker(), worker(), worker())
    assert sum(one is not None for one in moved) == 1  # the others saw that the row had moved on
    assert await value(world, MADE) == 20
    await post.work(moment + timedelta(hours=1))
    await post.work(moment + timedelta(days=2))
    assert Counter(str(mail["To"]) for mail in post.server.received) == Counter(f"v{n}@v.example" for n in range(35))


async def portion(connection: Any, row: Any) -> Any:
    """The next ten, as a worker makes them."""
    event = await connection.fetchrow("select * from event where id = $1", row["event_id"])
    return await telling_queries.event_tell_followers(
        connection,
        id=row["id"], petition_id=row["petition_id"], event_id=row["event_id"],
        topics=[str(of(row["petition_id"])), str(HEALTH), "all"], whats=["news"] * 3,
        occurred_at=event["occurred_at"], after=row["token_id"], after_id=int.from_bytes(row["token_id"] or b""),
        daily_at=event["occurred_at"], weekly_at=event["occurred_at"], most=10,
        next_at=datetime.now(UTC), now=datetime.now(UTC),
    )  # fmt: skip


async def test_workers_who_queue_at_the_same_moment_make_one_mail_for_each(
    world: World, post: Post, petition: Link, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followers, "PORTION", 3)
    for number in range(20):
        await follow(world, ALL, f"v{number}@v.example", how="daily", now=now)
    await update(world, petition, now + timedelta(minutes=1))
    await update(world, petition, now + timedelta(minutes=2))
    await post.work()
    due = now + timedelta(days=2)
    for _ in range(3):
        await asyncio.gather(*(followers.queue_digests(world.service, now=due) for _ in range(5)))
    assert await value(world, "select count(*) from outbox where kind = 'follow_digest'") == 20
    assert await value(world, "select count(distinct follower_id) from outbox where kind = 'follow_digest'") == 20
    assert await value(world, "select count(*) from follow_told where outbox_id is null") == 0


async def test_a_worker_that_dies_after_sending_repeats_under_the_same_name(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    await follow(world, ALL, WHO, how="daily", now=now)
    await follow(world, ALL, "meteen@v.example", now=now)
    await update(world, petition, now + timedelta(minutes=1))
    await post.work()
    await post.work(now + timedelta(days=2))
    async with (
        world.service.database.connection() as connection
    ):  # sent, but the worker crashed before it could record that
        await connection.execute(
            "update outbox set state = 'waiting', sent_at = null, next_at = created_at"
            " where kind in ('follow_news', 'follow_digest')"
        )
    await post.work()
    for who in (WHO, "meteen@v.example"):
        assert len(post.to(who)) == 2
        assert len({str(mail["Message-ID"]) for mail in post.to(who)}) == 1


async def test_confirmations_go_before_what_followers_are_told(
    world: World, post: Post, crowd: Link, now: datetime
) -> None:
    for turn in range(5):
        await post.room.begin(now=datetime.now(UTC) + turn * 2 * telling.PAUSE)
    await world.pending(crowd.petition_id, "nieuw@v.example")
    await following.ask(world.service, following.FollowChoice(ALL, ("news",), "weekly"), WHO, "nl", now=now)
    async with world.service.database.connection() as connection:
        moment = datetime.now(UTC) + timedelta(days=1)
        rows = await mail_queries.outbox_lease(connection, now=moment, most=2, until=moment + timedelta(minutes=1))
        kinds = await connection.fetch("select kind from outbox where id = any($1)", [row.id for row in rows])
    assert {row["kind"] for row in kinds} == {"confirm", "follow_confirm"}


async def test_the_link_goes_to_who_follows_something_and_to_nobody_else(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    link = await follow(world, ALL, WHO, now=now)
    await post.work()
    post.server.received.clear()
    await following.ask_link(world.service, "VOLGER@v.example", now=now)
    await following.ask_link(world.service, "onbekend@v.example", now=now)
    await post.work()
    (mail,) = post.server.received
    assert mail["To"] == WHO
    assert f"/nl/following/{world.service.tokens.make('following', link.petition_id, link.key)}" in text(mail)


async def test_who_was_told_what_is_forgotten_after_a_month(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    await follow(world, ALL, WHO, now=now)
    await follow(world, ALL, "dag@v.example", how="daily", now=now)
    await update(world, petition, now + timedelta(minutes=1))
    await post.work()
    moment = datetime.now(UTC)
    await followers.forget(world.service, now=moment + timedelta(days=29))
    assert await value(world, MADE) == 2
    await followers.forget(world.service, now=moment + timedelta(days=31))
    assert await value(world, "select count(*) from follow_told where outbox_id is not null") == 0
    assert await value(world, MADE) == 1  # what waits is kept


async def test_who_follows_a_committee_hears_of_what_comes_before_it_and_of_its_decisions(
    world: World, post: Post, now: datetime
) -> None:
    slug, health = "volksgezondheid-welzijn-en-sport", await world.opened("nl-kamer-petitie", now=now)
    for who, what in (("nieuw", "petitions"), ("stap", "steps"), ("besluit", "decisions")):
        await follow(world, Topic("committee", slug), f"{who}@v.example", what=(what,), now=now)
    await follow(world, Topic("committee", "financien"), "ander@v.example", now=now)
    await thresholds.hand_over(world.service, health, now=now + timedelta(days=1))
    clerk, seen = await world.clerk_of(slug), await world.referral(health.petition_id, "offer")
    moment = now + timedelta(days=2)
    seen = await world.step(clerk, seen, "received", StepInput(happened_on=moment.date()), now=moment)
    ground = world.procedure("nl-kamer-petitie").admissibility_grounds[0].code
    refused = StepInput(happened_on=moment.date(), admissible=False, ground=ground, reasons="Het is al besloten.")
    await world.step(clerk, seen, "whether_and_when", refused, now=moment)
    await post.work()
    got = {who: len(post.to(f"{who}@v.example")) for who in ("nieuw", "stap", "besluit", "ander")}
    assert got == {"nieuw": 1, "stap": 1, "besluit": 1, "ander": 0}
    (decision,) = post.to("besluit@v.example")
    assert "Het is al besloten." in text(decision)
    assert "omdat u dit volgt: de petities bij" in text(decision).replace("\r\n", " ")


async def test_what_is_recorded_without_telling_anybody_is_not_told_to_followers_either(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    """Such as what an import finds of years ago, and what only the desk knows."""
    await follow(world, ALL, WHO, now=now)
    async with world.service.database.transaction() as connection:
        moment = now + timedelta(minutes=1)
        number, old = petition.petition_id, UpdateFacts("Oud", "Van vroeger.")
        await record(connection, number, UPDATE, old, Actor.SYSTEM, now=moment, told=False)
        await record(connection, number, CLAIMED, EventFacts(), Actor.MODERATOR, now=moment)
        await record(connection, number, DELAYED, CheckDueFacts(date(2026, 3, 1)), Actor.SYSTEM, now=moment)
    await post.work()
    await post.work(now + timedelta(days=9))
    assert post.to(WHO) == []


async def test_paper_and_contacts_are_told_to_followers_who_chose_so_and_to_nobody_else(
    world: World, post: Post, petition: Link, now: datetime
) -> None:
    number = petition.petition_id
    await world.sign(number, "nieuws@v.example", news=True)
    for who, what in (("mijlpaal", "milestones"), ("stap", "steps"), ("besluit", "decisions")):
        await follow(world, of(number), f"{who}@v.example", what=(what,), now=now)
    counted = PaperCountedFacts(accepted=15, refused=2, sheets=3, total=15)
    contact = ContactFacts(
        referral=1,
        committee="financien",
        number=1,
        date_=now.date(),
        how="meeting",
        who="Vereniging van dorpsartsen",
        with_whom="De rapporteur",
        about="Hoe lang een rit duurt.",
    )
    await post.work()
    post.server.received.clear()
    async with world.service.database.transaction() as connection:
        moment = now + timedelta(minutes=1)
        await record(connection, number, PAPER_COUNTED, counted, Actor.MODERATOR, now=moment)
        await record(connection, number, CONTACT, contact, Actor.COMMITTEE, now=moment)
    await post.work()
    assert sorted(mail["To"] for mail in post.server.received) == ["mijlpaal@v.example", "stap@v.example"]
    (paper,), (spoke,) = post.to("mijlpaal@v.example"), post.to("stap@v.example")
    assert "Er zijn er 15 goedgekeurd en 2 afgekeurd." in text(paper)
    assert "Vereniging van dorpsartsen" in text(spoke)
