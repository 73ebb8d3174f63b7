"""Snapshots of every mail in both languages: what people get does not change unnoticed.

The files in ``golden/`` are renewed by ``RENEW_GOLDEN=1 scripts/test tests/mail_previews``; look at the diff.
"""

import os
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from petitions.http.templating import Pages, Site
from petitions.lifecycle.procedure_files import load_committees, load_procedures
from petitions.lifecycle.registration import parts_of
from petitions.locale import load_catalogue
from petitions.locale.formats import Formats
from petitions.mail.compose import compose
from petitions.mail.letters import Letter, Wording
from petitions.mail_previews.specimens import specimens
from petitions.subjects import EVENT_KINDS, SUBJECTS
from tests.web import ORIGIN

GOLDEN = Path(__file__).parent / "golden"
RENEW = os.environ.get("RENEW_GOLDEN") == "1"
SITE = "Petitieloket"
MOMENT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
PROCEDURE = load_procedures()["nl-burgerinitiatief", 2]


@cache
def letters_in(language: str) -> dict[str, tuple[str, Letter]]:
    translations = load_catalogue(language)
    formats = Formats(language, translations, ZoneInfo("Europe/Amsterdam"))
    return dict(
        specimens(
            Wording(language, translations, formats, SITE, ORIGIN),
            PROCEDURE,
            load_committees(),
            EVENT_KINDS,
            parts_of(SUBJECTS).specimens,
        )
    )


@pytest.fixture(scope="module")
def pages() -> Pages:
    tagline = {"nl": "van de Kamer", "en": "of the House"}
    return Pages(Site(SITE, tagline, "vragen@petitieloket.example", ORIGIN, False))


def message(pages: Pages, language: str, letter: Letter) -> EmailMessage:
    return compose(
        letter,
        to="iemand@voorbeeld.example",
        sender="post@petitieloket.example",
        site=SITE,
        language=language,
        message_id="<specimen@petitieloket.example>",
        moment=MOMENT,
        render=pages.render,
    )


def part(made: EmailMessage, kind: str) -> str:
    body = made.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def assert_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if RENEW:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.exists(), f"{name} is not there: renew the golden files, and look at them"
    assert text == path.read_text("utf-8")


EVERY = [
    pytest.param(name, language, id=f"{name}-{language}") for language in ("nl", "en") for name in letters_in("nl")
]
KINDS = (
    "confirm",
    "reminder",
    "signed_already",
    "draft_confirm",
    "saved_draft",
    "staff_login",
    "initiator",
    "news",
    "clerk",
    "sample",
    "sample_reminder",
    "follow_confirm",
    "follow_link",
    "follow_news",
    "follow_digest",
)
"""The kinds of mail in the outbox, beside ``event`` and ``event_followers``, from which these are made."""
FIRST = {kind: name for name, (kind, _) in reversed(letters_in("nl").items())}
"""Of each kind in the outbox one: the HTML of all comes from one template."""


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_mail_is_as_it_was(pages: Pages, name: str, language: str) -> None:
    kind, letter = letters_in(language)[name]
    made = message(pages, language, letter)
    headers = "".join(f"{header}: {made[header]}\n" for header in ("Subject", "List-Unsubscribe") if made[header])
    assert_golden(f"{name}.{language}.txt", f"{headers}Preheader: {letter.preheader}\n\n{part(made, 'plain')}")
    if FIRST[kind] == name:
        assert_golden(f"{name}.{language}.html", part(made, "html"))


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_text_and_html_say_the_same(pages: Pages, name: str, language: str) -> None:
    _, letter = letters_in(language)[name]
    made = message(pages, language, letter)
    text, html = part(made, "plain"), unescape(part(made, "html"))
    assert f'<html lang="{language}"' in html
    said = [*letter.paragraphs, *letter.after, letter.why, letter.quote]
    said += [*(letter.button or ()), *(piece for link in letter.links for piece in link)]
    for group in letter.groups:
        said += [
            group.title,
            *(text for one in group.entries for text in (one.when, one.headline, *one.lines, one.address)),
        ]
    assert [piece for piece in said if piece not in text] == []
    assert [piece for piece in said if piece not in html] == []
    assert letter.preheader in html
    assert not re.search(r"%\(|\{\{|None", text + letter.subject)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_mail_is_written_in_its_language(name: str, language: str) -> None:
    _, letter = letters_in(language)[name]
    other = letters_in("en" if language == "nl" else "nl")[name][1]
    assert letter.why != other.why
    assert letter.paragraphs != other.paragraphs


def test_every_kind_of_mail_and_every_event_that_is_told_has_a_specimen() -> None:
    assert {kind for kind, _ in letters_in("nl").values()} == set(KINDS)
    told = {kind.name for kind in EVENT_KINDS if kind.told}
    shown = {name.split("-", 1)[1].removeprefix("news-").replace("-", "_") for name in letters_in("nl") if "-" in name}
    missing = {kind for kind in told - {"resubmitted"} if not any(name.startswith(kind) for name in shown)}
    assert missing == set()


def test_no_golden_file_is_left_over() -> None:
    names = {f"{name}.{language}" for language in ("nl", "en") for name in letters_in(language)}
    assert {path.name.rsplit(".", 1)[0] for path in GOLDEN.iterdir()} == names
