"""What subjects add to pages that they share: petition page, dossier, prints, tabs of a referral, site map, privacy."""

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
    """One tab of a referral at the desk: its path below the referral, its words, under which procedures, for whom.

    Tabs stand in the order of ``order``. ``seldom``: it lies behind "More", so that the row of tabs stays short on a
    telephone.
    """

    order: int
    path: str
    text: str
    module: str = ""  # of sites.Modules: where it is switched off, there is no such tab
    belongs: Callable[[Procedure], bool] = lambda _: True
    who: Literal["committee", "clerk"] = "clerk"
    seldom: bool = False


class PetitionPart(NamedTuple):
    """What a subject adds to the page of a petition, below what the bodies answered, as ``part`` of its template."""

    template: str
    read: Callable[[Request, PetitionView], Awaitable[Any]]


class DossierPart(NamedTuple):
    """One part of the dossier page: its anchor, its template, and what it tells (None: nothing), given as ``part``."""

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
    """How long a subject keeps something, for the page about privacy: its name there, and the time."""

    name: str
    kept: timedelta


SitePages = Callable[[Request], Awaitable[list[str]]]
"""Addresses, without the language, that a subject adds to the map of the site."""


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
