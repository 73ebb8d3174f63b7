"""The files of real bodies: each loads, holds the figures of its law, and a broken one stops with one clear line."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from petitions.durations import Duration
from petitions.errors import ConfigurationError
from petitions.lifecycle.procedure_files import COMMITTEES, FOLDER, load_committees, load_procedures
from petitions.lifecycle.rules.procedures import LocalizedText, Procedure, parse

PROCEDURES = load_procedures()
EXAMPLE = FOLDER / "nl-gemeente-initiatief.v1.toml"
DAY = date(2026, 4, 12)
SPREAD = 'spread = { regions = 3, of = { nl = "wijken", en = "districts" } }'

every_procedure = pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=lambda p: f"{p.code}.v{p.version}")


def texts(value: object, path: str = "") -> Iterator[tuple[str, LocalizedText]]:
    """Every text in a procedure, with its place."""
    if isinstance(value, LocalizedText):
        yield path, value
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from texts(part, f"{path}.{getattr(part, 'code', number)}")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from texts(getattr(value, field.name), f"{path}.{field.name}")


def test_the_bodies_that_are_there() -> None:
    assert list(PROCEDURES) == [
        ("de-bundestag", 1),
        ("de-bundestag", 2),
        ("ee-riigikogu", 1),
        ("fi-kansalaisaloite", 1),
        ("fr-assemblee", 1),
        ("fr-senat", 1),
        ("nl-burgerinitiatief", 1),
        ("nl-burgerinitiatief", 2),
        ("nl-gemeente-initiatief", 1),
        ("nl-kamer-petitie", 1),
        ("scottish-parliament", 1),
        ("tw-join", 1),
        ("uk-parliament", 1),
    ]


def test_what_this_installation_offers() -> None:
    offered = {code for (code, _), procedure in PROCEDURES.items() if procedure.listed and procedure.in_force_on(DAY)}
    assert offered == {"nl-burgerinitiatief", "nl-kamer-petitie", "nl-gemeente-initiatief", "uk-parliament"}


@pytest.mark.parametrize(
    ("code", "version", "identity", "lasts", "thresholds"),
    [
        ("nl-burgerinitiatief", 1, "email", None, [(40_000, "refer", "must")]),
        ("nl-burgerinitiatief", 2, "email", None, [(40_000, "refer", "must")]),
        ("nl-kamer-petitie", 1, "email", None, [("closing", "refer", "may")]),
        ("nl-gemeente-initiatief", 1, "email", None, [(25, "debate", "must")]),
        ("uk-parliament", 1, "email", "P6M", [(10_000, "respond", "normally"), (100_000, "debate", "normally")]),
        ("scottish-parliament", 1, "email", None, [("opening", "refer", "must")]),
        ("ee-riigikogu", 1, "eid", "P18M", [(1_000, "refer", "must")]),
        ("fi-kansalaisaloite", 1, "eid", "P6M", [(50_000, "refer", "must")]),
        ("de-bundestag", 1, "account", "P4W", [("opening", "refer", "must"), (50_000, "debate", "normally")]),
        ("de-bundestag", 2, "account", "P6W", [("opening", "refer", "must"), (30_000, "debate", "normally")]),
        (
            "fr-assemblee",
            1,
            "eid",
            "P5Y",
            [("opening", "refer", "must"), (100_000, "publish", "must"), (500_000, "debate", "may")],
        ),
        ("fr-senat", 1, "eid", "P6M", [(100_000, "refer", "may")]),
        ("tw-join", 1, "email_and_mobile", "P60D", [(5_000, "respond", "must")]),
    ],
)
def test_key_figures(
    code: str, version: int, identity: str, lasts: str | None, thresholds: list[tuple[object, str, str]]
) -> None:
    procedure = PROCEDURES[code, version]
    assert procedure.identity == identity
    assert procedure.signing.lasts == (None if lasts is None else Duration.parse(lasts))
    assert [(t.count or t.at, t.effect, t.strength) for t in procedure.thresholds] == thresholds


def test_burgerinitiatief() -> None:
    procedure = PROCEDURES["nl-burgerinitiatief", 2]
    before = PROCEDURES["nl-burgerinitiatief", 1]
    assert (before.valid_from, before.valid_to) == (date(2021, 3, 31), procedure.valid_from)
    assert {step.code for step in procedure.steps} - {step.code for step in before.steps} == {"rapporteur", "hearing"}
    assert procedure.signing.signature_valid_for == Duration(months=12)
    assert procedure.repeat_window == Duration(months=24)
    assert not procedure.starter.organisations
    assert [(c.name, c.value) for c in procedure.signer.conditions] == [("min_age", 18), ("nationality", ("nl",))]
    passed_on = [field.name for field in procedure.fields if field.passed_on]
    assert passed_on == ["name", "street", "postcode", "place", "birth_date"]
    assert procedure.field("email") is not None
    assert procedure.field("declaration") is not None
    assert procedure.names.signer == "never"
    assert {"constitution", "taxes", "budget", "rooted_norms"} <= {g.code for g in procedure.admissibility_grounds}
    assert all(step.within is None for step in procedure.steps)  # the rules set no period for the Kamer


def test_uk_parliament() -> None:
    procedure = PROCEDURES["uk-parliament", 1]
    assert procedure.sponsors is not None
    assert (procedure.sponsors.minimum, procedure.sponsors.maximum) == (5, 20)
    limits = procedure.texts
    assert (limits.title.maximum, limits.request.maximum, limits.reasons.maximum) == (80, 300, 800)
    assert procedure.starter.signs
    assert [step.kind for step in procedure.steps_for("response")] == ["receive", "publish_response", "decide"]
    assert [step.kind for step in procedure.steps_for("debate")] == ["receive", "hearing", "debate", "decide"]
    assert procedure.retention.contact == Duration(months=6)


def test_a_petition_to_a_kamer_committee() -> None:
    procedure = PROCEDURES["nl-kamer-petitie", 1]
    assert procedure.signing.initiator_may_close
    assert procedure.starter.organisations
    assert procedure.thresholds[0].committee == "by-subject"
    assert procedure.thresholds[0].within is None
    hand_over = next(step for step in procedure.steps if step.kind == "hand_over")
    assert hand_over.slot is not None
    assert "Statenpassage" in hand_over.slot.words.nl


def test_other_figures() -> None:
    municipal = PROCEDURES["nl-gemeente-initiatief", 1]
    assert municipal.signer.age_on == "receipt"
    assert municipal.starter.conditions[0].value == 12
    assert PROCEDURES["scottish-parliament", 1].starter.max_open == 2
    assert PROCEDURES["scottish-parliament", 1].texts.previous_action is not None
    early_stop = PROCEDURES["fi-kansalaisaloite", 1].signing.early_stop
    assert early_stop is not None
    assert (early_stop.minimum, early_stop.after) == (50, Duration(months=1))
    assert PROCEDURES["fi-kansalaisaloite", 1].starter.representatives == 2
    debate = PROCEDURES["fr-assemblee", 1].threshold("debate")
    assert debate is not None
    assert debate.spread is not None
    assert debate.spread.regions == 30
    assert PROCEDURES["tw-join", 1].thresholds[0].within == Duration(days=60)
    riigikogu = PROCEDURES["ee-riigikogu", 1]
    assert riigikogu.thresholds[0].within == Duration(days=30)
    assert {step.code: step.within for step in riigikogu.steps}["decided"] == Duration(months=6)


def test_the_law_of_the_day() -> None:
    old, new = PROCEDURES["de-bundestag", 1], PROCEDURES["de-bundestag", 2]
    change = date(2024, 7, 1)
    assert old.in_force_on(change - timedelta(days=1))
    assert not old.in_force_on(change)
    assert new.in_force_on(change)
    assert not new.in_force_on(change - timedelta(days=1))


@every_procedure
def test_every_text_reads_in_both_languages(procedure: Procedure) -> None:
    found = dict(texts(procedure))
    assert len(found) > 20
    for place, text in found.items():
        for words in (text.nl, text.en):
            assert words == words.strip(), place
            assert words, place
            assert not re.search(r"\s\s|\bjij\b|\bje\b|\bjouw\b", words), place  # "u" form


@every_procedure
def test_who_and_what_make_a_sentence(procedure: Procedure) -> None:
    for threshold in procedure.thresholds:
        for who in (threshold.who.nl, threshold.who.en):
            assert who[0].isupper()
            assert not who.endswith(".")
        for what in (threshold.what.nl, threshold.what.en):
            assert what[0].islower()
            assert not what.endswith(".")
            assert not re.match(r"(te|to|om) ", what)


@every_procedure
def test_every_referral_can_be_received_and_decided(procedure: Procedure) -> None:
    for threshold in procedure.thresholds:
        if threshold.effect == "publish":
            continue
        steps = procedure.steps_for(threshold.code)
        assert steps[0].kind == "receive"
        assert [step.kind for step in steps if step.required].count("decide") == 1
        kinds = [step.kind for step in steps]
        assert kinds.count("decide") == 1
        assert set(kinds[kinds.index("decide") + 1 :]) <= {"follow_up"}, "only what came of it follows"
        assert "follow_up" not in kinds[: kinds.index("decide")]


@every_procedure
def test_what_the_moderator_and_the_body_can_say(procedure: Procedure) -> None:
    assert any(ground.hides_text for ground in procedure.grounds)
    assert not all(ground.hides_text for ground in procedure.grounds)
    assert "negative" in {outcome.tone for outcome in procedure.outcomes}
    assert {"positive", "neutral"} & {outcome.tone for outcome in procedure.outcomes}


@every_procedure
def test_an_offered_procedure_asks_what_it_needs(procedure: Procedure) -> None:
    if procedure.identity == "email":
        assert procedure.field("email") is not None
    for field in procedure.fields:
        assert field.name != "email" or field.public == "never"
    if procedure.names.signer == "never":
        assert all(field.public == "never" for field in procedure.fields)


@every_procedure
def test_guesses_are_marked(procedure: Procedure) -> None:
    assert procedure.is_unconfirmed("texts.title") or procedure.code == "uk-parliament"
    assert procedure.is_unconfirmed("moderation.within") or procedure.code == "fr-senat"
    assert not procedure.is_unconfirmed("thresholds")


def spoil(old: str, new: str, *, text: str = "") -> str:
    text = text or EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version = 1", "version = 1\nquorum = 3", "quorum"),
        ('effect = "debate"', 'effect = "adopt"', "thresholds.0.effect"),
        ('strength = "must"', 'strength = "shall"', "thresholds.0.strength"),
        ('identity = "email"', 'identity = "fax"', "identity"),
        ('kind = "receive"', 'kind = "burn"', "steps.0.kind"),
        ('name = "postcode"', 'name = "shoe_size"', "fields.2.name"),
        ('name = "postcode"', 'name = "street"', "fields: a code is used twice"),
        ('within = "P5WD"', 'within = "five days"', "not a duration: 'five days'"),
        ('repeat_window = "P2Y"', 'repeat_window = "P"', "not a duration"),
        ('"outcomes",', '"outcomes.applause",', "'outcomes.applause' points to nothing"),
        ("count = 25", 'at = "closing"\ncount = 25', "threshold agenda: a count belongs to at = 'count'"),
        ('committee = "gemeenteraad-voorbeeldstad"', "", "every effect but 'publish' names a committee"),
        ('kind = "receive"', 'kind = "receive"\nfor_thresholds = ["lunch"]', "unknown thresholds: ['lunch']"),
        ('timezone = "Europe/Amsterdam"', "", "body.timezone"),
        ("code =", "code ==", "Invalid value"),
    ],
)
def test_a_broken_file_says_where(old: str, new: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse(spoil(old, new), "broken.toml")
    assert str(caught.value).startswith("broken.toml: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (EXAMPLE.name, COMMITTEES):
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def test_a_folder_of_ones_own(folder: Path) -> None:
    assert list(load_procedures(folder)) == [("nl-gemeente-initiatief", 1)]


def test_a_spread_over_regions_can_be_read_where_nothing_can_be_opened(folder: Path) -> None:
    text = spoil("count = 25", f"count = 25\n{SPREAD}", text=spoil('identity = "email"', 'identity = "eid"'))
    (folder / EXAMPLE.name).write_text(text, encoding="utf-8")
    (threshold,) = load_procedures(folder)["nl-gemeente-initiatief", 1].thresholds
    assert threshold.spread is not None
    assert threshold.spread.regions == 3


def test_a_new_law_is_a_new_file(folder: Path) -> None:
    first = spoil("valid_from = 2022-02-18", "valid_from = 2022-02-18\nvalid_to = 2027-01-01")
    second = spoil("version = 1\nvalid_from = 2022-02-18", "version = 2\nvalid_from = 2027-01-01")
    (folder / EXAMPLE.name).write_text(first, encoding="utf-8")
    (folder / "nl-gemeente-initiatief.v2.toml").write_text(second, encoding="utf-8")
    loaded = load_procedures(folder)
    assert [p.version for p in loaded.values() if p.in_force_on(date(2026, 12, 31))] == [1]
    assert [p.version for p in loaded.values() if p.in_force_on(date(2027, 1, 1))] == [2]


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (EXAMPLE.name, "gemeenteraad-voorbeeldstad", "nowhere", "unknown committee 'nowhere'"),
        (EXAMPLE.name, "gemeenteraad-voorbeeldstad", "financien", "belongs to 'nl-tweede-kamer'"),
        (EXAMPLE.name, 'committee = "gemeenteraad-voorbeeldstad"', 'committee = "by-subject"', "receives health"),
        (EXAMPLE.name, "version = 1", "version = 2", "must be called nl-gemeente-initiatief.v2.toml"),
        (EXAMPLE.name, 'name = "min_age", value = 12', 'name = "min_age"', "condition min_age"),
        (EXAMPLE.name, "count = 25", "count = 0", "count must be at least 1"),
        (EXAMPLE.name, "count = 25", f"count = 25\n{SPREAD}", "a spread over regions cannot be counted"),
        (EXAMPLE.name, "version = 1", "version = 1\nvalid_to = 2021-01-01", "valid_to must come after valid_from"),
        ("other.v1.toml", "version = 1", "version = 1", "stands in nl-gemeente-initiatief.v1.toml already"),
        ("other.v1.toml", 'code = "nl-g', 'code = "de-g', "must be called de-gemeente-initiatief.v1.toml"),
        (
            "nl-gemeente-initiatief.v2.toml",
            "version = 1",
            "version = 2",
            "versions 1 and 2 are both valid on 2022-02-18",
        ),
    ],
)
def test_files_that_do_not_fit_together(folder: Path, name: str, old: str, new: str, message: str) -> None:
    (folder / name).write_text(spoil(old, new), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_procedures(folder)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(folder: Path) -> None:
    (folder / EXAMPLE.name).write_bytes(b"name = '\xff'")
    with pytest.raises(ConfigurationError, match=r"nl-gemeente-initiatief\.v1\.toml: cannot be read"):
        load_procedures(folder)
    (folder / COMMITTEES).unlink()
    with pytest.raises(ConfigurationError, match=r"committees\.toml: cannot be read"):
        load_committees(folder)


def test_steps_and_outcomes_of_real_bodies_are_those_of_their_rules() -> None:
    procedures = {code: procedure for (code, _), procedure in load_procedures().items()}
    estonia = procedures["ee-riigikogu"]
    within = {step.code: step.within for step in estonia.steps}
    board = estonia.threshold("consider")
    assert board is not None
    assert board.within == Duration(days=30)
    assert (within["discussed"], within["decided"]) == (Duration(months=3), Duration(months=6))
    germany = {outcome.code: outcome.follow_up for outcome in procedures["de-bundestag"].outcomes}
    assert germany.keys() >= {
        "act_on_it", "consider_again", "material", "to_government", "to_groups", "to_european_parliament", "to_land",
        "closed",
    }  # fmt: skip
    assert (germany["act_on_it"], germany["material"]) == (Duration(days=42), Duration(months=12))
    uk = procedures["uk-parliament"]
    assert [(t.count, t.effect) for t in uk.thresholds] == [(10_000, "respond"), (100_000, "debate")]
    assert {o.code for o in uk.outcomes} == {"responded", "response_revised", "debated", "not_debated"}
