"""The read API, feeds and the site map: their addresses."""

from typing import Final

from petitions.data.pages import api, feeds, sitemap
from petitions.http.routing import Row
from petitions.lifecycle.registration import Registration

REGISTRATION: Final = Registration(
    name="data",
    routes=(
        Row("GET", "/{lang}/petitions.atom", "everyone", feeds.everything),
        Row("GET", "/{lang}/petitions/{id}.atom", "everyone", feeds.of_petition),
        Row("GET", "/api/v1/petitions", "everyone", api.petitions),
        Row("GET", "/api/v1/petitions/{id}", "everyone", api.petition),
        Row("GET", "/{lang}/committees/{slug}.atom", "everyone", feeds.of_committee),
        Row("GET", "/robots.txt", "everyone", sitemap.robots),
        Row("GET", "/sitemap.xml", "everyone", sitemap.index),
        Row("GET", "/sitemap-pages.xml", "everyone", sitemap.pages),
        Row("GET", "/sitemap-petitions-{id}.xml", "everyone", sitemap.petitions),
    ),
)
