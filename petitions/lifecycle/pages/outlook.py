"""The short words for the effect of the next threshold, for lists, charts and counters; no stronger than the rule."""

from collections.abc import Callable
from typing import Final

from petitions.http.words import N_, words
from petitions.lifecycle.rules.procedures import Effect, Strength, Threshold

Toward = Callable[[Threshold | None], str]

_WORDS: Final[dict[tuple[Effect, Strength], str]] = {
    ("publish", "must"): N_("publication"),
    ("publish", "normally"): N_("publication, normally"),
    ("publish", "may"): N_("possible publication"),
    # this service makes sure that a committee receives it, but not what the committee does with it
    ("refer", "must"): N_("the committee"),
    ("refer", "normally"): N_("the committee"),
    ("refer", "may"): N_("the committee"),
    ("respond", "must"): N_("an answer"),
    ("respond", "normally"): N_("an answer, normally"),
    ("respond", "may"): N_("a possible answer"),
    ("debate", "must"): N_("the agenda"),
    ("debate", "normally"): N_("a debate, normally"),
    ("debate", "may"): N_("a possible debate"),
}


def toward_in(language: str) -> Toward:
    """A function from a threshold to its short words: "40.000: the committee", "370 more for an answer"."""
    say = words(language).gettext
    return lambda threshold: say(_WORDS[threshold.effect, threshold.strength]) if threshold else ""
