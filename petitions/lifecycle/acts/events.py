"""What is written down of every change: one event, in the transaction of the change, and who is told about it."""

from datetime import datetime
from typing import Any, Final

from petitions.database.connection import Connection
from petitions.lifecycle.queries import events as queries
from petitions.lifecycle.rules.states import Actor

PRIVATE: Final = frozenset(
    {
        "draft_started",
        "draft_confirmed",
        "edited",
        "claimed",
        "released",
        "noted",
        "delayed",
        "proposed",
        "sent_back",
        "taken_back",
        "assigned",
        "question_refused",
        "document_filed",
        "document_withdrawn_filed",
    }
)
"""Kinds that are not on the public timeline."""

SILENT: Final = (PRIVATE - {"delayed", "question_refused"}) | {"contact", "paper_counted"}
"""Kinds about which nobody is mailed."""


async def record(
    connection: Connection,
    petition_id: int,
    kind: str,
    actor: Actor,
    *,
    now: datetime,
    staff_id: int | None = None,
    data: dict[str, Any] | None = None,
    told: bool = True,
) -> int:
    """Record an event and queue the mail about it; its number. Must run in the transaction of the change.

    ``data`` holds facts and published texts, never personal data of signatories. What is not ``told`` is on the
    timeline, but nobody is mailed about it: it is old, or it was told already.
    """
    number: int = await queries.event_record(
        connection,
        petition_id=petition_id,
        now=now,
        kind=kind,
        actor=actor.value,
        staff_id=staff_id,
        public=kind not in PRIVATE,
        data=data or {},
        tell=told and kind not in SILENT,
    )
    return number
