"""Previews of every mail of the service for moderators and administrators, as text and HTML."""

from email.message import EmailMessage
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from petitions.errors import NotFoundError
from petitions.http.safeguards import FRAMES_NONE, POLICY
from petitions.http.state import language, now, render
from petitions.lifecycle.pages.state import app_state, service
from petitions.lifecycle.rules.procedures import Procedure
from petitions.locale import load_catalogue
from petitions.locale.formats import Formats
from petitions.mail.compose import compose
from petitions.mail.letters import Letter, Wording
from petitions.mail_previews.specimens import specimens

SHOWN_BY: Final = "nl-burgerinitiatief"
"""The procedure whose steps and grounds the sample mails use, if this installation has it."""

FRAMING: Final = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY + "frame-src 'self'; " + FRAMES_NONE}
FRAMED: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
        "sandbox; frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}
"""The content policy of a mail: inline style, no script, and only this site may frame it."""


def _procedure(request: Request) -> Procedure:
    procedures = service(request).procedures.values()
    return max(procedures, key=lambda one: (one.code == SHOWN_BY, one.listed, one.version))


def _letters(request: Request) -> dict[str, tuple[str, Letter]]:
    procedure, code = _procedure(request), language(request)
    translations = load_catalogue(code)
    formats = Formats(code, translations, procedure.body.zone)
    wording = Wording(
        code, translations, formats, app_state(request).pages.site.name_in(code), app_state(request).public_url
    )
    return dict(
        specimens(
            wording,
            procedure,
            service(request).committees,
            service(request).event_kinds,
            app_state(request).parts.specimens,
        )
    )


def _letter(request: Request) -> tuple[str, Letter]:
    found = _letters(request).get(str(request.path_params["kind"]))
    if found is None:
        raise NotFoundError("mail")
    return found


def _message(request: Request, letter: Letter) -> EmailMessage:
    sender = app_state(request).sender
    return compose(
        letter,
        to=f"iemand@{sender.rpartition('@')[2]}",
        sender=sender,
        site=app_state(request).pages.site.name_in(language(request)),
        language=language(request),
        message_id=f"<preview@{sender.rpartition('@')[2]}>",
        moment=now(request),
        render=app_state(request).pages.render,
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""


async def index(request: Request) -> Response:
    """The list of all kinds of mail, with their subjects."""
    return render(
        request, "mail_previews/mails.html", nav="mails", mails=_letters(request), procedure=_procedure(request)
    )


async def mail(request: Request) -> Response:
    """One mail: its headers, its plain text, and its HTML in a frame."""
    outbox_kind, letter = _letter(request)
    message = _message(request, letter)
    names = list(_letters(request))
    at = names.index(str(request.path_params["kind"]))
    return render(
        request,
        "mail_previews/mail.html",
        nav="mails",
        headers=FRAMING,
        mail_name=names[at],
        following=names[at + 1] if at + 1 < len(names) else "",
        outbox_kind=outbox_kind,
        letter=letter,
        shown=[(name, str(message[name])) for name in ("From", "Subject", "List-Unsubscribe") if message[name]],
        text=_part(message, "plain"),
    )


async def mail_html(request: Request) -> Response:
    """The HTML of one mail, as a mail program receives it."""
    _, letter = _letter(request)
    return HTMLResponse(_part(_message(request, letter), "html"), headers=FRAMED)
