"""The records of the Tweede Kamer's open data that we read, by their own field names (OData v4, version 2.0, CC0).

Other fields are left alone: of a person nothing is read but the name and the number of the office.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if value is not None else ""


def _day(value: Any) -> date | None:
    """The day of a moment as the House writes it ("2026-03-02T00:00:00+01:00"): what stands there, not the UTC day."""
    return date.fromisoformat(str(value)[:10]) if value else None


Text = Annotated[str, BeforeValidator(_text), Field(max_length=4000)]
Day = Annotated[date | None, BeforeValidator(_day)]


class Record(BaseModel):
    """What every record has. ``Verwijderd``: taken back; ``ApiGewijzigdOp``: when this version was published."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    Id: Annotated[str, Field(min_length=1, max_length=64)]
    Verwijderd: bool = False
    ApiGewijzigdOp: datetime | None = None

    @property
    def published_at(self) -> datetime:
        """When this version was published, for telling the newest; long ago where it does not say."""
        moment = self.ApiGewijzigdOp or datetime(1, 1, 1, tzinfo=UTC)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Zaak(Record):
    """A case; a motion is one."""

    Nummer: Text
    Soort: Text
    Titel: Text = ""
    Onderwerp: Text = ""
    GestartOp: Day = None
    Kabinetsappreciatie: Text = ""


class ZaakActor(Record):
    """Who has to do with a case: ``Indiener`` and ``Medeindiener`` submitted it."""

    Zaak_Id: Text = ""
    Relatie: Text = ""
    ActorNaam: Text = ""
    ActorFractie: Text = ""


class Besluit(Record):
    """A decision on an item of an agenda; ``Status`` "Besluit" is a decision that was taken."""

    Agendapunt_Id: Text = ""
    BesluitSoort: Text = ""
    StemmingsSoort: Text = ""
    Status: Text = ""


class Agendapunt(Record):
    """An item on the agenda of an activity."""

    Activiteit_Id: Text = ""


class Activiteit(Record):
    """A meeting; its ``Datum`` is the day of what was decided there."""

    Soort: Text = ""
    Datum: Day = None


class Stemming(Record):
    """A vote: of a party with its seats, or (``Persoon_Id``) of one member."""

    Besluit_Id: Text = ""
    Soort: Text = ""
    FractieGrootte: int = Field(default=0, ge=0, le=1000)
    ActorNaam: Text = ""
    ActorFractie: Text = ""
    Vergissing: bool = False
    Persoon_Id: Text = ""
    Fractie_Id: Text = ""


class Document(Record):
    """A paper; ``DocumentNummer`` is part of its address at the House."""

    Soort: Text = ""
    DocumentNummer: Text = ""


class Persoon(Record):
    """A person in an office of the House."""

    Nummer: Text = ""
    Roepnaam: Text = ""
    Initialen: Text = ""
    Voornamen: Text = ""
    Tussenvoegsel: Text = ""
    Achternaam: Text = ""


class Fractie(Record):
    """A party in the House."""

    Afkorting: Text = ""
    NaamNL: Text = ""
    AantalZetels: int | None = Field(default=None, ge=0, le=1000)
    DatumInactief: Day = None


class FractieZetel(Record):
    """A seat of a party."""

    Fractie_Id: Text = ""


class FractieZetelPersoon(Record):
    """Who had a seat, and when."""

    FractieZetel_Id: Text = ""
    Persoon_Id: Text = ""
    Van: Day = None
    TotEnMet: Day = None


ENTITIES: Final[dict[str, type[Record]]] = {
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
"""Which records may stand inside others (``$expand``), by the name of the property."""
