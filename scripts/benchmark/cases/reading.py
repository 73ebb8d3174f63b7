"""Reading counters and pages, against a bare application that answers with a dozen bytes."""

from scripts.benchmark.runs import CaseResult, alternate, ratio_result
from scripts.benchmark.shooting import Play, get_shot


async def _read(play: Play, case: str, label: str, path: str, goal: float) -> CaseResult:
    site, petitions = await play.ordinary()
    await play.stage.start_bare()
    address = path.format(id=petitions[0].id)
    measured, compared = await alternate(
        case,
        lambda seconds: get_shot(play, site.port, address, seconds),
        lambda seconds: get_shot(play, play.stage.bare_port, "/plain", seconds),
        play.sizes,
    )
    return ratio_result(case, label, measured, compared, goal=goal, against="bare GET")


async def count(play: Play) -> list[CaseResult]:
    """The count as JSON."""
    return [await _read(play, "count", "count as JSON", "/embed/petitions/{id}.json", 0.8)]


async def badge(play: Play) -> list[CaseResult]:
    """The count as an image."""
    return [await _read(play, "badge", "SVG badge", "/embed/petitions/{id}.svg", 0.8)]


async def embed(play: Play) -> list[CaseResult]:
    """The count as a page in a frame."""
    return [await _read(play, "embed", "embed page", "/embed/petitions/{id}", 0.8)]


async def page(play: Play) -> list[CaseResult]:
    """The page of a petition."""
    return [await _read(play, "page", "petition page", "/nl/petitions/{id}", 0.6)]


async def home(play: Play) -> list[CaseResult]:
    """The home page."""
    return [await _read(play, "home", "home page", "/nl", 0.6)]
