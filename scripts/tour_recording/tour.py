"""The tour itself: request every page, send requests that are refused, send every form, run the worker, look again."""

import contextlib
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scripts.tour_recording.exchange import Asker, RecordedRequest, RecordedResponse, TourRecording
from scripts.tour_recording.page import forms_in, links_in
from scripts.tour_recording.places import AddressRow, Places, looks, refusals
from scripts.tour_recording.rows import counts, fetch
from scripts.tour_recording.running import Checkout, TourStage, end, scene, serving, wait

MOST_QUERIES: Final = 40  # for one path: filters have very many combinations
MOST: Final = 14_000  # the maximum number of addresses
MOST_FORMS: Final = 3  # of one shape
QUIET_LOOKS: Final = 40  # the worker does a round between them
_TABLE: Final = (
    "import json; from petitions.routes import table; print(json.dumps([[r.method, r.path, r.who] for r in table()]))"
)
_MAILS_LEFT: Final = "select 1 as one from outbox where state = 'waiting' and next_at <= $1 limit 1"
_PRINTS_LEFT: Final = "select 1 as one from dossier_print where state = 'waiting' and problem is null limit 1"
_PARTICULAR: Final = re.compile("[A-Za-z0-9_-]{20,}[.][A-Za-z0-9_-]{20,}|[0-9]+")
_DESKS: Final = re.compile("/(staff|committee|styleguide)(/|$|[?])")


@dataclass(slots=True)
class Tour:
    """One tour in progress."""

    stage: TourStage
    recording: TourRecording
    pages: list[tuple[RecordedRequest, RecordedResponse]] = field(default_factory=list)

    def ask(self, asker: Asker, asked: RecordedRequest) -> RecordedResponse:
        """Send a request and record the response."""
        answer = asker.ask(asked)
        self.recording.add(asked, answer)
        return answer

    def look(self, asker: Asker, first: Iterator[RecordedRequest]) -> None:
        """Request all of these, and whatever their pages link to."""
        waiting = list({asked.key: asked for asked in first}.values())
        known = {asked.key for asked in waiting}
        queries: dict[str, int] = {}
        marked: set[str] = set()
        for asked in waiting:  # it grows
            answer = self.ask(asker, asked)
            if asked.method != "GET" or asked.headers:
                continue
            if answer.status == 200:
                self.pages.append((asked, answer))
            if (etag := answer.header("etag")) and asked.route and asked.route not in marked:
                marked.add(asked.route)
                waiting.append(RecordedRequest("look", "GET", asked.target, asked.who, {"If-None-Match": etag}))
            for link in links_in(answer, asked.target):
                one = RecordedRequest("look", "GET", link, asked.who if _DESKS.match(link) else "")
                path = f"{link.partition('?')[0]} {one.who}"
                if one.key not in known and len(known) < MOST and queries.get(path, 0) < MOST_QUERIES:
                    queries[path] = queries.get(path, 0) + ("?" in link)
                    known.add(one.key)
                    waiting.append(one)

    def forms(self, asker: Asker) -> None:
        """Send every form that was seen, unchanged and filled in; of those of one shape the first few.

        Forms in the responses are sent as well, so a form of several pages is completed.
        """
        seen: dict[tuple[str, ...], int] = {}
        day = self.stage.moment.date().isoformat()
        waiting = list(self.pages)
        for asked, answer in waiting:  # it grows
            for form in forms_in(answer, asked.target):
                for button in form.buttons:
                    shape = (_PARTICULAR.sub("0", asked.route or asked.target), *form.shape(button))
                    seen[shape] = seen.get(shape, 0) + 1
                    if seen[shape] > MOST_FORMS or button.action == "/staff/sign-out":
                        continue
                    for body in dict.fromkeys((form.as_it_stands(button), form.filled(button, day))):
                        one = RecordedRequest(
                            "forms", "POST", button.action, asked.who, {}, body, f"behind {button.action}"
                        )
                        waiting.append((one, self.ask(asker, one)))

    def again(self) -> Iterator[RecordedRequest]:
        """The requests that are repeated after all forms were sent: the routes of the table, not the links of pages.

        In one language, and without the mailbox, because the order of mails is random.
        """
        for asked, _ in self.pages:
            if asked.route and not asked.target.startswith(("/en", "/mailbox", "/static")):
                yield RecordedRequest("after", "GET", asked.target, asked.who, route=asked.route)


def record(stage: TourStage, checkout: Path, folder: Path, like: Path | None, settings: dict[str, str]) -> None:
    """Record a tour of ``checkout`` into ``folder``; with ``like`` exactly the requests of that recording."""
    recording = TourRecording(folder)
    recording.begin()
    with scene(stage, checkout, folder / "work", settings) as here:
        (folder / "migrations.txt").write_text(here.run("migrate"), "utf-8")
        tour = Tour(stage, recording)
        known = list(TourRecording(like).asked()) if like else None
        places = Places(stage, here.environment["DATABASE_URL"])
        with _asking(here, stage, folder) as asker:
            _visit(tour, asker, places, here, known)
        _work(here, stage, folder)
        with _asking(here, stage, folder) as asker:
            for asked in _phase(known, "after") if known is not None else tour.again():
                tour.ask(asker, asked)
        (folder / "counts.json").write_text(json.dumps(counts(places.address), indent=1) + "\n", "utf-8")
        _keep_mails(here, stage, folder)


def _visit(tour: Tour, asker: Asker, places: Places, here: Checkout, known: list[RecordedRequest] | None) -> None:
    if known is not None:
        for asked in (*_phase(known, "look"), *_phase(known, "refuse"), *_phase(known, "forms")):
            tour.ask(asker, asked)
        return
    table = _table(here)
    tour.look(asker, looks(places, table))
    for asked in refusals(places, table):
        tour.ask(asker, asked)
    tour.forms(asker)


def _phase(known: list[RecordedRequest], phase: str) -> list[RecordedRequest]:
    return [asked for asked in known if asked.phase == phase]


@contextlib.contextmanager
def _asking(here: Checkout, stage: TourStage, folder: Path) -> Iterator[Asker]:
    with serving(here, folder / "web.log") as port:
        asker = Asker(port, stage.sessions)
        yield asker
        asker.close()


def _table(here: Checkout) -> list[AddressRow]:
    """The route table of the service under test."""
    done = subprocess.run(  # noqa: S603 - a command of ours
        [here.command()[0], "-c", _TABLE], cwd=here.folder, env=dict(here.environment), capture_output=True, check=True
    )
    return [AddressRow(*row) for row in json.loads(done.stdout)]


def _work(here: Checkout, stage: TourStage, folder: Path) -> None:
    """Run the worker until all due mails are sent, all prints made, and maintenance was done."""
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


def _keep_mails(here: Checkout, stage: TourStage, folder: Path) -> None:
    """Store the mails that the worker sent during the tour."""
    (folder / "mails").mkdir()
    before = {path.name for path in (stage.folder / "data" / "mailbox").glob("*.eml")}
    for path in sorted(Path(here.environment["DATA_DIR"], "mailbox").glob("*.eml")):
        if path.name not in before:
            (folder / "mails" / path.name).write_bytes(path.read_bytes())
