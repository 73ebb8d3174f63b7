"""Prints of a dossier: their editions, and when another one may be made."""

from datetime import datetime, timedelta
from typing import Final, Literal

Edition = Literal["public", "committee", "poster"]
FOR_EVERYBODY: Final[tuple[Edition, ...]] = ("public", "poster")
REST: Final = timedelta(hours=1)
"""For how long what was made is new enough for the public; a clerk may have it made anew at any time."""


def may_ask(made_at: datetime | None, now: datetime) -> bool:
    """Whether the public may have another one made."""
    return made_at is None or now - made_at >= REST


def print_name(petition_id: int, edition: Edition, language: str) -> str:
    """The name under which a print is given out."""
    what = "poster" if edition == "poster" else "dossier"
    return f"petition-{petition_id}-{what}-{language}.pdf"
