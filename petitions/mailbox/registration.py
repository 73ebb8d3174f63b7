"""The mailbox of the demonstration: addresses."""

from typing import Final

from petitions.http.routing import Row
from petitions.lifecycle.registration import Registration
from petitions.mailbox import pages as mailbox

REGISTRATION: Final = Registration(
    name="mailbox",
    routes=(
        Row("GET", "/mailbox", "demo", mailbox.mailbox),
        Row("GET", "/mailbox/messages.json", "demo", mailbox.messages),
    ),
)
