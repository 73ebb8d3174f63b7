"""The public petitions that resemble a text: an initiator may sign one of them, a moderator sees duplicates."""

from itertools import combinations
from typing import Final

from petitions.database.pool import Database
from petitions.lifecycle.queries import similar as queries
from petitions.lifecycle.reads.search import SearchTerm, read_terms
from petitions.lifecycle.rules.usual_words import distinctive_words

MOST_PROBES: Final = 8
"""How many of the longest words select the petitions to compare: long words are rare and specific."""
COMPARED: Final = 600
"""How many characters of the text are compared: the title and the beginning of the request."""


SimilarPetition = queries.PetitionSimilarRow
"""A public petition that shares words with the text."""


def _probes(terms: list[SearchTerm]) -> str:
    """A tsquery for any two of the words, each itself or in a compound; for a single word, that word."""
    if len(terms) == 1:
        return terms[0].wide()
    return " | ".join(f"({one.wide()} & {other.wide()})" for one, other in combinations(terms, 2))


async def read_similar(
    database: Database, text: str, language: str, *, excluding: int | None, limit: int
) -> list[SimilarPetition]:
    """The open and closed petitions most like ``text`` (a title, or a title and a request), best first.

    ``excluding`` is the petition to which the text belongs, if any. A text without words finds nothing, and
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
