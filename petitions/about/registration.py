"""Pages about the service: addresses."""

from typing import Final

from petitions.about.pages import about, styleguide
from petitions.http.routing import Row
from petitions.lifecycle.registration import Registration

REGISTRATION: Final = Registration(
    name="about",
    routes=(
        Row("GET", "/{lang}/privacy", "everyone", about.privacy),
        Row("GET", "/{lang}/accessibility", "everyone", about.accessibility),
        Row("GET", "/{lang}/about", "everyone", about.about),
        Row("GET", "/{lang}/contact", "everyone", about.contact),
        Row("GET", "/styleguide", "demo or staff", styleguide.page),
    ),
)
