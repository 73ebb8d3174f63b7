"""The committee's desk: who may read and record, the list and its filters, assignments, private notes."""

import re
from datetime import timedelta

import pytest

from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.rules.steps import StepInput
from petitions.staff.acts import sessions as staff
from tests.web import Web
from tests.world import NOW

COMMITTEE = "verzoekschriften-en-burgerinitiatieven"
OTHER = "digitale-zaken"


def address(seen: SeenReferral) -> str:
    return f"/committee/referrals/{seen.petition_id}/{seen.referral_id}"


async def member_of(web: Web, *committees: str, name: str = "Sam de Lange", as_clerk: tuple[str, ...] = ()) -> int:
    return await staff.add(
        web.world.service, web.world.address(), name, committees=as_clerk, sits_on=committees, now=NOW
    )


async def clerk_of(web: Web, name: str, *committees: str) -> int:
    return await staff.add(web.world.service, web.world.address(), name, committees=committees, now=NOW)


async def test_member_reads_everything_and_records_nothing(web: Web) -> None:
    seen = await web.world.referred()
    await web.sign_in(await member_of(web, COMMITTEE))
    assert "Geef elk dorp weer nachtzorg" in (await web.client.get("/committee?lang=en")).text
    page = (await web.client.get(f"{address(seen)}?lang=en&step=received&extend")).text
    assert "You are a member" in page
    assert "huisartsenpost" in page
    assert "What the procedure asks" in page
    assert "<textarea" not in page
    assert f'action="{address(seen)}/steps' not in page
    assert f'action="{address(seen)}/extension' not in page
    for path in ("steps", "extension", "assignment"):
        answer = await web.client.post(f"{address(seen)}/{path}", data={"step": "received", "version": "1"})
        assert answer.status_code == 403, path
    async with web.world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from referral_step") == 0


async def test_member_of_one_committee_who_is_clerk_of_another_records_only_there(web: Web) -> None:
    seen = await web.world.referred()
    both = await member_of(web, COMMITTEE, as_clerk=(OTHER,))
    await web.sign_in(both)
    assert (await web.client.get(address(seen))).status_code == 200
    answer = await web.client.post(
        f"{address(seen)}/steps", data={"step": "received", "version": "1", "happened_on": "2-3-2026"}
    )
    assert answer.status_code == 403
    given = await web.client.post(f"{address(seen)}/assignment", data={"to": str(both), "seen": ""})
    assert given.status_code == 403


async def test_member_of_another_committee_stays_out(web: Web) -> None:
    seen = await web.world.referred()
    await web.sign_in(await member_of(web, OTHER))
    assert "nachtzorg" not in (await web.client.get("/committee")).text
    for path in ("", "/notes"):
        assert (await web.client.get(address(seen) + path)).status_code == 403
    assert (await web.client.post(f"{address(seen)}/notes", data={"note": "Ik kijk mee."})).status_code == 403


async def test_member_is_led_to_the_desk_of_the_committee(web: Web) -> None:
    from petitions.staff.pages.sign_in import _desk_of

    found = dict(await staff.people(web.world.service))
    await member_of(web, COMMITTEE)
    people = {one.name: one for _, one in await staff.people(web.world.service)}
    assert _desk_of(people["Sam de Lange"]) == "/committee"
    assert _desk_of(found["noor@kantoor.example"]) == "/staff"
    assert _desk_of(found["griffier@kantoor.example"]) == "/committee"


async def test_seldom_rooms_lie_behind_one_word_but_never_the_one_where_the_reader_is(web: Web) -> None:
    seen = await web.world.referred()
    await web.sign_in(await member_of(web, COMMITTEE))
    for room in ("", "/notes"):
        page = (await web.client.get(f"{address(seen)}{room}?lang=en")).text
        assert page.index("<summary>More</summary>") < page.index(f'href="{address(seen)}/print"')
        assert page.index(f'href="{address(seen)}/notes"') < page.index("<summary>More</summary>")
    page = (await web.client.get(f"{address(seen)}/print?lang=en")).text
    assert page.index(f'href="{address(seen)}/print" aria-current="page"') < page.index("<summary>More</summary>")
    assert page.count(f'href="{address(seen)}/print"') == 1


