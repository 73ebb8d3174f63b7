"""Hints for the moderators' desk: what in a petition deserves a second look, each with its basis.

A hint comes from a pattern in the text or from a count. It points at something to read again and never decides; a
petition without hints can still be out of order.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

SHOUTING_LETTERS: Final = 12
SHOUTING_SHARE: Final = 0.6

TOGETHER: Final = timedelta(minutes=1)
"""Sponsors who sign within this time of each other may be one person with several mailboxes."""
TOGETHER_LEAST: Final = 3


class HintKind(StrEnum):
    """The kind of a hint."""

    SIMILAR = "similar"
    PERSON = "person"
    PERSONAL_DATA = "personal_data"
    OWN_SITUATION = "own_situation"
    OTHER_BODY = "other_body"
    GROUND = "ground"
    MONEY = "money"
    LINK = "link"
    SHOUTING = "shouting"
    SPONSORS = "sponsors"
    MENDED = "mended"


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint: what it is about, and its basis: the words it comes from, how many of how many, a ground of refusal."""

    kind: HintKind
    words: str = ""
    count: int = 0
    total: int = 0
    ground: str = ""


_PARTICLE: Final = r"(?:(?:van de[rn]?|de|den|ten|ter|el) )?"  # a bare "van" would make a ministry a person
_OFFICES: Final = (
    r"[Ww]ethouder|[Bb]urgemeester|[Mm]inister|[Ss]taatssecretaris|[Mm]inister-president|[Pp]remier|[Kk]amerlid|"
    r"[Rr]aadslid|[Ss]enator|[Rr]echter|[Oo]fficier|[Dd]okter|[Pp]rofessor|[Dd]irecteur|[Vv]oorzitter|"
    r"[Mm]ayor|[Cc]ouncillor|[Pp]rime [Mm]inister|[Jj]udge|[Dd]octor|[Dd]irector|[Cc]hairman|[Cc]hairwoman"
)
_HONORIFICS: Final = r"[Mm]eneer|[Mm]evrouw|[Dd]hr\.?|[Mm]evr\.?|[Dd]e heer|Mr\.?|Mrs\.?|Ms\.?"
_PERSON: Final = re.compile(
    rf"\b(?:(?:{_OFFICES}) |(?:{_HONORIFICS}) (?:van (?!de))?)" + _PARTICLE + r"[A-ZÀ-Þ][\w’'-]{1,40}"
)
_PERSONAL_DATA: Final = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{0,62}\w"  # an e-mail address
    r"|\b0\d{1,3}[ -]?\d{6,8}\b|\+\d{2}[ -]?\d[\d -]{6,12}\d"  # a telephone number
    r"|\b[A-Z]{2}\d{2} ?[A-Z]{4} ?(?:\d ?){7,12}"  # a bank account
    r"|\b[A-Z][a-z]{2,30}(?:straat|laan|weg|plein|kade) \d{1,4}\b"  # a home address
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
_CRIES: Final = re.compile(r"\w{1,20} ?[!?]{3,9}")  # bounded, so that a hostile text is read in linear time

_ELSEWHERE: Final[dict[str, tuple[re.Pattern[str], ...]]] = {
    "municipality": (_NATIONAL, _EUROPEAN),
    "chamber": (_MUNICIPAL,),
    "parliament": (_MUNICIPAL,),
    "state": (_MUNICIPAL,),
    "union": (_MUNICIPAL,),
}

Watched = tuple[tuple[str, tuple[str, ...]], ...]
"""Grounds of refusal, each with the words that point at it; a word that ends in ``*`` is the beginning of words."""


def hints(
    title: str,
    *texts: str | None,
    level: str,
    similar: int = 0,
    versions: int = 1,
    sponsored: Sequence[datetime] = (),
    watched: Watched = (),
) -> tuple[Hint, ...]:
    """What in a petition deserves a second look.

    ``texts`` are everything under the title, ``level`` that of the body, ``similar`` how many other petitions have all
    words of the title, ``versions`` how many texts were submitted, ``sponsored`` when its sponsors signed, ``watched``
    the grounds of its procedure with the words that point at them. Every pattern runs in time linear to the text.
    """
    found: list[Hint] = [Hint(HintKind.SIMILAR, count=similar)] if similar else []
    found += _in_text(title, tuple(text for text in texts if text), level, watched)
    together = signed_together(sponsored)
    if together >= TOGETHER_LEAST and 2 * together >= len(sponsored):
        found.append(Hint(HintKind.SPONSORS, count=together, total=len(sponsored)))
    if versions > 1:
        found.append(Hint(HintKind.MENDED, count=versions))
    return tuple(found)


@lru_cache(maxsize=1024)
def _in_text(title: str, texts: tuple[str, ...], level: str, watched: Watched) -> tuple[Hint, ...]:
    """The hints from patterns in the text; cached, because the queue asks for the same waiting petitions repeatedly."""
    whole = "\n".join((title, *texts))
    patterns: list[tuple[HintKind, re.Pattern[str]]] = [
        (HintKind.PERSON, _PERSON),
        (HintKind.PERSONAL_DATA, _PERSONAL_DATA),
        (HintKind.OWN_SITUATION, _OWN),
        *((HintKind.OTHER_BODY, pattern) for pattern in _ELSEWHERE.get(level, ())),
        (HintKind.MONEY, _MONEY),
        (HintKind.LINK, _LINK),
    ]
    found: dict[HintKind, Hint] = {}
    for kind, pattern in patterns:
        if kind not in found and (match := pattern.search(whole)):
            found[kind] = Hint(kind, match[0].strip())
    if shouts(title):
        found[HintKind.SHOUTING] = Hint(HintKind.SHOUTING, title)
    elif match := _CRIES.search(whole):
        found[HintKind.SHOUTING] = Hint(HintKind.SHOUTING, match[0])
    grounds = (Hint(HintKind.GROUND, words, ground=code) for code, words in _pointed_at(whole, watched))
    return (*found.values(), *grounds)


def _pointed_at(whole: str, watched: Watched) -> list[tuple[str, str]]:
    """The grounds that words of the text point at, each with the first such word."""
    found: list[tuple[str, str]] = []
    for code, words in watched:
        ends = "|".join(re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "") for word in words)
        if match := re.search(rf"\b(?:{ends})\b", whole, re.IGNORECASE):
            found.append((code, match[0]))
    return found


def shouts(title: str) -> bool:
    """Whether a title is written mostly in capitals."""
    letters = [letter for letter in title if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return len(letters) >= SHOUTING_LETTERS and capitals > SHOUTING_SHARE * len(letters)


def signed_together(moments: Sequence[datetime]) -> int:
    """The largest number of sponsors who signed within a minute of each other.

    Only the moments are used. Addresses were given for the confirmation alone, so they are not compared: one address
    cannot sponsor twice anyway, and a household or an office may share a domain.
    """
    ordered = sorted(moments)
    most = first = 0
    for last, moment in enumerate(ordered):
        while moment - ordered[first] > TOGETHER:
            first += 1
        most = max(most, last - first + 1)
    return most


def kinds_of(found: Sequence[Hint]) -> frozenset[str]:
    """The kinds of these hints, for the filter of the queue."""
    return frozenset(hint.kind.value for hint in found)


def watched_words(words: Mapping[str, tuple[str, ...]]) -> Watched:
    """The words that point at each ground, as :func:`hints` takes them."""
    return tuple((code, some) for code, some in sorted(words.items()) if some)
