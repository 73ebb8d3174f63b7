"""Mutants of the conditions of the named queries in ``sql/queries``.

A condition that is dropped stays in the text as ``(condition or true)``, so that its parameters keep their types.
"""

import functools
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import aiosql

from scripts.mutation.mutants import Mutant
from scripts.mutation.sql_tokens import CONDITIONS, Token, tokens

_NAME: Final = re.compile(r"^-- name: *(\w+)", re.MULTILINE)
_SWAPPED: Final = {
    "=": "<>", "<>": "=", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "and": "or", "or": "and", "exists": "not exists",
}  # fmt: skip
_COMPARISONS: Final = {"=", "<>", "<", "<=", ">", ">="}
_END_OF_CONDITION: Final = {
    "group", "order", "limit", "offset", "returning", "for", "union", "on", "where", "having", "inner", "left", "cross",
    "join", "set", "then", "when", "else", ";", ",", "as",
}  # fmt: skip
Change = tuple[int, int, str]


@functools.cache
def _queries(path: str) -> object:
    return aiosql.from_str(Path(path).read_text(encoding="utf-8"), "asyncpg", mandatory_parameters=False)


def query_text(mutant: Mutant) -> str:
    """The text that the query of a mutant sends to the database as it is."""
    return str(getattr(_queries(mutant.path), mutant.where).sql)


def sql_mutants(path: str) -> list[Mutant]:
    """All mutants of a file, in the order of their places."""
    text = Path(path).read_text(encoding="utf-8")
    names = list(_NAME.finditer(text))
    made = []
    for place, name in enumerate(names):
        end = names[place + 1].start() if place + 1 < len(names) else len(text)
        for start, stop, new in sorted(set(changes(tokens(text[name.end() : end], name.end())))):
            first, last = len(text[:start].encode()), len(text[:stop].encode())
            line = text.count("\n", 0, start) + 1
            made.append(Mutant(path, name[1], 0, line, first, last, new.replace("\0", text[start:stop])))
    return made


def changes(words: list[Token]) -> Iterator[Change]:
    """What is put where; a zero byte stands for what is there."""
    for place, word in enumerate(words):
        before = words[place - 1] if place else None
        after = words[place + 1] if place + 1 < len(words) else None
        yield from _swapped(word, before, words, place)
        if word.word in {"is", "not"} and after is not None:
            yield from _negated(word, before, after)
        if word.kind == "number" and before is not None and before.text in _COMPARISONS:
            yield word.start, word.end, str(int(word.text) + 1) if word.text.isdigit() else f"{word.text}1"
        if word.kind == "string":
            yield from _string(word, before, words, place)
        if word.word == "coalesce":
            yield from _without_default(words, place)
        if word.word in CONDITIONS and word.clause == word.word and not _is_simple_case(words, place):
            yield from _dropped(words[place + 1 :], word)
        if word.text == "(" and not word.in_condition:
            yield from _grouped(words[place + 1 :], word)


def _swapped(word: Token, before: Token | None, words: list[Token], place: int) -> Iterator[Change]:
    last = before.word if before else ""
    if word.word in {"and", "or"} and _is_between(words, place):
        return
    if word.word == "=" and word.clause in {"set", "do"}:
        return  # an assignment
    if word.word == "exists" and last == "not":
        return
    if word.text in {"+", "-"} and before is not None and (before.kind in {"name", "number"} or before.text == ")"):
        yield word.start, word.end, "-" if word.text == "+" else "+"
    elif word.word in _SWAPPED:
        yield word.start, word.end, _SWAPPED[word.word]
    elif word.word == "in" and word.in_condition and last != "not":
        yield word.start, word.end, "not in"


def _is_between(words: list[Token], place: int) -> bool:
    """Whether this ``and`` belongs to a ``between``."""
    for word in reversed(words[:place]):
        if word.depth == words[place].depth and word.word in {"and", "or", "where", "on", "when"}:
            return False
        if word.word == "between" and word.depth == words[place].depth:
            return True
    return False


