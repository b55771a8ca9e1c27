"""The machine: everyone tries everything at any time, half of it by people whose step it is."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

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
FRESH = st.booleans()
"""Whether someone acts on what they read just now, or on an older text."""
WORDINGS = st.sampled_from(("Health care is open to many.", "Fees differ from place to place."))
FOCAL = st.sampled_from(("focal", "second_focal"))
WAYS = (*["in turn"] * 4, "at any time", *["all who may not"] * 2, "on the way", "sides")
"""How a step comes about; see `_choose`."""
SIDES = st.sampled_from((("appoint", "leave"), ("appoint", "leave"), ("appoint",), ("leave",)))


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


def _proposing(draw: Draw, case: Case) -> dict[str, Any]:
    indicator = draw(st.sampled_from(sorted(case.model.assigned) * 3 + list(INDICATORS)))
    return {"indicator": indicator, "body": draw(st.sampled_from(ANSWERS[indicator]))}


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
    "propose": _proposing,
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

    @initialize(
        signatory=st.booleans(), earlier=st.booleans(), state=st.sampled_from(sorted(STATES.values())), focal=FOCAL
    )
    def open_assessment(self, signatory: bool, earlier: bool, state: str, focal: str) -> None:
        self.case = Case(self.office, signatory=signatory, earlier=earlier)
        self.case.step("focal", "assign", indicator=HEALTH)
        self.case.step("contributor", "propose", indicator=HEALTH, body=ANSWERS[HEALTH][0])
        self.case.bring_to(state, focal)
        self.sound = True

    def teardown(self) -> None:
        if self.sound:
            self.case.bring_to("published")

    @rule(data=st.data(), how=st.sampled_from(WAYS))
    def step(self, data: st.DataObject, how: str) -> None:
        """One rule alone, for Hypothesis leaves whole rules out of a run at times."""
        self.sound = False
        if how == "on the way":
            self.case.onward(data.draw(FOCAL))
        elif how == "sides" and self.case.model.roles["second_focal"] == {"focal_point"}:
            for change in data.draw(SIDES):
                getattr(self.case, change)()
        else:
            people, action = self._choose(data.draw, how)
            given = GIVEN[action](data.draw, self.case) if action in GIVEN else {}
            for person in people:
                self.case.step(person, action, **given)
        self.sound = True

    def _choose(self, draw: Draw, how: str) -> tuple[list[str], str]:
        """Who tries what: someone a step of theirs, now or at any time; or everyone who may not, one after the other."""
        model, everything = self.case.model, list(MAY)
        may = {action: [person for person in PEOPLE if model.may(person, action)] for action in everything}
        action = draw(st.sampled_from([name for name in everything if may[name]] if how == "in turn" else everything))
        if how == "all who may not":
            return [person for person in PEOPLE if person not in may[action]], action
        ever = [person for person in PEOPLE if model.roles[person] & MAY[action].keys()]
        people = may[action] or ever or list(PEOPLE)
        # Who has changed sides is the one who may approve what they submitted, if anyone.
        return [draw(st.sampled_from(people + [person for person in people if person == "second_focal"] * 3))], action


def workflow_in(office: Office) -> type[Workflow]:
    """The machine, on a service."""
    return type("WorkflowHere", (Workflow,), {"office": office})
