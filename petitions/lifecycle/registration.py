"""The registration of a subject: routes, event kinds, jobs, parts of shared pages, and erasure of personal data.

A subject declares all of it in one ``registration.py``. The application, the worker, the access table, the dossier and
the tests are assembled from the explicit list of registrations in :mod:`petitions.subjects`. Adding a subject changes
no other one, and the service works without any subject that is taken off the list.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from petitions.http.routing import Row
from petitions.lifecycle.acts.service import Forget, Service
from petitions.lifecycle.events.kind import EventKind
from petitions.lifecycle.events.registry import EventKinds
from petitions.lifecycle.mails.sample import Specimens
from petitions.lifecycle.mails.writing import SubjectMail
from petitions.lifecycle.pages.parts import (
    DossierPart,
    DossierSection,
    Parts,
    PetitionPart,
    ReferralTab,
    SitePages,
    SubjectRetention,
)
from petitions.lifecycle.reads.printed import PrintedDocuments
from petitions.lifecycle.rules.roles import Role

AccessRow = Row[Role]


class PeriodicJob(NamedTuple):
    """Periodic maintenance that the worker does every so many minutes."""

    name: str
    run: Callable[[Service, datetime], Awaitable[object]]
    every_minutes: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One subject. Everything but its name is optional."""

    name: str
    module: str = ""  # the name in sites.Modules by which a body turns it on or off
    routes: tuple[AccessRow, ...] = ()
    events: tuple[EventKind[Any], ...] = ()
    jobs: tuple[PeriodicJob, ...] = ()
    mail: SubjectMail | None = None
    specimens: Specimens | None = None  # of its mails, for the desk and the tests
    referral_tabs: tuple[ReferralTab, ...] = ()
    petition_page: tuple[PetitionPart, ...] = ()
    dossier: tuple[DossierPart, ...] = ()
    dossier_sections: tuple[DossierSection, ...] = ()
    site_pages: tuple[SitePages, ...] = ()
    printed_documents: PrintedDocuments | None = None
    retention: tuple[SubjectRetention, ...] = ()
    forget_people: Forget | None = None  # in the transaction that erases the personal data of a petition
    forget_words: Forget | None = None  # in the transaction that withholds texts of a petition, or takes it down


def event_kinds_of(subjects: Iterable[Registration]) -> EventKinds:
    """The event kinds of these subjects, by name. A name that stands twice is refused."""
    return EventKinds(tuple(kind for subject in subjects for kind in subject.events))


def parts_of(subjects: Iterable[Registration]) -> Parts:
    """What these subjects add to shared pages, combined and in order."""
    known: Final = tuple(subjects)
    return Parts(
        referral_tabs=tuple(sorted((one for s in known for one in s.referral_tabs), key=lambda one: one.order)),
        petition_page=tuple(one for s in known for one in s.petition_page),
        dossier=tuple(sorted((one for s in known for one in s.dossier), key=lambda one: one.order)),
        dossier_sections=tuple(sorted((one for s in known for one in s.dossier_sections), key=lambda one: one.order)),
        site_pages=tuple(one for s in known for one in s.site_pages),
        specimens=tuple(one.specimens for one in known if one.specimens),
        retention=tuple(one for s in known for one in s.retention),
    )