def _negated(word: Token, before: Token | None, after: Token) -> Iterator[Change]:
    if word.word == "is":
        yield (word.start, after.end, "is") if after.word == "not" else (word.start, word.end, "is not")
    elif before is None or before.word != "is":  # not exists, not in, not true
        yield word.start, word.end, ""


def _string(word: Token, before: Token | None, words: list[Token], place: int) -> Iterator[Change]:
    if before is not None and before.word == "interval":
        yield word.start, word.end, re.sub(r"\d+", lambda match: str(int(match[0]) + 1), word.text)
    elif _is_listed(words, place):
        yield word.start, word.end, "'XX'"


def _is_listed(words: list[Token], place: int) -> bool:
    """Whether this text is one of those in ``in ('a', 'b')``."""
    while place and (words[place].kind == "string" or words[place].text == ","):
        place -= 1
    return words[place].text == "(" and place > 0 and words[place - 1].word == "in"


def _without_default(words: list[Token], place: int) -> Iterator[Change]:
    """``coalesce(a, b)`` without ``b``."""
    depth, first = words[place].depth, None
    for word in words[place + 2 :]:
        if word.text == ")" and word.depth == depth:
            if first is not None:
                yield first.end, word.start, " null"
            return
        if word.text == "," and word.depth == depth + 1:
            first = word


def _dropped(rest: list[Token], head: Token) -> Iterator[Change]:
    """Each part of a condition, and each part of what stands in its parentheses, dropped."""
    condition: list[Token] = []
    for word in rest:
        ends = word.depth == head.depth and word.word in _END_OF_CONDITION
        if word.depth < head.depth or (ends and not _is_distinct(condition)) or word.text == ";":
            break
        condition.append(word)
    yield from _parts(condition, head.depth)


def _grouped(rest: list[Token], head: Token) -> Iterator[Change]:
    """The parts of a condition that stands alone in parentheses, as in ``(a and b)::integer``."""
    inside = list(itertools.takewhile(lambda word: word.depth > head.depth, rest))
    joined = [word.word for word in inside if word.depth == head.depth + 1]
    if {"and", "or"} & set(joined) and not {"select", "case", "where", "on"} & set(joined):
        yield from _parts(inside, head.depth + 1)


def _is_simple_case(words: list[Token], place: int) -> bool:
    """Whether this ``when`` is followed by a value to compare with, not by a condition."""
    if words[place].word != "when":
        return False
    outside = words[place].depth - 1
    case = next(n for n in range(place, -1, -1) if words[n].word == "case" and words[n].depth == outside)
    return words[case + 1].word != "when"


def _is_distinct(condition: list[Token]) -> bool:
    return bool(condition) and condition[-1].word == "distinct"


def _parts(words: list[Token], depth: int) -> Iterator[Change]:
    """The parts that ``and`` or ``or`` joins at this depth: true among ``and``, false among ``or``."""
    if not words or [word.word for word in words] in (["true"], ["false"]):
        return
    joins = [
        place
        for place, word in enumerate(words)
        if word.depth == depth and word.word in {"and", "or"} and not _is_between(words, place)
    ]
    is_or = any(words[place].word == "or" for place in joins)
    begin = 0
    for place in [*joins, len(words)]:
        part = words[begin:place]
        begin = place + 1
        if not part:
            continue
        yield part[0].start, part[-1].end, "(\0 and false)" if is_or else "(\0 or true)"
        inner = part[1:] if part[0].word == "not" else part
        if inner and inner[0].text == "(" and inner[1].word != "select" and _is_one(inner):
            yield from _parts(inner[1:-1], depth + 1)


def _is_one(part: list[Token]) -> bool:
    """Whether the first parenthesis is closed by the last word."""
    return part[-1].text == ")" and all(word.depth > part[0].depth for word in part[1:-1])
