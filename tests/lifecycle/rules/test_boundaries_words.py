"""Rules about words at their boundaries: spelling, lengths, differences, corrections, names in minutes, mailboxes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from petitions.agenda.rules import Recording, appointment
from petitions.corrections.rules import MomentRange, correct, happened_on
from petitions.differences import Piece, differences
from petitions.errors import ConfigurationError, InvalidInputError
from petitions.lifecycle.rules.reasons import parse_reasons
from petitions.lifecycle.rules.signing import canonical_email
from petitions.lifecycle.rules.spelling import folded, is_compound, nearest, slips, slips_allowed, spellings
from petitions.lifecycle.rules.steps import StepInput
from petitions.motions.rules.minutes import MemberName, find_named
from petitions.staff.rules import StaffPost, loses_something
from petitions.survey.rules import check_answers, is_open
from petitions.text import TextError, clean_line, clean_paragraphs

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("jan+a+b@voorbeeld.nl", "jan@voorbeeld.nl"),
        ('"a+x@b"@voorbeeld.nl', '"a@voorbeeld.nl'),  # what is quoted may hold an at
        ("J.A.N@GoogleMail.com", "jan@gmail.com"),
    ],
)
def test_a_mailbox_ends_at_the_last_at_and_its_name_at_the_first_plus(typed: str, canonical: str) -> None:
    assert canonical_email(typed) == canonical


@pytest.mark.parametrize(("letters", "allowed"), [(3, 0), (4, 1), (7, 1), (8, 2), (9, 2)])
def test_longer_words_may_have_more_slips(letters: int, allowed: int) -> None:
    assert slips_allowed("x" * letters) == allowed


def test_what_a_word_shares_with_its_slips() -> None:
    assert spellings("zorg") == ["org", "zog", "zor", "zorg", "zrg"]
    long = spellings("abcdefgh")
    assert {"abcdefgh", "bcdefgh", "abcdefg", "cdefgh", "abcdef", "bcdefg"} <= set(long)
    assert len(long) == 1 + 8 + 28
    assert len(spellings("abcdefg")) == 1 + 7
    assert max(map(len, spellings("x" * 60))) == 40


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("zorg", "zorg", 0),
        ("zorg", "zrog", 1),
        ("zorg", "ozrg", 1),
        ("zorg", "zogr", 1),
        ("ab", "ba", 1),
        ("", "zo", 2),
    ],
)
def test_two_letters_that_changed_places_are_one_slip(one: str, other: str, count: int) -> None:
    assert slips(one, other) == slips(other, one) == count


def test_the_nearest_word_has_the_same_first_letter_and_most_pairs() -> None:
    assert nearest("zorh", ["zorg", "korh"]) == "zorg"
    assert nearest("korgen", ["zorgen", "kargen"]) == "kargen"
    assert nearest("abcdef", ["abxdef", "abcdex"]) == "abcdex"  # four pairs shared, not three
    assert nearest("zorg", ["zee"]) is None


def test_a_part_of_a_compound_stands_at_the_beginning_or_after_three_letters() -> None:
    assert is_compound("zorgzorg", "zorg")
    assert is_compound("zeezorg", "zorg")
    assert not is_compound("azorgzorg", "zorg")
    assert folded("Straße É") == "straße e"


def test_a_text_at_its_limits() -> None:
    assert clean_line("abc", minimum=3, maximum=3) == "abc"
    assert clean_line("", minimum=0, maximum=3) == ""
    assert clean_paragraphs("é", minimum=1, maximum=1) == "é"
    for text, code, limit in (("ab", "too_short", 3), ("abcd", "too_long", 3), ("", "missing", 0)):
        with pytest.raises(TextError) as refused:
            clean_line(text, minimum=3, maximum=3)
        assert (refused.value.code, refused.value.limit) == (code, limit)
    with pytest.raises(TextError) as refused:
        clean_line("", minimum=1, maximum=3)
    assert refused.value.code == "missing"


def test_a_blank_between_two_changes_makes_them_one_but_not_at_the_ends() -> None:
    assert differences("a b", "c d") == (Piece("removed", "a b"), Piece("added", "c d"))
    assert differences(" a", " b") == (Piece("same", " "), Piece("removed", "a"), Piece("added", "b"))
    assert differences("a ", "b ") == (Piece("removed", "a"), Piece("added", "b"), Piece("same", " "))
    assert differences("a\nb", "c\nd")[2:3] == (Piece("same", "\n"),)


SPAN = MomentRange(DAY, NOW + timedelta(days=8), NOW + timedelta(days=18), ZONE)
PLANNED = {"meeting": "planned", "meeting_at": "2026-03-24T13:15:00+01:00", "place": "Zaal"}


def moment_problem(told: dict[str, str], at: datetime) -> dict[str, str]:
    try:
        correct("hearing", told, StepInput(meeting_at=at, place="Zaal", text="Iets."), "Tikfout.", SPAN)
    except InvalidInputError as refused:
        return refused.fields
    return {}


def test_when_a_corrected_meeting_can_be() -> None:
    held = PLANNED | {"meeting": "held"}
    assert moment_problem(PLANNED, SPAN.told_at) == {"meeting_at": "date_past"}
    assert moment_problem(PLANNED, SPAN.told_at + INSTANT) == {}
    assert moment_problem(held, SPAN.now) == {}
    assert moment_problem(held, SPAN.now + INSTANT) == {"meeting_at": "date_future"}
    midnight = datetime(2026, 3, 2, 0, 0, tzinfo=ZONE)
    assert moment_problem(held, midnight) == {}
    assert moment_problem(held, midnight - INSTANT) == {"meeting_at": "date_too_early"}
    same = {"meeting": "held", "meeting_at": "2027-01-01T00:00:00+00:00", "place": "Elders"}
    assert moment_problem(same, datetime(2027, 1, 1, tzinfo=UTC)) == {}  # it was stored like that


def test_the_facts_that_a_corrected_step_needs_are_those_of_its_meeting() -> None:
    cancelled = {"meeting": "cancelled", "text": "Ziek."}
    with pytest.raises(InvalidInputError) as refused:
        correct("debate", cancelled, StepInput(text=""), "Tikfout.", SPAN)
    assert refused.value.fields == {"text": "missing"}
    held = {"meeting": "held", "meeting_at": "2026-03-04T13:15:00+01:00", "place": "Zaal", "text": "Verslag."}
    facts = StepInput(meeting_at=datetime(2026, 3, 4, 12, 15, tzinfo=UTC), place="Zaal", text="")
    with pytest.raises(InvalidInputError) as refused:
        correct("debate", held, facts, "Tikfout.", SPAN)
    assert refused.value.fields == {"text": "missing"}
    told = {"text": "Oud."}
    new = StepInput(text="Nieuw.", meeting_at=NOW - timedelta(days=999))
    assert correct("report", told, new, "Tikfout.", SPAN) == {"text": {"before": "Oud.", "after": "Nieuw."}}
    moved = correct("hearing", PLANNED, StepInput(meeting_at=NOW + timedelta(days=30), place="Zaal"), "Later.", SPAN)
    assert moved["meeting_at"]["after"] == (NOW + timedelta(days=30)).isoformat()


def test_the_day_of_a_held_meeting_is_that_of_the_body() -> None:
    at = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    assert happened_on("hearing", {"meeting": "held"}, StepInput(meeting_at=at), ZONE) == date(2026, 3, 5)
    assert happened_on("hearing", {"meeting": "held"}, StepInput(meeting_at=at), ZoneInfo("America/New_York")) == date(
        2026, 3, 4
    )


def test_a_meeting_keeps_its_words_and_its_first_moment() -> None:
    first = Recording(NOW, "planned", None, "")
    found = appointment([first, Recording(NOW + INSTANT, "held", NOW, "Zaal", "Verslag.", "https://a.example")])
    assert found is not None
    assert (found.text, found.link, found.sequence) == ("Verslag.", "https://a.example", 1)
    assert (found.created_at, found.changed_at) == (NOW, NOW + INSTANT)
    cancelled = appointment([Recording(NOW, "cancelled", None, ""), Recording(NOW, "planned", NOW, "")])
    assert cancelled is not None
    assert cancelled.sequence == 1
    unnamed = appointment([Recording(NOW, "planned", None, ""), Recording(NOW, "planned", None, ""), first, first])
    assert unnamed is None
    steady = appointment([Recording(NOW, "planned", NOW, ""), Recording(NOW, "planned", NOW, "")])
    assert steady is not None
    assert steady.sequence == 0


def test_names_in_minutes_without_their_dots() -> None:
    known = [
        MemberName(1, None, "Xander", "Xander, van, X.X.", "Linde"),
        MemberName(2, None, "A. Bos", "Bos, A.", "Anker"),
    ]
    assert find_named("Xander.", known)[0] == (known[0],)
    assert find_named(" Bos,  A. ", known)[0] == (known[1],)
    assert find_named("XX", known) == ((), ("XX",))
    assert find_named("Xander, van", [known[0]]) == ((known[0],), ("van",))


def test_a_canned_reason_for_every_procedure_and_a_file_that_is_wrong() -> None:
    with pytest.raises(ConfigurationError, match=r"^reasons\.toml: one\.two\.reason: Field required$"):
        parse_reasons('[one.two]\nen = "x"\n', "reasons.toml")
    assert parse_reasons("", "reasons.toml").of("any", "ground") is None


def test_the_survey_is_open_from_the_decision_for_sixty_days() -> None:
    assert not is_open(NOW, NOW - INSTANT)
    assert is_open(NOW, NOW)
    assert is_open(NOW, NOW + timedelta(days=60))
    assert not is_open(NOW, NOW + timedelta(days=60) + INSTANT)
    assert not is_open(None, NOW)


def test_a_question_without_an_answer_is_named() -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_answers({"understood": "yes"})
    assert refused.value.fields == {"serious": "choice"}


POST = StaffPost("A", "nl", is_moderator=True, is_administrator=True, committees=("a",), active=True, may_export=True)


def test_who_loses_something() -> None:
    assert not loses_something(POST, POST)
    member = replace(POST, committees=(), sits_on=("a", "b"))
    assert not loses_something(member, member)
    assert not loses_something(member, replace(member, sits_on=("a",), committees=("b",)))
    for less in (
        replace(POST, active=False),
        replace(POST, is_moderator=False),
        replace(POST, is_administrator=False),
        replace(POST, may_export=False),
        replace(POST, committees=()),
    ):
        assert loses_something(POST, less)
        assert not loses_something(less, POST)
    assert loses_something(member, replace(member, sits_on=("a",)))
