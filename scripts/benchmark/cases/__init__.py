"""The cases, in the order of the table; each is a function that returns rows of the table."""

from collections.abc import Awaitable, Callable
from typing import Final

from scripts.benchmark.cases.big import big
from scripts.benchmark.cases.database import database
from scripts.benchmark.cases.journey import journey
from scripts.benchmark.cases.mail import backlog, mail
from scripts.benchmark.cases.memory import memory
from scripts.benchmark.cases.overload import overload
from scripts.benchmark.cases.reading import badge, count, embed, home, page
from scripts.benchmark.cases.writing import confirm, sign, spread
from scripts.benchmark.runs import CaseResult
from scripts.benchmark.shooting import Play

BenchmarkCase = Callable[[Play], Awaitable[list[CaseResult]]]

CASES: Final[dict[str, BenchmarkCase]] = {
    case.__name__: case
    for case in (
        count, badge, embed, page, home, sign, confirm, database, journey, spread, big, mail, backlog, memory, overload,
    )
}  # fmt: skip
