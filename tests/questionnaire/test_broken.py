"""Each rule that the linter can report has a broken instrument in `broken/`, made by one small change to `base/`.

A file is named after its rule (and a variant, as `double-id.option.yaml`). `<- here` marks the line that must be named.
"""

import ast
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent

import pytest
from babel.messages.pofile import read_po, write_po
from pydantic import BaseModel, ConfigDict, Field

import questionnaire
from questionnaire import loader
from questionnaire.loader import lint_instrument, load_instrument, read_content, read_yaml
from questionnaire.problems import ContentError, Problem
from questionnaire.translation import template

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.yaml"))
PACKAGE = Path(questionnaire.__file__).parent
REPORTING = [
    "strict_yaml",
    "loader",
    "validation",
    "translation",
    *(f"linter/{p.stem}" for p in PACKAGE.glob("linter/*.py")),
]
RULE_POSITION = {"Problem": 1, "problem": 1, "_refuse": 1, "_error": 2}
MARK = "<- here"
CRASHING = {
    "unknown-placeholder",
    "untold-type",
    "open-outside-part",
    "missing-phrase",
    "dead-part",
    "dead-requirement",
}
"""Rules without which a sentence could not be filled in."""


class Change(BaseModel):
    """In a file of the base, write these lines instead of those; in the whole file if no `instead of` is given.

    How far the lines are indented there does not matter.
    """

    model_config = ConfigDict(extra="forbid")

    file: str = Field(alias="in")
    old: str | None = Field(None, alias="instead of")
    new: str = Field("", alias="write")
    times: int = 1
    encoding: str = "utf-8"
    remove: bool = False

    def make(self, folder: Path) -> None:
        path = folder / self.file
        path.parent.mkdir(exist_ok=True)
        text = self.new * self.times if self.old is None else replaced(path.read_text("utf-8"), self.old, self.new)
        path.write_text(text, self.encoding)
        if self.remove:
            path.unlink()


def replaced(text: str, old: str, new: str) -> str:
    """The text with these whole lines instead of those, at the indentation of those."""
    lines, wanted = text.splitlines(), old.splitlines()
    found = [
        start
        for start in range(len(lines))
        if dedent("\n".join(lines[start : start + len(wanted)])).splitlines() == wanted
    ]
    assert len(found) == 1, f"these lines should stand there once: {old}"
    margin = lines[found[0]].removesuffix(lines[found[0]].lstrip())
    lines[found[0] : found[0] + len(wanted)] = indent(new, margin).splitlines()
    return "\n".join(lines) + "\n"


class Broken(Change):
    """The change, and what must be reported: `at` and `line` say where if no mark can be set (0 is the whole file)."""

    about: str
    translated_to: str | None = Field(None, alias="translated to")
    also: tuple[Change, ...] = ()
    says: str
    example: str | None = Field(None, alias="for example")
    at: str | None = None
    line: int = 0

    def place(self, folder: Path) -> tuple[str, int]:
        if self.at:
            return self.at, self.line
        marked = [
            (str(path.relative_to(folder)), number)
            for path in folder.rglob("*.yaml")
            for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
            if MARK in line
        ]
        assert len(marked) == 1
        return marked[0]


def translate(folder: Path, language: str) -> None:
    """Write a translation of all texts, each by itself."""
    catalogue = read_po(io.BytesIO(template(read_content(folder).instrument)))
    for message in catalogue:
        message.string = message.id or message.string
    (folder / "locale").mkdir()
    with (folder / "locale" / f"{language}.po").open("wb") as file:
        write_po(file, catalogue, width=0)


def break_base(path: Path, folder: Path) -> Broken:
    """The description of a broken instrument; `folder` then holds it."""
    broken = Broken.model_validate(read_yaml(path).data)
    shutil.copytree(HERE / "base", folder)
    if broken.translated_to:
        translate(folder, broken.translated_to)
    for change in (broken, *broken.also):
        change.make(folder)
    return broken


def file_within(problem: Problem, folder: Path) -> str:
    return problem.place.file.removeprefix(f"{folder}/")


def rules_in_code() -> set[str]:
    """Names of rules: words in calls that make a problem, and words that stand before a message in a tuple."""
    found: set[str] = set()
    for name in REPORTING:
        for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text())):
            found.update(word for word in rule_words(node) if re.fullmatch(r"[a-z]+(-[a-z]+)*", word))
    return found


def rule_words(node: ast.AST) -> Iterator[str]:
    parts: list[ast.expr] = []
    if isinstance(node, ast.Call):
        position = RULE_POSITION.get(getattr(node.func, "attr", getattr(node.func, "id", "")), len(node.args))
        parts = node.args[position : position + 1]
    elif isinstance(node, ast.Tuple) and any(map(is_message, node.elts[1:])):
        parts = node.elts[:1]
    for part in parts:
        for option in (part.body, part.orelse) if isinstance(part, ast.IfExp) else (part,):
            yield from [option.value] if isinstance(option, ast.Constant) and isinstance(option.value, str) else []


def is_message(node: ast.AST) -> bool:
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(node, ast.JoinedStr) or (isinstance(text, str) and text.count(" ") > 2)


def test_every_rule_in_the_code_has_a_broken_instrument_and_no_other() -> None:
    assert rules_in_code() == {path.name.partition(".")[0] for path in BROKEN}


def test_the_base_has_no_problem() -> None:
    assert lint_instrument(str(HERE / "base")).problems == ()


@pytest.fixture
def french_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The base with a full translation, and content with the countries in the source language alone."""
    shutil.copytree(loader.CONTENT / "countries", tmp_path / "countries")
    monkeypatch.setattr(loader, "CONTENT", tmp_path)
    shutil.copytree(HERE / "base", tmp_path / "base")
    translate(tmp_path / "base", "fr")
    return tmp_path / "base"


def test_a_full_translation_of_the_base_has_no_problem(french_base: Path) -> None:
    shutil.copy(french_base.parent / "countries" / "en.yaml", french_base.parent / "countries" / "fr.yaml")
    assert lint_instrument(str(french_base)).problems == ()


def test_a_full_translation_without_its_countries_has_that_one_problem(french_base: Path) -> None:
    assert [str(problem) for problem in lint_instrument(str(french_base)).problems] == [
        f"{french_base.parent}/countries/fr.yaml: there is no such file [file]"
    ]


@pytest.mark.parametrize(
    "path", [path for path in BROKEN if path.name.partition(".")[0] in CRASHING], ids=lambda path: path.name
)
def test_an_instrument_that_could_not_be_printed_is_not_loaded(path: Path, tmp_path: Path) -> None:
    break_base(path, tmp_path / "broken")
    with pytest.raises(ContentError, match=rf"\[{path.name.partition('.')[0]}\]"):
        load_instrument(str(tmp_path / "broken"))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name.removesuffix(".yaml"))
def test_a_broken_instrument_is_reported_by_its_rule_at_its_line_with_the_reason(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    broken = break_base(path, folder)
    problems = lint_instrument(str(folder)).problems
    assert {problem.rule for problem in problems} == {path.name.partition(".")[0]}
    there = [p for p in problems if (file_within(p, folder), p.place.line) == broken.place(folder)]
    messages = [problem.message for problem in there]
    assert any(broken.says in message for message in messages), (messages, problems)
    assert any(f"for example by: {broken.example}" in message for message in messages) or not broken.example
