"""Comments beside an answer: written, replied to, resolved, each read by those it is for."""

import pytest

from questionnaire.response import Response
from tests.app.web.looking import PLACE, at, panel
from tests.steps import bring_to, made, path
from tests.teamwork import assign, comment, texts
from tests.visiting import visitor
from tests.world import World


def test_a_comment_is_written_and_read_with_its_audience(sqlite_world: World) -> None:
    page = at(sqlite_world, "focal_a").press("Add the comment", comment_audience="shared", comment_text="Which law?")
    assert page.path == path(sqlite_world, PLACE)
    assert "Your comment was added." in page.text
    assert "With IOM" in panel(page, "comments")
    assert "Which law?" in panel(page, "comments")


def test_a_form_sent_twice_writes_one_comment(sqlite_world: World) -> None:
    focal = at(sqlite_world, "focal_a")
    page, sent = focal.page, {"comment_audience": "shared", "comment_text": "Which law?"}
    for _ in range(2):
        focal.client.post(path(sqlite_world, f"{PLACE}/comments"), data=sent)
    assert texts(sqlite_world, "focal_a") == ["Which law?"]
    focal.get(page.path)
    replies = focal.page.form("Send the reply")[0].get("action")
    for reply in ("That of 1993.", "That of 1993.", "And that of 1995."):
        focal.client.post(replies, data={"reply": reply})
    assert sorted(texts(sqlite_world, "focal_a")) == ["And that of 1995.", "That of 1993.", "Which law?"]


def test_a_comment_without_text_or_audience_is_refused_with_what_was_typed(sqlite_world: World) -> None:
    someone = at(sqlite_world, "focal_a")
    page = someone.press("Add the comment", comment_text="Which law?")
    assert page.status == 422
    assert page.find("string(//textarea[@name='comment_text'])").strip() == "Which law?"
    assert page.errors == ["Choose who reads it"]
    assert page.find("//a[@href='#f-comment_audience']")
    page = someone.press("Add the comment", comment_audience="government", comment_text=" ")
    assert page.find("//a[@href='#f-comment_text']")
    page = someone.press("Add the comment", comment_text="At last.")
    assert (page.status, page.path) == (200, path(sqlite_world, PLACE))


def test_a_thread_is_replied_to_resolved_and_opened_again(sqlite_world: World) -> None:
    made(comment(sqlite_world, "focal_a", "shared", "Which law?"))
    someone = at(sqlite_world, "focal_a")
    assert "That of 1993." in panel(someone.press("Send the reply", reply="That of 1993."), "comments")
    someone.press("Mark as resolved")
    assert "There is no open comment." in panel(someone.page, "comments")
    assert "Mark as resolved" not in someone.page.buttons()
    someone.press("Send the reply", reply="Not so fast.")
    assert "There is no open comment." not in panel(someone.page, "comments")


def test_a_reply_without_words_is_refused_at_its_thread(sqlite_world: World) -> None:
    for text in ("First", "Second"):
        made(comment(sqlite_world, "focal_a", "shared", text))
        sqlite_world.later(minutes=1)
    page = at(sqlite_world, "focal_a").press("Send the reply", nth=1, reply="...")
    assert page.status == 422
    assert page.find("string(//textarea[@id='f-reply'])").strip() == "..."
    failed = page.find("//textarea[@id='f-reply']/ancestor::form/@action")[0]
    assert [item["id"] for item in thread_list(sqlite_world) if item["text"] == "Second"] == [failed.split("/")[-2]]


def thread_list(world: World) -> list[dict[str, str]]:
    found: list[dict[str, str]] = made(world.as_("focal_a").get(path(world, "comments"))).json()["items"]
    return found


def test_a_contributor_writes_to_the_government_and_reads_what_is_for_them(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "health-access"))
    made(comment(sqlite_world, "focal_a", "shared", "For IOM"))
    someone = at(sqlite_world, "labour_a")
    assert "For IOM" not in someone.page.text
    assert "With IOM" not in panel(someone.page, "comments")
    someone.press("Add the comment", comment_text="We look it up.")
    assert "We look it up." in panel(someone.page, "comments")
    assert texts(sqlite_world, "health_a") == []


def test_a_comment_kept_to_one_ministry_says_so(sqlite_world: World) -> None:
    ministry = sqlite_world.ministries["labour"]
    someone = at(sqlite_world, "focal_a")
    page = someone.press(
        "Add the comment", comment_audience="government", comment_ministry=ministry, comment_text="Only you."
    )
    assert "only with Ministry labour" in panel(page, "comments")
    page = someone.press(
        "Add the comment", comment_audience="shared", comment_ministry=ministry, comment_text="Only you."
    )
    assert page.status == 422
    assert page.find("//a[@href='#f-comment_ministry']")


def test_reviewers_choose_between_shared_and_internal_and_no_government_reads_the_latter(
    sqlite_world: World, response: Response
) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = visitor(sqlite_world, "reviewer")
    reviewer.get(path(sqlite_world, "review/health-access"))
    reviewer.press("Add the comment", comment_audience="internal", comment_text="Look twice.")
    assert "Look twice." in panel(reviewer.page, "comments")
    assert reviewer.page.path == path(sqlite_world, "review/health-access")
    assert "Look twice." not in at(sqlite_world, "focal_a").page.text
    assert reviewer.page.find("count(//input[@name='comment_audience'])") == 2


@pytest.mark.parametrize("name", ["focal_b", "health_a"])
def test_a_stranger_finds_no_thread_to_reply_to(sqlite_world: World, name: str) -> None:
    thread = made(comment(sqlite_world, "focal_a", "shared")).json()["id"]
    for step in ("replies", "resolve"):
        answer = visitor(sqlite_world, name).client.post(path(sqlite_world, f"comments/{thread}/{step}"))
        assert answer.status_code == 404


def test_text_of_people_is_shown_as_it_was_typed(sqlite_world: World) -> None:
    text = "<script>alert(1)</script> {{ 7*7 }}"
    page = at(sqlite_world, "focal_a").press("Add the comment", comment_audience="shared", comment_text=text)
    assert text in panel(page, "comments")
    assert page.find("//script[not(@src)]") == []


def test_where_a_form_returns_to_is_never_another_site(sqlite_world: World) -> None:
    someone = at(sqlite_world, "focal_a")
    page = someone.press("Add the comment", back="//evil.example", comment_audience="shared", comment_text="Why?")
    assert page.path == "/assessments"
