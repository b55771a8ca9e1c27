"""The stock JSON Forms client, run by Node: it draws a form and fills it in, and knows nothing of what the form is about."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CLIENT = Path(__file__).parent / "jsonforms"
NEEDED = ("node", "npm")

Client = Callable[..., dict[str, Any]]


@cache
def installed_client(shared: Path) -> Client:
    """Installs the client's packages once; gives the function that hands it a form and returns what it printed."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop(f"{' and '.join(missing)} is not installed, so no JSON Forms client can be run")
    folder = shutil.copytree(CLIENT, shared / "jsonforms-client")
    install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"]
    installed = subprocess.run(install, cwd=folder, capture_output=True, text=True)
    assert installed.returncode == 0, installed.stderr

    env = {**os.environ, "NODE_ENV": "production"}

    def run(form: Mapping[str, Any], which: str = "first", **more: Any) -> dict[str, Any]:
        given = json.dumps({**form, **more})
        fill = ["node", "fill_form.mjs", which]
        done = subprocess.run(fill, cwd=folder, input=given, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        printed: dict[str, Any] = json.loads(done.stdout)
        return printed

    return run
