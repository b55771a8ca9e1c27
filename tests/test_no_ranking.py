"""The MGI does not rank: no model, route, description or answer of the service speaks of a number that stands for a country."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import Column, Float, Integer, MetaData, Numeric, Table
from sqlmodel import SQLModel

import app.models  # noqa: F401  # names the tables
from app.web.rendering import TEMPLATES
from questionnaire.response import Response
from tests.ranking import keys_of, ranking_names, ranking_phrases
from tests.security.access_table import PAGES
from tests.security.page_samples import FORMS
from tests.steps import bring_to, made, path
from tests.traffic import application, document, operation_of, watch
from tests.visiting import DENIED
from tests.world import World

NUMBERS_IN_TABLES = {
    "assessment.round", "publication.round", "answer.version", "answer.base", "answer.carried_from", "source.version",
    "submission.number", "returned_indicator.submission", "returned_indicator.answer_version", "given_reason.event",
    "review.answer_version", "evidence.size", "draft.number", "draft.submission", "sentence_edit.version",
    "sentence_edit.answer_version", "publication.number", "outbox_letter.tries", "account.totp_step", "event.seq",
    "contribution.version",
}  # fmt: skip
"""Every number that is stored: years of rounds, versions, numbers in a sequence, bytes, tries."""

NUMBERS_IN_ANSWERS = {
    "round", "from_round", "since", "submission", "carried_from", "version", "versions",
    "answer_version", "number", "seq", "status", "size", "days", "path",
    "date", "answered", "asked",
}  # fmt: skip
"""Every number that the API tells or takes; `answered` of `asked` is progress, inside one assessment."""

SEEDED_NAMES = [
    "score", "total_score", "rank", "ranking_position", "points", "grade", "index_value", "percentile", "average_outcome",
    "findings_total", "areas_count", "wellDevelopedCount", "league_table", "best_domain", "worst_domain", "domain_weight",
    "star_rating",
]  # fmt: skip
SEEDED_PHRASES = [
    "The score of a country.", "Countries by rank.", "A ranking of all countries.", "The index value of 2026.",
    "In the 90th percentile.", "The average of all domains' scores.", "The number of findings.", "The total of areas.",
    "Findings per area.", "A league of countries.", "The best-performing domain.", "Compares two countries.", "7 points of 10",
]  # fmt: skip


def numeric_columns(metadata: MetaData) -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Integer | Float | Numeric)
    }


def names_in_tables(metadata: MetaData) -> Iterator[str]:
    for table in metadata.tables.values():
        yield from (table.name, *table.columns.keys())


def texts_in(part: Any) -> Iterator[str]:
    """What a document says in words."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("description", "summary", "title") and isinstance(value, str):
                yield value
            else:
                yield from texts_in(value)
    elif isinstance(part, list):
        for item in part:
            yield from texts_in(item)


def numbers_in(part: Any, name: str = "") -> Iterator[str]:
    """The names of all properties and parameters that hold a number, also within lists and maps."""
    if isinstance(part, list):
        for item in part:
            yield from numbers_in(item, name)
    elif isinstance(part, dict):
        if part.get("type") in ("integer", "number"):
            yield name
        for inner, value in _named(part, name):
            yield from numbers_in(value, inner)


