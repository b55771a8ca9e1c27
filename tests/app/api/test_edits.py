"""Sentences that a reviewer rewords: they survive regeneration, go stale with the answer, and void an approval."""

from typing import Any

import httpx
import pytest

from app.assessments.rounds import open_round
from questionnaire.compiled import CompiledInstrument, compile_instrument
from questionnaire.response import Response
from tests.steps import approve, bring_to, made, path, submit
from tests.teamwork import NONE, save
from tests.world import World

SENTENCE = "health-access.finding"
WORDING = "Every migrant <b>may</b> see a doctor."
RETURN = {"indicators": [{"indicator": "health-access", "reason": "Which law says so?"}]}
GENERATED = "All migrants, regardless of their legal status"


def reword(
    world: World, version: int, text: str = WORDING, sentence: str = SENTENCE, name: str = "reviewer", **more: Any
) -> httpx.Response:
    headers = {"If-Match": f'"{version}"'}
    body = {"text": text, **more}
    return world.as_(name).put(path(world, f"edits/{sentence}"), json=body, headers=headers)


def remove(world: World, version: int) -> httpx.Response:
    headers = {"If-Match": f'"{version}"'}
    return world.as_("reviewer").delete(path(world, f"edits/{SENTENCE}"), headers=headers)


def listed(world: World, name: str = "reviewer") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = made(world.as_(name).get(path(world, "edits"))).json()
    return found


def state(world: World) -> str:
    return str(made(world.as_("reviewer").get(path(world, "record"), params={"limit": 1})).json()["items"][0]["state"])


def draft(world: World, name: str = "reviewer", rest: str = "draft.md") -> str:
    return made(world.as_(name).get(path(world, rest))).text


def change_the_answer(world: World, answer: dict[str, Any] = NONE) -> None:
    """The indicator is sent back, answered anew, and submitted again."""
    made(world.as_("reviewer").post(path(world, "return"), json=RETURN))
    made(save(world, 1, answer))
    submit(world)


def test_a_reworded_sentence_stands_in_the_draft_and_is_marked(world: World, response: Response) -> None:
    bring_to(world, "in_review", response)
    saved = made(reword(world, 0))
    assert (saved.headers["ETag"], saved.json()["stale"]) == ('"1"', False)
    assert saved.json()["generated"].startswith(GENERATED)
    for name in ("reviewer", "focal_a"):
        document = draft(world, name, "draft.html")
        assert document.count('data-edited="true"') == 1
        assert "Every migrant &lt;b&gt;may&lt;/b&gt; see a doctor." in document
        assert [edit["text"] for edit in listed(world, name)] == [WORDING]
    assert GENERATED in draft(world, rest="drafts/1.md")


def test_a_save_on_an_old_version_gives_both_texts(world: World, response: Response) -> None:
    bring_to(world, "in_review", response)
    made(reword(world, 0))
    late = reword(world, 0, "Another wording.", name="second_reviewer")
    assert (late.status_code, late.json()["yours"], late.json()["theirs"]) == (412, "Another wording.", WORDING)
    assert made(reword(world, 0)).json()["version"] == made(reword(world, 1)).json()["version"] == 1
    assert reword(world, 1, "Another wording.").json()["version"] == 2
    missing = world.as_("reviewer").put(path(world, f"edits/{SENTENCE}"), json={"text": WORDING})
    assert missing.status_code == 428


def test_a_removed_edit_gives_way_to_the_generated_sentence(world: World, response: Response) -> None:
    bring_to(world, "in_review", response)
    assert remove(world, 0).status_code == 404
    made(reword(world, 0))
    assert remove(world, 0).status_code == 412
    assert [remove(world, 1).status_code for _ in range(2)] == [204, 204]
    assert listed(world) == []
    assert GENERATED in draft(world)
    one = made(world.as_("focal_a").get(path(world, f"edits/{SENTENCE}")))
    assert (one.headers["ETag"], one.json()["text"]) == ('"2"', None)
    kinds = made(world.as_("reviewer").get(path(world, "record"), params={"limit": 2})).json()["items"]
    assert [event["kind"] for event in kinds] == ["sentence_edit_removed", "sentence_edited"]
    assert made(reword(world, 2)).json()["version"] == 3


