"""The machine: everyone tries everything at any time, half of it by people whose step it is."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.workflow.case import Case
from tests.workflow.content import ANSWERS, HEALTH, INDICATORS, SENTENCES
from tests.workflow.model import AUDIENCES, MAY, PEOPLE, STATES
from tests.workflow.office import Office

Draw = Callable[[st.SearchStrategy[Any]], Any]
"""How the machine draws by chance."""

INDICATOR = st.sampled_from(INDICATORS)
SENTENCE = st.sampled_from(SENTENCES)
ANSWER = INDICATOR.flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(ANSWERS[name])))
ON = st.sampled_from(("now", "now", "now", "before", "ahead"))
"""The version that a save is made on."""
FRESH = st.sampled_from((True, True, False))
"""Whether someone acts on what they read just now, or on an older text."""
WORDINGS = st.sampled_from(("Health care is open to many.", "Fees differ from place to place."))
SIDES = st.sampled_from((("appoint", "leave"), ("appoint",), ("leave",)))


def _base(version: int, on: str) -> int:
    return {"now": version, "before": max(version - 1, 0), "ahead": version + 1}[on]


def _seen(draw: Draw, known: dict[str, str], now: str | None) -> dict[str, Any]:
    """What stands there, or the last thing that was read before it."""
    older = next((key for key in reversed(known) if key != now), None)
    return {"seen": now if draw(FRESH) else older}


def _answer(draw: Draw, case: Case) -> dict[str, Any]:
    """An answer, or the same once more."""
    indicator, body = draw(ANSWER)
    version, on = case.model.version(indicator), draw(ON)
    if version and on == "before" and draw(st.booleans()):
        body = case.model.saved[indicator][-1]
    return {"indicator": indicator, "body": body, "base": _base(version, on)}


def _source(draw: Draw, case: Case) -> dict[str, Any]:
    version = len(case.model.laws)
    same = draw(st.sampled_from((False, False, True)))
    title = case.model.laws[-1] if same else f"Law number {version + 1}"
    return {"title": title, "base": _base(version, draw(ON))}


def _mark(draw: Draw, case: Case) -> dict[str, Any]:
    indicator, submitted = draw(INDICATOR), case.model.submitted()
    version = submitted.version(indicator) if submitted else 0
    return {"indicator": indicator, "version": _base(version, draw(ON))}


def _edit(draw: Draw, case: Case) -> dict[str, Any]:
    sentence = draw(SENTENCE)
    edit = case.model.edits.get(sentence)
    return {"sentence": sentence, "base": _base(edit.version if edit else 0, draw(ON))}


def _draft(draw: Draw, case: Case) -> dict[str, Any]:
    return _seen(draw, case.known.drafts, case.model.text() if case.model.submissions else None)


def _proposal(draw: Draw, case: Case) -> dict[str, Any]:
    """The last contribution or one before; None if there is none."""
    last = len(case.model.proposals) - 1
    return {"number": None if last < 0 else max(last - draw(st.integers(0, 2)), 0)}


def _adoption(draw: Draw, case: Case) -> dict[str, Any]:
    chosen = _proposal(draw, case)
    indicator = HEALTH if chosen["number"] is None else case.model.proposals[chosen["number"]].indicator
    return chosen | {"base": _base(case.model.version(indicator), draw(ON))}


GIVEN: dict[str, Callable[[Draw, Case], dict[str, Any]]] = {
    "save_answer": _answer,
    "save_source": _source,
    "sign_off": lambda draw, case: _seen(draw, case.known.hashes, case.model.present().key()),
    "return_indicators": lambda draw, case: {
        "indicators": tuple(draw(st.lists(INDICATOR, min_size=1, max_size=2, unique=True)))
    },
    "comment": lambda draw, case: {
        "indicator": draw(INDICATOR), "audience": draw(st.sampled_from(sorted(AUDIENCES))),
    },
    "mark_reviewed": _mark,
    "edit_sentence": lambda draw, case: _edit(draw, case) | {"text": draw(WORDINGS)},
    "remove_edit": _edit,
    "approve": _draft,
    "consent": lambda draw, case: _seen(draw, case.known.texts, case.model.approved),
    "publish": lambda draw, case: {"erratum": bool(case.model.public) == draw(FRESH)},
    "assign": lambda draw, case: {"indicator": draw(INDICATOR)},
    "propose": lambda draw, case: dict(zip(("indicator", "body"), draw(ANSWER), strict=True)),
    "adopt": _adoption,
    "decline_contribution": _proposal,
}  # fmt: skip
"""What an action is given: mostly what fits, at times what is stale, missing or wrong."""


class Workflow(RuleBasedStateMachine):
    """Drives one assessment. At the end it must be possible to publish it, from wherever it is."""

    office: Office

    def __init__(self) -> None:
        super().__init__()
        self.sound = False

    @initialize(signatory=st.booleans(), state=st.sampled_from(sorted(STATES.values())))
    def open_assessment(self, signatory: bool, state: str) -> None:
        self.case = Case(self.office, signatory=signatory)
        self.case.bring_to(state)
        self.sound = True

    def teardown(self) -> None:
        if self.sound:
            self.case.bring_to("published")

    def _try(self, draw: Draw, person: str, action: str) -> None:
        given = GIVEN[action](draw, self.case) if action in GIVEN else {}
        self.sound = False
        self.case.step(person, action, **given)
        self.sound = True

    @rule(data=st.data())
    def someone_who_may(self, data: st.DataObject) -> None:
        """Someone takes a step that is theirs now."""
        model = self.case.model
        steps = {action: [person for person in PEOPLE if model.may(person, action)] for action in MAY}
        action = data.draw(st.sampled_from([action for action, people in steps.items() if people]))
        self._try(data.draw, data.draw(st.sampled_from(steps[action])), action)

    @rule(data=st.data(), person=st.sampled_from(list(PEOPLE)), action=st.sampled_from(list(MAY)))
    def anyone(self, data: st.DataObject, person: str, action: str) -> None:
        """Anyone tries anything."""
        self._try(data.draw, person, action)

    @rule(steps=st.integers(1, 3), second=st.booleans())
    def onward(self, steps: int, second: bool) -> None:
        """The next steps on the way to publication; one of the two focal points takes those of the government."""
        self.sound = False
        for _ in range(steps):
            self.case.onward("second_focal" if second else "focal")
        self.sound = True

    @precondition(lambda self: self.case.model.roles["second_focal"] == {"focal_point"})
    @rule(steps=SIDES)
    def change_sides(self, steps: tuple[str, ...]) -> None:
        """The second focal point becomes a reviewer, or is a focal point no longer."""
        for step in steps:
            getattr(self.case, step)()


def workflow_in(office: Office) -> type[Workflow]:
    """The machine, on a service."""
    return type("WorkflowHere", (Workflow,), {"office": office})
