"""The access table: every route by every kind of person, made from the route table.

Prints docs/access.md; the tests request every route as every kind of person and compare (tests/whole/test_access.py).
Usage: python -m scripts.access > docs/access.md
"""

from typing import Final, Literal

from petitions.lifecycle.registration import AccessRow
from petitions.lifecycle.rules.roles import Role
from petitions.routes import table

PersonKind = Literal[
    "anonymous", "holder", "moderator", "administrator",
    "clerk_own", "clerk_other", "member_own", "member_other", "rapporteur",
]  # fmt: skip
Cell = Literal["yes", "no", "sign in", "with the link", "demo"]

ACTORS: Final[dict[PersonKind, str]] = {
    "anonymous": "public",
    "holder": "holder of the link",
    "moderator": "moderator",
    "administrator": "administrator",
    "clerk_own": "clerk of its committee",
    "clerk_other": "clerk of another",
    "member_own": "member of its committee",
    "member_other": "member of another",
    "rapporteur": "its rapporteur",
}
PUBLIC: Final = frozenset({"anonymous", "holder"})
CLERKS: Final = frozenset({"clerk_own", "clerk_other"})
COMMITTEES: Final = CLERKS | {"member_own", "member_other", "rapporteur"}
OWN: Final = frozenset({"clerk_own", "member_own", "rapporteur"})
LET_IN: Final[dict[Role, frozenset[str]]] = {
    "everyone": frozenset(ACTORS),
    "holder": frozenset({"holder"}),
    "demo": frozenset(),
    "demo or staff": frozenset(ACTORS) - PUBLIC,
    "staff": frozenset(ACTORS) - PUBLIC,
    "moderator": frozenset({"moderator", "administrator"}),
    "administrator": frozenset({"administrator"}),
    "clerk": CLERKS,
    "committee": COMMITTEES,
}
"""The kinds of person that each role of the route table admits; a route about one referral: of its committee only."""


def about_a_referral(row: AccessRow) -> bool:
    """Whether a route is about one referral, so that access depends on its committee."""
    return row.path.startswith("/committee/referrals/{petition_id}/{id}")


def cell(row: AccessRow, actor: PersonKind) -> Cell:
    """The answer to this kind of person at this route, outside the demonstration."""
    if row.who == "demo":
        return "demo"
    if actor in LET_IN[row.who] and (actor in OWN or not about_a_referral(row)):
        return "yes"
    if row.who == "holder":
        return "with the link"
    return "sign in" if actor in PUBLIC and row.method == "GET" else "no"


def document() -> str:
    """The whole of docs/access.md."""
    lines = [
        "# Who may do what",
        "",
        "Made by `python -m scripts.access` from the route table; `tests/whole/test_access.py` requests every address",
        "as every kind of person and compares. A row that is missing or wrong fails the tests.",
        "",
        "*yes*: access. *no*: refused (403). *sign in*: redirected to the sign-in page. *with the link*: only with a",
        "personal link, from a mail or made at the desk, whoever uses it; otherwise 404. *demo*: only in",
        'the demonstration. "Its committee" is the committee of the referral; where an address is not about one',
        "referral, people see the data of their own committees. A rapporteur here is a member who was appointed. The",
        "hand-over of signatures also requires the right to export, which administrators give to a person.",
        "",
        "| | Address | " + " | ".join(ACTORS.values()) + " |",
        "| --- | --- |" + " --- |" * len(ACTORS),
    ]
    for row in table():
        cells = " | ".join(cell(row, actor) for actor in ACTORS)
        lines.append(f"| {row.method} | `{row.path}` | {cells} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201
