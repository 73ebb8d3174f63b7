"""Tolerant search: as typed, then with parts of compounds, then with spelling corrected, then with some of the words.

It returns only numbers of public petitions. Suggested words are from texts that are public now.
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
"""If more petitions than this match, only the newest of them are ranked."""

_TERM: Final = re.compile(r"[^\W_]+")
_WITH_SIGNS: Final = re.compile(r"[\"“”]|(?:^|\s)-\w|\sor\s", re.IGNORECASE)
_WORD_AT_END: Final = re.compile(r"(?:^|(?<=\s))([^\W_]{2,})$")


@dataclass(frozen=True, slots=True)
class SearchScope:
    """The filters of a search, the order of its results, and the wanted page."""

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
    """The numbers of the petitions on one page, their total, and the words that were searched in the end."""

    ids: tuple[int, ...]
    total: int
    meant: str = ""  # the words that were searched instead, if the typed ones found nothing
    loosely: bool = False  # petitions have some of the words, because none has all


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One typed word, with the compounds that contain it; ``common`` words ("de", "voor") are ignored."""

    word: str
    compounds: tuple[str, ...]
    common: bool

    def wide(self, mended: str = "") -> str:
        """As a part of a tsquery; it contains only letters and digits."""
        return "(" + " | ".join(f"'{word}'" for word in dict.fromkeys((mended or self.word, *self.compounds))) + ")"


def split_prefix(words: str) -> tuple[str, str]:
    """The words before the last one, and the last one as a prefix query; empty if it is not a plain word."""
    match = _WORD_AT_END.search(words)
    return (words[: match.start()].strip(), f"'{match[1]}':*") if match else ("", "")


async def search(connection: Connection, words: str, within: SearchScope) -> SearchResult:
    """The petitions with these words, as tolerant as needed to find something."""
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
    """The result from the rows of a query: there is always at least one row, which has the total."""
    return SearchResult(tuple(row.id for row in rows if row.id is not None), rows[0].total)


async def list_all(connection: Connection, within: SearchScope) -> SearchResult:
    """The petitions without a search for words."""
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
    """The typed words, each with its compounds; none if operators (quotes, minus) ask for an exact search."""
    if _WITH_SIGNS.search(words):
        return []
    return await _with_compounds(connection, _words(words)[:MOST_TERMS], MOST_COMPOUNDS, "nl")


async def read_terms(
    connection: Connection, text: str, *, compounds: int, most: int, language: str
) -> list[SearchTerm]:
    """The ``most`` longest words of a text without stop words, each with at most so many ``compounds``."""
    longest = sorted(_words(text), key=len, reverse=True)[: 2 * most]  # because some of them may be common
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
    """For each word that no public text contains, the word that was probably meant, if there is one."""
    strange = [term.word for term in terms if not term.compounds and not term.common and len(term.word) <= LONGEST]
    sought = sorted({spelling for word in strange for spelling in spellings(word) if len(spelling) > 1})
    if not sought:
        return {}
    near = [row.word for row in await queries.search_words_near(connection, spellings=sought, most=MOST_NEAR)]
    meant = {word: nearest(word, near) for word in strange}
    return {word: best for word, best in meant.items() if best is not None and best != word}
