"""Cleaning of texts: normalised to NFC, without control and direction-changing characters, within limits.

NUL and C0/C1 controls break databases and terminals; bidirectional controls (U+202A-E, U+2066-9) let a text show
something else than it says (Unicode TR 36). Line ends become a single LF.
"""

import re
import unicodedata
from typing import Final

_FORBIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
_SPACES: Final = re.compile(r"[^\S\n]+")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")


class TextError(ValueError):
    """A text that is not accepted. ``code``: ``forbidden_character``, ``too_short``, ``too_long`` or ``missing``."""

    def __init__(self, code: str, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


def clean_line(text: str, *, maximum: int, minimum: int = 0) -> str:
    """One line: every run of white space becomes one space. Raises TextError."""
    if text.isascii() and text.isprintable():  # nothing to normalise and nothing forbidden: nearly every answer
        return _within(" ".join(text.split()), minimum, maximum)
    _refuse_forbidden(text)
    return _within(" ".join(unicodedata.normalize("NFC", text).split()), minimum, maximum)


def clean_paragraphs(text: str, *, maximum: int, minimum: int = 0) -> str:
    """Several lines; an empty line separates paragraphs. Raises TextError."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    _refuse_forbidden(text)
    lines = (_SPACES.sub(" ", line).strip() for line in unicodedata.normalize("NFC", text).split("\n"))
    return _within(_EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip(), minimum, maximum)


def _refuse_forbidden(text: str) -> None:
    if _FORBIDDEN.search(text):
        raise TextError("forbidden_character")


def _within(text: str, minimum: int, maximum: int) -> str:
    if not text and minimum > 0:
        raise TextError("missing")
    if len(text) < minimum:
        raise TextError("too_short", minimum)
    if len(text) > maximum:
        raise TextError("too_long", maximum)
    return text
