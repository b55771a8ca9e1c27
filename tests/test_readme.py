"""README's commands do what README says: each is run to the letter in a fresh copy."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
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
    with (tmp_path / "errors").open("w") as errors:
        started = subprocess.Popen(
            ["bash", "-c", f"exec 2>&1; {command('main job')}"], cwd=copy, stdout=subprocess.PIPE, stderr=errors,
            text=True, start_new_session=True,
        )  # fmt: skip
        try:
            told = until_ready(started)
            if "No matching distribution" in told and not os.environ.get("CI"):
                pytest.skip("no package index can be reached from here")
            address = re.search(r"runs on (http://localhost:\d+)", told)
            assert address, told
            page = httpx.get(address[1])
            assert "Kyrgyzstan 2018" in page.text
            passwords = re.findall(r"(\S+@\S+) +(\S+)$", told, re.MULTILINE)
            answers = [
                httpx.post(f"{address[1]}/api/v1/sign-in", json={"email": email, "password": password}).status_code
                for email, password in passwords
            ]
            assert len(answers) >= 6
            assert set(answers) == {200}
        finally:
            os.killpg(started.pid, signal.SIGINT)
            started.wait(20)
            if started.stdout:
                started.stdout.close()


def until_ready(started: subprocess.Popen[str]) -> str:
    """What the demonstration prints until it has said how to use it, or ends."""
    told = ""
    for line in started.stdout or ():
        told += line
        if line.startswith("curl") and "answers" in line:
            break
    return told


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
        words = [group, name] if group in ("response", "instrument", "admin", "db") and name else [group]
        done = subprocess.run([Path(sys.executable).parent / "mgi", *words, "--help"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_every_file_that_is_linked_exists() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_no_folder_is_forgotten() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))}
    for folder in folders - {"snapshot", "dist", "build"}:
        assert f"`{folder}/`" in README, folder
