"""Modules that a body can switch on or off: one that is off has no addresses, tabs or links."""

from starlette.requests import Request

from petitions.errors import NotFoundError
from petitions.http.state import http_state


def has(request: Request, name: str) -> bool:
    """Whether the body switched this module on (a name of ``sites.Modules``)."""
    return bool(getattr(http_state(request).pages.site.body.modules, name))


def demand(request: Request, name: str) -> None:
    """Raise NotFoundError where the module is off."""
    if not has(request, name):
        raise NotFoundError("module")
