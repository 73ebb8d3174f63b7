"""The tour itself: look at everything, be refused everywhere, send every form, let the worker work, and look again."""

import contextlib
import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scripts.tour_recording.exchange import Answer, Asked, Asker, Askers, Recording
from scripts.tour_recording.page import forms_in, links_in
from scripts.tour_recording.places import Places, Way, looks, refusals
from scripts.tour_recording.rows import counts, fetch
from scripts.tour_recording.running import Checkout, Stage, end, scene, serving, wait

AT_A_TIME: Final = 64
MOST_QUERIES: Final = 16  # of one path: filters can be combined without end
MOST: Final = 14_000  # addresses that are looked at
MOST_FORMS: Final = 3  # of one shape
MOST_OF_ONE: Final = 150  # buttons of one address: the answers of a form of several pages differ without end
PROCESSES: Final = 3  # while nothing changes
QUIET_LOOKS: Final = 40  # a round of the worker lies between them
_TABLE: Final = (
    "import json; from petitions.routes import TABLE; print(json.dumps([[r.method, r.path, r.who] for r in TABLE]))"
)
_MAILS_LEFT: Final = "select 1 as one from outbox where state = 'waiting' and next_at <= $1 limit 1"
_PRINTS_LEFT: Final = "select 1 as one from dossier_print where state = 'waiting' and problem is null limit 1"
_TOKEN: Final = re.compile("[A-Za-z0-9_-]{20,}[.][A-Za-z0-9_-]{20,}")
_PARTICULAR: Final = re.compile(f"{_TOKEN.pattern}|[0-9]+")
_DESKS: Final = re.compile("/(staff|committee|styleguide)(/|$|[?])")


@dataclass(slots=True)
class Tour:
    """One tour under way."""

    stage: Stage
    recording: Recording
    pages: list[tuple[Asked, Answer]] = field(default_factory=list)

    def ask(self, asker: Asker, asked: Asked) -> Answer:
        """Ask, and keep the answer."""
        answer = asker.ask(asked)
        self.recording.add(asked, answer)
        return answer

    def ask_all(self, askers: Askers, several: Sequence[Asked]) -> list[tuple[Asked, Answer]]:
        """Ask several things at once, and keep the answers in the order of the requests."""
        exchanges = list(zip(several, askers.ask_all(several), strict=True))
        for asked, answer in exchanges:
            self.recording.add(asked, answer)
        return exchanges

    def look(self, askers: Askers, first: Iterator[Asked]) -> None:
        """Look at all of these, and at whatever their pages lead to."""
        waiting = list({asked.key: asked for asked in first}.values())
        known = {asked.key for asked in waiting}
        queries: dict[str, int] = {}
        marked: set[str] = set()
        position = 0
        while position < len(waiting):
            some = self.ask_all(askers, waiting[position : position + AT_A_TIME])
            position += len(some)
            for asked, answer in some:
                if asked.method != "GET" or asked.headers:
                    continue
                if answer.status == 200:
                    self.pages.append((asked, answer))
                if (etag := answer.header("etag")) and asked.route and asked.route not in marked:
                    marked.add(asked.route)
                    waiting.append(Asked("look", "GET", asked.target, asked.who, {"If-None-Match": etag}))
                for link in links_in(answer, asked.target):
                    one = Asked("look", "GET", link, asked.who if _DESKS.match(link) else "")
                    path = f"{link.partition('?')[0]} {one.who}"
                    if one.key not in known and len(known) < MOST and queries.get(path, 0) < MOST_QUERIES:
                        queries[path] = queries.get(path, 0) + ("?" in link)
                        known.add(one.key)
                        waiting.append(one)

    def forms(self, asker: Asker) -> None:
        """Send every form that was seen, as it stands and filled in; of those of one shape the first few.

        The pages that answer have forms again: so a form of several pages is gone through to its end.
        """
        seen: dict[tuple[str, ...], int] = {}
        sent: dict[str, int] = {}
        day = self.stage.moment.date().isoformat()
        waiting = list(self.pages)
        lasting = {found for asked, _ in self.pages for found in _TOKEN.findall(asked.target)}
        for asked, answer in waiting:  # it grows
            for form in forms_in(answer, asked.target):
                for button in form.buttons:
                    address = _PARTICULAR.sub("0", button.action.partition("?")[0])
                    shape = (_PARTICULAR.sub("0", asked.route or asked.target), *form.shape(button))
                    seen[shape] = seen.get(shape, 0) + 1
                    if seen[shape] > MOST_FORMS or sent.get(address, 0) >= MOST_OF_ONE or address == "/staff/sign-out":
                        continue
                    sent[address] = sent.get(address, 0) + 1
                    for body in dict.fromkeys((form.as_it_stands(button), form.filled(button, day))):
                        if not lasting.issuperset(_TOKEN.findall(f"{button.action} {body}")):
                            continue  # a link of what was made a moment ago: no other tour can ask for it
                        one = Asked("forms", "POST", button.action, asked.who, {}, body, f"behind {button.action}")
                        waiting.append((one, self.ask(asker, one)))

    def again(self) -> Iterator[Asked]:
        """What is looked at once more after all forms were sent: what is in the table, not what was found by links.

        In one language. Not the mailbox, where mails stand in the order in which they happened to be sent.
        """
        for asked, _ in self.pages:
            if asked.route and not asked.target.startswith(("/en", "/mailbox", "/static")):
                yield Asked("after", "GET", asked.target, asked.who, route=asked.route)


