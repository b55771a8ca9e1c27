"""Contributions on pages: proposed by a ministry, compared, adopted, merged or declined by the focal point."""

from typing import Any

import pytest

from questionnaire.response import Response
from tests.app.web.looking import PLACE, at, contribute_also, panel
from tests.steps import bring_to, made, path
from tests.teamwork import ALL, NONE, assign, proposed, save
from tests.visiting import Visitor, visitor
from tests.world import World


@pytest.fixture
def asked(sqlite_world: World) -> World:
    """A world in which the ministries of labour and health are asked for `health-access`."""
    for ministry in ("labour", "health"):
        made(assign(sqlite_world, ministry, "health-access"))
    return sqlite_world


def proposing(world: World, name: str = "labour_a") -> Visitor:
    """A contributor at the form to propose."""
    someone = at(world, name)
    someone.follow("Propose an answer")
    return someone


def deciding(world: World, **more: Any) -> Visitor:
    """The focal point at what the ministry of labour proposed."""
    contribution = proposed(world, "labour_a", **more)
    focal = visitor(world, "focal_a")
    focal.get(path(world, f"contributions/{contribution}"))
    return focal


def answer(world: World) -> dict[str, object]:
    """The answer as it stands now."""
    found: dict[str, object] = made(world.as_("focal_a").get(path(world, "answers/health-access"))).json()["answer"]
    return found


def test_a_contributor_proposes_an_answer(asked: World) -> None:
    page = proposing(asked).press("Send the proposal", values__groups="all", proposal_remark="As in the law.")
    assert page.path == path(asked, PLACE)
    assert "Waiting for a decision" in panel(page, "contributions")
    focal = at(asked, "focal_a")
    assert "As in the law." in panel(focal.page, "contributions")
    assert "Ministry labour" in focal.page.text


def test_what_is_wrong_with_a_proposal_is_told_at_its_fields(asked: World) -> None:
    someone = proposing(asked)
    page = someone.press("Send the proposal", proposal_remark="Nothing yet.")
    assert page.status == 422
    assert page.find("//a[@href='#f-answer']")
    assert page.find("string(//textarea[@name='proposal_remark'])").strip() == "Nothing yet."
    page = someone.press("Send the proposal", values__groups="everyone", qualifier="no full stop")
    assert page.find("//a[@href='#f-values.groups']")
    assert page.find("//a[@href='#f-qualifier']")
    assert page.find("string(//textarea[@name='qualifier'])").strip() == "no full stop"


def test_a_second_proposal_starts_from_the_first_and_replaces_it(asked: World) -> None:
    proposing(asked).press("Send the proposal", values__groups="all", proposal_remark="As in the law.")
    someone = proposing(asked)
    assert someone.page.find("//input[@name='values.groups' and @value='all' and @checked]")
    page = someone.press("Send the proposal", values__groups="none")
    assert "Replaced by a later one" in panel(page, "contributions")


def test_a_contributor_chooses_only_from_the_list_of_sources(asked: World) -> None:
    assert not proposing(asked).page.find("//input[starts-with(@name, 'new.')]")


def test_a_contributor_takes_a_proposal_back(asked: World) -> None:
    contribution = proposed(asked, "labour_a")
    someone = at(asked, "labour_a")
    someone.get(path(asked, f"contributions/{contribution}"))
    assert "Adopt the proposal" not in someone.page.buttons()
    someone.follow("Take this proposal back")
    page = someone.press("Take it back")
    assert "No proposal waits for a decision." in panel(page, "contributions")


def test_a_ministry_reads_nothing_of_another(asked: World) -> None:
    contribution = proposed(asked, "labour_a", remark="Ours alone.")
    other = visitor(asked, "health_a")
    assert other.get(path(asked, f"contributions/{contribution}")).status == 404
    assert "Ours alone." not in other.get(path(asked, "contributions")).text
    assert "Ours alone." in visitor(asked, "labour_a").get(path(asked, "contributions")).text


def test_the_proposals_stand_by_indicator(asked: World) -> None:
    page = visitor(asked, "focal_a").get(path(asked, "contributions"))
    assert "No proposal waits for your decision." in page.text
    for name in ("labour_a", "health_a"):
        proposed(asked, name)
    page = visitor(asked, "focal_a").get(path(asked, "contributions"))
    assert len(page.find("//h3")) == 1
    assert len(page.find("//h3/following-sibling::ul/li")) == 2


def test_a_proposal_stands_beside_the_answer_with_what_differs(asked: World) -> None:
    made(save(asked, 0, NONE | {"note": "Ours."}))
    page = deciding(asked, answer=ALL | {"note": "Ours."}).page
    sides = ["".join(side.itertext()) for side in page.find("//div[contains(@class, 'mgi-sides__side')]")]
    assert "The present answer" in sides[0]
    assert "The proposal" in sides[1]
    assert "All migrants" in sides[1]
    assert "All migrants" not in sides[0]
    assert page.text.count("Different") == 1
    assert "The same" in page.text


def test_adopting_makes_the_proposal_the_answer(asked: World) -> None:
    page = deciding(asked).press("Adopt the proposal")
    assert "The proposal is the answer now." in page.text
    assert answer(asked) == ALL


def test_a_proposal_adopted_on_an_older_answer_is_shown_again_beside_the_new_one(asked: World) -> None:
    focal = deciding(asked)
    made(save(asked, 0, NONE | {"note": "Saved meanwhile."}))
    page = focal.press("Adopt the proposal")
    assert page.status == 412
    assert "Saved meanwhile." in page.text
    assert answer(asked)["note"] == "Saved meanwhile."
    focal.press("Adopt the proposal")
    assert answer(asked) == ALL


