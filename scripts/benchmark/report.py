"""The result as a table on the terminal, as Markdown, and as JSON with everything."""

import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from scripts.benchmark.runs import CaseResult

COLUMNS = ("case", "measured", "compared with", "figure", "goal", "verdict")
QUICK = "This was a quick run: it shows that every case works; its figures mean nothing."
_WIDTHS = (34, 32, 32, 15, 16, 11)


def busy_in_words(busy: Mapping[str, float]) -> str:
    """``web 98%, postgres 60%, wrk 12%``: shares of one core."""
    return ", ".join(f"{name} {share * 100:.0f}%" for name, share in busy.items())


def _cells(result: CaseResult) -> tuple[str, ...]:
    return result.label, result.measured, result.compared, result.value, result.goal, result.verdict


def as_table(results: Sequence[CaseResult]) -> str:
    """The table for a terminal, with the busy processes and the notes below each row."""
    rule = "-" * (sum(_WIDTHS) + 2 * (len(_WIDTHS) - 1))
    lines = [rule, _row(COLUMNS), rule]
    for result in results:
        lines.append(_row(_cells(result)))
        remarks = [*([f"busy: {busy_in_words(result.busy)}"] if result.busy else []), *result.notes]
        lines += [f"    {remark}" for remark in remarks]
        lines.append(rule)
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    columns = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, _WIDTHS, strict=True)]
    height = max(len(column) for column in columns)
    rows = []
    for number in range(height):
        parts = [
            (column[number] if number < len(column) else "").ljust(width)
            for column, width in zip(columns, _WIDTHS, strict=True)
        ]
        rows.append("  ".join(parts).rstrip())
    return "\n".join(rows)


def facts_in_words(facts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Machine, versions and settings, one line each."""
    return [f"{name}: " + ", ".join(f"{key} {value}" for key, value in part.items()) for name, part in facts.items()]


def as_markdown(
    results: Sequence[CaseResult], facts: Mapping[str, Mapping[str, str]], command: str, *, quick: bool = False
) -> str:
    """The same for a README: the table of goals, then the busy processes, then the environment."""
    lines = [f"| {' | '.join(COLUMNS)} |", "| --- | --- | --- | --- | --- | --- |"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in _cells(result)) + " |" for result in results]
    lines += ["", "| case | busy, as shares of one core | remarks |", "| --- | --- | --- |"]
    lines += [
        f"| {result.label} | {busy_in_words(result.busy) or '–'} | {'; '.join(result.notes) or '–'} |"
        for result in results
    ]
    lines += [
        "",
        *[f"* {line}" for line in facts_in_words(facts)],
        f"* measured with `{command}`",
        *([f"* {QUICK}"] if quick else []),
        "",
    ]
    return "\n".join(lines)


def write_json(path: Path, results: Sequence[CaseResult], facts: Mapping[str, Any]) -> None:
    """Write all measurements as JSON."""
    body = {**facts, "results": [asdict(result) for result in results]}
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False, default=_plain) + "\n", "utf-8")


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)
