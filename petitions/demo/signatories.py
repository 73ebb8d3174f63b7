"""Made-up signatories for the demo: their answers, encrypted and indexed like real ones, written in bulk.

Counter, tally and rows are written together, so that a recount of the demo is right too.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Final

from petitions.database.connection import Connection
from petitions.demo.content import DemoPeople, DemoPlace
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.procedures import Procedure

SHOWN_SHARE: Final = 0.18
NEWS_READERS: Final = 3
COPYING_LASTS: Final = 900  # seconds at most
_COLUMNS: Final = (
    "petition_id", "email_index", "token_id", "kind", "number", "contact", "show_name", "wants_news", "language",
    "signed_at", "confirmed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys with which a petition's signatures are written."""

    petition_id: int
    data_key: bytes
    salt: bytes
    language: str


class Crowd:
    """An infinite sequence of made-up people, deterministic for a seed."""

    def __init__(self, people: DemoPeople, procedure: Procedure, seed: str, home: str = "") -> None:
        self._home = home if procedure.body.level == "municipality" else ""
        self._country = procedure.body.country
        self._people = people
        self._chance = random.Random(seed)
        self._fields = {field.name for field in procedure.fields}
        self._weights = list(accumulate(place.weight for place in people.places))

    def answers(self, number: int) -> dict[str, str]:
        """The answers of person ``number`` to the questions of the procedure."""
        chance, people = self._chance, self._people
        first, last = chance.choice(people.first_names), chance.choice(people.surnames)
        place: DemoPlace = chance.choices(people.places, cum_weights=self._weights)[0]
        address = f"{first}.{last}.{number}".lower().replace(" ", "").encode("ascii", "ignore").decode()
        facts = {"name": f"{first} {last}", "email": f"{address}@{people.citizen_domain}"}
        if "place" in self._fields:
            facts["place"] = self._home or place.name
        if "postcode" in self._fields:
            letters = "".join(chance.choices("ABCDEGHJKLNPRSTVWXZ", k=2))
            dutch = f"{chance.randint(*place.postcodes)} {letters}"
            facts["postcode"] = dutch if self._country == "nl" else f"{chance.choice(_UK_AREAS)}{chance.randint(1, 9)}"
        if "street" in self._fields:
            facts["street"] = f"{chance.choice(_STREETS)} {chance.randint(1, 180)}"
        if "birth_date" in self._fields:
            facts["birth_date"] = date(
                chance.randint(1938, 2006), chance.randint(1, 12), chance.randint(1, 28)
            ).isoformat()
        if "country" in self._fields:
            facts["country"] = "United Kingdom"
        if "declaration" in self._fields:
            facts["declaration"] = "yes"
        return facts


_UK_AREAS: Final = ("LS", "M", "NE", "B", "CF", "EH", "NR", "EX", "YO", "SE", "BS", "L")
_STREETS: Final = (
    "Dorpsstraat", "Kerkstraat", "Molenweg", "Schoolstraat", "Julianalaan", "Beatrixstraat", "Stationsweg", "Lindelaan",
    "Kastanjelaan", "Havenstraat", "Dijkweg", "Marktplein", "Nieuwstraat", "Wilgenhof", "Esdoornstraat", "Parklaan",
)  # fmt: skip


async def sign_in_bulk(
    connection: Connection,
    service: Service,
    crowd: Crowd,
    keys: Keys,
    hours: Sequence[tuple[datetime, int]],
    *,
    first_number: int,
    shows_names: bool,
) -> int:
    """Write the confirmed signatures of these hours (UTC), with counter and tally; how many were written.

    In a transaction of who calls. The time-outs of the service are no measure for it: what is copied is encrypted on
    the way, and on a busy machine that takes longer.
    """
    total = sum(count for _, count in hours)
    if not total:
        return 0
    records = _records(service, crowd, keys, hours, first_number, shows_names)
    await connection.execute("set local statement_timeout = 0")
    await connection.copy_records_to_table("signature", records=records, columns=_COLUMNS, timeout=COPYING_LASTS)
    await connection.executemany(
        "insert into signature_hour as h (petition_id, hour, confirmed) values ($1, $2, $3)"
        " on conflict (petition_id, hour) do update set confirmed = h.confirmed + excluded.confirmed",
        [(keys.petition_id, hour, count) for hour, count in hours if count],
    )
    await connection.execute(
        "update signature_count set confirmed = confirmed + $2, changed_at = $3 where petition_id = $1",
        keys.petition_id,
        total,
        max(hour for hour, count in hours if count),
    )
    return total


def _records(
    service: Service,
    crowd: Crowd,
    keys: Keys,
    hours: Sequence[tuple[datetime, int]],
    first_number: int,
    shows_names: bool,
) -> Iterator[tuple[object, ...]]:
    chance = random.Random(f"{keys.petition_id}-{first_number}")
    vault, number = service.vault, first_number
    for hour, count in hours:
        for second in sorted(chance.randrange(3600) for _ in range(count)):
            facts = crowd.answers(number)
            index = vault.index(keys.salt, facts["email"])
            moment = hour + timedelta(seconds=second)
            yield (
                keys.petition_id,
                index,
                chance.randbytes(16),
                "signatory",
                number,
                vault.encrypt(keys.data_key, keys.salt, index, facts),
                shows_names and chance.random() < SHOWN_SHARE,
                number <= NEWS_READERS,
                keys.language,
                moment - timedelta(minutes=4),
                moment,
            )
            number += 1
