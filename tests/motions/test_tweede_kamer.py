"""The import of the Tweede Kamer's open data, on answers of the recorded shape with made-up people."""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from petitions.errors import ConfigurationError, NotFoundError
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.motions.acts.motions import SeenMotion, add_motion, correct_motion, record_vote
from petitions.motions.acts.parliament import ParliamentMember, Party, PartyWithMembers, store_seats
from petitions.motions.open_data.run import ImportReport, run
from petitions.motions.reads.motions import MotionView, read_cases, read_motions, read_seats
from petitions.motions.reads.voting import read_member, read_party
from petitions.motions.rules.votes import DecidedMotion, Motion
from tests.world import NOW, World

FILES = Path(__file__).parent / "files"
A, B, C = "2026Z04711", "2026Z04712", "2026Z04713"
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
async def seen(world: World) -> SeenReferral:
    return await world.referred()


async def imported(
    world: World, seen: SeenReferral, origin: Path = FILES, cases: tuple[str, ...] = (A, B, C), days: int = 0
) -> ImportReport:
    now = NOW + timedelta(days=days)
    return await run(world.service, str(origin), petition_id=seen.petition_id, cases=cases, now=now)


def edited(folder: Path, change: Callable[[str], str] = str, **cases: Callable[[dict[str, Any]], None]) -> Path:
    """The files once more, with their text changed, or the cases of these numbers ("Z04711")."""
    for path in FILES.glob("*.json"):
        data = json.loads(change(path.read_text("utf-8")))
        for record in data["value"] if path.name.startswith("Zaak") else []:
            if record["Nummer"][4:] in cases:
                cases[record["Nummer"][4:]](record)
        (folder / path.name).write_text(json.dumps(data), "utf-8")
    return folder


def later(record: dict[str, Any]) -> None:
    """A newer version of everything in a record."""
    for value in record.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                later(one)
    if "ApiGewijzigdOp" in record:
        record["ApiGewijzigdOp"] = "2026-02-26T09:00:00.1234567Z"


async def motions(world: World, seen: SeenReferral) -> dict[str | None, MotionView]:
    return {one.case_number: one for one in await read_motions(world.service.database, seen.petition_id)}


async def events(world: World, seen: SeenReferral) -> list[tuple[Any, ...]]:
    async with world.service.database.connection() as connection:
        rows = await connection.fetch(
            "select e.kind, e.data, exists (select 1 from outbox o where o.petition_id = e.petition_id"
            " and o.event_id = e.id and o.kind = 'event') as told"
            " from event e where e.petition_id = $1 and e.kind in ('motion', 'vote') order by e.id",
            seen.petition_id,
        )
    return [(row["kind"], row["data"].get("outcome"), row["data"]["date"], row["told"]) for row in rows]


async def test_what_was_recorded_becomes_motions_with_their_votes(world: World, seen: SeenReferral) -> None:
    report = await imported(world, seen)
    assert (report.new, report.skipped) == (3, [])
    found = await motions(world, seen)
    a, b, c = found[A], found[B], found[C]
    assert a.title == "Motie van de leden Van der Wierda en Aerts over nachtzorg binnen een half uur"
    assert a.submitters == "T.A. van der Wierda (Linde), F. Aerts (Brug)"
    assert (a.advice, a.document, str(a.submitted_on)) == ("Oordeel Kamer", "2026D08123", "2026-02-19")
    assert a.link == "https://www.tweedekamer.nl/kamerstukken/moties/detail?id=2026Z04711&did=2026D08123"
    assert (a.outcome, a.vote_kind, str(a.voted_on)) == ("adopted", "parties", "2026-02-24")
    assert (a.tally.for_, a.tally.against) == (103, 47), "two members of Anker voted apart from their 39 colleagues"
    assert {cast.member: (cast.choice, cast.mistaken) for cast in a.members} == {
        "Jip de Jong": ("for", False),
        "Bas Kuiper": ("for", True),
    }
    assert (b.outcome, b.vote_kind, b.tally.for_, b.tally.against, b.tally.absent) == ("rejected", "roll_call", 2, 6, 1)
    assert (c.outcome, c.votes, c.vote_kind) == ("held", (), "none")
    cases = await read_cases(world.service.database, seen.petition_id)
    assert all(case.read_at is not None for case in cases)


