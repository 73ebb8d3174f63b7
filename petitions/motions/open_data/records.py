"""The records of the Tweede Kamer's open data that are read, with their own field names (OData v4, version 2.0, CC0).

Other fields are ignored: of a person only the name and the number of the office are read.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if value is not None else ""


def _day(value: Any) -> date | None:
    """The day of a moment as the House writes it ("2026-03-02T00:00:00+01:00"): the local day, not the UTC day."""
    return date.fromisoformat(str(value)[:10]) if value else None


ODataText = Annotated[str, BeforeValidator(_text), Field(max_length=4000)]
ODataDay = Annotated[date | None, BeforeValidator(_day)]


class ODataRecord(BaseModel):
    """The fields of every record. ``Verwijderd``: removed; ``ApiGewijzigdOp``: when this version was published."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    Id: Annotated[str, Field(min_length=1, max_length=64)]
    Verwijderd: bool = False
    ApiGewijzigdOp: datetime | None = None

    @property
    def published_at(self) -> datetime:
        """When this version was published, to find the newest; long ago if it does not say."""
        moment = self.ApiGewijzigdOp or datetime(1, 1, 1, tzinfo=UTC)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Zaak(ODataRecord):
    """A case; a motion is one."""

    Nummer: ODataText
    Soort: ODataText
    Titel: ODataText = ""
    Onderwerp: ODataText = ""
    GestartOp: ODataDay = None
    Kabinetsappreciatie: ODataText = ""


class ZaakActor(ODataRecord):
    """An actor of a case: ``Indiener`` and ``Medeindiener`` submitted it."""

    Zaak_Id: ODataText = ""
    Relatie: ODataText = ""
    ActorNaam: ODataText = ""
    ActorFractie: ODataText = ""


class Besluit(ODataRecord):
    """A decision on an item of an agenda; ``Status`` "Besluit" is a decision that was taken."""

    Agendapunt_Id: ODataText = ""
    BesluitSoort: ODataText = ""
    StemmingsSoort: ODataText = ""
    Status: ODataText = ""


class Agendapunt(ODataRecord):
    """An item on the agenda of an activity."""

    Activiteit_Id: ODataText = ""


class Activiteit(ODataRecord):
    """A meeting; its ``Datum`` is the day of its decisions."""

    Soort: ODataText = ""
    Datum: ODataDay = None


class Stemming(ODataRecord):
    """A vote: of a party with its seats, or (``Persoon_Id``) of one member."""

    Besluit_Id: ODataText = ""
    Soort: ODataText = ""
    FractieGrootte: int = Field(default=0, ge=0, le=1000)
    ActorNaam: ODataText = ""
    ActorFractie: ODataText = ""
    Vergissing: bool = False
    Persoon_Id: ODataText = ""
    Fractie_Id: ODataText = ""


class Document(ODataRecord):
    """A document; ``DocumentNummer`` is part of its address at the House."""

    Soort: ODataText = ""
    DocumentNummer: ODataText = ""


class Persoon(ODataRecord):
    """A person in an office of the House."""

    Nummer: ODataText = ""
    Roepnaam: ODataText = ""
    Initialen: ODataText = ""
    Voornamen: ODataText = ""
    Tussenvoegsel: ODataText = ""
    Achternaam: ODataText = ""


class Fractie(ODataRecord):
    """A party in the House."""

    Afkorting: ODataText = ""
    NaamNL: ODataText = ""
    AantalZetels: int | None = Field(default=None, ge=0, le=1000)
    DatumInactief: ODataDay = None


class FractieZetel(ODataRecord):
    """A seat of a party."""

    Fractie_Id: ODataText = ""


class FractieZetelPersoon(ODataRecord):
    """A person in a seat, and when."""

    FractieZetel_Id: ODataText = ""
    Persoon_Id: ODataText = ""
    Van: ODataDay = None
    TotEnMet: ODataDay = None


ENTITIES: Final[dict[str, type[ODataRecord]]] = {
    kind.__name__: kind
    for kind in (
        Zaak, ZaakActor, Besluit, Agendapunt, Activiteit, Stemming, Document, Persoon, Fractie, FractieZetel,
        FractieZetelPersoon,
    )
}  # fmt: skip
NESTED: Final[dict[str, dict[str, str]]] = {
    "Zaak": {"Besluit": "Besluit", "ZaakActor": "ZaakActor", "Document": "Document"},
    "Besluit": {"Stemming": "Stemming", "Zaak": "Zaak", "Agendapunt": "Agendapunt"},
    "Agendapunt": {"Activiteit": "Activiteit"},
    "Stemming": {"Persoon": "Persoon", "Fractie": "Fractie", "Besluit": "Besluit"},
    "FractieZetelPersoon": {"Persoon": "Persoon", "FractieZetel": "FractieZetel"},
    "FractieZetel": {"Fractie": "Fractie"},
}
"""The records that may be nested in others (``$expand``), by the name of the property."""
