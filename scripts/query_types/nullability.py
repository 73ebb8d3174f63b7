"""Whether a column of a result can be null, told from PostgreSQL's parse tree of the statement.

The rule: a column is never null when it comes from a column of a table that is ``not null`` and no outer join can empty
it (the parser has marked those it can), or when it is made by something that gives a value whenever its input has one.
Whatever is not known here may be null; a hint in the comment of the query says more.
"""

from collections.abc import Callable
from typing import Final

from scripts.query_types.scope import (
    INSERT,
    ROWS_OF_FUNCTION,
    ROWS_OF_TABLE,
    ROWS_OF_VALUES,
    SELECT,
    Scope,
    expression_behind,
    outputs,
    query_behind,
)
from scripts.query_types.tree import Node

IS_NOT_NULL: Final = 1
_MAY_GIVE_NULL: Final = {"->", "->>", "#>", "#>>", "<->", "@?", "@@?"}
"""Operators that may give null although their operands are not."""
_VALUES_FROM_VALUES: Final = {
    *("now", "lower", "upper", "length", "cardinality", "left", "right", "replace", "concat", "btrim", "to_char"),
    *("date_trunc", "timezone", "extract", "round", "floor", "ceil", "abs", "generate_series", "random"),
    *(
        "jsonb_build_object",
        "jsonb_build_array",
        "to_jsonb",
        "similarity",
        "word_similarity",
        "ts_rank",
        "array_remove",
    ),
}
"""Functions that give a value for values."""
_COUNTS: Final = {"count", "row_number", "rank", "dense_rank"}
_CAST_FORMATS: Final = {1, 2}


def never_null(scope: Scope, place: int) -> bool:
    """Whether the column at this place (from 0) of the query of this scope always has a value."""
    operation = scope.query.node("setOperations")
    if operation is None:
        return _valued(outputs(scope.query)[place], scope)
    return all(never_null(scope.inside(part), place) for part in _parts(operation, scope.query))


def always_one_row(query: Node) -> bool:
    """Whether a query gives exactly one row whatever is stored: a sum over all, or the row that is inserted."""
    source = query.node("jointree")
    plain = source is not None and not source.nodes("fromlist") and source.node("quals") is None
    if query.number("commandType") == SELECT:
        summed = query.true("hasAggs") and not query.nodes("groupClause") and query.node("havingQual") is None
        return (summed or plain) and query.node("setOperations") is None and not query.true("hasTargetSRFs")
    return query.number("commandType") == INSERT and plain and query.node("onConflict") is None


def makes_list(expression: Node, scope: Scope) -> bool:
    """Whether a JSON column is a list: made by ``jsonb_agg``, directly or in a query below."""
    if expression.kind == "AGGREF":
        return scope.catalogue.functions.get(expression.number("aggfnoid")) == "jsonb_agg"
    if expression.kind == "COALESCEEXPR":
        return makes_list(expression.nodes("args")[0], scope)
    if expression.kind == "VAR":
        found = expression_behind(expression, scope)
        return found is not None and makes_list(*found)
    if expression.kind == "SUBLINK" and (query := expression.node("subselect")) is not None:
        return makes_list(outputs(query)[0], scope.inside(query))
    return False


def words_of(expression: Node, scope: Scope) -> tuple[str, ...]:
    """The words of which a column holds one, where it comes from a column with such a constraint; else none."""
    if expression.kind != "VAR" or expression.number("varattno") <= 0:
        return ()
    table = scope.up(expression.number("varlevelsup")).query.nodes("rtable")[expression.number("varno") - 1]
    if table.number("rtekind") == ROWS_OF_TABLE and table.number("relid") not in scope.catalogue.views:
        return scope.catalogue.words.get((table.number("relid"), expression.number("varattno")), ())
    behind = expression_behind(expression, scope)
    return words_of(*behind) if behind is not None else ()


def _parts(operation: Node, query: Node) -> list[Node]:
    if operation.kind == "RANGETBLREF":
        part = query.nodes("rtable")[operation.number("rtindex") - 1].node("subquery")
        return [part] if part is not None else []
    sides = [side for name in ("larg", "rarg") if (side := operation.node(name)) is not None]
    return [part for side in sides for part in _parts(side, query)]


def _valued(node: Node, scope: Scope) -> bool:
    rule = _RULES.get(node.kind)
    return rule is not None and rule(node, scope)


def _all_valued(node: Node, scope: Scope) -> bool:
    return all(_valued(one, scope) for one in node.nodes("args"))


def _any_valued(node: Node, scope: Scope) -> bool:
    return any(_valued(one, scope) for one in node.nodes("args"))


def _argument(node: Node, scope: Scope) -> bool:
    argument = node.node("arg")
    return argument is not None and _valued(argument, scope)


def _always(_: Node, __: Scope) -> bool:
    return True


