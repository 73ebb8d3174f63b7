"""Both languages are complete: every text of code and templates is translated, and no translation is left over."""

import re

from petitions.locale import read_catalogue
from scripts.untranslated import texts

FOUND = [(path, message) for path, _, message in texts() if not path.startswith("petitions/database")]
MSGIDS = {message if isinstance(message, str) else message[0] for _, message in FOUND}
PLACE = re.compile(r"%\((\w+)\)")


def test_every_text_has_a_dutch_translation() -> None:
    catalogue = read_catalogue("nl")
    missing = {text for text in MSGIDS if not (found := catalogue.get(text)) or not found.string}
    assert missing == set()


def test_no_translation_is_left_over() -> None:
    left = {
        message.id if isinstance(message.id, str) else message.id[0] for message in read_catalogue("nl") if message.id
    }
    assert left - MSGIDS == set()


def test_translations_name_the_same_facts() -> None:
    wrong = []
    for message in read_catalogue("nl"):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        allowed = set(PLACE.findall(" ".join(ids)))
        wrong += [text for text in strings if not set(PLACE.findall(text)) <= allowed]
    assert wrong == []


def test_dutch_addresses_the_reader_politely() -> None:
    rude = re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE)
    assert [message.string for message in read_catalogue("nl") if rude.search(str(message.string))] == []
