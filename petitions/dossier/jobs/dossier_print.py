"""The content of a printed dossier or poster: facts and words of a petition, as data for the typst templates.

Only public facts, and in the edition for the committee also its own documents. Nothing in it depends on the
moment of printing, so that the same facts give the same hash.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import segno

from petitions.charts import growth_chart
from petitions.dossier.jobs.drawing import draw
from petitions.durations import local_day
from petitions.lifecycle.events.registry import EventKinds
from petitions.lifecycle.events.table import STEP
from petitions.lifecycle.events.telling import Sentences, Telling
from petitions.lifecycle.reads.growth import DailyCount
from petitions.lifecycle.reads.petition import PublicPetition
from petitions.lifecycle.reads.printed import PrintedDocument
from petitions.lifecycle.reads.referral import RecordedStep, ShownReferral
from petitions.lifecycle.reads.timeline import TimelineEvent
from petitions.mail.letters import Wording

COLOURS: Final = {
    "ink": "basis-color-default-color-document",
    "muted": "basis-color-default-color-subtle",
    "accent": "basis-color-accent-1-color-default",
    "band": "basis-color-accent-1-bg-default",
    "rule": "basis-color-default-border-subtle",
    "paper": "basis-color-default-bg-document",
}
"""The colours of a print, and their tokens in the theme."""


@dataclass(frozen=True, slots=True)
class PrintFacts:
    """The facts of a petition for a print."""

    petition: PublicPetition
    referrals: tuple[ShownReferral, ...]
    events: tuple[TimelineEvent, ...]
    days: tuple[DailyCount, ...]
    documents: tuple[PrintedDocument, ...]


@dataclass(frozen=True, slots=True)
class PrintContext:
    """The language and style of a print: its words, the kinds of events, the colours by their tokens."""

    wording: Wording
    telling: Telling
    kinds: EventKinds
    tokens: Mapping[str, str]

    def tell(self, event: TimelineEvent) -> Sentences:
        """Headline and sentences about an event, for the public."""
        return self.kinds.tell(self.telling, event.kind, event.data, event.version, "public")


def _shared(sheet: PrintContext, petition: PublicPetition, address: str, kind: str) -> dict[str, Any]:
    say = sheet.wording.say
    return {
        "lang": sheet.wording.language,
        "colours": {name: sheet.tokens[token] for name, token in COLOURS.items()},
        "author": sheet.wording.site,
        "kind": kind,
        "document_title": petition.title or "",
        "title_lang": petition.language,
        "address": address,
        "qr": {"svg": _code(address), "alt": say("QR code with the address %(address)s", address=address)},
    }


def _code(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=2, light="#ffffff", dark="#000000")
    return drawn.getvalue().decode()


def made(sheet: PrintContext, moment: datetime, zone: Any) -> dict[str, Any]:
    """The date of printing, which is not part of the hashed facts."""
    day = local_day(moment, zone)
    text = sheet.wording.say("Made on %(day)s", day=sheet.wording.formats.day(day))
    return {"year": day.year, "month": day.month, "day": day.day, "text": text}


def poster(sheet: PrintContext, material: PrintFacts) -> dict[str, Any]:
    """A poster: the title, the request, the initiator, and the address of the petition."""
    say, petition = sheet.wording.say, material.petition
    address = f"{sheet.wording.public_url}/{petition.language}/petitions/{petition.id}"
    is_open = petition.stage == "open"
    if not is_open:
        until = say("Signing has ended. Read how it goes on.")
    elif petition.closes_on:
        until = say("You can sign until %(day)s.", day=sheet.wording.formats.day(petition.closes_on))
    else:
        until = ""
    return _shared(sheet, petition, address, say("Petition")) | {
        "request": _paragraphs(petition.request),
        "length": len(petition.request or "") + 2 * len(petition.title or ""),
        "by": say("Started by %(name)s", name=_initiator(petition)),
        "address_text": address.partition("://")[2],
        "labels": {
            "sign": say("Sign this petition") if is_open else say("Read this petition"),
            "how": say("Scan the code with your phone, or go to:"),
            "until": until,
        },
    }


def dossier(sheet: PrintContext, material: PrintFacts, *, for_committee: bool) -> dict[str, Any]:
    """A dossier: facts, text, growth, handling, sample, timeline, documents."""
    say, petition = sheet.wording.say, material.petition
    address = f"{sheet.wording.public_url}/{sheet.wording.language}/petitions/{petition.id}/dossier"
    kind = say("Dossier for the meeting of the committee") if for_committee else say("Dossier of a petition")
    sections = [
        _section(say("Facts"), _facts(sheet, petition)),
        _section(
            say("What is asked"),
            {"kind": "ask", "lang": petition.language, "text": _paragraphs(petition.request)},
        ),
        _section(say("Why"), _text(petition, petition.reasons)),
        _section(say("What the initiator did before"), _text(petition, petition.previous_action)),
        *_handling(sheet, material),
        _section(say("Growth of the signatures"), *_growth(sheet, material)),
        _section(say("Timeline"), _timeline(sheet, material)),
        _section(say("Documents"), _documents(sheet, material, address)),
    ]
    labels = {"page": say("Page"), "of": say("of")}
    return _shared(sheet, petition, address, kind) | {"labels": labels, "sections": [one for one in sections if one]}


def _section(title: str, *blocks: dict[str, Any] | None, level: int = 1) -> dict[str, Any]:
    """A section; an empty dict if it has no content."""
    given = [block for block in blocks if block]
    return {"title": title, "level": level, "blocks": given} if given else {}


def _paragraphs(text: str | None) -> list[str]:
    parts = (text or "").replace("\r\n", "\n").split("\n\n")
    return [part.strip() for part in parts if part.strip()]


def _text(petition: PublicPetition, text: str | None) -> dict[str, Any] | None:
    found = _paragraphs(text)
    return {"kind": "text", "lang": petition.language, "text": found} if found else None


def _table(
    columns: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[Any]], numbers: Sequence[int] = ()
) -> dict[str, Any] | None:
    """A table; a column with width 0 is as wide as its words. ``numbers``: the numeric columns."""
    if not rows:
        return None
    made = {"columns": list(columns), "widths": list(widths), "rows": [list(row) for row in rows]}
    return {"kind": "table", "numbers": list(numbers), **made}


def _initiator(petition: PublicPetition) -> str:
    return ", ".join(part for part in (petition.initiator_name, petition.initiator_place) if part)


def _facts(sheet: PrintContext, petition: PublicPetition) -> dict[str, Any] | None:
    say, formats, language = sheet.wording.say, sheet.wording.formats, sheet.wording.language
    zone = petition.procedure.body.zone
    rows = [
        (say("Number"), str(petition.id)),
        (say("Body"), petition.procedure.body.name[language]),
        (say("Procedure"), petition.procedure.name[language]),
        (say("Initiator"), _initiator(petition)),
        (say("Confirmed signatures"), formats.number(petition.confirmed)),
    ]
    if petition.opened_at:
        rows.append((say("Signing began on"), formats.day(petition.opened_at, zone)))
    if petition.signing_ended_on:
        rows.append((say("Signing ended on"), formats.day(petition.signing_ended_on)))
    elif petition.closes_on:
        rows.append((say("Can be signed until"), formats.day(petition.closes_on)))
    for threshold in petition.thresholds:
        if threshold.required and threshold.reached_at:
            name = say("%(count)s signatures", count=formats.number(threshold.required))
            rows.append((name, say("Reached on %(day)s", day=formats.day(threshold.reached_at, zone))))
    return _table([say("Subject"), say("Fact")], [2, 5], rows)


def _growth(sheet: PrintContext, material: PrintFacts) -> tuple[dict[str, Any] | None, ...]:
    lines = [(one.required, "") for one in material.petition.thresholds if one.required]
    chart = growth_chart([(day.day, day.total) for day in material.days], lines)
    if chart is None:
        return ()
    say, formats = sheet.wording.say, sheet.wording.formats
    rows = [(formats.short_day(one.until), formats.number(one.new), formats.number(one.total)) for one in chart.periods]
    table = _table([say("Up to and including"), say("New"), say("Total")], [1, 1, 1], rows, numbers=(1, 2))
    return draw(sheet.wording, chart), table


def _handling(sheet: PrintContext, material: PrintFacts) -> list[dict[str, Any]]:
    say, formats, spoken = sheet.wording.say, sheet.wording.formats, material.petition.language
    made: list[dict[str, Any]] = []
    for one in material.referrals:
        steps = one.view.steps
        rows = [(formats.short_day(step.happened_on), *_told(sheet, step, spoken)) for step in steps]
        columns = [say("Date"), say("Step"), say("What was said and decided")]
        name = one.committee.name[sheet.wording.language]
        made.append(_section(name, _referral(sheet, one), _table(columns, [2, 3, 8], rows), level=2))
    if made:
        made.insert(0, {"title": say("Handling by the committee"), "level": 1, "blocks": []})
    return [*made, _section(say("Check of the conditions and of the sample"), *_checked(sheet, material))]


def _checked(sheet: PrintContext, material: PrintFacts) -> list[dict[str, Any] | None]:
    """The committee's words about the check, and the result of a sample that was drawn here."""
    written = [
        _text(material.petition, step.data["text"])
        for one in material.referrals
        for step in one.view.steps
        if step.kind == "check_conditions" and step.data.get("text")
    ]
    drawn: list[dict[str, Any] | None] = [
        {"kind": "text", "lang": sheet.wording.language, "text": [" ".join(lines)]}
        for _, lines in (sheet.tell(event) for event in material.events if event.kind == "sample_result")
    ]
    return [*written, *drawn]


