"""Requests at the administrators' desk."""

import pytest

from petitions.staff.acts import posts as staffing
from petitions.staff.acts import sessions as staff
from tests.form_reading import read_form
from tests.web import ORIGIN, Web

NEW = {"email": "ali@kantoor.example", "name": "Ali Yilmaz", "language": "nl", "is_moderator": "yes"}
HEADERS = {"Origin": ORIGIN}


@pytest.fixture
async def boss(web: Web) -> int:
    made = await staff.add(web.world.service, "baas@kantoor.example", "Baas", is_administrator=True, now=web.moment)
    await web.sign_in(made)
    return made


async def test_let_somebody_in_change_and_let_go(web: Web, boss: int) -> None:
    answer = await web.client.post("/staff/people", data=NEW, headers=HEADERS)
    assert answer.status_code == 303
    page = await web.client.get(answer.headers["location"])
    assert "Ali Yilmaz" in page.text
    form = read_form(page.text)
    assert form["is_moderator"] == "yes"
    slug = web.world.committee
    changed = {key: value for key, value in form.items() if key != "is_moderator"} | {f"committee-{slug}": "clerk"}
    assert (await web.client.post(answer.headers["location"], data=changed, headers=HEADERS)).status_code == 303
    number = int(answer.headers["location"].rsplit("/", 1)[1])
    post = (await staffing.member(web.world.service, number)).post
    assert (post.is_moderator, post.committees, post.active) == (False, (slug,), True)
    overview = await web.client.get("/staff/people")
    assert "griffier van van niets naar" in overview.text
    assert "door Baas" in overview.text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("email", "geen adres", "Vul een e-mailadres in"),
        ("email", "noor@kantoor.example", "werkt of werkte hier al iemand"),
        ("name", "", "Vul dit in"),
        ("name", "<b>x</b>" * 20, "ten hoogste 100"),
        ("language", "xx", "Kies een van deze"),
        ("is_moderator", None, "ten minste één rol"),
    ],
)
async def test_mistakes_are_said_and_everything_is_kept(
    web: Web, boss: int, field: str, value: str | None, message: str
) -> None:
    data = {key: text for key, text in (NEW | {field: value}).items() if text is not None}
    before = len(await staffing.members(web.world.service))
    answer = await web.client.post("/staff/people", data=data, headers=HEADERS)
    assert answer.status_code == 400
    assert message in answer.text
    assert "<b>x</b>" not in answer.text
    if field != "name":
        assert 'value="Ali Yilmaz"' in answer.text
    assert len(await staffing.members(web.world.service)) == before


async def test_a_refused_change_says_why_and_keeps_what_was_chosen(web: Web, boss: int) -> None:
    form = read_form((await web.client.get(f"/staff/people/{boss}")).text)
    mine = {key: value for key, value in form.items() if key != "is_administrator"} | {"name": "De Baas"}
    answer = await web.client.post(f"/staff/people/{boss}", data=mine, headers=HEADERS)
    assert answer.status_code == 409
    assert "Dit kunt u uzelf niet afnemen" in answer.text
    assert 'value="De Baas"' in answer.text
    stale = read_form((await web.client.get(f"/staff/people/{web.world.clerk}")).text) | {"seen": "0" * 16}
    late = await web.client.post(f"/staff/people/{web.world.clerk}", data=stale, headers=HEADERS)
    assert late.status_code == 409
    assert "Iemand anders veranderde" in late.text
    assert read_form(late.text)["seen"] != "0" * 16


async def test_only_administrators_come_in_and_unknown_people_are_404(web: Web, boss: int) -> None:
    assert (await web.client.get("/staff/people/999999")).status_code == 404
    await web.sign_in(web.world.moderator)
    assert (await web.client.get("/staff/people")).status_code == 403
    assert "Mensen" not in (await web.client.get("/staff")).text


async def test_too_few_people_for_an_objection_are_told(web: Web, boss: int) -> None:
    page = await web.client.get("/staff/people")
    there = sum(one.post.decides_on_petitions for one in await staffing.members(web.world.service))
    assert there < 3
    assert "Te weinig mensen controleren petities" in page.text
    assert "3 mensen voor:" in page.text
    for number in range(3 - there):
        data = NEW | {"email": f"hulp{number}@kantoor.example"}
        assert (await web.client.post("/staff/people", data=data, headers=HEADERS)).status_code == 303
    assert "Te weinig mensen" not in (await web.client.get("/staff/people")).text


async def test_role_in_each_committee_is_given_and_taken(web: Web, boss: int) -> None:
    slug = web.world.committee
    both = {f"committee-{slug}": "member", "committee-digitale-zaken": "clerk", "committee-financien": "king"}
    answer = await web.client.post("/staff/people", data=NEW | both, headers=HEADERS)
    assert answer.status_code == 303
    number = int(answer.headers["location"].rsplit("/", 1)[1])
    post = (await staffing.member(web.world.service, number)).post
    assert (post.committees, post.sits_on) == (("digitale-zaken",), (slug,))
    page = (await web.client.get(answer.headers["location"])).text
    assert read_form(page)[f"committee-{slug}"] == "member"
    assert "lid van van niets naar" in page
    assert "lid: " in (await web.client.get("/staff/people")).text
    only = {key: value for key, value in NEW.items() if key != "is_moderator"} | {"email": "lid@kantoor.example"}
    member = await web.client.post("/staff/people", data=only | {f"committee-{slug}": "member"}, headers=HEADERS)
    assert member.status_code == 303, "a member needs no other role"
