"""Typesetting: a program that reads facts as JSON and writes a tagged PDF (PDF/UA-1, ISO 14289-1) by typst.

User text reaches the template as data in a separate file: none of it is interpreted as typst markup. The typeface comes
from the package with the fonts; a character that no font has is replaced by its name, because nobody can read the box
that stands for a missing glyph.
"""

import importlib.util
import io
import json
import sys
import unicodedata
from collections.abc import Container
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from petitions.papers.sandbox import limit_this_process

TEMPLATES: Final = Path(__file__).resolve().parent.parent.parent / "templates" / "pdf"
PACKAGE: Final = "font_source_sans_pro"
FACE: Final = "SourceSansPro-Regular.ttf"
HEBREW_AND_ARABIC: Final = range(0x590, 0x700)
KEPT: Final = (None, HEBREW_AND_ARABIC)
"""Which characters beyond those of the font are tried: first all, then those that typst's own fonts mostly have."""


def template_text(name: str) -> bytes:
    """The template ``name``, preceded by the definitions that all templates share."""
    return (TEMPLATES / "shared.typ").read_bytes() + (TEMPLATES / f"{name}.typ").read_bytes()


def typeset(name: str, facts: dict[str, Any], form: str = "pdf") -> bytes:
    """The PDF (or with ``form`` "png" a picture of the first page). Raises typst.TypstError."""
    for kept in KEPT:
        try:
            return _compile(name, facts if kept is None else with_names_of_signs(facts, kept), form)
        except typst.TypstError:  # PDF/UA allows no character without a glyph
            continue
    return _compile(name, with_names_of_signs(facts), form)


def _compile(name: str, facts: dict[str, Any], form: str) -> bytes:
    files = {"main.typ": template_text(name), "facts.json": json.dumps(facts, ensure_ascii=False).encode()}
    more: dict[str, Any] = {"pdf_standards": ["ua-1"]} if form == "pdf" else {"ppi": 80.0}
    compiler: Any = typst.compile  # its type stubs lack the mapping of files by name
    made = compiler(files, format=form, font_paths=[_fonts()], ignore_system_fonts=True, **more)
    return bytes(made[0] if isinstance(made, list) else made)


def _fonts() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(PACKAGE)
    return Path(found.submodule_search_locations[0]) / "files"


@cache
def _known_signs() -> frozenset[int]:
    with TTFont(_fonts() / FACE) as font:
        return frozenset(font.getBestCmap())


def with_names_of_signs(facts: Any, kept: Container[int] = ()) -> Any:
    """The same facts, with every character that the font lacks (except those in ``kept``) replaced by its name."""
    if isinstance(facts, str):
        known = _known_signs()
        return "".join(
            letter if ord(letter) in known or letter == "\n" or ord(letter) in kept else _name(letter)
            for letter in facts
        )
    if isinstance(facts, dict):
        return {key: with_names_of_signs(value, kept) for key, value in facts.items()}
    if isinstance(facts, list):
        return [with_names_of_signs(value, kept) for value in facts]
    return facts


def _name(letter: str) -> str:
    """ "🚲" as "[bicycle]"; a joiner or modifier of the character before it becomes nothing."""
    if unicodedata.category(letter) in {"Cf", "Mn", "Me", "Sk"}:
        return ""
    return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"


def main() -> None:
    """Read the name of a template and its facts; write a line with the number of pages, then the PDF."""
    limit_this_process()
    asked = json.loads(sys.stdin.buffer.read())
    made = typeset(asked["template"], asked["facts"])
    pages = len(PdfReader(io.BytesIO(made)).pages)
    sys.stdout.buffer.write(f"{pages}\n".encode() + made)


if __name__ == "__main__":
    main()
