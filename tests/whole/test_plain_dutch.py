"""Dutch that people understand (level B1): no words of offices, no long sentences, no passive where somebody acts.

The list is of words that readers stumble over, each with what we say instead ("Schrijf duidelijk", communicatierijk).
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from petitions.lifecycle.procedure_files import load_procedures
from petitions.locale import read_catalogue

NOT_USED = {
    "aangaande": "over",
    "aanvang": "begin",
    "abusievelijk": "per ongeluk",
    "alsmede": "en ook",
    "alsook": "en ook",
    "betreffende": "over",
    "casus": "geval",
    "conform": "volgens",
    "daar waar": "waar",
    "derhalve": "daarom",
    "desalniettemin": "toch",
    "desgewenst": "als u dat wilt",
    "dienaangaande": "daarover",
    "dienen te": "moeten",
    "dient te": "moet",
    "echter": "maar",
    "eveneens": "ook",
    "gaarne": "graag",
    "geschiedt": "gebeurt",
    "hieromtrent": "hierover",
    "indien": "als",
    "ingevolge": "volgens",
    "inzake": "over",
    "jegens": "tegen",
    "krachtens": "volgens",
    "middels": "met",
    "mitsdien": "daarom",
    "nochtans": "toch",
    "omtrent": "over",
    "onderhavige": "deze",
    "onverwijld": "meteen",
    "reeds": "al",
    "teneinde": "om",
    "ten behoeve van": "voor",
    "ten gevolge van": "door",
    "te allen tijde": "altijd",
    "tevens": "ook",
    "thans": "nu",
    "uwerzijds": "van u",
    "vooralsnog": "voorlopig",
    "voornoemd": "dit",
    "zulks": "dit",
    "zorg dragen voor": "zorgen voor",
}
LONGEST = 25
"""Words in a sentence; we aim at 15."""
SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "nl" and isinstance(inner, str):
                yield inner
            else:
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _shown() -> Iterator[tuple[str, str]]:
    """Every Dutch text of the interface, and what our own data files say in Dutch, with where it stands."""
    for message in read_catalogue("nl"):
        for text in [message.string] if isinstance(message.string, str) else list(message.string or ()):
            yield "catalogue", text
    package = Path(__file__).parents[2] / "petitions"
    for path in sorted([*(package / "procedures").glob("*.toml"), *(package / "sites").glob("*.toml")]):
        for text in _strings(tomllib.loads(path.read_text("utf-8"))):
            yield path.name, text


def test_words_of_offices_are_not_used() -> None:
    words = re.compile(rf"\b({'|'.join(map(re.escape, NOT_USED))})\b", re.IGNORECASE)
    found = [
        f"{place}: {match[1]!r} (say {NOT_USED[match[1].lower()]!r}) in {text[:90]!r}"
        for place, text in _shown()
        for match in words.finditer(text)
    ]
    assert found == []


def test_sentences_are_short() -> None:
    found = [
        f"{place}: {len(sentence.split())} words: {sentence[:120]!r}"
        for place, text in _shown()
        for sentence in SENTENCE.split(text)
        if len(sentence.split()) > LONGEST
    ]
    assert found == []


def test_there_is_something_to_read() -> None:
    assert sum(1 for _ in _shown()) > 1000
    assert len(load_procedures()) >= 12
