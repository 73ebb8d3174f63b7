"""Inspecting a PDF: its findings, the refused ones, and removing names."""

import io

import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject

from petitions.documents.acts import inspect as inspect_apart
from petitions.papers import sandbox as apart
from petitions.papers.inspect import inspect
from petitions.papers.sandbox import SandboxError, run_in_sandbox
from petitions.papers.strip import strip
from tests.papers import samples


def test_a_good_one_is_described() -> None:
    found = inspect(samples.tagged())
    assert (found.problem, found.pages, found.title, found.language) == ("", 1, "Verslag", "nl")
    assert found.tagged
    assert found.has_text
    assert not found.signed
    assert found.names == ("J. Jansen (griffie)",)


def test_a_scan_is_taken_and_said_to_be_one() -> None:
    found = inspect(samples.scan())
    assert (found.problem, found.tagged, found.has_text, found.title, found.language) == ("", False, False, "", "")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "not_pdf"),
        (b"MZ\x90\x00 %PDF-1.7", "not_pdf"),
        (b"<html>%PDF-1.7", "not_pdf"),
        (b"%PDF-1.7\nnothing", "broken"),
        (samples.tagged()[:2000], "broken"),
        (samples.encrypted(), "encrypted"),
        (samples.written(samples.blank(501)), "too_many_pages"),
        (samples.scripted(), "active"),
        (samples.launching(), "active"),
        (samples.hidden_action(), "active"),
        (samples.sending(), "active"),
        (samples.going_on(), "active"),
        (samples.attaching(), "attachments"),
    ],
    ids=[
        "empty",
        "program",
        "page",
        "nothing",
        "half",
        "encrypted",
        "long",
        "script",
        "launch",
        "hidden",
        "form",
        "going on",
        "file",
    ],
)
def test_what_is_not_taken(content: bytes, problem: str) -> None:
    assert inspect(content).problem == problem


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("https://www.example.org/a?b=c#d", ""),
        ("mailto:griffie@example.org", ""),
        ("hoofdstuk-2.html", ""),
        ("file:///C:/Stukken/brief.docx", ""),
        ("javascript:app.alert(1)", "active"),
        (" Java\tScript:app.alert(1)", "active"),
        ("data:text/html,<script>", "active"),
        ("file://server.example/share/x", "active"),
        ("\\\\server.example\\share", "active"),
    ],
)
def test_links_that_run_something_or_reach_for_another_computer(address: str, problem: str) -> None:
    assert inspect(samples.linking(address)).problem == problem


def test_opening_at_a_page_is_harmless() -> None:
    assert inspect(samples.opening_at_a_page()).problem == ""


def test_who_wrote_remarks_is_found() -> None:
    found = inspect(samples.with_remark())
    assert (found.remarks, found.names) == (1, ("J. Jansen (griffie)", "M. Visser"))


def test_a_signature_is_seen() -> None:
    assert inspect(samples.signed()).signed


def test_names_are_taken_out_and_all_else_stays() -> None:
    bare = strip(samples.tagged())
    assert b"Jansen" not in bare
    found = inspect(bare)
    assert (found.problem, found.names, found.program) == ("", (), "")
    assert (found.title, found.language, found.tagged, found.pages) == ("Verslag", "nl", True, 1)
    reader = PdfReader(io.BytesIO(bare))
    assert "kort" in reader.pages[0].extract_text()
    metadata = reader.xmp_metadata
    assert metadata is not None
    assert not metadata.dc_creator
    assert metadata.dc_title == {"x-default": "Verslag"}
    packet = reader.root_object["/Metadata"].get_object()
    assert isinstance(packet, StreamObject)
    assert b"pdfuaid" in packet.get_data()


async def test_looked_at_in_a_process_of_its_own() -> None:
    assert (await inspect_apart(samples.tagged())).title == "Verslag"
    assert (await inspect_apart(samples.bomb())).problem in {"", "broken", "too_long"}


async def test_a_process_that_never_ends_is_ended() -> None:
    with pytest.raises(SandboxError, match="too_long"):
        await run_in_sandbox("tests.papers.endless", b"", seconds=0.5)


async def test_a_process_has_little_memory_and_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "very secret")
    assert await run_in_sandbox("tests.papers.endless", b"", "environment") == b""
    with pytest.raises(SandboxError, match="broken"):
        await run_in_sandbox("tests.papers.endless", b"", "memory")
    assert apart.MEMORY < 2**31
