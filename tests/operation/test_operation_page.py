"""docs/operation.md: its table of settings is made from the settings themselves, and what it names is there."""

import re
import subprocess
import sys
from pathlib import Path

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from app.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "operation.md"


def table() -> str:
    """The table as it should stand on the page."""
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        variable = "DATABASE_URL" if name == "database_url" else f"MGI_{name.upper()}"
        default = "**required**" if field.default is PydanticUndefined else f"`{field.default}`"
        if field.default in (None, "", False):
            default = ""
        secret = " *Secret.*" if SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ())) else ""
        rows.append(f"| `{variable}` | {default} | {field.description}{secret} |")
    return "\n".join(rows)


def test_every_setting_is_in_the_table() -> None:
    found = re.search(r"<!-- settings -->\n(.*?)\n?<!-- /settings -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    assert found[1] == table(), f"please put this between the two comments:\n{table()}"


def test_every_setting_says_what_it_is() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name


def test_every_command_it_names_is_there() -> None:
    named = set(re.findall(r"mgi ((?:admin |db )?[a-z][a-z-]+)(?=[ `\n])", PAGE.read_text(encoding="utf-8")))
    assert len(named) > 8
    for words in sorted(named):
        command = [sys.executable, "-m", "app.cli", *words.split(), "--help"]
        assert subprocess.run(command, capture_output=True).returncode == 0, words
