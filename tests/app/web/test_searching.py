"""Finding indicators by words, state and what goes on."""

import pytest

from tests.steps import made, path
from tests.teamwork import NONE, assign, comment, proposed, save
from tests.visiting import Page, Visitor, visitor
from tests.world import World


def indicators(page: Page) -> list[str]:
    return [text.split(" ")[0] for text, href in page.links().items() if href and "/indicators/" in href]


def searcher(world: World, name: str = "focal_a") -> Visitor:
    someone = visitor(world, name)
    someone.get(path(world, "search"))
    return someone


def test_all_indicators_stand_there_before_anything_is_looked_for(sqlite_world: World) -> None:
    page = searcher(sqlite_world).page
    assert len(indicators(page)) == len(sqlite_world.instrument.indicators)
    assert f"{len(sqlite_world.instrument.indicators)} indicators" in page.text


@pytest.mark.parametrize("words", ["1.01", "HEALTH care access", "heálth access care", "health basic services"])
def test_words_of_number_title_and_subdomain_find_an_indicator(sqlite_world: World, words: str) -> None:
    page = searcher(sqlite_world).press("Find", q=words)
    assert "1.01" in indicators(page)
    assert len(indicators(page)) < 10
    assert page.find("string(//input[@name='q']/@value)") == words


def test_words_of_a_question_find_its_indicator_and_are_shown(sqlite_world: World) -> None:
    question = sqlite_world.instrument.indicators["health-access"].questions[0].text
    page = searcher(sqlite_world).press("Find", q=question)
    assert indicators(page) == ["1.01"]
    assert question in page.find("string(//ul[contains(@class, 'task-list')])")


def test_state_and_domain_filter(sqlite_world: World) -> None:
    made(save(sqlite_world, 0, NONE))
    someone = searcher(sqlite_world)
    assert indicators(someone.press("Find", state="answered")) == ["1.01"]
    page = someone.press("Find", state="not_answered", domain="2")
    assert {number[0] for number in indicators(page)} == {"2"}
    assert page.find("string(//select[@name='domain']/option[@selected]/@value)") == "2"


def test_what_goes_on_filters(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "health-access", due="2026-01-15"))
    made(assign(sqlite_world, "labour", "education-access"))
    proposed(sqlite_world, "labour_a", "education-access")
    made(comment(sqlite_world, "focal_a", "shared"))
    sqlite_world.later(days=1)
    someone = searcher(sqlite_world)
    found = {mark: indicators(someone.press("Find", mark=mark)) for mark in ("asked", "late", "proposal", "comment")}
    assert found == {"asked": ["1.01", "1.02"], "late": ["1.01"], "proposal": ["1.02"], "comment": ["1.01"]}


def test_where_nothing_fits_the_way_back_is_shown(sqlite_world: World) -> None:
    someone = searcher(sqlite_world)
    page = someone.press("Find", q="<script>alert(1)</script>")
    assert "No indicator fits." in page.text
    assert page.find("string(//input[@name='q']/@value)") == "<script>alert(1)</script>"
    assert len(indicators(someone.follow("Show all indicators"))) > 80


def test_a_contributor_finds_their_own_alone(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "education-access"))
    assert indicators(searcher(sqlite_world, "labour_a").page) == ["1.02"]


@pytest.mark.parametrize("query", ["q=%00%1b%E2%80%AEhealth", "q=%FF%FE", "q=" + "%F0%9F%98%80" * 50])
def test_hostile_words_do_no_harm(sqlite_world: World, query: str) -> None:
    page = visitor(sqlite_world, "focal_a").get(path(sqlite_world, f"search?{query}"))
    assert page.heading == "Find an indicator"


@pytest.mark.parametrize("query", ["state=best", "mark=x", "domain=12", "q=" + "x" * 201])
def test_a_filter_that_there_is_not_is_refused_in_words(sqlite_world: World, query: str) -> None:
    assert visitor(sqlite_world, "focal_a").get(path(sqlite_world, f"search?{query}")).status == 422


def test_a_reviewer_is_told_that_nothing_was_submitted(sqlite_world: World) -> None:
    page = visitor(sqlite_world, "reviewer").get(path(sqlite_world, "search"))
    assert page.heading == "Nothing was submitted yet"
    assert indicators(page) == []
