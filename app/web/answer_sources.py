"""New sources that are typed in the form of an answer: saved with it, in the same piece of work."""

from collections.abc import Mapping
from typing import Any

from app.assessments.instruments import instrument_of
from app.assessments.source_saving import save_source
from app.assessments.sources import list_sources
from app.errors import Invalid
from app.web.fields import Fields
from app.web.source_names import new_source_id
from app.work import Work
from questionnaire.model import Indicator, SourceQuestion
from questionnaire.reading import read_source
from questionnaire.response import Source

PARTS = ("title", "url", "date")
"""Parts that are typed; a source of which only kind and openness were chosen was not begun."""
FURTHER = "further"
PUBLIC: Mapping[str, bool] = {"yes": True, "no": False}


def begun_sources(indicator: Indicator, fields: Fields) -> list[str]:
    """Where in the form a new source was begun: the ids of questions, and `further` for one that is no answer to a question."""
    asked = [question.id for question in indicator.questions if isinstance(question, SourceQuestion)]
    return [place for place in (*asked, FURTHER) if any(fields.one(f"new.{place}.{part}") for part in PARTS)]


def save_new_sources(work: Work, indicator: Indicator, fields: Fields) -> Fields:
    """Save the sources that were begun, and the form with each of them chosen at its place.

    `Invalid` names the fields at fault, as `new.law.title`. A source that stands in the list already is chosen, not added.
    """
    begun = begun_sources(indicator, fields)
    if not begun:
        return fields
    work.demand("save_source")
    errors: list[Mapping[str, Any]] = []
    chosen = {}
    for place in begun:
        try:
            chosen[place] = _saved(work, _source_data(fields, place))
        except Invalid as refusal:
            errors += [{**error, "path": ["new", place, *error["path"]]} for error in refusal.more.get("errors", ())]
    if errors:
        raise Invalid("Please mend what is named here; nothing was saved.", errors=errors)
    return _with_chosen(indicator, fields, chosen)


def typed_sources(work: Work, indicator: Indicator, fields: Fields) -> dict[str, Source]:
    """The sources that were begun and are sound but not saved, by the ids that they would have; to be told, not kept."""
    found = {}
    for place in begun_sources(indicator, fields):
        source, wrong = read_source(instrument_of(work), _source_data(fields, place))
        if source is not None and not wrong:
            found[new_source_id(work, source.title)] = source
    return found


def _source_data(fields: Fields, place: str) -> dict[str, Any]:
    given = {part: fields.one(f"new.{place}.{part}") for part in (*PARTS, "kind")}
    data: dict[str, Any] = {part: text for part, text in given.items() if text or part in ("title", "kind")}
    public = PUBLIC.get(fields.one(f"new.{place}.public"))
    return data if public is None else data | {"public": public}


def _saved(work: Work, data: dict[str, Any]) -> str:
    """The id of the source, which is new unless one of the same title and kind stands in the list."""
    if not data["kind"]:
        raise Invalid(errors=[{"path": ["kind"], "message": "please choose what kind of source this is"}])
    title = " ".join(data["title"].split()).casefold()
    for saved in list_sources(work):
        if saved.source.title.casefold() == title and saved.source.kind == data["kind"]:
            return saved.id
    return save_source(work, new_source_id(work, data["title"]), data, 0).id


def _with_chosen(indicator: Indicator, fields: Fields, chosen: Mapping[str, str]) -> Fields:
    """The form with the new sources chosen, and their own fields taken out."""
    given: dict[str, list[str]] = {}
    for name, text in fields.pairs():
        if not any(name.startswith(f"new.{place}.") for place in chosen):
            given.setdefault(name, []).append(text)
    for place, source in chosen.items():
        question = indicator.question(place)
        name = f"values.{place}" if question else "sources"
        several = question is None or question.type == "sources"
        given[name] = [*(given.get(name, []) if several else []), source]
    return Fields(given=given)
