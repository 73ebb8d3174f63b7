"""Signature sheets as a PDF: A4, a page for each numbered sheet, with the fields that the procedure asks.

Typeset in a sandbox, like every print (:mod:`petitions.papers.typeset`): tagged, with typed text as data only.
"""

import io
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import segno

from petitions.papers.sandbox import run_in_sandbox

TYPESET: Final = "petitions.papers.typeset"
NOT_ON_PAPER: Final = frozenset({"email", "declaration", "phone"})
"""Fields that a sheet leaves out: there is no mail to confirm, and the signature itself is the declaration."""
WIDTHS: Final[Mapping[str, float]] = {"name": 2.2, "street": 2.2, "postcode": 1.0, "place": 1.5, "birth_date": 1.2}
ROOM_FOR_LINES: Final = 104  # millimetres
BLACK_AND_WHITE: Final = {
    "ink": "#000000",
    "muted": "#444444",
    "accent": "#000000",
    "band": "#f0f0f0",
    "rule": "#5a5a5a",
    "paper": "#ffffff",
}


async def make_sheets(facts: Mapping[str, Any], *, address: str, lines: int, day: date) -> bytes:
    """The PDF. ``facts``: numbers, title, request, body, who, author, lang, columns (words, width) and words.

    ``address`` of the petition's page goes into the QR code. Raises SandboxError when it cannot be typeset.
    """
    told = {
        **facts,
        "document_title": f"{facts['words']['title']}: {facts['title']}",
        "made": {"year": day.year, "month": day.month, "day": day.day},
        "colours": BLACK_AND_WHITE,
        "qr": {"svg": _code(address), "alt": facts["words"]["qr"]},
        "lines": lines,
        "row": min(12, ROOM_FOR_LINES // lines),
    }
    asked = {"template": "signature_sheet", "facts": told}
    written = await run_in_sandbox(TYPESET, json.dumps(asked, ensure_ascii=False).encode())
    return written.partition(b"\n")[2]


def _code(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=2, light=BLACK_AND_WHITE["paper"], dark=BLACK_AND_WHITE["ink"]
    )
    return drawn.getvalue().decode()