async def test_rapporteur_is_chosen_among_the_members(web: Web) -> None:
    seen, slug = await web.world.referred(), COMMITTEE
    one = await member_of(web, slug, name="Lore Busch")
    stranger = await member_of(web, OTHER, name="Ida Vreemd")
    clerk = Clerk(await clerk_of(web, "Kai Sommer", slug), (slug,))
    seen = await web.world.step(clerk, seen, "received", StepInput(happened_on=NOW.date()), now=NOW)
    await web.sign_in(clerk.staff_id)
    form = (await web.client.get(f"{address(seen)}?step=rapporteur&lang=en")).text
    assert f'<option value="{one}">Lore Busch</option>' in form
    assert "Ida Vreemd" not in form
    data = {"step": "rapporteur", "version": str(seen.version), "happened_on": "2-3-2026"}
    for wrong in (str(stranger), str(clerk.staff_id), "x", "9" * 30):
        answer = await web.client.post(f"{address(seen)}/steps?lang=en", data=data | {"member": wrong})
        assert answer.status_code == 400, wrong
        assert 'href="#member"' in answer.text
    nobody = await web.client.post(f"{address(seen)}/steps?lang=en", data=data)
    assert nobody.status_code == 400
    assert "Say who is rapporteur." in nobody.text
    right = data | {"member": str(one), "rapporteur": "Ben Roth"}
    assert (await web.client.post(f"{address(seen)}/steps", data=right)).status_code == 303
    async with web.world.service.database.connection() as connection:
        row = await connection.fetchrow(
            "select rapporteur, rapporteur_id from referral where id = $1", seen.referral_id
        )
        told = await connection.fetchval("select data::text from event where kind = 'step' order by id desc limit 1")
    assert row is not None
    assert tuple(row) == ("Lore Busch, Ben Roth", one)
    assert "member" not in told, "the number of a person at the desk is not published"
    await web.sign_in(one)
    page = (await web.client.get(f"{address(seen)}?lang=en")).text
    assert page.count("You are the rapporteur") == 2
    assert "Lore Busch" in (await web.client.get("/committee?whose=mine&lang=en")).text
    assert (await web.client.post(f"{address(seen)}/steps", data=data)).status_code == 403
    await web.sign_in(clerk.staff_id)
    found = (await web.client.get(f"/committee?rapporteur={one}&lang=en")).text
    assert "1 referral found." in found


async def test_list_can_be_narrowed_by_what_stands_in_the_address(web: Web) -> None:
    water = await web.world.referred(title="Maak het water in de sloten schoon")
    book = await web.world.referred(title="Geef elke wijk een bibliothéék terug")
    async with web.world.service.database.connection() as connection:
        await connection.execute(
            "update referral set due_on = $2 where petition_id = $1", water.petition_id, NOW.date() - timedelta(days=1)
        )
        await connection.execute("update referral set due_on = $2 where petition_id = $1", book.petition_id, NOW.date())
    await web.sign_in(web.world.clerk)

    async def shown(query: str) -> tuple[bool, bool]:
        text = (await web.client.get(f"/committee?lang=en&{query}")).text
        return "Maak het water" in text, "bibliothéék" in text

    assert await shown("") == (True, True)
    assert await shown("q=WATER") == (True, False)
    assert await shown("q=bibliotheek") == (False, True)
    assert await shown("q=100%25") == (False, False)
    assert await shown("overdue=yes") == (True, False)
    assert await shown("procedure=nl-burgerinitiatief") == (True, True)
    assert await shown("procedure=uk-parliament") == (True, True), "what does not occur here narrows nothing"
    assert await shown("whose=mine") == (False, False)
    assert await shown("whose=nobody") == (True, True)
    assert await shown("rapporteur=999") == (True, True)
    assert await shown("page=x&show=y&committee=z") == (True, True)
    data = {"to": str(web.world.clerk), "seen": ""}
    assert (await web.client.post(f"{address(water)}/assignment", data=data)).status_code == 303
    assert await shown("whose=mine") == (True, False)
    assert await shown("whose=nobody") == (False, True)
    page = (await web.client.get("/committee?lang=en")).text
    assert page.index("Maak het water") < page.index("bibliothéék"), "overdue before today"
    figures = re.findall(r"<dt>(.*?(?:overdue|due today|assigned to nobody).*?)</dt><dd>(\d+)</dd>", page)
    assert figures == [
        ('<a href="/committee?overdue=yes">overdue</a>', "1"),
        ("due today", "1"),
        ('<a href="/committee?whose=nobody">assigned to nobody</a>', "1"),
    ], "a number that is not nothing leads to what it counts"
    assert "Today at the latest" in page
    nothing = (await web.client.get("/committee?q=zzz&lang=en")).text
    assert "Nothing here is like that." in nothing
    assert 'href="/committee">Show all' in nothing
    kept = (await web.client.get("/committee?q=water&overdue=yes&lang=en")).text
    assert 'href="/committee?show=done&amp;q=water&amp;overdue=yes"' in kept, "the tabs keep the filters"


