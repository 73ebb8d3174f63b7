"""Previews of mails at the desk: their addresses."""

from typing import Final

from petitions.http.routing import Row
from petitions.lifecycle.registration import Registration
from petitions.mail_previews import pages as mails

REGISTRATION: Final = Registration(
    name="mail_previews",
    routes=(
        Row("GET", "/staff/mails", "moderator", mails.index),
        Row("GET", "/staff/mails/{kind}", "moderator", mails.mail),
        Row("GET", "/staff/mails/{kind}/html", "moderator", mails.mail_html),
    ),
)
