"""The initiator's page to print numbered sheets, behind the management link."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.http.state import form, language, now, read_number, render, today
from petitions.http.words import N_, words
from petitions.lifecycle.acts import drafting
from petitions.lifecycle.pages.managing import PERSONAL
from petitions.lifecycle.pages.state import app_state, link, service
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.states import Stage
from petitions.paper import acts as paper
from petitions.paper.prints import NOT_ON_PAPER, WIDTHS, make_sheets
from petitions.paper.rules import MOST_AT_ONCE

FIELDS: Final[Mapping[str, str]] = {
    "name": N_("Name"),
    "street": N_("Street and number"),
    "postcode": N_("Postcode"),
    "place": N_("Place of residence"),
    "birth_date": N_("Date of birth"),
    "nationality": N_("Nationality"),
    "country": N_("Country"),
    "organisation": N_("Organisation"),
    "municipality": N_("Municipality"),
    "department": N_("Department"),
    "personal_code": N_("Personal code"),
}


async def page(request: Request) -> Response:
    """How to collect on paper, and the form to print sheets. Raises NotFoundError if the procedure has no paper."""
    return await _page(request)


async def sheets(request: Request) -> Response:
    """Issue numbers and send the sheets as a PDF."""
    values = await form(request)
    wanted = read_number(values.get("sheets", "").strip()) or 0
    try:
        issued = await paper.issue(service(request), link(request, "manage"), wanted, now=now(request))
    except InvalidInputError:
        message = words(language(request)).gettext("Fill in a number from 1 to %(most)d.") % {"most": MOST_AT_ONCE}
        return await _page(request, values=values, errors={"sheets": message})
    except ConflictError as error:
        return await _page(request, values=values, conflict=error.reason)
    address = f"{app_state(request).public_url}/{issued.language}/petitions/{issued.petition_id}"
    lines = issued.procedure.paper.lines if issued.procedure.paper else 0
    day = today(request, issued.procedure.body.zone)
    file = await make_sheets(_facts(request, issued), address=address, lines=lines, day=day)
    name = f"petition-{issued.petition_id}-sheets-{issued.first}-{issued.last}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **PERSONAL}
    return Response(file, media_type="application/pdf", headers=headers)


async def _page(
    request: Request,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    conflict: str = "",
) -> Response:
    petition = await drafting.managed(service(request), link(request, "manage"))
    if petition.procedure.paper is None:
        raise NotFoundError("paper")
    return render(
        request,
        "paper/sheets.html",
        status=409 if conflict else 400 if errors else 200,
        headers=PERSONAL,
        petition=petition,
        paper=petition.procedure.paper,
        open=petition.stage == Stage.OPEN,
        most=MOST_AT_ONCE,
        path=f"/{language(request)}/manage/{request.path_params['token']}",
        conflict=conflict,
        values=values or {"sheets": "10"},
        errors=errors or {},
    )


def _facts(request: Request, issued: paper.IssuedSheets) -> dict[str, Any]:
    """The content of the sheets, in the language of the petition."""
    say, spoken, procedure = words(issued.language).gettext, issued.language, issued.procedure
    counted_by = procedure.paper.counted_by[spoken] if procedure.paper else ""
    return {
        "numbers": list(range(issued.first, issued.last + 1)),
        "title": issued.title,
        "request": issued.request,
        "body": procedure.body.name[spoken],
        "who": procedure.signer.who[spoken],
        "author": app_state(request).pages.site.name_in(spoken),
        "lang": spoken,
        "columns": _columns(procedure, spoken),
        "words": {
            "title": say("Signature sheet"),
            "asks": say("We ask this of:"),
            "qr": say("QR code with the address of the petition"),
            "online": say("You can also sign online."),
            "who": say("Who may sign:"),
            "once": say("Sign once: on paper or online."),
            "date": say("Date"),
            "signature": say("Signature"),
            "privacy": say("%(who)s counts the signatures and keeps the sheets. They are used for nothing else.")
            % {"who": counted_by},
            "back": say("Return this sheet to: %(name)s.") % {"name": issued.initiator_name},
            "sheet": say("Sheet %(number)s of petition %(petition)s") % {"number": "#", "petition": issued.petition_id},
        },
    }


def _columns(procedure: Procedure, spoken: str) -> list[dict[str, Any]]:
    """The columns of a sheet: the questions of the procedure in its order, with their share of the width."""
    asked = [field.name for field in procedure.fields if field.name not in NOT_ON_PAPER]
    return [{"words": words(spoken).gettext(FIELDS[name]), "width": WIDTHS.get(name, 1.4)} for name in asked]
