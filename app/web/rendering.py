"""How a page is drawn: its templates, its language, who reads it, what to say about errors."""

import gzip
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime
from babel.lists import format_list
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.api.calls import Call
from app.errors import Refusal
from app.web.done import DONE
from app.web.fields import Fields
from app.web.languages import LANGUAGES, TRIAL_LANGUAGES, Language, chosen, offered, texts_of
from app.web.mending import label, mended
from app.web.static import static_address
from app.web.words import WORDS

TEMPLATES = Path(__file__).parent / "templates"
PACKED_FROM = 1000
"""Bytes under which packing a page is not worth it."""


@cache
def templates(code: str) -> Environment:
    """The templates in a language.

    `_("…")` is for texts of the templates alone: it takes what it is given for markup and fills in values. A text that
    comes as a value is translated by the filter `told`, `filled` (with values) or `counted`, and escaped like any other.
    """
    language = {**LANGUAGES, **TRIAL_LANGUAGES}[code]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    texts = texts_of(code)
    environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    environment.filters |= {
        "day": lambda value: _day(value, language.locale),
        "moment": lambda value: _moment(value, language.locale),
        "listed": lambda values: format_list(list(values), locale=language.locale),
        "told": texts.gettext,
        "filled": lambda text, **values: Markup.escape(texts.gettext(text)) % values,
        "counted": lambda text, plural, number: Markup.escape(texts.ngettext(text, plural, number)) % {"num": number},
        "word": lambda value: texts.gettext(WORDS.get(value, value)),
    }
    environment.globals |= {"static": static_address, "language": language, "field_label": label}
    return environment


def _day(value: date | datetime, locale: str) -> Markup:
    shown = format_date(value, "d MMMM y", locale=locale)
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat()[:10], shown)


def _moment(value: datetime, locale: str) -> Markup:
    shown = format_datetime(value, "d MMMM y, HH:mm", locale=locale)
    return Markup('<time datetime="{}">{} UTC</time>').format(value.isoformat(timespec="seconds"), shown)


def draw(
    call: Call,
    template: str,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    block: str | None = None,
    **context: Any,
) -> HTMLResponse:
    """A page, or one block of it. `refusal` tells what was wrong with the form that was sent.

    In every template stand: `person` (None for readers who are not signed in), `language`, `languages`, `path`, `done`
    (what was just carried out), `refusal` and `errors` (message by name of field), `typed` (what was typed: `Fields`).
    """
    context.setdefault("typed", Fields())
    context |= {"person": call.reader(), "demo": call.service.settings.demo}
    return draw_for(call.request, template, status=status, refusal=refusal, block=block, **context)


def draw_for(
    request: Request,
    template: str,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    block: str | None = None,
    **context: Any,
) -> HTMLResponse:
    """A page for someone of whom nothing is known but the request."""
    trial = request.app.state.service.settings.trial_languages
    language = chosen(request, trial=trial)
    environment = templates(language.code)
    told = {
        "person": None,
        "demo": False,
        "typed": Fields(),
        "languages": list(offered(trial=trial).values()),
        "path": request.url.path,
        "done": DONE.get(request.query_params.get("done", "")),
        "refusal": refusal,
        "errors": errors_by_field(refusal),
        **context,
    }
    found = environment.get_template(template)
    text = "".join(found.blocks[block](found.new_context(told))) if block else found.render(told)
    return _packed(request, text.encode(), refusal.status if refusal else status, language)


def _packed(request: Request, content: bytes, status: int, language: Language) -> HTMLResponse:
    headers = {"Vary": "Accept-Encoding, Cookie, Accept-Language", "Content-Language": language.code}
    if len(content) >= PACKED_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        content = gzip.compress(content, 5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return HTMLResponse(content, status, headers)


class Errors(dict[str, str]):
    """The message for each field of a form; an empty one for fields that are right. Templates ask by `errors["name"]`."""

    def __missing__(self, name: str) -> str:
        return ""


def errors_by_field(refusal: Refusal | None) -> Errors:
    """The messages of a refusal; a path of several steps is joined with dots, `body` in front is left out."""
    told = Errors()
    for error in (refusal.more.get("errors") or ()) if refusal else ():
        steps = [str(step) for step in error["path"]]
        name = ".".join(steps[1:] if steps[:1] == ["body"] else steps)
        told.setdefault(name, mended(name, error["message"]))
    return told


def see_other(path: str, done: str | None = None, **query: str) -> RedirectResponse:
    """Go on to another page after a form was carried out. `done` is a key of DONE: what the page says was done."""
    if done is not None and done not in DONE:
        raise KeyError(done)
    asked = urlencode(query | ({"done": done} if done else {}))
    place, _, anchor = path.partition("#")
    return RedirectResponse(place + (f"?{asked}" if asked else "") + (f"#{anchor}" if anchor else ""), 303)
