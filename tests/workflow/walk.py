"""A walk without chance: everyone tries every action in every state, on what stands there."""

from collections.abc import Callable
from typing import Any

from tests.workflow.case import Case
from tests.workflow.content import ANSWERS, HEALTH, SENTENCES
from tests.workflow.model import MAY, PEOPLE, Model
from tests.workflow.office import Office

SENTENCE = SENTENCES[0]

WALKERS = [person for person in PEOPLE if not person.startswith("second")]


def _edit_version(model: Model) -> int:
    return model.edits[SENTENCE].version if SENTENCE in model.edits else 0


def _last_proposal(model: Model) -> int | None:
    return len(model.proposals) - 1 if model.proposals else None


GIVEN: dict[str, Callable[[Model], dict[str, Any]]] = {
    "save_answer": lambda model: {"indicator": HEALTH, "body": ANSWERS[HEALTH][0], "base": model.version(HEALTH)},
    "save_source": lambda model: {"title": f"Law number {len(model.laws) + 1}", "base": len(model.laws)},
    "sign_off": lambda model: {"seen": model.present().key()},
    "return_indicators": lambda model: {"indicators": (HEALTH,)},
    "comment": lambda model: {"indicator": HEALTH, "audience": "shared"},
    "mark_reviewed": lambda model: {"indicator": HEALTH, "version": model.submissions[-1].content.version(HEALTH)},
    "edit_sentence": lambda model: {
        "sentence": SENTENCE, "text": f"Wording {_edit_version(model)}.", "base": _edit_version(model),
    },
    "remove_edit": lambda model: {"sentence": SENTENCE, "base": _edit_version(model)},
    "approve": lambda model: {"seen": model.text()},
    "consent": lambda model: {"seen": model.approved},
    "publish": lambda model: {"erratum": bool(model.public)},
    "assign": lambda model: {"indicator": HEALTH},
    "propose": lambda model: {"indicator": HEALTH, "body": ANSWERS[HEALTH][0]},
    "adopt": lambda model: {"number": _last_proposal(model), "base": model.version(HEALTH)},
    "decline_contribution": lambda model: {"number": _last_proposal(model)},
}  # fmt: skip
"""What an action is given so that it succeeds, where it may be done."""


def _given(model: Model, action: str) -> dict[str, Any]:
    return GIVEN[action](model) if action in GIVEN else {}


def walk_through(office: Office, state: str) -> None:
    """Bring an assessment to a state, again and again, and let everyone try everything there."""
    case = Case(office, signatory=True, earlier=True)
    case.bring_to("published")
    for action in MAY:
        for person in WALKERS:
            case.bring_to(state)
            if case.model.may(person, action):
                _prepare(case, action)
            case.step(person, action, **_given(case.model, action))
    case.bring_to(state)
    case.look.at_glance()


def _prepare(case: Case, action: str) -> None:
    """What must be there before an action, so that it succeeds."""
    model = case.model
    if action == "submit":
        while model.before_submission():
            case.towards_submission()
    if action in ("propose", "adopt", "decline_contribution"):
        case.step("focal", "assign", **GIVEN["assign"](model))
    if action in ("adopt", "decline_contribution"):
        case.step("contributor", "propose", **GIVEN["propose"](model))
    if action == "approve":
        while model.before_approval():
            case.towards_approval()
    if action == "remove_edit" and (SENTENCE not in model.edits or model.edits[SENTENCE].text is None):
        state = model.state
        case.step("reviewer", "edit_sentence", **GIVEN["edit_sentence"](model))
        case.bring_to(state)
