"""The baseline of the benchmark: a bare Starlette application, served with exactly the options of the service.

The options are those of ``python -m petitions serve``: its command is run, only with another application.
"""

import sys
from typing import Any

import granian.server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route


async def plain(_: Request) -> Response:
    """Answer with a dozen bytes."""
    return PlainTextResponse("Hello world.")


async def form(request: Request) -> Response:
    """Read a form and answer with a redirect."""
    await request.form()
    return RedirectResponse("/plain", status_code=303)


def create() -> Starlette:
    """The application."""
    return Starlette(routes=[Route("/plain", plain), Route("/form", form, methods=["POST"])])


def main() -> None:
    """Serve it as the service is served."""
    from petitions.__main__ import serve

    server: Any = granian.server
    real = server.Server
    server.Server = lambda _target, **options: real("scripts.benchmark.bare:create", **(options | {"factory": True}))
    serve(sys.argv[1:])


if __name__ == "__main__":
    main()
