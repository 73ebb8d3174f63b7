"""Seeding databases: petitions by the use cases and as copies of one, pending signatures, millions of signatures.

Bulk writes store the same data as the service: keys per petition, encrypted answers, addresses as keyed hashes,
counters and tallies that pass the recount.
"""

import asyncio
import itertools
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg

from petitions.database.connection import Connection
from petitions.database.pool import Database
from petitions.demo.content import load_content
from petitions.demo.signatories import Crowd
from petitions.lifecycle.acts import drafting, moderation, opening
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.procedures import Procedure
from petitions.security.encryption import Vault
from petitions.security.tokens import Link, Tokens, new_key
from petitions.staff.acts import sessions as staff
from scripts.benchmark.service import running_service
from scripts.benchmark.stage import Installation

PROCEDURE: Final = "nl-burgerinitiatief"
"""Six questions, a declaration and a threshold of 40,000: the longest form of all procedures."""

_TEXT: Final = drafting.Draft(
    "health",
    "Geef elk dorp weer nachtzorg dichtbij",
    "Wij vragen de Kamer om de regels voor nachtzorg te veranderen, zodat iedereen snel hulp krijgt.",
    "In veel gemeenten is de huisartsenpost in de nacht dicht. Mensen rijden daardoor soms een uur voor hulp. "
    "Dat is te ver, zeker voor ouderen en voor ouders met een ziek kind. Wij willen dat dit verandert.",
)
_CONTACT: Final = {
    "name": "Marieke Hoekstra",
    "place": "Dokkum",
    "street": "Dorpsstraat 1",
    "postcode": "9101 AB",
    "birth_date": "1980-02-01",
    "declaration": "yes",
    "email": "marieke@voorbeeld.example",
}
_number = itertools.count(1)


@dataclass(frozen=True, slots=True)
class PetitionKeys:
    """A petition with the keys by which its signatures are encrypted and found."""

    id: int
    data_key: bytes
    salt: bytes


async def open_petitions(site: Installation, count: int) -> list[PetitionKeys]:
    """``count`` open petitions in an empty database: one made by the use cases, the rest copies with their own keys."""
    async with running_service(site) as service:
        template = await _live(service)
        async with service.database.transaction() as connection:
            await _copy(connection, service.vault, template, count - 1)
            rows = await connection.fetch("select id, data_key, salt from petition order by id")
    await site.execute("delete from outbox", "analyze")
    return [PetitionKeys(row["id"], row["data_key"], row["salt"]) for row in rows]


async def _live(service: Service) -> int:
    now = datetime.now(UTC) - timedelta(days=3)
    procedure = newest_procedure()
    moderator = await staff.add(service, "noor@kantoor.example", "Noor Bakker", is_moderator=True, now=now)
    petition = await drafting.begin(service, procedure, _TEXT, dict(_CONTACT), language="nl", now=now)
    async with service.database.connection() as connection:
        key = await connection.fetchval("select manage_key from petition where id = $1", petition)
    await drafting.confirm(service, Link(petition, key), now=now)
    await moderation.accept(service, petition, moderator, reason="In orde.", now=now)
    return petition


def newest_procedure() -> Procedure:
    """The procedure of the petitions here."""
    return max((p for (code, _), p in load_procedures().items() if code == PROCEDURE), key=lambda p: p.version)


async def _columns(connection: Connection, table: str, without: Sequence[str]) -> list[str]:
    """The columns of a table except ``without``: from the catalogue, so that a new column is copied too."""
    rows = await connection.fetch(
        "select attname from pg_attribute where attrelid = $1::text::regclass and attnum > 0 and not attisdropped"
        " and attidentity = '' and attgenerated = '' and not attname = any($2::text[]) order by attnum",
        table,
        list(without),
    )
    return [f'"{row["attname"]}"' for row in rows]


async def _copy(connection: Connection, vault: Vault, template: int, count: int) -> None:
    salts = [new_key() for _ in range(count)]
    keys = [vault.new_data_key(salt) for salt in salts]
    indexes = [vault.index(salt, _CONTACT["email"]) for salt in salts]
    contacts = [
        vault.encrypt(key, salt, index, _CONTACT) for key, salt, index in zip(keys, salts, indexes, strict=True)
    ]
    own = [
        "title",
        "salt",
        "data_key",
        "manage_key",
        "sponsor_key",
        "initiator_index",
        "initiator_contact",
        "opened_at",
    ]
    same = ", ".join(await _columns(connection, "petition", own))
    ids = await connection.fetch(
        f"insert into petition ({', '.join(own)}, {same})"  # noqa: S608 - names from the catalogue
        " select p.title || ' ' || u.place, u.salt, u.data_key, u.manage_key, u.sponsor_key, u.initiator_index,"
        f" u.contact, p.opened_at - u.place * interval '1 minute', {same}"
        " from petition as p cross join unnest($2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[],"
        " $7::bytea[]) with ordinality as u (salt, data_key, manage_key, sponsor_key, initiator_index, contact, place)"
        " where p.id = $1 returning id",
        template, salts, keys,
        [new_key() for _ in salts], [new_key() for _ in salts], indexes, contacts,
    )  # fmt: skip
    copies = [row["id"] for row in ids]
    for table in ("threshold", "event", "petition_text"):
        names = ", ".join(await _columns(connection, table, ["petition_id"]))
        await connection.execute(
            f"insert into {table} (petition_id, {names}) select n.id, {names} from {table} as t"  # noqa: S608
            " cross join unnest($2::bigint[]) as n (id) where t.petition_id = $1",
            template,
            copies,
        )
    await connection.execute(
        "insert into signature_count (petition_id, changed_at) select n.id, c.changed_at from signature_count as c"
        " cross join unnest($2::bigint[]) as n (id) where c.petition_id = $1",
        template,
        copies,
    )


