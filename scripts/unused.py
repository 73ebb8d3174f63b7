"""Find dead code: functions, methods, classes and constants of petitions/ that nothing but tests uses.

A definition is used when it can be reached from the programs: ``python -m petitions``, scripts/, and definitions that
these name in strings. A name is resolved in its scope, so a local variable of the same name does not count, and what
only unused code refers to is unused as well. Methods are matched by name alone, because the class of an object is not
known statically; templates count as uses of methods. Exit status 1 when there is dead code.

(vulture compares names without scopes: a local variable called ``refusal`` hides an unused function of that name.)
"""

import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from scripts.references import Module, SymbolKey, named, read

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ("petitions.__main__",)
TEMPLATES = (".html", ".svg", ".txt", ".xml")
ALLOWED = {
    "handle_DATA": "aiosmtpd calls it for each mail",
    "data_received": "asyncio calls it on a protocol",
    "convert": "Starlette calls it on a converter of addresses",
    "to_string": "Starlette calls it on a converter of addresses",
    "on_end": "python-multipart calls it at the end of a form",
    "derive_key": "itsdangerous calls it on a signer",
    "watch_rows": "the tests look at every row that is read",
    "deliver": "one round of the worker, one batch of the connections: the tests of mail hand over mails with them",
}
"""Names that are used although no reference is found: a framework calls them, or for the reason given."""


def attributes_of_templates(folder: Path) -> set[str]:
    """The attributes that templates read, and the strings that they pass to filters, which may name attributes."""
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])  # noqa: S701
    found: set[str] = set()
    for path in (path for suffix in TEMPLATES for path in folder.rglob(f"*{suffix}")):
        tree = environment.parse(path.read_text("utf-8"))
        found |= {one.attr for one in tree.find_all(nodes.Getattr)}
        for called in tree.find_all((nodes.Filter, nodes.Getitem)):
            found |= {one.value for one in called.find_all(nodes.Const) if isinstance(one.value, str)}
    return found


class Reach:
    """The definitions that can be reached from the programs."""

    def __init__(self, modules: dict[str, Module], attributes: set[str]) -> None:
        """``attributes`` are read from outside: by templates, by frameworks."""
        self._modules = modules
        self.units: set[SymbolKey] = set()
        self._attributes: set[str] = set()
        self._methods: dict[str, list[SymbolKey]] = defaultdict(list)
        for module in modules.values():
            for name, unit in module.units.items():
                if unit.owner:
                    self._methods[name.rpartition(".")[2]].append((module.name, name))
        self._waiting: list[SymbolKey] = []
        self._read(attributes)

    def follow(self, keys: set[SymbolKey]) -> None:
        """Mark these as reached, and all that they refer to."""
        self._waiting.extend(keys)
        while self._waiting:
            for key in self._resolve(*self._waiting.pop()):
                if key not in self.units:
                    self.units.add(key)
                    self._arrive(*key)

    def _arrive(self, name: str, what: str) -> None:
        module = self._modules[name]
        unit = module.units[what]
        self._waiting.extend(unit.refers)
        self._waiting.append((name, ""))
        self._read(unit.attributes)
        if not what:
            self._waiting.extend(
                (name, other) for other, one in module.units.items() if one.registered and not one.owner
            )
            if parent := name.rpartition(".")[0]:
                self._waiting.append((parent, ""))
        for other, one in module.units.items():
            method = other.rpartition(".")[2]
            if what and one.owner == what and (one.registered or method in self._attributes or method.startswith("__")):
                self._waiting.append((name, other))

    def _read(self, attributes: set[str]) -> None:
        """Mark the methods with these names as reached, in classes that are reached."""
        for name in attributes - self._attributes:
            self._attributes.add(name)
            for module, method in self._methods[name]:
                if (module, self._modules[module].units[method].owner) in self.units:
                    self._waiting.append((module, method))

    def _resolve(self, module: str, name: str) -> Iterator[SymbolKey]:
        """The definitions that a name in a module refers to, through imports; none for names from elsewhere."""
        there = self._modules.get(module)
        if there is None:
            return
        if name in there.units:
            yield module, name
        elif name in there.imported:
            source, what = there.imported[name]
            yield from (
                self._resolve(f"{source}.{what}", "")
                if f"{source}.{what}" in self._modules
                else self._resolve(source, what)
            )
        elif "." in name:  # an attribute of a module that was imported
            first, _, rest = name.partition(".")
            source, what = there.imported.get(first, ("", ""))
            yield from self._resolve(f"{source}.{what}" if what else source, rest)


def unused(root: Path, allowed: Collection[str]) -> list[str]:
    """One line for each definition below ``root`` that nothing uses, and for each name of ``allowed`` that is gone."""
    modules = {module.name: module for folder in ("petitions", "scripts") for module in read(root / folder)}
    reach = Reach(modules, attributes_of_templates(root / "templates") | set(allowed))
    programs = {(name, "") for name in PROGRAMS}
    for module in modules.values():
        if module.name.split(".")[0] == "scripts":
            programs |= {(module.name, name) for name in module.units}
        programs |= {(module.name, name) for name in module.units if name in allowed}
    for path in (root / "Procfile", *(root / "scripts").glob("*")):
        if path.is_file() and path.suffix != ".py":
            programs |= set(named(path.read_text("utf-8")))
    reach.follow(programs)
    found, there = [], set()
    for module in modules.values():
        for name, unit in module.units.items():
            there.add(name.rpartition(".")[2])
            if (module.name, name) not in reach.units and (not unit.owner or (module.name, unit.owner) in reach.units):
                found.append(f"{module.path.relative_to(root)}:{unit.line}: {name or 'the module'} is used by nothing")
    return found + [f"{name} is allowed, but is not there" for name in allowed if name not in there]


def main() -> None:
    """Print it."""
    found = unused(ROOT, ALLOWED)
    print("\n".join(found), end="\n" if found else "")  # noqa: T201
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
