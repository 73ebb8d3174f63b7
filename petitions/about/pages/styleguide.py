"""The style guide: every component in every state, theme and language. For the demo and staff only."""

from datetime import date, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.charts import GrowthChart, growth_chart
from petitions.http.look import Style, trials
from petitions.http.state import language, render
from petitions.lifecycle.pages.state import app_state
from petitions.locale import LANGUAGES

FIRST_DAY: Final = date(2026, 2, 2)
GROWTH: Final = (0, 120, 380, 900, 1_700, 2_600, 3_000, 3_300, 4_100, 6_800, 9_400, 10_300, 10_900, 11_200)
RUNGS: Final = ("bg-subtle", "bg-default", "bg-active", "border-default", "color-default", "inverse-bg-default")


def example_chart() -> GrowthChart | None:
    """A made-up growth chart: two weeks, in which a threshold was reached."""
    counts = [(FIRST_DAY + timedelta(days), count) for days, count in enumerate(GROWTH)]
    return growth_chart(counts, [(10_000, "10.000")])


async def page(request: Request) -> Response:
    """Show every component; ``?theme=`` picks a packaged theme, ``?lang=`` the language."""
    asked = trials().get(request.query_params.get("theme", ""))
    own: Style = app_state(request).pages.style
    lang, shown = language(request), asked.style if asked else own
    return render(
        request,
        "about/styleguide.html",
        theme_url=asked.url if asked else own.url("site.css"),
        shown=shown,
        chart=example_chart(),
        rungs=RUNGS,
        theme_links=[(f"?theme={name}&lang={lang}", name, shown.name == name) for name in trials()],
        language_links=[(f"?theme={shown.name}&lang={code}", name, code == lang) for code, name in LANGUAGES.items()],
        values={"email": "naam@", "news": "yes", "size": "2", "filled": "Dokkum"},
    )
