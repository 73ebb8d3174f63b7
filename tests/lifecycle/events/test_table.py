"""The table of event kinds: every entry is whole, rows of today are read and written as they are, statements agree."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from petitions.database.migrations import SQL
from petitions.following.rules import FOLLOW_GROUPS
from petitions.lifecycle.events.facts import EventFacts, ReasonFacts
from petitions.lifecycle.events.kind import EventKind, FollowGroup
from petitions.lifecycle.events.registry import EventKinds
from petitions.lifecycle.events.table import DRAFT_STARTED, OPENED
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling
from petitions.lifecycle.mails.outbox import Audience, audience
from petitions.lifecycle.procedure_files import load_committees, load_procedures
from petitions.lifecycle.queries.events import OutboxEventsRow
from petitions.locale import LANGUAGES, load_catalogue
from petitions.locale.formats import Formats
from petitions.mail.letters import Wording
from petitions.subjects import EVENT_KINDS
from tests.lifecycle.events.rows import RECORDED, ROWS

READERS: tuple[EventReader, ...] = get_args(EventReader)

PROCEDURE = load_procedures()["nl-burgerinitiatief", 2]
WRITTEN_BY_STATEMENTS = {"threshold_reached", "referred", "submitted", "delayed"}
"""The kinds whose events a statement inserts together with the change, without ``record``."""
IN_WORDS_OF_OTHERS = {"update"}
"""The kinds of which a mail holds nothing but the words of the initiator."""


def telling(language: str) -> Telling:
    translations = load_catalogue(language)
    formats = Formats(language, translations, ZoneInfo("Europe/Amsterdam"))
    wording = Wording(language, translations, formats, "Petitieloket", "http://p.test")
    return Telling(wording, PROCEDURE, load_committees())


def told(row: Mapping[str, Any], language: str, reader: EventReader) -> Sentences:
    return EVENT_KINDS.tell(telling(language), row["kind"], row["data"], 1, reader)


def say(_telling: Telling, _facts: EventFacts, _reader: EventReader) -> Sentences:
    return "It happened", ()


def stored(kind: str, data: Mapping[str, Any]) -> OutboxEventsRow:
    return OutboxEventsRow(
        petition_id=1, id=1, kind=kind, data=dict(data), facts_version=1, written="", occurred_at=datetime.now(UTC)
    )


def who(kind: str, data: Mapping[str, Any]) -> Audience:
    return audience(EVENT_KINDS, stored(kind, data), PROCEDURE)


def test_every_kind_has_a_row_to_be_tried_with() -> None:
    assert {row["kind"] for row in ROWS} == {kind.name for kind in EVENT_KINDS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["kind"])
def test_what_was_recorded_is_read_and_would_be_written_the_same(row: dict[str, Any]) -> None:
    kind = EVENT_KINDS[row["kind"]]
    facts = kind.from_data(row["data"], 1)
    assert type(facts) is kind.facts
    assert kind.to_data(facts) == row["data"]


@pytest.mark.parametrize("row", RECORDED, ids=lambda row: row["kind"])
def test_a_fact_that_nobody_knows_any_more_is_left_out(row: dict[str, Any]) -> None:
    kind = EVENT_KINDS[row["kind"]]
    assert kind.from_data(row["data"] | {"of_old": [1]}, 1) == kind.from_data(row["data"], 1)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["kind"])
def test_everybody_who_is_told_is_told_in_their_language(row: dict[str, Any]) -> None:
    kind = EVENT_KINDS[row["kind"]]
    readers = [one for one in READERS if one in kind.told or (one == "public" and kind.is_public)]
    for reader in readers:
        spoken = {language: told(row, language, reader) for language in LANGUAGES}
        for headline, lines in spoken.values():
            assert headline
            assert not headline.endswith(".")
            assert not re.search(r"%\(|None|\{", " ".join((headline, *lines)))
        assert kind.name in IN_WORDS_OF_OTHERS or spoken["nl"] != spoken["en"]


def test_followers_choose_from_groups_that_all_tell_something() -> None:
    assert get_args(FollowGroup) == FOLLOW_GROUPS
    assert {kind.group for kind in EVENT_KINDS} == {*FOLLOW_GROUPS, None}


def test_readers_of_sentences_are_those_who_are_told_and_the_public() -> None:
    assert {reader for kind in EVENT_KINDS for reader in kind.told} == set(READERS) - {"public"}


def test_statements_that_insert_events_agree_with_the_table() -> None:
    texts = [path.read_text("utf-8") for path in sorted((SQL / "queries").glob("*.sql"))]
    inserting = [one for text in texts for one in re.findall(r"insert into event \(.*?\breturning\b", text, re.DOTALL)]
    known = {kind.name for kind in EVENT_KINDS}
    written = [known & set(re.findall(r"'(\w+)'", one)) for one in inserting]
    assert set().union(*written) == WRITTEN_BY_STATEMENTS
    assert [":kind::text" in one for one, kinds in zip(inserting, written, strict=True) if not kinds] == [True]
    for one, kinds in zip(inserting, written, strict=True):
        for kind in (EVENT_KINDS[name] for name in kinds):
            assert kind.version == 1, "the column's default says 1: let the statement write the version"
            assert kind.told
            assert ("'system', false," in one) != kind.is_public


def test_two_kinds_of_one_name_are_refused() -> None:
    again = EventKind(name="opened", facts=EventFacts, shown="nowhere")
    with pytest.raises(ValueError, match="opened"):
        EventKinds([OPENED, DRAFT_STARTED, again])


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ({"shown": "timeline", "told": frozenset({"followers"}), "sentence": say}, "by a group"),
        ({"shown": "timeline", "group": "news", "sentence": say}, "by a group"),
        ({"shown": "timeline"}, "has a sentence"),
        ({"shown": "nowhere", "told": frozenset({"initiator"})}, "has a sentence"),
        ({"shown": "nowhere", "told": frozenset({"signatories"}), "sentence": say}, "is private"),
        ({"shown": "timeline", "told": frozenset({"clerk"}), "sentence": say}, "committee"),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(entry: dict[str, Any], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        EventKind(name="new", facts=EventFacts, **entry)


def test_a_kind_that_is_not_known_here_is_told_to_nobody() -> None:
    assert who("of_a_module_that_is_gone", {}) == Audience()
    assert EVENT_KINDS.facts("of_a_module_that_is_gone", {}, 1) is None
    assert EVENT_KINDS.tell(telling("en"), "of_a_module_that_is_gone", {}, 1, "public") == telling("en").news()


def test_a_crossing_that_brings_a_referral_is_told_by_the_referral() -> None:
    referring = next(one for one in PROCEDURE.thresholds if one.effect != "publish")
    assert who("threshold_reached", {"threshold": referring.code, "required": 40000}) == Audience()
    alone = who("threshold_reached", {"threshold": "of_old", "required": 100})
    assert alone == Audience(initiator=True, signatories=True, followers=True)


@pytest.mark.parametrize("kind", ["question", "answer"])
@pytest.mark.parametrize(("side", "committee"), [("initiator", "financien"), ("committee", None)])
def test_a_committee_hears_of_what_the_initiator_wrote(kind: str, side: str, committee: str | None) -> None:
    found = who(kind, {"side": side, "committee": "financien"})
    assert found == Audience(initiator=True, followers=True, committee=committee)


def test_what_clerks_are_told_names_their_committee() -> None:
    with pytest.raises(ValueError, match="committee"):
        who("referred", {"referral": 1})


@dataclass(frozen=True, slots=True)
class NewFacts(ReasonFacts):
    """Facts that have changed twice."""

    day: date


def _rename(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"reason": data["why"], "when": data["when"]}


def _shorten(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"reason": data["reason"], "day": data["when"][:10]}


def test_facts_of_an_older_version_are_brought_up_to_date() -> None:
    kind = EventKind(name="new", facts=NewFacts, shown="nowhere", upgrades=(_rename, _shorten))
    facts = NewFacts("It is so.", date(2026, 3, 2))
    assert kind.version == 3
    assert kind.to_data(facts) == {"reason": "It is so.", "day": "2026-03-02"}
    assert kind.from_data({"why": "It is so.", "when": "2026-03-02T10:00:00+01:00"}, 1) == facts
    assert kind.from_data({"reason": "It is so.", "when": "2026-03-02T10:00:00+01:00"}, 2) == facts
    assert kind.from_data({"reason": "It is so.", "day": "2026-03-02"}, 3) == facts
    assert kind.from_data({"reason": "It is so.", "day": "2026-03-02"}, 4) == facts  # written by a newer version
