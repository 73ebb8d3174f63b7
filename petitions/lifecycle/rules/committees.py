"""Which committee receives a petition: committees as data, and the choice of one for a body and a subject."""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from petitions.errors import ConfigurationError
from petitions.lifecycle.rules.procedures import LocalizedText, Procedure
from petitions.lifecycle.rules.subjects import SUBJECTS

BY_SUBJECT: Final = "by-subject"
"""Stands in a threshold instead of a slug when the committee depends on the subject of the petition."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Committee:
    """A committee, council or office of a body that handles referrals."""

    slug: str
    name: LocalizedText
    body: str  # Body.code of the procedures that refer to it
    description: LocalizedText  # one plain sentence: what it is about
    subjects: tuple[str, ...] = ()  # the subjects it receives where the choice is by subject


@dataclass(frozen=True)
class _File:
    committees: tuple[Committee, ...]


_FILE: TypeAdapter[_File] = TypeAdapter(_File)


def parse_committees(text: str, origin: str) -> tuple[Committee, ...]:
    """Read the committees from TOML, in the order of the file.

    Raises ConfigurationError, with ``origin`` in its message, for an unknown key or value, a slug used twice, or two
    committees of one body that would receive the same subject.
    """
    try:
        data: dict[str, Any] = tomllib.loads(text)
        committees = _FILE.validate_python(data).committees
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{origin}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"{origin}: {place}: {first['msg']}") from error
    if problem := _problem(committees):
        raise ConfigurationError(f"{origin}: {problem}")
    return committees


def _problem(committees: Iterable[Committee]) -> str | None:
    """What is wrong with these committees together, in one line; None when nothing is."""
    slugs: set[str] = set()
    receivers: dict[tuple[str, str], str] = {}
    for committee in committees:
        if committee.slug in slugs or committee.slug == BY_SUBJECT:
            return f"committee {committee.slug!r}: this slug is used twice or reserved"
        slugs.add(committee.slug)
        for subject in committee.subjects:
            if subject not in SUBJECTS:
                return f"committee {committee.slug!r}: unknown subject {subject!r}"
            other = receivers.setdefault((committee.body, subject), committee.slug)
            if other != committee.slug:
                return f"subject {subject!r} of {committee.body!r} goes to {other!r} and to {committee.slug!r}"
    return None


def committee_for_subject(committees: Iterable[Committee], body: str, subject: str) -> Committee | None:
    """The committee of ``body`` that receives petitions about ``subject``; None where no committee does."""
    return next((c for c in committees if c.body == body and subject in c.subjects), None)


def resolve_committee(named: str, committees: Mapping[str, Committee], body: str, subject: str) -> Committee | None:
    """The committee to which a threshold refers a petition.

    ``named`` is ``Threshold.committee``: a slug, ``"by-subject"``, or empty (effect "publish": there is no referral, so
    None). Raises ConfigurationError when there is no such committee; the loader has checked every known subject.
    """
    if not named:
        return None
    by_subject = named == BY_SUBJECT
    chosen = committee_for_subject(committees.values(), body, subject) if by_subject else committees.get(named)
    if chosen is None:
        raise ConfigurationError(f"no committee {named!r} of {body!r} for subject {subject!r}")
    return chosen


def missing_committee(procedure: Procedure, committees: Mapping[str, Committee]) -> str | None:
    """Why a threshold of this procedure would find no committee, in one line; None when every one does."""
    body = procedure.body.code
    for threshold in procedure.thresholds:
        place = f"threshold {threshold.code}"
        if threshold.committee == BY_SUBJECT:
            homeless = [s for s in SUBJECTS if committee_for_subject(committees.values(), body, s) is None]
            if homeless:
                return f"{place}: no committee of {body!r} receives {', '.join(homeless)}"
        elif threshold.committee:
            committee = committees.get(threshold.committee)
            if committee is None:
                return f"{place}: unknown committee {threshold.committee!r}"
            if committee.body != body:
                return f"{place}: committee {committee.slug!r} belongs to {committee.body!r}, not to {body!r}"
    return None
