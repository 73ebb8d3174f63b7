"""Prints of a dossier: their editions, and when a new one may be made."""

from datetime import datetime, timedelta
from typing import Final, Literal

Edition = Literal["public", "committee", "poster"]
FOR_EVERYBODY: Final[tuple[Edition, ...]] = ("public", "poster")
REST: Final = timedelta(hours=1)
"""How long a print is new enough for the public; clerks may request a new one at any time."""


def may_ask(made_at: datetime | None, now: datetime) -> bool:
    """Whether the public may request a new print."""
    return made_at is None or now - made_at >= REST


def print_name(petition_id: int, edition: Edition, language: str) -> str:
    """The file name of a print."""
    what = "poster" if edition == "poster" else "dossier"
    return f"petition-{petition_id}-{what}-{language}.pdf"
