"""Print the texts of the interface that a language lacks, as empty entries to translate.

Usage: untranslated.py nl [PREFIX]. PREFIX limits the search to files whose path begins with it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from petitions.locale import read_catalogue

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None, "N_": None}
JINJA = {"newstyle_gettext": "true", "trimmed": "false", "silent": "false"}
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract"), ("**.xml", "jinja2.ext.babel_extract")]
OPTIONS = {"**.html": JINJA, "**.xml": JINJA}


def texts(prefix: str = "") -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """Every text of code and templates: file, line and msgid (singular and plural where there are two)."""
    for folder in ("petitions", "templates"):
        for name, line, message, *_ in extract_from_dir(
            ROOT / folder, METHODS, OPTIONS, KEYWORDS, directory_filter=lambda path: "demo/" not in str(path)
        ):
            path = f"{folder}/{name}"
            if path.startswith(prefix):
                yield path, line, message


def main() -> None:
    """Print them as a catalogue."""
    language, prefix = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    known = read_catalogue(language)
    missing = Catalog(locale=language)
    for path, line, message in texts(prefix):
        have = known.get(message if isinstance(message, str) else message[0])
        if have is None or not have.string:
            missing.add(message, locations=[(path, line)])
    write_po(sys.stdout.buffer, missing, omit_header=True, sort_by_file=True, width=130)


if __name__ == "__main__":
    main()
