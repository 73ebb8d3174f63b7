"""The check of support on the page: at the desk of the committee, behind the link of the mail, and in the dossier."""

from datetime import date, timedelta

import httpx
import pytest

from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.rules.steps import StepInput
from petitions.security.tokens import Link
from petitions.verification.acts import sampling
from petitions.verification.acts.sampling import SampleSeed
from petitions.verification.reads import read_checks
from tests.web import ORIGIN, Web
from tests.world import ANSWERS

SEED = {
    "act": "draw",
    "seed": "7 12 23 31 40 44",
    "source": "Staatsloterij, trekking 1234",
    "link": "https://loterij.example/1234",
    "seed_day": "2-3-2026",
    "seed_time": "11:00",
    "method": "mail",
}


async def post(web: Web, address: str, **values: str) -> httpx.Response:
    return await web.client.post(address, data=values, headers={"Origin": ORIGIN})


def room(seen: SeenReferral) -> str:
    return f"/committee/referrals/{seen.petition_id}/{seen.referral_id}/verification"


def clerk(web: Web) -> Clerk:
    return Clerk(web.world.clerk, (web.world.committee,))


@pytest.fixture
async def seen(web: Web) -> SeenReferral:
    """A referral whose conditions are to be checked, before its clerk."""
    made = await web.world.referred()
    made = await web.world.step(clerk(web), made, "received", StepInput(happened_on=date(2026, 3, 2)), now=web.moment)
    await web.sign_in(web.world.clerk)
    return made


async def drawn(web: Web, seen: SeenReferral) -> list[Link]:
    """Draw the sample; the links of those who were drawn."""
    await sampling.close_list(web.world.service, clerk(web), seen, now=web.moment)
    seed = SampleSeed("7 12", "Loterij", "", web.moment, "mail")
    await sampling.draw_sample(web.world.service, clerk(web), seen, seed, now=web.moment)
    async with web.world.service.database.connection() as connection:
        rows = await connection.fetch("select token_id from verification_sample order by place")
    return [Link(seen.petition_id, row["token_id"]) for row in rows]


async def test_whole_check_at_the_desk(web: Web, seen: SeenReferral) -> None:
    version = str(seen.version)
    page = await web.client.get(room(seen))
    assert "Sluit de lijst" in page.text
    answer = await post(web, room(seen), act="close", version=version)
    assert answer.headers["location"].endswith("?done=listed")
    page = await web.client.get(answer.headers["location"])
    (check,) = await read_checks(web.world.service.database, seen.petition_id)
    assert check.digest in page.text
    answer = await post(web, room(seen), **SEED, version=version)
    assert answer.headers["location"].endswith("?done=drawn"), answer.text
    page = await web.client.get(answer.headers["location"])
    assert "U kunt de uitslag vaststellen" not in page.text
    assert "24 maart" not in page.text
    assert "23 maart 2026" in page.text
    answer = await post(web, room(seen), act="record", places="1, 2", result="verified", version=version)
    assert answer.headers["location"].endswith("?done=recorded&places=2")
    web.moment += timedelta(days=22)
    await web.sign_in(web.world.clerk)
    answer = await post(web, room(seen), act="finish", version=version)
    assert answer.headers["location"].endswith("?done=finished")
    page = await web.client.get(answer.headers["location"])
    assert "bevestigden" in page.text
    for path in (f"/nl/petitions/{seen.petition_id}/dossier", f"/en/petitions/{seen.petition_id}/dossier"):
        public = await web.client.get(path)
        assert check.digest in public.text
        assert "7 12 23 31 40 44" in public.text
        for text in (ANSWERS["street"], ANSWERS["postcode"], "1980"):
            assert text not in public.text
    petition = await web.client.get(f"/nl/petitions/{seen.petition_id}")
    assert "uitslag van de steekproef" in petition.text
    assert f"/nl/petitions/{seen.petition_id}/dossier#verification" in petition.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"seed": ""}, "seed"),
        ({"source": ""}, "source"),
        ({"link": "loterij"}, "link"),
        ({"seed_day": ""}, "seed_day"),
        ({"seed_day": "gisteren"}, "seed_day"),
        ({"seed_day": "1-3-2026"}, "seed_day"),
        ({"seed_day": "3-3-2026"}, "seed_day"),
        ({"seed_time": ""}, "seed_time"),
        ({"method": ""}, "method"),
        ({"seed": "x" * 201}, "seed"),
    ],
)
async def test_seed_that_does_not_do_is_told_at_its_field(
    web: Web, seen: SeenReferral, wrong: dict[str, str], field: str
) -> None:
    await sampling.close_list(web.world.service, clerk(web), seen, now=web.moment)
    answer = await post(web, room(seen), **(SEED | wrong), version=str(seen.version))
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.text
    kept = (SEED | wrong)["source"]
    assert kept in answer.text
    (check,) = await read_checks(web.world.service.database, seen.petition_id)
    assert check.state == "listed"


