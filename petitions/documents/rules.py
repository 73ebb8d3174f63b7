"""Documents of a dossier: their kinds, and the file name of a download."""

import re
import unicodedata
from typing import Final, Literal, get_args

DocumentKind = Literal["report", "letter", "response", "agenda", "transcript", "other"]
KINDS: Final[tuple[DocumentKind, ...]] = get_args(DocumentKind)
LONGEST_TITLE: Final = 200
LONGEST_SUMMARY: Final = 2000
LONGEST_REASON: Final = 1000
LONGEST_SLUG: Final = 40


def file_name(petition_id: int, number: int, title: str) -> str:
    """The file name of a download: only digits and plain letters, whatever the title holds."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-")
    return "-".join(part for part in ("petition", str(petition_id), "document", str(number), slug) if part) + ".pdf"