def _told(sheet: PrintContext, step: RecordedStep, spoken: str) -> tuple[str, dict[str, str]]:
    """The name of a step, and its text: mostly words of the committee, in the language of the petition."""
    known = {"step": step.step_code, "kind": step.kind, "date": step.happened_on.isoformat()}
    headline, lines = STEP.tell(sheet.telling, STEP.from_data(step.data | known, STEP.version), "public")
    return headline, {"text": "\n".join(line for line in lines if line), "lang": spoken}


def _referral(sheet: PrintContext, one: ShownReferral) -> dict[str, Any] | None:
    say, formats, language = sheet.wording.say, sheet.wording.formats, sheet.wording.language
    rows = [(say("Referred on"), formats.day(one.view.created_at, one.zone))]
    if one.view.due_on:
        rows.append((say("Due by"), formats.day(one.view.due_on)))
    if one.view.rapporteur:
        rows.append((say("Rapporteur"), one.view.rapporteur))
    if one.outcome:
        rows.append((say("Decision"), one.outcome.text[language]))
    if one.view.reasons:
        rows.append((say("Reasons"), one.view.reasons))
    return _table([say("Subject"), say("Fact")], [2, 5], rows)


def _timeline(sheet: PrintContext, material: PrintFacts) -> dict[str, Any] | None:
    say, formats = sheet.wording.say, sheet.wording.formats
    rows = []
    for event in material.events:
        headline, lines = sheet.tell(event)
        more = [line for line in lines if line] if event.kind in sheet.kinds.printed_whole else []
        rows.append((formats.short_day(event.on), "\n".join([headline, *more]).replace("\n\n", "\n")))
    return _table([say("Date"), say("What happened")], [2, 11], rows)


def _documents(sheet: PrintContext, material: PrintFacts, address: str) -> dict[str, Any] | None:
    say, formats = sheet.wording.say, sheet.wording.formats
    home = address.removesuffix("/dossier")
    rows = []
    for one in material.documents:
        if not one.given_out:
            continue
        where: Any = say("Only for the committee, at its desk")
        if one.public:
            url = f"{home}/documents/{one.id}"
            where = {"url": url, "text": url.partition("://")[2]}
        title = {"text": one.title, "lang": one.language}
        rows.append((formats.short_day(one.dated_on), title, where))
    return _table([say("Date"), say("Document"), say("Where")], [2, 5, 6], rows)
