"""The check before submission, the submission and the sign-off on the pages."""

import json

from questionnaire.response import Response
from questionnaire.stored import answer_body
from tests.lived import attach
from tests.steps import bring_to, fill, made, path, sign_off
from tests.teamwork import ALL, assign, save
from tests.visiting import visitor
from tests.world import World

REFUGEES = "conv-refugee-1951"


def test_everything_missing_is_one_list_with_links_to_the_fields(sqlite_world: World) -> None:
    made(save(sqlite_world, 0, ALL))
    page = visitor(sqlite_world, "focal_a").get(path(sqlite_world, "check"))
    addresses = page.find("//main//li/a/@href")
    assert path(sqlite_world, "indicators/health-access#f-values.limits") in addresses
    assert path(sqlite_world, "indicators/education-access") in addresses
    assert len(page.find("//main//h3")) == 6
    assert "The signatory has not signed off yet" in page.text
    assert "Go on to the submission" not in page.links()


def test_what_is_missing_leads_to_a_field_that_is_there(sqlite_world: World) -> None:
    made(save(sqlite_world, 0, ALL))
    made(save(sqlite_world, 0, {"values": {"status": {"status": "acceded"}}}, REFUGEES))
    focal = visitor(sqlite_world, "focal_a")
    focal.get(path(sqlite_world, "check"))
    fields = [href.split("#") for href in focal.page.find("//main//li/a/@href") if "#f-" in href]
    assert {field for _, field in fields} >= {"f-values.limits", "f-values.status"}
    for place, field in fields:
        assert focal.get(place).find("//*[@id=$field]", field=field), field


def test_a_country_without_a_signatory_needs_no_sign_off(sqlite_world: World) -> None:
    page = visitor(sqlite_world, "focal_b").get(path(sqlite_world, "check", "b"))
    assert "no sign-off is needed" in page.text


def test_when_nothing_is_missing_the_way_to_the_submission_opens(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    sign_off(sqlite_world)
    focal = visitor(sqlite_world, "focal_a")
    assert "Nothing is missing." in focal.get(path(sqlite_world, "check")).text
    assert focal.follow("Go on to the submission").heading == "Submit to IOM"
    page = focal.press("Submit to IOM")
    assert page.path == path(sqlite_world, "").removesuffix("/")
    assert "The answers were submitted." in page.text
    assert "In review at IOM" in page.text
    assert focal.get(path(sqlite_world, "submit")).status == 409


def test_what_is_worth_a_look_does_not_stand_in_the_way(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    answer = json.loads(answer_body(response.answers[REFUGEES]))
    answer["values"]["status"]["year"] = 1997
    made(save(sqlite_world, 1, answer, REFUGEES))
    made(assign(sqlite_world, "labour", "health-access"))
    sign_off(sqlite_world)
    page = visitor(sqlite_world, "focal_a").get(path(sqlite_world, "check"))
    assert "Nothing is missing." in page.text
    assert "Ministry labour has not said that it is done" in page.text
    assert "the depositary" in page.text
    assert path(sqlite_world, f"indicators/{REFUGEES}#f-values.status") in page.links().values()


def test_a_submission_that_became_incomplete_is_refused_with_the_list(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    sign_off(sqlite_world)
    focal = visitor(sqlite_world, "focal_a")
    focal.get(path(sqlite_world, "submit"))
    made(save(sqlite_world, 1, {"note": "Emptied."}))
    page = focal.press("Submit to IOM")
    assert page.status == 409
    assert "1.01 Access to health care" in page.links()
    assert "Submit to IOM" not in page.buttons()


def test_the_submission_says_who_will_see_it(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    attach(sqlite_world, "law.txt", b"Article 1.")
    page = visitor(sqlite_world, "focal_a").get(path(sqlite_world, "submit"))
    assert "Nothing is published." in page.text
    assert "They also see 1 attached file." in page.text
    assert "Submit to IOM" not in page.buttons()


def test_the_signatory_reads_the_answers_and_signs_them(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    signatory = visitor(sqlite_world, "signatory_a")
    page = signatory.get(path(sqlite_world, "sign-off"))
    assert response.answers["health-access"].values["groups"] == "all"
    assert "All migrants, whatever their legal status" in page.text
    assert signatory.press("Sign off").errors[-1] == "Please tick the box to say that you have read the answers."
    page = signatory.press("Sign off", read=["yes"])
    assert "You signed off the answers as they stand here." in page.text
    assert "Person signatory_a signed off what stands here now." in page.text
    assert "Sign off" not in page.buttons()


def test_what_was_changed_while_it_was_read_is_not_signed(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    signatory = visitor(sqlite_world, "signatory_a")
    signatory.get(path(sqlite_world, "sign-off"))
    made(save(sqlite_world, 1))
    page = signatory.press("Sign off", read=["yes"])
    assert page.status == 412
    assert "please look at them once more" in page.text
    assert "signed off what stands here now" in signatory.press("Sign off", read=["yes"]).text


def test_a_change_ends_the_sign_off_and_the_check_says_so(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    sign_off(sqlite_world)
    made(save(sqlite_world, 1))
    text = visitor(sqlite_world, "focal_a").get(path(sqlite_world, "check")).text
    assert "The sign-off no longer holds." in text


def test_the_focal_point_sees_the_sign_off_without_a_button(sqlite_world: World) -> None:
    page = visitor(sqlite_world, "focal_a").get(path(sqlite_world, "sign-off"))
    assert "The signatory of your country signs off on this page." in page.text
    assert "Sign off" not in page.buttons()


def test_who_may_open_these_pages(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "collecting", response)
    for name, statuses in {
        "focal_a": (200, 200, 200), "signatory_a": (200, 403, 200), "adviser_a": (200, 403, 403),
        "labour_a": (403, 403, 403), "reviewer": (200, 403, 403), "administrator": (403, 403, 403),
        "focal_b": (404, 404, 404),
    }.items():  # fmt: skip
        someone = visitor(sqlite_world, name)
        found = tuple(someone.get(path(sqlite_world, place)).status for place in ("check", "submit", "sign-off"))
        assert found == statuses, name
