"""The mails that the running service has sent, as the catcher keeps them. A story is given each of them once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from petitions.mailbox.reads import CaughtMail, read_mail
from tests.stories.waiting import until


def link_in(mail: CaughtMail, part: str) -> str:
    """The link in this mail that has ``part`` in it."""
    links = [link for link in mail.links if part in link]
    assert links, f"the mail {mail.subject!r} has no link with {part!r}"
    return links[0]


@dataclass
class Mailbox:
    """Every mail that was caught in this folder, oldest first: by the name of its file, which is when it came."""

    folder: Path
    read: dict[str, CaughtMail] = field(default_factory=dict, repr=False)
    given: set[str] = field(default_factory=set, repr=False)

    def mark(self) -> str:
        """A mark of now: what has come so far lies before it."""
        return max(self._names(), default="")

    def mails(self, to: str = "", after: str = "") -> list[CaughtMail]:
        """The mails to this address (none: to everybody) that came after the mark (none: all)."""
        return [mail for name, mail in self._all() if name > after and to in {"", mail.to}]

    def take(self, to: str, *words: str, after: str = "") -> CaughtMail | None:
        """The first mail to this address, after the mark, with all these words, that nobody was given yet."""
        for name, mail in self._all():
            is_new = name > after and name not in self.given
            if is_new and mail.to == to and all(word in mail.subject + mail.text for word in words):
                self.given.add(name)
                return mail
        return None

    def wait_for(self, to: str, *words: str, after: str, otherwise: Callable[[], str]) -> CaughtMail:
        """The same, as soon as it is there."""
        return until(lambda: self.take(to, *words, after=after), lambda: f"no mail about {words} came; {otherwise()}")

    def _names(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("*.eml"))

    def _all(self) -> list[tuple[str, CaughtMail]]:
        names = self._names()
        for name in names:
            if name not in self.read:
                self.read[name] = read_mail(self.folder / name)
        return [(name, self.read[name]) for name in names]
