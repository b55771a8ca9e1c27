"""The steps of an assessment, each taken over HTTP by the person whose step it is; only the filling in goes below the API."""

import httpx
from sqlmodel import Session

from app.models.assessments import StoredAnswer, StoredSource
from app.record import text_hash
from questionnaire.response import Response
from questionnaire.stored import answer_body, source_body
from tests.world import World


def path(world: World, rest: str, name: str = "a") -> str:
    """An address of an assessment."""
    return f"/assessments/{world.assessments[name]}/{rest}"


def fill(world: World, response: Response, name: str = "a") -> None:
    """Give every answer of a response, with its sources, as version 1."""
    with world.service.database.writing() as session:
        _sources(world, session, response)
        for indicator, answer in response.answers.items():
            body = answer_body(answer)
            session.add(
                StoredAnswer(
                    assessment_id=world.assessments[name], indicator=indicator, version=1, base=0, body=body,
                    sha256=text_hash(body), saved_by=world.accounts["focal_a"], saved_at=world.now,
                )
            )  # fmt: skip


def _sources(world: World, session: Session, response: Response) -> None:
    for source_id, source in response.sources.items():
        if session.get(StoredSource, ("KG", source_id, 1)) is None:
            body = source_body(source)
            session.add(
                StoredSource(
                    country="KG", id=source_id, version=1, body=body, sha256=text_hash(body),
                    saved_by=world.accounts["focal_a"], saved_at=world.now,
                )
            )  # fmt: skip


def made(answer: httpx.Response) -> httpx.Response:
    """The answer, which must be a success."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:500]}"
    return answer


def sign_off(world: World, name: str = "a") -> httpx.Response:
    """The signatory signs what stands there."""
    signatory = world.as_("signatory_a")
    sha256 = made(signatory.get(path(world, "sign-off", name))).json()["sha256"]
    return made(signatory.post(path(world, "sign-off", name), json={"sha256": sha256}))


def submit(world: World, name: str = "a") -> httpx.Response:
    """The signatory signs, the focal point submits."""
    sign_off(world, name)
    return made(world.as_("focal_a").post(path(world, "submission", name)))


def approve(world: World, name: str = "a") -> httpx.Response:
    """The reviewer approves what they see."""
    reviewer = world.as_("reviewer")
    seen = made(reviewer.get(path(world, "approval", name))).json()["fingerprint"]
    return made(reviewer.post(path(world, "approval", name), json={"fingerprint": seen}))


def consent(world: World, name: str = "a") -> httpx.Response:
    """The focal point consents to the text they see."""
    focal = world.as_("focal_a")
    seen = made(focal.get(path(world, "consent", name))).json()["fingerprint"]
    return made(focal.post(path(world, "consent", name), json={"fingerprint": seen}))


def publish(world: World, name: str = "a") -> httpx.Response:
    """The reviewer publishes for the first time."""
    return made(world.as_("reviewer").post(path(world, "publication", name), json={}))


def withdraw(world: World, name: str = "a") -> httpx.Response:
    """The focal point withdraws."""
    return made(world.as_("focal_a").post(path(world, "withdrawal", name), json={"notice": "A law was misread."}))


STEPS = {
    "in_review": submit,
    "approved": approve,
    "consented": consent,
    "published": publish,
    "withdrawn": withdraw,
}
"""State → the step that leads there from the one before; it begins with *collecting*."""


def bring_to(world: World, state: str, response: Response, name: str = "a") -> None:
    """Fill in an assessment and take it to a state, step by step."""
    fill(world, response, name)
    for reached, step in STEPS.items():
        if state == "collecting":
            return
        step(world, name)
        if reached == state:
            return
    raise KeyError(state)
