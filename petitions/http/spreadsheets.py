"""Tables of text as XLSX and CSV files, written in portions, without cells that a spreadsheet would run as a formula.

A cell that begins with =, +, -, @, a tab or a line end could be a formula (OWASP: CSV injection). In XLSX every cell is
written as a string, which is never run; in CSV such a cell gets a leading apostrophe, and every cell has quotes.
"""

import csv
import hashlib
import io
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Final, Literal

import xlsxwriter

SpreadsheetFormat = Literal["xlsx", "csv", "csv_bom"]
MEDIA: Final[dict[str, str]] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "csv_bom": "text/csv; charset=utf-8",
}
RUN: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
CHUNK: Final = 64 * 1024
MOST_ROWS: Final = 1_048_575
"""How many rows fit on a sheet below its headings (Excel specifications and limits)."""


def safe(text: str) -> str:
    """The text as a CSV cell that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(RUN) else text


class Table:
    """A file that is being written: headings, then rows in portions. It is a temporary file, deleted when closed."""

    def __init__(self, kind: SpreadsheetFormat, headings: Sequence[str]) -> None:
        """Begin a file with its headings."""
        self.kind = kind
        self.rows = 0
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it lives until it was sent
        self._headings = headings
        if kind == "xlsx":
            self._begin_sheets()
        else:
            encoding = "utf-8-sig" if kind == "csv_bom" else "utf-8"
            self._text = io.TextIOWrapper(self._file, encoding, newline="", write_through=False)
            self._csv = csv.writer(self._text, quoting=csv.QUOTE_ALL)
            self._csv.writerow([safe(heading) for heading in headings])

    def _begin_sheets(self) -> None:
        never = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._file, {"constant_memory": True, **never})
        self._sheets: list[xlsxwriter.worksheet.Worksheet] = []
        self._new_sheet()

    def _new_sheet(self) -> None:
        """A sheet of the table, with headings in the first row; a table that is too long continues on another sheet."""
        self._sheet = self._book.add_worksheet()
        bold = self._book.add_format({"bold": True})
        for place, heading in enumerate(self._headings):
            self._sheet.write_string(0, place, heading, bold)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(self._headings), 24)
        self._line = 0

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        """Write more rows."""
        self.rows += len(rows)
        if self.kind != "xlsx":
            self._csv.writerows([[safe(cell) for cell in row] for row in rows])
            return
        for row in rows:
            if self._line == MOST_ROWS:
                self._new_sheet()
            self._line += 1
            for place, cell in enumerate(row):
                self._sheet.write_string(self._line, place, cell)

    def finish(self, about: Sequence[tuple[str, str]] = ()) -> str:
        """Complete the file and return its SHA-256 (hexadecimal).

        ``about`` (who made the file, when and why) becomes the last sheet of XLSX. CSV has the table only.
        """
        if self.kind == "xlsx":
            sheet = self._book.add_worksheet()
            for line, (name, value) in enumerate(about):
                sheet.write_string(line, 0, name)
                sheet.write_string(line, 1, value)
            sheet.set_column(0, 1, 40)
            self._book.close()
        else:
            self._text.flush()
        digest = hashlib.sha256()
        for chunk in self.chunks():
            digest.update(chunk)
        return digest.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """The whole file, from its beginning."""
        self._file.seek(0)
        while chunk := self._file.read(CHUNK):
            yield chunk

    @property
    def size(self) -> int:
        """How many bytes the file has."""
        return self._file.seek(0, io.SEEK_END)

    def close(self) -> None:
        """Delete the file."""
        if self.kind != "xlsx":
            self._text.detach()
        self._file.close()
