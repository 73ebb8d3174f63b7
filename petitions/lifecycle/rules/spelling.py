"""What somebody may have meant: parts of compound words, and words with a slip of the finger.

Dutch writes compounds as one word, so who looks for "zorg" wants "nachtzorg" too; but not "schuur" for "huur", where
what is left is no word. A slip is a letter too many, too few, another one, or two that changed places (Damerau).
"""

import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

SHORTEST_PART: Final = 4
"""A shorter word is in too many others by chance; it is looked for as the beginning of a word only."""
SHORTEST_SLIP: Final = 4
SHORTEST_FRONT: Final = 3
"""At least this much stands before the part of a compound ("nacht" + "zorg", "zee" + "zorg")."""
LONGEST: Final = 40


def folded(word: str) -> str:
    """Small letters without accents: the same as search_folded() in the database."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def is_compound(word: str, part: str) -> bool:
    """Whether ``part`` is a part of the compound ``word``, or its beginning, as far as letters can tell."""
    at = folded(word).find(folded(part))
    return at == 0 or at >= SHORTEST_FRONT


def slips_allowed(word: str) -> int:
    """How many slips a word of this length may have before it is another word."""
    if len(word) < SHORTEST_SLIP:
        return 0
    return 1 if len(word) < 8 else 2


def spellings(word: str) -> list[str]:
    """What a word can share with one that differs by the slips it may have: it without one or two of its letters."""
    word = folded(word)[:LONGEST]
    found = {word} | {word[:n] + word[n + 1 :] for n in range(len(word))}
    if slips_allowed(word) > 1:
        found |= {one[:n] + one[n + 1 :] for one in tuple(found) for n in range(len(one))}
    return sorted(found)


def slips(one: str, other: str) -> int:
    """How many slips lie between two words (optimal string alignment)."""
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

    Fewest slips first; people rarely mistake the first letter; then the one that shares most pairs of letters.
    """
    near = [(slips(word, one), one) for one in known]
    fitting = [(count, one[:1] != word[:1], -_pairs_shared(word, one), one) for count, one in near]
    best = min((one for one in fitting if one[0] <= slips_allowed(word)), default=None)
    return best[3] if best else None


def _pairs_shared(one: str, other: str) -> int:
    return len(set(pairwise(folded(one))) & set(pairwise(folded(other))))
