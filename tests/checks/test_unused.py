"""The check for unused code finds all of it, and nothing else."""

from pathlib import Path

import pytest

from scripts.unused import unused

CODE = {
    "petitions/__init__.py": "",
    "petitions/__main__.py": "from petitions.deep import acts\nacts.run(acts.Desk())\n",
    "petitions/deep/__init__.py": "",
    "petitions/deep/acts.py": """
import contextlib
from petitions.deep.rules import LIMIT, refused as is_refused

def run(desk):
    refusal = is_refused(LIMIT)
    desk.sit("petitions.deep.served:create")
    return refusal

class Desk:
    def __enter__(self):
        return self
    def sit(self, where):
        return self.seat
    @property
    def seat(self):
        return 1
    @property
    def told(self):
        return 2
    def stand(self):
        return 3
    def on_end(self):
        return 4
""",
    "petitions/deep/rules.py": """
LIMIT: "Number" = 3
Number = int
SPARE = 4

def refused(limit):
    return limit > 1

def refusal():
    return only_by_refusal()

def only_by_refusal():
    return SPARE

def itself():
    return itself()

@registered
def by_decorator():
    return 1
""",
    "petitions/deep/served.py": "def create():\n    return 1\n\n\ndef destroy():\n    return 0\n",
    "petitions/deep/forgotten.py": "from petitions.deep.rules import itself\nitself()\n",
    "scripts/__init__.py": "",
    "templates/page.html": "{{ desk.told }}",
    "tests/test_it.py": "from petitions.deep.rules import refusal\nrefusal()\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in CODE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def names(lines: list[str]) -> set[str]:
    return {line.split(": ", 1)[1].removesuffix(" is used by nothing") for line in lines}


def test_what_nothing_uses_is_found(tree: Path) -> None:
    found = unused(tree, ["on_end"])
    assert names(found) == {
        "SPARE",  # used by what is unused
        "only_by_refusal",
        "refusal",  # a local variable has its name, and a test calls it
        "itself",  # called by itself, and by a module that nobody imports
        "Desk.stand",
        "destroy",
        "the module",  # forgotten.py
    }
    assert "petitions/deep/rules.py:9: refusal is used by nothing" in found


def test_what_a_template_reads_is_used(tree: Path) -> None:
    (tree / "templates/page.html").write_text("{{ desks | map(attribute='stand') }}", "utf-8")
    found = names(unused(tree, ["on_end"]))
    assert "Desk.stand" not in found
    assert "Desk.told" in found


def test_an_exception_is_needed_and_not_kept_for_ever(tree: Path) -> None:
    assert "Desk.on_end" in names(unused(tree, []))
    assert "handle_DATA is allowed, but is not there" in unused(tree, ["on_end", "handle_DATA"])
