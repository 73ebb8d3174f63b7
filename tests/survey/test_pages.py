"""The survey after the outcome: the page behind the link, answered once, counted without who."""

import asyncio
from datetime import date, timedelta

from petitions.lifecycle.acts.handling import Clerk
from petitions.lifecycle.rules.steps import StepInput
from tests.web import Web
from tests.world import NOW

YES = {"understood": "yes", "serious": "partly"}


async def decided(web: Web, signers: int = 1) -> tuple[int, list[str]]:
    """A petition that was not taken up today, and the survey links of people who signed it."""
    seen = await web.world.referred()
    clerk = Clerk(web.world.clerk, (web.world.committee,))
    ground = web.world.procedure().admissibility_grounds[0].code
    for step, facts in (
        ("received", StepInput(happened_on=date(2026, 3, 2))),
        ("sample_check", StepInput(happened_on=date(2026, 3, 2), text="Gecontroleerd.")),
        ("report", StepInput(happened_on=date(2026, 3, 2), text="Niet behandelen.")),
        (
            "admissibility",
            StepInput(happened_on=date(2026, 3, 2), admissible=False, ground=ground, reasons="Al behandeld."),
        ),
    ):
        seen = await web.world.step(clerk, seen, step, facts, now=NOW)
    async with web.world.service.database.connection() as connection:
        rows = await connection.fetch(
            "select token_id from signature where petition_id = $1 and kind <> 'initiator' limit $2",
            seen.petition_id,
            signers,
        )
    tokens = [web.token("survey", seen.petition_id, row["token_id"]) for row in rows]
    return seen.petition_id, [f"/en/survey/{token}" for token in tokens]


async def test_two_questions_are_answered_once(web: Web) -> None:
    petition, (link, *_) = await decided(web)
    page = (await web.client.get(link)).text
    assert "Was the petition taken seriously?" in page
    assert "set-cookie" not in (await web.client.get(link)).headers
    wrong = await web.client.post(link, data={"understood": "yes"})
    assert wrong.status_code == 400
    assert 'value="yes" checked' in wrong.text
    answers = await asyncio.gather(*(web.client.post(link, data=YES) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409, 409]
    assert "Thank you" in (await web.client.get(link)).text
    async with web.world.service.database.connection() as connection:
        rows = await connection.fetch("select question, answer, answers from survey_count order by question")
    assert [tuple(row) for row in rows] == [("serious", "partly", 1), ("understood", "yes", 1)]
    assert "What signatories say" not in (await web.client.get(f"/en/petitions/{petition}/dossier")).text
    async with web.world.service.database.connection() as connection:
        await connection.execute("update survey_count set answers = 1234")
    page = (await web.client.get(f"/en/petitions/{petition}/dossier")).text
    assert "1,234 answers" in page


async def test_before_the_decision_too_late_and_unknown(web: Web) -> None:
    petition, (link, *_) = await decided(web)
    web.moment = NOW + timedelta(days=61)
    assert (await web.client.get(link)).status_code == 410
    assert (await web.client.post(link, data=YES)).status_code == 409
    assert (await web.client.get("/en/survey/x.y")).status_code == 404
    unknown = web.token("survey", petition, b"\1" * 16)
    assert (await web.client.get(f"/en/survey/{unknown}")).status_code == 404
