"""The references of each definition in the code: by name, by attribute, and in strings that name a module."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

NAMED = re.compile(r"\bpetitions(?:\.\w+)+(?::\w+)?")  # in a string: a module, or what a server loads from it
HARMLESS = {
    "abstractmethod", "asynccontextmanager", "cache", "cached_property", "classmethod", "contextmanager", "dataclass",
    "lru_cache", "override", "property", "setter", "staticmethod", "total_ordering",
}  # fmt: skip
"""Decorators that do not register a function. A function with any other decorator counts as used."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
SymbolKey = tuple[str, str]  # module and name; "" for what runs when the module is imported


@dataclass
class Unit:
    """One definition, or the code that runs when a module is imported, and its references."""

    line: int = 0
    owner: str = ""  # of a method: its class
    refers: set[SymbolKey] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    registered: bool = False  # by a decorator


@dataclass
class Module:
    """One file: its definitions, and the origin of its imported names."""

    name: str
    path: Path
    tree: ast.Module
    units: dict[str, Unit] = field(default_factory=dict)
    imported: dict[str, SymbolKey] = field(default_factory=dict)


class _References(ast.NodeVisitor):
    """Collects the references of a piece of code to definitions outside it."""

    def __init__(self, module: Module, unit: Unit) -> None:
        self._module = module
        self._unit = unit
        self._scopes: list[set[str]] = []

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load) and not any(node.id in scope for scope in self._scopes):
            self._unit.refers.add((self._module.name, node.id))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if dotted := _dotted(node):
            self._unit.refers.add((self._module.name, dotted))
        if isinstance(node.ctx, ast.Load):
            self._unit.attributes.add(node.attr)
        self.visit(node.value)

    def visit_MatchClass(self, node: ast.MatchClass) -> None:
        self._unit.attributes.update(node.kwd_attrs)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring is no reference
            self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._unit.refers.update(named(node.value))

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if called in {"getattr", "hasattr", "attrgetter", "methodcaller"}:
            self._unit.attributes.update(texts)
        if called == "cast":
            self._annotation(node.args[0])
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._annotation(node.annotation)
        self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> None:
        if node.annotation:
            self._annotation(node.annotation)
            self.visit(node.annotation)

    def visit_FunctionDef(self, node: Function) -> None:
        for outside in (*node.decorator_list, node.args, *([node.returns] if node.returns else [])):
            self.visit(outside)
        if node.returns:
            self._annotation(node.returns)
        self._scopes.append(set(_bound(node)))
        for statement in node.body:
            self.visit(statement)
        self._scopes.pop()

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.args)
        self._scopes.append({one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)})
        self.visit(node.body)
        self._scopes.pop()

    def visit_Import(self, node: ast.Import) -> None:
        self._unit.refers.update((one.name, "") for one in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self._unit.refers.add((node.module or "", ""))

    def _annotation(self, node: ast.expr) -> None:
        for text in ast.walk(node):
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                try:
                    self.visit(ast.parse(text.value, mode="eval"))
                except SyntaxError:
                    continue  # a word of a Literal


def _dotted(node: ast.expr) -> str:
    """A chain of names and attributes as text; "" for another expression."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := _dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def _bound(function: Function) -> Iterator[str]:
    """The names that are local to a function."""
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, Function | ast.ClassDef | ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            yield ("" if node is function else node.name) or ""


def named(text: str) -> Iterator[SymbolKey]:
    """The modules that a text names, each with the name to be loaded from it."""
    for found in NAMED.findall(text):
        module, _, name = found.partition(":")
        yield module, ""
        if name:
            yield module, name


def read(folder: Path) -> Iterator[Module]:
    """The files below a folder, with their definitions."""
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        module = Module(name, path, ast.parse(path.read_text("utf-8")))
        module.units[""] = Unit()
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                module.imported |= {one.asname or one.name: (one.name, "") for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                module.imported |= {one.asname or one.name: (node.module or "", one.name) for one in node.names}
        for statement in module.tree.body:
            _define(module, statement)
        yield module


def _define(module: Module, node: ast.stmt) -> None:
    """Record the definitions of one top-level statement of a module."""
    if isinstance(node, Function):
        _unit(module, node.name, node)
    elif isinstance(node, ast.ClassDef):
        methods = [one for one in node.body if isinstance(one, Function)]
        rest = [one for one in node.body if not isinstance(one, Function)]
        _unit(module, node.name, node, [*node.bases, *node.keywords, *node.decorator_list, *rest])
        for method in methods:
            _unit(module, f"{node.name}.{method.name}", method, owner=node.name)
    elif names := list(_constants(node)):
        for name in names:
            _unit(module, name, node)
    else:
        _References(module, module.units[""]).visit(node)


def _unit(module: Module, name: str, node: ast.stmt, parts: list[ast.AST] | None = None, owner: str = "") -> None:
    unit = module.units.setdefault(name, Unit(node.lineno, owner))
    decorators = node.decorator_list if isinstance(node, Function | ast.ClassDef) else []
    unit.registered |= any(_decorator(one) not in HARMLESS for one in decorators)
    visitor = _References(module, unit)
    for part in [node] if parts is None else parts:
        visitor.visit(part)


def _decorator(node: ast.expr) -> str:
    called = node.func if isinstance(node, ast.Call) else node
    return _dotted(called).rpartition(".")[2]


def _constants(node: ast.stmt) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    for target in targets:
        for one in ast.walk(target):
            if isinstance(one, ast.Name) and not (one.id.startswith("__") and one.id.endswith("__")):
                yield one.id
