"""`python -m tests.benchmarks`: the speed of the engine and of the documents, as a table of ratios in one run."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from app.documents import FORMATS, render
from questionnaire.compiled import CompiledInstrument
from questionnaire.loader import EXAMPLES, load_instrument, read_yaml
from questionnaire.reading import read_response
from questionnaire.response import Response
from scoring.assemble import build_snapshot
from scoring.evaluate import evaluate
from scoring.narrate import narrate
from tests.benchmarks.other_engines import Engine, data_of, json_logic_engine, zen_engine
from tests.made_responses import make_response


class Figure(NamedTuple):
    """A measured time in seconds, and the aim in seconds if there is one."""

    what: str
    seconds: float
    aim: float | None


def best(work: Callable[[], object], rounds: int, times: int = 1) -> float:
    """The shortest time of one piece of work over some rounds of `times` repetitions, in seconds."""
    work()
    shortest = float("inf")
    for _ in range(rounds):
        begin = perf_counter()
        for _ in range(times):
            work()
        shortest = min(shortest, (perf_counter() - begin) / times)
    return shortest


def engine_figures(instrument: CompiledInstrument, response: Response) -> list[Figure]:
    """Our engine on the example, and three engines on the same fully answered random responses."""
    made = [make_response(instrument, seed, filled=1, states=(1, 0, 0, 0)) for seed in range(100)]
    datas = [data_of(instrument, one) for one in made]
    others = {"zen-engine": zen_engine(instrument), "json-logic (panzi)": json_logic_engine(instrument)}
    for other in others.values():
        check_same(instrument, made, other)

    def ours() -> None:
        for one in made:
            evaluate(instrument, one)

    def theirs(engine: Engine) -> None:
        for data in datas:
            engine(data)

    return [
        Figure("evaluate the example", best(lambda: evaluate(instrument, response), 20, 100), 100e-6),
        Figure(
            "evaluate and narrate it", best(lambda: narrate(evaluate(instrument, response), "KG", "en"), 20, 50), 300e-6
        ),
        Figure("evaluate a random response, ours", best(ours, 5) / len(made), None),
        *(Figure(f"the same in {key}", best(partial(theirs, one), 3) / len(made), None) for key, one in others.items()),
    ]


def check_same(instrument: CompiledInstrument, made: list[Response], other: Engine) -> None:
    """Stop if another engine disagrees: then the comparison would say nothing."""
    for one in made:
        leaves = evaluate(instrument, one).leaves
        expected = {key: 0 if leaf.rule is None else leaf.rule + 1 for key, leaf in leaves.items()}
        found = other(data_of(instrument, one))
        if found != expected:
            wrong = sorted(key for key in expected if expected[key] != found[key])
            sys.exit(f"another engine comes to other outcomes, for example for {wrong[:3]}")


def many_figures(instrument: CompiledInstrument) -> list[Figure]:
    """10,000 responses one after the other: evaluated, and evaluated and narrated. The mean, not the best."""
    made = [make_response(instrument, seed) for seed in range(1000)]
    begin = perf_counter()
    for one in made * 10:
        evaluate(instrument, one)
    between = perf_counter()
    for one in made * 10:
        narrate(evaluate(instrument, one), "KG", "en")
    end = perf_counter()
    return [
        Figure("10,000 random responses, each", (between - begin) / 10_000, 1 / 3000),
        Figure("the same with their sentences", (end - between) / 10_000, None),
    ]


def document_figures(instrument: CompiledInstrument, response: Response) -> list[Figure]:
    """From a narrative to each format, warm."""
    told = narrate(evaluate(instrument, response), "KG", "en")
    document = build_snapshot(told)
    aims = {"pdf": 0.060, "docx": 0.060}
    made = [Figure("assemble the document", best(lambda: build_snapshot(told), 10, 5), None)]
    return made + [
        Figure(f"render {form}", best(partial(render, document, form), 15), aims.get(form, 0.020)) for form in FORMATS
    ]


def start_figures() -> list[Figure]:
    """What a person waits for: `mgi --help`, and the instrument."""
    program = str(Path(sys.executable).parent / "mgi")

    def load() -> None:
        load_instrument.cache_clear()
        load_instrument()

    def show_help() -> None:
        subprocess.run([program, "--help"], capture_output=True, check=True)

    hostile = {"nested deeply": b"[" * 900_000, "10 MB": b"x" * 10_000_000, "wide": b"a: [" + b"x," * 400_000 + b"]"}
    return [
        Figure("mgi --help", best(show_help, 5), 0.5),
        Figure("load and compile the instrument", best(load, 5), 0.3),
        *(
            Figure(f"check hostile YAML: {key}", best(partial(check_hostile, text), 2), 2)
            for key, text in hostile.items()
        ),
    ]


def check_hostile(text: bytes) -> None:
    """`mgi response check` on a file that is refused."""
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(text)
        file.flush()
        program = str(Path(sys.executable).parent / "mgi")
        done = subprocess.run([program, "response", "check", file.name], capture_output=True)
    if done.returncode != 1 or b"Traceback" in done.stderr:
        sys.exit("a hostile file was not refused with a clear error")


def main() -> None:
    """Print the table; leave with 1 if an aim is missed."""
    instrument = load_instrument()
    reading = read_response(read_yaml(EXAMPLES / "kyrgyzstan-2018.yaml"), instrument)
    if reading.response is None:
        sys.exit("the example response cannot be read")
    figures = engine_figures(instrument, reading.response)
    figures += [*many_figures(instrument), *document_figures(instrument, reading.response), *start_figures()]
    base = figures[0].seconds
    print(f"{'what':<36}{'time':>12}{'ratio':>10}{'aim':>12}{'of the aim':>12}")
    for what, seconds, aim in figures:
        share = f"{seconds / aim:>11.0%}" if aim else ""
        print(f"{what:<36}{show(seconds):>12}{seconds / base:>10.1f}{show(aim) if aim else '':>12}{share:>12}")
    ahead = all(figures[2].seconds < other.seconds for other in figures[3:5])
    print(f"ahead of both other engines: {'yes' if ahead else 'no'}")
    sys.exit(0 if ahead and all(f.aim is None or f.seconds <= f.aim for f in figures) else 1)


def show(seconds: float) -> str:
    """A time with its unit."""
    return f"{seconds * 1e6:.0f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms"


main()