async def test_two_clerks_who_take_a_referral_at_once(web: Web) -> None:
    seen = await web.world.referred()
    second = await clerk_of(web, "Bo Brand", COMMITTEE)
    await web.sign_in(web.world.clerk)
    page = (await web.client.get(f"{address(seen)}/notes?lang=en")).text
    assert "Nobody yet." in page
    taking = {"to": str(web.world.clerk), "seen": ""}
    assert (await web.client.post(f"{address(seen)}/assignment", data=taking)).status_code == 303
    await web.sign_in(second)
    late = await web.client.post(f"{address(seen)}/assignment?lang=en", data={"to": str(second), "seen": ""})
    assert late.status_code == 409
    assert "Now it is with Tess de Groot." in late.text
    taken = await web.client.post(f"{address(seen)}/assignment", data={"to": str(second), "seen": str(web.world.clerk)})
    assert taken.status_code == 303
    assert "Assigned to Bo Brand" in (await web.client.get(f"{address(seen)}?lang=en")).text
    member = await member_of(web, COMMITTEE)
    for nobody in (member, web.world.moderator, 999_999):
        answer = await web.client.post(f"{address(seen)}/assignment", data={"to": str(nobody), "seen": str(second)})
        assert answer.status_code == 409, "only a clerk of this committee takes care of it"
    public = (await web.client.get(f"/en/petitions/{seen.petition_id}")).text
    assert "Bo Brand" not in public


async def test_notes_are_read_by_the_committee_and_by_nobody_else(web: Web) -> None:
    seen = await web.world.referred()
    member = await member_of(web, COMMITTEE)
    web.moment = NOW + timedelta(minutes=10)
    await web.sign_in(web.world.clerk)
    empty = await web.client.post(f"{address(seen)}/notes?lang=en", data={"note": "  "})
    assert empty.status_code == 400
    assert 'href="#note"' in empty.text
    long = await web.client.post(f"{address(seen)}/notes?lang=en", data={"note": "x" * 2001})
    assert long.status_code == 400
    assert "x" * 2001 in long.text
    first = await web.client.post(f"{address(seen)}/notes", data={"note": "Bel de indiener <b>maandag</b>."})
    assert first.headers["location"] == f"{address(seen)}/notes#notes"
    await web.sign_in(member)
    assert (await web.client.post(f"{address(seen)}/notes", data={"note": "Doe ik."})).status_code == 303
    page = (await web.client.get(f"{address(seen)}/notes")).text
    assert page.index("Doe ik.") < page.index("Bel de indiener &lt;b&gt;maandag"), "the latest first"
    async with web.world.service.database.connection() as connection:
        theirs, own = [row["id"] for row in await connection.fetch("select id from referral_note order by id")]
        about = await connection.fetch("select kind from event where occurred_at > $1", NOW + timedelta(minutes=5))
        assert about == [], "a note is no event, so that nobody is mailed about it"
    for number, status in ((theirs, 404), ("x", 404), (own, 303), (own, 404)):
        answer = await web.client.post(f"{address(seen)}/notes", data={"delete": str(number)})
        assert answer.status_code == status
    await web.sign_in(web.world.moderator)
    assert (await web.client.get(f"{address(seen)}/notes")).status_code == 403
    web.client.cookies.clear()
    for path in (
        f"/nl/petitions/{seen.petition_id}",
        f"/nl/petitions/{seen.petition_id}.atom",
        f"/nl/petitions/{seen.petition_id}/dossier",
        f"/api/v1/petitions/{seen.petition_id}",
    ):
        assert "Bel de indiener" not in (await web.client.get(path)).text, path


async def test_form_of_a_hand_over_proposes_the_days_of_the_body(web: Web) -> None:
    seen = await web.world.referred("nl-kamer-petitie")
    slug = "volksgezondheid-welzijn-en-sport"
    clerk = await web.world.clerk_of(slug)
    seen = await web.world.step(clerk, seen, "received", StepInput(happened_on=NOW.date()), now=NOW)
    seen = await web.world.step(
        clerk, seen, "whether_and_when", StepInput(happened_on=NOW.date(), admissible=True), now=NOW
    )
    await web.sign_in(clerk.staff_id)
    form = (await web.client.get(f"{address(seen)}?step=hand_over&lang=en")).text
    assert "Tuesday 3 March 2026" in form
    assert "Tuesday 24 March 2026" in form
    assert form.count("at=2026-03-10T") == 3
    assert 'at=2026-03-10T13:45#step"' in form
    filled = (await web.client.get(f"{address(seen)}?step=hand_over&at=2026-03-10T13:45&lang=en")).text
    assert 'value="10-3-2026"' in filled
    assert 'value="13:45"' in filled
    assert re.search(r'value="planned" checked', filled)
    other = (await web.client.get(f"{address(seen)}?step=hand_over&at=2026-03-11T13:45&lang=en")).text
    assert "11-3-2026" not in other


@pytest.mark.parametrize("query", ["q=%00", "rapporteur=" + "9" * 40, "q=" + "x" * 5000, "committee[]=1", "show=%FF"])
async def test_no_address_of_the_list_is_a_server_error(web: Web, query: str) -> None:
    await web.world.referred()
    await web.sign_in(web.world.clerk)
    assert (await web.client.get(f"/committee?{query}")).status_code == 200
