"""An assessment that went through everything, by the people whose steps they were: all is done by the real services."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from app.assessments.edit_saving import remove_edit, save_edit
from app.assessments.edits import generated_sentences, narrative_of
from app.assessments.responses import submitted_response
from app.evidence.attaching import NewFile, add_evidence, change_evidence, remove_evidence
from app.evidence.keeping import keep_content
from app.rights import right
from app.work import Work, begin_work, enter_assessment
from questionnaire.response import Response
from questionnaire.stored import answer_body, source_body
from tests.steps import STEPS, approve, consent, made, path, publish, sign_off, submit
from tests.teamwork import assign, comment, proposed, save
from tests.world import World


def live_through(world: World, response: Response) -> None:
    """From the first answer to a publication that was corrected and withdrawn, leaving every kind of text and file."""
    _work_together(world)
    _fill(world, response)
    submit(world)
    _talk_about_it(world, response)
    submit(world)
    approve(world)
    made(world.as_("focal_a").post(path(world, "consent/decline"), json={"reason": "One law is missing."}))
    _reword(world)
    approve(world)
    _save_again(world, response, 3)
    sign_off(world)
    approve(world)
    consent(world)
    publish(world)
    made(world.as_("reviewer").post(path(world, "erratum"), json={"reason": "A year was misread."}))
    approve(world)
    consent(world)
    made(world.as_("reviewer").post(path(world, "publication"), json={"erratum": "The year was corrected."}))
    STEPS["withdrawn"](world, "a")


def _work_together(world: World) -> None:
    made(assign(world, "labour", "health-access", "education-access"))
    declined = proposed(world, "labour_a", "education-access", remark="As in the law.")
    made(world.as_("focal_a").post(path(world, f"contributions/{declined}/decline"), json={"reason": "Too broad."}))
    adopted = proposed(world, "labour_a")
    adopting = path(world, f"contributions/{adopted}/adopt")
    made(world.as_("focal_a").post(adopting, headers={"If-Match": '"0"'}))
    for audience, name in (("government", "focal_a"), ("shared", "focal_a")):
        made(comment(world, name, audience))


def _fill(world: World, response: Response) -> None:
    focal = world.as_("focal_a")
    for source_id, source in response.sources.items():
        made(focal.put(path(world, f"sources/{source_id}"), content=source_body(source), headers=_on(0)))
    for indicator, answer in response.answers.items():
        base = 1 if indicator == "health-access" else 0
        made(focal.put(path(world, f"answers/{indicator}"), content=answer_body(answer), headers=_on(base)))
    for name, text in (("law.txt", b"Article 1. All."), ("old.txt", b"Article 2. None.")):
        attached = attach(world, name, text)
    with acting(world, "focal_a", "change_evidence") as work:
        change_evidence(work, attached, public=True, name="older.txt")
        remove_evidence(work, attached)


def attach(world: World, name: str, content: bytes, assessment: str = "a") -> str:
    """The focal point attaches a file to `health-access`; its id."""
    accepted = keep_content(world.service, world.assessments[assessment], name, BytesIO(content), len(content))
    with acting(world, "focal_a", "add_evidence", assessment) as work:
        return add_evidence(work, NewFile("health-access", name), accepted)[0].id


@contextmanager
def acting(world: World, name: str, action: str, assessment: str = "a") -> Iterator[Work]:
    """Work of a signed-in person on an assessment, checked as a request's is."""
    with begin_work(world.service, right(action), world.sign_in(name)) as work:
        enter_assessment(work, world.assessments[assessment])
        yield work


def _talk_about_it(world: World, response: Response) -> None:
    """The reviewers ask, and send something back, which is then answered."""
    for audience in ("internal", "shared"):
        made(comment(world, "reviewer", audience))
    returned = {"indicators": [{"indicator": "health-access", "reason": "Which law?"}]}
    made(world.as_("reviewer").post(path(world, "return"), json=returned))
    _save_again(world, response, 2)


def _save_again(world: World, response: Response, version: int) -> None:
    """The same answer with another note."""
    answer = json.loads(answer_body(response.answers["health-access"]))
    made(save(world, version, {**answer, "note": f"Seen after version {version}."}))


def _reword(world: World) -> None:
    with acting(world, "reviewer", "edit_sentence") as work:
        response = submitted_response(work).response
        sentence, generated = next(iter(generated_sentences(narrative_of(work, response, "en")).items()))
        save_edit(work, sentence, f"{generated.text} This is the law.", 0)
        remove_edit(work, sentence, 1)


def _on(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"', "Content-Type": "application/json"}
