"""Signatures on paper: its addresses."""

from typing import Final

from petitions.http.routing import Row
from petitions.http.uploads import LARGEST_UPLOAD
from petitions.lifecycle.registration import Registration
from petitions.paper.events import KINDS
from petitions.paper.pages import counting
from petitions.paper.pages import sheets as paper

REGISTRATION: Final = Registration(
    name="paper",
    events=KINDS,
    routes=(
        Row("GET", "/{lang}/manage/{token}/sheets", "holder", paper.page),
        Row("POST", "/{lang}/manage/{token}/sheets", "holder", paper.sheets),
        Row("GET", "/staff/paper", "moderator", counting.index),
        Row("GET", "/staff/paper/{petition_id}", "moderator", counting.page),
        Row("POST", "/staff/paper/{petition_id}", "moderator", counting.count, LARGEST_UPLOAD),
        Row("POST", "/staff/paper/{petition_id}/{id}", "moderator", counting.decide),
    ),
)
