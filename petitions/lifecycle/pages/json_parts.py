"""Facts of a petition as data, the same in the read API and in the dossier."""

from typing import Any

from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.reads.timeline import EventCorrection
from petitions.lifecycle.rules.outlook import OutlookItem
from petitions.lifecycle.rules.procedures import LocalizedText


def both(text: LocalizedText | None) -> dict[str, str] | None:
    """A text of a procedure in each language."""
    return {"nl": text.nl, "en": text.en} if text else None


def threshold(shown: PetitionView, item: OutlookItem) -> dict[str, Any]:
    """One threshold of a petition: its effect, how binding that is, and whether it was reached."""
    own = next((t for t in shown.petition.thresholds if t.code == item.code), None)
    return {
        "code": item.code,
        "moment": item.threshold.at if item.threshold else None,
        "required": item.count,
        "effect": item.threshold.effect if item.threshold else None,
        "strength": item.strength,
        "who": both(item.who),
        "what": both(item.what),
        "confirmedByBody": not item.unconfirmed,
        "committee": own.committee_slug if own else None,
        "reachedAt": own.reached_at if own else None,
        "dueOn": item.due_on,
    }


def correction(one: EventCorrection) -> dict[str, Any]:
    """A corrected fact: its value before and after, and the reason."""
    return {
        "event": one.id,
        "correctedAt": one.occurred_at,
        "reason": one.reason,
        "changes": one.changes,
        "withheld": one.withheld,
    }
