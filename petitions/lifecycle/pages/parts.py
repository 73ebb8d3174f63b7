"""The parts that subjects add to shared pages: petition, dossier, prints, tabs of a referral, site map, privacy."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, NamedTuple

from starlette.requests import Request

from petitions.lifecycle.mails.sample import Specimens
from petitions.lifecycle.pages.dossier_data import DossierData
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.rules.procedures import Procedure


class ReferralTab(NamedTuple):
    """One tab of a referral at the desk: its path below the referral, its label, for which procedures, and for whom.

    Tabs are sorted by ``order``. ``seldom``: it is behind "More", so that the row of tabs stays short on a
    telephone.
    """

    order: int
    path: str
    text: str
    module: str = ""  # a name in sites.Modules: if that module is off, the tab is not shown
    belongs: Callable[[Procedure], bool] = lambda _: True
    who: Literal["committee", "clerk"] = "clerk"
    seldom: bool = False


class PetitionPart(NamedTuple):
    """What a subject adds to the page of a petition, below the answers of the bodies, as ``part`` of its template."""

    template: str
    read: Callable[[Request, PetitionView], Awaitable[Any]]


class DossierPart(NamedTuple):
    """One part of the dossier page: its anchor, its template, and its content, given as ``part`` (None: left out)."""

    order: int
    name: str
    template: str
    read: Callable[[Request, PetitionView], Awaitable[Any]]


class DossierSection(NamedTuple):
    """One section of the dossier as data, by its name in the document."""

    order: int
    name: str
    read: Callable[[DossierData], Awaitable[Any]]


class SubjectRetention(NamedTuple):
    """How long a subject keeps some data, for the page about privacy: its name there, and the time."""

    name: str
    kept: timedelta


SitePages = Callable[[Request], Awaitable[list[str]]]
"""The addresses, without the language, that a subject adds to the site map."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of all subjects together, in their order."""

    referral_tabs: tuple[ReferralTab, ...] = ()
    petition_page: tuple[PetitionPart, ...] = ()
    dossier: tuple[DossierPart, ...] = ()
    dossier_sections: tuple[DossierSection, ...] = ()
    site_pages: tuple[SitePages, ...] = ()
    specimens: tuple[Specimens, ...] = ()
    retention: tuple[SubjectRetention, ...] = ()
