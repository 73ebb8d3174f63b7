"""The rules of real bodies as versioned data: one ``<code>.v<version>.toml`` per version, and their committees.

They are read once, at the start. An error in them stops the start with one clear line (ConfigurationError).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from petitions.errors import ConfigurationError
from petitions.lifecycle.rules.committees import Committee, missing_committee, parse_committees
from petitions.lifecycle.rules.eligibility import condition_problem
from petitions.lifecycle.rules.procedures import Procedure, parse
from petitions.lifecycle.rules.reasons import Reasons, parse_reasons
from petitions.lifecycle.rules.thresholds import can_open

FOLDER: Final = Path(__file__).resolve().parents[1] / "procedures"
COMMITTEES: Final = "committees.toml"
REASONS: Final = "reasons.toml"


def load_procedures(folder: Path = FOLDER) -> dict[tuple[str, int], Procedure]:
    """Every version of every procedure in ``folder``, by (code, version), in that order.

    Raises ConfigurationError for a file that cannot be read, a wrong file name, a duplicate version, versions of one
    procedure that are valid on the same day, an invalid condition, an unknown committee, or a threshold that this
    service cannot count. The last is a spread over regions, which is not implemented: a procedure that has one is
    accepted where no petition can be opened under it anyway, and is refused otherwise.
    """
    committees = load_committees(folder)
    files = sorted(path for path in folder.glob("*.toml") if path.name not in {COMMITTEES, REASONS})
    return arrange([(path.name, parse(_read(path), path.name)) for path in files], committees)


def load_committees(folder: Path = FOLDER) -> dict[str, Committee]:
    """Every committee by slug, in the order of the file. Raises ConfigurationError."""
    path = folder / COMMITTEES
    return {committee.slug: committee for committee in parse_committees(_read(path), path.name)}


@cache
def load_reasons(folder: Path = FOLDER) -> Reasons:
    """The canned reasons of refusal; read once. Raises ConfigurationError."""
    path = folder / REASONS
    return parse_reasons(_read(path), path.name) if path.exists() else Reasons({})


def arrange(
    parsed: Iterable[tuple[str, Procedure]], committees: Mapping[str, Committee]
) -> dict[tuple[str, int], Procedure]:
    """Put procedures, each with its file name, in order by (code, version), after checking them together."""
    origins: dict[tuple[str, int], str] = {}
    procedures: dict[tuple[str, int], Procedure] = {}
    for origin, procedure in parsed:
        key = (procedure.code, procedure.version)
        if key in origins:
            raise ConfigurationError(f"{origin}: {key[0]} version {key[1]} stands in {origins[key]} already")
        if problem := _problem(origin, procedure, committees):
            raise ConfigurationError(f"{origin}: {problem}")
        origins[key] = origin
        procedures[key] = procedure
    ordered = {key: procedures[key] for key in sorted(procedures)}
    _refuse_overlap(ordered.values())
    return ordered


def _problem(origin: str, procedure: Procedure, committees: Mapping[str, Committee]) -> str | None:
    expected = f"{procedure.code}.v{procedure.version}.toml"
    if origin != expected:
        return f"this file must be called {expected}"
    if procedure.valid_to is not None and procedure.valid_to <= procedure.valid_from:
        return "valid_to must come after valid_from"
    for condition in (*procedure.starter.conditions, *procedure.signer.conditions):
        if problem := condition_problem(condition):
            return problem
    for threshold in procedure.thresholds:
        if threshold.count is not None and threshold.count < 1:
            return f"threshold {threshold.code}: count must be at least 1"
        if threshold.spread is not None and can_open(procedure) is None:
            return f"threshold {threshold.code}: a spread over regions cannot be counted, so nothing could open"
    return missing_committee(procedure, committees)


def _refuse_overlap(ordered: Iterable[Procedure]) -> None:
    by_code: dict[str, list[Procedure]] = {}
    for procedure in ordered:
        by_code.setdefault(procedure.code, []).append(procedure)
    for code, versions in by_code.items():
        for earlier, later in pairwise(sorted(versions, key=lambda version: version.valid_from)):
            if (earlier.valid_to or date.max) > later.valid_from:
                raise ConfigurationError(
                    f"{code}: versions {earlier.version} and {later.version} are both valid on {later.valid_from}"
                )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.name}: cannot be read ({error.__class__.__name__})") from error
