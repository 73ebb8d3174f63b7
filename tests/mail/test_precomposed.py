"""A precomposed mail says the same as one that was composed in full, whatever people typed; and nothing more."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petitions.http.templating import Pages, Site
from petitions.lifecycle.mails.context import MailContext, PrecomposedMessages
from petitions.lifecycle.mails.outbox import write
from petitions.lifecycle.mails.signatory import TO_SIGNATORIES
from petitions.lifecycle.procedure_files import load_committees, load_procedures
from petitions.lifecycle.queries.events import OutboxEventsRow, OutboxFactsRow
from petitions.mail.compose import OutgoingMail
from petitions.mail.precomposed import PLACEHOLDER_ADDRESS, PrecomposedMessage, is_plain, new_placeholder
from petitions.security.encryption import Vault
from petitions.security.tokens import Tokens
from petitions.subjects import EVENT_KINDS

SECRET = "a secret for tests only, never used anywhere else"
VAULT = Vault(SECRET)
SALT, INDEX = b"s" * 16, b"i" * 16
DATA_KEY = VAULT.new_data_key(SALT)
MOMENT = datetime(2026, 3, 2, 10, 0, 7, 123456, tzinfo=UTC)


class NothingPrecomposed(PrecomposedMessages):
    """Every mail is composed in full."""

    def get(self, key: Any, make: Callable[[], PrecomposedMessage | None]) -> PrecomposedMessage | None:
        return None


@cache
def mail_context(*, precomposed: bool = True) -> MailContext:
    pages = Pages(Site("Petitieloket", {"nl": "van de Kamer", "en": "of the House"}, "v@p.example", "http://p.test"))
    return MailContext(
        vault=VAULT,
        tokens=Tokens((SECRET,)),
        procedures=load_procedures(),
        committees=load_committees(),
        event_kinds=EVENT_KINDS,
        render=pages.render,
        site="Petitieloket",
        sender="post@petitieloket.example",
        public_url="http://p.test",
        zone=pages.site.body.zone,
        precomposed=PrecomposedMessages() if precomposed else NothingPrecomposed(),
    )


@cache
def procedure_key() -> tuple[str, int]:
    return max(key for key in load_procedures() if key[0] == "nl-burgerinitiatief")


def row(
    kind: str, *, email: str = "wie@v.example", name: str = "Sanne", number: int = 7, **other: Any
) -> OutboxFactsRow:
    code, version = procedure_key()
    contact = VAULT.encrypt(DATA_KEY, SALT, INDEX, {"email": email, "name": name})
    facts: dict[str, Any] = dict.fromkeys(OutboxFactsRow.__dataclass_fields__) | {
        "id": number, "kind": kind, "petition_id": 12, "token_id": number.to_bytes(16), "event_id": 3,
        "created_at": MOMENT + timedelta(seconds=number), "title": "Geef elk dorp nachtzorg", "hidden": False,
        "petition_language": "nl", "procedure_code": code, "procedure_version": version, "data_key": DATA_KEY,
        "salt": SALT, "contact": contact, "email_index": INDEX, "signatory_language": "nl",
        "signatory_kind": "signatory", "is_waiting": True, "wants_news": True,
    }  # fmt: skip
    return OutboxFactsRow(**(facts | other))


def event(
    title: str = "Goed nieuws", text: str = "Er is bericht.", *, petition_id: int = 12, number: int = 3
) -> OutboxEventsRow:
    data = {"title": title, "text": text, "answer_by": "2026-06-23"}
    return OutboxEventsRow(petition_id, number, "update", data, 1, f"{title}\0{text}", MOMENT)


def parsed(mail: OutgoingMail) -> EmailMessage:
    return message_from_bytes(mail.content, _class=EmailMessage, policy=policy.default)


def as_read(mail: OutgoingMail) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]], list[Any]]:
    """What a mail program reads: headers without the boundary, parts, and what is wrong with the message."""
    message = parsed(mail)
    headers = [(name, str(value)) for name, value in message.items() if name != "Content-Type"]
    parts = [(part.get_content_type(), str(part["Content-Type"]), part.get_content()) for part in message.iter_parts()]
    return headers, parts, [*message.defects, *(defect for part in message.iter_parts() for defect in part.defects)]


def assert_well_formed(mail: OutgoingMail) -> None:
    assert not re.search(rb"[^\r]\n|\r[^\n]", mail.content)
    assert mail.utf8 or mail.content.isascii()
    head, _, body = mail.content.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 76  # RFC 2045 6.7


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
SHORT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=120)
LOCAL = st.text("abcXYZ019.!#$%&'*+/=?^_`{|}~-\"() ,;:<>@\r\né", min_size=1, max_size=20)
PLAIN_LOCAL = st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\.[a-z0-9]{1,9})?", fullmatch=True)
DOMAIN = st.from_regex(r"[a-z0-9-]{1,12}(\.[a-z]{2,6}){1,2}", fullmatch=True)
ADDRESS = st.builds("{}@{}".format, st.one_of(LOCAL, PLAIN_LOCAL, PLAIN_LOCAL), DOMAIN)
CHOICES = st.fixed_dictionaries(
    {
        "signatory_language": st.sampled_from(["nl", "en"]),
        "petition_language": st.sampled_from(["nl", "en"]),
        "signatory_kind": st.sampled_from(["signatory", "sponsor"]),
        "hidden": st.booleans(),
    }
)


def written(made: OutboxFactsRow, told: OutboxEventsRow, *, precomposed: bool) -> OutgoingMail | str:
    """The mail, or the name of the error with which it is refused."""
    try:
        mail = write(mail_context(precomposed=precomposed), made, told)
    except Exception as error:  # the parser of the e-mail package has errors of its own for odd addresses
        return type(error).__name__
    assert mail is not None
    return mail


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(sorted(TO_SIGNATORIES)),
    email=ADDRESS,
    title=st.one_of(SHORT, TEXT),
    name=st.one_of(SHORT, TEXT),
    choices=CHOICES,
    number=st.integers(1, 10**9),
)
def test_precomposed_mail_reads_as_one_composed_in_full(
    kind: str, email: str, title: str, name: str, choices: dict[str, Any], number: int
) -> None:
    made = row(kind, email=email, name=name, number=number, title=title, **choices)
    told = event("Nieuws: één & <b>twee</b>", "Regel één.\n\nRegel <twee> = 2 " + "x" * 90)
    quick, full = written(made, told, precomposed=True), written(made, told, precomposed=False)
    if isinstance(quick, str) or isinstance(full, str):
        assert quick == full
        return
    assert as_read(quick) == as_read(full)
    assert (quick.sender, quick.recipient, quick.utf8) == (full.sender, full.recipient, full.utf8)
    assert_well_formed(quick)
    assert_well_formed(full)


@pytest.mark.parametrize("kind", sorted(TO_SIGNATORIES))
def test_ordinary_mails_are_composed_once(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site = mail_context()
    site.precomposed._kept.clear()
    write(site, row(kind, email="eerste@v.example"), event())
    assert len(site.precomposed) == 1

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("composed once more")

    monkeypatch.setattr("petitions.lifecycle.mails.context.compose", never)
    for number in range(1, 50):
        made = row(
            kind, email=f"mens.{number}+x@v{number}.example", name=f"Zoë {number}", number=number, title=f"T{number}"
        )
        mail = write(site, made, event())
        assert mail is not None
        assert mail.recipient == f"mens.{number}+x@v{number}.example"
        assert f"T{number}" in parsed(mail).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert len(site.precomposed) == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"signatory_language": "en"}, event()),
        ({"petition_language": "en"}, event()),
        ({"hidden": True}, event()),
        ({"title": ""}, event()),
        ({"petition_id": 13}, event(petition_id=13)),
        ({"event_id": 4}, event(number=4)),
        ({}, event(text="Er is ander bericht.")),
        ({}, event(title="Slecht nieuws")),
        ({"kind": "confirm"}, event()),
        ({"kind": "confirm", "signatory_kind": "sponsor"}, event()),
        ({"kind": "reminder"}, event()),
        ({"kind": "signed_already"}, event()),
    ],
)
def test_letter_that_differs_is_composed_on_its_own(changed: dict[str, Any], told: OutboxEventsRow) -> None:
    site = mail_context()
    write(site, row("news"), event())
    made = row(changed.pop("kind", "news"), **changed)
    quick, full = written(made, told, precomposed=True), written(made, told, precomposed=False)
    assert isinstance(quick, OutgoingMail)
    assert isinstance(full, OutgoingMail)
    assert as_read(quick) == as_read(full)


def test_procedure_decides_on_the_days_in_the_letter() -> None:
    days = {key: number for number, key in enumerate(load_procedures(), 2)}
    procedures = {
        key: replace(procedure, pending=replace(procedure.pending, forget_after_days=days[key]))
        for key, procedure in load_procedures().items()
    }
    site = replace(mail_context(), procedures=procedures, precomposed=PrecomposedMessages())
    for code, version in procedures:
        mail = write(site, row("confirm", procedure_code=code, procedure_version=version, signatory_language="en"))
        assert mail is not None
        text = parsed(mail).get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert f"After {days[code, version]} days" in text


def test_only_so_many_messages_are_kept() -> None:
    kept = PrecomposedMessages(most=3)
    for number in (1, 2, 3, 1, 4):
        kept.get(number, lambda: None)
    assert list(kept._kept) == [3, 1, 4]


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: x@y.example", "a b@c.example", "a@b", "a@b..example", ".a@b.example", "a..b@c.example",
        '"a b"@c.example', "é@b.example", "a@é.example", "=?utf-8?q?a?=@b.example", "a@b.example,c@d.example",
        "<a@b.example>", "a@b.example>", f"{'a' * 65}@b.example", f"a@{'b' * 250}.example", "", "@", "a@b.example\n",
    ],
)  # fmt: skip
def test_address_that_is_not_plain_goes_the_long_way(address: str) -> None:
    assert not is_plain(address)


def test_address_cannot_bring_a_header_or_a_second_recipient() -> None:
    for address in ("a@b.example\r\nBcc: x@y.example", "a@b.example, c@d.example", "a@b.example\nX: y", "niemand"):
        assert isinstance(written(row("confirm", email=address), event(), precomposed=True), str)


def test_quoted_or_foreign_address_is_written_in_full() -> None:
    mail = written(row("confirm", email="josé@v.example"), event(), precomposed=True)
    assert isinstance(mail, OutgoingMail)
    assert (mail.recipient, mail.utf8) == ("josé@v.example", True)
    assert "\r\nTo: josé@v.example\r\n".encode() in mail.content  # RFC 6532


def test_link_to_unsubscribe_stands_in_its_header_as_it_is() -> None:
    """RFC 2369 readers do not decode: an encoded word there would be no link."""
    for precomposed in (True, False):
        mail = written(row("news"), event(), precomposed=precomposed)
        assert isinstance(mail, OutgoingMail)
        token = mail_context().tokens.make("unsubscribe", 12, (7).to_bytes(16))
        assert f"\r\nList-Unsubscribe: <http://p.test/nl/unsubscribe/{token}>\r\n".encode() in mail.content


def test_value_that_does_not_fit_is_refused() -> None:
    link, text = new_placeholder(), new_placeholder()
    message = EmailMessage()
    message["From"], message["To"], message["Date"], message["Message-ID"] = (
        "p@q.example",
        PLACEHOLDER_ADDRESS,
        "x",
        "<x@y>",
    )
    message.set_content(f"a {link} b {text}", cte="quoted-printable")
    message.add_alternative(f"<p>{link} {text}{text}</p>", subtype="html", cte="quoted-printable")
    precomposed = PrecomposedMessage(message, tokens={"link": link, "unused": new_placeholder()}, texts={"text": text})

    def fill(link: str, text: str) -> OutgoingMail | None:
        return precomposed.fill(
            to="a@b.example", message_id="<1@x>", moment=MOMENT, values={"link": link, "text": text}
        )

    for wrong in ("a\r\nb", "a b", "é", "<a>", "a=3D", "", "a" * 76):
        assert fill(wrong, "goed") is None
    for wrong in ("a\nb", "a\rb", "a\u2028b", "a\x00b"):
        assert fill("goed", wrong) is None
    mail = fill("a.b-c_d", "<&> =3D één" + " lang" * 40 + " ")
    assert mail is not None
    plain, html = (part.get_content().replace("\r\n", "\n") for part in parsed(mail).iter_parts())
    value = "<&> =3D één" + " lang" * 40 + " "
    assert plain == f"a a.b-c_d b {value}\n"
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert html == f"<p>a.b-c_d {escaped}{escaped}</p>\n"
    assert_well_formed(mail)
