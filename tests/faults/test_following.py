"""Kill the worker while it tells followers: nobody is skipped, and a repeated mail has the same Message-ID."""

import asyncio
from datetime import UTC, datetime, timedelta

from petitions.following.rules import ALL
from petitions.lifecycle.acts import drafting
from tests.faults.conftest import PATIENCE, Site
from tests.following.acts import follow
from tests.mail_server import mail_server

__all__ = ["mail_server"]

AT_ONCE = [f"meteen{number}@v.example" for number in range(40)]
WEEKLY = [f"week{number}@v.example" for number in range(40)]
RELEASE = "update outbox set next_at = created_at where state = 'waiting'"  # the lease of the killed worker expires


async def killed_after(site: Site, mails: int) -> int:
    """Let a worker send so many mails more, then kill it in the middle of its work; how many it had sent."""
    before = len(site.mail.received)
    site.start("work")
    async with asyncio.timeout(PATIENCE):
        while len(site.mail.received) < before + mails:  # noqa: ASYNC110 - what the mail server got, it got
            await asyncio.sleep(0.005)
    site.kill("work")
    async with site.world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from outbox where state = 'waiting'"), "killed too late"
        await connection.execute(RELEASE)
    return len(site.mail.received) - before


async def test_worker_killed_while_it_tells_followers_at_once_and_in_the_weekly_mail(site: Site) -> None:
    past = datetime.now(UTC) - timedelta(minutes=10)
    link = await site.world.opened("nl-kamer-petitie", now=past)
    await asyncio.gather(*(follow(site.world, ALL, who, now=past) for who in AT_ONCE))
    await asyncio.gather(*(follow(site.world, ALL, who, how="weekly", now=past) for who in WEEKLY))
    async with site.world.service.database.connection() as connection:
        await connection.execute("update outbox set state = 'sent', sent_at = now()")
    for title in ("Eerste bericht", "Tweede bericht"):
        moment = past + timedelta(minutes=5)
        await drafting.publish_update(site.world.service, link, title=title, text="Er is nieuws.", now=moment)
    site.mail.slow = dict.fromkeys([*AT_ONCE, *WEEKLY], 0.02)
    in_hand = await killed_after(site, 25)
    site.start("work")
    await site.until("select count(*) from outbox where state = 'waiting'", 0)
    await site.until("select count(*) from follow_told", 2 * len(AT_ONCE + WEEKLY))
    site.kill("work")
    async with site.world.service.database.connection() as connection:
        await connection.execute("update follow_told set due_at = $1 where outbox_id is null", past)  # it is Monday
    in_hand += await killed_after(site, 15)  # a worker that starts makes its round
    site.start("work")
    await site.until("select count(*) from outbox where state = 'waiting'", 0)
    names: dict[str, dict[str, int]] = {who: {} for who in AT_ONCE + WEEKLY}
    for mail in site.mail.received:
        if mail["List-Unsubscribe"]:
            got = names[str(mail["To"])]
            got[str(mail["Message-ID"])] = got.get(str(mail["Message-ID"]), 0) + 1
    assert {who: len(names[who]) for who in AT_ONCE} == dict.fromkeys(AT_ONCE, 2), "one mail for each of two events"
    assert {who: len(names[who]) for who in WEEKLY} == dict.fromkeys(WEEKLY, 1), "one mail with both"
    repeats = sum(times - 1 for got in names.values() for times in got.values())
    assert repeats <= in_hand, "more was repeated than those who died had sent"
    async with site.world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from outbox where state = 'failed'") == 0
