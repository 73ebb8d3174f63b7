"""The demo's checks of support: list, draw, answers and result, through the real use cases."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from petitions.demo.content import DemoPeople, DemoPetition
from petitions.durations import local_day
from petitions.handover import acts as exporting
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.procedures import Procedure
from petitions.staff.acts import posts as staffing
from petitions.verification.acts.checking import finish, record_results
from petitions.verification.acts.sampling import SampleSeed, close_list, draw_sample
from petitions.verification.reads import read_places


async def let_export(service: Service, people: DemoPeople, *, now: datetime) -> None:
    """Give the right to export signatures to the members of staff who have it in the demo, as an administrator."""
    wanted = {member.email for member in people.staff if member.may_export}
    known = await staffing.members(service)
    boss = next(one.id for one in known if one.post.is_administrator)
    for one in known:
        if one.email in wanted:
            post = replace(one.post, may_export=True)
            await staffing.change_member(service, boss, one.id, post, seen=one.mark, now=now)


async def check_support(
    service: Service,
    clerks: dict[str, int],
    petition_id: int,
    petition: DemoPetition,
    procedure: Procedure,
    *,
    now: datetime,
) -> None:
    """Check the support of one petition as its content describes, each act on its day."""
    sample, zone = petition.sample, procedure.body.zone
    assert sample is not None  # noqa: S101 - the caller checked it

    def at(days_ago: int, hour: int) -> datetime:
        day = local_day(now, zone) - timedelta(days=days_ago)
        return min(datetime.combine(day, time(hour), zone), now)

    async with service.database.connection() as connection:
        row = await connection.fetchrow(
            "select id, version, committee_slug from referral where petition_id = $1 order by id limit 1", petition_id
        )
    assert row is not None  # noqa: S101 - a sample is of a referral
    clerk = Clerk(clerks[row["committee_slug"]], (row["committee_slug"],))
    seen = SeenReferral(petition_id, row["id"], row["version"])
    await close_list(service, clerk, seen, now=at(sample.listed_days_ago, 15))
    drawn_at = at(sample.drawn_days_ago, 9)
    published_at = drawn_at - timedelta(hours=12)
    seed = SampleSeed(sample.seed, sample.source, sample.link, published_at, sample.method)
    await draw_sample(service, clerk, seen, seed, now=drawn_at)
    places = [one.place for one in await read_places(service.database, petition_id, row["id"])]
    answers = (("verified", places[: sample.verified]), ("refused", places[sample.verified :][: sample.refused]))
    for result, own in answers:
        await record_results(service, clerk, seen, own, result, now=min(drawn_at + timedelta(days=10), now))
    if sample.result_days_ago is not None:
        await finish(service, clerk, seen, now=at(sample.result_days_ago, 16))
        await _hand_over(service, clerk, seen, now=at(sample.result_days_ago, 17))


async def _hand_over(service: Service, clerk: Clerk, seen: SeenReferral, *, now: datetime) -> None:
    """The clerk requests the signatures, for the log of exports; the link has long expired."""
    source = await exporting.source(service, clerk, seen.petition_id, seen.referral_id, now=now)
    purpose = "Overdracht aan de griffie van de Kamer, bij het verslag van de commissie"
    await exporting.ask(service, clerk, source, content="handover", format_="xlsx", purpose=purpose, now=now)
