"""The differences between two versions of a text, word by word.

The pieces are in reading order. Without those that were added they are the earlier text, and without those that were
removed the later one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, Literal

PieceKind = Literal["same", "removed", "added"]

_WORDS: Final = re.compile(r"\n+|[^\S\n]+|\w+|[^\w\s]")
_SPACE: Final = re.compile(r"[^\S\n]*")
LONGEST_BRIDGE: Final = 1
"""A single space between two changed words does not make them two changes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text that is in both versions, or in one of them."""

    change: PieceKind
    text: str


@lru_cache(maxsize=256)
def differences(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both versions. A word is changed as a whole."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for change, text in _steps(old, new):
        if text:
            pieces.append(Piece(change, text))
    return tuple(_joined(pieces))


def _steps(old: list[str], new: list[str]) -> Iterator[tuple[PieceKind, str]]:
    for tag, first, last, start, end in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield "same", "".join(new[start:end])
        else:
            yield "removed", "".join(old[first:last])
            yield "added", "".join(new[start:end])


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Merge changes that are separated by one space: "removed two words, added three" instead of word by word."""
    removed = added = ""
    for place, piece in enumerate(pieces):
        bridge = (
            piece.change == "same"
            and len(piece.text) <= LONGEST_BRIDGE
            and bool(_SPACE.fullmatch(piece.text))
            and 0 < place < len(pieces) - 1
        )
        if piece.change == "removed" or bridge:
            removed += piece.text
        if piece.change == "added" or bridge:
            added += piece.text
        if piece.change == "same" and not bridge:
            yield from _both(removed, added)
            removed = added = ""
            yield piece
    yield from _both(removed, added)


def _both(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece("removed", removed)
    if added:
        yield Piece("added", added)


def differs(pieces: tuple[Piece, ...]) -> bool:
    """Whether anything was changed."""
    return any(piece.change != "same" for piece in pieces)
