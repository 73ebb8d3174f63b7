"""What the moderators' desk shows of a waiting petition: how long it waits, how near its due day is, and hints.

A hint comes from a pattern in the text. It points at something to read twice; it never decides, and a text without
hints is not thereby in order.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Final, Literal
from zoneinfo import ZoneInfo

from petitions.rules.durations import local_day, working_days_between

CLAIM_LASTS: Final = timedelta(hours=2)
"""After this a colleague may take over, so that a forgotten claim does not hold a petition up."""

Holder = Literal["me", "colleague", ""]

FIGURES_OVER: Final = timedelta(days=30)
"""How far back the figures of the desk look."""

SHOUTING_LETTERS: Final = 12
SHOUTING_SHARE: Final = 0.6


def claim_holds(claimed_at: datetime | None, now: datetime) -> bool:
    """Whether a claim made at ``claimed_at`` still keeps colleagues away."""
    return claimed_at is not None and claimed_at >= now - CLAIM_LASTS


def holder(claimed_by: int | None, claimed_at: datetime | None, staff_id: int, now: datetime) -> Holder:
    """Who works on a petition, as ``staff_id`` sees it; "" when nobody does (any more)."""
    if not claim_holds(claimed_at, now):
        return ""
    return "me" if claimed_by == staff_id else "colleague"


class Nearness(StrEnum):
    """How near the due day is, seen from today."""

    OVERDUE = "overdue"
    TODAY = "today"
    TOMORROW = "tomorrow"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Due:
    """The due day of a petition and how near it is; ``days`` are calendar days, to go or (overdue) gone by."""

    on: date
    nearness: Nearness
    days: int


def due(on: date, now: datetime, zone: ZoneInfo) -> Due:
    """How near ``on`` is by the clock of the body's ``zone``.

    ``soon`` is later than tomorrow with only a weekend between: on Friday, Monday is the next
    day on which somebody works.
    """
    today = local_day(now, zone)
    days = (on - today).days
    if days < 0:
        return Due(on, Nearness.OVERDUE, -days)
    if days == 0:
        return Due(on, Nearness.TODAY, 0)
    if days == 1:
        return Due(on, Nearness.TOMORROW, 1)
    return Due(on, Nearness.SOON if working_days_between(today, on) <= 1 else Nearness.LATER, days)


def days_waited(since: datetime, until: datetime, zone: ZoneInfo) -> int:
    """Working days from the day of submission to the day of ``until``; 0 on the day itself."""
    return working_days_between(local_day(since, zone), local_day(until, zone))


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that was taken, with the submission that it answers."""

    submitted_at: datetime
    decided_at: datetime
    due_on: date
    timezone: str

    @property
    def in_time(self) -> bool:
        """Whether it was taken on the due day at the latest, by the body's clock."""
        return local_day(self.decided_at, ZoneInfo(self.timezone)) <= self.due_on

    @property
    def waited(self) -> int:
        """The working days that the initiator waited."""
        return days_waited(self.submitted_at, self.decided_at, ZoneInfo(self.timezone))


@dataclass(frozen=True, slots=True)
class Figures:
    """How well the desk keeps its word; None where nothing was decided."""

    decided: int
    share_in_time: float | None
    median_wait: float | None


def figures(decisions: Sequence[Decision]) -> Figures:
    """The share that was decided in time and the median of the working days waited."""
    if not decisions:
        return Figures(0, None, None)
    kept = sum(decision.in_time for decision in decisions)
    return Figures(len(decisions), kept / len(decisions), float(median(d.waited for d in decisions)))


