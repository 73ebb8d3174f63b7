"""High load on several processes: counts are exact, thresholds are reached once, excess requests get a 503 in time."""

import asyncio
import signal
from collections import Counter

import httpx

from petitions.lifecycle.reads.recount import recount
from tests.faults.conftest import PATIENCE, Site
from tests.faults.test_crashes import Pressed, acknowledged, press_all, pressed_by_all, statuses, until_answered
from tests.mail_server import mail_server

__all__ = ["mail_server"]


async def _rows(site: Site, sql: str) -> int:
    async with site.world.service.database.connection() as connection:
        return int(await connection.fetchval(sql))


async def test_four_processes_count_exactly_and_cross_a_threshold_once(site: Site) -> None:
    """One lock order: batches of several petitions, from four writers at once, and no deadlock."""
    petitions = [await site.petition() for _ in range(3)]
    for petition in petitions:
        await site.world.lower_threshold(petition, "examine", 100)
    links = [link for petition in petitions for link in await site.pending(petition, 150)]
    mixed = [links[(n * 151) % len(links)] for n in range(len(links))]
    assert Counter(mixed) == Counter(links)
    site.start("serve", WEB_CONCURRENCY="4")
    await site.ready()
    pressed = await pressed_by_all(site, mixed + mixed[::3])  # every third button is pressed twice
    assert statuses(pressed) == {200}
    for petition in petitions:
        assert await site.world.count(petition) == 150
    assert await _rows(site, "select count(*) from referral") == 3
    assert await _rows(site, "select count(*) from event where kind = 'threshold_reached'") == 3
    assert await _rows(site, "select count(distinct (petition_id, number)) from signature") >= 450
    assert await recount(site.world.service.database) == []


async def _sign(client: httpx.AsyncClient, site: Site, petition: int, number: int) -> httpx.Response:
    form = {"name": "Sanne de Wit", "place": "Zwolle", "email": f"mens{number}@voorbeeld.example"}
    return await client.post(f"{site.url}/nl/petitions/{petition}/sign", data=form)


async def test_more_than_fit_are_sent_away_and_what_was_taken_is_there(site: Site) -> None:
    petition = (await site.world.opened("nl-kamer-petitie", now=site.now)).petition_id
    site.start("serve", MOST_UNDER_WAY="4")
    await site.ready()
    limits = httpx.Limits(max_connections=60, max_keepalive_connections=60)
    async with httpx.AsyncClient(timeout=PATIENCE, limits=limits) as client:
        answers = await asyncio.gather(*(_sign(client, site, petition, n) for n in range(300)))
        seen = Counter(answer.status_code for answer in answers)
        assert set(seen) == {200, 503}
        for answer in answers:
            if answer.status_code == 503:
                assert 5 <= int(answer.headers["retry-after"]) <= 12
        assert await _rows(site, "select count(*) from pending_signature") == seen[200]
        assert await _rows(site, "select count(*) from outbox where kind = 'confirm'") == seen[200]
        after = await _sign(client, site, petition, 1000)  # the load is over: as fast as before
        assert after.status_code == 200
    assert await recount(site.world.service.database) == []


async def test_a_process_that_is_asked_to_end_finishes_what_it_took(site: Site) -> None:
    petition = await site.petition()
    before = await site.confirmed(petition)
    links = await site.pending(petition, 200)
    site.start("serve")
    await site.ready()
    pressed: Pressed = []
    pressing = asyncio.create_task(press_all(site, links, pressed))
    await until_answered(pressed, 30)
    site.processes["serve"].send_signal(signal.SIGTERM)
    await pressing
    await asyncio.to_thread(site.processes["serve"].wait, PATIENCE)
    counted = await site.confirmed(petition) - before
    told = acknowledged(pressed)
    assert len(told) >= 30
    assert told <= counted
    assert statuses(pressed) <= {200, 503}
