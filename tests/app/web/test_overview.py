"""The overview of an assessment and the pages of its domains, as each person sees them."""

import pytest

from app.web.languages import COOKIE, MIRRORED
from questionnaire.response import Response
from tests.steps import bring_to, fill, made, path
from tests.teamwork import NONE, assign, comment, proposed, save
from tests.visiting import Page, visitor
from tests.world import World


def page_of(world: World, name: str, rest: str = "") -> Page:
    return visitor(world, name).get(path(world, rest).removesuffix("/"))


def test_a_focal_point_begins_with_the_first_indicator(sqlite_world: World) -> None:
    page = page_of(sqlite_world, "focal_a")
    assert page.heading == "Kyrgyzstan 2026"
    assert "What to do now Begin with the first indicator." in page.text
    assert page.links()["Begin"] == path(sqlite_world, "indicators/health-access")
    assert "0 of 23 answered" in page.text


def test_progress_counts_answers_and_the_button_leads_to_the_next_open_one(sqlite_world: World) -> None:
    made(save(sqlite_world, 0, NONE))
    page = page_of(sqlite_world, "focal_a")
    assert "1 of 23 answered" in page.text
    assert page.links()["Go to the first open indicator"] == path(sqlite_world, "indicators/education-access")


def test_the_wheel_tells_what_the_list_tells_and_leads_to_the_domains(sqlite_world: World) -> None:
    made(save(sqlite_world, 0, NONE))
    page = page_of(sqlite_world, "focal_a")
    links = page.find("//*[local-name()='svg']//*[local-name()='a']")
    assert [one.get("href") for one in links] == [path(sqlite_world, f"domains/{number}") for number in range(1, 7)]
    assert " ".join(" ".join(links[0].itertext()).split()) == "1 Migrants’ rights 1 of 23"
    assert page.text.count("1 of 23") == 2


def test_the_wheel_turns_the_other_way_where_one_reads_from_the_right(sqlite_world: World) -> None:
    settings = sqlite_world.service.settings
    sqlite_world.service.settings = settings.model_copy(update={"trial_languages": True})
    place = path(sqlite_world, "").removesuffix("/")
    first = "string((//*[local-name()='text'])[1]/@x)"
    someone = visitor(sqlite_world, "focal_a")
    left_to_right = float(someone.get(place).find(first))
    someone.client.cookies.set(COOKIE, MIRRORED, domain="127.0.0.1")
    right_to_left = float(someone.get(place).find(first))
    assert left_to_right > 240 > right_to_left
    assert left_to_right + right_to_left == pytest.approx(480)


def test_what_waits_in_a_domain_is_told_to_those_who_work_on_it(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "health-access", due="2026-01-15"))
    proposed(sqlite_world, "labour_a")
    made(comment(sqlite_world, "focal_a", "shared"))
    sqlite_world.later(days=1)
    text = page_of(sqlite_world, "focal_a").text
    for told in ("Waits for a ministry: 1", "Late: 1", "Proposal waiting: 1", "Open comments: 1"):
        assert told in text
    adviser = page_of(sqlite_world, "adviser_a").text
    assert "Open comments: 1" in adviser
    assert "ministry" not in adviser.lower()


def test_a_contributor_sees_their_own_indicators_alone(sqlite_world: World) -> None:
    assert "No indicator is assigned to your ministry yet." in page_of(sqlite_world, "labour_a").text
    made(assign(sqlite_world, "labour", "health-access", "education-access"))
    page = page_of(sqlite_world, "labour_a")
    assert "Your ministry is asked to contribute to 2 indicators." in page.text
    assert "0 of 2 answered" in page.text
    assert page.find("//*[local-name()='svg']") == []
    assert page_of(sqlite_world, "labour_a", "domains/2").status == 404


