"""The stylesheets and the script of the pages: small, fetching nothing, fit for both directions, and built from their sources."""

import gzip
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

APP = Path(__file__).parents[3] / "app"
BUILT = APP / "static"
SHEETS = ("mgi.css", "mgi-rtl.css")
TEMPLATES = sorted((APP / "web" / "templates").rglob("*.html"))
STYLES = sorted((APP / "frontend" / "styles").glob("*.scss"))
PHYSICAL = re.compile(
    r"(margin|padding|border|inset)-(left|right|top|bottom)\b"
    r"|(?<![-\w(])(left|right|top|bottom|width|height|min-width|max-width|min-height|max-height|float)\s*:"
    r"|text-align:\s*(left|right)"
)


def zipped_size(name: str) -> int:
    return len(gzip.compress((BUILT / name).read_bytes(), 9))


@pytest.mark.parametrize("name", SHEETS)
def test_a_stylesheet_is_small_enough_for_a_slow_line(name: str) -> None:
    assert zipped_size(name) <= 13_500


def test_the_script_is_small_enough_for_a_slow_line() -> None:
    assert zipped_size("mgi.js") <= 5_000


@pytest.mark.parametrize("name", SHEETS)
def test_a_stylesheet_fetches_nothing(name: str) -> None:
    assert re.findall(r"url\(|@import|@font-face|GDS Transport", (BUILT / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_our_own_rules_hold_in_both_directions(path: Path) -> None:
    found = [line for line in path.read_text(encoding="utf-8").splitlines() if PHYSICAL.search(line)]
    assert found == []


def test_no_text_is_kept_from_wrapping() -> None:
    rules = "".join(path.read_text(encoding="utf-8") for path in STYLES)
    assert "nowrap" not in rules
    assert "overflow-wrap: anywhere" in rules


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_our_own_classes_in_a_template_have_their_style(path: Path) -> None:
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", path.read_text(encoding="utf-8"))
    used = {name for names in re.findall(r'class="([^"]*)"', text) for name in re.findall(r"mgi-[a-z_-]*[a-z]", names)}
    assert used <= set(re.findall(r"\.(mgi-[a-z_-]*[a-z])", (BUILT / "mgi.css").read_text(encoding="utf-8")))


def test_the_licences_of_what_is_built_in_stand_beside_it() -> None:
    licences = (BUILT / "licences.txt").read_text(encoding="utf-8")
    assert "Crown Copyright" in licences
    assert all("licences.txt" in (BUILT / name).read_text(encoding="utf-8") for name in SHEETS)


def test_the_built_files_are_those_of_the_sources(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop("npm is not installed, so the stylesheets and the script cannot be built again")
    folder = shutil.copytree(APP / "frontend", tmp_path / "frontend", ignore=shutil.ignore_patterns("node_modules"))
    (tmp_path / "static").mkdir()
    for command in (["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"], ["npm", "run", "build"]):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
    for name in (*SHEETS, "mgi.js"):
        assert (tmp_path / "static" / name).read_bytes() == (BUILT / name).read_bytes(), f"npm run build changes {name}"