async def test_what_is_old_is_told_to_nobody_and_what_is_new_once(world: World, seen: SeenReferral) -> None:
    await imported(world, seen)
    assert await events(world, seen) == [
        ("motion", None, "2026-02-19", False),  # its result came with it, and that is told
        ("vote", "adopted", "2026-02-24", True),
        ("motion", None, "2025-11-19", False),
        ("vote", "rejected", "2025-11-25", False),
        ("motion", None, "2026-02-19", False),
        ("vote", "held", "2026-02-24", True),
    ]


async def test_the_same_again_changes_nothing(world: World, seen: SeenReferral, tmp_path: Path) -> None:
    await imported(world, seen)
    before, told = await motions(world, seen), await events(world, seen)
    report = await imported(world, seen, days=1)
    assert (report.new, report.changed, report.same) == (0, 0, 3)
    assert await motions(world, seen) == before
    assert await events(world, seen) == told


async def test_records_under_new_ids_are_the_same(world: World, seen: SeenReferral, tmp_path: Path) -> None:
    await imported(world, seen)
    before, told = await motions(world, seen), await events(world, seen)
    anew = edited(tmp_path, lambda text: GUID.sub(lambda id_: str(uuid.uuid5(uuid.NAMESPACE_URL, id_[0])), text))
    report = await imported(world, seen, anew, days=1)
    assert (report.new, report.changed, report.same, report.skipped) == (0, 0, 3, [])
    after = await motions(world, seen)
    assert all(len(one.external_ids) == 2 for one in after.values())
    assert {number: replace(one, external_ids=()) for number, one in after.items()} == {
        number: replace(one, external_ids=()) for number, one in before.items()
    }
    assert await events(world, seen) == told
    parties, members = await read_seats(world.service.database, "nl-tweede-kamer", NOW.date())
    assert (len(parties), len(members)) == (5, 9)


async def test_the_old_record_taken_back_beside_the_new_one(world: World, seen: SeenReferral, tmp_path: Path) -> None:
    await imported(world, seen)
    anew = edited(tmp_path, lambda text: GUID.sub(lambda id_: str(uuid.uuid5(uuid.NAMESPACE_URL, id_[0])), text))
    old = json.loads((FILES / "Zaak.json").read_text("utf-8"))
    for record in old["value"]:
        record["Verwijderd"] = True
        later(record)
    (anew / "Zaak.0.json").write_text(json.dumps(old), "utf-8")
    report = await imported(world, seen, anew)
    assert report.same == 3
    assert all(one.removed_at is None for one in (await motions(world, seen)).values())


async def test_a_vote_that_was_mended_is_changed_with_history(world: World, seen: SeenReferral, tmp_path: Path) -> None:
    await imported(world, seen)

    def mend(record: dict[str, Any]) -> None:
        later(record)
        votes = record["Besluit"][1]["Stemming"]
        next(vote for vote in votes if vote["ActorNaam"] == "NW")["Soort"] = "Voor"
        record["Kabinetsappreciatie"] = "Ontraden"

    report = await imported(world, seen, edited(tmp_path, Z04711=mend))
    assert (report.changed, report.same) == (1, 2)
    a = (await motions(world, seen))[A]
    assert (a.tally.for_, a.tally.against, a.advice) == (111, 39, "Ontraden")
    (change,) = a.changes
    assert change.data["advice"] == ["Oordeel Kamer", "Ontraden"]
    assert [vote[2:4] for vote in change.data["votes"][0]] == [["against", 8]]
    assert not change.by_desk
    assert (await events(world, seen))[-1] == ("vote", "adopted", "2026-02-24", False), "the result is what it was"


