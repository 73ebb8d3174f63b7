"""The short words for what the next threshold brings, for lists, charts and counters; no stronger than the rule."""

from collections.abc import Callable
from typing import Final

from petitions.rules.procedures import Effect, Strength, Threshold
from petitions.web.words import words

Toward = Callable[[Threshold | None], str]

_WORDS: Final[dict[tuple[Effect, Strength], str]] = {
    ("publish", "must"): "publication",
    ("publish", "normally"): "publication, normally",
    ("publish", "may"): "possible publication",
    # that a committee receives it is done by this service; what the committee does with it is another matter
    ("refer", "must"): "the committee",
    ("refer", "normally"): "the committee",
    ("refer", "may"): "the committee",
    ("respond", "must"): "an answer",
    ("respond", "normally"): "an answer, normally",
    ("respond", "may"): "a possible answer",
    ("debate", "must"): "the agenda",
    ("debate", "normally"): "a debate, normally",
    ("debate", "may"): "a possible debate",
}


def toward_in(language: str) -> Toward:
    """From a threshold to its short words in ``language``: "40.000: the committee", "370 more for an answer"."""
    say = words(language).gettext
    return lambda threshold: say(_WORDS[threshold.effect, threshold.strength]) if threshold else ""
