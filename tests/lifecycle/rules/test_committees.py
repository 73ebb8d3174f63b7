"""Committees as data, and which one receives a petition."""

from dataclasses import replace

import pytest

from petitions.errors import ConfigurationError
from petitions.lifecycle.procedure_files import load_committees, load_procedures
from petitions.lifecycle.rules.committees import (
    BY_SUBJECT,
    committee_for_subject,
    missing_committee,
    parse_committees,
    resolve_committee,
)
from petitions.lifecycle.rules.subjects import SUBJECTS

COMMITTEES = load_committees()
PROCEDURES = load_procedures()
KAMER = "nl-tweede-kamer"


def entry(slug: str = "zorg", body: str = KAMER, subjects: str = '["health"]') -> str:
    return f"""
[[committees]]
slug = "{slug}"
body = "{body}"
name = {{ nl = "Zorg", en = "Care" }}
description = {{ nl = "Over zorg.", en = "About care." }}
subjects = {subjects}
"""


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_kamer_has_a_committee_for_every_subject(subject: str) -> None:
    chosen = committee_for_subject(COMMITTEES.values(), KAMER, subject)
    assert chosen is not None
    assert resolve_committee(BY_SUBJECT, COMMITTEES, KAMER, subject) == chosen


@pytest.mark.parametrize(
    ("subject", "slug"),
    [
        ("health", "volksgezondheid-welzijn-en-sport"),
        ("culture", "onderwijs-cultuur-en-wetenschap"),
        ("nature", "landbouw-visserij-voedselzekerheid-en-natuur"),
        ("digital", "digitale-zaken"),
        ("other", "binnenlandse-zaken"),
    ],
)
def test_by_subject(subject: str, slug: str) -> None:
    assert resolve_committee(BY_SUBJECT, COMMITTEES, KAMER, subject) is COMMITTEES[slug]


def test_a_slug_means_that_committee_and_nothing_means_nobody() -> None:
    chosen = resolve_committee("uk-government", COMMITTEES, "uk-parliament", "health")
    assert chosen is COMMITTEES["uk-government"]
    assert resolve_committee("", COMMITTEES, KAMER, "health") is None


def test_a_committee_that_is_not_there() -> None:
    with pytest.raises(ConfigurationError, match="no committee 'nowhere'"):
        resolve_committee("nowhere", COMMITTEES, KAMER, "health")
    with pytest.raises(ConfigurationError, match="no committee 'by-subject' of 'de-bundestag'"):
        resolve_committee(BY_SUBJECT, COMMITTEES, "de-bundestag", "health")


def test_every_committee_belongs_to_the_body_of_a_procedure() -> None:
    bodies = {procedure.body.code for procedure in PROCEDURES.values()}
    assert {committee.body for committee in COMMITTEES.values()} == bodies


def test_words_in_both_languages() -> None:
    for committee in COMMITTEES.values():
        for text in (committee.name, committee.description):
            assert text["nl"].strip()
            assert text["en"].strip()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (entry() + entry(), "'zorg': this slug is used twice"),
        (entry(slug=BY_SUBJECT), "used twice or reserved"),
        (entry(subjects='["fishing"]'), "unknown subject 'fishing'"),
        (entry() + entry(slug="welzijn"), "'health' of 'nl-tweede-kamer' goes to 'zorg' and to 'welzijn'"),
        (entry() + "seats = 150\n", "committees.0.seats"),
        ('[[committees]]\nslug = "zorg"\n', "committees.0.name"),
        ("[[committees", "broken.toml: "),
        ("", "broken.toml: committees"),
    ],
)
def test_broken_committees(text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_committees(text, "broken.toml")
    assert str(caught.value).startswith("broken.toml: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_subject_may_go_to_committees_of_different_bodies() -> None:
    committees = parse_committees(entry() + entry(slug="health-committee", body="uk-parliament"), "two.toml")
    assert [committee.slug for committee in committees] == ["zorg", "health-committee"]


def test_missing_committee() -> None:
    petition = PROCEDURES["nl-kamer-petitie", 1]
    assert missing_committee(petition, COMMITTEES) is None
    fewer = {slug: c for slug, c in COMMITTEES.items() if slug not in ("digitale-zaken", "financien")}
    assert (
        missing_committee(petition, fewer)
        == "threshold offer: no committee of 'nl-tweede-kamer' receives money, digital"
    )
    initiative = PROCEDURES["nl-burgerinitiatief", 2]
    slug = "verzoekschriften-en-burgerinitiatieven"
    assert missing_committee(initiative, {}) == f"threshold examine: unknown committee {slug!r}"
    elsewhere = {slug: replace(COMMITTEES[slug], body="uk-parliament")}
    assert "belongs to 'uk-parliament', not to 'nl-tweede-kamer'" in (missing_committee(initiative, elsewhere) or "")