def _named(part: dict[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    """What stands below, each under the name of the property or parameter that it belongs to."""
    for key, value in part.items():
        if key == "properties":
            yield from value.items()
        elif key == "parameters":
            yield from ((one["name"], one["schema"]) for one in value)
        elif key not in ("example", "examples", "headers"):
            yield name, value


def test_no_table_holds_anything_of_a_ranking() -> None:
    assert ranking_names(names_in_tables(SQLModel.metadata)) == []
    assert len(SQLModel.metadata.tables) > 20


def test_every_number_that_is_stored_is_known() -> None:
    assert numeric_columns(SQLModel.metadata) - NUMBERS_IN_TABLES == set()


def test_the_api_names_nothing_of_a_ranking() -> None:
    names = {*keys_of(document()), *document()["paths"]}
    names |= {
        one["name"]
        for item in document()["paths"].values()
        for told in item.values()
        for one in told.get("parameters", [])
    }
    assert ranking_names(names) == []
    assert len(names) > 300


def test_the_api_says_nothing_of_a_ranking() -> None:
    texts = list(texts_in(document()))
    assert [text for text in texts if ranking_phrases(text)] == []
    assert len(texts) > 300


def test_every_number_that_the_api_tells_is_known() -> None:
    parts = {"paths": document()["paths"], "schemas": document()["components"]["schemas"]}
    assert set(numbers_in(parts)) - NUMBERS_IN_ANSWERS - {"limit", "domain"} == set()


def test_no_page_and_none_of_its_fields_is_named_for_a_ranking() -> None:
    named = {name for method, path in PAGES for name in re.findall(r"[a-z_]+", path)} - {"page"}
    assert ranking_names({*named, *(name for form in FORMS.values() for name in form if isinstance(name, str))}) == []
    assert len(named) > 80


def test_no_page_sets_two_countries_or_assessments_side_by_side() -> None:
    one_of = re.compile(r"country|code|assessment|against|versus|compare", re.IGNORECASE)
    for context in iter_route_contexts(application().routes):
        dependant = getattr(context, "dependant", None)
        if dependant and not (context.path or "").startswith("/api/"):
            named = [one.alias for one in (*dependant.path_params, *dependant.query_params) if one_of.search(one.alias)]
            assert len(named) <= 1, (context.path, named)


def test_the_templates_say_nothing_of_a_ranking() -> None:
    sources = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")}
    assert [name for name, text in sources.items() if ranking_phrases(DENIED.sub("", text))] == []
    assert len(sources) > 120


def test_progress_is_told_inside_an_assessment_alone() -> None:
    progress = re.compile(r"(Progress|Form)\w*Out")
    for place, item in document()["paths"].items():
        for told in item.values():
            if progress.search(str(told["responses"].get("200"))):
                assert place.startswith("/api/v1/assessments/{assessment_id}/"), place


def test_no_request_sets_two_countries_or_assessments_side_by_side() -> None:
    one_of = re.compile(r"country|countries|code|assessment|other|against|with|versus|compare", re.IGNORECASE)
    for place, item in document()["paths"].items():
        for told in item.values():
            named = [one["name"] for one in told.get("parameters", []) if one_of.search(one["name"])]
            assert len(named) <= 1, (place, named)


def test_lists_across_countries_hold_state_and_dates_alone() -> None:
    schemas = document()["components"]["schemas"]
    assert set(schemas["SummaryOut"]["properties"]) == {"id", "country", "round", "state", "opened_at", "changed_at"}
    assert set(schemas["ListedOut"]["properties"]) == {"country", "country_name", "round", "published_at"}
    assert set(schemas["CountryOut"]["properties"]) == {"code", "name"}


@pytest.mark.parametrize("name", SEEDED_NAMES)
def test_a_name_that_ranks_is_noticed(name: str) -> None:
    assert ranking_names([name]) == [name]
    assert ranking_names(names_in_tables(_seeded(name))) == [name]
    assert numeric_columns(_seeded(name)) == {f"snapshot.{name}"}
    assert ranking_names(keys_of({"items": [{name: 1}]})) == [name]
    schema = {"properties": {name: {"anyOf": [{"type": "number"}, {"type": "null"}]}}}
    assert set(numbers_in({"schemas": {"SnapshotOut": schema}})) == {name}


def _seeded(name: str) -> MetaData:
    metadata = MetaData()
    Table("snapshot", metadata, Column(name, Integer))
    return metadata


@pytest.mark.parametrize("phrase", SEEDED_PHRASES)
def test_a_phrase_that_ranks_is_noticed(phrase: str) -> None:
    assert ranking_phrases(phrase)
    assert list(texts_in({"paths": {"/a": {"get": {"description": phrase}}}})) == [phrase]


def test_an_answer_of_the_service_that_ranks_is_noticed(sqlite_world: World) -> None:
    request = sqlite_world.as_("administrator").build_request("GET", "/countries")
    assert operation_of("GET", request.url.path) is not None
    sound, ranked = ([{"code": "KG", "name": "Kyrgyzstan", **more}] for more in ({}, {"score": 7}))
    watch(httpx.Response(200, json=sound, request=request))
    with pytest.raises(AssertionError, match="score"):
        watch(httpx.Response(200, json=ranked, request=request))


def test_what_is_published_holds_no_number_of_findings(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    for place in ("/snapshots", "/snapshots/KG/2026", "/snapshots/KG/2026.json"):
        assert ranking_names(keys_of(made(sqlite_world.as_("anonymous").get(place)).json())) == []
    page = made(sqlite_world.as_("anonymous").get("/snapshots/KG/2026.html")).text
    assert ranking_phrases(re.sub(r"<[^>]+>|do not rank countries", " ", page)) == []
    glance = made(sqlite_world.as_("reviewer").get(path(sqlite_world, "")[:-1])).json()
    assert not {"progress", "findings", "areas"} & set(keys_of(glance))
