"""Which parameters of a statement may be null: those that it tests for null or stores in a column that may be null.

Not those that it also stores in a column that may not.
"""

from collections.abc import Iterator

from scripts.query_types.scope import INSERT, ROWS_OF_FUNCTION, UPDATE, Scope, expression_behind
from scripts.query_types.tree import Node


def may_be_null(scope: Scope) -> tuple[set[int], set[int]]:
    """The numbers of the parameters that may be null, and of those whose elements may be."""
    found: dict[bool, set[tuple[int, bool]]] = {True: set(), False: set()}
    for node, around in _walk(scope.query, scope):
        for expression, null in _tested(node) if node.kind != "QUERY" else _stored(node, around):
            found[null].add(_parameter(expression, around))
    null_ones = found[True] - found[False]
    return {one for one, is_element in null_ones if not is_element}, {
        one for one, is_element in null_ones if is_element
    }


def _walk(value: object, scope: Scope) -> Iterator[tuple[Node, Scope]]:
    if isinstance(value, list):
        for one in value:
            yield from _walk(one, scope)
    elif isinstance(value, Node):
        if value.kind == "QUERY" and value is not scope.query:
            scope = scope.inside(value)
        yield value, scope
        for one in value.fields.values():
            yield from _walk(one, scope)


def _tested(node: Node) -> Iterator[tuple[Node, bool]]:
    """What is asked for null here: ``x is null``, or ``coalesce(x, ...)`` but for its last."""
    if node.kind == "NULLTEST" and (tested := node.node("arg")) is not None:
        yield tested, True
    if node.kind == "COALESCEEXPR":
        for one in node.nodes("args")[:-1]:
            yield one, True


def _stored(query: Node, scope: Scope) -> Iterator[tuple[Node, bool]]:
    """What a query stores, and whether the column may be null."""
    if query.number("commandType") not in {INSERT, UPDATE}:
        return
    table = query.nodes("rtable")[query.number("resultRelation") - 1].number("relid")
    for entry in query.nodes("targetList"):
        expression = entry.node("expr")
        if expression is not None:
            yield expression, (table, entry.number("resno")) not in scope.catalogue.not_null


def _parameter(expression: Node, scope: Scope) -> tuple[int, bool]:
    """The number of the parameter that an expression is, and whether it is an element of it; 0 where it is none."""
    while expression.kind == "RELABELTYPE" and (inner := expression.node("arg")) is not None:
        expression = inner
    if expression.kind == "PARAM":
        return expression.number("paramid"), False
    if expression.kind != "VAR" or expression.number("varattno") <= 0:
        return 0, False
    home = scope.up(expression.number("varlevelsup"))
    table = home.query.nodes("rtable")[expression.number("varno") - 1]
    if table.number("rtekind") == ROWS_OF_FUNCTION:
        calls = [one.node("funcexpr") for one in table.nodes("functions")]
        place = expression.number("varattno") - 1
        call = calls[place] if place < len(calls) else None
        source = call.nodes("args") if call is not None and call.kind == "FUNCEXPR" else []
        return (source[0].number("paramid"), True) if source and source[0].kind == "PARAM" else (0, False)
    behind = expression_behind(expression, scope)
    return _parameter(*behind) if behind is not None else (0, False)