def test_administrators_see_stage_and_dates_alone(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    page = page_of(sqlite_world, "administrator")
    assert "no answers" in page.text
    assert "Submitted to IOM 15 January 2026" in page.text
    assert "of 23 answered" not in page.text
    assert not any("/domains/" in href for href in page.links().values())
    assert page_of(sqlite_world, "administrator", "domains/1").status == 403


def test_a_reviewer_is_told_kindly_that_nothing_was_submitted(sqlite_world: World) -> None:
    page = page_of(sqlite_world, "reviewer")
    assert page.status == 200
    assert "You will see them once they are submitted." in page.text
    assert " of 23" not in page.text
    for rest in ("domains/1", "search", "sources", "check", "board"):
        assert page_of(sqlite_world, "reviewer", rest).heading == "Nothing was submitted yet"


STEPS = [
    ("in_review", "reviewer", "Go to the review", "review"),
    ("approved", "focal_a", "Read the text and decide", "consent"),
    ("consented", "reviewer", "Publish the snapshot", "publish"),
]


@pytest.mark.parametrize(("state", "name", "link", "place"), STEPS)
def test_whose_turn_it_is_gets_a_button(
    sqlite_world: World, response: Response, state: str, name: str, link: str, place: str
) -> None:
    bring_to(sqlite_world, state, response)
    page = page_of(sqlite_world, name)
    assert "What to do now" in page.text
    assert page.links()[link] == path(sqlite_world, place)
    assert "What comes next" in page_of(sqlite_world, "signatory_a").text


def test_the_way_to_publication_is_told_with_names_to_those_who_see_the_record(
    sqlite_world: World, response: Response
) -> None:
    bring_to(sqlite_world, "published", response)
    focal = page_of(sqlite_world, "focal_a")
    told = [" ".join("".join(one.itertext()).split()) for one in focal.find("//li[contains(@class, 'timeline')]")]
    assert told[1] == "Submitted to IOM 15 January 2026, Person focal_a"
    assert told[-1] == "The snapshot was published 15 January 2026, Person reviewer"
    assert focal.links()["See the published snapshot"] == "/published/KG/2026"
    assert "Person focal_a" not in page_of(sqlite_world, "labour_a").text
    assert page_of(sqlite_world, "adviser_a").find("//li[contains(@class, 'timeline')]") == []


def test_what_iom_asked_back_is_told_first(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    returned = {"indicators": [{"indicator": "health-access", "reason": "Which law?"}]}
    made(sqlite_world.as_("reviewer").post(path(sqlite_world, "return"), json=returned))
    focal = visitor(sqlite_world, "focal_a")
    page = focal.get(path(sqlite_world, "").removesuffix("/"))
    assert "IOM asks for changes in 1 indicator." in page.text
    assert focal.follow("See what IOM asks").heading == "Find an indicator"
    assert [one for one in focal.page.links() if one.startswith("1.")] == ["1.01 Access to health care"]


def test_a_domain_lists_its_indicators_with_where_each_stands(sqlite_world: World) -> None:
    made(save(sqlite_world, 0, NONE))
    made(assign(sqlite_world, "labour", "education-access"))
    focal = visitor(sqlite_world, "focal_a")
    focal.get(path(sqlite_world, "").removesuffix("/"))
    page = focal.follow("1. Adherence to international standards and fulfilment of migrants’ rights")
    assert page.find("//h2")[0].text == "Basic services and social security"
    assert page.links()["1.01 Access to health care"] == path(sqlite_world, "indicators/health-access")
    items = [" ".join("".join(one.itertext()).split()) for one in page.find("//li[contains(@class, 'task-list')]")]
    assert items[0] == "1.01 Access to health care Answered"
    assert items[1].endswith("Not answered A ministry is asked")
    assert any(text.startswith("Continue with 1.02") for text in page.links())


def test_only_those_who_can_answer_are_told_to_continue(sqlite_world: World) -> None:
    page = page_of(sqlite_world, "adviser_a", "domains/1")
    assert not any(text.startswith("Continue with") for text in page.links())


@pytest.mark.parametrize("name", ["focal_b", "nobody", "unassigned_reviewer"])
def test_strangers_find_nothing(sqlite_world: World, name: str) -> None:
    for rest in ("", "domains/1", "board", "search", "sources", "check"):
        assert page_of(sqlite_world, name, rest).status == 404


def test_a_domain_that_there_is_not_is_not_found(sqlite_world: World) -> None:
    assert page_of(sqlite_world, "focal_a", "domains/7").status == 404


def test_when_all_is_answered_the_signatory_has_the_turn(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    assert "Before you can submit, the signatory signs off." in page_of(sqlite_world, "focal_a").text
    assert page_of(sqlite_world, "signatory_a").links()["Read and sign off"] == path(sqlite_world, "sign-off")


def test_the_reason_for_declining_is_read_by_those_who_decide(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "approved", response)
    made(sqlite_world.as_("focal_a").post(path(sqlite_world, "consent/decline"), json={"reason": "Not before May."}))
    for name in ("focal_a", "signatory_a", "reviewer"):
        assert "Not before May." in page_of(sqlite_world, name).text
    for name in ("labour_a", "administrator"):
        assert "Not before May." not in page_of(sqlite_world, name).text
