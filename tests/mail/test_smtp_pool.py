"""The SMTP pool: a refused mail fails alone, an accepted one stays sent, and a lost connection is replaced."""

import asyncio
import contextlib
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from aiosmtplib import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from petitions.mail import smtp_pool as module
from petitions.mail.compose import OutgoingMail
from petitions.mail.smtp_pool import DeliveryResult, SmtpPool
from tests.mail_server import MailServer


def mail(name: str, text: str = "Dag.") -> OutgoingMail:
    to = f"{name}@v.example"
    return OutgoingMail("post@p.example", to, f"From: post@p.example\r\nTo: {to}\r\n\r\n{text}\r\n".encode())


def mails(*names: str) -> list[tuple[int, OutgoingMail]]:
    return [(number, mail(name)) for number, name in enumerate(names)]


@pytest.fixture
async def one(mail_server: MailServer) -> AsyncIterator[SmtpPool]:
    """A pool of one connection, so that one mail follows the other."""
    made = SmtpPool(f"smtp://127.0.0.1:{mail_server.port}", connections=1)
    yield made
    await made.close()


def by_name(handed: list[DeliveryResult]) -> list[tuple[str, str]]:
    return [(each.result, each.problem) for each in handed]


async def test_mails_follow_each_other_over_one_connection(mail_server: MailServer, one: SmtpPool) -> None:
    handed = await one.deliver(mails(*(f"m{number}" for number in range(20))))
    assert handed == [DeliveryResult(number, "sent") for number in range(20)]
    assert mail_server.recipients() == [f"m{number}@v.example" for number in range(20)]
    assert mail_server.connections == 1


async def test_refused_recipient_fails_alone(mail_server: MailServer, one: SmtpPool) -> None:
    mail_server.refuse = {"gone@v.example": "550 no such mailbox", "full@v.example": "452 full"}
    handed = await one.deliver(mails("a", "gone", "full", "gone", "b"))
    assert by_name(handed) == [
        ("sent", ""),
        ("failed", "recipient refused 550"),
        ("later", "recipient refused 452"),
        ("failed", "recipient refused 550"),
        ("sent", ""),
    ]
    assert mail_server.recipients() == ["a@v.example", "b@v.example"]
    assert mail_server.connections == 1


async def test_refused_sender_is_our_own_fault_and_no_mail_fails_for_it(mail_server: MailServer, one: SmtpPool) -> None:
    mail_server.refuse_sender = ["550 not you", "451 not now"]
    handed = await one.deliver(mails("a", "b", "c"))
    assert by_name(handed) == [("later", "refused 550"), ("later", "refused 451"), ("sent", "")]
    assert mail_server.recipients() == ["c@v.example"]


async def test_refused_message(mail_server: MailServer, one: SmtpPool) -> None:
    mail_server.refuse_message = {"spam@v.example": "554 looks like spam", "busy@v.example": "451 busy"}
    handed = await one.deliver(mails("a", "spam", "busy", "b"))
    assert by_name(handed) == [("sent", ""), ("failed", "refused 554"), ("later", "refused 451"), ("sent", "")]
    assert mail_server.recipients() == ["a@v.example", "b@v.example"]


async def test_closing_server_is_away(mail_server: MailServer, one: SmtpPool) -> None:
    mail_server.refuse_sender = ["421 closing"]
    handed = await one.deliver(mails("a", "b"))
    assert handed[0] == DeliveryResult(0, "away", "refused 421")
    assert handed[1] == DeliveryResult(1, "sent")
    assert mail_server.connections == 2


async def test_server_that_closes_instead_of_taking_the_message_is_away(mail_server: MailServer, one: SmtpPool) -> None:
    mail_server.refuse_message = {"late@v.example": "421 closing"}
    handed = await one.deliver(mails("a", "late", "b"))
    assert by_name(handed) == [("sent", ""), ("away", "refused 421"), ("sent", "")]
    assert mail_server.recipients() == ["a@v.example", "b@v.example"]
    assert mail_server.connections == 2


async def test_answer_out_of_step_sends_nothing_and_ends_the_connection(mail_server: MailServer, one: SmtpPool) -> None:
    """Two answers to one command: the next ones would belong to other commands, and a refusal to another mail."""
    mail_server.refuse = {"twice@v.example": "250 OK\r\n250 OK once more"}
    handed = await one.deliver(mails("twice", "b"))
    assert by_name(handed) == [("later", "refused 250"), ("sent", "")]
    assert mail_server.recipients() == ["b@v.example"]
    assert mail_server.connections == 2


