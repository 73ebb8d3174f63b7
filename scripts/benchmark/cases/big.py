"""A database that has grown, against an empty one: two databases in one server, each with its own web processes."""

from scripts.benchmark.cases.writing import concluded
from scripts.benchmark.runs import CaseResult, Shoot, alternate, ratio_result
from scripts.benchmark.seeding import write_millions
from scripts.benchmark.shooting import Play, clear_waiting, confirm_shot, get_shot, sign_shot
from scripts.benchmark.terminal import say

GOAL = 0.9


async def big(play: Play) -> list[CaseResult]:
    """Sign, confirm, page and count, each at least nine tenths of what an empty database does."""
    sizes, stage = play.sizes, play.stage
    full, many = await play.site("big", sizes.big_petitions)
    empty, one = await play.site("empty", 1)
    say(f"  writing {sizes.big_signatures:,} signatures to one petition")
    await write_millions(full, many[0], sizes.big_signatures)
    await stage.start_web(full)
    await stage.start_web(empty)
    page, count = f"/nl/petitions/{many[0].id}", f"/embed/petitions/{many[0].id}.json"
    pairs: dict[str, tuple[Shoot, Shoot]] = {
        "sign": (
            lambda seconds: sign_shot(play, full, many[:1], seconds),
            lambda seconds: sign_shot(play, empty, one, seconds),
        ),
        "confirm": (
            lambda seconds: confirm_shot(play, full, many[:1], seconds),
            lambda seconds: confirm_shot(play, empty, one, seconds),
        ),
        "page": (
            lambda seconds: get_shot(play, full.port, page, seconds),
            lambda seconds: get_shot(play, empty.port, f"/nl/petitions/{one[0].id}", seconds),
        ),
        "count": (
            lambda seconds: get_shot(play, full.port, count, seconds),
            lambda seconds: get_shot(play, empty.port, f"/embed/petitions/{one[0].id}.json", seconds),
        ),
    }
    results = []
    for verb, (ours, theirs) in pairs.items():
        for site in (full, empty):
            await clear_waiting(site)
        measured, compared = await alternate(f"big, {verb}", ours, theirs, sizes)
        label = f"{sizes.big_signatures:,} signatures, {sizes.big_petitions:,} petitions: {verb}"
        result = ratio_result("big", label, measured, compared, goal=GOAL, against="empty database")
        results.append(await concluded(play, result, full, empty) if verb in {"sign", "confirm"} else result)
    for site in (full, empty):
        stage.stop_web(site)
    return results
