"""Spelling suggestions for a search: compound words that contain a word, and words within a small edit distance.

Dutch writes compounds as one word, so a search for "zorg" should find "nachtzorg" too, but not "schuur" for "huur",
where the rest is not a word. A slip is an inserted, missing or substituted letter, or two transposed ones (Damerau).
"""

import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

SHORTEST_PART: Final = 4
"""Shorter words occur in too many others by chance; they are only searched for as the beginning of a word."""
SHORTEST_SLIP: Final = 4
SHORTEST_FRONT: Final = 3
"""The minimum number of letters before the second part of a compound ("nacht" + "zorg", "zee" + "zorg")."""
LONGEST: Final = 40


def folded(word: str) -> str:
    """The word in lower case without accents: the same as search_folded() in the database."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def is_compound(word: str, part: str) -> bool:
    """Whether ``part`` is a part of the compound ``word``, or its beginning, judged by the letters alone."""
    at = folded(word).find(folded(part))
    return at == 0 or at >= SHORTEST_FRONT


def slips_allowed(word: str) -> int:
    """The number of slips that are tolerated in a word of this length."""
    if len(word) < SHORTEST_SLIP:
        return 0
    return 1 if len(word) < 8 else 2


def spellings(word: str) -> list[str]:
    """The word without one or two of its letters: two words that share such a spelling differ by few slips."""
    word = folded(word)[:LONGEST]
    found = {word} | {word[:n] + word[n + 1 :] for n in range(len(word))}
    if slips_allowed(word) > 1:
        found |= {one[:n] + one[n + 1 :] for one in tuple(found) for n in range(len(one))}
    return sorted(found)


def slips(one: str, other: str) -> int:
    """The number of slips between two words (optimal string alignment distance)."""
    one, other = folded(one), folded(other)
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row, older = row, [i], before
        before = above
        for j, against in enumerate(other, 1):
            best = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant by ``word``; None where no known one is near enough.

    Words with fewer slips come first, then those with the same first letter (it is rarely mistyped), then those that
    share more pairs of letters.
    """
    near = [(slips(word, one), one) for one in known]
    fitting = [(count, one[:1] != word[:1], -_pairs_shared(word, one), one) for count, one in near]
    best = min((one for one in fitting if one[0] <= slips_allowed(word)), default=None)
    return best[3] if best else None


def _pairs_shared(one: str, other: str) -> int:
    return len(set(pairwise(folded(one))) & set(pairwise(folded(other))))