def record(stage: Stage, checkout: Path, folder: Path, like: Path | None, settings: dict[str, str]) -> None:
    """Record a tour of ``checkout`` into ``folder``; with ``like`` exactly the requests of that recording."""
    recording = Recording(folder)
    recording.begin()
    with scene(stage, checkout, folder / "work", settings) as here:
        (folder / "migrations.txt").write_text(here.run("migrate"), "utf-8")
        tour = Tour(stage, recording)
        known = list(Recording(like).asked()) if like else None
        places = Places(stage, here.environment["DATABASE_URL"])
        with _asking(here, stage, folder, processes=PROCESSES) as askers:
            _look(tour, askers, places, here, known)
        with _asking(here, stage, folder, processes=1) as askers:
            _send(tour, askers.first, places, here, known)
        _work(here, stage, folder)
        with _asking(here, stage, folder, processes=PROCESSES) as askers:
            again = list(tour.again()) if known is None else _phase(known, "after")
            _in_turns(tour, askers, again)
        (folder / "counts.json").write_text(json.dumps(counts(places.address), indent=1) + "\n", "utf-8")
        _keep_mails(here, stage, folder)


def _look(tour: Tour, askers: Askers, places: Places, here: Checkout, known: list[Asked] | None) -> None:
    for who in tour.stage.sessions:  # so that everybody was last seen at this moment, whoever is asked for first
        askers.first.ask(Asked("begin", "GET", "/staff/help", who))
    if known is None:
        tour.look(askers, looks(places, _table(here)))
    else:
        _in_turns(tour, askers, _phase(known, "look"))


def _send(tour: Tour, asker: Asker, places: Places, here: Checkout, known: list[Asked] | None) -> None:
    for asked in refusals(places, _table(here)) if known is None else _phase(known, "refuse"):
        tour.ask(asker, asked)
    if known is None:
        tour.forms(asker)
    else:
        for asked in _phase(known, "forms"):
            tour.ask(asker, asked)


def _in_turns(tour: Tour, askers: Askers, several: list[Asked]) -> None:
    for position in range(0, len(several), AT_A_TIME):
        tour.ask_all(askers, several[position : position + AT_A_TIME])


def _phase(known: list[Asked], phase: str) -> list[Asked]:
    return [asked for asked in known if asked.phase == phase]


@contextlib.contextmanager
def _asking(here: Checkout, stage: Stage, folder: Path, processes: int) -> Iterator[Askers]:
    with serving(here, folder / "web.log", processes) as port:
        askers = Askers(port, stage.sessions)
        yield askers
        askers.close()


def _table(here: Checkout) -> list[Way]:
    """The table of addresses, as the service under test has it."""
    done = subprocess.run(  # noqa: S603 - a command of ours
        [here.command()[0], "-c", _TABLE], cwd=here.folder, env=dict(here.environment), capture_output=True, check=True
    )
    return [Way(*row) for row in json.loads(done.stdout)]


def _work(here: Checkout, stage: Stage, folder: Path) -> None:
    """Let the worker send what is due, print what was asked for and go its rounds, until nothing is left."""
    address, quiet = here.environment["DATABASE_URL"], 0

    def done() -> bool:
        nonlocal quiet
        left: list[Any] = fetch(address, _MAILS_LEFT, stage.moment) + fetch(address, _PRINTS_LEFT)
        quiet = 0 if left else quiet + 1
        return quiet >= QUIET_LOOKS

    catcher = here.start(folder / "mailbox.log", "mailbox")
    worker = here.start(folder / "worker.log", "work")
    try:
        wait(done, f"the worker does not come to an end: see {folder / 'worker.log'}")
    finally:
        end(worker)
        end(catcher)


def _keep_mails(here: Checkout, stage: Stage, folder: Path) -> None:
    """Keep the mails that the worker sent during the tour, as they came."""
    (folder / "mails").mkdir()
    before = {path.name for path in (stage.folder / "data" / "mailbox").glob("*.eml")}
    for path in sorted(Path(here.environment["DATA_DIR"], "mailbox").glob("*.eml")):
        if path.name not in before:
            (folder / "mails" / path.name).write_bytes(path.read_bytes())
