"""Rows of events: some that the demonstration recorded (kept in ``recorded.json``), and made-up ones of other kinds."""

import json
from pathlib import Path
from typing import Any, Final

_REFERRAL: Final = {"referral": 9, "threshold": "examine", "committee": "verzoekschriften-en-burgerinitiatieven"}

RECORDED: Final[list[dict[str, Any]]] = json.loads(Path(__file__).with_name("recorded.json").read_text("utf-8"))
"""As version 1 of the facts of each kind was written."""

MADE_UP: Final[list[dict[str, Any]]] = [
    {"kind": "claimed", "data": {}},
    {"kind": "released", "data": {}},
    {"kind": "sent_back", "data": {"reason": "De Kamer gaat hier wel over."}},
    {"kind": "taken_back", "data": {}},
    {"kind": "objection_dismissed", "data": {"reason": "De wet geeft deze taak aan de gemeente."}},
    {"kind": "objection_upheld", "data": {"reason": "U vraagt om een wet.", "due_on": "2026-05-26"}},
    {
        "kind": "extended",
        "data": _REFERRAL | {"due_on": "2026-09-01", "was_due_on": None, "reason": "Er komt een hoorzitting."},
    },
    {
        "kind": "document_withdrawn_filed",
        "data": _REFERRAL
        | {"document": 7, "document_kind": "other", "title": "Notitie", "reason": "Er staat een fout in."},
    },
    {
        "kind": "question_refused",
        "data": {"number": 4, "ground": "personal", "reason": "U noemt de naam van een arts."},
    },
    {
        "kind": "step",
        "data": _REFERRAL
        | {"step": "hearing", "kind": "hearing", "date": "2026-06-02", "meeting": "planned", "place": "Statenpassage"}
        | {"meeting_at": "2026-06-02T13:15:00+02:00"},
    },
    {
        "kind": "vote",
        "data": _REFERRAL
        | {"motion": 1, "title": "Motie over nachtzorg", "date": "2026-06-02", "key": "undone/3", "corrected": True}
        | {"quiet": True},
    },
    {
        "kind": "motion",
        "data": _REFERRAL
        | {"motion": 1, "title": "Motie over nachtzorg", "date": "2026-06-02", "key": "removed/3", "removed": False},
    },
    {
        "kind": "corrected",
        "data": {"event": 5, "title": "Nieuws", "reason": "Er stond een naam in.", "withheld": True}
        | {"changes": {"text": {"before": None, "after": "Er is bericht."}}},
    },
]

ROWS: Final = RECORDED + MADE_UP
