"""Requests about paper: the initiator's sheets as a PDF, and the two counts at the desk."""

import io

from pypdf import PdfReader

from tests.web import Web
from tests.world import NOW

SCAN = {"scan": ("scan.pdf", b"%PDF a scan", "application/pdf")}


async def test_sheets_are_numbered_tagged_and_hold_what_the_procedure_asks(web: Web) -> None:
    link = await web.world.opened(title="Geef elk dorp #nachtzorg $dichtbij$ @en \\snel")
    path = f"/nl/manage/{web.token('manage', link.petition_id, link.key)}"
    assert "Op papier verzamelen" in (await web.client.get(path)).text
    assert (await web.client.get(f"{path}/sheets")).status_code == 200
    answer = await web.client.post(f"{path}/sheets", data={"sheets": "2"})
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].endswith('sheets-1-2.pdf"')
    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == 2
    text = reader.pages[1].extract_text()
    assert f"Formulier 2 van petitie {link.petition_id}" in text
    assert "#nachtzorg $dichtbij$ @en \\snel" in text, "what was typed is no command"
    for asked in ("Naam", "Postcode", "Geboortedatum", "Handtekening"):
        assert asked in text
    root = reader.root_object
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("nl")
    for wrong in ("0", "51", "x", ""):
        assert (await web.client.post(f"{path}/sheets", data={"sheets": wrong})).status_code == 400


async def test_two_people_count_without_seeing_each_others_numbers(web: Web) -> None:
    link = await web.world.opened()
    path = f"/nl/manage/{web.token('manage', link.petition_id, link.key)}"
    await web.client.post(f"{path}/sheets", data={"sheets": "3"})
    await web.sign_in(web.world.moderator)
    assert "Petitions that collect on paper" in (await web.client.get("/staff/paper?lang=en")).text
    desk = f"/staff/paper/{link.petition_id}"
    fields = {"sheet_numbers": "1-2", "accepted": "17", "refused": "2"}
    no_scan = await web.client.post(f"{desk}?lang=en", data=fields)
    assert no_scan.status_code == 400
    assert "Choose the file with the scan" in no_scan.text
    wrong = await web.client.post(f"{desk}?lang=en", data=fields | {"accepted": "170"}, files=SCAN)
    assert wrong.status_code == 400
    assert "do not fit on these sheets" in wrong.text
    assert 'value="1-2"' in wrong.text
    for typed in ("1.5", "1,5", "1.50", "-1", "", "1.0000", "١٢"):
        no_number = await web.client.post(f"{desk}?lang=en", data=fields | {"accepted": typed}, files=SCAN)
        assert no_number.status_code == 400, typed
        assert "Fill in a whole number, for example 17." in no_number.text, typed
    nul = await web.client.post(desk, data=fields | {"note": "a\0b"}, files=SCAN)
    assert nul.status_code == 400, "a sign that the database refuses is refused at its field"
    assert (await web.client.post(desk, data=fields, files=SCAN)).headers["location"] == f"{desk}?done=counted"
    nul = await web.client.post(f"{desk}/1", data={"act": "return", "reason": "a\0b"})
    assert nul.status_code == 400
    for number in (2**31, 2**63 - 1):
        none = await web.client.post(f"{desk}/{number}", data={"act": "return", "reason": "Niet deze."})
        assert none.status_code == 409, "a number larger than any count has"
    own = await web.client.post(f"{desk}/1", data={"act": "confirm", "accepted": "17", "refused": "2"})
    assert own.status_code == 409
    await web.sign_in(await web.world.colleague())
    page = (await web.client.get(f"{desk}?lang=en")).text
    assert "Hidden until you have counted." in page
    assert "17 accepted" not in page
    other = await web.client.post(f"{desk}/1?lang=en", data={"act": "confirm", "accepted": "16", "refused": "2"})
    assert other.status_code == 400
    assert "Your colleague found other numbers." in other.text
    right = await web.client.post(f"{desk}/1", data={"act": "confirm", "accepted": "17", "refused": "2"})
    assert right.headers["location"] == f"{desk}?done=confirmed"
    page = (await web.client.get(f"/en/petitions/{link.petition_id}")).text
    assert "<b>17</b> signatures on paper" in page
    counter = (await web.client.get(f"/embed/petitions/{link.petition_id}.json")).json()
    assert (counter["count"], counter["paper"]) == (await web.world.count(link.petition_id), 17)


async def test_no_paper_where_the_procedure_has_none(web: Web) -> None:
    link = await web.world.opened("uk-parliament", now=NOW)
    path = f"/en/manage/{web.token('manage', link.petition_id, link.key)}"
    assert (await web.client.get(f"{path}/sheets")).status_code == 404
    assert (await web.client.post(f"{path}/sheets", data={"sheets": "1"})).status_code in {404, 409}
