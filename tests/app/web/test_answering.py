"""Filling in one indicator: its form, saving, what is refused, and how others see it."""

from questionnaire.response import Response
from tests.app.web.answer_pages import answer_of, open_page, page_of
from tests.steps import fill, made, path
from tests.teamwork import save
from tests.visiting import visitor
from tests.world import World


def test_a_focal_point_answers_and_goes_on(sqlite_world: World) -> None:
    focal = open_page(sqlite_world)
    assert focal.page.heading == "1.01 Access to health care"
    assert "Indicator 1 of" in focal.page.text
    page = focal.press("Save and continue", values__groups="all", values__limits=["no_limits"])
    assert page.path == page_of(sqlite_world, "education-access")
    assert "The answer was saved." in page.text
    assert answer_of(sqlite_world)["answer"] == {"values": {"groups": "all", "limits": ["no_limits"]}}


def test_the_form_shows_what_was_saved_and_saving_it_again_changes_nothing(sqlite_world: World) -> None:
    made(save(sqlite_world, 0, {"values": {"groups": "some", "which": ["refugees", "students"]}, "note": "Seen."}))
    focal = open_page(sqlite_world)
    focal.press("Save")
    saved = answer_of(sqlite_world)
    assert (saved["version"], saved["answer"]["values"]["which"]) == (1, ["students", "refugees"])
    assert saved["answer"]["note"] == "Seen."