async def test_a_later_vote_on_a_motion_that_was_held_is_news(world: World, seen: SeenReferral, tmp_path: Path) -> None:
    await imported(world, seen)

    def vote(record: dict[str, Any]) -> None:
        decision = json.loads(json.dumps(record["Besluit"][0]))
        later(decision)
        decision |= {"Id": str(uuid.uuid4()), "BesluitSoort": "Stemmen - zonder stemming aannemen"}
        decision["Agendapunt"] |= {"Id": str(uuid.uuid4())}
        decision["Agendapunt"]["Activiteit"] |= {"Id": str(uuid.uuid4()), "Datum": "2026-03-03T00:00:00+01:00"}
        decision["Agendapunt"]["Activiteit_Id"] = decision["Agendapunt"]["Activiteit"]["Id"]
        record["Besluit"].append(decision)

    folder = edited(tmp_path, Z04713=vote)
    assert "its day is still to come" in (await imported(world, seen, folder)).skipped[0]
    assert (await motions(world, seen))[C].outcome == "held"
    await imported(world, seen, folder, days=2)
    assert (await events(world, seen))[-1] == ("vote", "adopted", "2026-03-03", True)
    assert (await motions(world, seen))[C].vote_kind == "none"


async def test_a_motion_that_is_taken_back_and_returns(world: World, seen: SeenReferral, tmp_path: Path) -> None:
    await imported(world, seen)
    told = await events(world, seen)

    def remove(record: dict[str, Any]) -> None:
        record["Verwijderd"] = True

    await imported(world, seen, edited(tmp_path, Z04711=remove))
    assert (await motions(world, seen))[A].removed_at is not None
    _, record = await read_party(world.service.database, "linde")
    assert A not in {vote.motion for vote in record.votes}
    assert len(record.votes) == 1, "what was taken back is in nobody's record"
    await imported(world, seen)
    assert (await motions(world, seen))[A].removed_at is None
    assert [event[-1] for event in (await events(world, seen))[len(told) :]] == [False, False]


async def test_a_result_that_is_taken_back_is_undone(world: World, seen: SeenReferral, tmp_path: Path) -> None:
    await imported(world, seen)

    def undo(record: dict[str, Any]) -> None:
        record["Besluit"][1]["Verwijderd"] = True

    await imported(world, seen, edited(tmp_path, Z04711=undo))
    a = (await motions(world, seen))[A]
    assert (a.outcome, a.votes) == (None, ())
    assert (await events(world, seen))[-1][::3] == ("vote", True), "people were told that it was adopted"


def _wrong_result(record: dict[str, Any]) -> None:
    record["Besluit"][1]["BesluitSoort"] = "Stemmen - verworpen"


def _unknown_vote(record: dict[str, Any]) -> None:
    record["Besluit"][1]["Stemming"][0]["Soort"] = "Misschien"


def _broken_vote(record: dict[str, Any]) -> None:
    record["Besluit"][1]["Stemming"][0]["FractieGrootte"] = "veel"


def _no_day(record: dict[str, Any]) -> None:
    record["Besluit"][1]["Agendapunt"] = None


def _no_party(record: dict[str, Any]) -> None:
    record["Besluit"][1]["Stemming"][0] |= {"ActorFractie": None, "Fractie": None, "Fractie_Id": None}


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (_wrong_result, "the record says rejected, the votes say 103 for and 47 against"),
        (_unknown_vote, "a vote is “Misschien”"),
        (_broken_vote, "a vote could not be read"),
        (_no_day, "its day is not known"),
        (_no_party, "names no party"),
    ],
)
async def test_a_result_that_cannot_be_right_is_left_out_as_a_whole(
    world: World, seen: SeenReferral, tmp_path: Path, spoil: Callable[[dict[str, Any]], None], why: str
) -> None:
    folder = edited(tmp_path, Z04711=spoil)
    report = await imported(world, seen, folder)
    assert report.new == 3
    assert any(why in line for line in report.skipped), report.skipped
    a = (await motions(world, seen))[A]
    assert (a.outcome, a.votes) == (None, ())
    assert (await imported(world, seen)).changed == 1, "when the record is mended it is taken over"
    assert (await motions(world, seen))[A].tally.for_ == 103
    await imported(world, seen, folder)
    assert (await motions(world, seen))[A].tally.for_ == 103, "what was known stays"


