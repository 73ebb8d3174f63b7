"""Names in minutes: which members they mean, and which are ambiguous."""

from petitions.motions.rules.minutes import MemberName, find_named

KNOWN = (
    MemberName(1, 7, "Tessa Wierda", "Wierda, Tessa", "Linde"),
    MemberName(2, 7, "Kees de Jong", "Jong, Kees de", "Linde"),
    MemberName(3, 8, "Anna de Jong", "Jong, Anna de", "Anker"),
    MemberName(4, 8, "José Álvarez", "Álvarez, José", "Anker"),
)


def ids(text: str) -> tuple[list[int], tuple[str, ...]]:
    found, unknown = find_named(text, KNOWN)
    return [one.member_id for one in found], unknown


def test_names_stand_on_lines_or_between_commas() -> None:
    assert ids("Wierda, Alvarez\n\nKees de Jong; ") == ([1, 4, 2], ())
    assert ids("Wierda, Tessa\nJONG, ANNA DE") == ([1, 3], ())
    assert ids("") == ([], ())


def test_a_name_of_two_is_not_guessed() -> None:
    assert ids("De Jong") == ([], ("De Jong",))
    assert ids("De Jong (Anker)") == ([3], ())


def test_a_name_of_nobody_is_given_back() -> None:
    assert ids("Wierda, Niemand") == ([1], ("Niemand",))
