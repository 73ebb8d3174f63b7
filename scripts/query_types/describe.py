"""What PostgreSQL says of the queries of a file: parameters and columns, their types, and which may be null."""

import re
from dataclasses import dataclass, replace
from typing import Final

from petitions.database.connection import Connection
from petitions.database.migrations import SQL
from petitions.database.statements import Statement, read_statements
from scripts.query_types.nullability import always_one_row, makes_list, never_null, words_of
from scripts.query_types.parameters import may_be_null
from scripts.query_types.scope import Catalogue, Scope, outputs
from scripts.query_types.tree import Node, parse

TYPES: Final = {
    **dict.fromkeys(("text", "varchar", "bpchar", "name"), "str"),
    **dict.fromkeys(("int2", "int4", "int8", "oid"), "int"),
    **dict.fromkeys(("float4", "float8"), "float"),
    "bool": "bool",
    "bytea": "bytes",
    "date": "date",
    "interval": "timedelta",
    "jsonb": "dict[str, Any]",
    "numeric": "Decimal",
    "timestamptz": "datetime",
    "void": "None",
}
"""Python's types for those of PostgreSQL."""
HINTS: Final = ("not null", "may be null", "always one row", "one of few words")
MOMENT: Final = "now"
"""The parameter that is the moment of the act: always given, also where it is stored in a column that may be null."""
_WORD: Final = re.compile(r"'(\w+)'::text")
_NAME: Final = re.compile(r"^-- name: (\w+)([$^!]?)$", re.MULTILINE)
_CATALOGUE: Final = {
    "functions": "select oid::integer, proname::text from pg_proc",
    "operators": "select oid::integer, oprname::text from pg_operator",
    "words": """
        select conrelid::integer, conkey[1]::integer, pg_get_constraintdef(oid) from pg_constraint
        where contype = 'c' and cardinality(conkey) = 1 and pg_get_constraintdef(oid) like '% = ANY (ARRAY[%'
    """,
    "views": """
        select c.oid::integer, r.ev_action::text from pg_class as c inner join pg_rewrite as r on c.oid = r.ev_class
        where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace and r.rulename = '_RETURN'
    """,
    "not_null": "select attrelid::integer, attnum::integer from pg_attribute where attnotnull and attnum > 0",
}


class QueryError(Exception):
    """A query that cannot be described, or a hint that is wrong or not needed."""


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter or a column."""

    name: str
    type: str
    is_list: bool
    may_be_null: bool
    elements_may_be_null: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A named query as its function needs it. ``operation``: what stands behind its name (``^``, ``$``, ``!``)."""

    name: str
    operation: str
    comment: str
    parameters: list[Value]
    columns: list[Value]
    always_one_row: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A query as it stands in its file."""

    name: str
    operation: str
    comment: str
    hints: dict[str, set[str]]
    statement: Statement


async def read_catalogue(connection: Connection) -> Catalogue:
    """What the rules need to know of this database."""
    found = {name: await connection.fetch(sql) for name, sql in _CATALOGUE.items()}
    return Catalogue(
        words={(row[0], row[1]): tuple(_WORD.findall(row[2])) for row in found["words"]},
        not_null={(row[0], row[1]) for row in found["not_null"]},
        views={row[0]: parse(row[1])[0] for row in found["views"]},
        functions={row[0]: row[1] for row in found["functions"]},
        operators={row[0]: row[1] for row in found["operators"]},
    )


async def describe(connection: Connection, catalogue: Catalogue, file: str) -> list[Query]:
    """The queries of one SQL file, in its order. Raises QueryError."""
    return [await describe_query(connection, catalogue, source) for source in _sources(file)]


def _sources(file: str) -> list[Source]:
    loaded = read_statements(file)
    parts = _NAME.split((SQL / "queries" / f"{file}.sql").read_text("utf-8"))[1:]
    found = []
    for name, operation, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        comment, hints = _read_comment(name, text.strip().splitlines())
        found.append(Source(name, operation, comment, hints, loaded[name]))
    return found


def _read_comment(name: str, lines: list[str]) -> tuple[str, dict[str, set[str]]]:
    """The sentences at the head of a query, and the hints below them."""
    sentences, hints = [], dict[str, set[str]]()
    for line in lines:
        if not line.startswith("--"):
            break
        text = line.removeprefix("--").strip()
        head, _, names = text.partition(":")
        if head in HINTS or text in HINTS:
            hints[head] = {one.strip() for one in names.split(",")} - {""}
        elif hints:
            raise QueryError(f"{name}: hints come last in the comment")
        else:
            sentences.append(text)
    return " ".join(sentences), hints


async def describe_query(connection: Connection, catalogue: Catalogue, source: Source) -> Query:
    """One query. Raises QueryError for a type that has no Python type, and for a hint that is wrong or not needed."""
    statement = await connection.prepare(source.statement.sql)
    types = [one.name for one in statement.get_parameters()]
    query = await _tree(connection, source, types)
    scope = Scope(query, None, catalogue)
    values, elements = may_be_null(scope)
    parameters = _hint_parameters(
        source,
        [
            _value(source, name, kind, number in values and name != MOMENT, elements_may_be_null=number in elements)
            for number, (name, kind) in enumerate(zip(source.statement.parameters, types, strict=True), 1)
        ],
    )
    scope = replace(
        scope,
        null_parameters={number for number, one in enumerate(parameters, 1) if one.may_be_null},
        null_elements={number for number, one in enumerate(parameters, 1) if one.elements_may_be_null},
    )
    columns = [
        _value(source, one.name, one.type.name, not never_null(scope, place))
        for place, one in enumerate(statement.get_attributes())
    ]
    return Query(
        name=source.name,
        operation=source.operation,
        comment=source.comment,
        parameters=parameters,
        columns=_hint_columns(source, [_narrowed(source, one, place, scope) for place, one in enumerate(columns)]),
        always_one_row=_one_row(source, query),
    )


async def _tree(connection: Connection, source: Source, types: list[str]) -> Node:
    """The parse tree: that of a function with this statement as its body, made and rolled back."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        body = source.statement.sql.strip().removesuffix(";")
        await connection.execute(
            f"create function described({', '.join(types)}) returns void begin atomic\n{body};\nend"
        )
        text = await connection.fetchval("select prosqlbody::text from pg_proc where proname = 'described'")
    finally:
        await transaction.rollback()
    [[tree]] = parse(text)
    if not isinstance(tree, Node):
        raise QueryError(f"{source.name}: no tree")
    return tree


