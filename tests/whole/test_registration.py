"""A subject is added and removed by one registration: nothing else changes, and what is left works."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from petitions.app import assemble, forgetting, with_modules
from petitions.commands import maintenance
from petitions.database.connection import Connection
from petitions.http.routing import Row
from petitions.http.templating import Pages
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.pages.dossier_data import DossierData
from petitions.lifecycle.pages.guard import guarded
from petitions.lifecycle.pages.parts import DossierPart, DossierSection, ReferralTab, SubjectRetention
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.registration import PeriodicJob, Registration, parts_of
from petitions.routes import routes, table
from petitions.subjects import SUBJECTS
from petitions.worker.rounds import one_round
from tests.web import ORIGIN, Web
from tests.world import NOW


async def _greet(request: Request) -> Response:
    return PlainTextResponse(f"Goedemorgen {request.path_params['name']}")


async def _section(data: DossierData) -> dict[str, str]:
    return {"words": f"goedemorgen {data.shown.petition.id}"}


async def _pages(_request: Request) -> list[str]:
    return ["/greetings/everybody"]


def with_greetings(done: list[str]) -> tuple[Registration, ...]:
    """The subjects of the service and one more, which uses everything that a registration offers."""

    async def job(_service: Service, now: datetime) -> None:
        done.append(f"job {now:%H:%M}")

    async def forget(_connection: Connection, petition_id: int) -> None:
        done.append(f"forgot {petition_id}")

    greetings = Registration(
        name="greetings",
        routes=(Row("GET", "/{lang}/greetings/{name}", "everyone", _greet),),
        jobs=(PeriodicJob("greeting", job),),
        referral_tabs=(ReferralTab(45, "greetings", "Greetings", who="committee"),),
        dossier=(DossierPart(45, "greetings", "dossier/now.html", _none),),
        dossier_sections=(DossierSection(125, "greetings", _section),),
        site_pages=(_pages,),
        retention=(SubjectRetention("greetings", timedelta(days=3)),),
        forget_words=forget,
    )
    return (*SUBJECTS, greetings)


async def _none(_request: Request, _shown: PetitionView) -> Any:
    return None


def client_of(web: Web, subjects: tuple[Registration, ...], pages: Pages) -> httpx.AsyncClient:
    """A client of an application that is made of these subjects."""
    site = replace(pages.site, body=with_modules(pages.site.body, subjects))
    app = assemble(public_url=ORIGIN, subjects=subjects)
    state = replace(web.app_state, parts=parts_of(subjects), pages=Pages(site))

    async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"app_state": state}
        await app(scope, receive, send)

    transport = httpx.ASGITransport(app=with_state, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, cookies=web.client.cookies)


async def test_a_subject_is_added_by_one_registration(web: Web, pages: Pages) -> None:
    done: list[str] = []
    subjects = with_greetings(done)
    seen = await web.world.referred()
    clerk = await web.world.clerk_of(web.world.committee)
    await web.sign_in(clerk.staff_id)
    async with client_of(web, subjects, pages) as client:
        assert (await client.get("/nl/greetings/Sanne")).text == "Goedemorgen Sanne"
        assert ("GET", "/{lang}/greetings/{name}") in {(row.method, row.path) for row in table(subjects)}
        dossier = (await client.get(f"/api/v1/petitions/{seen.petition_id}/dossier")).json()
        assert dossier["greetings"] == {"words": f"goedemorgen {seen.petition_id}"}
        assert list(dossier).index("greetings") == list(dossier).index("documents") + 1
        assert "/nl/greetings/everybody" in (await client.get("/sitemap-pages.xml")).text
        room = await client.get(f"/committee/referrals/{seen.petition_id}/{seen.referral_id}")
        assert f"/committee/referrals/{seen.petition_id}/{seen.referral_id}/greetings" in room.text
    assert (await web.client.get("/nl/greetings/Sanne")).status_code == 404
    await one_round(maintenance(web.world.service, subjects), now=NOW)
    assert done == ["job 10:00"]
    for forget in forgetting(subjects)["forget_words"][-1:]:
        async with web.world.service.database.connection() as connection:
            await forget(connection, 7)
    assert done[-1] == "forgot 7"


REMOVABLE = tuple(one.name for one in SUBJECTS if one.name not in {"lifecycle", "staff"})
"""Without the life of a petition and the people at the desks there is no service."""


@pytest.mark.parametrize("name", REMOVABLE)
async def test_a_subject_is_removed_by_its_line(web: Web, pages: Pages, name: str) -> None:
    subjects = tuple(one for one in SUBJECTS if one.name != name)
    gone = next(one for one in SUBJECTS if one.name == name)
    seen = await web.world.referred()
    clerk = await web.world.clerk_of(web.world.committee)
    await web.sign_in(clerk.staff_id)
    number, referral = seen.petition_id, f"/committee/referrals/{seen.petition_id}/{seen.referral_id}"
    kept = ["/nl", "/nl/petitions", f"/nl/petitions/{number}", "/nl/procedures", "/committee", referral]
    pages_of_others = ["/nl/privacy", f"/nl/petitions/{number}/dossier", f"/api/v1/petitions/{number}/dossier"]
    left = {row.path for row in table(subjects)}
    assert not left & {row.path for row in gone.routes}
    async with client_of(web, subjects, pages) as client:
        for address in kept:
            assert (await client.get(address)).status_code == 200, address
        for address in pages_of_others:
            assert (await client.get(address)).status_code in {200, 404}, address
        link = await web.world.opened()
        assert (await web.world.sign(link.petition_id)).state == "confirmed"
    routed = {route.name for route in routes(subjects)}  # type: ignore[attr-defined]
    assert len(routed) == len(table(subjects))
    assert guarded(_greet, "everyone") is _greet
    await one_round(maintenance(web.world.service, subjects), now=NOW)


def test_no_two_subjects_give_the_same() -> None:
    names = [one.name for one in SUBJECTS]
    assert len(set(names)) == len(names)
    parts = parts_of(SUBJECTS)
    for given in (parts.referral_tabs, parts.dossier, parts.dossier_sections):
        orders = [one.order for one in given]
        assert len(set(orders)) == len(orders)