async def test_a_case_that_is_no_motion_or_is_not_there(world: World, seen: SeenReferral, tmp_path: Path) -> None:
    folder = edited(tmp_path, Z04713=lambda record: record.update(Soort="Amendement"))
    report = await imported(world, seen, folder, cases=(C, "2026Z99999"))
    assert [line.split(": ")[1] for line in report.skipped] == [
        "this case is no motion (Amendement)",
        "there is no such case in what was read",
    ]
    assert await motions(world, seen) == {}


async def test_members_and_parties_have_pages_with_their_votes(world: World, seen: SeenReferral) -> None:
    await imported(world, seen)
    shown, record = await read_member(world.service.database, "kees-de-jong")
    assert shown.source_link.startswith("https://gegevensmagazijn.tweedekamer.nl/OData/v4/2.0/Persoon(")
    assert [(vote.choice, vote.own) for vote in record.votes] == [("against", False), ("for", True)]
    _, apart = await read_member(world.service.database, "bas-kuiper")
    assert [(vote.choice, vote.own, vote.mistaken) for vote in apart.votes] == [
        ("for", True, True),
        ("against", True, False),
    ]
    _, anker = await read_party(world.service.database, "anker")
    assert anker.votes[0].choices == {"for": 2, "against": 39}


async def test_the_desk_and_the_open_data(world: World, seen: SeenReferral, tmp_path: Path) -> None:
    clerk = Clerk(world.clerk, (world.committee,))
    party = PartyWithMembers(Party("NW", "Noorderwind", 8), (ParliamentMember("Kees de Jong", "Jong, Kees de"),))
    await store_seats(world.service, "nl-tweede-kamer", (party,), NOW.date() - timedelta(days=300))
    by_hand = Motion("Motie nachtzorg", case_number=A)
    await add_motion(world.service, clerk, seen.petition_id, seen.referral_id, by_hand, now=NOW)
    assert (await imported(world, seen)).changed == 1
    found = await motions(world, seen)
    assert found[A].changes[0].data["title"][0] == "Motie nachtzorg"
    assert len(found) == 3, "what a clerk wrote down is the same motion"
    shown, _ = await read_member(world.service.database, "kees-de-jong")
    assert [str(period.from_on) for period in shown.periods] == ["2023-12-06"], "and the same member"
    act = SeenMotion(seen.petition_id, seen.referral_id, found[A].id, found[A].version)
    with pytest.raises(Exception, match="imported"):
        await correct_motion(world.service, clerk, act, by_hand, reason="x", now=NOW)
    with pytest.raises(Exception, match="imported"):
        await record_vote(world.service, clerk, act, DecidedMotion("held", NOW.date(), "none"), reason="x", now=NOW)


async def test_what_the_operator_got_wrong(world: World, seen: SeenReferral, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="--petition"):
        await run(world.service, str(FILES), cases=[A], now=NOW)
    with pytest.raises(ConfigurationError, match=r"no \.json"):
        await run(world.service, str(tmp_path), now=NOW)
    (tmp_path / "Zaak.json").write_text("<html>", "utf-8")
    with pytest.raises(ConfigurationError, match="no answer of OData"):
        await run(world.service, str(tmp_path), now=NOW)
    unreferred = await world.opened()
    with pytest.raises(NotFoundError):
        await run(world.service, str(FILES), petition_id=unreferred.petition_id, cases=[A], now=NOW)
    assert (await run(world.service, str(FILES), now=NOW)).new == 0, "no case is linked: nothing is imported"