def _value(source: Source, name: str, kind: str, null: bool, *, elements_may_be_null: bool = False) -> Value:
    element = kind.removesuffix("[]")
    if element not in TYPES:
        raise QueryError(f"{source.name}: {name} has the type {kind}, for which no Python type is known")
    return Value(name, TYPES[element], kind.endswith("[]"), null, elements_may_be_null)


def _narrowed(source: Source, column: Value, place: int, scope: Scope) -> Value:
    """The column with what is known of its content: a JSON list, or one of a few words where a hint asks for it."""
    asked = column.name in source.hints.get("one of few words", set())
    if scope.query.node("setOperations") is None:
        expression = outputs(scope.query)[place]
        if column.type == TYPES["jsonb"]:
            return replace(column, is_list=makes_list(expression, scope))
        if asked and (words := words_of(expression, scope)):
            return replace(column, type=f"Literal[{', '.join(repr(word) for word in words)}]")
    if asked:
        raise QueryError(f"{source.name}: {column.name} has no constraint that names its words")
    return column


def _hint_parameters(source: Source, parameters: list[Value]) -> list[Value]:
    hinted, found = source.hints.get("may be null", set[str]()), []
    for one in parameters:
        if one.name in hinted and not one.may_be_null:
            one = replace(one, may_be_null=True)
            hinted = hinted - {one.name}
        if f"{one.name}[]" in hinted and not one.elements_may_be_null:
            one = replace(one, elements_may_be_null=True)
            hinted = hinted - {f"{one.name}[]"}
        found.append(one)
    if hinted:
        raise QueryError(f"{source.name}: 'may be null' is wrong or not needed for {', '.join(sorted(hinted))}")
    return found


def _hint_columns(source: Source, columns: list[Value]) -> list[Value]:
    hinted = source.hints.get("not null", set[str]())
    needed = {one.name for one in columns if one.may_be_null}
    if hinted - needed:
        raise QueryError(f"{source.name}: 'not null' is wrong or not needed for {', '.join(sorted(hinted - needed))}")
    return [replace(one, may_be_null=one.may_be_null and one.name not in hinted) for one in columns]


def _one_row(source: Source, query: Node) -> bool:
    told, seen = "always one row" in source.hints, always_one_row(query)
    if told and (seen or source.operation not in {"^", "$"}):
        raise QueryError(f"{source.name}: 'always one row' is not needed")
    return told or seen
