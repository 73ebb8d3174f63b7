"""The management link: state, confirming, editing, sponsors, news, handing over, withdrawing, resubmitting."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from petitions.lifecycle.acts import drafting, moderation
from petitions.security.tokens import Link
from tests.form_reading import read_form
from tests.web import ORIGIN, Web
from tests.world import NOW, REASONS, REQUEST

TITLE = "Geef elk dorp weer nachtzorg dichtbij"


def path(web: Web, link: Link, language: str = "nl") -> str:
    return f"/{language}/manage/{web.token('manage', link.petition_id, link.key)}"


async def act(web: Web, link: Link, language: str = "nl", **values: str) -> httpx.Response:
    return await web.client.post(path(web, link, language), data=values)


async def stage(web: Web, link: Link) -> str:
    return (await drafting.managed(web.world.service, link)).stage.value


async def save(web: Web, link: Link, **changed: str) -> httpx.Response:
    """Open the form to edit, change something, send it."""
    page = await web.client.get(path(web, link) + "/edit")
    return await web.client.post(path(web, link) + "/edit", data=read_form(page.text) | changed)


async def reject(web: Web, link: Link, ground: str = "no_clear_proposal") -> None:
    await web.world.rejected(link, ground=ground, reason="U noemt geen wet of regel die moet veranderen.")


async def test_a_draft_is_confirmed_by_the_button_and_not_by_the_link(web: Web) -> None:
    link = await web.world.draft()
    page = await web.client.get(path(web, link))
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex"
    assert "Bevestig en dien in" in page.text
    assert REQUEST in page.text
    assert await stage(web, link) == "draft"
    answer = await act(web, link, act="confirm")
    assert answer.status_code == 303
    assert await stage(web, link) == "moderation"
    page = await web.client.get(answer.headers["location"])
    assert "Uw petitie is ingediend." in page.text
    assert "Stap 2 van 4" in page.text
    assert "Uiterlijk 9 maart 2026" in page.text  # five working days after Monday 2 March
    assert (await act(web, link, act="confirm")).status_code == 303  # again: harmless


async def test_in_english(web: Web) -> None:
    link = await web.world.draft()
    assert "Confirm and send in" in (await web.client.get(path(web, link, "en"))).text
    await act(web, link, "en", act="confirm")
    page = (await web.client.get(path(web, link, "en"))).text
    assert "Step 2 of 4" in page
    assert "At the latest 9 March 2026" in page


async def test_a_wrong_link_is_404(web: Web) -> None:
    link = await web.world.draft()
    token = web.token("manage", link.petition_id, link.key)
    other = web.token("manage", link.petition_id, b"\0" * 16)
    sponsor = web.token("sponsor", link.petition_id, link.key)
    for wrong in (token[:-2] + "xx", other, sponsor, "nonsense", "%00"):
        assert (await web.client.get(f"/nl/manage/{wrong}")).status_code == 404
        assert (await web.client.get(f"/nl/manage/{wrong}/edit")).status_code == 404
        assert (await web.client.post(f"/nl/manage/{wrong}", data={"act": "confirm"})).status_code == 404
        assert (await web.client.post(f"/nl/manage/{wrong}/edit", data={"title": "x"})).status_code == 404
    assert await stage(web, link) == "draft"


async def test_an_unknown_act_changes_nothing(web: Web) -> None:
    link = await web.world.opened()
    for wrong in ({}, {"act": "nonsense"}, {"act": "\x00"}):
        assert (await web.client.post(path(web, link), data=wrong)).status_code == 400
    assert await stage(web, link) == "open"


async def test_sponsors_are_invited(web: Web) -> None:
    link = await web.world.draft("uk-parliament")
    assert "5 mensen" in (await web.client.get(path(web, link))).text
    answer = await act(web, link, act="confirm")
    for _ in range(3):
        await web.world.sign(link.petition_id, kind="sponsor")
    page = (await web.client.get(answer.headers["location"])).text
    assert "Stap 2 van 5" in page
    assert "3 van 5 eerste ondersteuners" in page
    assert "Uiterlijk 2 juni 2026" in page
    petition = await drafting.managed(web.world.service, link)
    invitation = f"{ORIGIN}/nl/sponsor/{web.token('sponsor', petition.id, petition.sponsor_key)}"
    assert invitation in page
    assert 'href="mailto:?subject=' in page
    assert invitation.replace(":", "%3A", 1).split("/")[-1] in page
    assert (await web.client.get(invitation)).status_code == 200


async def test_edit_before_submission(web: Web) -> None:
    link = await web.world.draft("uk-parliament")
    answer = await save(web, link, title="Geef elke stad weer nachtzorg dichtbij", subject="other")
    assert answer.status_code == 303
    assert "Uw wijzigingen zijn opgeslagen." in (await web.client.get(answer.headers["location"])).text
    await act(web, link, act="confirm")
    assert (await save(web, link, title="Geef elke wijk weer nachtzorg dichtbij")).status_code == 303
    draft = (await drafting.managed(web.world.service, link)).draft
    assert (draft.title, draft.subject, draft.request) == ("Geef elke wijk weer nachtzorg dichtbij", "other", REQUEST)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("title", "Kort"),
        ("title", "x" * 81),
        ("title", "Een titel met \x00 erin"),
        ("title", "Een titel met \u202e erin"),
        ("subject", "nonsense"),
        ("subject", ""),
        ("request", "kort"),
        ("request", "x" * 501),
        ("reasons", ""),
        ("reasons", "x" * 4001),
        ("reasons", "\x07" * 200),
    ],
)
async def test_bad_text_is_not_saved(web: Web, name: str, value: str) -> None:
    link = await web.world.draft()
    answer = await save(web, link, **{name: value})
    assert answer.status_code == 400
    assert "<title>Fout:" in answer.text
    assert f'id="{name}-error"' in answer.text
    kept = {"title": TITLE, "request": REQUEST, "reasons": REASONS, "subject": "health"} | {name: value}
    kept["subject"] = kept["subject"].replace("nonsense", "")  # a list cannot show what is not in it
    assert {field: read_form(answer.text)[field] for field in kept} == kept
    assert (await drafting.managed(web.world.service, link)).draft.title == TITLE


async def test_a_conflict_shows_what_changed(web: Web) -> None:
    link = await web.world.draft()
    old = read_form((await web.client.get(path(web, link) + "/edit")).text)
    await save(web, link, title="Eerst was er een ander venster")
    answer = await web.client.post(path(web, link) + "/edit", data=old | {"title": "Daarna kwam dit venster"})
    assert answer.status_code == 409
    assert "Eerst was er een ander venster" in answer.text
    assert read_form(answer.text)["title"] == "Daarna kwam dit venster"
    # what is sent now has read the other version
    again = await web.client.post(path(web, link) + "/edit", data=read_form(answer.text))
    assert again.status_code == 303
    assert (await drafting.managed(web.world.service, link)).draft.title == "Daarna kwam dit venster"


async def test_the_same_text_sent_twice_is_no_conflict(web: Web) -> None:
    link = await web.world.draft()
    data = read_form((await web.client.get(path(web, link) + "/edit")).text) | {"title": "Nog een andere titel"}
    for _ in range(2):
        assert (await web.client.post(path(web, link) + "/edit", data=data)).status_code == 303


@pytest.mark.parametrize("version", ["", "nonsense", "0", "99999999999999999999", "-1", "\u0663"])
async def test_a_version_that_is_none_is_a_conflict(web: Web, version: str) -> None:
    link = await web.world.draft()
    assert (await save(web, link, version=version, title="Een andere titel")).status_code == 409


async def test_after_submission_the_text_stays(web: Web) -> None:
    link = await web.world.draft()
    form = read_form((await web.client.get(path(web, link) + "/edit")).text)
    await act(web, link, act="confirm")
    assert (await web.client.get(path(web, link) + "/edit")).status_code == 303
    answer = await web.client.post(path(web, link) + "/edit", data=form | {"title": "Te laat voor deze titel"})
    assert answer.status_code == 409
    assert "Te laat voor deze titel" in answer.text
    assert TITLE in answer.text
    assert "Sla op" not in answer.text


async def test_a_rejected_petition_is_mended_and_offered_again(web: Web) -> None:
    link = await web.world.moderated()
    await reject(web, link)
    page = (await web.client.get(path(web, link))).text
    assert "Het is niet duidelijk welke regel of welk beleid u wilt veranderen." in page
    assert "Regeling, artikel 1" in page
    assert "U noemt geen wet of regel die moet veranderen." in page
    answer = await save(web, link, request="Verander artikel 8 van de Wet zorg: elke post is in de nacht open.")
    assert answer.status_code == 303
    assert await stage(web, link) == "moderation"
    assert "opnieuw ingediend" in (await web.client.get(answer.headers["location"])).text


async def test_a_mended_text_can_be_offered_once(web: Web) -> None:
    link = await web.world.moderated()
    await reject(web, link)
    data = read_form((await web.client.get(path(web, link) + "/edit")).text) | {"title": "Een titel die wel mag"}
    answers = await asyncio.gather(*(web.client.post(path(web, link) + "/edit", data=data) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    async with web.world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from event where kind = 'resubmitted'") == 1


async def test_a_hidden_text_is_shown_to_its_writer_only(web: Web) -> None:
    link = await web.world.moderated()
    await reject(web, link, "offensive")
    page = (await web.client.get(path(web, link))).text
    assert "Daarom ziet niemand anders de tekst." in page
    assert REASONS in read_form((await web.client.get(path(web, link) + "/edit")).text)["reasons"]


async def test_news(web: Web) -> None:
    link = await web.world.opened()
    answer = await act(web, link, act="update", news_title="Wij spraken de minister", news_text="Zij <b>luisterde</b>.")
    assert answer.status_code == 303
    page = (await web.client.get(answer.headers["location"])).text
    assert "Uw nieuws staat op de pagina." in page
    assert "Wij spraken de minister" in page
    async with web.world.service.database.connection() as connection:
        data = await connection.fetchval("select data from event where kind = 'update'")
    assert data == {"title": "Wij spraken de minister", "text": "Zij <b>luisterde</b>."}


@pytest.mark.parametrize("value", ["", "x", "a\x00" * 9, "\u202e" * 9, "x" * 2001])
@pytest.mark.parametrize("name", ["news_title", "news_text"])
async def test_bad_news_is_not_published(web: Web, name: str, value: str) -> None:
    link = await web.world.opened()
    good = {"act": "update", "news_title": "Wij spraken de minister", "news_text": "Zij luisterde naar ons."}
    answer = await act(web, link, **(good | {name: value}))
    assert answer.status_code == 400
    assert f'id="{name}-error"' in answer.text
    assert read_form(answer.text)[name] == value
    async with web.world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from event where kind = 'update'") == 0


async def test_no_news_before_opening(web: Web) -> None:
    link = await web.world.moderated()
    assert "Plaats nieuws" not in (await web.client.get(path(web, link))).text
    answer = await act(web, link, act="update", news_title="Te vroeg nieuws", news_text="Dit is te vroeg.")
    assert answer.status_code == 409


async def test_handing_over_is_asked_once_more(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie")
    asked = await act(web, link, act="hand_over")
    assert asked.status_code == 200
    assert "Nu stoppen met tekenen?" in asked.text
    assert await stage(web, link) == "open"
    answer = await act(web, link, act="hand_over", sure="yes")
    assert answer.status_code == 303
    page = (await web.client.get(answer.headers["location"])).text
    assert "Commissie voor Volksgezondheid, Welzijn en Sport" in page
    assert (await act(web, link, act="hand_over", sure="yes")).status_code == 409


async def test_handing_over_too_early_says_what_is_missed(web: Web) -> None:
    link = await web.world.opened("nl-burgerinitiatief")
    asked = (await act(web, link, act="hand_over")).text
    assert "Er zijn 0 handtekeningen, en er zijn er 40.000 nodig." in asked
    await act(web, link, act="hand_over", sure="yes")
    assert "Daarvoor waren er niet genoeg handtekeningen." in (await web.client.get(path(web, link))).text


async def test_handing_over_only_where_the_procedure_lets_it(web: Web) -> None:
    link = await web.world.opened("uk-parliament")
    assert "Stop het tekenen" not in (await web.client.get(path(web, link))).text
    assert (await act(web, link, act="hand_over", sure="yes")).status_code == 409
    assert await stage(web, link) == "open"


async def test_days_are_those_of_the_body(web: Web) -> None:
    # 23:30 in London is the next day in the Netherlands
    link = await web.world.opened("uk-parliament", now=NOW.replace(hour=23, minute=30))
    page = (await web.client.get(path(web, link))).text
    assert "Tot en met 2 september 2026" in page


async def test_withdrawing_is_asked_once_more(web: Web) -> None:
    link = await web.world.opened()
    asked = await act(web, link, act="withdraw", reason="Het kabinet heeft het al geregeld.")
    assert asked.status_code == 200
    assert read_form(asked.text)["reason"] == "Het kabinet heeft het al geregeld."
    assert await stage(web, link) == "open"
    answer = await web.client.post(path(web, link), data=read_form(asked.text))
    assert answer.status_code == 303
    page = (await web.client.get(answer.headers["location"])).text
    assert "Uw petitie is ingetrokken." in page
    assert "Het kabinet heeft het al geregeld." in page
    assert 'name="act" value="withdraw"' not in page
    late = await act(web, link, act="withdraw", reason="Nog een keer intrekken.", sure="yes")
    assert late.status_code == 409


@pytest.mark.parametrize("reason", ["", "kort", "a\x00" * 20, "\u2066" * 20, "x" * 1001])
async def test_withdrawing_needs_a_reason(web: Web, reason: str) -> None:
    link = await web.world.opened()
    answer = await act(web, link, act="withdraw", reason=reason, sure="yes")
    assert answer.status_code == 400
    assert 'id="reason-error"' in answer.text
    assert await stage(web, link) == "open"


async def test_withdrawing_after_closing_is_too_late(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie")
    await act(web, link, act="hand_over", sure="yes")
    assert 'name="act" value="withdraw"' not in (await web.client.get(path(web, link))).text
    assert (await act(web, link, act="withdraw", reason="Toch maar niet meer.")).status_code == 409


async def test_every_stage_has_its_page_in_both_languages(web: Web) -> None:
    service, moderator = web.world.service, web.world.moderator
    removed = await web.world.opened()
    await moderation.remove(
        service, removed.petition_id, moderator, ground="illegal", reason="Dit mag niet volgens de wet.", now=NOW
    )
    gone = [await web.world.draft(), await web.world.moderated(), await web.world.draft("uk-parliament")]
    await drafting.confirm(service, gone[2], now=NOW)
    for link in gone:
        await drafting.withdraw(service, link, reason="Ik wil het niet meer.", now=NOW + timedelta(days=1))
    for link in (removed, *gone):
        for language in ("nl", "en"):
            page = await web.client.get(path(web, link, language))
            assert page.status_code == 200
            assert page.text.count("<h1") == 1


async def test_text_is_shown_as_text(web: Web) -> None:
    evil = "<script>alert(1)</script>"
    link = await web.world.draft()
    await save(web, link, title=f"Een titel {evil}", request=f"Wij vragen dit: {evil}", reasons=REASONS + evil)
    assert "<script>" not in (await web.client.get(path(web, link))).text
    await act(web, link, act="confirm")
    assert "<script>" not in (await web.client.get(path(web, link))).text
    assert "<script>" not in (await act(web, link, act="withdraw", reason=f"Omdat {evil}")).text


async def test_a_late_check_is_said_on_the_page(web: Web) -> None:
    link = await web.world.moderated()
    web.moment = datetime(2026, 3, 9, 22, 59, tzinfo=UTC)  # the last minute of the last day, in Amsterdam
    page = (await web.client.get(path(web, link))).text
    assert "wij controleren, uiterlijk 9 maart 2026" in page
    assert "langer dan wij beloofden" not in page
    web.moment = datetime(2026, 3, 9, 23, 0, tzinfo=UTC)
    page = (await web.client.get(path(web, link))).text
    assert "wij controleren, later dan beloofd" in page
    assert "Beloofd voor 9 maart 2026" in page
