"""The rules of the house: sizes, imports, what is shipped, and what stands at the top level."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for folder in ("app", "questionnaire", "scoring") for path in (ROOT / folder).rglob("*.py"))
ALL = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]
TOP_LEVEL = {
    "app", "questionnaire", "scoring", "tests", "docs", "README.md", "LICENSE", "pyproject.toml", "requirements.txt",
    "requirements-dev.txt", "migrations", "Dockerfile", "docker-compose.yml",
}  # fmt: skip


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= (500 if "tests" in path.relative_to(ROOT).parts else 400)
    for function in functions(path):
        assert (function.end_lineno or 0) - function.lineno < 40, function.name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_opens_with_what_it_holds_and_takes_few_parameters(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    for function in functions(path):
        names = [arg.arg for arg in (*function.args.args, *function.args.kwonlyargs) if arg.arg not in ("self", "cls")]
        assert len(names) <= 6, function.name


@pytest.mark.parametrize("path", [*ROOT.glob("app/documents/*.html")], ids=lambda path: path.name)
def test_templates_stay_small(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= 150


def test_most_functions_are_short() -> None:
    sizes = [(f.end_lineno or 0) - f.lineno + 1 for path in SOURCES for f in functions(path)]
    assert sorted(sizes)[len(sizes) // 2] <= 10


def test_suppressions_are_few_and_each_has_its_reason() -> None:
    lines = [line for path in SOURCES for line in path.read_text(encoding="utf-8").splitlines()]
    found = [line for line in lines if re.search(r"# (noqa|type: ignore)", line)]
    assert len(found) <= max(1, len(lines) // 1000)


def test_the_import_contracts_hold() -> None:
    checked = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_only_the_loader_opens_files() -> None:
    for path in SOURCES:
        if path.relative_to(ROOT).parts[0] != "app" and path.name != "loader.py":
            names = [
                node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)
            ]
            assert "open" not in names, path


def test_only_what_belongs_there_stands_at_the_top_level() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("this is not a git checkout, so there is no list of tracked files")
    top = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_the_wheel_ships_content_templates_and_the_example() -> None:
    from importlib.resources import files

    for package, name in (
        ("questionnaire", "content/mgi-2018/domains/1-rights.yaml"),
        ("questionnaire", "content/countries/en.yaml"),
        ("questionnaire", "examples/kyrgyzstan-2018.yaml"),
        ("app", "documents/snapshot.typ"),
        ("app", "documents/snapshot.html"),
        ("app", "web/templates/start.html"),
    ):
        assert files(package).joinpath(name).is_file(), name


def test_pinned_requirements_have_hashes_and_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9][^\s=]*==", text, re.MULTILINE)
        assert len(pins) > 15
        assert "://" not in text
        assert text.count("==") <= len(pins) + text.count("python_full_version") + text.count("_")
        for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
            assert "--hash=sha256:" in block, block.splitlines()[0]
