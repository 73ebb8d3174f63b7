"""The form of the seed from which a sample is drawn."""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from petitions.http.forms import check, choice
from petitions.http.typed import CLOCK, DAY, LINE, LINK, field_errors, messages, moment_of, optional_fields

TypedSeed: Final = optional_fields(
    "TypedSeed",
    seed=LINE,
    source=LINE,
    link=LINK,
    seed_day=DAY,
    seed_time=CLOCK,
    method=choice("letter", "mail"),
)


def read_seed(values: Mapping[str, str], zone: ZoneInfo, language: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts of a seed (``published_at`` by the clock of the body), and the errors in the form."""
    checked = check(TypedSeed, {name: values.get(name, "") for name in TypedSeed.model_fields})
    typed: dict[str, Any] = dict(checked.facts)
    day, clock = typed.pop("seed_day", None), typed.pop("seed_time", None)
    if checked.problems:
        return {}, field_errors(checked.problems, language)
    if day and not clock:
        return {}, messages(language, {"seed_time": "missing"})
    return typed | {"published_at": moment_of(day, clock, zone)}, {}
