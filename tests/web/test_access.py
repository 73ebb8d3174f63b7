"""Every route by every role: who is let in, who is sent to sign in, who is refused. A route cannot be left out."""

import re

import pytest

from petitions.life import staff
from petitions.routes import TABLE, Row
from petitions.web.guard import Role
from tests.web.conftest import ORIGIN, Web

LET_IN: dict[Role, set[str]] = {
    "everyone": {"public", "moderator", "clerk", "administrator"},
    "holder": {"public", "moderator", "clerk", "administrator"},
    "demo": set(),
    "demo or staff": {"moderator", "clerk", "administrator"},
    "staff": {"moderator", "clerk", "administrator"},
    "moderator": {"moderator", "administrator"},
    "clerk": {"clerk"},
    "administrator": {"administrator"},
}
SAMPLES = {"lang": "nl", "id": "1", "token": "x.y", "petition_id": "1", "referral_id": "1", "code": "x", "slug": "x"}


def address(row: Row) -> str:
    return re.sub(r"{(\w+)(?::\w+)?}", lambda match: SAMPLES.get(match[1], "1"), row.path)


def test_no_address_stands_twice_in_the_table() -> None:
    seen = [(row.method, row.path) for row in TABLE]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("role", ["public", "moderator", "clerk", "administrator"])
async def test_every_route_by_this_role(web: Web, role: str) -> None:
    if role == "administrator":
        boss = await staff.add(web.world.service, "baas@kantoor.example", "Baas", is_administrator=True, now=web.moment)
        await web.sign_in(boss)
    elif role != "public":
        await web.sign_in(web.world.moderator if role == "moderator" else web.world.clerk)
    wrong = []
    for row in sorted(TABLE, key=lambda row: row.path.endswith("sign-out")):
        response = await web.client.request(row.method, address(row), headers={"Origin": ORIGIN})
        sent_away = response.status_code == 403 or response.headers.get("location") == "/staff/sign-in"
        if row.who == "demo":
            fine = response.status_code == 404
        elif row.path == "/staff/sign-out":
            fine = response.status_code == 303
        else:
            fine = sent_away != (role in LET_IN[row.who])
        if not fine or response.status_code >= 500:
            wrong.append((row.method, row.path, response.status_code))
    assert wrong == []


async def test_public_pages_set_no_cookie(web: Web) -> None:
    petition = (await web.world.opened()).petition_id
    for row in TABLE:
        if row.method == "GET" and row.who == "everyone":
            path = address(row).replace("/1", f"/{petition}")
            assert "set-cookie" not in (await web.client.get(path)).headers, path
