"""Kill processes and cut connections: every acknowledged signature is counted once, and every mail arrives."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterable

import httpx

from petitions.security.tokens import Link
from petitions.worker.outbox import BATCH, UNDER_WAY
from tests.faults.conftest import PATIENCE, Site
from tests.mail.test_rounds import queue
from tests.mail_server import mail_server

__all__ = ["mail_server"]

CONNECTIONS = 40
Pressed = list[tuple[Link, httpx.Response]]


async def press_all(site: Site, links: Iterable[Link], answered: Pressed) -> None:
    """Press many buttons at once, over some connections; what was answered stands in ``answered`` at every moment."""

    async def press(link: Link) -> None:
        with contextlib.suppress(httpx.TransportError):
            answered.append((link, await client.post(site.button(link))))

    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(timeout=PATIENCE, limits=limits) as client:
        await asyncio.gather(*(press(link) for link in links))


async def pressed_by_all(site: Site, links: Iterable[Link]) -> Pressed:
    """Press many buttons at once and wait for every answer."""
    answered: Pressed = []
    await press_all(site, links, answered)
    return answered


def statuses(pressed: Pressed) -> set[int]:
    """Which statuses were answered."""
    return {answer.status_code for _, answer in pressed}


def acknowledged(pressed: Pressed) -> set[bytes]:
    """The keys of the signatures of which somebody was told that they count."""
    return {link.key for link, answer in pressed if answer.status_code == 200}


async def until_answered(pressed: Pressed, number: int) -> None:
    """Until so many answers came."""
    async with asyncio.timeout(PATIENCE):
        while len(pressed) < number:  # noqa: ASYNC110 - the answers come from another process
            await asyncio.sleep(0.001)


async def test_web_process_killed_while_people_confirm(site: Site) -> None:
    petition = await site.petition()
    before = await site.confirmed(petition)
    links = await site.pending(petition, 200)
    site.start("serve")
    await site.ready()
    pressed: Pressed = []
    pressing = asyncio.create_task(press_all(site, links, pressed))
    await until_answered(pressed, 50)
    site.kill("serve")
    await pressing
    told = acknowledged(pressed)
    assert 50 <= len(told) < len(links), "the process was killed too late"
    assert told <= await site.confirmed(petition)
    site.start("serve")
    await site.ready()
    assert told <= await site.confirmed(petition)
    again = await pressed_by_all(site, links)  # everybody presses once more, as one does when no answer came
    assert len(again) == len(links)
    assert statuses(again) == {200}
    assert await site.confirmed(petition) == before | {link.key for link in links}


async def test_worker_killed_while_it_delivers(site: Site) -> None:
    petition = await site.petition()
    await site.pending(petition, 120)
    site.start("work")
    async with asyncio.timeout(PATIENCE):
        while len(site.mail.received) < 30:  # noqa: ASYNC110 - what the mail server got, it got
            await asyncio.sleep(0.005)
    site.kill("work")
    async with site.world.service.database.connection() as connection:
        waiting = await connection.fetchval("select count(*) from outbox where state = 'waiting'")
        assert waiting, "the worker was killed too late"
        await connection.execute("update outbox set next_at = created_at where state = 'waiting'")  # the lease runs out
    site.start("work")
    await site.until("select count(*) from outbox where state = 'waiting'", 0)
    names: dict[str, set[str]] = {}
    for mail in site.mail.received:
        if mail["Subject"] == "Bevestig uw handtekening":
            names.setdefault(str(mail["To"]), set()).add(str(mail["Message-ID"]))
    assert len(names) == 120
    assert {len(found) for found in names.values()} == {1}, "a repeat must bear the same Message-ID"
    async with site.world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from outbox where state = 'failed'") == 0


async def test_two_worker_processes_repeat_no_mail_though_one_is_killed(site: Site) -> None:
    """Together they send thousands once each; what the killed one had in hand is repeated under the same name."""
    petition = await site.petition()
    addresses = await queue(site.world, petition, 4000)
    for name in ("first", "second"):
        site.start("work", name)
    async with asyncio.timeout(PATIENCE):
        while len(site.mail.received) < 1500:  # noqa: ASYNC110 - what the mail server got, it got
            await asyncio.sleep(0.005)
    before = [str(mail["Message-ID"]) for mail in site.mail.received]
    assert len(before) == len(set(before)), "two workers sent the same mail"
    site.kill("first")
    await site.until("select count(*) from outbox where state = 'waiting' and next_at <= now()", 0)
    async with site.world.service.database.connection() as connection:
        await connection.execute("update outbox set next_at = created_at where state = 'waiting'")  # the lease runs out
    await site.until("select count(*) from outbox where state = 'waiting'", 0)
    names: dict[str, list[str]] = {}
    for mail in site.mail.received:
        if mail["Subject"] == "Bevestig uw handtekening":
            names.setdefault(str(mail["To"]), []).append(str(mail["Message-ID"]))
    assert set(addresses) <= names.keys()
    assert {len(set(found)) for found in names.values()} == {1}, "a repeat must bear the same Message-ID"
    repeats = sum(len(found) - 1 for found in names.values())
    assert repeats <= UNDER_WAY * BATCH, "more was repeated than one worker can have in hand"


async def test_mail_server_away_and_back(site: Site) -> None:
    petition = await site.petition()
    await site.mail.stop()
    site.start("work")
    await site.pending(petition, 20)
    await site.until("select count(*) from outbox where kind = 'confirm' and problem is not null", 20)
    assert site.mail.received == []
    await site.mail.start()
    await site.until("select count(*) from outbox where state = 'waiting'", 0)
    asked = Counter(mail["To"] for mail in site.mail.received if mail["Subject"] == "Bevestig uw handtekening")
    assert len(asked) == 20
    assert set(asked.values()) == {1}


async def test_connections_to_the_database_cut_while_people_confirm(site: Site) -> None:
    petition = await site.petition()
    before = await site.confirmed(petition)
    links = await site.pending(petition, 200)
    await site.world.service.stop()  # the test's own writers would be cut as well
    site.start("serve")
    await site.ready()
    pressed: Pressed = []
    pressing = asyncio.create_task(press_all(site, links, pressed))
    cut = 0
    for share in (20, 60, 100):
        await until_answered(pressed, share)
        cut += await site.cut_connections()
    await pressing
    assert cut
    assert len(pressed) == len(links)
    assert statuses(pressed) <= {200, 503}
    assert all(answer.headers["retry-after"] for _, answer in pressed if answer.status_code == 503)
    assert acknowledged(pressed) <= await site.confirmed(petition)
    again = await pressed_by_all(site, links)
    assert statuses(again) == {200}
    assert await site.confirmed(petition) == before | {link.key for link in links}


async def test_one_button_pressed_by_everybody_at_once_counts_once(site: Site) -> None:
    petition = await site.petition()
    before = await site.confirmed(petition)
    (link,) = await site.pending(petition, 1)
    site.start("serve")
    await site.ready()
    pressed = await pressed_by_all(site, [link] * 200)
    assert len(pressed) == 200
    assert statuses(pressed) == {200}
    assert await site.confirmed(petition) == before | {link.key}
