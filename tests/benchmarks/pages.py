"""`python -m tests.benchmarks.pages`: how long readers wait for a page, and how long the server works on it.

The assessment is full. The line of the slow readers carries 50 kB/s and takes 600 ms there and back, as 2G does.
"""

import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from questionnaire.loader import EXAMPLES, load_instrument, read_yaml
from questionnaire.reading import read_response
from tests.benchmarks.load import Caller, run_load
from tests.benchmarks.saving import Place, serve_mgi, server
from tests.browser.conftest import find_chromium
from tests.browser.windows import ARGS
from tests.databases import KINDS, fresh_database

SECONDS = 2.0
AIM, PATIENCE = 0.050, 3.0
"""Seconds: of the server for a page, and of a reader on a slow line until the heading of the task list is there."""
SLOW_LINE = {"offline": False, "latency": 600, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
PAINTED = """() => new Promise((resolve) => {
  const tell = (found) => found.getEntriesByName("first-contentful-paint").forEach((one) => resolve(one.startTime));
  new PerformanceObserver(tell).observe({type: "paint", buffered: true});
})"""
"""Milliseconds until something is seen; a heading is not seen before its stylesheet is there."""
PAGES = {
    "my assessments": "",
    "task list": "/{}",
    "a domain": "/{}/domains/1",
    "an indicator": "/{}/indicators/health-access",
    "its history": "/{}/indicators/health-access/history",
    "find an indicator": "/{}/search",
    "sources": "/{}/sources",
    "check": "/{}/check",
    "draft": "/{}/draft",
    "status board": "/{}/board",
}


def server_times(port: int, place: Place) -> dict[str, float]:
    """Seconds of the server for each page, warm: the median."""
    return {
        name: run_load(port, [_reader(place, "/assessments" + rest.format(place.assessment))], SECONDS).percentile(0.5)
        for name, rest in PAGES.items()
    }


def _reader(place: Place, path: str) -> Caller:
    headers = {"Cookie": place.cookie, "Accept-Encoding": "gzip"}
    return Caller(lambda: ("GET", path, headers, None), lambda status, answer: None)


def waiting_times(port: int, place: Place) -> dict[str, float]:
    """Seconds of a reader on a slow line until the task list's heading is seen: at the first visit, and at a later one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGS)
        context = browser.new_context(base_url=f"http://127.0.0.1:{port}")
        name, _, secret = place.cookie.partition("=")
        context.add_cookies([{"name": name, "value": secret, "domain": "127.0.0.1", "path": "/"}])
        found = {visit: _heading_after(context, f"/assessments/{place.assessment}") for visit in ("first", "later")}
        browser.close()
    return {f"task list, 2G, {visit} visit": seconds for visit, seconds in found.items()}


def _heading_after(context: BrowserContext, path: str) -> float:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_LINE)
    page.goto(path, wait_until="commit")
    page.locator("h1").wait_for()
    seconds = float(page.evaluate(PAINTED)) / 1000
    page.close()
    return seconds


def main() -> None:
    """Print the table; leave with 1 if an aim is missed."""
    reading = read_response(read_yaml(EXAMPLES / "kyrgyzstan-2018.yaml"), load_instrument())
    missed = False
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        for kind in KINDS:
            with ExitStack() as stack:
                url = stack.enter_context(fresh_database(kind, Path(name), Path(name)))
                port, places = stack.enter_context(server(partial(serve_mgi, response=reading.response), url))
                place = Place(*places[0])
                told = [(what, seconds, AIM) for what, seconds in server_times(port, place).items()]
                told += [(what, seconds, PATIENCE) for what, seconds in waiting_times(port, place).items()]
            print(f"{kind:<32}{'time':>12}{'aim':>12}{'of the aim':>12}")
            for what, seconds, aim in told:
                print(f"  {what:<30}{seconds * 1e3:>9.1f} ms{aim * 1e3:>9.0f} ms{seconds / aim:>12.0%}")
            missed |= any(seconds > aim for _, seconds, aim in told)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
