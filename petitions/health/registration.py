"""Health for operators: addresses."""

from typing import Final

from petitions.health import pages as health
from petitions.http.routing import Row
from petitions.lifecycle.registration import Registration

REGISTRATION: Final = Registration(
    name="health",
    routes=(
        Row("GET", "/health/live", "everyone", health.live),
        Row("GET", "/health/ready", "everyone", health.ready),
    ),
)
