"""Which faults are made of Python and of SQL, and that the list of equivalent ones hides nothing by mistake."""

from pathlib import Path

import pytest

from scripts.mutation.equivalent import Equivalents
from scripts.mutation.mutants import Mutant
from scripts.mutation.python_mutants import python_mutants
from scripts.mutation.sql_mutants import sql_mutants
from scripts.mutation.targets import TARGETS


def lines(mutants: list[Mutant]) -> set[tuple[str, str]]:
    return {(one.where, one.lines()[1]) for one in mutants}


def python(tmp_path: Path, text: str) -> set[tuple[str, str]]:
    path = tmp_path / "rule.py"
    path.write_text(text)
    return lines(python_mutants(str(path)))


def sql(tmp_path: Path, text: str) -> set[str]:
    path = tmp_path / "stage.sql"
    path.write_text(f"-- name: query\n{text};\n")
    return {after for _, after in lines(sql_mutants(str(path)))}


def test_constants_outside_functions_are_changed_and_words_and_types_are_not(tmp_path: Path) -> None:
    text = '"""A rule."""\nDAYS: "int" = 28\nName = str | None\nWORD = "open"\n'
    assert python(tmp_path, text) == {("", 'DAYS: "int" = 29')}


def test_comparisons_texts_and_decorated_functions_are_changed(tmp_path: Path) -> None:
    text = (
        "class Post:\n"
        "    @property\n"
        "    def late(self) -> bool:\n"
        '        """Whether it is late."""\n'
        '        return self.day > 3 and self.stage != "open"\n'
    )
    turned = {after.removeprefix("return ") for where, after in python(tmp_path, text) if where == "Post.late"}
    assert turned == {
        'self.day >= 3 and self.stage != "open"',
        'self.day > 4 and self.stage != "open"',
        'self.day > 3 or self.stage != "open"',
        'self.day > 3 and self.stage == "open"',
        'self.day > 3 and self.stage != "XX"',
    }


def test_each_part_of_a_condition_is_dropped_and_turned(tmp_path: Path) -> None:
    assert sql(tmp_path, "delete from petition where id = :id and stage in ('draft', 'open')") == {
        "delete from petition where id <> :id and stage in ('draft', 'open');",
        "delete from petition where (id = :id or true) and stage in ('draft', 'open');",
        "delete from petition where id = :id or stage in ('draft', 'open');",
        "delete from petition where id = :id and (stage in ('draft', 'open') or true);",
        "delete from petition where id = :id and stage not in ('draft', 'open');",
        "delete from petition where id = :id and stage in ('XX', 'open');",
        "delete from petition where id = :id and stage in ('draft', 'XX');",
    }


def test_assignments_are_left_alone_and_what_they_add_is_not(tmp_path: Path) -> None:
    assert sql(tmp_path, "update petition set stage = 'open', version = version + 1") == {
        "update petition set stage = 'open', version = version - 1;"
    }


@pytest.mark.parametrize(
    ("condition", "changed"),
    [
        ("x is null", {"x is not null", "(x is null or true)"}),
        ("not exists (select 1)", {"exists (select 1)", "(not exists (select 1) or true)"}),
        (
            "at < :now - interval '30 days'",
            {
                "at <= :now - interval '30 days'",
                "at < :now + interval '30 days'",
                "at < :now - interval '31 days'",
                "(at < :now - interval '30 days' or true)",
            },
        ),
        (
            "coalesce(a, b) >= 2",
            {
                "coalesce(a, null) >= 2",
                "coalesce(a, b) > 2",
                "coalesce(a, b) >= 3",
                "(coalesce(a, b) >= 2 or true)",
            },
        ),
        ("a is distinct from b", {"a is not distinct from b", "(a is distinct from b or true)"}),
        ("n between 1 and 3", {"(n between 1 and 3 or true)"}),
    ],
)
def test_conditions_of_every_kind(tmp_path: Path, condition: str, changed: set[str]) -> None:
    head = "select 1 from t where "
    found = {one.removeprefix(head).removesuffix(";") for one in sql(tmp_path, head + condition)}
    assert {" ".join(one.split()) for one in found} == changed


def test_what_is_joined_by_or_is_dropped_to_false(tmp_path: Path) -> None:
    found = sql(tmp_path, "select 1 from t where (a = 1 or b = 2)")
    assert "select 1 from t where ((a = 1 and false) or b = 2);" in found


def test_every_group_has_files_and_tests() -> None:
    for target in TARGETS.values():
        assert target.paths()
        assert target.test_files()
        assert set(target.only) <= set(target.paths())


def test_an_entry_of_the_list_that_names_no_mutant_is_told(tmp_path: Path) -> None:
    known = Equivalents({("a.py", "f", "x > 1", "x >= 1")})
    assert known.stale({"a.py"}) == ["a.py f: x >= 1"]
    assert known.stale({"b.py"}) == []
    path = tmp_path / "rule.py"
    path.write_text("def f(x: int) -> bool:\n    return x > 1\n")
    (turned, *_) = [one for one in python_mutants(str(path)) if ">=" in one.text]
    listed = Equivalents({(str(path), "f", "return x > 1", "return x >= 1"), (str(path), "g", "", "")})
    assert listed.names(turned)
    assert listed.stale({str(path)}) == [f"{path} g: "]
