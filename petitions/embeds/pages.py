"""The counter for somebody else's website: a page for a frame, a badge as an image, and the number as JSON."""

from collections.abc import Sequence
from typing import Any, Final, Literal, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from petitions.errors import GoneError, NotFoundError
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import EMBED, LASTING, page, public
from petitions.http.safeguards import FRAMES_NONE, POLICY
from petitions.http.state import language, now, number
from petitions.lifecycle.pages.outlook import toward_in
from petitions.lifecycle.pages.petition import load_view
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.pages.state import app_state, service
from petitions.lifecycle.reads.listing import ListedPetition, ListQuery, read_listing
from petitions.lifecycle.reads.petition import PublicPetition
from petitions.lifecycle.rules.states import Stage
from petitions.locale import LANGUAGES

EmbedSize = Literal["badge", "compact", "card"]
EmbedTheme = Literal["light", "dark", "auto"]
SIZES: Final[tuple[EmbedSize, ...]] = get_args(EmbedSize)
THEMES: Final[tuple[EmbedTheme, ...]] = get_args(EmbedTheme)
FRAMES: Final[dict[EmbedSize, tuple[int, int]]] = {"badge": (260, 44), "compact": (360, 84), "card": (360, 400)}
"""Width and height of the frame for each size, with room for the longest words."""

_LETTER: Final = 8.4  # about the width of a letter and of a bold digit of 16 px, wide enough for any system font
_DIGIT: Final = 9.6


def chosen(request: Request) -> tuple[EmbedSize, EmbedTheme]:
    """Size and theme from the address; unknown values become the default, so that a counter never breaks."""
    asked = request.query_params
    size: EmbedSize = next((s for s in SIZES if s == asked.get("size")), "card")
    theme: EmbedTheme = next((t for t in THEMES if t == asked.get("theme")), "auto")
    return size, theme


def _language(request: Request, shown: PetitionView | None) -> str:
    """The requested language, else that of the petition, so that everybody gets the same bytes."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else shown.petition.language if shown else next(iter(LANGUAGES))


async def _find(request: Request) -> PetitionView:
    """The petition to count. Raises NotFoundError for one that never opened, GoneError for one that was taken down."""
    shown = await load_view(request, number(request))
    if shown.petition.stage == Stage.REJECTED:
        raise NotFoundError("petition")
    if shown.petition.stage == Stage.REMOVED:
        raise GoneError("petition")
    return shown


async def frame(request: Request) -> Response:
    """The counter as a page for an iframe."""
    size, theme = chosen(request)

    async def make() -> Content:
        try:
            shown = await _find(request)
        except (NotFoundError, GoneError) as error:
            status = 410 if isinstance(error, GoneError) else 404
            lang = _language(request, None)
            body = app_state(request).pages.render("embeds/gone.html", lang, theme=theme, status=status)
            return Content(body, status)
        lang = _language(request, shown)
        found = shown.petition
        body = app_state(request).pages.render(
            f"embeds/{size}.html",
            lang,
            shown=shown,
            petition=found,
            theme=theme,
            toward=toward_in(lang),
            days_left=found.days_left(now(request)) if found.stage == Stage.OPEN else None,
            address=f"{app_state(request).public_url}/{lang}/petitions/{found.id}",
        )
        return Content(body)

    return await public(request, make, control=EMBED)


def text_width(text: str) -> int:
    """The estimated width of a text in the badge: rather too wide than cut off."""
    return round(sum(_DIGIT if letter.isdigit() else _LETTER for letter in text))


async def badge(request: Request) -> Response:
    """The counter as an image."""
    _, theme = chosen(request)

    async def make() -> Content:
        shown = await _find(request)
        body = app_state(request).pages.render(
            "embeds/badge.svg", _language(request, shown), shown=shown, text_width=text_width, dark=theme == "dark"
        )
        return Content(body, media_type="image/svg+xml")

    return await public(request, make, control=EMBED)


async def counter(request: Request) -> Response:
    """The counter as data, which pages of any origin may read."""

    async def make() -> Content:
        shown = await _find(request)
        found, aim = shown.petition, shown.next
        body = {
            "id": found.id,
            "title": found.title,
            "language": found.language,
            "url": f"{app_state(request).public_url}/{found.language}/petitions/{found.id}",
            "stage": found.stage.value,
            "count": shown.count,
            "paper": found.paper,
            "threshold": {"code": aim.code, "required": aim.count, "strength": aim.strength} if aim else None,
            "closesAt": found.closes_at.isoformat() if found.closes_at else None,
            "waiting": _waiting(shown),
        }
        made = JSONResponse(body)
        return Content(bytes(made.body), media_type="application/json", headers={"Access-Control-Allow-Origin": "*"})

    return await public(request, make, control=EMBED)


def _waiting(shown: PetitionView) -> dict[str, Any] | None:
    """Which committee has the petition and for how long; None if nothing is awaited."""
    waits = shown.awaiting
    if waits is None:
        return None
    return {
        "committee": waits.committee.slug,
        "days": waits.clock.days,
        "dueOn": waits.clock.due_on.isoformat() if waits.clock.due_on else None,
        "daysOverdue": waits.clock.days_overdue,
    }


async def about(request: Request) -> Response:
    """How to put a counter on a website, with the most signed open petition as example."""
    language(request)

    async def make() -> Content:
        running = service(request)
        asked = ListQuery(sort="signatures", size=8)
        rows = (await read_listing(running.readers, running.procedures, asked)).rows
        return _snippets(request, rows[0] if rows else None, rows)

    return await public(request, make, control=LASTING)


async def snippets(request: Request) -> Response:
    """The counter of one petition in each size, with the code to copy."""

    async def make() -> Content:
        return _snippets(request, (await _find(request)).petition, ())

    return await public(request, make, control=LASTING)


def _snippets(
    request: Request, petition: ListedPetition | PublicPetition | None, others: Sequence[ListedPetition]
) -> Content:
    """Render the page with a content policy that allows frames of this site, which only this page needs."""
    made = page(request, "lifecycle/public/embed.html", petition=petition, others=others, sizes=SIZES, frames=FRAMES)
    return Content(made.body, headers={"Content-Security-Policy": f"{POLICY}frame-src 'self'; {FRAMES_NONE}"})
