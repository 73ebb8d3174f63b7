"""Save the start form and continue later, by a link that is mailed."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from petitions.http.forms import Email, check
from petitions.http.state import form, language, now, render
from petitions.lifecycle.acts import saved_drafts as saving
from petitions.lifecycle.pages.draft_forms import CARRIED, PERSON_FIELDS, page_named
from petitions.lifecycle.pages.drafting import resume
from petitions.lifecycle.pages.state import app_state, service

PERSONAL: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
KEPT_FIELDS: Final = tuple(name for name in CARRIED if name not in {*PERSON_FIELDS, "changing", "saved"})
"""The fields that are saved: those of the petition. The initiator's own data is asked again."""


class _SaveTo(BaseModel):
    save_to: Email = Field(default="", validate_default=True)


async def keep(request: Request) -> Response:
    """Save what was typed and mail the link; for an invalid address, show the form again with what was typed."""
    values = await form(request)
    checked = check(_SaveTo, values)
    facts: dict[str, Any] = {
        "days": saving.KEPT.days,
        "carried": _carried(values),
        "values": values,
        "headers": PERSONAL,
    }
    if checked.problems:
        errors = checked.errors(language(request))
        return render(request, "lifecycle/drafting/save.html", status=400, nav="start", errors=errors, **facts)
    email = checked.facts["save_to"]
    if not values.get("website"):  # a field that people do not see: what fills it in is a machine
        await saving.keep(service(request), _kept(values), email, language(request), now=now(request))
    return render(
        request,
        "lifecycle/drafting/saved.html",
        nav="start",
        errors={},
        email=email,
        sender=app_state(request).sender,
        **facts,
    )


def _carried(values: Mapping[str, str]) -> dict[str, str]:
    """The typed answers as hidden fields, so that one can also continue at once."""
    return {name: values[name] for name in ("step", *CARRIED) if name in values and name != "website"}


def _kept(values: Mapping[str, str]) -> dict[str, str]:
    step = page_named(values.get("step", "")).name
    asked_again = {"check": "person"}.get(step, step)
    return {name: values[name] for name in KEPT_FIELDS if values.get(name)} | {"step": asked_again}


async def saved(request: Request) -> Response:
    """The page behind the link: buttons to continue and to erase, because mail scanners open links."""
    found = await saving.find(service(request), str(request.path_params["token"]), now=now(request))
    return render(
        request,
        "lifecycle/drafting/resume.html",
        expires_at=found.expires_at,
        erased=False,
        path=request.url.path,
        headers=PERSONAL,
    )


async def go_on(request: Request) -> Response:
    """Continue with the saved form, or erase it."""
    token = str(request.path_params["token"])
    if (await form(request)).get("act") == "erase":
        await saving.erase(service(request), token)
        return render(
            request,
            "lifecycle/drafting/resume.html",
            expires_at=None,
            erased=True,
            path=request.url.path,
            headers=PERSONAL,
        )
    found = await saving.find(service(request), token, now=now(request))
    return await resume(request, found.answers | {"saved": token})