def test_every_type_of_question_goes_through_its_form_unchanged(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    focal = visitor(sqlite_world, "focal_a")
    instrument = sqlite_world.instrument
    one_of_each = {
        question.type: indicator
        for indicator, answer in response.answers.items()
        for question in instrument.indicators[indicator].questions
        if question.id in answer.values
    }
    assert {"choice", "choices", "yes_no", "source", "sources", "ratification", "countries", "languages"} <= set(
        one_of_each
    )
    for indicator in set(one_of_each.values()):
        before = answer_of(sqlite_world, indicator)["answer"]
        focal.get(page_of(sqlite_world, indicator))
        focal.press("Save", note="Seen once more.")
        assert answer_of(sqlite_world, indicator)["answer"] == {**before, "note": "Seen once more."}


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(sqlite_world: World) -> None:
    focal = open_page(sqlite_world)
    page = focal.press("Save", values__groups="all", qualifier="no full stop", detail="This is kept.")
    assert page.status == 422
    assert "please end it with a full stop" in page.find("string(//*[@id='f-qualifier-error'])")
    assert page.find("string(//textarea[@name='detail'])").strip() == "This is kept."
    assert page.find("//input[@name='values.groups'][@value='all'][@checked]")
    page = focal.press("Save", qualifier="With a full stop.")
    assert "The answer was saved." in page.text


def test_a_year_that_is_none_is_told_at_the_question(sqlite_world: World) -> None:
    indicator = next(
        one for one in sqlite_world.instrument.source.indicators if one.questions[0].type == "ratification"
    )
    focal = open_page(sqlite_world, indicator=indicator.id)
    name = f"values.{indicator.questions[0].id}"
    page = focal.press("Save", **{f"{name}.status": "ratified", f"{name}.year": "soon"})
    assert page.status == 422
    assert page.find("//*[@id=$id]", id=f"f-{name}-error")
    assert page.find("string(//input[@name=$name]/@value)", name=f"{name}.year") == "soon"
    focal.press("Save", **{f"{name}.year": "2008"})
    assert answer_of(sqlite_world, indicator.id)["answer"]["values"][indicator.questions[0].id]["year"] == 2008


def test_a_new_source_is_saved_with_the_answer_and_chosen(sqlite_world: World) -> None:
    new = {"new.law.title": "Law on Health", "new.law.kind": "law", "new.law.date": "2005", "new.law.public": "no"}
    page = open_page(sqlite_world).press("Save", values__groups="all", **new)
    assert answer_of(sqlite_world)["answer"]["values"] == {"groups": "all", "law": "law-on-health"}
    source = made(sqlite_world.as_("focal_a").get(path(sqlite_world, "sources/law-on-health"))).json()["source"]
    assert (source["title"], source["date"], source["public"]) == ("Law on Health", "2005", False)
    assert page.find("string(//select[@name='values.law']/option[@selected])").startswith("Law on Health")


def test_a_source_that_is_on_the_list_already_is_not_added_again(sqlite_world: World) -> None:
    new = {"new.law.title": "Law on Health", "new.law.kind": "law"}
    open_page(sqlite_world).press("Save", values__groups="all", **new)
    further = {"new.further.title": " law on  health", "new.further.kind": "law"}
    open_page(sqlite_world).press("Save", **further)
    assert answer_of(sqlite_world)["answer"]["sources"] == ["law-on-health"]
    assert len(made(sqlite_world.as_("focal_a").get(path(sqlite_world, "sources"))).json()) == 1


def test_a_new_source_without_a_kind_holds_everything_back(sqlite_world: World) -> None:
    focal = open_page(sqlite_world)
    page = focal.press("Save", values__groups="all", note="\u202e", **{"new.law.title": "Law on Health"})
    assert page.status == 422
    assert "Please choose what kind of source this is" in page.errors
    assert len(page.errors) == 2
    assert page.find("string(//input[@name='new.law.title']/@value)") == "Law on Health"
    assert answer_of(sqlite_world)["version"] == 0


def test_that_it_cannot_be_answered_takes_the_place_of_the_values(sqlite_world: World) -> None:
    made(save(sqlite_world, 0))
    focal = open_page(sqlite_world)
    assert focal.press("Save", cannot="not_known").status == 422
    focal.press("Save", not_known="The ministry has no record of it.")
    assert answer_of(sqlite_world)["answer"] == {"not_known": "The ministry has no record of it."}
    assert "Nothing is printed: you say that it is not known." in focal.page.text


def test_a_reason_beside_values_is_asked_back(sqlite_world: World) -> None:
    page = open_page(sqlite_world).press("Save", values__groups="all", not_known="Nobody knows it.")
    assert page.status == 422
    assert "please keep one of the two" in page.find("string(//*[@id='f-not_known-error'])")


def test_an_answer_is_taken_back(sqlite_world: World) -> None:
    made(save(sqlite_world, 0))
    open_page(sqlite_world).press("Save", values__groups="")
    assert answer_of(sqlite_world)["answer"] == {}


def test_follow_up_questions_say_when_they_are_asked(sqlite_world: World) -> None:
    page = open_page(sqlite_world).page
    condition = page.find("string(//*[@id='q-which']/@data-asked-when)")
    assert condition == '[{"field":"values.groups","mode":"is","options":["some"]}]'
    assert "Only if the answer to question 1 is “Some groups of migrants”." in page.text
    assert page.find("//*[@id='q-groups'][@data-asked-when]") == []


def test_someone_else_saved_first_and_one_keeps_ones_own(sqlite_world: World) -> None:
    focal = open_page(sqlite_world)
    made(save(sqlite_world, 0, {"values": {"groups": "none"}, "note": "Theirs."}))
    page = focal.press("Save", values__groups="all", note="Mine.")
    assert page.status == 412
    assert "There are two texts of this answer" in page.text
    sides = [
        " ".join(" ".join(one.itertext()).split()) for one in page.find("//*[contains(@class, 'mgi-sides__side')]")
    ]
    assert "Saved by the other None" in sides
    assert "What you wrote All migrants, whatever their legal status" in sides
    assert page.find("//form[@id='answer-form'][@data-autosave]") == []
    focal.press("Keep mine")
    assert answer_of(sqlite_world)["version"] == 2
    assert answer_of(sqlite_world)["answer"] == {"values": {"groups": "all"}, "note": "Mine."}


def test_someone_else_saved_first_and_theirs_is_taken(sqlite_world: World) -> None:
    focal = open_page(sqlite_world)
    made(save(sqlite_world, 0, {"note": "Theirs."}))
    focal.press("Save", note="Mine.")
    page = focal.follow("Take theirs")
    assert page.find("string(//textarea[@name='note'])").strip() == "Theirs."


def test_someone_else_saved_first_and_both_are_put_together(sqlite_world: World) -> None:
    focal = open_page(sqlite_world)
    made(save(sqlite_world, 0, {"note": "Theirs."}))
    focal.press("Save", note="Mine.")
    focal.press("Save", note="Theirs and mine.")
    assert answer_of(sqlite_world)["answer"] == {"note": "Theirs and mine."}


def test_what_is_mended_after_someone_else_saved_does_not_overwrite_theirs(sqlite_world: World) -> None:
    focal = open_page(sqlite_world)
    made(save(sqlite_world, 0, {"values": {"groups": "none"}, "note": "Theirs."}))
    page = focal.press("Save", values__groups="all", qualifier="no full stop")
    assert page.status == 422
    page = focal.press("Save", qualifier="With a full stop.")
    assert page.status == 412
    assert "Theirs." in page.text
    assert answer_of(sqlite_world)["answer"]["note"] == "Theirs."


def test_a_form_that_names_no_version_is_refused_with_what_was_typed(sqlite_world: World) -> None:
    page = open_page(sqlite_world).press("Save", base=None, note="Kept here.")
    assert page.status == 428
    assert "Kept here." in page.find("string(//textarea[@name='note'])")


def test_an_indicator_that_is_moot_says_why_and_has_no_form(sqlite_world: World) -> None:
    made(save(sqlite_world, 0, {"values": {"status": "none"}}, "strategy-doc"))
    focal = open_page(
        sqlite_world,
        indicator="strategy-plan" if "strategy-plan" in sqlite_world.instrument.indicators else moot(sqlite_world),
    )
    assert "This indicator is not asked" in focal.page.text
    assert focal.page.find("//form[@id='answer-form']") == []
    assert any(link.endswith("/indicators/strategy-doc") for link in focal.page.links().values())


def test_what_was_typed_stays_though_the_indicator_became_moot_meanwhile(sqlite_world: World) -> None:
    focal = open_page(sqlite_world, indicator=moot(sqlite_world))
    made(save(sqlite_world, 0, {"values": {"status": "none"}}, "strategy-doc"))
    page = focal.press("Save", qualifier="no full stop", note="Typed for an hour.")
    assert page.status == 422
    assert page.find("string(//textarea[@name='note'])").strip() == "Typed for an hour."


def moot(world: World) -> str:
    """An indicator that hangs on whether there is a strategy."""
    return next(
        one.id for one in world.instrument.source.indicators
        if any(test.indicator == "strategy-doc" for test in one.asked_when)
    )  # fmt: skip


def test_countries_are_added_from_lists_and_taken_away_by_boxes(sqlite_world: World) -> None:
    focal = open_page(sqlite_world, indicator="social-security-portability")
    countries = first_of(sqlite_world, "social-security-portability", "countries")
    focal.press("Save", **{countries: ["KZ", "", "RU", ""]})
    assert answer_of(sqlite_world, "social-security-portability")["answer"]["values"] == {countries[7:]: ["KZ", "RU"]}
    boxes = focal.page.find("//input[@type='checkbox'][@name=$name]/@value", name=countries)
    assert boxes == ["KZ", "RU"]
    focal.press("Save", **{countries: ["RU", "", "TR"]})
    assert answer_of(sqlite_world, "social-security-portability")["answer"]["values"] == {countries[7:]: ["RU", "TR"]}


def test_languages_are_typed_by_name(sqlite_world: World) -> None:
    languages = first_of(sqlite_world, "naturalisation", "languages")
    focal = open_page(sqlite_world, indicator="naturalisation")
    page = focal.press("Save", **{languages: "Kyrgyz, Rusian"})
    assert page.errors[0].endswith("ne of these is not the name of a language; please check how they are spelled")
    assert page.find("string(//input[@name=$name]/@value)", name=languages) == "Kyrgyz, Rusian"
    focal.press("Save", **{languages: "Kyrgyz, russian"})
    assert answer_of(sqlite_world, "naturalisation")["answer"]["values"] == {languages[7:]: ["ky", "ru"]}
    assert focal.page.find("string(//input[@name=$name]/@value)", name=languages) == "Kyrgyz, Russian"


def first_of(world: World, indicator: str, kind: str) -> str:
    """The field of the first question of a type."""
    return next(f"values.{one.id}" for one in world.instrument.indicators[indicator].questions if one.type == kind)