@pytest.mark.parametrize(
    ("sentence", "text", "more", "status"),
    [
        ("health-access.finding", "no full stop", {}, 422),
        ("health-access.finding", "A nul \0.", {}, 422),
        ("health-access.finding", "x" * 6000 + ".", {}, 422),
        ("health-access.finding", WORDING, {"language": "xx"}, 422),
        ("health-access.finding", WORDING, {"colour": "red"}, 422),
        ("health-access.row", WORDING, {}, 422),
        ("health-access.detail", WORDING, {}, 404),
        ("nothing.finding", WORDING, {}, 404),
    ],
)
def test_only_sentences_of_the_draft_are_reworded_in_sentences(
    sqlite_world: World, response: Response, sentence: str, text: str, more: dict[str, str], status: int
) -> None:
    answer = response.answers["health-access"].model_copy(update={"detail": None})
    bring_to(
        sqlite_world,
        "in_review",
        response.model_copy(update={"answers": {**response.answers, "health-access": answer}}),
    )
    assert reword(sqlite_world, 0, text, sentence, **more).status_code == status
    assert listed(sqlite_world) == []


def test_only_reviewers_edit_and_only_in_review_or_after_approval(sqlite_world: World, response: Response) -> None:
    assert reword(sqlite_world, 0).status_code == 409
    bring_to(sqlite_world, "in_review", response)
    for name, status in {
        "focal_a": 403, "signatory_a": 403, "labour_a": 403, "administrator": 403, "adviser_a": 403, "focal_b": 404,
        "unassigned_reviewer": 404, "nobody": 404, "anonymous": 401,
    }.items():  # fmt: skip
        assert reword(sqlite_world, 0, name=name).status_code == status, name
        refused = sqlite_world.as_(name).delete(path(sqlite_world, f"edits/{SENTENCE}"), headers={"If-Match": '"1"'})
        assert refused.status_code == status, name
    assert listed(sqlite_world) == []


def test_a_stale_edit_survives_resubmission_and_shows_all_three_texts(world: World, response: Response) -> None:
    bring_to(world, "in_review", response)
    made(reword(world, 0))
    change_the_answer(world)
    edit = listed(world)[0]
    assert (edit["stale"], edit["text"]) == (True, WORDING)
    assert edit["generated"].startswith(GENERATED)
    assert edit["now"] not in (None, edit["generated"])
    preview = made(world.as_("reviewer").get(path(world, "draft"))).json()
    assert [one["stale"] for one in preview["edits"]] == [True]
    assert "Every migrant" in draft(world)


def test_a_stale_edit_blocks_approval_until_it_is_kept(world: World, response: Response) -> None:
    bring_to(world, "in_review", response)
    made(reword(world, 0))
    change_the_answer(world)
    seen = made(world.as_("reviewer").get(path(world, "approval"))).json()
    refused = world.as_("reviewer").post(path(world, "approval"), json={"fingerprint": seen["fingerprint"]})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/incomplete")
    kept = made(reword(world, 1)).json()
    assert (kept["version"], kept["stale"], kept["now"]) == (2, False, kept["generated"])
    approve(world)
    assert "Every migrant" in str(made(world.as_("focal_a").get(path(world, "consent"))).json()["document"])


def test_an_edit_is_stale_when_the_answer_has_a_new_version_though_its_sentence_is_the_same(
    sqlite_world: World, response: Response
) -> None:
    bring_to(sqlite_world, "in_review", response)
    made(reword(sqlite_world, 0))
    answer = made(sqlite_world.as_("focal_a").get(path(sqlite_world, "answers/health-access"))).json()["answer"]
    change_the_answer(sqlite_world, {**answer, "note": "We looked again."})
    edit = listed(sqlite_world)[0]
    assert (edit["stale"], edit["now"] == edit["generated"]) == (True, True)


def test_an_edit_of_a_sentence_that_is_gone_is_stale_and_can_only_be_removed(
    sqlite_world: World, response: Response
) -> None:
    bring_to(sqlite_world, "in_review", response)
    made(reword(sqlite_world, 0))
    change_the_answer(sqlite_world, {"not_known": "The ministry is being asked."})
    assert [(edit["stale"], edit["now"]) for edit in listed(sqlite_world)] == [(True, None)]
    assert "Every migrant" not in draft(sqlite_world)
    assert reword(sqlite_world, 1).status_code == 404
    assert remove(sqlite_world, 1).status_code == 204
    approve(sqlite_world)


