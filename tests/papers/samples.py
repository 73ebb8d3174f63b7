"""Made PDFs: good ones as word processors and scanners make them, and ones that must not be taken."""

import io
from functools import cache

import typst
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)


@cache
def tagged(author: str = "J. Jansen (griffie)") -> bytes:
    """A good one: tagged, with title and language, and the name of its author."""
    text = (
        f'#set document(title: "Verslag", author: "{author}")\n#set text(lang: "nl")\n= Verslag\nDe zitting was kort.'
    )
    return bytes(typst.compile(text.encode(), pdf_standards=["ua-1"]))


def blank(pages: int = 1) -> PdfWriter:
    """An untagged one without text, to be changed."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    return writer


def written(writer: PdfWriter) -> bytes:
    """Its bytes."""
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def scan() -> bytes:
    """A page without text."""
    return written(blank())


def _dictionary(**entries: object) -> DictionaryObject:
    made = DictionaryObject()
    for key, value in entries.items():
        is_name = isinstance(value, str) and not isinstance(value, TextStringObject)
        made[NameObject(f"/{key}")] = NameObject(value) if is_name else value
    return made


def encrypted() -> bytes:
    """One that wants a password."""
    writer = blank()
    writer.encrypt("geheim", algorithm="RC4-128")
    return written(writer)


def scripted() -> bytes:
    """One with a script that runs when it is opened."""
    writer = blank()
    script = _dictionary(S="/JavaScript", JS=TextStringObject("app.alert('hallo')"))
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(script)
    return written(writer)


def launching() -> bytes:
    """One that starts a program when it is opened."""
    writer = blank()
    writer.root_object[NameObject("/OpenAction")] = _dictionary(S="/Launch", F=TextStringObject("calc.exe"))
    return written(writer)


def hidden_action() -> bytes:
    """A script that only an object knows which no page refers to, its name written with an escape."""
    writer = blank()
    writer._add_object(_dictionary(S="/JavaScript", JS=TextStringObject("1")))
    return written(writer).replace(b"/JavaScript", b"/Java#53cript")


def sending() -> bytes:
    """A link that sends a form off."""
    writer = blank()
    link = _dictionary(
        Type="/Annot", Subtype="/Link", Rect=ArrayObject([FloatObject(0)] * 4), A=_dictionary(S="/SubmitForm")
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])
    return written(writer)


def linking(address: str) -> bytes:
    """A link to this address on its page."""
    writer = blank()
    link = _dictionary(
        Type="/Annot",
        Subtype="/Link",
        Rect=ArrayObject([FloatObject(0)] * 4),
        A=_dictionary(S="/URI", URI=TextStringObject(address)),
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])
    return written(writer)


def going_on() -> bytes:
    """One that turns to a page when it is opened, and then goes on to an address."""
    writer = blank()
    then = _dictionary(S="/URI", URI=TextStringObject("https://www.example.org/"))
    first = _dictionary(S="/GoTo", D=ArrayObject([writer.pages[0].indirect_reference, NameObject("/Fit")]), Next=then)
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(first)
    return written(writer)


def attaching() -> bytes:
    """One that carries another file."""
    writer = blank()
    writer.add_attachment("stil.exe", b"MZ")
    return written(writer)


def opening_at_a_page() -> bytes:
    """One that opens at its first page, as some programs write it: harmless."""
    writer = blank()
    writer.root_object[NameObject("/OpenAction")] = ArrayObject(
        [writer.pages[0].indirect_reference, NameObject("/Fit")]
    )
    return written(writer)


def with_remark(author: str = "M. Visser") -> bytes:
    """One with a remark in the margin and its writer."""
    writer = PdfWriter(clone_from=io.BytesIO(tagged()))
    remark = FreeText(text="Klopt dit?", rect=(50, 550, 200, 650))
    remark[NameObject("/T")] = TextStringObject(author)
    writer.add_annotation(0, remark)
    return written(writer)


def signed() -> bytes:
    """One that looks signed: it holds a signature field with the range of bytes."""
    writer = PdfWriter(clone_from=io.BytesIO(tagged()))
    writer._add_object(_dictionary(Type="/Sig", ByteRange=ArrayObject([FloatObject(0)] * 4)))
    return written(writer)


def bomb() -> bytes:
    """An object stream that grows to gigabytes."""
    import zlib

    writer = blank()
    stream = DecodedStreamObject()
    writer._add_object(stream)
    small = zlib.compress(b" " * 200_000_000, 9)
    return written(writer).replace(b"%%EOF", b"9 0 obj <</Type/ObjStm/Filter/FlateDecode>> stream\n" + small + b"%%EOF")


def pages_of(content: bytes) -> int:
    """How many pages it has."""
    return len(PdfReader(io.BytesIO(content)).pages)
