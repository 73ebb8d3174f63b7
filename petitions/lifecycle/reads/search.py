"""Search that forgives: as typed, then with parts of compounds, then with slips mended, then with some of the words.

Only numbers of public petitions come out of here. The words that are suggested are words of texts that are public now.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from petitions.database.connection import Connection
from petitions.lifecycle.queries import search as queries
from petitions.lifecycle.rules.spelling import LONGEST, SHORTEST_PART, folded, is_compound, nearest, spellings

MOST_TERMS: Final = 8
MOST_COMPOUNDS: Final = 60
MOST_NEAR: Final = 50
MOST_RANKED: Final = 1000
"""Of words that more petitions have than this, only the newest are ranked."""

_TERM: Final = re.compile(r"[^\W_]+")
_WITH_SIGNS: Final = re.compile(r"[\"“”]|(?:^|\s)-\w|\sor\s", re.IGNORECASE)
_WORD_AT_END: Final = re.compile(r"(?:^|(?<=\s))([^\W_]{2,})$")


@dataclass(frozen=True, slots=True)
class SearchScope:
    """Where is searched, in which order, and which part of what is found is wanted."""

    stages: Sequence[str]
    handling: str | None
    subject: str | None
    procedures: Sequence[str] | None
    committee: str | None
    sort: str
    most: int
    skip: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The numbers of the petitions on one page, how many there are, and what was searched for in the end."""

    ids: tuple[int, ...]
    total: int
    meant: str = ""  # other words than were typed, where those found nothing
    loosely: bool = False  # petitions with some of the words, because none has all


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One word of what was typed, with the compounds that contain it; ``common`` words ("de", "voor") do not matter."""

    word: str
    compounds: tuple[str, ...]
    common: bool

    def wide(self, mended: str = "") -> str:
        """As a part of a tsquery; only letters and digits stand in it."""
        return "(" + " | ".join(f"'{word}'" for word in dict.fromkeys((mended or self.word, *self.compounds))) + ")"


def split_prefix(words: str) -> tuple[str, str]:
    """The words before the last one, and the last one as the beginning of a word; empty where it is no plain word."""
    match = _WORD_AT_END.search(words)
    return (words[: match.start()].strip(), f"'{match[1]}':*") if match else ("", "")


async def search(connection: Connection, words: str, within: SearchScope) -> SearchResult:
    """The petitions with these words, as forgiving as it must be to find something."""
    terms = await _terms(connection, words)
    typed = await _find(connection, words, " & ".join(term.wide() for term in terms), within)
    if typed.total or not terms:
        return typed
    mended = await _mended(connection, terms)
    meant = " ".join(mended.get(term.word, term.word) for term in terms) if mended else ""
    wide = [term.wide(mended.get(term.word, "")) for term in terms]
    if meant:
        search_result = await _find(connection, meant, " & ".join(wide), within)
        if search_result.total:
            return SearchResult(search_result.ids, search_result.total, meant)
    weighty = [part for part, term in zip(wide, terms, strict=True) if not term.common]
    if len(weighty) > 1:
        search_result = await _find(connection, words, " | ".join(weighty), within)
        if search_result.total:
            return SearchResult(search_result.ids, search_result.total, meant, loosely=True)
    return SearchResult((), 0, meant)


async def _find(connection: Connection, words: str, wide: str, within: SearchScope) -> SearchResult:
    before, last = split_prefix(words)
    rows = await queries.petitions_search(
        connection,
        words=words,
        words_before=before,
        beginning=last,
        wide=wide,
        most_ranked=MOST_RANKED,
        stages=within.stages,
        handling=within.handling,
        subject=within.subject,
        procedures=within.procedures,
        committee=within.committee,
        sort=within.sort,
        most=within.most,
        skip=within.skip,
    )
    return search_result(rows)


def search_result(rows: Sequence[queries.PetitionsSearchRow] | Sequence[queries.PetitionsListRow]) -> SearchResult:
    """From the rows of a query of numbers: there is always one, which says how many there are in all."""
    return SearchResult(tuple(row.id for row in rows if row.id is not None), rows[0].total)


async def list_all(connection: Connection, within: SearchScope) -> SearchResult:
    """The petitions without looking for words."""
    rows = await queries.petitions_list(
        connection,
        stages=within.stages,
        handling=within.handling,
        subject=within.subject,
        procedures=within.procedures,
        committee=within.committee,
        sort=within.sort,
        most=within.most,
        skip=within.skip,
    )
    return search_result(rows)


async def _terms(connection: Connection, words: str) -> list[SearchTerm]:
    """The words that were typed, each with its compounds; none where signs (quotes, minus) ask for exactly this."""
    if _WITH_SIGNS.search(words):
        return []
    return await _with_compounds(connection, _words(words)[:MOST_TERMS], MOST_COMPOUNDS, "nl")


async def read_terms(
    connection: Connection, text: str, *, compounds: int, most: int, language: str
) -> list[SearchTerm]:
    """The ``most`` longest words of a text that matter in its language, each with so many ``compounds``."""
    longest = sorted(_words(text), key=len, reverse=True)[: 2 * most]  # some of them may be common
    terms = await _with_compounds(connection, longest, compounds, language)
    return [term for term in terms if not term.common][:most]


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(word.lower() for word in _TERM.findall(text) if folded(word)))


async def _with_compounds(connection: Connection, words: list[str], most: int, language: str) -> list[SearchTerm]:
    compounds: dict[int, list[str]] = {}
    common: dict[int, bool] = {}
    for row in await queries.search_words_containing(
        connection, words=[folded(word) for word in words], shortest=SHORTEST_PART, most=most, language=language
    ):
        common[row.place] = row.common
        if row.word is not None and is_compound(row.word, words[row.place - 1]):
            compounds.setdefault(row.place, []).append(row.word)
    return [
        SearchTerm(word, tuple(compounds.get(place, ())), common.get(place, False))
        for place, word in enumerate(words, 1)
    ]


async def _mended(connection: Connection, terms: Sequence[SearchTerm]) -> dict[str, str]:
    """For the words that no public text has, the word that was probably meant, where there is one."""
    strange = [term.word for term in terms if not term.compounds and not term.common and len(term.word) <= LONGEST]
    sought = sorted({spelling for word in strange for spelling in spellings(word) if len(spelling) > 1})
    if not sought:
        return {}
    near = [row.word for row in await queries.search_words_near(connection, spellings=sought, most=MOST_NEAR)]
    meant = {word: nearest(word, near) for word in strange}
    return {word: best for word, best in meant.items() if best is not None and best != word}