@pytest.mark.parametrize("reached", ["approved", "consented"])
def test_an_edit_after_approval_voids_it(world: World, response: Response, reached: str) -> None:
    bring_to(world, reached, response)
    submitted = made(world.as_("reviewer").get(path(world, "drafts"))).json()[0]["submission"]
    made(reword(world, 0))
    assert state(world) == "in_review"
    newest = made(world.as_("reviewer").get(path(world, "drafts"))).json()[0]
    assert (newest["cause"], newest["submission"]) == ("approval voided", submitted)
    assert world.as_("focal_a").get(path(world, "consent")).status_code == 409
    assert "Every migrant" in draft(world, rest=f"drafts/{newest['number']}.md")
    approve(world)
    made(remove(world, 1))
    assert state(world) == "in_review"


def test_an_approval_binds_to_the_wording(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = sqlite_world.as_("reviewer")
    seen = made(reviewer.get(path(sqlite_world, "approval"))).json()["fingerprint"]
    made(reword(sqlite_world, 0))
    assert reviewer.post(path(sqlite_world, "approval"), json={"fingerprint": seen}).status_code == 412


def test_what_reviewers_reworded_is_told_among_the_changes(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    made(reword(sqlite_world, 0))
    changes = made(sqlite_world.as_("focal_a").get(path(sqlite_world, "draft/changes"))).json()["changes"]
    assert [(one["indicator"], [reason["kind"] for reason in one["reasons"]]) for one in changes] == [
        ("health-access", ["edit"])
    ]
    assert changes[0]["before"]["text"].startswith(GENERATED)
    assert changes[0]["after"]["text"].startswith(WORDING)
    approve(sqlite_world)
    assert made(sqlite_world.as_("focal_a").get(path(sqlite_world, "drafts/3/changes"))).json()["changes"] == changes
    assert made(sqlite_world.as_("focal_a").get(path(sqlite_world, "drafts/2/changes"))).json()["changes"] == changes


def test_the_record_holds_no_wording(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    made(reword(sqlite_world, 0))
    events = made(sqlite_world.as_("administrator").get(path(sqlite_world, "record"))).text
    assert "sentence_edited" in events
    assert "see a doctor" not in events


def open_bilingual(world: World, instrument: CompiledInstrument) -> None:
    """A round on an instrument in two languages; the French one has a title of its own."""
    source = instrument.source.model_copy(update={"locales": {"en": "en_GB", "fr": "fr_FR"}})
    texts = source.texts.model_copy(update={"title": "Aperçu national: {name}"})
    french, countries = (
        source.model_copy(update={"texts": texts}),
        {**instrument.countries, "fr": instrument.countries["en"]},
    )
    bilingual = compile_instrument(source, instrument.tables, {"fr": french}, countries)
    with world.work("open_round") as work:
        world.assessments["a"] = open_round(work, bilingual, "KG", 2027).id


def test_each_language_has_its_own_edits_and_all_are_looked_at_before_approval(
    sqlite_world: World, response: Response, instrument: CompiledInstrument
) -> None:
    open_bilingual(sqlite_world, instrument)
    bring_to(sqlite_world, "in_review", response)
    made(reword(sqlite_world, 0, "Tous les migrants y ont accès.", language="fr"))
    french = made(sqlite_world.as_("reviewer").get(path(sqlite_world, "draft.md"), params={"language": "fr"}))
    assert "Aperçu national" in french.text
    assert "Tous les migrants y ont accès." in french.text
    assert french.headers["Content-Language"] == "fr"
    assert GENERATED in draft(sqlite_world)
    change_the_answer(sqlite_world)
    assert [(edit["language"], edit["stale"]) for edit in listed(sqlite_world)] == [("fr", True)]
    seen = made(sqlite_world.as_("reviewer").get(path(sqlite_world, "approval"))).json()
    assert [item["indicator"] for item in seen["missing"]] == ["health-access"]
