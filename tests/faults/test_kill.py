"""Nothing acknowledged is lost when the server is killed; and the harness sees it when something is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import KINDS

ROOT = Path(__file__).parents[2]
CYCLES = os.environ.get("MGI_KILLS", "8")
"""How often the server is killed; a release wants 1,000."""


def kills(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults.kill", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)


@pytest.mark.parametrize("kind", KINDS)
def test_no_acknowledged_answer_is_lost_when_the_server_is_killed(kind: str) -> None:
    done = kills("--database", kind, "--cycles", CYCLES)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{CYCLES} kills" in done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_a_commit_after_the_response_would_be_noticed(kind: str) -> None:
    done = kills("--database", kind, "--cycles", "8", "--seeded")
    assert done.returncode == 0, done.stdout + done.stderr
