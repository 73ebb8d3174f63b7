"""The values of the parameters of every route, and the people who request it, from the rows of the stage."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from scripts.tour_recording.exchange import RecordedRequest
from scripts.tour_recording.links import token
from scripts.tour_recording.rows import fetch
from scripts.tour_recording.running import TourStage

LANGUAGES: Final = ("nl", "en")
MADE_UP: Final = "x.y"
TOO_MUCH: Final = 400_000  # bytes of a form
_PARAMETER: Final = re.compile(r"{(\w+)(?::\w+)?}")
Values = dict[str, str]

ONE_EACH: Final = (
    "select distinct on (petition_id, kind, contact is null) petition_id, token_id from signature"
    " order by petition_id, kind, contact is null, number"
)
PURPOSES: Final[dict[str, tuple[str, str]]] = {
    "/{lang}/manage/": ("manage", "select id, manage_key from petition order by id"),
    "/{lang}/sponsor/": ("sponsor", "select id, sponsor_key from petition order by id"),
    "/{lang}/confirm/": (
        "confirm",
        f"select petition_id, token_id from pending_signature union all ({ONE_EACH})"  # noqa: S608 - of ours
        " union all (select petition_id, token_id from withdrawn_signature order by 1, 2 limit 5)",
    ),
    "/{lang}/my-signature/": ("signature", ONE_EACH),
    "/{lang}/unsubscribe/": ("unsubscribe", ONE_EACH),
    "/{lang}/survey/": (
        "survey",
        f"({ONE_EACH}) union all (select distinct on (petition_id) petition_id, token_id from survey_taken"  # noqa: S608 - of ours
        " order by 1, 2)",
    ),
    "/{lang}/support/": (
        "sample",
        "select petition_id, token_id from (select petition_id, token_id, row_number() over"
        " (partition by petition_id, referral_id, result order by place) as n from verification_sample) x where n <= 2",
    ),
    "/{lang}/follow/confirm/": ("follow", "select 0, key from follow_request order by asked_at limit 10"),
    "/{lang}/following/": ("following", "select id, key from follower order by id limit 12"),
    "/{lang}/unfollow/": ("unfollow", "select id, key from follow order by id limit 12"),
    "/{lang}/undigest/": ("undigest", "select id, key from follower order by id limit 12"),
}
"""The rows of the personal links of these routes, and the purpose for which they are signed."""

ROWS: Final[dict[str, str]] = {
    "/{lang}/petitions/{id}/events/{event_id}": "select petition_id as id, id as event_id from event order by 1, 2",
    "/{lang}/petitions/{id}/versions/{version}": (
        "select petition_id as id, number as version from petition_text order by 1, 2"
    ),
    "/{lang}/petitions/{id}/documents/{document}": (
        "select petition_id as id, id as document from document order by 1, 2"
    ),
    "/documents/{id}/{document}/{mark}.pdf": (
        "select petition_id as id, id as document, left(sha256, 16) as mark from document where sha256 is not null"
        " order by 1, 2"
    ),
    "/{lang}/procedures/{code}": "select distinct code from procedure_version order by 1",
    "/{lang}/committees/": "select slug from committee order by 1",
    "/{lang}/members/{slug}": "select slug from member order by 1",
    "/{lang}/parties/{slug}": "select slug from party order by 1",
    "/sitemap-petitions-{id}.xml": "select * from (values (0), (1), (2)) as x (id)",
    "/staff/questions/{petition_id}/{id}": "select petition_id, number as id from question order by 1, 2",
    "/staff/paper/{petition_id}/{id}": "select petition_id, number as id from paper_batch order by 1, 2",
    "/staff/paper/{petition_id}": "select id as petition_id from petition order by 1",
    "/staff/people/{id}": "select id from staff order by 1",
    "/motions/{motion_id}/": (
        "select petition_id, referral_id as id, id as motion_id from motion order by petition_id, id"
    ),
    "/export/{export_id}": "select petition_id, referral_id as id, id as export_id from export order by 1, 3",
    "/documents/{document}": "select petition_id, referral_id as id, id as document from document order by 1, 3",
    "/print/{code}.pdf": (
        "select petition_id, id, code from referral, (values ('committee-nl'), ('committee-en'), ('nl'), ('en'))"
        " as x (code) order by 1, 2, 3"
    ),
    "/committee/referrals/{petition_id}/{id}": "select petition_id, id from referral order by 1, 2",
    "{id}": "select id from petition order by 1",
}
"""The rows for the parameters of a route, by a part of its path; the first part that matches counts."""


class AddressRow(NamedTuple):
    """A row of the route table of the service under test."""

    method: str
    path: str
    who: str


@dataclass(slots=True)
class Places:
    """All requests of a tour, made from the route table and the rows of the stage."""

    stage: TourStage
    address: str
    _rows: dict[str, list[Any]] = field(default_factory=dict)

    def rows(self, sql: str) -> list[Any]:
        """The rows of a query, cached."""
        if sql not in self._rows:
            self._rows[sql] = fetch(self.address, sql)
        return self._rows[sql]

    def values(self, way: AddressRow) -> Iterator[Values]:
        """The values of the parameters of a route, without the language; the last ones do not exist."""
        names = set(_PARAMETER.findall(way.path)) - {"lang"}
        if not names:
            yield {}
            return
        if "token" in names:
            yield from ({"token": text} for text in self._tokens(way.path))
        sql = next((sql for part, sql in ROWS.items() if part in way.path), "") if "token" not in names else ""
        for row in self.rows(sql) if sql else ():
            yield {name: str(row[name]) for name in names}
        yield dict.fromkeys(names, "987654" if "token" not in names else MADE_UP)

    def _tokens(self, path: str) -> Iterator[str]:
        known = {"/staff/sign-in/": "sign-in", "/committee/calendar/": "calendar"}
        start = path.split("{token}", maxsplit=1)[0]
        if start in known:
            yield self.stage.secrets[known[start]]
        elif start in PURPOSES:
            purpose, sql = PURPOSES[start]
            made = [token(self.stage.secret, purpose, row[0], row[1]) for row in self.rows(sql)]
            yield from dict.fromkeys(made)
            yield token(self.stage.secret, purpose, 1, bytes(16))
            yield token(self.stage.secret, "session", 1, bytes(16))

    def targets(self, way: AddressRow) -> Iterator[tuple[Values, str]]:
        """Every address of a route, in every language that it has."""
        for values in self.values(way):
            for language in LANGUAGES if "{lang}" in way.path else ("",):
                given = values | {"lang": language}
                yield values, _PARAMETER.sub(lambda match, given=given: given[match[1]], way.path)  # type: ignore[misc]

    def colleagues(self) -> dict[str, str]:
        """A member of staff of each kind, by kind."""
        kinds = {
            "moderator": "select min(id) as id from staff where is_moderator",
            "second moderator": "select max(id) as id from staff where is_moderator",
            "administrator": "select min(id) as id from staff where is_administrator",
            "exporter": "select min(id) as id from staff where may_export",
            "clerk": "select max(staff_id) as id from staff_committee where role = 'clerk'",
            "member": "select max(staff_id) as id from staff_committee where role = 'member'",
        }
        return {kind: f"staff-{self.rows(sql)[0]['id']}" for kind, sql in kinds.items()}

    def of_committee(self, values: Values) -> list[str]:
        """The clerks and members of the committee of a referral."""
        sql = (
            "select r.petition_id, r.id, s.staff_id from referral r"
            " join staff_committee s on s.committee_slug = r.committee_slug order by 1, 2, 3"
        )
        wanted = (values.get("petition_id", ""), values.get("id", ""))
        return [f"staff-{r['staff_id']}" for r in self.rows(sql) if (str(r["petition_id"]), str(r["id"])) == wanted]

    def lets_in(self, way: AddressRow, values: Values) -> list[str]:
        """The people who have access to a route; an empty name is the public."""
        some = self.colleagues()
        if way.who in {"everyone", "holder", "demo", "demo or staff"}:
            return [""]
        if way.who in {"moderator", "administrator"}:
            return [some[way.who]]
        if "petition_id" in values:
            return self.of_committee(values) or [some["exporter"]]
        return sorted({f"staff-{row['staff_id']}" for row in self.rows("select staff_id from staff_committee")})


def looks(places: Places, table: list[AddressRow]) -> Iterator[RecordedRequest]:
    """Every GET address, by everybody with access; one of each route by all kinds of people."""
    for way in table:
        if way.method != "GET":
            continue
        first = True
        for values, target in places.targets(way):
            for who in places.lets_in(way, values):
                yield RecordedRequest("look", "GET", target, who, route=way.path)
            if first:
                yield from _all_ways(places, way, target, places.lets_in(way, values)[0])
                first = False


def _all_ways(places: Places, way: AddressRow, target: str, who: str) -> Iterator[RecordedRequest]:
    """Variants of one address: by everybody, as HEAD, compressed, in another language, with a wrong method."""
    for other in ("", *places.colleagues().values()):
        yield RecordedRequest("look", "GET", target, other, route=way.path)
    yield RecordedRequest("look", "HEAD", target, who, route=way.path)
    for name, value in (
        ("Accept-Encoding", "br, gzip"),
        ("Accept-Encoding", "gzip"),
        ("Accept-Language", "en-GB,en;q=0.9"),
        ("If-None-Match", "*"),
        ("Range", "bytes=0-99"),
        ("Origin", "https://elsewhere.example"),
    ):
        yield RecordedRequest("look", "GET", target, who, {name: value}, route=way.path)
    for address in (f"{target}/", f"{target}?q=fiets&page=2&lang=en&show=committee", target.replace("/nl", "/de", 1)):
        yield RecordedRequest("look", "GET", address, who, route=way.path)
    yield RecordedRequest("look", "DELETE", target, who, route=way.path)
    yield RecordedRequest("look", "OPTIONS", target, who, route=way.path)


def refusals(places: Places, table: list[AddressRow]) -> Iterator[RecordedRequest]:
    """Every POST address: an empty form; one of each route also broken, cross-origin, too large, and by anybody."""
    late = [way for way in table if way.path == "/staff/sign-out"]  # it ends a session that others need
    for way in [*(way for way in table if way.path != "/staff/sign-out"), *late]:
        if way.method != "POST":
            continue
        others = ["", *places.colleagues().values()] if not late or way != late[0] else [""]
        several: dict[str, int] = {}
        for values, target in places.targets(way):
            language = target[:3]
            several[language] = several.get(language, 0) + 1
            known = places.lets_in(way, values)
            if several[language] == 1:
                yield RecordedRequest(
                    "refuse", "POST", target, known[0], {"Origin": "https://elsewhere.example"}, "", way.path
                )
                yield RecordedRequest(
                    "refuse", "POST", target, known[0], {"Sec-Fetch-Site": "cross-site"}, "", way.path
                )
                yield RecordedRequest("refuse", "POST", target, known[0], {}, "%ff=%ff&=&a&" + "b=1&" * 70, way.path)
                yield RecordedRequest("refuse", "POST", target, known[0], {}, "a=", way.path, TOO_MUCH)
                yield RecordedRequest(
                    "refuse", "POST", target, known[0], {"Content-Type": "text/plain"}, "a=b", way.path
                )
            if several[language] <= 3 or "{petition_id}/{id}" in way.path:
                yield from (
                    RecordedRequest("refuse", "POST", target, who, {}, "", way.path)
                    for who in dict.fromkeys([*known, *(others if several[language] == 1 else [])])
                )
