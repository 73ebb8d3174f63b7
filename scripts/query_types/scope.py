"""Where an expression of the parse tree stands: the query around it, and what must be known of the database."""

from dataclasses import dataclass, field

from scripts.query_types.tree import Node

ROWS_OF_TABLE, ROWS_OF_QUERY, ROWS_OF_JOIN, ROWS_OF_FUNCTION, ROWS_OF_VALUES, ROWS_OF_CTE, GROUPS = 0, 1, 2, 3, 5, 6, 9
SELECT, UPDATE, INSERT = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What must be known of the database: columns that are never null, names of functions and operators.

    ``words``: the columns that hold one of a few words, by their check constraints. ``views``: the query of each view.
    """

    not_null: set[tuple[int, int]]
    words: dict[tuple[int, int], tuple[str, ...]]
    views: dict[int, Node]
    functions: dict[int, str]
    operators: dict[int, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """A query in the tree with those around it, and which parameters (by number) or their elements may be null."""

    query: Node
    around: "Scope | None"
    catalogue: Catalogue
    null_parameters: set[int] = field(default_factory=set)
    null_elements: set[int] = field(default_factory=set)

    def inside(self, query: Node) -> "Scope":
        """The scope of a query inside this one."""
        return Scope(query, self, self.catalogue, self.null_parameters, self.null_elements)

    def up(self, levels: int) -> "Scope":
        """The scope so many levels around this one."""
        scope = self
        for _ in range(levels):
            if scope.around is None:
                raise ValueError("the tree points outside itself")
            scope = scope.around
        return scope


def outputs(query: Node) -> list[Node]:
    """The expressions of the columns that a query gives, in order."""
    name = "targetList" if query.number("commandType") == SELECT else "returningList"
    entries = [entry for entry in query.nodes(name) if not entry.true("resjunk")]
    return [expression for entry in entries if (expression := entry.node("expr")) is not None]


def query_behind(table: Node, home: Scope) -> Scope | None:
    """The query whose rows an entry of the range table stands for, in its scope; None where it is not a query."""
    kind = table.number("rtekind")
    if kind == ROWS_OF_TABLE and (view := home.catalogue.views.get(table.number("relid"))) is not None:
        return Scope(view, None, home.catalogue)
    if kind == ROWS_OF_QUERY and (query := table.node("subquery")) is not None:
        return home.inside(query)
    if kind == ROWS_OF_CTE and not table.true("self_reference"):
        around = home.up(table.number("ctelevelsup"))
        for named in around.query.nodes("cteList"):
            query = named.node("ctequery")
            if named.fields["ctename"] == table.fields["ctename"] and query and not named.true("cterecursive"):
                return around.inside(query)
    return None


def expression_behind(node: Node, scope: Scope) -> tuple[Node, Scope] | None:
    """The expression that a column stands for, where it is the column of a query, of a join or of groups."""
    home = scope.up(node.number("varlevelsup"))
    table = home.query.nodes("rtable")[node.number("varno") - 1]
    place = node.number("varattno") - 1
    found = query_behind(table, home)
    if found is not None:
        return (outputs(found.query)[place], found) if found.query.node("setOperations") is None else None
    name = {ROWS_OF_JOIN: "joinaliasvars", GROUPS: "groupexprs"}.get(table.number("rtekind"))
    return (table.nodes(name)[place], home) if name else None
