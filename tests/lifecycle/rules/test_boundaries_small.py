"""Small rules at their boundaries: names of files, contacts, growth, milestones, votes, secrets."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest

from petitions.contacts.rules import DeclaredContact, check_contact
from petitions.corrections.rules import correct_words, withheld
from petitions.documents.rules import file_name
from petitions.dossier.rules.milestones import milestones
from petitions.dossier.rules.prints import may_ask, print_name
from petitions.errors import InvalidInputError
from petitions.following.rules import Topic, default_choice, offered, read_topic
from petitions.lifecycle.rules.clauses import LocalizedText
from petitions.lifecycle.rules.growth import estimate
from petitions.lifecycle.rules.hints import Hint, HintKind, hints, shouts
from petitions.lifecycle.rules.moderation import claim_holds, holder
from petitions.motions.rules.votes import DecidedMotion, Vote, decision_changes, is_case, problems
from petitions.security.encryption import Vault, fingerprint, lock, unlock
from petitions.staff.rules import StaffPost

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
# Made with the secret of the test below: the address, a sealed secret, a locked one, a data key and a box under it.
INDEX = "5eac603a0750c9b4e0693e4d034c66a2"
SEALED = "3a56587b21a553b0fd03ada3b37e1a246905bb2b7e5143b229c584a6c6b706eae9cc5df7f2538cda51c979c4"
LOCKED = "fb4300924471cf2ec453fe7026613e791adde4141d11df5daf25c3a6160352e4a4"
WRAPPED = (
    "140324bf0975f81bdf0d3702674aed15e7ef7c83ffd447fc4815b53513ad"
    "7531600a75bceba3ee0d8122ca7b32ccdfed84f40a479da99ae2c1f00ef1"
)
BOX = "5638286516ad3489e1d5321b0bf63407bec070b529c00226463eddfc57d8289b3b2d5234dd4fca196264"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Verslag", "petition-12-document-3-verslag.pdf"),
        ("Brief: Één & twee!", "petition-12-document-3-brief-een-twee.pdf"),
        ("?!", "petition-12-document-3.pdf"),
        ("a" * 41, f"petition-12-document-3-{'a' * 40}.pdf"),
        ("b" * 39 + " c", f"petition-12-document-3-{'b' * 39}.pdf"),  # no dash at the end where it is cut
    ],
)
def test_a_file_is_named_in_plain_letters(title: str, name: str) -> None:
    assert file_name(12, 3, title) == name


def contact(met_on: date = DAY, how: str = "call") -> DeclaredContact:
    return DeclaredContact(met_on, how, "Vereniging", "leden", "de griffier", "nachtzorg")


def test_a_contact_is_declared_from_the_first_public_day_until_today() -> None:
    for how in ("meeting", "call", "letter", "visit"):
        check_contact(contact(how=how), earliest=DAY, today=DAY)
    for wrong, problem in (
        (contact(DAY + timedelta(days=1)), {"met_on": "date_future"}),
        (contact(DAY - timedelta(days=1)), {"met_on": "date_too_early"}),
        (contact(how="dinner"), {"how": "choice"}),
        (contact(DAY - timedelta(days=1), "dinner"), {"met_on": "date_too_early", "how": "choice"}),
    ):
        with pytest.raises(InvalidInputError) as refused:
            check_contact(wrong, earliest=DAY, today=DAY)
        assert refused.value.fields == problem


def test_the_public_has_a_print_made_once_an_hour() -> None:
    assert may_ask(None, NOW)
    assert may_ask(NOW - timedelta(hours=1), NOW)
    assert not may_ask(NOW - timedelta(hours=1) + INSTANT, NOW)
    assert print_name(7, "poster", "en") == "petition-7-poster-en.pdf"
    assert print_name(7, "committee", "nl") == print_name(7, "public", "nl") == "petition-7-dossier-nl.pdf"


def test_a_claim_holds_for_two_hours() -> None:
    assert not claim_holds(None, NOW)
    assert claim_holds(NOW - timedelta(hours=2), NOW)
    assert not claim_holds(NOW - timedelta(hours=2) - INSTANT, NOW)
    assert holder(1, NOW, 1, NOW) == "me"
    assert holder(2, NOW, 1, NOW) == "colleague"
    assert holder(1, NOW - timedelta(hours=3), 1, NOW) == ""
    assert holder(None, None, 1, NOW) == ""


@pytest.mark.parametrize(
    ("active", "moderator", "administrator", "decides"),
    [
        (True, True, False, True),
        (True, False, True, True),
        (True, False, False, False),
        (False, True, True, False),
    ],
)
def test_who_decides_on_petitions(active: bool, moderator: bool, administrator: bool, decides: bool) -> None:
    post = StaffPost("A", "nl", is_moderator=moderator, is_administrator=administrator, committees=(), active=active)
    assert post.decides_on_petitions == decides


def test_published_words_are_all_needed_and_a_correction_tells_both() -> None:
    told = {"title": "Oud", "text": "Zo was het."}
    changes = correct_words(told, {"title": "Nieuw", "text": "Zo was het."}, "Tikfout.")
    assert changes == {"title": {"before": "Oud", "after": "Nieuw"}}
    assert withheld(changes) == {"title": {"before": None, "after": "Nieuw"}}
    with pytest.raises(InvalidInputError) as refused:
        correct_words(told, {"title": "", "text": "x"}, "")
    assert refused.value.fields == {"title": "missing", "reason": "missing"}
    with pytest.raises(InvalidInputError) as refused:
        correct_words(told, dict(told), "Niets.")
    assert refused.value.fields == {"": "unchanged"}


def test_a_secret_of_a_link_opens_what_it_locked_and_nothing_else() -> None:
    box = lock(b"one", b"words")
    assert unlock(b"one", box) == b"words"
    assert lock(b"one", b"words") != box
    with pytest.raises(ValueError, match=r"^this box was locked with another secret$"):
        unlock(b"two", box)
    assert fingerprint(b"one").hex() == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"


def test_what_was_stored_under_the_keys_of_today_can_be_read() -> None:
    """Fixed boxes: whoever changes how keys are derived loses what is stored."""
    vault = Vault("a secret")
    assert vault.index(b"label", "jan@voorbeeld.nl").hex() == INDEX
    assert vault.unseal(bytes.fromhex(SEALED), b"context") == b"a sign-in secret"
    assert vault.unseal(vault.seal(b"new", b"context"), b"context") == b"new"
    assert unlock(b"one", bytes.fromhex(LOCKED)) == b"words"
    assert vault.decrypt(bytes.fromhex(WRAPPED), b"label", b"row", bytes.fromhex(BOX)) == {"name": "Jan"}
    with pytest.raises(ValueError, match=r"^this box does not belong to this key and row$"):
        vault.decrypt(bytes.fromhex(WRAPPED), b"label", b"another row", bytes.fromhex(BOX))


WEEK = {DAY - timedelta(days=n): 10 for n in range(1, 8)}
OPENED = DAY - timedelta(days=60)


def test_an_estimate_looks_at_the_seven_days_before_today() -> None:
    gained = {**WEEK, DAY: 500, DAY - timedelta(days=8): 500}
    found = estimate(gained, 100, opened_on=OPENED, today=DAY, closes_on=None, aim=200)
    assert found is not None
    assert (found.gained, found.reaches, found.weeks, found.at_the_end) == (70, 200, 1, None)
    missing = {day: count for day, count in WEEK.items() if day != DAY - timedelta(days=1)}
    found = estimate(missing, 100, opened_on=OPENED, today=DAY, closes_on=None, aim=200)
    assert found is not None
    assert found.gained == 60


def test_a_petition_must_have_been_open_for_more_than_a_week() -> None:
    for days, told in ((7, False), (8, True)):
        found = estimate(WEEK, 100, opened_on=DAY - timedelta(days=days), today=DAY, closes_on=None, aim=110)
        assert (found is not None) == told


def week_of(*counts: int) -> dict[date, int]:
    return {DAY - timedelta(days=n + 1): count for n, count in enumerate(counts)}


@pytest.mark.parametrize(
    ("counts", "steady"),
    [
        ((5, 5, 5, 5), True),  # twenty on four days
        ((5, 5, 5, 4), False),
        ((10, 5, 5), False),
        ((1, 1, 1, 17), False),
        ((10, 5, 4, 1), True),  # half of it on one day
        ((11, 5, 4, 1), False),
    ],
)
def test_a_week_is_steady_with_twenty_on_four_days_and_no_day_above_half(counts: tuple[int, ...], steady: bool) -> None:
    found = estimate(week_of(*counts), 100, opened_on=OPENED, today=DAY, closes_on=None, aim=101)
    assert (found is not None) == steady


def test_what_is_reached_on_the_last_day_is_promised_and_what_was_reached_is_not() -> None:
    """Ten a day: the hundred that lack take ten days."""
    for left, reaches in ((10, 200), (9, None)):
        found = estimate(WEEK, 100, opened_on=OPENED, today=DAY, closes_on=DAY + timedelta(days=left), aim=200)
        assert found is not None
        assert found.reaches == reaches
        assert found.at_the_end == (None if reaches else 190)
    assert estimate(WEEK, 200, opened_on=OPENED, today=DAY, closes_on=None, aim=200) is None
    for left, told in ((0, None), (1, 110), (60, 700), (61, None)):
        found = estimate(WEEK, 100, opened_on=OPENED, today=DAY, closes_on=DAY + timedelta(days=left), aim=None)
        assert (found.at_the_end if found else None) == told


def days(*totals: int) -> list[tuple[date, int]]:
    return [(DAY + timedelta(days=n), total) for n, total in enumerate(totals)]


def test_milestones_are_one_and_five_with_zeros_and_the_half_of_a_threshold() -> None:
    found = milestones(days(0, 999, 1000, 4999, 5000, 10_000, 50_000, 100_000), [40_000])
    assert [(one.count, (one.on - DAY).days, one.half_of) for one in found] == [
        (1000, 2, None),
        (5000, 4, None),
        (10_000, 5, None),
        (20_000, 6, 40_000),
        (50_000, 6, None),
        (100_000, 7, None),
    ]


def test_milestones_leave_out_thresholds_and_what_was_not_reached() -> None:
    assert milestones([], [10]) == ()
    assert milestones(days(0, 0), [2]) == ()
    assert [one.count for one in milestones(days(1), [2])] == [1]
    assert [one.count for one in milestones(days(5), [10])] == [5]
    assert milestones(days(4), [10, 3]) == ()
    assert [one.count for one in milestones(days(1000), [1000])] == [500]
    assert [one.on for one in milestones(days(1000, 900, 1000), [])] == [DAY]


def decided(*votes: Vote, outcome: str = "adopted", difference: str = "") -> DecidedMotion:
    return DecidedMotion(outcome, DAY, "parties", votes, difference)  # type: ignore[arg-type]


def test_a_party_votes_with_the_seats_that_it_has() -> None:
    votes = (Vote(1, None, "for", 20), Vote(1, None, "against", 5), Vote(2, None, "for", 2000), Vote(3, 9, "for", 1))
    assert problems(decided(*votes), DAY, {1: 25, 3: 0}) == {}
    assert problems(decided(*votes), DAY, {1: 24}) == {"seats-1": "too_many_seats"}
    assert problems(decided(*votes, Vote(2, None, "for", 1)), DAY) == {"seats-2": "too_many_seats"}
    assert problems(decided(*votes), DAY - timedelta(days=1)) == {"voted_on": "date_future"}
    assert decided(*votes).tally.for_ == 2021


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("2026Z01234", True),
        ("2026Z0123", False),
        ("202Z012345", False),
        ("2026Z012345", False),
        ("2026X01234", False),
        ("2026Z0123a", False),
        ("a026Z01234", False),
        ("202\u0666Z01234", False),  # a digit of another script
        ("Z", False),
    ],
)
def test_the_number_of_a_case(text: str, is_one: bool) -> None:
    assert is_case(text) == is_one


def test_a_correction_of_votes_tells_those_that_differ() -> None:
    one, two = Vote(1, None, "for", 20), Vote(None, 7, "against", 1, mistaken=True)
    before, after = decided(one), decided(one, two, outcome="rejected", difference="Hamerslag.")
    assert decision_changes(before, after) == {
        "outcome": ["adopted", "rejected"],
        "difference": ["", "Hamerslag."],
        "votes": [[], [[0, 7, "against", 1, True]]],
    }
    assert decision_changes(after, after) == {}
    assert decision_changes(decided(one, two), decided(two, one)) == {}
    assert decision_changes(None, before) == {
        "outcome": [None, "adopted"],
        "voted_on": [None, "2026-03-02"],
        "kind": [None, "parties"],
        "votes": [[], [[1, 0, "for", 20, False]]],
    }
    assert decision_changes(decided(one), decided(two))["votes"] == [
        [[1, 0, "for", 20, False]],
        [[0, 7, "against", 1, True]],
    ]


def test_a_text_is_read_in_its_language() -> None:
    text = LocalizedText(nl="Ja", en="Yes")
    assert (text["nl"], text["en"]) == ("Ja", "Yes")


def found_hints(title: str, text: str = "", level: str = "parliament", **more: object) -> tuple[Hint, ...]:
    return cast("Callable[..., tuple[Hint, ...]]", hints)(title, text, level=level, **more)


def test_hints_are_told_with_the_words_that_they_are_about() -> None:
    assert found_hints("GEEF ONS ZORG") == ()  # eleven letters
    assert found_hints("GEEF ONS DORP ZORG") == (Hint(HintKind.SHOUTING, "GEEF ONS DORP ZORG"),)
    assert found_hints("Zorg nu!!!") == (Hint(HintKind.SHOUTING, "nu!!!"),)
    assert found_hints("Zorg", versions=2) == (Hint(HintKind.MENDED, count=2),)
    assert found_hints("Zorg", versions=1) == ()
    assert found_hints("De wethouder", "De gemeenteraad", level="elsewhere") == ()
    watched = (("local", ("straat", "park*")),)
    assert found_hints("Het parkeren", watched=watched) == (Hint(HintKind.GROUND, "parkeren", ground="local"),)
    assert found_hints("De straten", watched=watched) == ()
    assert found_hints("De straat", watched=watched) == (Hint(HintKind.GROUND, "straat", ground="local"),)


def test_a_title_shouts_with_twelve_letters_of_which_more_than_six_in_ten_are_capitals() -> None:
    assert shouts("ABCDEFGHIJKL")
    assert not shouts("ABCDEFGHIJK")
    assert not shouts("ABCDEFGHIJKLabcdefgh")  # twelve of twenty
    assert shouts("ABCDEFGHIJKLMabcdefgh")


def test_what_is_usually_told_of_a_topic() -> None:
    petition, committee, everything = Topic("petition", "5"), Topic("committee", "x"), Topic("all", "")
    assert offered(petition) == ("milestones", "steps", "decisions", "news")
    assert offered(everything) == ("petitions", "milestones", "steps", "decisions", "news")
    assert default_choice(petition) == (offered(petition), "at_once")
    assert default_choice(committee) == (("petitions", "decisions"), "daily")
    assert default_choice(everything) == (("petitions", "decisions"), "weekly")
    assert petition.petition_id == 5


def test_a_topic_is_read_up_to_its_first_colon() -> None:
    assert read_topic("petition:5", ()) == Topic("petition", "5")
    assert read_topic("petition:5:6", ()) is None