def _column(node: Node, scope: Scope) -> bool:
    place = node.number("varattno")
    if (node.number("varno"), place) in _demanded(scope.up(node.number("varlevelsup")).query):
        return True
    if node.members("varnullingrels") or node.fields.get("varreturningtype") == "1" or place <= 0:
        return False  # emptied by an outer join, from before the change, or a whole row
    home = scope.up(node.number("varlevelsup"))
    table = home.query.nodes("rtable")[node.number("varno") - 1]
    kind = table.number("rtekind")
    if kind == ROWS_OF_TABLE and table.number("relid") not in scope.catalogue.views:
        return (table.number("relid"), place) in scope.catalogue.not_null
    if kind == ROWS_OF_FUNCTION:
        return _function_column(table, place, home)
    if kind == ROWS_OF_VALUES:
        return all(_valued(row[place - 1], home) for row in table.fields["values_lists"])
    return _column_of_query(node, table, place, scope)


def _column_of_query(node: Node, table: Node, place: int, scope: Scope) -> bool:
    found = query_behind(table, scope.up(node.number("varlevelsup")))
    if found is not None:
        return never_null(found, place - 1)
    expression = expression_behind(node, scope)
    return expression is not None and _valued(*expression)


def _demanded(query: Node) -> set[tuple[int, int]]:
    """The columns that the condition of a select wants to be ``not null``, by table and place."""
    source = query.node("jointree")
    condition = source.node("quals") if source is not None and query.number("commandType") == SELECT else None
    if condition is None:
        return set()
    parts = condition.nodes("args") if condition.fields.get("boolop") == "and" else [condition]
    tested = [one.node("arg") for one in parts if one.kind == "NULLTEST" and one.number("nulltesttype") == IS_NOT_NULL]
    return {
        (one.number("varno"), one.number("varattno"))
        for one in tested
        if one is not None and one.kind == "VAR" and one.number("varlevelsup") == 0
    }


def _function_column(table: Node, place: int, home: Scope) -> bool:
    before = 0
    for function in table.nodes("functions"):
        columns = function.number("funccolcount")
        call = function.node("funcexpr")
        if before < place <= before + columns:
            return columns == 1 and call is not None and _gives_values(call, home)
        before += columns
    return table.true("funcordinality")


def _gives_values(call: Node, scope: Scope) -> bool:
    if call.kind != "FUNCEXPR":
        return False
    arguments = call.nodes("args")
    if scope.catalogue.functions.get(call.number("funcid")) == "unnest" and arguments[0].kind == "PARAM":
        number = arguments[0].number("paramid")
        return number not in scope.null_elements
    return _call(call, scope)


def _call(node: Node, scope: Scope) -> bool:
    name = scope.catalogue.functions.get(node.number("funcid"))
    known = name in _VALUES_FROM_VALUES or node.number("funcformat") in _CAST_FORMATS
    if name in {"jsonb_build_object", "jsonb_build_array", "concat"}:
        return True
    return known and _all_valued(node, scope)


def _operator(node: Node, scope: Scope) -> bool:
    return scope.catalogue.operators.get(node.number("opno")) not in _MAY_GIVE_NULL and _all_valued(node, scope)


def _aggregate(node: Node, scope: Scope) -> bool:
    if scope.catalogue.functions.get(node.number("aggfnoid")) in _COUNTS:
        return True
    if not scope.query.nodes("groupClause") or node.node("aggfilter") is not None:
        return False  # over no rows at all it is null
    arguments = [one.node("expr") for one in node.nodes("args")]
    return all(one is not None and _valued(one, scope) for one in arguments)


def _window(node: Node, scope: Scope) -> bool:
    return scope.catalogue.functions.get(node.number("winfnoid")) in _COUNTS


def _case(node: Node, scope: Scope) -> bool:
    results = [node.node("defresult"), *(one.node("result") for one in node.nodes("args"))]
    return all(one is not None and _valued(one, scope) for one in results)


def _subquery(node: Node, scope: Scope) -> bool:
    kind, query = node.number("subLinkType"), node.node("subselect")
    if kind in {0, 6}:  # exists, array
        return True
    if kind == 4 and query is not None:  # a value
        return always_one_row(query) and never_null(scope.inside(query), 0)
    return False


def _parameter(node: Node, scope: Scope) -> bool:
    return node.number("paramid") not in scope.null_parameters


def _constant(node: Node, _: Scope) -> bool:
    return not node.true("constisnull")


_RULES: Final[dict[str, Callable[[Node, Scope], bool]]] = {
    "VAR": _column,
    "CONST": _constant,
    "PARAM": _parameter,
    "FUNCEXPR": _call,
    "OPEXPR": _operator,
    "SCALARARRAYOPEXPR": _all_valued,
    "AGGREF": _aggregate,
    "WINDOWFUNC": _window,
    "BOOLEXPR": _all_valued,
    "COALESCEEXPR": _any_valued,
    "MINMAXEXPR": _any_valued,
    "CASEEXPR": _case,
    "SUBLINK": _subquery,
    "RELABELTYPE": _argument,
    "COERCEVIAIO": _argument,
    "ARRAYCOERCEEXPR": _argument,
    "NULLTEST": _always,
    "BOOLEANTEST": _always,
    "DISTINCTEXPR": _always,
    "ARRAYEXPR": _always,
    "ROWEXPR": _always,
    "SQLVALUEFUNCTION": _always,
}
