"""Signature sheets as a PDF to print: A4, a page for each numbered sheet, with the fields that the procedure asks.

Made by typst as PDF/UA-1 (ISO 14289-1), so that a screen reader can read it. What people typed goes in as data and can
never become a command of the template.
"""

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import segno
import typst

TEMPLATE: Final = Path(__file__).resolve().parent.parent.parent / "templates" / "pdf" / "sheet.typ"
NOT_ON_PAPER: Final = frozenset({"email", "declaration", "phone"})
"""Fields that a sheet does not ask: there is no mail to confirm, and the signature itself declares."""
WIDTHS: Final[Mapping[str, float]] = {"name": 2.2, "street": 2.2, "postcode": 1.0, "place": 1.5, "birth_date": 1.2}
ROOM_FOR_LINES: Final = 104  # millimetres


def make_sheets(facts: Mapping[str, Any], *, address: str, lines: int) -> bytes:
    """The PDF. ``facts``: numbers, title, request, body, who, site, language, columns (words, width) and words.

    ``address`` of the petition's page goes into the QR code. The same facts make the same bytes.
    """
    code = segno.make(address, error="m").svg_inline(scale=4, border=1)
    told = {**facts, "qr": code, "lines": lines, "row": min(12, ROOM_FOR_LINES // lines)}
    made = typst.compile(  # type: ignore[misc]
        TEMPLATE.read_bytes(),
        font_paths=[str(_fonts())],
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)  # noqa: S101 - one document, so one file
    return made


def _fonts() -> Path:
    found = importlib.util.find_spec("font_source_sans_pro")
    return Path((found.origin if found else None) or __file__).parent / "files"
