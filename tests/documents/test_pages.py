"""Requests for documents at the desk, in the dossier, and for their files."""

import re

import httpx
import pytest

from petitions.lifecycle.acts.handling import SeenReferral
from petitions.staff.acts import sessions as staff
from tests.form_reading import read_form
from tests.papers import samples
from tests.web import Web
from tests.world import NOW

FORM = {
    "title": "Verslag van de hoorzitting",
    "kind": "report",
    "dated_on": "27-2-2026",
    "language": "nl",
    "audience": "public",
    "summary": "Wie er sprak, en wat zij vroegen.",
    "url": "",
}


def desk(seen: SeenReferral) -> str:
    return f"/committee/referrals/{seen.petition_id}/{seen.referral_id}/documents"


async def referred(web: Web) -> SeenReferral:
    seen = await web.world.referred()
    await web.sign_in(web.world.clerk)
    return seen


async def send(web: Web, seen: SeenReferral, content: bytes | None, **values: str) -> httpx.Response:
    files = {"file": ("C:\\verslag.pdf", content, "application/pdf")} if content is not None else {"file": ("", b"")}
    return await web.client.post(desk(seen), data=FORM | values, files=files)


async def published(web: Web, content: bytes | None = None, **values: str) -> tuple[SeenReferral, str, dict[str, str]]:
    """A published document: its referral, the path of the page for the public, and the form of its page at the desk."""
    seen = await referred(web)
    answer = await send(web, seen, content or samples.tagged(), **values)
    assert answer.status_code == 303, answer.text
    place = answer.headers["location"]
    page = (await web.client.get(place)).text
    answer = await web.client.post(place, data=read_form(page) | {"act": "publish", "names": "keep"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{place}?done=published"), answer.text
    number = place.rsplit("/", 1)[1]
    return seen, f"/nl/petitions/{seen.petition_id}/documents/{number}", read_form((await web.client.get(place)).text)


async def test_from_the_form_to_the_dossier(web: Web) -> None:
    seen = await referred(web)
    empty = (await web.client.get(f"{desk(seen)}?lang=en")).text
    assert "There is no document yet" in empty
    assert 'enctype="multipart/form-data"' in empty
    assert read_form(empty)["dated_on"] == "2-3-2026"
    answer = await send(web, seen, samples.tagged())
    place = answer.headers["location"]
    look = (await web.client.get(f"{place}?lang=en")).text
    assert "J. Jansen (griffie)" in look
    assert "Not published yet" in look
    assert (await web.client.get(f"{place}/file.pdf")).content == samples.tagged()
    public = f"/nl/petitions/{seen.petition_id}/documents/{place.rsplit('/', 1)[1]}"
    assert (await web.client.get(public)).status_code == 404
    assert 'id="documents"' not in (await web.client.get(f"/nl/petitions/{seen.petition_id}/dossier")).text
    form = read_form(look)
    undecided = await web.client.post(f"{place}?lang=en", data=form | {"act": "publish"})
    assert (undecided.status_code, "Choose what happens with the names." in undecided.text) == (400, True)
    answer = await web.client.post(place, data=form | {"act": "publish", "names": "remove"})
    assert answer.headers["location"] == f"{place}?done=published"
    web.client.cookies.clear()
    dossier = (await web.client.get(f"/en/petitions/{seen.petition_id}/dossier")).text
    part = dossier[dossier.index('id="documents"') :]
    assert "Verslag van de hoorzitting" in part
    assert "PDF, 1 page, " in part
    assert "New document: Verslag van de hoorzitting" in dossier
    page = (await web.client.get(public)).text
    assert "Wie er sprak" in page
    file = await web.client.get(re.search(r'/documents/[^"]+\.pdf', page)[0])  # type: ignore[index]
    assert file.status_code == 200
    assert b"Jansen" not in file.content
    data = (await web.client.get(f"/api/v1/petitions/{seen.petition_id}/dossier")).json()["documents"]
    assert [(one["title"], one["kind"], one["date"], one["pages"]) for one in data] == [
        ("Verslag van de hoorzitting", "report", "2026-02-27", 1)
    ]
    assert (await web.client.get(data[0]["url"])).content == file.content
    feed = (await web.client.get(f"/en/petitions/{seen.petition_id}.atom")).text
    assert "New document: Verslag van de hoorzitting" in feed


async def test_a_file_is_given_out_safely(web: Web) -> None:
    _, public, _ = await published(web, title="<script>alert(1)</script> Ünï/..\\")
    web.client.cookies.clear()
    page = (await web.client.get(public)).text
    assert "<script>alert" not in page
    address = re.search(r'/documents/[^"]+\.pdf', page)[0]  # type: ignore[index]
    answer = await web.client.get(address)
    headers = answer.headers
    number = public.rsplit("/", 1)[1]
    name = f"petition-{public.split('/')[3]}-document-{number}-script-alert-1-script-uni.pdf"
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"] == f'attachment; filename="{name}"'
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
    assert "set-cookie" not in headers
    part = await web.client.get(address, headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (
        206, b"%PDF-", f"bytes 0-4/{len(answer.content)}",
    )  # fmt: skip
    assert (await web.client.get(address, headers={"Range": "bytes=99999999-"})).status_code == 416
    again = await web.client.get(address, headers={"If-None-Match": headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = await web.client.head(address)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(answer.content)))
    other = address.replace(address.rsplit("/", 1)[1], "0" * 16 + ".pdf")
    assert (await web.client.get(other)).status_code == 404


async def test_a_withdrawn_document_says_so_and_is_not_given_out(web: Web) -> None:
    seen, public, form = await published(web)
    place = f"{desk(seen)}/{public.rsplit('/', 1)[1]}"
    address = re.search(r'/documents/[^"]+\.pdf', (await web.client.get(public)).text)[0]  # type: ignore[index]
    refused = await web.client.post(place, data=form | {"act": "withdraw", "reason": " "})
    assert refused.status_code == 400
    assert 'href="#reason"' in refused.text
    await web.client.post(place, data=form | {"act": "withdraw", "reason": "Er stond een fout in."})
    again = await web.client.post(place, data=form | {"act": "withdraw", "reason": "Nog eens"})
    assert again.status_code == 409
    web.client.cookies.clear()
    assert (await web.client.get(address)).status_code == 410
    data = (await web.client.get(f"/api/v1/petitions/{seen.petition_id}/dossier")).json()["documents"]
    assert (data[0]["withdrawnReason"], data[0]["url"], data[0]["sha256"]) == ("Er stond een fout in.", None, None)
    page = (await web.client.get(public)).text
    assert "Er stond een fout in." in page
    assert address not in page
    assert "Ingetrokken" in (await web.client.get(f"/nl/petitions/{seen.petition_id}/dossier")).text


async def test_committee_documents_stay_behind_the_desk(web: Web) -> None:
    seen, public, _ = await published(web, audience="committee")
    number = public.rsplit("/", 1)[1]
    inside = await web.client.get(f"{desk(seen)}/{number}/file.pdf")
    assert inside.status_code == 200
    assert inside.headers["cache-control"] == "private, no-store"
    mark = inside.headers["etag"].strip('"')[:16]
    other = await web.world.clerk_of("digitale-zaken")
    await web.sign_in(other.staff_id)
    assert (await web.client.get(f"{desk(seen)}/{number}/file.pdf")).status_code == 403
    assert (await web.client.get(f"{desk(seen)}/{number}")).status_code == 403
    web.client.cookies.clear()
    assert (await web.client.get(f"/documents/{seen.petition_id}/{number}/{mark}.pdf")).status_code == 404
    assert (await web.client.get(public)).status_code == 404
    assert (await web.client.get(f"{desk(seen)}/{number}/file.pdf")).headers["location"] == "/staff/sign-in"
    assert "Verslag" not in (await web.client.get(f"/nl/petitions/{seen.petition_id}/dossier")).text


@pytest.mark.parametrize(
    ("content", "values", "field", "said"),
    [
        (None, {}, "file", "Choose a file, or give a link."),
        (samples.tagged(), {"url": "https://example.org/x.pdf"}, "file", "not both"),
        (None, {"url": "javascript:alert(1)"}, "url", "whole link"),
        (samples.tagged(), {"title": ""}, "title", "Fill this in."),
        (samples.tagged(), {"dated_on": "morgen"}, "dated_on", "Fill in a date"),
        (samples.tagged(), {"kind": "virus"}, "kind", "Choose one of these."),
        (samples.tagged(), {"audience": ""}, "audience", "Choose one of these."),
        (samples.tagged(), {"summary": ""}, "summary", "Fill this in."),
        (b"MZ", {}, "file", "This is not a PDF."),
        (samples.scripted(), {}, "file", "more than show pages"),
        (b"%PDF-" + b"x" * (10 * 1024 * 1024), {}, "file", "larger than 10 MB"),
    ],
    ids=["nothing", "both", "bad link", "title", "date", "kind", "audience", "summary", "program", "script", "large"],
)
async def test_a_mistake_is_told_at_its_field_and_nothing_is_kept(
    web: Web, content: bytes | None, values: dict[str, str], field: str, said: str
) -> None:
    seen = await referred(web)
    files = {"file": ("verslag.pdf", content, "application/pdf")} if content is not None else {"file": ("", b"")}
    typed = FORM | {"summary": "Wat ik typte."} | values
    answer = await web.client.post(f"{desk(seen)}?lang=en", data=typed, files=files)
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.text
    assert said in answer.text
    kept = read_form(answer.text)
    others = typed.keys() - {"audience", field}
    assert {name: kept[name] for name in others} == {name: typed[name] for name in others}
    async with web.world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from document") == 0


async def test_too_large_for_the_address_is_a_page(web: Web) -> None:
    seen = await referred(web)
    answer = await send(web, seen, b"%PDF-" + b"x" * (11 * 1024 * 1024))
    assert answer.status_code == 413
    assert 'href="/committee"' in answer.text


async def test_a_link_is_a_document_too(web: Web) -> None:
    seen = await referred(web)
    answer = await send(web, seen, None, url="https://www.example.org/brief.pdf")
    place = answer.headers["location"]
    page = (await web.client.get(place)).text
    await web.client.post(place, data=read_form(page) | {"act": "publish"})
    public = (await web.client.get(f"/en/petitions/{seen.petition_id}/documents/{place.rsplit('/', 1)[1]}")).text
    assert 'href="https://www.example.org/brief.pdf"' in public
    assert (await web.client.get(f"{place}/file.pdf")).status_code == 404


async def test_thrown_away_it_is_gone(web: Web) -> None:
    seen = await referred(web)
    place = (await send(web, seen, samples.tagged())).headers["location"]
    form = read_form((await web.client.get(place)).text)
    answer = await web.client.post(place, data=form | {"act": "discard"})
    assert answer.headers["location"] == f"{desk(seen)}?done=discarded"
    assert (await web.client.get(place)).status_code == 404
    assert (await web.client.post(place, data=form | {"act": "nonsense"})).status_code == 404


async def test_of_a_petition_that_was_taken_down_nothing_is_given_out(web: Web) -> None:
    from petitions.lifecycle.acts import moderation

    seen, public, _ = await published(web)
    address = re.search(r'/documents/[^"]+\.pdf', (await web.client.get(public)).text)[0]  # type: ignore[index]
    await moderation.remove(
        web.world.service, seen.petition_id, web.world.moderator, ground="personal_data", reason="Namen.", now=NOW
    )
    assert (await web.client.get(address)).status_code == 404
    assert (await web.client.get(public)).status_code == 404


async def test_a_member_reads_what_was_published_and_changes_nothing(web: Web) -> None:
    seen, public, form = await published(web, audience="committee")
    prepared = (await send(web, seen, samples.scan(), title="Nog niet klaar")).headers["location"]
    place = f"{desk(seen)}/{public.rsplit('/', 1)[1]}"
    member = await staff.add(
        web.world.service, "lid@kantoor.example", "Lid", sits_on=(web.world.committee,), now=web.moment
    )
    await web.sign_in(member)
    index = (await web.client.get(desk(seen))).text
    assert "Verslag van de hoorzitting" in index
    assert "Nog niet klaar" not in index
    assert 'type="file"' not in index
    page = await web.client.get(place)
    assert page.status_code == 200
    assert 'name="act"' not in page.text
    assert (await web.client.get(f"{place}/file.pdf")).status_code == 200
    assert (await web.client.get(prepared)).status_code == 404
    assert (await web.client.get(f"{prepared}/file.pdf")).status_code == 404
    answer = await web.client.post(place, data=form | {"act": "withdraw", "reason": "x"})
    assert answer.status_code == 403
    assert (await send(web, seen, samples.tagged())).status_code == 403
