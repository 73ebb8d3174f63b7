"""Followers of the demo: some get mail at once, daily or weekly, and one has not confirmed yet.

The mails of the seeded past are not sent, but these few followers get the news of the last days, so that the mailbox
shows such mails.
"""

from datetime import datetime, timedelta
from typing import Final

from petitions.database.connection import Connection
from petitions.following.acts import follow as following
from petitions.following.rules import ALL, Frequency, Topic, offered
from petitions.lifecycle.acts.service import Service
from petitions.security.tokens import Link

SINCE: Final = timedelta(days=9)
LATEST: Final = """
select e.petition_id, e.occurred_at
from event as e
inner join petition as p on e.petition_id = p.id
where e.kind in ('step', 'update') and not p.text_hidden and p.stage in ('open', 'closed')
order by e.occurred_at desc
limit 1
"""
TELL: Final = """
insert into outbox (kind, priority, petition_id, event_id, created_at, next_at)
select 'event_followers', 6, e.petition_id, e.id, $1, $1
from event as e
where e.public and e.occurred_at > $2
on conflict do nothing
"""


async def follow(service: Service, domain: str, *, now: datetime) -> None:
    """Let some people follow something, since a few days ago."""
    async with service.database.connection() as connection:
        latest = await connection.fetchrow(LATEST)
    assert latest is not None  # noqa: S101 - the demo has petitions with news
    own = Topic("petition", str(latest["petition_id"]))
    for name, topic, how, language, since in (
        ("volgt-een-petitie", own, "at_once", "nl", latest["occurred_at"]),
        ("volgt-alles-per-dag", ALL, "daily", "nl", now - SINCE),
        ("volgt-alles-per-week", ALL, "weekly", "en", now - SINCE),
    ):
        await _follow(service, f"{name}@{domain}", topic, how, language, since)  # type: ignore[arg-type]


async def _follow(service: Service, email: str, topic: Topic, how: Frequency, language: str, moment: datetime) -> None:
    what = offered(topic)
    await following.ask(service, following.FollowChoice(topic, what, how), email, language, now=moment)
    async with service.database.connection() as connection:
        key = await connection.fetchval("select key from follow_request where confirmed_at is null")
    await following.confirm(service, Link(0, key), now=moment)


async def tell(service: Service, connection: Connection, domain: str, *, now: datetime) -> None:
    """Queue the mails to followers, and one that asks to confirm."""
    await connection.execute(TELL, now, now - SINCE)
    choice = following.FollowChoice(Topic("subject", "health"), ("petitions", "decisions"), "weekly")
    await following.ask(service, choice, f"wil-volgen@{domain}", "nl", now=now)
