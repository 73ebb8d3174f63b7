"""The fonts of the site: Source Sans (SIL Open Font License), reduced to the characters that Dutch and English need.

The font files come from the package ``font-source-sans-pro``; they are not in the repository. At set-up each
is reduced to Latin letters and the punctuation of the interface, and compressed to WOFF2.
"""

import importlib.util
import os
import tempfile
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from petitions.errors import ConfigurationError

FACES: Final[dict[str, str]] = {
    "source-sans-regular.woff2": "SourceSansPro-Regular.ttf",
    "source-sans-semibold.woff2": "SourceSansPro-Semibold.ttf",
    "source-sans-bold.woff2": "SourceSansPro-Bold.ttf",
}
"""The font file in the style sheet, and the file of the package from which it is made."""

CHARACTERS: Final = frozenset(
    {
        *range(0x20, 0x7F),  # Latin
        *range(0xA0, 0x180),  # Latin-1 and Latin Extended-A: the languages of the Union
        *(0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E),  # dashes and quotes
        *(0x2022, 0x2026, 0x2030, 0x2039, 0x203A, 0x20AC, 0x2122, 0x2190, 0x2192, 0x2212),  # signs and arrows
    }
)
FEATURES: Final = ("kern", "mark", "mkmk", "ccmp", "locl", "liga", "lnum", "tnum", "pnum")


def build_fonts(target: Path) -> None:
    """Make the font files that are not yet in ``target``; a second call does nothing.

    Raises ConfigurationError when the package with the fonts is not installed. A file appears whole or not at all, so
    that two starts at the same time do no harm.
    """
    target.mkdir(parents=True, exist_ok=True)
    missing = {name: source for name, source in FACES.items() if not (target / name).exists()}
    if missing:
        folder = _package_folder()
        for name, source in missing.items():
            with TTFont(folder / source) as font:
                _subset(font)
                _write_whole(target / name, font)


def _package_folder() -> Path:
    spec = importlib.util.find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise ConfigurationError("the package font-source-sans-pro is not installed: the site has no fonts")
    return Path(spec.origin).parent / "files"


def _subset(font: TTFont) -> None:
    options = Options()
    options.flavor = "woff2"
    options.hinting = False  # screens smooth the outlines themselves; hints double the size
    options.desubroutinize = True
    options.layout_features = list(FEATURES)
    options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]  # with the licence
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    font.flavor = "woff2"


def _write_whole(path: Path, font: TTFont) -> None:
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".partial")
    try:
        with os.fdopen(handle, "wb") as file:
            font.save(file)
        Path(partial).chmod(0o644)
        Path(partial).replace(path)
    finally:
        Path(partial).unlink(missing_ok=True)
