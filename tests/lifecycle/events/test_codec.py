"""Facts as JSON and back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest

from petitions.lifecycle.events.codec import from_data, to_data


@dataclass(frozen=True)
class Everything:
    """A field of every type."""

    text: str
    number: int
    choice: Literal["a", "b"]
    day: date
    moment: datetime
    yes: bool
    maybe: int | None
    changes: dict[str, dict[str, str | None]]
    for_: str = ""
    until: date | None = None
    removed: bool | None = None


WHOLE = Everything("x", 0, "a", date(2026, 3, 2), datetime(2026, 3, 2, 10, tzinfo=UTC), False, None, {})
STORED = {
    "text": "x", "number": 0, "choice": "a", "day": "2026-03-02", "moment": "2026-03-02T10:00:00+00:00", "yes": False,
    "maybe": None, "changes": {},
}  # fmt: skip


def test_what_has_no_default_is_always_written() -> None:
    assert to_data(WHOLE) == STORED
    assert from_data(Everything, STORED) == WHOLE


def test_what_differs_from_its_default_is_written() -> None:
    more = {"for": "y", "until": "2026-03-09", "removed": False}
    found = from_data(Everything, STORED | more)
    assert (found.for_, found.until, found.removed) == ("y", date(2026, 3, 9), False)
    assert to_data(found) == STORED | more


@pytest.mark.parametrize(
    ("name", "empty"), [("text", ""), ("number", 0), ("choice", ""), ("yes", False), ("maybe", None), ("changes", {})]
)
@pytest.mark.parametrize("lacking", [{}, {"is": None}], ids=["lacks", "null"])
def test_what_lacks_is_empty(name: str, empty: object, lacking: dict[str, Any]) -> None:
    stored = {key: value for key, value in STORED.items() if key != name} | ({name: None} if lacking else {})
    assert getattr(from_data(Everything, stored), name) == empty


@pytest.mark.parametrize("name", ["day", "moment"])
@pytest.mark.parametrize("value", [None, "", "x"])
def test_a_day_that_lacks_or_is_none_is_refused(name: str, value: str | None) -> None:
    with pytest.raises(ValueError, match=r"lacks its fact|Invalid isoformat"):
        from_data(Everything, STORED | {name: value})


def test_an_empty_optional_day_is_none() -> None:
    assert from_data(Everything, STORED | {"until": ""}).until is None


def test_a_moment_can_be_read_as_a_day() -> None:
    assert from_data(Everything, STORED | {"day": "2026-03-02T10:00:00+01:00"}).day == date(2026, 3, 2)


def test_a_type_without_a_form_in_json_is_refused() -> None:
    @dataclass(frozen=True)
    class Odd:
        thing: bytes

    with pytest.raises(TypeError, match="bytes"):
        from_data(Odd, {})
