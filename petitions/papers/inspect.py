"""Inspection of a PDF: a program that reads one and writes its findings as JSON (see :mod:`petitions.papers.sandbox`).

A PDF that only displays pages is accepted. One that is encrypted, has too many pages, contains other files, or is
active is refused: scripts, launch actions, form submission, sound and film, automatic actions. Every object is checked,
also those that no page refers to, and the raw bytes as well, because programs repair broken files differently.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import PdfReadError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from petitions.papers.findings import Findings, PdfProblem
from petitions.papers.sandbox import limit_this_process

MOST_PAGES: Final = 500
MOST_OBJECTS: Final = 300_000
LONGEST: Final = 200
ACTIONS: Final = frozenset(
    {
        "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
        "/RichMediaExecute", "/GoTo3DView",
    }
)  # fmt: skip
"""Actions that do more than go to a page or follow a visible link (ISO 32000-2, 12.6.4)."""
ACTIVE_KEYS: Final = frozenset({"/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent"})
ACTIVE_ANNOTATIONS: Final = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
FILE_KEYS: Final = frozenset({"/EmbeddedFiles", "/EF"})
RUNNING: Final = ("javascript:", "vbscript:", "data:", "//")
"""Prefixes of links that do not lead to a web page: programs, and (//) files on another computer."""
RAW_ACTIVE: Final = (b"/JavaScript", b"/Launch", b"/SubmitForm", b"/ImportData", b"/RichMedia")
RAW_FILES: Final = (b"/EmbeddedFile",)
REMARKS: Final = frozenset({"/Text", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Ink", "/Stamp", "/Caret"})


def inspect(content: bytes) -> Findings:
    """The findings about a PDF. Never raises: an unreadable file is a finding."""
    if not content.startswith(b"%PDF-"):
        return Findings("not_pdf")
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            return Findings("encrypted")
        pages = len(reader.pages)
        if pages > MOST_PAGES:
            return Findings("too_many_pages", pages)
        dictionaries = list(_dictionaries(reader))
        problem = _problem(reader, dictionaries, content) if pages else "broken"
        return Findings(problem, pages) if problem else _describe(reader, dictionaries, pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, MemoryError):
        return Findings("broken")


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, including those of streams."""
    numbers = {(number, generation) for generation, places in reader.xref.items() for number in places if number}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise PdfReadError("too many objects")
    waiting: list[Any] = [reader.trailer]
    for number, generation in sorted(numbers):
        waiting.append(reader.get_object(IndirectObject(number, generation, reader)))
        while waiting:
            found = waiting.pop()
            if isinstance(found, DictionaryObject):
                yield found
                waiting += [value for value in found.values() if not isinstance(value, IndirectObject)]
            elif isinstance(found, ArrayObject):
                waiting += [value for value in found if not isinstance(value, IndirectObject)]


def _problem(reader: PdfReader, dictionaries: list[DictionaryObject], content: bytes) -> PdfProblem:
    keys = {key for one in dictionaries for key in one}
    subtypes = {str(one.get("/Subtype", "")) for one in dictionaries}
    if keys & FILE_KEYS or "/FileAttachment" in subtypes or any(name in content for name in RAW_FILES):
        return "attachments"
    actions = {str(one.get("/S", "")) for one in dictionaries}
    opening = reader.root_object.get("/OpenAction")
    acts = isinstance(opening, IndirectObject | DictionaryObject) and _acts(opening.get_object())
    links = any(_is_dangerous(one["/URI"]) for one in dictionaries if "/URI" in one)
    if keys & ACTIVE_KEYS or actions & ACTIONS or subtypes & ACTIVE_ANNOTATIONS or acts or links:
        return "active"
    return "active" if any(name in content for name in RAW_ACTIVE) else ""


def _acts(opening: Any) -> bool:
    """Whether the open action, or one chained to it, does more than go to a page."""
    return isinstance(opening, DictionaryObject) and (opening.get("/S") != "/GoTo" or "/Next" in opening)


def _is_dangerous(link: Any) -> bool:
    """Whether a link runs something, or opens a file on another computer, which would tell that computer who reads."""
    text = link.get_object() if isinstance(link, IndirectObject) else link
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    plain = "".join(str(text).split()).lower().replace("\\", "/")
    return plain.startswith(RUNNING) or (plain.startswith("file:") and not plain.startswith("file:///"))


def _describe(reader: PdfReader, dictionaries: list[DictionaryObject], pages: int) -> Findings:
    root = reader.root_object
    marked = root.get("/MarkInfo", {})
    metadata, extra = reader.metadata, reader.xmp_metadata
    titles = [metadata.title if metadata else None, *((extra.dc_title or {}).values() if extra else ())]
    authors = [metadata.author if metadata else None, *((extra.dc_creator or []) if extra else ())]
    remarks = [one for one in dictionaries if one.get("/Subtype") in REMARKS and "/Rect" in one]
    names = [_line(name) for name in [*authors, *(one.get("/T") for one in remarks)]]
    return Findings(
        pages=pages,
        title=next((line for line in map(_line, titles) if line), ""),
        language=_line(root.get("/Lang")),
        tagged=bool(marked.get_object().get("/Marked")) and "/StructTreeRoot" in root if marked else False,
        has_text=any(one.get("/Type") == "/Font" for one in dictionaries),
        signed=any("/ByteRange" in one for one in dictionaries),
        names=tuple(dict.fromkeys(name for name in names if name))[:20],
        remarks=len(remarks),
        program=_line(metadata.creator if metadata else None),
    )


def _line(value: Any) -> str:
    text = str(value.get_object() if isinstance(value, IndirectObject) else value or "")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST]


def main() -> None:
    """Read a PDF, write the findings."""
    limit_this_process()
    sys.stdout.write(json.dumps(inspect(sys.stdin.buffer.read()).facts()))


if __name__ == "__main__":
    main()
