"""The drawing of the packages in docs/architecture.md, made from the imports, and the comparison of the two.

Usage: python -m scripts.architecture (writes the drawing into the document) or --check (exit status 1 when the document
shows another).
"""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final = ROOT / "docs" / "architecture.md"
PACKAGE: Final = "petitions"
ASSEMBLY: Final = ("__main__", "supervisor", "commands", "app", "routes", "subjects", "demo")
MACHINERY: Final = ("http", "worker", "mail", "papers", "sites", "database", "security", "locale", "settings")
PURE: Final = ("charts", "differences", "durations", "text", "errors")
BEGIN: Final = "<!-- drawing: begin -->"
END: Final = "<!-- drawing: end -->"


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = path
    return found


def imports_of(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules of the package that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == PACKAGE:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in known else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == PACKAGE)


def group(module: str) -> str:
    """The box of the drawing that a module belongs to."""
    parts = module.split(".")
    if len(parts) == 1:
        return ""
    name = parts[1]
    if name in {"lifecycle", *MACHINERY}:
        return name
    if name in ASSEMBLY:
        return "assembly"
    if name in PURE:
        return "values"
    return "" if name == "procedures" else "subjects"


def layer(module: str) -> str:
    """The layer of the life of a petition that a module belongs to."""
    parts = module.split(".")
    return parts[2] if parts[1:2] == ["lifecycle"] and len(parts) > 2 else ""


def arrows(place: Callable[[str], str]) -> list[tuple[str, str]]:
    """The arrows between boxes where a module of one imports one of another; ``place`` gives the box of a module."""
    known = modules()
    found: set[tuple[str, str]] = set()
    for module, path in known.items():
        here = place(module)
        for other in imports_of(path, known):
            there = place(other)
            if here and there and here != there:
                found.add((here, there))
    return sorted(found)


def subjects() -> list[str]:
    """The names of the subjects: packages with a registration."""
    found = (path.parent.name for path in (ROOT / PACKAGE).glob("*/registration.py"))
    return sorted(name for name in found if name != "lifecycle")


def drawing() -> str:
    """Both drawings as the document shows them."""
    lines = ["```mermaid", "flowchart TD", f'    subjects["subjects<br/>{", ".join(subjects())}"]']
    lines += [f"    {here} --> {there}" for here, there in arrows(group)]
    lines += ["```", "", "Inside the life of a petition:", "", "```mermaid", "flowchart TD"]
    lines += [f"    {here} --> {there}" for here, there in arrows(layer)]
    return "\n".join([*lines, "```"])


def main() -> None:
    """Write the drawing, or compare it."""
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    made = f"{before}{BEGIN}\n{drawing()}\n{END}{after}"
    if "--check" not in sys.argv:
        DOCUMENT.write_text(made, "utf-8")
    elif made != text:
        sys.exit("docs/architecture.md shows other arrows than the imports: python -m scripts.architecture writes them")


if __name__ == "__main__":
    main()
