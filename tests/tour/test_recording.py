"""The pure parts of the recorded tour: what it reads in pages, what it takes for equal, what differences it tells."""

import json
from pathlib import Path

import pytest

from petitions.rules.tokens import Link, Tokens
from scripts.tour_recording.comparing import compare
from scripts.tour_recording.exchange import Answer, Asked, Recording
from scripts.tour_recording.links import token
from scripts.tour_recording.page import Button, forms_in, links_in

HTML = (("content-type", "text/html; charset=utf-8"),)
FRESH = "AAECAwQFBgcICQoLDA0ODxAR"
PAGE = b"""
<link rel="stylesheet" href="/style/site.css?v=1"><a href="https://petitions.example/nl/petitions?page=2#list">2</a>
<a href="https://elsewhere.example/nl">no</a><a href="?lang=en">en</a>
<form method="get" action="/nl/petitions"><input name="q"></form>
<form method="post" action="/nl/follow"><input type="hidden" name="topic" value="all">
<input type="email" name="email" value=""><input name="website"><input type="checkbox" name="what" value="news">
<input type="radio" name="how" value="daily"><input type="radio" name="how" value="weekly" checked>
<select name="subject"><option value="">-</option><option value="health">Health</option></select>
<textarea name="text">
typed</textarea><button>Follow</button><button name="go" value="save" formaction="/nl/save">Save</button></form>
"""


def put(folder: Path, *exchanges: tuple[Asked, Answer], mails: tuple[bytes, ...] = (), rows: int = 1) -> Path:
    recording = Recording(folder)
    recording.begin()
    for asked, answer in exchanges:
        recording.add(asked, answer)
    (folder / "mails").mkdir()
    for number, mail in enumerate(mails):
        (folder / "mails" / f"{number}.eml").write_bytes(mail)
    (folder / "counts.json").write_text(json.dumps({"petition": rows}), "utf-8")
    return folder


def page(text: str, phase: str = "look", target: str = "/nl", **headers: str) -> tuple[Asked, Answer]:
    return Asked(phase, "GET", target), Answer(200, (*HTML, *headers.items()), text.encode())


def letter(token_in_it: str, drawn: str) -> bytes:
    """A mail of two parts, with a link that its encoding breaks over two lines."""
    link = f"https://petitions.example/nl/confirm/{token_in_it[:30]}=\n{token_in_it[30:]}"
    part = f'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n{link}\n'
    edge = f"==============={drawn}=="
    head = f'To: tour@voorbeeld.example\nContent-Type: multipart/alternative; boundary="{edge}"\n\n'
    return f"{head}--{edge}\n{part}\n--{edge}\n{part}\n--{edge}--\n".encode()


def test_links_are_those_of_this_service_without_fragments() -> None:
    found = links_in(Answer(200, HTML, PAGE), "/nl/petitions")
    assert found == ["/style/site.css?v=1", "/nl/petitions?page=2", "/nl/petitions?lang=en"]
    assert links_in(
        Answer(200, (("content-type", "text/css"),), b'a{b:url("/static/f.woff2")}'), "/style/site.css"
    ) == ["/static/f.woff2"]
    assert links_in(Answer(303, (("location", "/staff/sign-in"),), b""), "/staff") == ["/staff/sign-in"]


def test_a_form_is_sent_as_it_stands_and_filled_in() -> None:
    (form,) = forms_in(Answer(200, HTML, PAGE), "/nl/follow")
    plain, save = form.buttons
    assert (plain, save) == (Button("", "", "/nl/follow"), Button("go", "save", "/nl/save"))
    assert form.as_it_stands(plain) == "topic=all&email=&website=&how=weekly&subject=&text=typed"
    assert form.filled(save, "2026-03-02") == (
        "topic=all&email=tour%40voorbeeld.example&website=&what=news&how=weekly&subject=health&text=typed&go=save"
    )


def test_the_links_of_a_tour_are_those_of_the_service() -> None:
    secret, key = "s" * 32, bytes(range(16))
    for number in (0, 7, 70_000):
        assert token(secret, "manage", number, key) == Tokens((secret,)).make("manage", number, key)
        assert Tokens((secret,)).read("manage", token(secret, "manage", number, key)) == Link(number, key)


def test_a_recording_gives_back_what_was_put_in(tmp_path: Path) -> None:
    asked = Asked("refuse", "POST", "/nl/follow", "staff-1", {"Origin": "x"}, "a=", "/{lang}/follow", padding=3)
    answer = Answer(413, (("content-type", "text/html"), ("x", "1"), ("x", "2")), b"\xff\0")
    put(tmp_path / "a", (asked, answer))
    assert list(Recording(tmp_path / "a").exchanges()) == [(asked, answer)]
    assert asked.content == b"a=bbb"
    with pytest.raises(SystemExit, match="holds a recording already"):
        Recording(tmp_path / "a").begin()


def test_what_is_equal_but_for_the_moment_is_equal(tmp_path: Path) -> None:
    one, other = (f"{FRESH[:-1]}{letter}.{letter * 43}" for letter in "xy")
    before = put(
        tmp_path / "a",
        page("same"),
        page(f"<a href='/nl/manage/{one}'>", "forms", etag="1"),
        page('{"mails_waiting":1}', target="/health/ready"),
        mails=(b"first", letter(one, "1111111111111111111")),
    )
    after = put(
        tmp_path / "b",
        page("same"),
        page(f"<a href='/nl/manage/{other}'>", "forms", etag="2"),
        page('{"mails_waiting":2}', target="/health/ready"),
        mails=(letter(other, "2222222222222222222"), b"first"),
    )
    assert compare(before, after, 9) == 0


@pytest.mark.parametrize(
    ("told", "exchange"),
    [
        ("-one", page("two", etag="1")),
        ("-etag: 1", page("one", etag="2")),
        ("-etag: 1", page("one")),
        ("-one", page(f"{FRESH}.{'x' * 43}", etag="1")),
        ("status 200 | 404", (page("one")[0], Answer(404, (*HTML, ("etag", "1")), b"one"))),
        ("another request", page("one", target="/en", etag="1")),
    ],
)
def test_every_other_difference_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: str, exchange: tuple[Asked, Answer]
) -> None:
    before, after = put(tmp_path / "a", page("one", etag="1")), put(tmp_path / "b", exchange)
    assert compare(before, after, 9) == 1
    assert told in capsys.readouterr().out


def test_missing_answers_mails_and_rows_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = put(tmp_path / "a", page("one"), page("two"), mails=(b"Subject: mail\n\n",), rows=2)
    assert compare(before, put(tmp_path / "b", page("one")), 9) == 1
    told = capsys.readouterr().out
    assert "another request" in told
    assert "-Subject: mail" in told
    assert "table petition at the end: 2 rows | 1 rows" in told
