"""Liveness and readiness of this process, for a load balancer and for operators."""

from datetime import UTC, datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from petitions.errors import UnavailableError
from petitions.health.reads import read_health
from petitions.lifecycle.pages.state import app_state, service

STALE: Final = timedelta(minutes=2)


async def live(_: Request) -> Response:
    """Liveness: this process answers."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def ready(request: Request) -> Response:
    """Readiness: the database answers. Also says whether the worker lives, and how old the oldest waiting mail is."""
    try:
        health = await read_health(service(request).database)
    except UnavailableError:
        body = {"status": "unavailable", "database": "away"}
        return JSONResponse(body, 503, headers={"Retry-After": "5", "Cache-Control": "no-store"})
    load_shedder = app_state(request).load_shedder
    alive = health.worker_at is not None and datetime.now(UTC) - health.worker_at < STALE
    report: dict[str, str | int] = {
        "status": "ok",
        "database": "ok",
        "worker": "ok" if alive else "not seen",
        "mails_waiting": health.mails_waiting,
        "oldest_mail_seconds": health.oldest_mail_seconds,
        "requests_under_way": load_shedder.public.under_way,
        "requests_turned_away": load_shedder.turned_away,
    }
    return JSONResponse(report, headers={"Cache-Control": "no-store"})
