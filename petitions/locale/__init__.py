"""The languages of the interface, and the catalogue of each.

English is the language of the msgids in code and templates. Every other language has a folder with one ``.po`` file
per area of the service; they are merged in memory when the service starts, so there are no compiled files.
"""

import gettext
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language = str

SOURCE_LANGUAGE: Final = "en"
LANGUAGES: Final[dict[Language, str]] = {"nl": "Nederlands", "en": "English"}
"""Each language of the interface with its own name, the default first. A third one: docs/languages.md."""
TEXT_LANGUAGES: Final = ("nl", "en")
"""The languages in which a petition can be written: search needs a dictionary in the database for each."""

LOCALE_DIR: Final = Path(__file__).parent


def spoken(words: str | Mapping[str, str], language: str) -> str:
    """The operator's text in a language; ``words`` is one text for all languages, or one for each."""
    return words if isinstance(words, str) else words[language]


def po_files(language: str, root: Path = LOCALE_DIR) -> list[Path]:
    """The ``.po`` files of one language, sorted by name."""
    return sorted((root / language).glob("*.po"))


def read_catalogue(language: str, root: Path = LOCALE_DIR) -> Catalog:
    """Merge all ``.po`` files of one language; where two translate the same msgid, the first file wins."""
    merged = Catalog(locale=language)
    for path in po_files(language, root):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                known = merged.get(message.id, message.context) if message.id else message
                if known is None:
                    merged.add(message.id, message.string, flags=message.flags, context=message.context)
    return merged


@cache
def load_catalogue(language: str, root: Path = LOCALE_DIR) -> gettext.NullTranslations:
    """The translations of one language, ready for Jinja and for mails; msgids come back as they are in English.

    Cached, because reading takes a tenth of a second and every mail needs it.
    """
    if language == SOURCE_LANGUAGE or not po_files(language, root):
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(language, root))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