async def test_answer_that_is_none_of_smtp_ends_the_connection(mail_server: MailServer, one: SmtpPool) -> None:
    mail_server.refuse = {"odd@v.example": "hello"}
    handed = await one.deliver(mails("odd", "b"))
    assert by_name(handed) == [("away", "SMTPResponseException"), ("sent", "")]
    assert mail_server.connections == 2


async def test_connection_that_the_server_closed_in_between_is_made_anew(
    mail_server: MailServer, one: SmtpPool
) -> None:
    await one.deliver(mails("a"))
    mail_server.hang_up()
    await asyncio.sleep(0.1)
    assert by_name(await one.deliver(mails("b"))) == [("sent", "")]
    assert mail_server.connections == 2


async def test_idle_connection_is_closed_and_opened_again(
    mail_server: MailServer, one: SmtpPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.1)
    await one.deliver(mails("a"))
    async with asyncio.timeout(10):
        while b"QUIT\r\n" not in mail_server.pieces:  # noqa: ASYNC110 - the server is told so
            await asyncio.sleep(0.02)
    assert by_name(await one.deliver(mails("b"))) == [("sent", "")]
    assert mail_server.connections == 2


async def test_cut_in_the_middle_of_a_message(mail_server: MailServer, one: SmtpPool) -> None:
    """What was accepted before stays sent; the mail that was cut waits, and the rest goes over a new connection."""
    mail_server.drop = {"cut@v.example"}
    handed = await one.deliver(mails("a", "cut", "b", "c", "d"))
    assert [each.result for each in handed[:2]] == ["sent", "away"]
    assert {each.result for each in handed} == {"sent", "away"}
    assert handed[-1].result == "sent"
    sent = [mails("a", "cut", "b", "c", "d")[each.id][1].recipient for each in handed if each.result == "sent"]
    assert mail_server.recipients() == sent
    assert mail_server.connections == 2


async def test_server_that_cuts_every_connection_is_away(mail_server: MailServer, one: SmtpPool) -> None:
    names = [f"m{number}" for number in range(30)]
    mail_server.drop = {f"{name}@v.example" for name in names}
    handed = await one.deliver(mails(*names))
    assert {each.result for each in handed} == {"away"}
    assert mail_server.connections <= module.MOST_DROPS


