"""Comparing two recordings: a line for each difference, with what differs."""

import difflib
import json
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Final

from scripts.tour_recording import normal
from scripts.tour_recording.exchange import Answer, Asked, Recording

MOST_LINES: Final = 14
WIDTH: Final = 200


def compare(before: Path, after: Path, most: int) -> int:
    """Print the differences; 1 when there is one."""
    differences = total = raw = 0
    for one, other in zip_longest(Recording(before).exchanges(), Recording(after).exchanges()):
        total += 1
        if one is None or other is None or one[0] != other[0]:
            print(f"another request: {one and one[0]} | {other and other[0]}")  # noqa: T201
            differences += 1
            break
        raw += one[1].body == other[1].body
        if lines := list(_differ(one[0], one[1], other[1])):
            differences += 1
            if differences <= most:
                print("\n".join([f"DIFFERS {one[0]}", *lines]))  # noqa: T201
    for line in (*_mails(before, after), *_counts(before, after)):
        differences += 1
        print(line)  # noqa: T201
    mails = len(list((before / "mails").glob("*.eml")))
    print(  # noqa: T201
        f"{total} answers compared ({raw} with bodies equal to the byte before anything was normalised)"
        f" and {mails} mails: {differences} differences"
    )
    return 1 if differences else 0


def _differ(asked: Asked, one: Answer, other: Answer) -> Iterator[str]:
    """What differs between two answers."""
    if one.status != other.status:
        yield f"  status {one.status} | {other.status}"
    same = one.body == other.body
    yield from _diff(normal.headers(asked, one, same_body=same), normal.headers(asked, other, same_body=same))
    if not same:
        bodies = normal.text(asked, one.body), normal.text(asked, other.body)
        if bodies[0] != bodies[1]:
            yield from _diff(*(body.decode("utf-8", "replace").splitlines() for body in bodies)) or ["  bytes differ"]


def _diff(one: list[str], other: list[str]) -> list[str]:
    if one == other:
        return []
    lines = [line[:WIDTH] for line in difflib.unified_diff(one, other, lineterm="", n=0)][2:]
    shown = [f"  {line}" for line in lines if not line.startswith("@@")]
    return shown[:MOST_LINES] + ([f"  ... {len(shown) - MOST_LINES} more lines"] if len(shown) > MOST_LINES else [])


def _letters(folder: Path) -> Counter[bytes]:
    return Counter(normal.mail(path.read_bytes()) for path in (folder / "mails").glob("*.eml"))


def _mails(before: Path, after: Path) -> Iterator[str]:
    """Mails that are in one recording only; the order in which they were sent says nothing."""
    one, other = _letters(before), _letters(after)
    gone, new = sorted((one - other).elements()), sorted((other - one).elements())
    for mail, twin in zip_longest(gone, new, fillvalue=b""):
        yield "\n".join(["DIFFERS a mail", *_diff(_lines(mail), _lines(twin))])


def _lines(mail: bytes) -> list[str]:
    return mail.decode("utf-8", "replace").splitlines()


def _counts(before: Path, after: Path) -> Iterator[str]:
    """Tables that had another number of rows at the end."""
    one, other = (json.loads((folder / "counts.json").read_text("utf-8")) for folder in (before, after))
    for table in sorted(one.keys() | other.keys()):
        if one.get(table) != other.get(table):
            yield f"DIFFERS table {table} at the end: {one.get(table)} rows | {other.get(table)} rows"
