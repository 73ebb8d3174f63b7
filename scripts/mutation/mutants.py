"""What a mutant is: one small fault at one place of a file."""

import difflib
import hashlib
import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

FOLDER: Final = Path("var/mutants")
"""Where runs keep what they found out."""
Verdict = Literal["killed", "survived", "timeout", "uncovered", "untried"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: ``text`` stands in ``path`` instead of what is there from ``start`` to ``end`` (in bytes).

    ``where`` is the function or the query that holds it, ``""`` where none does. ``at_import`` is for what runs when
    the module is imported. ``first_line`` is where that function's code begins, ``body`` its first and last line
    without the head, ``line`` where the fault is.
    """

    path: str
    where: str
    first_line: int
    line: int
    start: int
    end: int
    text: str
    body: tuple[int, int] = (0, 0)
    at_import: bool = False

    def source(self, original: str) -> str:
        """The whole file with the fault in it."""
        content = original.encode()
        return (content[: self.start] + self.text.encode() + content[self.end :]).decode()

    def lines(self) -> tuple[str, str]:
        """The first line that differs, as it is and as it becomes, without indentation."""
        original = Path(self.path).read_text(encoding="utf-8")
        before, after = original.splitlines(), self.source(original).splitlines()
        for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if tag != "equal":
                return " ".join(x.strip() for x in before[a:b]), " ".join(x.strip() for x in after[c:d])
        return "", ""


def said(pipe: int) -> str:
    """What a child that ended had told, without waiting for a process of its own that may still hold the pipe."""
    os.set_blocking(pipe, False)
    try:
        return os.read(pipe, 4096).decode()
    except BlockingIOError:
        return ""
    finally:
        os.close(pipe)


def made(path: str, make: Callable[[str], list[Mutant]]) -> list[Mutant]:
    """The mutants of a file; those of Python take a while, so they are kept until the file or the operators change."""
    tools = b"".join(one.read_bytes() for one in sorted(Path(__file__).parent.glob("*_*.py")))
    kept = FOLDER / f"made-{hashlib.sha256(path.encode() + Path(path).read_bytes() + tools).hexdigest()[:20]}.pickle"
    if not kept.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(make(path)))
    found: list[Mutant] = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this function
    return found