async def test_server_that_says_nothing_is_away(
    mail_server: MailServer, one: SmtpPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SEND_SECONDS", 1.0)
    mail_server.slow = {"slow@v.example": 30}
    handed = await one.deliver(mails("a", "slow"))
    assert handed == [DeliveryResult(0, "sent"), DeliveryResult(1, "away", "TimeoutError")]


async def test_message_that_the_server_did_not_read_in_time_is_not_sent_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEND_SECONDS", 2.0)
    goes_on, read = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (b"220 hello", b"250 hello", b"250 ok", b"250 ok", b"354 go on"):
            writer.write(answer + b"\r\n")
            await reader.readline()
        await goes_on.wait()
        with contextlib.suppress(ConnectionResetError):
            while rest := await reader.read(1 << 20):
                end = rest[-5:]
            read.set_result(end)
        writer.close()
        if not read.done():
            read.set_result(b"reset")

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    pool = SmtpPool(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", connections=1)
    (handed,) = await pool.deliver([(1, mail("a", f"{'x' * 900}\r\n" * 20_000))])
    assert handed == DeliveryResult(1, "away", "TimeoutError")
    goes_on.set()
    async with asyncio.timeout(20):
        assert await read != b"\r\n.\r\n"
    await pool.close()
    server.close()


async def test_slow_mail_holds_up_no_other(mail_server: MailServer) -> None:
    mail_server.slow = {"slow@v.example": 3.0}
    pool = SmtpPool(f"smtp://127.0.0.1:{mail_server.port}", connections=2)
    slow, *others = pool.post(mails("slow", *(f"m{number}" for number in range(40))))
    async with asyncio.timeout(20):
        while sum(other.done() for other in others) < 40:
            await asyncio.wait([other for other in others if not other.done()], timeout=0.05)
    assert not slow.done()
    assert (await slow).result == "sent"
    await asyncio.gather(*others)
    await pool.close()


async def test_server_with_few_connections_gets_all_mail_over_them(mail_server: MailServer) -> None:
    mail_server.most_connections = 1
    mail_server.slow = {"m0@v.example": 0.3}
    pool = SmtpPool(f"smtp://127.0.0.1:{mail_server.port}", connections=3)
    (first,) = pool.post(mails("m0"))
    await asyncio.sleep(0.1)  # the first connection is open and busy
    rest = await pool.deliver(mails(*(f"n{number}" for number in range(20))))
    assert {each.result for each in rest} == {"sent"}
    assert (await first).result == "sent"
    await pool.close()


async def test_what_is_not_ours_any_more_is_not_proposed(mail_server: MailServer, one: SmtpPool) -> None:
    handed = await asyncio.gather(*one.post(mails("a", "b", "c"), lambda number: number != 1))
    assert [each.result for each in handed] == ["sent", "away", "sent"]
    assert mail_server.recipients() == ["a@v.example", "c@v.example"]
    assert b"b@v.example" not in b"".join(mail_server.pieces)


async def test_recalled_mail_comes_back_at_once(mail_server: MailServer, one: SmtpPool) -> None:
    mail_server.slow = {"slow@v.example": 0.5}
    posted = one.post(mails("slow", *(f"m{number}" for number in range(10))))
    await asyncio.sleep(0.2)
    one.recall()
    handed = await asyncio.gather(*posted)
    assert handed[0].result == "sent"
    assert [each.result for each in handed[1:]] == ["away"] * 10


async def test_mail_that_cannot_be_proposed_is_tried_later_and_the_others_go_on(
    mail_server: MailServer, one: SmtpPool
) -> None:
    broken = OutgoingMail(
        "post@p.example", "\udcff@v.example", b"To: x\r\n\r\nDag.\r\n", utf8=True
    )  # cannot be encoded
    handed = await one.deliver([(0, mail("a")), (1, broken), (2, mail("b"))])
    assert by_name(handed) == [("sent", ""), ("later", "UnicodeEncodeError"), ("sent", "")]
    assert mail_server.recipients() == ["a@v.example", "b@v.example"]


async def test_defect_in_handing_over_does_not_end_the_work(
    mail_server: MailServer, one: SmtpPool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    right = module._transaction

    async def wrong_once(client: SMTP, mail: OutgoingMail) -> module.DeliveryOutcome:
        monkeypatch.setattr(module, "_transaction", right)
        raise RuntimeError("about somebody@v.example")

    monkeypatch.setattr(module, "_transaction", wrong_once)
    handed = await one.deliver(mails("a", "b", "c"))
    assert by_name(handed) == [("later", "RuntimeError"), ("sent", ""), ("sent", "")]
    assert "RuntimeError" in caplog.text
    assert "somebody" not in caplog.text


async def test_lines_with_dots_and_long_mails_arrive_whole(mail_server: MailServer, one: SmtpPool) -> None:
    text = "\r\n".join([".", "..", ".voor", "na.", "", "x" * 500] * 400)
    (handed,) = await one.deliver([(1, mail("a", text))])
    assert handed.result == "sent"
    assert mail_server.raw[0].split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n") == text.encode()


async def test_address_that_is_not_ascii_needs_a_server_that_knows_it(mail_server: MailServer, one: SmtpPool) -> None:
    foreign = OutgoingMail("post@p.example", "josé@v.example", "To: josé@v.example\r\n\r\nDag.\r\n".encode(), utf8=True)
    handed = await one.deliver([(0, mail("a")), (1, foreign), (2, mail("b"))])
    assert [each.result for each in handed] == ["sent"] * 3
    assert mail_server.recipients() == ["a@v.example", "josé@v.example", "b@v.example"]
    await one.close()
    mail_server.utf8 = False
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
    mail_server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, path = _certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    mail_server.options = {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": _knows,
    }
    pool = SmtpPool(f"smtp://naam:geheim%2F1@127.0.0.1:{mail_server.port}", connections=1)
    handed = await pool.deliver(mails(*(f"m{number}" for number in range(5))))
    await pool.close()
    assert by_name(handed) == [("sent", "")] * 5
    clear = b"".join(piece for piece in mail_server.pieces if b"MAIL FROM" in piece)
    assert (
        clear.count(b"MAIL FROM") == 5
    )  # the server sees them after TLS; on the wire before it there was STARTTLS only
    wrong = SmtpPool(f"smtp://naam:fout@127.0.0.1:{mail_server.port}", connections=1)
    assert [each.result for each in await wrong.deliver(mails("a"))] == ["away"]
    await wrong.close()


async def test_server_with_a_certificate_that_nobody_knows_is_away(mail_server: MailServer, tmp_path: Path) -> None:
    context, _ = _certificate(tmp_path)
    mail_server.options = {"tls_context": context}
    pool = SmtpPool(f"smtp://127.0.0.1:{mail_server.port}", connections=1)
    assert [each.result for each in await pool.deliver(mails("a"))] == ["away"]
    assert mail_server.received == []
    await pool.close()
