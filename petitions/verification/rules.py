"""Checking support by a sample: the list, the draw, and the estimate from the answers.

Nobody can choose who is drawn. First the list is closed and its digest is published. The seed is a value from
outside that nobody here controls, published after that moment. From digest, seed and the length of the list
anybody can repeat the draw: docs/verification.md gives a script of a few lines. Estimates are presented as such;
nothing is decided here.
"""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from heapq import nsmallest
from typing import Final, Literal
from zoneinfo import ZoneInfo

from petitions.lifecycle.rules.clauses import Verification

CheckResult = Literal["verified", "refused", "no_answer", "gone"]
"""The result for one signature in the sample. ``gone``: withdrawn or erased since, so that nobody can be asked."""
RECORDED: Final[tuple[CheckResult, ...]] = ("verified", "refused", "no_answer")
"""The results that a clerk can record."""
SeedProblem = Literal["", "missing", "seed_too_early", "date_future"]
Z_95: Final = 1.959963984540054
"""The 97.5th percentile of the normal distribution: 95 of 100 such intervals contain the true share."""


def list_digest(keys: Iterable[bytes]) -> str:
    """The SHA-256 (hexadecimal) of a list: one line per place, with the place and the SHA-256 of its random key.

    It reveals nothing about anybody, and no other list has it.
    """
    digest = hashlib.sha256()
    for place, key in enumerate(keys, 1):
        digest.update(f"{place} {hashlib.sha256(key).hexdigest()}\n".encode())
    return digest.hexdigest()


def sample_size(verification: Verification, listed: int) -> int:
    """The size of the sample from a list of this length."""
    wanted = verification.size if verification.share is None else math.ceil(verification.share * listed)
    return min(max(wanted or 0, verification.minimum), listed)


def draw(digest: str, seed: str, listed: int, size: int) -> tuple[int, ...]:
    """The drawn places of a list of length ``listed``, in ascending order.

    Each place gets a ticket: the SHA-256 of digest, seed and place, on three lines. The lowest tickets are drawn.
    """
    head = f"{digest}\n{seed}\n"

    def ticket(place: int) -> tuple[bytes, int]:
        return hashlib.sha256(f"{head}{place}".encode()).digest(), place

    return tuple(sorted(nsmallest(size, range(1, listed + 1), key=ticket)))


def seed_problem(published_at: datetime | None, listed_at: datetime, now: datetime) -> SeedProblem:
    """The problem with the moment at which a seed was published: it must be after the closing of the list, and past.

    Moments are typed in minutes, so that the minute of the closing itself is allowed.
    """
    if published_at is None:
        return "missing"
    if published_at < listed_at.replace(second=0, microsecond=0):
        return "seed_too_early"
    return "date_future" if published_at > now else ""


def may_finish(answer_by: date, today: date, waiting: int) -> bool:
    """Whether the result can be established: everybody answered, or the last day for it has passed."""
    return waiting == 0 or today > answer_by


def remind_at(drawn_at: datetime, answer_by: date, zone: ZoneInfo) -> datetime:
    """When the one reminder is sent to people who have not answered: half way to the last day."""
    return drawn_at + (datetime.combine(answer_by, time(12), zone) - drawn_at) / 2


@dataclass(frozen=True, slots=True)
class SupportEstimate:
    """A share with its interval, and the corresponding numbers for the whole list."""

    share: float
    low: float
    high: float
    fewest: int
    most: int


def wilson(found: int, drawn: int, z: float = Z_95) -> tuple[float, float]:
    """The Wilson score interval for a share: (low, high), both between 0 and 1.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212.
    It also works near 0 and 1, where the normal interval does not. ``drawn`` must be above 0.
    """
    share, square = found / drawn, z * z
    middle = (share + square / (2 * drawn)) / (1 + square / drawn)
    half = z * math.sqrt(share * (1 - share) / drawn + square / (4 * drawn * drawn)) / (1 + square / drawn)
    return max(0.0, middle - half), min(1.0, middle + half)


def estimate(found: int, drawn: int, listed: int) -> SupportEstimate | None:
    """The share of ``found`` among ``drawn``, and the estimated range for the whole list; None without a draw."""
    if drawn == 0:
        return None
    low, high = wilson(found, drawn) if drawn < listed else (found / drawn, found / drawn)
    return SupportEstimate(found / drawn, low, high, math.floor(low * listed), math.ceil(high * listed))


@dataclass(frozen=True, slots=True)
class SampleTally:
    """The numbers of each result in the sample."""

    verified: int = 0
    refused: int = 0
    no_answer: int = 0
    gone: int = 0

    @property
    def drawn(self) -> int:
        """The size of the sample."""
        return self.verified + self.refused + self.no_answer + self.gone

    @property
    def answered(self) -> int:
        """How many answered yes or no."""
        return self.verified + self.refused
