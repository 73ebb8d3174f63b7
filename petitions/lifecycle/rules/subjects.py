"""The subjects of petitions: a closed list, used by filters, feeds and the choice of a committee."""

from typing import Final

SUBJECTS: Final = (
    "health",
    "transport",
    "education",
    "nature",
    "housing",
    "money",
    "work",
    "justice",
    "government",
    "digital",
    "agriculture",
    "culture",
    "abroad",
    "other",
)
