"""The record of an assessment in words: a sentence for every kind of event, filters, and never a value."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from app.web.record_words import EVENTS, UNKNOWN
from questionnaire.response import Response
from tests.lived import live_through
from tests.steps import bring_to, fill
from tests.teamwork import assign, comment, save
from tests.visiting import Page, Visitor, visitor
from tests.world import World

SOURCES = sorted(Path(app.__file__).parent.rglob("*.py"))
PLACE_OF_KIND = {"record": 0, "record_with_reason": 1, "_save": 1}
"""The functions that write an event, and which of their arguments is its kind."""


def kinds_in(tree: ast.Module) -> Iterator[str]:
    """Every kind of event that a module records."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in PLACE_OF_KIND and len(node.args) > PLACE_OF_KIND[name]:
                yield from written_out(node.args[PLACE_OF_KIND[name]], tree)
        elif isinstance(node, ast.Dict):
            fields = {getattr(key, "value", ""): value for key, value in zip(node.keys, node.values, strict=True)}
            if {"stream", "kind"} <= set(fields):
                yield from written_out(fields["kind"], tree)


def written_out(node: ast.AST, tree: ast.Module) -> list[str]:
    """What an expression can be, as far as its module says."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return written_out(node.body, tree) + written_out(node.orelse, tree)
    if isinstance(node, ast.JoinedStr):
        return [written_out(node.values[0], tree)[0] + state for state in ("adopted", "merged", "declined")]
    if isinstance(node, ast.Name):
        given = [one.value for one in ast.walk(tree) if isinstance(one, ast.Assign) if _names(one) == [node.id]]
        return [text for value in given if not isinstance(value, ast.Name) for text in written_out(value, tree)]
    return []


def _names(assigned: ast.Assign) -> list[str]:
    return [getattr(target, "id", "") for target in assigned.targets]


def recorded_kinds() -> set[str]:
    return {kind for path in SOURCES for kind in kinds_in(ast.parse(path.read_text(encoding="utf-8")))}


def steps(page: Page) -> list[str]:
    """The entries that a page tells, each in a line."""
    return [" ".join("".join(one.itertext()).split()) for one in page.find("//ol[contains(@class, 'timeline')]/li")]


@pytest.fixture
def focal(sqlite_world: World) -> Visitor:
    return visitor(sqlite_world, "focal_a")


def record(world: World) -> str:
    return f"/assessments/{world.assessments['a']}/record"


def test_every_kind_of_event_has_words_and_every_word_a_kind() -> None:
    kinds = recorded_kinds()
    assert len(kinds) > 60
    assert kinds == set(EVENTS)


def test_a_kind_without_words_is_noticed() -> None:
    module = ast.parse('OTHER = "c"\nwork.record("a" if odd else "b", x)\nfields = {"stream": s, "kind": OTHER}')
    assert set(kinds_in(module)) == {"a", "b", "c"}


def test_a_whole_life_is_told_in_words_and_without_values(
    sqlite_world: World, focal: Visitor, response: Response
) -> None:
    live_through(sqlite_world, response)
    told, page = [], focal.get(record(sqlite_world))
    while True:
        told += steps(page)
        if "Earlier entries" not in page.links():
            break
        page = focal.follow("Earlier entries")
    assert told[0].startswith("Publication withdrawn")
    assert told[-1] == "Round opened 15 January 2026, 09:00 UTC"
    assert "Answer saved: 1.01 Access to health care (version 2)" in "\n".join(told)
    assert "Ministry asked to contribute: Ministry labour: 1.01 Access to health care and 1.02 Access to education" in (
        "\n".join(told)
    )
    assert not [line for line in told if UNKNOWN.happened in line or "%(" in line]
    for name in ("reviewer", "administrator"):
        told += steps(visitor(sqlite_world, name).get(record(sqlite_world)))
    for text in ("Which law?", "Too broad", "law.txt", "A year was misread", "sha256"):
        assert text not in "\n".join(told), text


def test_entries_are_chosen_by_kind_person_and_indicator(sqlite_world: World, focal: Visitor) -> None:
    assign(sqlite_world, "labour", "health-access")
    save(sqlite_world, 0)
    save(sqlite_world, 0, indicator="education-access")
    focal.get(record(sqlite_world))
    chosen = focal.press("Show", indicator="health-access")
    assert [step.partition(":")[0] for step in steps(chosen)] == ["Answer saved", "Ministry asked to contribute"]
    assert len(steps(focal.press("Show", kind="answer_saved"))) == 1
    assert len(steps(focal.press("Show", kind="answer_saved", indicator=""))) == 2
    assert "No entry fits." in focal.press("Show", person="labour").text
    assert len(steps(focal.press("Show", person="FOCAL_a"))) == 2


def test_entries_are_chosen_by_date(sqlite_world: World) -> None:
    sqlite_world.later(days=3)
    sqlite_world.forget_clients()
    save(sqlite_world, 0)
    focal = visitor(sqlite_world, "focal_a")
    focal.get(record(sqlite_world))
    assert len(steps(focal.press("Show", since="2026-01-16"))) == 1
    assert len(steps(focal.press("Show", since="", until="2026-01-16"))) == 1
    assert len(steps(focal.press("Show", since="2026-01-15", until="2026-01-18"))) == 2
    page = focal.press("Show", since="soon")
    assert (page.status, page.find("string(//input[@name='since']/@value)")) == (422, "soon")


def test_a_long_search_stops_and_can_go_on(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in range(6):
        save(sqlite_world, version, {"values": {"groups": ("all", "none")[version % 2]}})
    monkeypatch.setattr("app.web.record_reading.MOST_LOOKED_AT", 3)
    focal = visitor(sqlite_world, "focal_a")
    page = focal.get(record(sqlite_world) + "?kind=&person=&indicator=&until=2000-01-01")
    assert "No entry fits." in page.text
    assert "until=2000-01-01" in page.links()["Earlier entries"]
    focal.follow("Earlier entries")
    assert "Earlier entries" not in focal.follow("Earlier entries").links()


def test_what_reviewers_say_among_themselves_is_not_told(
    sqlite_world: World, focal: Visitor, response: Response
) -> None:
    bring_to(sqlite_world, "in_review", response)
    comment(sqlite_world, "reviewer", "internal")
    assert "Comment written" not in " ".join(steps(focal.get(record(sqlite_world))))
    assert "Comment written" in " ".join(steps(visitor(sqlite_world, "reviewer").get(record(sqlite_world))))


def test_who_may_read_the_record(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    expected = {"signatory_a": 200, "administrator": 200, "labour_a": 403, "adviser_a": 403, "focal_b": 404}
    assert {name: visitor(sqlite_world, name).get(record(sqlite_world)).status for name in expected} == expected


def test_a_made_up_place_is_refused(sqlite_world: World, focal: Visitor) -> None:
    assert focal.get(record(sqlite_world) + "?after=nonsense").status == 422
