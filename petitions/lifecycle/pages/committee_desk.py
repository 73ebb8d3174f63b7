"""The list of referrals at a committee's desk: overdue and due today first, filtered by the query parameters."""

from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from petitions.http.state import language, now, read_number, render
from petitions.lifecycle.pages.guard import committees
from petitions.lifecycle.pages.state import service, staff
from petitions.lifecycle.reads.committees import TABS, DeskTab, add_up, read_counts
from petitions.lifecycle.reads.desk import (
    AssigneeFilter,
    DeskQuery,
    FilterChoices,
    read_choices,
    read_desk,
    read_urgency,
)
from petitions.lifecycle.reads.listing import clean_words

LAST_PAGE: Final = 10_000
WHOSE: Final[tuple[AssigneeFilter, ...]] = ("mine", "nobody")


async def desk(request: Request) -> Response:
    """The referrals of the committees of this person. Unknown filter values are ignored, not refused."""
    running, mine = service(request), committees(request)
    choices = await read_choices(running.database, mine)
    sought = read_desk_query(request, choices)
    found = await read_desk(running.database, running.procedures, running.committees, sought, now=now(request))
    codes = {procedure.code: procedure.name[language(request)] for procedure in running.procedures.values()}
    return render(
        request,
        "lifecycle/referral/desk.html",
        nav="referrals",
        found=found,
        sought=sought,
        tab=sought.tab,
        counts=add_up(await read_counts(running.database, sought.committees)),
        haste=await read_urgency(running.database, sought.committees, now=now(request)),
        chosen=sought.committees[0] if len(sought.committees) == 1 else "",
        committees=[running.committees[slug] for slug in mine],
        procedures=[(code, codes[code]) for code in choices.procedures if code in codes],
        rapporteurs=choices.rapporteurs,
        is_clerk=staff(request).is_clerk,
        address=lambda tab: _address(sought, len(mine), tab=tab, page=1),
        page_link=lambda page: _address(sought, len(mine), tab=sought.tab, page=page),
        all_link=_address(DeskQuery(sought.committees, sought.me), len(mine), tab=sought.tab, page=1),
    )


def read_desk_query(request: Request, choices: FilterChoices) -> DeskQuery:
    """The filters in the address, limited to the committees of this person."""
    asked, mine = request.query_params, committees(request)
    tab: DeskTab = next((tab for tab in TABS if tab == asked.get("show")), "todo")
    whose: AssigneeFilter = next((whose for whose in WHOSE if whose == asked.get("whose")), "")
    rapporteur = read_number(asked.get("rapporteur", ""))
    page = asked.get("page", "1")
    return DeskQuery(
        committees=(asked["committee"],) if asked.get("committee") in mine else mine,
        me=staff(request).id,
        tab=tab,
        whose=whose,
        rapporteur=rapporteur if rapporteur in dict(choices.rapporteurs) else None,
        procedure=next((code for code in choices.procedures if code == asked.get("procedure")), ""),
        words=clean_words(asked.get("q", "")),
        overdue=asked.get("overdue") == "yes",
        page=min(max(1, int(page[:6])), LAST_PAGE) if page.isascii() and page.isdigit() else 1,
    )


def _address(sought: DeskQuery, all_committees: int, *, tab: str, page: int) -> str:
    query = {
        "show": tab if tab != "todo" else "",
        "committee": sought.committees[0] if len(sought.committees) == 1 < all_committees else "",
        "whose": sought.whose,
        "rapporteur": str(sought.rapporteur or ""),
        "procedure": sought.procedure,
        "q": sought.words,
        "overdue": "yes" if sought.overdue else "",
        "page": str(page) if page > 1 else "",
    }
    text = urlencode({name: value for name, value in query.items() if value})
    return f"/committee?{text}" if text else "/committee"
