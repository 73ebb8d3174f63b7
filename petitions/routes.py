"""The table of routes, assembled from the subjects. Every row names the role that has access."""

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
"""Static files, and the style sheets, icon and logo of this installation."""

HOT: Final = ("/{lang}/petitions/{id}/sign", "/{lang}/confirm/{token}", "/static/{path:path}")
"""The busiest routes under load, matched first. (Pages and counters in the page cache are sent before routing.)"""


def table(subjects: Iterable[Registration] = SUBJECTS) -> tuple[AccessRow, ...]:
    """Every route of these subjects."""
    return (*(row for subject in subjects for row in subject.routes), *ASSETS)


def routes(subjects: Iterable[Registration] = SUBJECTS) -> list[BaseRoute]:
    """The routes of the application, the busiest first."""
    return routing.routes(table(subjects), guarded, hot=HOT)
