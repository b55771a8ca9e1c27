"""README's commands do what README says: each is run to the letter in a fresh copy."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def command(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```\n(.+)\n```", README)
    assert found, name
    return found[1]


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="one Python is enough to follow README to the letter")
def test_the_main_job_runs_to_the_letter(tmp_path: Path) -> None:
    copy = tmp_path / "fresh"
    ignored = shutil.ignore_patterns(".venv*", ".git", "__pycache__", ".*_cache", ".hypothesis", "snapshot")
    shutil.copytree(ROOT, copy, ignore=ignored)
    done = subprocess.run(["bash", "-c", command("main job")], cwd=copy, capture_output=True, text=True)
    unreachable = "Temporary failure in name resolution" in done.stderr or "No matching distribution" in done.stderr
    if unreachable and not os.environ.get("CI"):
        pytest.skip("no package index can be reached from here")
    assert done.returncode == 0, done.stderr
    assert len(list((copy / "snapshot").iterdir())) == 5


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    assert command("tests").startswith("python3 -m venv .venv && ")
    reading = re.search(r"command=\$\((sed .+ README\.md)\)", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert reading
    read = subprocess.run(["bash", "-c", reading[1]], cwd=ROOT, capture_output=True, text=True)
    assert read.stdout.strip() == command("tests")


def test_every_command_named_exists() -> None:
    named = set(re.findall(r"`mgi (\w+)(?: (\w+))?", README))
    assert named
    for group, name in named:
        words = [group, name] if group in ("response", "instrument") and name else [group]
        done = subprocess.run([Path(sys.executable).parent / "mgi", *words, "--help"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_every_file_that_is_linked_exists() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_no_folder_is_forgotten() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))}
    for folder in folders - {"snapshot", "dist", "build"}:
        assert f"`{folder}/`" in README, folder
