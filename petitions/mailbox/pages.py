"""The mailbox of the demo: every mail that was sent, as a page and as JSON. It exists only in the demo."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from petitions.http.state import render
from petitions.lifecycle.pages.state import app_state
from petitions.mailbox.reads import CaughtMail, read_mailbox

SHOWN: Final = 50
LISTED: Final = 500


async def _mails(request: Request, limit: int) -> list[CaughtMail]:
    return await asyncio.to_thread(read_mailbox, Path(app_state(request).mailbox_dir), limit)


async def mailbox(request: Request) -> Response:
    """The newest mails as a page."""
    return render(request, "mailbox/mailbox.html", mails=await _mails(request, SHOWN))


async def messages(request: Request) -> Response:
    """The newest mails as JSON: to, subject, text, html, links, received_at."""
    rows = [asdict(mail) | {"received_at": mail.received_at.isoformat()} for mail in await _mails(request, LISTED)]
    return JSONResponse(rows, headers={"Cache-Control": "no-store"})
