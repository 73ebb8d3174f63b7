"""The input of the sections of the dossier as data, and its permanent identifiers."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request

from petitions.http.state import http_state
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.reads.timeline import TimelineEvent


@dataclass(frozen=True, slots=True)
class DossierData:
    """The input of the sections: the petition and its public events."""

    request: Request
    shown: PetitionView
    all_events: tuple[TimelineEvent, ...]
    events: tuple[TimelineEvent, ...]

    @property
    def site(self) -> str:
        """The address of this service."""
        return http_state(self.request).public_url

    @property
    def api(self) -> str:
        """The address of this document."""
        return f"{self.site}/api/v1/petitions/{self.shown.petition.id}/dossier"

    @property
    def page(self) -> str:
        """The address of the petition, in its own language."""
        return f"{self.site}/{self.shown.petition.language}/petitions/{self.shown.petition.id}"

    def tag(self, *parts: object) -> str:
        """A permanent identifier of the petition or of a part of it (RFC 4151), as in the feeds."""
        host = urlsplit(self.site).hostname or "localhost"
        return f"tag:{host},2026:" + "/".join(str(part) for part in ("petition", self.shown.petition.id, *parts))
