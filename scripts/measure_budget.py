"""Measure what a page costs a reader, and compare it with the budgets: the program of scripts/budget.

Every page is opened as a first visit, with an empty cache. The network is throttled as Lighthouse does it for "slow
4G": 150 ms for a round trip and 1.6 Mbit/s. Sizes are those of compressed transfer: where the service sends a text
uncompressed, it is compressed here as a proxy would do it, and the output says so.
"""

import argparse
import base64
import contextlib
import gzip
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Browser, CDPSession, sync_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
SLOW_4G: Final = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
TEXTS: Final = ("text/", "application/json", "image/svg", "application/javascript")
READY_WITHIN: Final = 240
SETTLE: Final = 1_000  # ms after the load event in which the page may still move

BUDGETS: Final[dict[str, float]] = {
    "kB": 75,
    "requests": 6,
    "css kB": 12,
    "js kB": 5,
    "LCP s": 1.5,
    "CLS": 0.02,
    "TTFB ms": 200,
}
WATCH: Final = """
window.seen = {lcp: 0, cls: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) seen.lcp = e.startTime })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) seen.cls += e.value })
  .observe({type: 'layout-shift', buffered: true});
"""


@dataclass
class Fetched:
    """One response of the service, as the browser received it."""

    url: str
    media_type: str
    encoding: str
    size: int = 0
    packed_here: bool = False


class NetworkRecorder:
    """Records the responses of a page and their sizes."""

    def __init__(self, session: CDPSession) -> None:
        self.session = session
        self.fetched: dict[str, Fetched] = {}
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)

    def _received(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        self.fetched[event["requestId"]] = Fetched(
            event["response"]["url"], event["response"]["mimeType"], headers.get("content-encoding", "")
        )

    def _finished(self, event: dict[str, Any]) -> None:
        if found := self.fetched.get(event["requestId"]):
            found.size = int(event["encodedDataLength"])

    def pack(self) -> list[Fetched]:
        """The responses, with the compressed size of texts."""
        for number, found in self.fetched.items():
            if not found.encoding and found.media_type.startswith(TEXTS):
                answer = self.session.send("Network.getResponseBody", {"requestId": number})
                body = base64.b64decode(answer["body"]) if answer["base64Encoded"] else answer["body"].encode()
                found.size = found.size - len(body) + len(gzip.compress(body, 6))  # the rest are headers
                found.packed_here = True
        return [found for found in self.fetched.values() if found.url.startswith("http")]


def measure(browser: Browser, url: str) -> tuple[dict[str, float], bool]:
    """The figures of one page on its first visit, and whether a response had to be compressed here."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    recorder = NetworkRecorder(session)
    page.add_init_script(WATCH)
    page.goto(url, wait_until="load", timeout=30_000)
    page.wait_for_timeout(SETTLE)
    seen = page.evaluate("seen")
    fetched = recorder.pack()
    context.close()

    def kilobytes(kind: str) -> float:
        return sum(found.size for found in fetched if kind in found.media_type) / 1000

    figures = {
        "kB": kilobytes(""),
        "requests": float(len(fetched)),
        "css kB": kilobytes("css"),
        "js kB": kilobytes("javascript"),
        "LCP s": seen["lcp"] / 1000,
        "CLS": seen["cls"],
        "TTFB ms": first_byte(url),
    }
    return figures, any(found.packed_here for found in fetched)


def first_byte(url: str) -> float:
    """Milliseconds to the first byte of a page that was just rendered; the best of five, on this machine."""
    best = float("inf")
    with httpx.Client() as client:
        for _ in range(5):
            began = time.perf_counter()
            with client.stream("GET", url) as answer:
                if answer.is_server_error:
                    raise SystemExit(f"{url}: {answer.status_code}")
                best = min(best, time.perf_counter() - began)
    return best * 1000


def pages(url: str) -> dict[str, str]:
    """The main public pages, with the open petition that has the most signatures."""
    answer = httpx.get(f"{url}/api/v1/petitions", timeout=10)
    answer.raise_for_status()
    rows = [row for row in answer.json()["petitions"] if row["stage"] == "open"]
    most = max(rows, key=lambda row: row["signatures"])["id"]
    paths = {
        "home": "/nl",
        "list": "/nl/petitions",
        "search": "/nl/petitions?q=school&status=all",
        "petition": f"/nl/petitions/{most}",
        "sign": f"/nl/petitions/{most}/sign",
        "start": "/nl/petitions/new",
        "procedure": "/nl/procedures/nl-burgerinitiatief",
        "how it works": "/en/how-it-works",
        "accessibility": "/en/accessibility",
        "404": "/nl/nothing/here",
    }
    return {name: url + path for name, path in paths.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Run the service with the content of the demonstration, on a free port and in its own folder."""
    port = _free_port()
    environ = os.environ | {"PORT": str(port), "DATA_DIR": str(ROOT / "var" / "budget"), "DEMO": "1"}
    for name in ("DATABASE_URL", "SMTP_URL", "PUBLIC_URL", "MAILBOX_PORT"):
        environ.pop(name, None)
    command = [sys.executable, "-m", "petitions", "start"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=quiet, stderr=quiet)  # noqa: S603 - our own command
    url = f"http://localhost:{port}"
    try:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{url}/health/ready", timeout=2).status_code == 200:
                    break
            time.sleep(0.3)
        else:
            raise SystemExit("the service did not become ready")
        yield url
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()


def too_much(figures: Mapping[str, float]) -> list[str]:
    """The budgets that these figures exceed."""
    return [key for key, most in BUDGETS.items() if figures[key] > most]


def report(url: str) -> int:
    """Measure every page and print a table; returns 1 when a budget is exceeded."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    missed, packed = [], False
    say("page".ljust(14) + "".join(name.rjust(10) for name in BUDGETS))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        measure(browser, f"{url}/nl")  # warm up: the first page includes the start of the browser
        for name, address in pages(url).items():
            figures, here = measure(browser, address)
            packed = packed or here
            over = too_much(figures)
            missed += [f"{name}: {key} {figures[key]:.3g}, at most {BUDGETS[key]:g}" for key in over]
            say(name.ljust(14) + "".join((f"{figures[key]:.3g}" + "!" * (key in over)).rjust(10) for key in BUDGETS))
        browser.close()
    say("budget".ljust(14) + "".join(f"{most:g}".rjust(10) for most in BUDGETS.values()))
    if packed:
        say("(The service sent texts uncompressed: their size was measured with gzip here, LCP as they came.)")
    say("\n".join(missed) or "every budget is kept")
    return 1 if missed else 0


def say(text: str) -> None:
    """Print a line."""
    print(text, flush=True)  # noqa: T201 - a command speaks to its operator


def main() -> int:
    """Measure the service at --url, or one that is started for it."""
    parser = argparse.ArgumentParser(prog="scripts/budget")
    parser.add_argument("--url", help="a service that runs already, with petitions in it")
    given = parser.parse_args()
    if given.url:
        return report(given.url.rstrip("/"))
    with running() as url:
        return report(url)


if __name__ == "__main__":
    sys.exit(main())
