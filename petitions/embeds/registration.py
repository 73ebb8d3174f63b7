"""Counters on other websites: addresses."""

from typing import Final

from petitions.embeds import pages as embed
from petitions.http.routing import Row
from petitions.lifecycle.registration import Registration

REGISTRATION: Final = Registration(
    name="embeds",
    routes=(
        Row("GET", "/{lang}/petitions/{id}/embed", "everyone", embed.snippets),
        Row("GET", "/{lang}/embed", "everyone", embed.about),
        Row("GET", "/embed/petitions/{id}.svg", "everyone", embed.badge),
        Row("GET", "/embed/petitions/{id}.json", "everyone", embed.counter),
        Row("GET", "/embed/petitions/{id}", "everyone", embed.frame),
    ),
)
