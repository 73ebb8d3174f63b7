"""Removal of people's names from the metadata of a PDF: a program that reads one and writes it without them.

The author is removed from both kinds of metadata, and so is the creating program, which often names a person's account.
Title, language, tags and pages stay. Annotations are visible and stay too. A signed PDF is never changed.
"""

import io
import re
import sys
from typing import Final

from pypdf import PdfWriter
from pypdf.generic import IndirectObject, NameObject, StreamObject

from petitions.papers.sandbox import limit_this_process

NAMING: Final = ("/Author", "/Creator", "/Producer", "/Company", "/Manager", "/LastModifiedBy", "/SourceModified")
NAMING_XMP: Final = re.compile(
    rb"<(dc:creator|dc:contributor|pdf:Author|xmp:CreatorTool|pdf:Producer|xmpMM:History|pdfx:[\w.]+)\b[^>]*?"
    rb"(?:/>|>.*?</\1\s*>)",
    re.DOTALL,
)
NAMING_XMP_INLINE: Final = re.compile(
    rb"""\s(?:dc:creator|dc:contributor|pdf:Author|xmp:CreatorTool|pdf:Producer|pdfx:[\w.]+)=(?:"[^"]*"|'[^']*')"""
)


def strip(content: bytes) -> bytes:
    """The same pages, tags, title and language, without names. Raises an error of pypdf for an unreadable file."""
    writer = PdfWriter(clone_from=io.BytesIO(content))
    kept = {str(key): str(value) for key, value in (writer.metadata or {}).items() if key not in NAMING}
    writer.metadata = kept
    packet = writer.root_object.get("/Metadata")
    stream = packet.get_object() if isinstance(packet, IndirectObject) else packet
    if isinstance(stream, StreamObject):
        text = NAMING_XMP_INLINE.sub(b"", NAMING_XMP.sub(b"", stream.get_data()))
        fresh = StreamObject()
        fresh[NameObject("/Type")] = NameObject("/Metadata")
        fresh[NameObject("/Subtype")] = NameObject("/XML")
        fresh.set_data(text)
        writer.root_object[NameObject("/Metadata")] = writer._add_object(fresh)
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def main() -> None:
    """Read a PDF, write it without names."""
    limit_this_process()
    sys.stdout.buffer.write(strip(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
