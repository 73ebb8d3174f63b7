"""Which public petitions resemble a text: an initiator may sign one of those, a moderator sees what is double."""

from itertools import combinations
from typing import Final

from petitions.database.pool import Database
from petitions.lifecycle.queries import similar as queries
from petitions.lifecycle.reads.search import SearchTerm, read_terms
from petitions.lifecycle.rules.usual_words import distinctive_words

MOST_PROBES: Final = 8
"""So many of the longest words find the petitions to compare with: long words are rare, and say what it is about."""
COMPARED: Final = 600
"""So many characters of the text are compared: the title and the beginning of the request."""


SimilarPetition = queries.PetitionSimilarRow
"""A public petition that shares words with the text."""


def _probes(terms: list[SearchTerm]) -> str:
    """As a tsquery: two of the words, whichever, each itself or in a compound; of one word that one."""
    if len(terms) == 1:
        return terms[0].wide()
    return " | ".join(f"({one.wide()} & {other.wide()})" for one, other in combinations(terms, 2))


async def read_similar(
    database: Database, text: str, language: str, *, excluding: int | None, limit: int
) -> list[SimilarPetition]:
    """The open and closed petitions most like ``text`` (a title, or a title and a request), best first.

    ``excluding`` is the petition that the text belongs to, where it has one. A text without words finds nothing, and
    words that most petitions have ("make", "more") do not count.
    """
    text = distinctive_words(text)
    async with database.connection() as connection:
        terms = await read_terms(connection, text[:COMPARED], compounds=12, most=MOST_PROBES, language=language)
        if not terms:
            return []
        return await queries.petition_similar(
            connection,
            text=text,
            language=language,
            probes=_probes(terms),
            akin=" ".join(word for term in terms for word in term.compounds),
            excluding=excluding or 0,
            at_most=limit,
        )
