"""One import of the Tweede Kamer's open data: read it, interpret it, store it case by case, and report."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from petitions.errors import ConfigurationError, PetitionsError, UnavailableError
from petitions.lifecycle.acts.service import Service
from petitions.motions.acts.imported import PetitionCase, import_motion, import_seats, link_cases, linked_cases
from petitions.motions.open_data.archive import Archive
from petitions.motions.open_data.odata import ODataAddress, ODataPage, read_folder
from petitions.motions.open_data.records import Fractie
from petitions.motions.open_data.tweede_kamer import BODY, party_of, read_case, read_seats

SEATS_BACK: Final = timedelta(days=4 * 366)
"""The members of the House in the last term: enough for the votes about current petitions."""
_VOTES: Final = "Stemming($expand=Persoon,Fractie)"
_CASE: Final = f"ZaakActor,Document,Besluit($expand={_VOTES},Agendapunt($expand=Activiteit))"
_SITTING: Final = "Persoon,FractieZetel($expand=Fractie)"


@dataclass(slots=True)
class ImportReport:
    """The report of an import: its counts, and a line for everything that it left out."""

    new: int = 0
    changed: int = 0
    same: int = 0
    skipped: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """The report for the operator."""
        return [*self.skipped, f"{self.new} motions new, {self.changed} changed, {self.same} as they were"]


async def run(
    service: Service,
    origin: str,
    *,
    petition_id: int | None = None,
    cases: Sequence[str] = (),
    members: bool = False,
    now: datetime,
    address: ODataAddress | None = None,
) -> ImportReport:
    """Import from a folder or an https address; ``cases`` are linked to the petition first.

    Raises ConfigurationError for an unreadable source, UnavailableError when the address does not answer,
    NotFoundError for a petition that was not referred to a committee of the House.
    """
    if cases and petition_id is None:
        raise ConfigurationError("--case needs --petition: which petition do these cases belong to?")
    if cases and petition_id is not None:
        await link_cases(service, BODY, petition_id, cases, now=now)
    wanted = await linked_cases(service, petition_id)
    archive = Archive(await _read(origin, {case.case_number for case in wanted}, members, now, address))
    report = ImportReport(skipped=list(archive.problems))
    parties = [party_of(one) for one in archive.all(Fractie) if one.Afkorting]
    await import_seats(service, BODY, sorted(parties, key=lambda party: party.active), read_seats(archive))
    for case in wanted:
        await _take(service, archive, case, report, now)
    return report


async def _read(
    origin: str, numbers: Collection[str], members: bool, now: datetime, address: ODataAddress | None
) -> list[ODataPage]:
    if address is None and not origin.startswith(("https:", "http:")):
        return read_folder(Path(origin))
    queries = [("Zaak", {"$filter": f"Nummer eq '{number}'", "$expand": _CASE}) for number in sorted(numbers)]
    queries.append(("Fractie", {"$filter": "Verwijderd eq false and DatumInactief eq null"}))
    if members:
        since = (now - SEATS_BACK).strftime("%Y-%m-%dT00:00:00Z")
        sitting = f"Verwijderd eq false and (TotEnMet eq null or TotEnMet ge {since})"
        queries.append(("FractieZetelPersoon", {"$filter": sitting, "$expand": _SITTING}))
    return await (address or ODataAddress(origin)).read(queries)


async def _take(service: Service, archive: Archive, case: PetitionCase, report: ImportReport, now: datetime) -> None:
    reading = read_case(archive, case.case_number)
    report.skipped += reading.problems
    if reading.found is None:
        return
    try:
        outcome, problem = await import_motion(service, case, reading.found, now=now)
    except UnavailableError:
        raise
    except PetitionsError as error:
        report.skipped.append(f"{case.case_number}: was skipped: {error.code} ({error})")
        return
    except Exception as error:  # an unexpected record must not hold up the others
        report.skipped.append(f"{case.case_number}: was skipped: {type(error).__name__}")
        return
    if problem:
        report.skipped.append(f"{case.case_number}: {problem}")
    setattr(report, outcome, getattr(report, outcome) + 1)
