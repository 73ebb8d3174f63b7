"""SMTP as servers speak it, with and without PIPELINING: who is refused fails alone, what is accepted stays."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from petitions.mail import conversation, delivery
from petitions.mail.compose import Mail
from petitions.mail.conversation import stuffed
from petitions.mail.delivery import Handed, Postman
from tests.mail_server import MailServer


def mail(name: str, text: str = "Dag.") -> Mail:
    to = f"{name}@v.example"
    return Mail("post@p.example", to, f"From: post@p.example\r\nTo: {to}\r\n\r\n{text}\r\n".encode())


def mails(*names: str) -> list[tuple[int, Mail]]:
    return [(number, mail(name)) for number, name in enumerate(names)]


@pytest.fixture(params=[True, False], ids=["pipelining", "one-by-one"])
def server(request: pytest.FixtureRequest, mail_server: MailServer) -> MailServer:
    """The mail server, in both ways of speaking."""
    mail_server.pipelining = request.param
    return mail_server


@pytest.fixture
async def one(server: MailServer) -> AsyncIterator[Postman]:
    """A postman with one connection, so that one mail follows the other."""
    made = Postman(f"smtp://127.0.0.1:{server.port}", connections=1)
    yield made
    await made.close()


def by_name(handed: list[Handed]) -> list[tuple[str, str]]:
    return [(each.result, each.problem) for each in handed]


async def test_mails_follow_each_other_over_one_connection(server: MailServer, one: Postman) -> None:
    handed = await one.deliver(mails(*(f"m{number}" for number in range(20))))
    assert handed == [Handed(number, "sent") for number in range(20)]
    assert server.recipients() == [f"m{number}@v.example" for number in range(20)]
    assert server.connections == 1


async def test_message_travels_with_the_next_envelope_only_where_the_server_knows_pipelining(
    server: MailServer, one: Postman
) -> None:
    await one.deliver(mails("a", "b", "c"))
    groups = [piece for piece in server.pieces if b"MAIL FROM" in piece]
    together = [piece for piece in groups if b"RCPT TO" in piece and piece.endswith(b"DATA\r\n")]
    with_message = [piece for piece in together if piece.find(b"\r\n.\r\n") >= 0]
    assert len(groups) == 3
    assert (len(together), len(with_message)) == ((3, 2) if server.pipelining else (0, 0))


async def test_refused_recipient_fails_alone(server: MailServer, one: Postman) -> None:
    server.refuse = {"gone@v.example": "550 no such mailbox", "full@v.example": "452 full"}
    handed = await one.deliver(mails("a", "gone", "full", "gone", "b"))
    assert by_name(handed) == [
        ("sent", ""),
        ("failed", "recipient refused 550"),
        ("later", "recipient refused 452"),
        ("failed", "recipient refused 550"),
        ("sent", ""),
    ]
    assert server.recipients() == ["a@v.example", "b@v.example"]
    assert server.connections == 1


async def test_refused_sender_is_our_own_fault_and_no_mail_fails_for_it(server: MailServer, one: Postman) -> None:
    server.refuse_sender = ["550 not you", "451 not now"]
    handed = await one.deliver(mails("a", "b", "c"))
    assert by_name(handed) == [("later", "refused 550"), ("later", "refused 451"), ("sent", "")]
    assert server.recipients() == ["c@v.example"]


async def test_refused_message(server: MailServer, one: Postman) -> None:
    server.refuse_message = {"spam@v.example": "554 looks like spam", "busy@v.example": "451 busy"}
    handed = await one.deliver(mails("a", "spam", "busy", "b"))
    assert by_name(handed) == [("sent", ""), ("failed", "refused 554"), ("later", "refused 451"), ("sent", "")]
    assert server.recipients() == ["a@v.example", "b@v.example"]


async def test_closing_server_is_away(server: MailServer, one: Postman) -> None:
    server.refuse_sender = ["421 closing"]
    handed = await one.deliver(mails("a", "b"))
    assert handed[0] == Handed(0, "away", "refused 421")
    assert handed[1] == Handed(1, "sent")
    assert server.connections == 2


async def test_cut_in_the_middle_of_a_message(server: MailServer, one: Postman) -> None:
    """What was accepted before stays sent; the mail that was cut waits, and the rest goes over a new connection."""
    server.drop = {"cut@v.example"}
    handed = await one.deliver(mails("a", "cut", "b", "c", "d"))
    assert [each.result for each in handed[:2]] == ["sent", "away"]
    assert {each.result for each in handed} == {"sent", "away"}
    assert handed[-1].result == "sent"
    sent = [mails("a", "cut", "b", "c", "d")[each.id][1].recipient for each in handed if each.result == "sent"]
    assert server.recipients() == sent
    assert server.connections == 2


async def test_server_that_cuts_every_connection_is_away(server: MailServer, one: Postman) -> None:
    names = [f"m{number}" for number in range(30)]
    server.drop = {f"{name}@v.example" for name in names}
    handed = await one.deliver(mails(*names))
    assert {each.result for each in handed} == {"away"}
    assert server.connections <= delivery.DROPS


async def test_server_that_says_nothing_is_away(
    server: MailServer, one: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "CONTENT_SECONDS", 0.2)
    server.slow = {"slow@v.example": 30}
    handed = await one.deliver(mails("a", "slow"))
    assert handed == [Handed(0, "sent"), Handed(1, "away", "TimeoutError")]


async def test_slow_mail_holds_up_no_other(server: MailServer) -> None:
    server.slow = {"slow@v.example": 3.0}
    postman = Postman(f"smtp://127.0.0.1:{server.port}", connections=2)
    slow, *others = postman.post(mails("slow", *(f"m{number}" for number in range(40))))
    behind = 1 if server.pipelining else 0  # proposed with the slow one, it waits on the same connection
    async with asyncio.timeout(20):
        while sum(other.done() for other in others) < 40 - behind:
            await asyncio.wait([other for other in others if not other.done()], timeout=0.05)
    assert not slow.done()
    assert (await slow).result == "sent"
    await asyncio.gather(*others)
    await postman.close()


async def test_server_with_few_connections_gets_all_mail_over_them(server: MailServer) -> None:
    server.most_connections = 1
    server.slow = {"m0@v.example": 0.3}
    postman = Postman(f"smtp://127.0.0.1:{server.port}", connections=3)
    (first,) = postman.post(mails("m0"))
    await asyncio.sleep(0.1)  # the first connection is open and busy
    rest = await postman.deliver(mails(*(f"n{number}" for number in range(20))))
    assert {each.result for each in rest} == {"sent"}
    assert (await first).result == "sent"
    await postman.close()


async def test_what_is_not_ours_any_more_is_not_proposed(server: MailServer, one: Postman) -> None:
    handed = await asyncio.gather(*one.post(mails("a", "b", "c"), lambda number: number != 1))
    assert [each.result for each in handed] == ["sent", "away", "sent"]
    assert server.recipients() == ["a@v.example", "c@v.example"]
    assert b"b@v.example" not in b"".join(server.pieces)


async def test_recalled_mail_comes_back_at_once(server: MailServer, one: Postman) -> None:
    server.slow = {"slow@v.example": 0.5}
    posted = one.post(mails("slow", *(f"m{number}" for number in range(10))))
    await asyncio.sleep(0.2)
    one.recall()
    handed = await asyncio.gather(*posted)
    assert handed[0].result == "sent"
    assert [each.result for each in handed[2:]] == ["away"] * 9  # the second may be under way behind the first


async def test_mail_that_cannot_be_proposed_is_tried_later_and_the_others_go_on(
    server: MailServer, one: Postman
) -> None:
    broken = Mail("post@p.example", "\udcff@v.example", b"To: x\r\n\r\nDag.\r\n", utf8=True)  # cannot be encoded
    handed = await one.deliver([(0, mail("a")), (1, broken), (2, mail("b"))])
    assert by_name(handed) == [("sent", ""), ("later", "UnicodeEncodeError"), ("sent", "")]
    assert server.recipients() == ["a@v.example", "b@v.example"]


async def test_defect_in_handing_over_does_not_end_the_work(
    server: MailServer, one: Postman, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    right = conversation.stuffed

    def wrong_once(content: bytes) -> bytes:
        monkeypatch.setattr(conversation, "stuffed", right)
        raise RuntimeError("about somebody@v.example")

    monkeypatch.setattr(conversation, "stuffed", wrong_once)
    handed = await one.deliver(mails("a", "b", "c"))
    assert handed[0] == Handed(0, "later", "RuntimeError")
    assert handed[2].result == "sent"
    assert "RuntimeError" in caplog.text
    assert "somebody" not in caplog.text


async def test_lines_with_dots_and_long_mails_arrive_whole(server: MailServer, one: Postman) -> None:
    text = "\r\n".join([".", "..", ".voor", "na.", "", "x" * 500] * 400)
    (handed,) = await one.deliver([(1, mail("a", text))])
    assert handed.result == "sent"
    assert server.raw[0].split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n") == text.encode()
    assert stuffed(b".a\r\n.b\r\n") == b"..a\r\n..b\r\n.\r\n"
    assert stuffed(b"a") == b"a\r\n.\r\n"


async def test_address_that_is_not_ascii_needs_a_server_that_knows_it(server: MailServer, one: Postman) -> None:
    foreign = Mail("post@p.example", "josé@v.example", "To: josé@v.example\r\n\r\nDag.\r\n".encode(), utf8=True)
    handed = await one.deliver([(0, mail("a")), (1, foreign), (2, mail("b"))])
    assert [each.result for each in handed] == ["sent"] * 3
    assert server.recipients() == ["a@v.example", "josé@v.example", "b@v.example"]
    await one.close()
    server.utf8 = False
    handed = await one.deliver([(0, mail("a")), (1, foreign), (2, mail("b"))])
    assert by_name(handed) == [("sent", ""), ("later", "SMTPUTF8 not supported"), ("sent", "")]


def _certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, key_path = folder / "certificate.pem", folder / "key.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key_path)
    return context, path


def _knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"naam", b"geheim/1"), handled=False)


async def test_tls_and_login_come_before_the_first_mail(
    server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, path = _certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    server.options = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": _knows}
    postman = Postman(f"smtp://naam:geheim%2F1@127.0.0.1:{server.port}", connections=1)
    handed = await postman.deliver(mails(*(f"m{number}" for number in range(5))))
    await postman.close()
    assert by_name(handed) == [("sent", "")] * 5
    clear = b"".join(piece for piece in server.pieces if b"MAIL FROM" in piece)
    assert (
        clear.count(b"MAIL FROM") == 5
    )  # the server sees them after TLS; on the wire before it there was STARTTLS only
    wrong = Postman(f"smtp://naam:fout@127.0.0.1:{server.port}", connections=1)
    assert [each.result for each in await wrong.deliver(mails("a"))] == ["away"]
    await wrong.close()


async def test_server_with_a_certificate_that_nobody_knows_is_away(server: MailServer, tmp_path: Path) -> None:
    context, _ = _certificate(tmp_path)
    server.options = {"tls_context": context}
    postman = Postman(f"smtp://127.0.0.1:{server.port}", connections=1)
    assert [each.result for each in await postman.deliver(mails("a"))] == ["away"]
    assert server.received == []
    await postman.close()