class HintKind(StrEnum):
    """What a pattern in the text points at."""

    SIMILAR = "similar"
    PERSON = "person"
    PERSONAL_DATA = "personal_data"
    OWN_SITUATION = "own_situation"
    OTHER_BODY = "other_body"
    MONEY = "money"
    LINK = "link"
    CAPITALS = "capitals"
    MENDED = "mended"


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint: what it is about, the words that it comes from, and where it counts something how many."""

    kind: HintKind
    words: str = ""
    count: int = 0


_PARTICLE: Final = r"(?:(?:van de[rn]?|de|den|ten|ter|el) )?"  # a bare "van" would make a ministry a person
_PERSON: Final = re.compile(
    r"\b(?:(?:[Ww]ethouder|[Bb]urgemeester|[Mm]inister|[Ss]taatssecretaris|[Kk]amerlid|[Rr]echter|[Dd]okter|"
    r"[Dd]irecteur|[Mm]ayor|[Cc]ouncillor|[Jj]udge|[Dd]octor|[Dd]irector) "
    r"|(?:[Mm]eneer|[Mm]evrouw|[Dd]hr\.?|[Mm]evr\.?|[Dd]e heer|Mr\.?|Mrs\.?|Ms\.?) (?:van (?!de))?)"
    + _PARTICLE
    + r"[A-ZÀ-Þ][\w’'-]{1,40}"
)
_PERSONAL_DATA: Final = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{0,62}\w"  # an e-mail address
    r"|\b0\d{1,3}[ -]?\d{6,8}\b|\+\d{2}[ -]?\d[\d -]{6,12}\d"  # a telephone number
    r"|\b[A-Z]{2}\d{2} ?[A-Z]{4} ?(?:\d ?){7,12}"  # a bank account
    r"|\b[A-Z][a-z]{2,30}(?:straat|laan|weg|plein|kade) \d{1,4}\b"  # a house
)
_OWN: Final = re.compile(
    r"\b(?:mijn|onze|my|our) (?:eigen )?"
    r"(?:uitkering|aanvraag|vergunning|bezwaar|rechtszaak|toeslag|aanslag|schuld|verblijfsvergunning|"
    r"benefits?|application|permit|appeal|claim|tax bill)\b",
    re.IGNORECASE,
)
_MUNICIPAL: Final = re.compile(
    r"\b(?:[Gg]emeenteraad|[Ww]ethouders?|[Bb]urgemeester|[Oo]nze gemeente|de gemeente [A-ZÀ-Þ]\w+|[Oo]nze wijk|"
    r"[Oo]nze straat|city council|town council|[Oo]ur street|[Oo]ur neighbourhood)\b"
)
_EUROPEAN: Final = re.compile(
    r"\b(?:Europese (?:Commissie|Unie)|Europees Parlement|European (?:Commission|Parliament|Union))\b"
)
_NATIONAL: Final = re.compile(
    r"\b(?:Tweede Kamer|Eerste Kamer|[Dd]e minister|[Dd]e regering|[Hh]et kabinet|"
    r"House of Representatives|[Tt]he government)\b"
)
_MONEY: Final = re.compile(r"\b(?:doneer|donaties?|crowdfund\w*|tikkie|donate|donations?|fundrais\w+)\b", re.IGNORECASE)
_LINK: Final = re.compile(r"(?:https?://|www\.)[^\s]{3,80}", re.IGNORECASE)

_ELSEWHERE: Final[dict[str, tuple[re.Pattern[str], ...]]] = {
    "municipality": (_NATIONAL, _EUROPEAN),
    "chamber": (_MUNICIPAL,),
    "parliament": (_MUNICIPAL,),
    "state": (_MUNICIPAL,),
    "union": (_MUNICIPAL,),
}


def hints(title: str, *texts: str | None, level: str, similar: int = 0, versions: int = 1) -> tuple[Hint, ...]:
    """What in a petition deserves a second look.

    ``texts`` are everything under the title, ``level`` that of the body, ``similar`` how many other petitions have all
    words of the title, ``versions`` how many texts were submitted. Every pattern runs in time linear to the text.
    """
    whole = "\n".join(text for text in (title, *texts) if text)
    patterns: list[tuple[HintKind, re.Pattern[str]]] = [
        (HintKind.PERSON, _PERSON),
        (HintKind.PERSONAL_DATA, _PERSONAL_DATA),
        (HintKind.OWN_SITUATION, _OWN),
        *((HintKind.OTHER_BODY, pattern) for pattern in _ELSEWHERE.get(level, ())),
        (HintKind.MONEY, _MONEY),
        (HintKind.LINK, _LINK),
    ]
    found: dict[HintKind, Hint] = {}
    if similar:
        found[HintKind.SIMILAR] = Hint(HintKind.SIMILAR, count=similar)
    for kind, pattern in patterns:
        if kind not in found and (match := pattern.search(whole)):
            found[kind] = Hint(kind, match[0].strip())
    if shouts(title):
        found[HintKind.CAPITALS] = Hint(HintKind.CAPITALS, title)
    if versions > 1:
        found[HintKind.MENDED] = Hint(HintKind.MENDED, count=versions)
    return tuple(found.values())


def shouts(title: str) -> bool:
    """Whether a title is written mostly in capitals."""
    letters = [letter for letter in title if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return len(letters) >= SHOUTING_LETTERS and capitals > SHOUTING_SHARE * len(letters)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text as it stayed, was taken out or was put in between two versions."""

    kind: Literal["same", "out", "in"]
    text: str


def differences(old: str, new: str) -> tuple[Piece, ...]:
    """What changed from ``old`` to ``new``, word by word; joined without the taken-out pieces it is ``new`` again.

    The matcher leaves very common words out of its search, which keeps long repetitive texts quick.
    """
    before, after = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    pieces: list[Piece] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(after[k:m])))
            continue
        if i < j:
            pieces.append(Piece("out", "".join(before[i:j])))
        if k < m:
            pieces.append(Piece("in", "".join(after[k:m])))
    return tuple(pieces)
