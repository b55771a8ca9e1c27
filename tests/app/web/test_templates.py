"""What holds for all templates: texts come through translation, values never pass for markup."""

import re
from pathlib import Path

import pytest

from app.web.rendering import TEMPLATES, templates

FILES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
VALUE_AS_TEXT = re.compile(r"(?<![\w.])(?:_|gettext)\((?!\s*[\"'])|ngettext\((?!\s*[\"'])")
"""A value where a text of the template should stand: it would be taken for markup."""
MARKS = re.compile(r"\|\s*safe\b|\bstyle=|<script(?![^>]*src=)|\son\w+=|\{%\s*autoescape")


def text_of(name: str) -> str:
    return (Path(TEMPLATES) / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_no_value_passes_for_markup(name: str) -> None:
    assert VALUE_AS_TEXT.findall(text_of(name)) == []
    assert MARKS.findall(text_of(name)) == []


def test_a_hostile_message_is_told_as_it_is() -> None:
    template = templates("en").from_string("{{ message|told }}")
    assert template.render(message="<b>100% %(x)s</b>") == "&lt;b&gt;100% %(x)s&lt;/b&gt;"


def test_such_a_value_would_be_noticed() -> None:
    assert VALUE_AS_TEXT.search("{{ _(message) }}")
    assert not VALUE_AS_TEXT.search(
        '{{ _("By %(name)s", name=one.name) }} {{ ngettext("%(num)s day", "%(num)s days", n) }}'
    )
