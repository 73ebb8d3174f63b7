"""Everybody in the sample gets one mail with a link to the question; people who answered are not reminded."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from petitions.commands import mail_writing
from petitions.durations import local_day
from petitions.lifecycle.acts.handling import Clerk
from petitions.lifecycle.mails.context import MailContext
from petitions.lifecycle.rules.steps import StepInput
from petitions.mail.smtp_pool import SmtpPool
from petitions.verification.acts import checking as verification
from petitions.verification.acts import sampling
from petitions.verification.acts.sampling import SampleSeed
from petitions.worker.outbox import deliver
from tests.mail_server import MailServer
from tests.world import World

ZONE = ZoneInfo("Europe/Amsterdam")
LINK = re.compile(r"/nl/support/(\S+)")


async def questions(mail_server: MailServer) -> dict[str, str]:
    """The tokens of the links in the mails that came in, by recipient; then the mailbox is empty."""
    found = {}
    for mail in mail_server.received:
        body = mail.get_body(("plain",))
        assert body is not None
        if link := LINK.search(body.get_content()):
            assert str(mail["To"]) not in found
            found[str(mail["To"])] = link[1]
    mail_server.received.clear()
    return found


async def test_who_is_drawn_is_asked_once_and_reminded_once(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer
) -> None:
    now = datetime.now(UTC)
    clerk = Clerk(world.clerk, (world.committee,))
    seen = await world.referred(now=now)
    seen = await world.step(clerk, seen, "received", StepInput(happened_on=local_day(now, ZONE)), now=now)
    await sampling.close_list(world.service, clerk, seen, now=now)
    await sampling.draw_sample(world.service, clerk, seen, SampleSeed("1 2 3", "Loterij", "", now, "mail"), now=now)
    while await deliver(
        world.service.database, mail_writing(mail_context), smtp_pool, now=datetime.now(UTC) + timedelta(seconds=5)
    ):
        pass
    asked = await questions(mail_server)
    assert len(asked) == await world.count(seen.petition_id)
    first, *others = asked
    link = world.service.tokens.read("sample", asked[first])
    assert link.petition_id == seen.petition_id
    await verification.answer(world.service, link, "yes", now=now)
    await sampling.remind(world.service, now=now + timedelta(days=11))
    while await deliver(
        world.service.database, mail_writing(mail_context), smtp_pool, now=now + timedelta(days=11, seconds=5)
    ):
        pass
    reminded = await questions(mail_server)
    assert set(reminded) == set(others)
    assert all(reminded[address] == asked[address] for address in others), "the same link"
