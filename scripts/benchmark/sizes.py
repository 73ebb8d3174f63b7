"""The sizes of the benchmark: all durations and amounts."""

from dataclasses import dataclass
from typing import Final

CONNECTIONS: Final = 256
"""Connections of wrk in cases that look for the highest rate: many, so that they share commits."""

PGBENCH_CLIENTS: Final = 64
SUBMITTERS: Final = 2_000
"""Callers that wait for a commit at the same time, where the database path is measured alone."""

PROBES_PER_SECOND: Final = 50
OVERLOAD_FACTOR: Final = 3
STORM: Final = 6_100_000
"""Signatures of the petition of March 2019 to revoke Article 50."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The amounts of one run of the benchmark."""

    seconds: float = 6.0  # one shot of wrk
    warm_up: float = 2.0
    runs: int = 3
    petitions: int = 68  # in an ordinary database, as many as in the demonstration
    spread: int = 1_000
    big_petitions: int = 20_000
    big_signatures: int = 5_000_000
    confirm_rate: int = 16_000  # waiting signatures are made beforehand for this many confirmations a second
    database_rate: int = 45_000  # the same for the database path alone
    mails: int = 20_000
    backlog: int = 100_000
    backlog_patience: float = 600.0  # how long a backlog may take to drain before we go on
    journey_factor: float = 4.0  # a journey is measured for so many shots
    journeys_underway: int = 2_000
    memory_minutes: float = 10.0
    memory_settling: float = 120.0  # the slope is taken after so many seconds
    overload_seconds: float = 20.0
    overload_connections: int = 1_500
    recovery_seconds: float = 15.0


QUICK: Final = Sizes(
    seconds=2.0,
    warm_up=0.5,
    runs=1,
    petitions=5,
    spread=50,
    big_petitions=500,
    big_signatures=50_000,
    mails=1_000,
    backlog=4_000,
    backlog_patience=60.0,
    journey_factor=3.0,
    journeys_underway=500,
    memory_minutes=0.5,
    memory_settling=10.0,
    overload_seconds=5.0,
    overload_connections=600,
    recovery_seconds=6.0,
)
"""Enough to see that every case runs; the figures are meaningless."""