@pytest.mark.parametrize("places", ["", "een", "1 2 9999", "1; drop table", "9" * 40])
async def test_places_that_do_not_do_store_nothing(web: Web, seen: SeenReferral, places: str) -> None:
    await drawn(web, seen)
    answer = await post(web, room(seen), act="record", places=places, result="verified", version=str(seen.version))
    assert answer.status_code == 400
    assert 'href="#places"' in answer.text
    (check,) = await read_checks(web.world.service.database, seen.petition_id)
    assert check.tally.drawn == 0


async def test_second_clerk_sees_what_the_first_did(web: Web, seen: SeenReferral) -> None:
    version = str(seen.version)
    await post(web, room(seen), act="close", version=version)
    answer = await post(web, room(seen), act="close", version=version)
    assert answer.status_code == 409
    assert "sloot de lijst eerder" in answer.text
    assert (await post(web, room(seen), act="finish", version=version)).status_code == 409
    assert (await post(web, room(seen), act="close", version="0")).status_code == 409
    assert (await post(web, room(seen), act="explode", version=version)).status_code == 400
    other = await web.world.clerk_of("volksgezondheid-welzijn-en-sport")
    await web.sign_in(other.staff_id)
    assert (await web.client.get(room(seen))).status_code == 403
    assert (await post(web, room(seen), act="close", version=version)).status_code == 403


async def test_question_is_answered_by_a_button_only(web: Web, seen: SeenReferral) -> None:
    first, *_ = await drawn(web, seen)
    web.client.cookies.clear()
    address = f"/nl/support/{web.token('sample', first.petition_id, first.key)}"
    for _ in range(2):
        page = await web.client.get(address)
        assert page.status_code == 200
        assert "set-cookie" not in page.headers
        assert page.headers["x-robots-tag"] == "noindex"
    (check,) = await read_checks(web.world.service.database, seen.petition_id)
    assert check.tally.drawn == 0, "a mail scanner that opens the link answers nothing"
    bad = await post(web, address, answer="misschien")
    assert bad.status_code == 400
    assert 'href="#answer"' in bad.text
    for word, verified in (("yes", 1), ("yes", 1), ("no", 0)):
        done = await post(web, address, answer=word)
        assert done.status_code == 200
        assert "Wij hebben uw antwoord" in done.text
        (check,) = await read_checks(web.world.service.database, seen.petition_id)
        assert check.tally.verified == verified
    web.moment += timedelta(days=22)
    for answer in (await web.client.get(address), await post(web, address, answer="yes")):
        assert answer.status_code == 410
        assert "niet meer beantwoorden" in answer.text
    confirm = web.token("confirm", first.petition_id, first.key)
    assert (await web.client.get(f"/nl/support/{confirm}")).status_code == 404, "a link is for one purpose"


async def test_rules_of_the_check_stand_on_the_page_of_the_procedure(web: Web) -> None:
    page = await web.client.get("/en/procedures/nl-burgerinitiatief")
    assert "400 people are drawn" in page.text
    assert "They have 3 weeks to answer" in page.text
    assert "What the body gets of every signature" in page.text
    finnish = await web.client.get("/en/procedures/fi-kansalaisaloite")
    assert "Every signature is checked" in finnish.text
