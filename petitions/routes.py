"""The one table of addresses, assembled from the subjects. Every row names who may come in."""

from collections.abc import Iterable
from typing import Final

from starlette.routing import BaseRoute

from petitions.http import routing, static, style
from petitions.http.routing import Row
from petitions.lifecycle.pages.guard import guarded
from petitions.lifecycle.registration import AccessRow, Registration
from petitions.subjects import SUBJECTS

ASSETS: Final[tuple[AccessRow, ...]] = (
    Row("GET", "/static/{path:path}", "everyone", static.static),
    Row("GET", "/style/{file}", "everyone", style.file),
)
"""Letters and fonts, and the look of this installation."""

HOT: Final = ("/{lang}/petitions/{id}/sign", "/{lang}/confirm/{token}", "/static/{path:path}")
"""What a storm asks for, matched first. (Pages and counters that were made in this second are sent before routing.)"""


def table(subjects: Iterable[Registration] = SUBJECTS) -> tuple[AccessRow, ...]:
    """Every address of these subjects."""
    return (*(row for subject in subjects for row in subject.routes), *ASSETS)


def routes(subjects: Iterable[Registration] = SUBJECTS) -> list[BaseRoute]:
    """The routes of the application, hot ones first."""
    return routing.routes(table(subjects), guarded, hot=HOT)
