"""Whatever happens to the files of an instrument, the linter says what is wrong with them and never breaks down."""

import random
import re
import shutil
from pathlib import Path

import pytest

from questionnaire.loader import lint_instrument, load_instrument
from questionnaire.problems import ContentError

BASE = Path(__file__).parent / "base"
FILES = (
    "instrument.yaml",
    "conventions.yaml",
    "domains/1-rights.yaml",
    "domains/1-rights.yaml",
    "domains/1-rights.yaml",
)
ODD = [
    "",
    "{}",
    "[]",
    "[a]",
    "null",
    "true",
    "7",
    "-1",
    '""',
    "{which}",
    "[x {law}]",
    '"["',
    "some",
    "status",
    "\n",
    ": ",
]


def without_lines(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    start = chance.randrange(len(lines))
    return "".join(lines[:start] + lines[start + chance.randint(1, 3) :])


def with_a_line_twice(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines, chance.choice(lines)])


def with_an_odd_value(text: str, chance: random.Random) -> str:
    word = chance.choice(list(re.finditer(r'[\w-]+|"[^"]*"|\{[^{}]*\}|\[[^\[\]]*\]', text)))
    return text[: word.start()] + chance.choice(ODD) + text[word.end() :]


def cut_short(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text))]


DAMAGES = (without_lines, with_a_line_twice, with_an_odd_value, with_an_odd_value, with_an_odd_value, cut_short)


@pytest.mark.parametrize("seed", range(20))
def test_no_damage_makes_the_linter_raise(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    for number in range(20):
        folder = tmp_path / str(number)
        shutil.copytree(BASE, folder)
        for _ in range(chance.randint(1, 3)):
            path = folder / chance.choice(FILES)
            path.write_text(chance.choice(DAMAGES)(path.read_text() or "x", chance))
        for problem in lint_instrument(str(folder)).problems:
            assert problem.place.file.startswith(str(folder)), problem
            assert problem.message


@pytest.mark.parametrize("seed", range(5))
def test_what_cannot_be_loaded_has_a_problem(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    for number in range(20):
        folder = tmp_path / str(number)
        shutil.copytree(BASE, folder)
        path = folder / chance.choice(FILES)
        path.write_text(with_an_odd_value(path.read_text(), chance))
        try:
            load_instrument(str(folder))
        except ContentError:
            assert lint_instrument(str(folder)).problems
