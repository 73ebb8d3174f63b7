"""Loading the rules: procedure versions and committees into the database. A version in use must not change."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Final

from petitions.database.pool import Database
from petitions.errors import ConfigurationError
from petitions.lifecycle.queries import loading as queries
from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.procedures import LocalizedText, Procedure, RuleSource

MENDABLE: Final = frozenset(
    {"unconfirmed", "listed", "valid_to", "sources", "slot", "verification", "handover", "paper"}
)
"""The fields that can change without changing the rules for a petition under this version.

The usual times of meetings are only proposals. How support is checked, and the columns of the hand-over, bind the body,
not the signatory: a column can only hold data that was handed over before, and a draw stores its own facts.
Signing on paper takes nothing away from signing online.
"""


def content_hash(procedure: Procedure) -> str:
    """A hash of the decisive rules. Wording, sources and marks may be corrected without a new version."""
    return hashlib.sha256(json.dumps(_decisive(procedure), default=str, sort_keys=True).encode()).hexdigest()


def _decisive(value: Any) -> Any:
    if isinstance(value, LocalizedText | RuleSource):
        return None
    if is_dataclass(value):
        return {
            field.name: _decisive(getattr(value, field.name)) for field in fields(value) if field.name not in MENDABLE
        }
    return [_decisive(part) for part in value] if isinstance(value, tuple) else value


async def load_rules(
    database: Database,
    procedures: dict[tuple[str, int], Procedure],
    committees: dict[str, Committee],
    *,
    now: datetime,
) -> None:
    """Record committees and procedure versions. Raises ConfigurationError when a version in use has changed."""
    async with database.transaction() as connection:
        for committee in committees.values():
            await queries.committee_record(connection, slug=committee.slug, body=committee.body)
        for (code, version), procedure in procedures.items():
            fresh = content_hash(procedure)
            known = await queries.procedure_record(
                connection, code=code, version=version, body=procedure.body.code, content_hash=fresh, now=now
            )
            if known == fresh:
                continue
            if await queries.procedure_in_use(connection, code=code, version=version):
                raise ConfigurationError(
                    f"{code} version {version} has changed while petitions are pinned to it: write a new version"
                )
            await queries.procedure_replace(connection, code=code, version=version, content_hash=fresh)
