"""Requests at the committee's desk and for the public pages of committees."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.rules.steps import StepInput
from petitions.staff.acts import sessions as staff
from tests.web import Web
from tests.world import NOW

REASONS = "De Kamer vindt dat de regering hier nu mee aan de slag moet."


def address(seen: SeenReferral) -> str:
    return f"/committee/referrals/{seen.petition_id}/{seen.referral_id}"


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def typed(days: int) -> str:
    day = later(days).date()
    return f"{day.day}-{day.month}-{day.year}"


async def record(web: Web, seen: SeenReferral, step: str, version: int, **values: str) -> httpx.Response:
    """What the form of a step sends."""
    return await web.client.post(f"{address(seen)}/steps", data={"step": step, "version": str(version)} | values)


async def sign_in(web: Web, days: int = 0, clerk: int | None = None) -> None:
    web.moment = later(days)
    await web.sign_in(clerk or web.world.clerk)


async def test_desk_lists_what_waits_and_what_is_overdue_first(web: Web) -> None:
    calm = await web.world.referred(title="Geef elke wijk een bibliotheek terug")
    late = await web.world.referred(title="Maak het water in de sloten schoon")
    async with web.world.service.database.connection() as connection:
        await connection.execute(
            "update referral set due_on = $2 where petition_id = $1", late.petition_id, later(30).date()
        )
    await sign_in(web, 44)
    page = (await web.client.get("/committee?lang=en")).text
    assert "14 days overdue" in page
    assert page.index("Maak het water") < page.index("Geef elke wijk")
    assert f'href="{address(calm)}"' in page
    assert "Received by the committee" in page
    assert "44 days" in page
    dutch = (await web.client.get("/committee")).text
    assert "14 dagen te laat" in dutch


@pytest.mark.parametrize("tab", ["todo", "new", "handling", "follow_up", "done", "nonsense"])
async def test_every_tab_has_words_when_it_is_empty(web: Web, tab: str) -> None:
    await sign_in(web)
    answer = await web.client.get(f"/committee?show={tab}&lang=en")
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert (await web.client.get("/committee?page=2")).status_code == 404


async def test_clerk_of_two_committees_can_look_at_one(web: Web) -> None:
    await web.world.referred(title="Maak het water in de sloten schoon")
    clerk = await web.world.clerk_of(web.world.committee, "digitale-zaken")
    await sign_in(web, 1, clerk.staff_id)
    assert "Maak het water" in (await web.client.get("/committee")).text
    assert "Maak het water" not in (await web.client.get("/committee?committee=digitale-zaken")).text
    assert "Maak het water" in (await web.client.get("/committee?committee=financien")).text


async def test_dossier_shows_the_petition_and_what_the_procedure_asks(web: Web) -> None:
    seen = await web.world.referred()
    await sign_in(web, 3)
    page = (await web.client.get(f"{address(seen)}?lang=en")).text
    assert "Geef elk dorp weer nachtzorg dichtbij" in page
    assert "huisartsenpost" in page
    assert "Waiting for a decision for 3 days." in page
    assert "The rules set no time limit for this." in page
    steps = ["Received by the committee", "Conditions and sample checked", "Public report", "Votes and decision"]
    asked = page[page.index("What the procedure asks") :]
    places = [asked.index(step) for step in steps]
    assert places == sorted(places)
    assert '?step=received#step"' in page
    assert "?step=votes" not in page, "only what is possible can be chosen"
    form = (await web.client.get(f"{address(seen)}?step=received&lang=en")).text
    assert f'action="{address(seen)}/steps#step"' in form
    assert f'value="{typed(3)}"' in form


async def test_every_form_of_a_whole_handling_can_be_filled_in(web: Web) -> None:
    seen = await web.world.referred()
    steps = [
        ("received", {"happened_on": typed(1)}),
        ("sample_check", {"happened_on": typed(2), "text": "Gecontroleerd bij 500 mensen."}),
        ("report", {"happened_on": typed(3), "text": "Behandelen.", "link": "https://www.example.org/verslag.pdf"}),
        ("admissibility", {"happened_on": typed(4), "admissible": "yes"}),
        (
            "plenary_debate",
            {
                "meeting": "held",
                "meeting_day": typed(5),
                "meeting_time": "10:15",
                "place": "Plenaire zaal",
                "text": "Drie uur gepraat.",
                "transcript": "https://www.example.org/handelingen/1",
                "video": "https://www.example.org/debat/1",
            },
        ),
        ("votes", {"happened_on": typed(6), "outcome": "motion_adopted", "reasons": REASONS}),
        ("what_came_of_it", {"happened_on": typed(7), "text": "De regeling is aangepast."}),
    ]
    await sign_in(web, 8)
    for version, (step, values) in enumerate(steps, start=1):
        form = await web.client.get(f"{address(seen)}?step={step}")
        assert all(f'name="{name}"' in form.text for name in values), step
        assert f'name="version" value="{version}"' in form.text
        answer = await record(web, seen, step, version, **values)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{address(seen)}?done=step"), answer.text
        await sign_in(web, 8)
    page = (await web.client.get(f"{address(seen)}?done=step&lang=en")).text
    assert 'role="status"' in page
    assert "The House adopted a motion" in page
    assert REASONS in page
    assert "The handling has ended" in page
    public = (await web.client.get(f"/en/committees/{web.world.committee}")).text
    assert "Decided in 6 days." in public
    assert "The House adopted a motion" in public


async def test_meeting_is_typed_in_the_time_of_the_body(web: Web) -> None:
    seen = await web.world.referred("uk-parliament", threshold="debate")
    house = await web.world.clerk_of("uk-petitions-committee")
    await sign_in(web, 1, house.staff_id)
    await record(web, seen, "considered", 1, happened_on=typed(1))
    values = {"meeting": "planned", "meeting_day": "1-7-2026", "meeting_time": "16.30", "place": "Westminster Hall"}
    assert (await record(web, seen, "evidence", 2, **values)).status_code == 303
    async with web.world.service.database.connection() as connection:
        row = await connection.fetchrow(
            "select meeting_at, meeting_place from referral where id = $1", seen.referral_id
        )
    assert row is not None
    assert row["meeting_at"] == datetime(2026, 7, 1, 15, 30, tzinfo=UTC), "summer time in London"
    form = (await web.client.get(f"{address(seen)}?step=evidence&lang=en")).text
    assert 'value="16:30"' in form
    assert 'value="cancelled"' in form
    assert "1 July 2026 at 16:30, Westminster Hall" in form


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"happened_on": ""}, "happened_on", "Fill this in."),
        ({"happened_on": "31-2-2026"}, "happened_on", "Fill in a date"),
        ({"happened_on": "1-1-2030"}, "happened_on", "still to come"),
        ({"happened_on": "1-1-2020"}, "happened_on", "before the step that came first"),
        ({"happened_on": "3-3-2026", "text": "a\x00b"}, "text", "a character that we cannot accept"),
        ({"happened_on": "3-3-2026", "text": "x" * 7000}, "text", "at most 6000"),
    ],
)
async def test_wrong_input_is_told_at_the_field_and_everything_typed_is_kept(
    web: Web, values: dict[str, str], field: str, message: str
) -> None:
    seen = await web.world.referred()
    await sign_in(web, 1)
    answer = await web.client.post(
        f"{address(seen)}/steps?lang=en", data={"step": "received", "version": "1", "text": "Bewaar dit."} | values
    )
    assert answer.status_code == 400
    assert "<title>Error:" in answer.text
    assert message in answer.text
    assert f'href="#{field}"' in answer.text
    if "text" not in values:
        assert "Bewaar dit." in answer.text
    async with web.world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from referral_step") == 0


async def test_decision_without_reasons_is_refused(web: Web) -> None:
    seen = await web.world.referred("uk-parliament", threshold="debate")
    house = await web.world.clerk_of("uk-petitions-committee")
    await sign_in(web, 1, house.staff_id)
    await record(web, seen, "considered", 1, happened_on=typed(1))
    answer = await record(web, seen, "debate_decided", 2, happened_on=typed(1), outcome="debated")
    assert answer.status_code == 400
    assert 'href="#reasons"' in answer.text
    assert re.search(r'value="debated" checked', answer.text), "the choice is kept"


async def test_step_out_of_order_is_a_conflict_that_says_what_comes_first(web: Web) -> None:
    seen = await web.world.referred()
    await sign_in(web, 1)
    answer = await web.client.post(
        f"{address(seen)}/steps?lang=en",
        data={
            "step": "votes",
            "version": "1",
            "happened_on": typed(1),
            "outcome": "position_taken",
            "reasons": "Alvast dit.",
        },
    )
    assert answer.status_code == 409
    assert "First: Received by the committee." in answer.text
    assert "Alvast dit." in answer.text, "what was typed can be copied"


async def test_second_clerk_sees_what_the_first_recorded(web: Web) -> None:
    seen = await web.world.referred()
    await sign_in(web, 1)
    assert (await record(web, seen, "received", 1, happened_on=typed(1))).status_code == 303
    answer = await web.client.post(
        f"{address(seen)}/steps?lang=en", data={"step": "received", "version": "1", "happened_on": typed(1)}
    )
    assert answer.status_code == 409
    assert "A colleague recorded something" in answer.text
    assert "Waiting for a decision for 1 day." in answer.text


async def test_more_time_is_asked_on_the_desk_and_shown_to_the_public(web: Web) -> None:
    seen = await web.world.referred()
    await sign_in(web, 1)
    form = (await web.client.get(f"{address(seen)}?extend&lang=en")).text
    assert 'name="due_on"' in form
    wrong = await web.client.post(f"{address(seen)}/extension", data={"version": "1", "due_on": typed(1)})
    assert wrong.status_code == 400
    assert 'href="#reason"' in wrong.text
    right = {"version": "1", "due_on": typed(60), "reason": "De steekproef is groot."}
    assert (await web.client.post(f"{address(seen)}/extension", data=right)).status_code == 303
    assert (await web.client.post(f"{address(seen)}/extension", data=right)).status_code == 409
    page = (await web.client.get(f"{address(seen)}?lang=en")).text
    assert "De steekproef is groot." in page
    assert "in 59 days" in page


async def test_clerk_of_another_committee_and_moderators_stay_out(web: Web) -> None:
    seen = await web.world.referred()
    stranger = await web.world.clerk_of("digitale-zaken")
    await sign_in(web, 1, stranger.staff_id)
    assert (await web.client.get(address(seen))).status_code == 403
    assert (await record(web, seen, "received", 1, happened_on=typed(1))).status_code == 403
    assert (await web.client.post(f"{address(seen)}/extension", data={"version": "1"})).status_code == 403
    assert (await web.client.get(f"/committee/referrals/{seen.petition_id}/99999")).status_code == 404
    assert (await web.client.get("/committee/referrals/x/1")).status_code == 404
    await sign_in(web, 1, web.world.moderator)
    assert (await web.client.get("/committee")).status_code == 403
    boss = await staff.add(web.world.service, "baas@kantoor.example", "B. de Baas", is_administrator=True, now=NOW)
    await sign_in(web, 1, boss)
    assert (await web.client.get(address(seen))).status_code == 403
    web.client.cookies.clear()
    assert (await web.client.get("/committee")).status_code == 303
    assert (await record(web, seen, "received", 1, happened_on=typed(1))).status_code == 403


async def test_unknown_step_and_strange_versions_are_no_server_error(web: Web) -> None:
    seen = await web.world.referred()
    await sign_in(web, 1)
    assert (await record(web, seen, "nothing", 1)).status_code == 404
    assert (await web.client.get(f"{address(seen)}?step=votes")).status_code == 200
    answer = await web.client.post(
        f"{address(seen)}/steps", data={"step": "received", "version": "9" * 30, "happened_on": typed(1)}
    )
    assert answer.status_code == 409
    long = {"step": "received", "version": "1", "happened_on": "٣-٣-٢٠٢٦"}
    assert (await web.client.post(f"{address(seen)}/steps", data=long)).status_code in {303, 400}


async def test_public_page_says_how_long_each_petition_waits(web: Web) -> None:
    seen = await web.world.referred("uk-parliament", threshold="response")
    web.moment = later(41)
    page = await web.client.get("/en/committees/uk-government")
    assert page.status_code == 200
    assert "Waiting for an answer for 41 days." in page.text
    assert "max-age" in page.headers["cache-control"]
    assert "set-cookie" not in page.headers
    assert (
        await web.client.get("/en/committees/uk-government", headers={"if-none-match": page.headers["etag"]})
    ).status_code == 304
    dutch = (await web.client.get("/nl/committees/uk-government")).text
    assert "Wacht al 41 dagen op een antwoord." in dutch
    assert f'href="/nl/petitions/{seen.petition_id}"' in dutch
    assert (await web.client.get("/nl/committees/no-such")).status_code == 404
    assert (await web.client.get("/fr/committees")).status_code == 404


async def test_hidden_text_is_not_shown_to_the_public_but_is_to_the_clerk(web: Web) -> None:
    seen = await web.world.referred(title="Iets heel beledigends over iemand")
    async with web.world.service.database.connection() as connection:
        await connection.execute(
            "update petition set stage = 'removed', ended_at = now(), ground = 'x', reason = 'x', text_hidden = true"
        )
    page = (await web.client.get(f"/en/committees/{web.world.committee}")).text
    assert "beledigends" not in page
    assert "the text is hidden" in page
    await sign_in(web, 1)
    desk = (await web.client.get(f"{address(seen)}?lang=en")).text
    assert "beledigends" in desk
    assert "Text hidden from the public" in desk


async def test_list_of_committees_shows_those_of_this_installation(web: Web) -> None:
    page = (await web.client.get("/nl/committees")).text
    assert "/nl/committees/verzoekschriften-en-burgerinitiatieven" in page
    assert "/nl/committees/digitale-zaken" in page
    assert "bundestag" not in page


@pytest.mark.parametrize("code", ["nl-kamer-petitie", "nl-gemeente-initiatief", "nl-burgerinitiatief"])
async def test_desk_speaks_dutch(web: Web, code: str) -> None:
    seen = await web.world.referred(code)
    async with web.world.service.database.connection() as connection:
        slug = await connection.fetchval("select committee_slug from referral where id = $1", seen.referral_id)
    clerk = await web.world.clerk_of(slug)
    await web.world.step(Clerk(clerk.staff_id, (slug,)), seen, "received", StepInput(happened_on=NOW.date()), now=NOW)
    await sign_in(web, 2, clerk.staff_id)
    texts = [
        (await web.client.get(path)).text
        for path in ("/committee", address(seen), f"{address(seen)}?extend", f"/nl/committees/{slug}", "/nl/committees")
    ]
    for step in ("check", "sample_check", "whether_and_when"):
        texts.append((await web.client.get(f"{address(seen)}?step={step}")).text)
    english = re.compile(r"\b(the|petition|waiting|record|steps?|committee|reasons?|signatures?)\b", re.IGNORECASE)
    for text in texts:
        words = re.sub(r"<[^>]*>|/\S+", " ", text)
        assert not english.search(words), english.search(words)


async def test_a_debate_is_planned_then_held_with_its_report_and_video(web: Web) -> None:
    seen = await web.world.referred("uk-parliament", threshold="debate")
    clerk = await web.world.clerk_of("uk-petitions-committee")
    await sign_in(web, 3, clerk.staff_id)
    assert (await record(web, seen, "considered", 1, happened_on=typed(2))).status_code == 303
    links = {"transcript": "https://www.example.org/hansard/1", "video": "https://www.example.org/video/1"}
    meeting = {"meeting_time": "16:30", "place": "Westminster Hall"}
    planned = {"meeting": "planned", "meeting_day": typed(9)} | meeting | links
    assert (await record(web, seen, "debate", 2, **planned)).status_code == 303
    page = (await web.client.get(f"/en/petitions/{seen.petition_id}")).text
    assert "Planned for" in page
    assert links["video"] not in page, "what does not exist yet is not shown"
    await sign_in(web, 10, clerk.staff_id)
    held = {"meeting": "held", "meeting_day": typed(9)} | meeting | links
    refused = await record(web, seen, "debate", 3, **held)
    assert refused.status_code == 400, "nobody says yet what was said"
    assert 'href="#text"' in refused.text
    assert links["video"] in refused.text
    assert (await record(web, seen, "debate", 3, **held, text="Members of all parties spoke.")).status_code == 303
    page = (await web.client.get(f"/en/petitions/{seen.petition_id}")).text
    assert all(f'href="{link}"' in page for link in links.values())


async def test_a_response_says_who_answered_and_in_which_document(web: Web) -> None:
    seen = await web.world.referred("uk-parliament", threshold="response")
    clerk = await web.world.clerk_of("uk-government")
    await sign_in(web, 3, clerk.staff_id)
    steps = [step.code for step in web.world.procedure("uk-parliament").steps_for("response")]
    assert (await record(web, seen, steps[0], 1, happened_on=typed(1))).status_code == 303
    answer = {"text": "We shall look into it.", "respondent": "Minister of Health", "document": "Letter HC 12"}
    link = "https://www.example.org/letters/12"
    assert (await record(web, seen, steps[1], 2, happened_on=typed(2), link=link, **answer)).status_code == 303
    page = (await web.client.get(f"/en/petitions/{seen.petition_id}")).text
    assert "Minister of Health, " in page
    assert "Read the whole answer: Letter HC 12" in page
