"""From the open data of the Tweede Kamer to motions: interpreting its records, and reporting those that are left out.

A motion is a Zaak; its result is the latest Besluit that was taken on it, on the day of its Activiteit; the
votes are its Stemmingen. In a vote by show of hands a party votes with its seats, except for members who voted apart.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from petitions.motions.acts.imported import FoundMotion, FoundResult, FoundSeat, FoundVote
from petitions.motions.acts.parliament import ParliamentMember, Party, PartyMembership
from petitions.motions.open_data.archive import Archive
from petitions.motions.open_data.records import (
    Activiteit,
    Agendapunt,
    Besluit,
    Document,
    Fractie,
    FractieZetel,
    FractieZetelPersoon,
    Persoon,
    Stemming,
    Zaak,
    ZaakActor,
)
from petitions.motions.rules.votes import Choice, Motion, MotionOutcome, VoteKind

BODY: Final = "nl-tweede-kamer"
RECORD: Final = "https://gegevensmagazijn.tweedekamer.nl/OData/v4/2.0"
PAGE_OF_A_MOTION: Final = "https://www.tweedekamer.nl/kamerstukken/moties/detail"
RESULTS: Final[dict[str, MotionOutcome]] = {
    "Stemmen - aangenomen": "adopted",
    "Stemmen - zonder stemming aannemen": "adopted",
    "Stemmen - verworpen": "rejected",
    "Stemmen - aangehouden": "held",
    "Stemmen - ingetrokken": "withdrawn",
}
"""The outcome of each kind of decision; others (submitted, put on the agenda, postponed) have no outcome."""
CHOICES: Final[dict[str, Choice]] = {
    "Voor": "for",
    "Tegen": "against",
    "Niet deelgenomen": "absent",
    "Onthouden": "abstained",
}


@dataclass(frozen=True, slots=True)
class CaseReading:
    """The interpretation of one case: the motion, or the problems."""

    found: FoundMotion | None
    problems: tuple[str, ...] = ()


def read_case(archive: Archive, number: str) -> CaseReading:
    """The motion with this number. If a Zaak reappears under a new id, the newest one that is not removed counts."""
    cases = [case for case in archive.all(Zaak) if case.Nummer == number]
    if not cases:
        return CaseReading(None, (f"{number}: there is no such case in what was read",))
    case = max(cases, key=lambda one: (not one.Verwijderd, one.published_at, one.Id))
    if not case.Soort.startswith("Motie"):
        return CaseReading(None, (f"{number}: this case is no motion ({case.Soort[:40]})",))
    if not (case.Onderwerp or case.Titel):
        return CaseReading(None, (f"{number}: this case has no title",))
    problems: list[str] = []
    result, undone = _result(archive, case, problems)
    motion = Motion(
        title=(case.Onderwerp or case.Titel)[:400],
        summary=case.Titel if case.Onderwerp else "",
        case_number=number,
        submitters=", ".join(_submitters(archive, case))[:400],
        document=(paper := _document(archive, case)),
        advice=case.Kabinetsappreciatie[:200],
        link=f"{PAGE_OF_A_MOTION}?id={number}" + (f"&did={paper}" if paper else ""),
        submitted_on=case.GestartOp,
    )
    return CaseReading(FoundMotion(case.Id, motion, case.Verwijderd, result, undone), tuple(problems))


def _submitters(archive: Archive, case: Zaak) -> list[str]:
    actors = [one for one in archive.all(ZaakActor) if one.Zaak_Id == case.Id]
    actors += [one for one in archive.beside(case, ZaakActor) if one not in actors]
    live = [one for one in actors if not one.Verwijderd and one.ActorNaam]
    ordered = [*(a for a in live if a.Relatie == "Indiener"), *(a for a in live if a.Relatie == "Medeindiener")]
    return [f"{one.ActorNaam} ({one.ActorFractie})" if one.ActorFractie else one.ActorNaam for one in ordered]


def _document(archive: Archive, case: Zaak) -> str:
    papers = [one for one in archive.beside(case, Document) if not one.Verwijderd and one.DocumentNummer]
    best = max(papers, key=lambda one: (one.Soort.startswith("Motie"), one.published_at), default=None)
    return best.DocumentNummer[:40] if best else ""


def _result(archive: Archive, case: Zaak, problems: list[str]) -> tuple[FoundResult | None, bool]:
    """The latest decision with a result; and whether a decision was removed without another in its place."""
    decisions = [one for one in archive.beside(case, Besluit) if one.BesluitSoort in RESULTS]
    live = [one for one in decisions if not one.Verwijderd and one.Status in {"", "Besluit"}]
    dated = [(day, one.published_at, one) for one in live if (day := _day(archive, one)) is not None]
    if len(dated) < len(live):
        problems.append(f"{case.Nummer}: a decision was skipped, because its day is not known")
    if not dated:
        return None, bool(decisions) and not live
    day, _, decision = max(dated, key=lambda entry: entry[:2])
    outcome = RESULTS[decision.BesluitSoort]
    if outcome not in {"adopted", "rejected"}:
        return FoundResult(outcome, day, "none", ()), False
    voters = _voters(archive, case, decision, problems)
    if voters is None:
        return None, False
    kind: VoteKind = "roll_call" if decision.StemmingsSoort == "Hoofdelijk" else "parties"
    return FoundResult(outcome, day, kind if voters else "none", voters), False


def _day(archive: Archive, decision: Besluit) -> date | None:
    """The day of the meeting. The day of the last change of a record may be years later."""
    items = archive.beside(decision, Agendapunt)
    items += [one for one in [archive.get(Agendapunt, decision.Agendapunt_Id)] if one]
    for item in items:
        meetings = archive.beside(item, Activiteit) + [
            one for one in [archive.get(Activiteit, item.Activiteit_Id)] if one
        ]
        for meeting in meetings:
            if meeting.Datum is not None:
                return meeting.Datum
    return None


def _voters(archive: Archive, case: Zaak, decision: Besluit, problems: list[str]) -> tuple[FoundVote, ...] | None:
    """The votes of a decision, each voter once (the newest record counts); None if one of them is invalid."""
    if archive.is_incomplete(decision):
        problems.append(f"{case.Nummer}: the result was skipped, because a vote could not be read")
        return None
    rows = {one.Id: one for one in archive.all(Stemming) if one.Besluit_Id == decision.Id}
    rows |= {one.Id: one for one in archive.beside(decision, Stemming)}
    newest: dict[str, Stemming] = {}
    for row in sorted(rows.values(), key=lambda one: (one.published_at, one.Id)):
        if not row.Verwijderd:
            newest[_voter_key(row)] = row
    by_name = decision.StemmingsSoort == "Hoofdelijk"
    voters = []
    for row in newest.values():
        choice = CHOICES.get(row.Soort)
        if choice is None:
            problems.append(f"{case.Nummer}: the result was skipped, because a vote is “{row.Soort[:40]}”")
            return None
        party = _party(archive, row)
        if by_name or row.Persoon_Id:
            voters.append(FoundVote(party, _member(archive, row), choice, 1, row.Vergissing))
            continue
        apart = sum(1 for one in newest.values() if one.Persoon_Id and _party_key(one) == _party_key(row))
        if party is None or row.FractieGrootte < apart:
            problems.append(f"{case.Nummer}: the result was skipped, because a vote names no party or no seats")
            return None
        if row.FractieGrootte > apart:
            voters.append(FoundVote(party, None, choice, row.FractieGrootte - apart, row.Vergissing))
    return tuple(voters)


def _voter_key(row: Stemming) -> str:
    person = row.Persoon_Id or (row.ActorNaam if row.ActorNaam != row.ActorFractie else "")
    return f"{person}|{_party_key(row)}"


def _party_key(row: Stemming) -> str:
    return row.ActorFractie or row.Fractie_Id


def _party(archive: Archive, row: Stemming) -> Party | None:
    known = archive.get(Fractie, row.Fractie_Id)
    if known is not None and known.Afkorting:
        return party_of(known)
    if not row.ActorFractie:
        return None
    return Party(row.ActorFractie[:40], row.ActorFractie[:120], None, True, "", row.Fractie_Id)


def party_of(record: Fractie) -> Party:
    """The party in a record."""
    return Party(
        short_name=record.Afkorting[:40],
        name=(record.NaamNL or record.Afkorting)[:120],
        seats=record.AantalZetels,
        active=record.DatumInactief is None and not record.Verwijderd,
        source_link=f"{RECORD}/Fractie({record.Id})",
        external_id=record.Id,
    )


def _member(archive: Archive, row: Stemming) -> ParliamentMember:
    known = archive.get(Persoon, row.Persoon_Id)
    if known is not None and known.Achternaam:
        return member_of(known)
    family, _, initials = row.ActorNaam.partition(",")
    name = " ".join(f"{initials} {family}".split()) or row.ActorNaam
    link = f"{RECORD}/Persoon({row.Persoon_Id})" if row.Persoon_Id else ""
    return ParliamentMember(name[:120], row.ActorNaam[:120] or name[:120], None, link, row.Persoon_Id)


def member_of(record: Persoon) -> ParliamentMember:
    """The member in a record."""
    first = record.Roepnaam or record.Initialen or record.Voornamen
    name = " ".join(part for part in (first, record.Tussenvoegsel, record.Achternaam) if part)
    behind = " ".join(part for part in (first, record.Tussenvoegsel) if part)
    sort_name = f"{record.Achternaam}, {behind}" if behind else record.Achternaam
    link = f"{RECORD}/Persoon({record.Id})"
    return ParliamentMember(name[:120], sort_name[:120], record.Nummer or None, link, record.Id)


def read_seats(archive: Archive) -> tuple[FoundSeat, ...]:
    """The times of members in parties, as far as the records have them."""
    seats = []
    for record in archive.all(FractieZetelPersoon):
        person = archive.get(Persoon, record.Persoon_Id) or next(iter(archive.beside(record, Persoon)), None)
        seat = archive.get(FractieZetel, record.FractieZetel_Id) or next(
            iter(archive.beside(record, FractieZetel)), None
        )
        party = seat and (archive.get(Fractie, seat.Fractie_Id) or next(iter(archive.beside(seat, Fractie)), None))
        if record.Verwijderd or not person or not person.Achternaam or not party or not party.Afkorting:
            continue
        if record.Van is not None and (record.TotEnMet is None or record.TotEnMet >= record.Van):
            seats.append(FoundSeat(party_of(party), member_of(person), PartyMembership(record.Van, record.TotEnMet)))
    return tuple(seats)
