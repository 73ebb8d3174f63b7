"""Mutants of a Python file, made with the operators of mutmut.

Mutmut's own runner leaves out what is decorated and what stands outside functions (constants of rules, for example),
and starts from a copy of the tree; therefore only its operators are used.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper, PositionProvider
from mutmut.mutation import mutators

from scripts.mutation.mutants import Mutant

Operator = Callable[[Any], Iterable[cst.CSTNode]]

NEVER_CALLED: Final = {"len", "isinstance", "TypeVar", "NewType", "cast"}
"""Calls that are left as they are, as mutmut does: a changed argument is an error of types, not of a rule."""
AT_IMPORT: Final[set[Operator]] = {
    mutators.operator_number,
    mutators.operator_name,
    mutators.operator_keywords,
    mutators.operator_swap_op,
    mutators.operator_remove_unary_ops,
}
"""Outside functions only numbers, truth values and operators are changed: the rest there is words and types."""
_TYPE_OPERATORS: Final = (cst.BitOr, cst.BitAnd)


def python_mutants(path: str) -> list[Mutant]:
    """All mutants of a file that can be compiled, in the order of their places."""
    original = Path(path).read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(original), unsafe_skip_copy=True)
    visitor = _Visitor(path, wrapper.module)
    wrapper.visit(visitor)
    statements = _statements(original)
    seen = set(statements.values())
    made = []
    for mutant in sorted(visitor.found, key=lambda one: (one.start, one.end)):
        first, last = next(span for span in statements if span[0] <= mutant.start < span[1])
        longer = len(mutant.text.encode()) - (mutant.end - mutant.start)
        shape = _shape(mutant.source(original).encode()[first : last + longer])
        if shape and shape not in seen:
            seen.add(shape)
            made.append(mutant)
    return made


def _statements(original: str) -> dict[tuple[int, int], str]:
    """The statements of a module by where they stand (in bytes): the shape of each."""
    offsets = [0]
    for line in original.encode().splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    found: dict[tuple[int, int], str] = {}
    for node in ast.parse(original).body:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(one.lineno for one in decorators)])
        span = (offsets[first - 1], offsets[node.end_lineno or node.lineno])
        found[span] = _shape(original.encode()[span[0] : span[1]])
    return found


def _shape(source: bytes) -> str:
    """The shape of a statement, by which two mutants are the same; empty for what is no program."""
    try:
        tree = ast.parse(source)
        compile(tree, "mutant", "exec")
    except SyntaxError:
        return ""
    return ast.dump(tree)


class _Visitor(cst.CSTVisitor):
    """Goes through a module and collects the mutants of every node."""

    METADATA_DEPENDENCIES = (PositionProvider, ByteSpanPositionProvider)

    def __init__(self, path: str, module: cst.Module) -> None:
        super().__init__()
        self.found: list[Mutant] = []
        self._path = path
        self._module = module
        self._source = module.code.encode()
        self._names: list[str] = []
        self._outer: list[tuple[str, cst.FunctionDef]] = []  # the functions that we are in, the outermost first

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Make the mutants of this node; whether to go on to its children."""
        if _is_left_alone(node):
            return False
        if isinstance(node, cst.Param) and node.default is not None and not _is_plain(node.default):
            return False
        self.found.extend(self._mutants(node))
        if isinstance(node, cst.ClassDef | cst.FunctionDef):
            self._names.append(node.name.value)
            if isinstance(node, cst.FunctionDef):
                self._outer.append((".".join(self._names), node))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        """Leave a function or class."""
        if isinstance(original_node, cst.ClassDef | cst.FunctionDef):
            self._names.pop()
            if isinstance(original_node, cst.FunctionDef):
                self._outer.pop()

    def _lines(self, node: cst.CSTNode) -> tuple[int, int]:
        found = self.get_metadata(PositionProvider, node)
        return int(found.start.line), int(found.end.line)

    def _mutants(self, node: cst.CSTNode) -> Iterator[Mutant]:
        for mutated in self._mutated(node):
            span = self.get_metadata(ByteSpanPositionProvider, node, None)
            if span is None:
                return
            line = self._lines(node)[0]
            place: dict[str, Any] = {"where": "", "first_line": 0, "at_import": True}
            if self._outer:
                where, function = self._outer[0]
                body = self._lines(function.body)
                if isinstance(function.body, cst.IndentedBlock):
                    body = (self._lines(function.body.body[0])[0], body[1])
                first = function.decorators[0] if function.decorators else function
                place = {
                    "where": where,
                    "first_line": self._lines(first)[0],
                    "body": body,
                    "at_import": line < body[0],
                }
            text = self._in_place(span.start, span.length, self._module.code_for_node(mutated).strip())
            yield Mutant(path=self._path, line=line, start=span.start, end=span.start + span.length, text=text, **place)

    def _in_place(self, start: int, length: int, text: str) -> str:
        """With the blanks that are around what it replaces."""
        old = self._source[start : start + length].decode()
        before, after = old[: len(old) - len(old.lstrip())], old[len(old.rstrip()) :]
        return f"{before}{text}{after}"

    def _mutated(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        for kind, operator in mutators.mutation_operators:
            if not isinstance(node, kind) or not (self._outer or operator in AT_IMPORT):
                continue
            if not self._outer and isinstance(getattr(node, "operator", None), _TYPE_OPERATORS):
                continue
            made = list(operator(node))
            yield from _other_string(node) if operator is mutators.operator_string and made else made


def _other_string(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Another text: mutmut's contains the first one, which ``pytest.raises(match=...)`` would still find."""
    if isinstance(node, cst.SimpleString):
        yield node.with_changes(value=f"{node.prefix}{node.quote}XX{node.quote}")


def _is_plain(default: cst.BaseExpression) -> bool:
    return isinstance(default, cst.Name | cst.BaseNumber | cst.BaseString)


def _is_left_alone(node: cst.CSTNode) -> bool:
    """Types, decorators, imports and docstrings are no behaviour of a rule."""
    match node:
        case cst.Annotation() | cst.Decorator() | cst.Import() | cst.ImportFrom():
            return True
        case cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString()):
            return True
        case cst.Call(func=cst.Name(value=name)):
            return name in NEVER_CALLED
        case _:
            return False
