"""Which mail a story is given: the first of its own that came after its mark, and each once."""

from pathlib import Path

from tests.stories.mails import Mailbox, link_in


def arrive(folder: Path, number: int, to: str, subject: str) -> None:
    text = f"From: a@x.example\nTo: {to}\nSubject: {subject}\n\nhttp://x.example/sign-in/{number}\n"
    (folder / f"{number:020d}-0000.eml").write_text(text, "utf-8")


def test_each_mail_is_given_once_and_the_first_that_came_first(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    assert box.mark() == ""
    assert box.take("noor@x.example", "Sign in") is None
    arrive(tmp_path, 2, "noor@x.example", "Sign in")
    arrive(tmp_path, 1, "noor@x.example", "Sign in")
    arrive(tmp_path, 3, "amir@x.example", "Sign in")
    first, second = (box.wait_for("noor@x.example", "Sign in", after="", otherwise=str) for _ in range(2))
    assert link_in(first, "/sign-in/").endswith("/1")
    assert link_in(second, "/sign-in/").endswith("/2")
    assert box.take("noor@x.example", "Sign in") is None


def test_what_came_before_the_mark_or_says_something_else_is_not_given(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    arrive(tmp_path, 1, "noor@x.example", "Sign in")
    mark = box.mark()
    assert box.take("noor@x.example", "Sign in", after=mark) is None
    arrive(tmp_path, 2, "noor@x.example", "Something new")
    arrive(tmp_path, 3, "noor@x.example", "Sign in")
    assert len(box.mails("noor@x.example", after=mark)) == 2
    mail = box.take("noor@x.example", "Sign in", "x.example", after=mark)
    assert mail is not None
    assert link_in(mail, "/sign-in/").endswith("/3")