async def write_waiting(site: Installation, petitions: Sequence[PetitionKeys], count: int) -> list[str]:
    """Write signatures that wait for confirmation, spread over the petitions; returns the paths of their links."""
    vault, tokens = Vault(site.secret), Tokens((site.secret,))
    crowd = Crowd(load_content().people, newest_procedure(), secrets.token_hex(4))
    now, paths, batch = datetime.now(UTC), [], 20_000
    connection = await asyncpg.connect(site.url)
    try:
        for begun in range(0, count, batch):
            many = min(batch, count - begun)
            records = list(_waiting(vault, crowd, petitions, many, now))
            await connection.copy_records_to_table("pending_signature", records=records, columns=_WAITING)
            paths += [f"/nl/confirm/{tokens.make('confirm', record[0], record[2])}" for record in records]
            await asyncio.sleep(0)
    finally:
        await connection.close()
    return paths


_WAITING: Final = (
    "petition_id", "email_index", "token_id", "kind", "contact", "show_name", "wants_news", "language", "signed_at",
    "mailed_at",
)  # fmt: skip
WaitingRow = tuple[int, bytes, bytes, str, bytes, bool, bool, str, datetime, datetime]


def _waiting(
    vault: Vault, crowd: Crowd, petitions: Sequence[PetitionKeys], count: int, now: datetime
) -> Iterator[WaitingRow]:
    for place in range(count):
        petition = petitions[place % len(petitions)]
        facts = crowd.answers(next(_number))
        index = vault.index(petition.salt, facts["email"])
        contact = vault.encrypt(petition.data_key, petition.salt, index, facts)
        yield petition.id, index, new_key(), "signatory", contact, False, False, "nl", now, now


async def write_millions(site: Installation, petition: PetitionKeys, count: int) -> None:
    """Write millions of confirmed signatures, with counter, tally and crossed thresholds; indexes are built afterwards.

    The encrypted answers are random bytes of the usual length: nothing in these cases reads them.
    """
    vault = Vault(site.secret)
    length = len(vault.encrypt(petition.data_key, petition.salt, bytes(16), _CONTACT))
    connection: Connection = await asyncpg.connect(site.url)
    try:
        async with connection.transaction():
            await connection.execute("set local maintenance_work_mem = '512MB'")
            rebuild = await _drop_indexes(connection, "signature")
            await _insert_millions(connection, petition.id, count, length)
            for statement in rebuild:
                await connection.execute(statement)
    finally:
        await connection.close()
    database = Database(site.url, largest=1)
    await database.open()
    try:
        async with database.transaction() as pooled:
            await opening.reach(pooled, petition.id, moment="count", now=datetime.now(UTC))
    finally:
        await database.close()
    await site.execute("delete from outbox", "vacuum (analyze) signature", "vacuum (analyze) signature_hour", "analyze")


async def _drop_indexes(connection: Connection, table: str) -> list[str]:
    """Drop keys, references and indexes of a table; returns the statements that create them again."""
    rebuild, drop = [], []
    for row in await connection.fetch(
        "select conname, pg_get_constraintdef(oid) as definition from pg_constraint"
        " where conrelid = $1::text::regclass and contype in ('p', 'u', 'f') order by contype desc, conname",
        table,
    ):
        drop.append(f"alter table {table} drop constraint {row['conname']}")
        rebuild.append(f"alter table {table} add constraint {row['conname']} {row['definition']}")
    for row in await connection.fetch(
        "select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index as i"
        " where i.indrelid = $1::text::regclass"
        " and not exists (select 1 from pg_constraint as c where c.conindid = i.indexrelid)",
        table,
    ):
        drop.append(f"drop index {row['name']}")
        rebuild.append(row["definition"])
    for statement in drop:
        await connection.execute(statement)
    return rebuild


async def _insert_millions(connection: Connection, petition_id: int, count: int, length: int) -> None:
    before = await connection.fetchval("select confirmed from signature_count where petition_id = $1", petition_id)
    await connection.execute(
        "insert into signature (petition_id, email_index, token_id, kind, number, contact, show_name, wants_news,"
        " language, signed_at, confirmed_at)"
        " select $1::bigint, substring(sha256(('e' || n)::bytea) for 16), substring(sha256(('t' || n)::bytea) for 16),"
        " 'signatory', $5::bigint + n, substring(sha256(n::text::bytea) || $3::bytea for $4::integer), false, false,"
        " 'nl', m.moment - interval '4 minutes', m.moment from generate_series(1, $2::bigint) as n,"
        " lateral (select now() - interval '1 hour' - ($2::bigint - n) * interval '2 seconds' as moment) as m",
        petition_id, count, secrets.token_bytes(length), length, before,
    )  # fmt: skip
    await connection.execute(
        "insert into signature_hour as h (petition_id, hour, confirmed)"
        " select petition_id, date_trunc('hour', confirmed_at, 'UTC'), count(*) from signature"
        " where petition_id = $1 and number > $2 group by 1, 2"
        " on conflict (petition_id, hour) do update set confirmed = h.confirmed + excluded.confirmed",
        petition_id,
        before,
    )
    await connection.execute(
        "update signature_count set confirmed = confirmed + $2, changed_at = now() where petition_id = $1",
        petition_id,
        count,
    )
