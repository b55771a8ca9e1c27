"""`python -m tests.benchmarks.crowded`: what people wait for, with 10 and with 10,000 assessments in the database.

The figures must not grow with other countries' data.
"""

import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from questionnaire.loader import EXAMPLES, load_instrument, read_yaml
from questionnaire.reading import read_response
from tests.benchmarks.load import Caller, Load, run_load
from tests.benchmarks.saving import Place, measure_mgi, serve_mgi, server
from tests.databases import KINDS, fresh_database

CROWDS = (10, 10_000)
ALLOWED = 1.3
"""How much slower a thing may be with the larger crowd; runs differ by about as much on a shared machine."""
PAGES = {
    "a domain form": "forms/1",
    "all answers": "answers",
    "progress": "progress",
    "draft, HTML": "draft.html",
    "draft, PDF": "draft.pdf",
}


def measure(kind: str, crowd: int, folder: Path) -> dict[str, Load]:
    """Each thing with one client, and saves with eight."""
    reading = read_response(read_yaml(EXAMPLES / "kyrgyzstan-2018.yaml"), load_instrument())
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(kind, folder, folder))
        port, places = stack.enter_context(server(partial(serve_mgi, crowd=crowd, response=reading.response), url))
        found = {name: run_load(port, [_reader(Place(*places[0]), page)], 2.0) for name, page in PAGES.items()}
        return found | {"a save, 8 clients": measure_mgi(port, places[1:], 8, first=0)}


def _reader(place: Place, page: str) -> Caller:
    path = f"/api/v1/assessments/{place.assessment}/{page}"
    headers = {"Cookie": place.cookie, "Sec-Fetch-Site": "same-origin"}
    return Caller(lambda: ("GET", path, headers, None), lambda status, answer: None)


def main() -> None:
    """Print the table; leave with 1 if a figure grows with the crowd."""
    grown = False
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        for kind in KINDS:
            few, many = (measure(kind, crowd, Path(name)) for crowd in CROWDS)
            print(f"{kind:<22}{CROWDS[0]:>10,}{CROWDS[1]:>12,}{'ratio':>8}")
            for what, load in few.items():
                before, after = load.percentile(0.5), many[what].percentile(0.5)
                print(f"  {what:<20}{before * 1e3:>7.1f} ms{after * 1e3:>9.1f} ms{after / before:>8.2f}")
                grown |= after > before * ALLOWED
    sys.exit(1 if grown else 0)


if __name__ == "__main__":
    main()
