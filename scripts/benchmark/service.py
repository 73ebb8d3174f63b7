"""The service on the database of an installation, without pages, for seeding."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from petitions import settings as environment
from petitions.app import make_service
from petitions.lifecycle.acts.service import Service
from scripts.benchmark.stage import Installation


@asynccontextmanager
async def running_service(site: Installation) -> AsyncIterator[Service]:
    """The service of an installation with its writers, closed at the end."""
    settings = environment.read(
        {
            "DATABASE_URL": site.url,
            "SMTP_URL": "smtp://127.0.0.1:9",
            "SECRET_KEY": site.secret,
            "PUBLIC_URL": "https://petities.bench.example",
        }
    )
    service = make_service(settings)
    await service.database.open()
    service.signing.start()
    service.confirming.start()
    try:
        yield service
    finally:
        await service.signing.stop()
        await service.confirming.stop()
        await service.database.close()
