"""The rules of the style sheet: a file for each component, put together in a fixed order, because later rules win."""

from functools import cache
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parents[1] / "static"
COMPONENTS: Final = (
    "base",
    "buttons",
    "header",
    "footer",
    "cards",
    "petition",
    "timeline",
    "forms",
    "home",
    "lists",
    "desk",
    "tables",
    "facts",
    "sharing",
    "charts",
    "adaptations",
    "print",
    "moderation",
    "drafting",
    "public",
    "committees",
)


@cache
def rules() -> str:
    """All rules, which take their colours and fonts from the tokens of a theme."""
    return "".join((STATIC / "css" / f"{name}.css").read_text("utf-8") for name in COMPONENTS)