def test_merging_starts_from_what_was_chosen_and_is_edited(asked: World) -> None:
    made(save(asked, 0, NONE | {"note": "Ours."}))
    focal = deciding(asked, answer=ALL | {"note": "Theirs.", "qualifier": "For now."})
    page = focal.press("Continue and edit", take__values__groups="theirs", take__note="ours")
    assert page.find("//input[@name='values.groups' and @value='all' and @checked]")
    assert page.find("string(//textarea[@name='note'])").strip() == "Ours."
    assert page.find("string(//textarea[@name='qualifier'])").strip() == "For now."
    page = focal.press("Save this answer", note="Of both.")
    assert "The answer made of both was saved." in page.text
    assert answer(asked) == ALL | {"note": "Of both.", "qualifier": "For now."}


def test_a_merge_that_is_wrong_keeps_what_was_typed(asked: World) -> None:
    focal = deciding(asked)
    focal.press("Continue and edit")
    page = focal.press("Save this answer", detail="No full stop")
    assert page.status == 422
    assert page.find("//a[@href='#f-detail']")
    assert page.find("string(//textarea[@name='detail'])").strip() == "No full stop"
    assert focal.press("Save this answer", detail="A full stop.").status == 200


def test_a_merge_on_an_older_answer_shows_both_and_loses_nothing(asked: World) -> None:
    focal = deciding(asked)
    focal.press("Continue and edit")
    made(save(asked, 0, NONE | {"note": "Saved meanwhile."}))
    page = focal.press("Save this answer", note="Typed by me.")
    assert page.status == 412
    assert "Someone else saved this answer meanwhile" in page.text
    assert "Saved meanwhile." in page.text
    assert page.find("string(//textarea[@name='note'])").strip() == "Typed by me."
    focal.press("Save this answer")
    assert answer(asked)["note"] == "Typed by me."


def test_a_merge_that_is_mended_after_someone_else_saved_does_not_overwrite_theirs(asked: World) -> None:
    focal = deciding(asked)
    focal.press("Continue and edit")
    made(save(asked, 0, NONE | {"note": "Saved meanwhile."}))
    assert focal.press("Save this answer", detail="No full stop").status == 422
    assert focal.press("Save this answer", detail="A full stop.").status == 412
    assert answer(asked)["note"] == "Saved meanwhile."


def test_a_merge_of_what_was_decided_meanwhile_keeps_what_was_typed(asked: World) -> None:
    focal, second = deciding(asked), visitor(asked, "second_focal_a")
    second.get(focal.page.path)
    focal.press("Continue and edit")
    second.press("Adopt the proposal")
    page = focal.press("Save this answer", note="Typed for an hour.")
    assert page.status == 409
    assert page.find("string(//textarea[@name='note'])").strip() == "Typed for an hour."


def test_a_new_source_is_saved_with_the_merge(asked: World) -> None:
    focal = deciding(asked)
    focal.press("Continue and edit")
    page = focal.press("Save this answer", new__law__title="Law on Health", new__law__kind="law")
    assert page.status == 200
    assert answer(asked)["values"] == {"groups": "all", "law": "law-on-health"}


def test_declining_wants_a_reason_that_the_ministry_reads(asked: World) -> None:
    focal = deciding(asked)
    assert focal.press("Decline the proposal").find("//a[@href='#f-reason']")
    page = focal.press("Decline the proposal", reason="The law was repealed.")
    assert "The proposal was declined." in page.text
    assert "Reason: The law was repealed." in panel(at(asked, "labour_a").page, "contributions")


def test_what_was_decided_is_not_decided_again(asked: World) -> None:
    focal, second = deciding(asked), visitor(asked, "second_focal_a")
    second.get(focal.page.path)
    focal.press("Adopt the proposal")
    page = second.press("Decline the proposal", reason="Too late.")
    assert page.status == 409
    assert "This contribution was adopted already." in page.text
    assert "Adopt the proposal" not in page.buttons()
    assert page.find("string(//textarea[@name='reason'])").strip() == "Too late."


@pytest.mark.parametrize(
    ("name", "status"), [("labour_a", 403), ("signatory_a", 403), ("reviewer", 403), ("focal_b", 404)]
)
def test_only_focal_points_decide(asked: World, name: str, status: int) -> None:
    contribution = proposed(asked, "labour_a")
    someone = visitor(asked, name)
    for step, sent in (("adopt", {"base": "0"}), ("merge", {"base": "0"}), ("decline", {"reason": "No."})):
        answered = someone.client.post(path(asked, f"contributions/{contribution}/{step}"), data=sent)
        assert (step, answered.status_code) == (step, status)


def test_nothing_is_proposed_once_submitted(sqlite_world: World, response: Response) -> None:
    made(assign(sqlite_world, "labour", "health-access"))
    bring_to(sqlite_world, "in_review", response)
    assert "Propose an answer" not in at(sqlite_world, "labour_a").page.links()
    assert visitor(sqlite_world, "labour_a").get(path(sqlite_world, f"{PLACE}/contribution")).status == 409


def test_who_contributes_for_several_ministries_says_for_which(asked: World) -> None:
    contribute_also(asked, "labour_a", "health")
    someone = proposing(asked)
    page = someone.press("Send the proposal", values__groups="all")
    assert page.find("//a[@href='#f-proposal_ministry']")
    page = someone.press("Send the proposal", proposal_ministry=asked.ministries["health"])
    assert "Ministry health Waiting for a decision" in panel(page, "contributions")
    page = someone.press("Add the comment", comment_text="Both of us.")
    assert page.find("//a[@href='#f-comment_ministry']")
    page = someone.press("Add the comment", comment_ministry=asked.ministries["health"])
    assert "only with Ministry health" in panel(page, "comments")
    assert someone.press("Attach the file", file=("a.txt", b"Both.")).find("//a[@href='#f-file_ministry']")
