"""The event of a correction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from petitions.lifecycle.events.facts import CorrectingFacts
from petitions.lifecycle.events.kind import EventKind
from petitions.lifecycle.events.table import EVERYBODY
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling


@dataclass(frozen=True, slots=True)
class CorrectedFacts(CorrectingFacts):
    """The corrected facts of a step of a referral, or of news (then with its title)."""

    referral: int | None = None
    threshold: str = ""
    committee: str = ""
    step: str = ""
    title: str = ""


def _corrected(telling: Telling, facts: CorrectedFacts, _reader: EventReader) -> Sentences:
    """The corrected facts. Long texts are on the page of the event, beside the earlier ones."""
    _ = telling.say
    names = {
        "meeting_at": _("Time"),
        "place": _("Place"),
        "rapporteur": _("Rapporteur"),
        "to": _("Who was asked"),
        "link": _("Link"),
    }
    lines = [facts.reason]
    for name, change in facts.changes.items():
        if name in names and not facts.withheld:
            before, after = (_value(telling, name, change.get(when)) for when in ("before", "after"))
            lines.append(_("%(fact)s: %(after)s. Before: %(before)s.", fact=names[name], after=after, before=before))
        else:
            lines.append(_("The words were corrected."))
    what = facts.title or telling.step_name(facts.step)
    return _("A correction: %(what)s", what=what), tuple(lines)


def _value(telling: Telling, name: str, value: str | None) -> str:
    if not value:
        return "–"
    return telling.moment(datetime.fromisoformat(value)) if name == "meeting_at" else value


CORRECTED: Final = EventKind(
    name="corrected",
    facts=CorrectedFacts,
    shown="with_its_event",
    told=EVERYBODY,
    group="steps",
    sentence=_corrected,
)

KINDS: Final[tuple[EventKind[Any], ...]] = (CORRECTED,)
