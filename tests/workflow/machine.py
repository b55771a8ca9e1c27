"""The machine: everyone tries everything at any time, half of it by people whose step it is, on the text that stands there."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.workflow.case import Case
from tests.workflow.content import ANSWERS, INDICATORS, SENTENCES, Body
from tests.workflow.model import AUDIENCES, PEOPLE, STATES
from tests.workflow.office import Office

WHO = st.none() | st.sampled_from(sorted(PEOPLE))
"""A person; None is someone who may do it, if there is anyone."""
INDICATOR = st.sampled_from(INDICATORS)
SENTENCE = st.sampled_from(SENTENCES)
ON = st.sampled_from(("now", "now", "now", "before", "ahead"))
"""The version that a save is made on."""
FRESH = st.sampled_from((True, True, False))
"""Whether someone acts on what they read just now, or on an older text."""
ANSWER = INDICATOR.flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(ANSWERS[name])))
WORDINGS = st.sampled_from(("Health care is open to many.", "Fees differ from place to place."))


def _base(version: int, on: str) -> int:
    return {"now": version, "before": max(version - 1, 0), "ahead": version + 1}[on]


class Workflow(RuleBasedStateMachine):
    """Drives one assessment. At the end it must be possible to publish it, from wherever it is."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.sound = False

    @initialize(signatory=st.booleans(), state=st.sampled_from(sorted(STATES.values())))
    def open_assessment(self, signatory: bool, state: str) -> None:
        self.case = Case(self.office, signatory=signatory)
        self.model = self.case.model
        self.case.bring_to(state)
        self.sound = True

    def teardown(self) -> None:
        if self.sound:
            self.case.bring_to("published")

    def _try(self, who: str | None, action: str, **given: Any) -> None:
        self.sound = False
        self.case.step(who or self.case.someone_for(action) or "focal", action, **given)
        self.sound = True

    @rule(steps=st.integers(1, 6))
    def onward(self, steps: int) -> None:
        self.sound = False
        for _ in range(steps):
            self.case.onward()
        self.sound = True

    @rule(who=WHO, answer=ANSWER, on=ON)
    def save_answer(self, who: str | None, answer: tuple[str, Body], on: str) -> None:
        indicator, body = answer
        base = _base(self.model.version(indicator), on)
        self._try(who, "save_answer", indicator=indicator, body=body, base=base)

    @rule(who=WHO, indicator=INDICATOR)
    def save_the_same_again(self, who: str | None, indicator: str) -> None:
        body = (self.model.saved[indicator] or [ANSWERS[indicator][0]])[-1]
        base = _base(self.model.version(indicator), "before")
        self._try(who, "save_answer", indicator=indicator, body=body, base=base)

    @rule(who=WHO, on=ON, same=st.booleans())
    def save_source(self, who: str | None, on: str, same: bool) -> None:
        version = len(self.model.laws)
        title = self.model.laws[-1] if same else f"Law number {version + 1}"
        self._try(who, "save_source", title=title, base=_base(version, on))

    @rule(who=WHO)
    def submit(self, who: str | None) -> None:
        self._try(who, "submit")

    @rule(who=WHO, fresh=FRESH)
    def sign_off(self, who: str | None, fresh: bool) -> None:
        self._try(who, "sign_off", seen=self._seen(self.case.known.hashes, self.model.present().key(), fresh))

    @rule(who=WHO, indicators=st.lists(INDICATOR, min_size=1, max_size=2, unique=True))
    def return_indicators(self, who: str | None, indicators: list[str]) -> None:
        self._try(who, "return_indicators", indicators=tuple(indicators))

    @rule(who=WHO, indicator=INDICATOR, audience=st.sampled_from(sorted(AUDIENCES)))
    def comment(self, who: str | None, indicator: str, audience: str) -> None:
        self._try(who, "comment", indicator=indicator, audience=audience)

    @rule(who=WHO, indicator=INDICATOR, on=ON)
    def mark_reviewed(self, who: str | None, indicator: str, on: str) -> None:
        submitted = self.model.submitted()
        version = submitted.version(indicator) if submitted else 0
        self._try(who, "mark_reviewed", indicator=indicator, version=_base(version, on))

    @rule(who=WHO, sentence=SENTENCE, text=WORDINGS, on=ON)
    def edit_sentence(self, who: str | None, sentence: str, text: str, on: str) -> None:
        self._try(who, "edit_sentence", sentence=sentence, text=text, base=self._edit_base(sentence, on))

    @rule(who=WHO, sentence=SENTENCE, on=ON)
    def remove_edit(self, who: str | None, sentence: str, on: str) -> None:
        self._try(who, "remove_edit", sentence=sentence, base=self._edit_base(sentence, on))

    def _edit_base(self, sentence: str, on: str) -> int:
        edit = self.model.edits.get(sentence)
        return _base(edit.version if edit else 0, on)

    def _seen(self, known: dict[str, str], now: str | None, fresh: bool) -> str | None:
        """What stands there, or the last thing that was read before it."""
        return now if fresh else next((key for key in reversed(known) if key != now), None)

    @rule(who=WHO, fresh=FRESH)
    def approve(self, who: str | None, fresh: bool) -> None:
        now = self.model.text() if self.model.submissions else None
        self._try(who, "approve", seen=self._seen(self.case.known.drafts, now, fresh))

    @rule(who=WHO, fresh=FRESH)
    def consent(self, who: str | None, fresh: bool) -> None:
        self._try(who, "consent", seen=self._seen(self.case.known.texts, self.model.approved, fresh))

    @rule(who=WHO)
    def decline(self, who: str | None) -> None:
        self._try(who, "decline")

    @rule(who=WHO, right=st.booleans())
    def publish(self, who: str | None, right: bool) -> None:
        self._try(who, "publish", erratum=bool(self.model.public) == right)

    @rule(who=WHO)
    def open_erratum(self, who: str | None) -> None:
        self._try(who, "open_erratum")

    @rule(who=WHO)
    def withdraw(self, who: str | None) -> None:
        self._try(who, "withdraw")

    @rule(who=WHO, indicator=INDICATOR)
    def assign(self, who: str | None, indicator: str) -> None:
        self._try(who, "assign", indicator=indicator)

    @rule(who=WHO, answer=ANSWER)
    def propose(self, who: str | None, answer: tuple[str, Body]) -> None:
        self._try(who, "propose", indicator=answer[0], body=answer[1])

    @rule(who=WHO, on=ON, earlier=st.integers(0, 2))
    def adopt(self, who: str | None, on: str, earlier: int) -> None:
        number = self._proposal(earlier)
        indicator = INDICATORS[0] if number is None else self.model.proposals[number].indicator
        self._try(who, "adopt", number=number, base=_base(self.model.version(indicator), on))

    @rule(who=WHO, earlier=st.integers(0, 2))
    def decline_contribution(self, who: str | None, earlier: int) -> None:
        self._try(who, "decline_contribution", number=self._proposal(earlier))

    def _proposal(self, earlier: int) -> int | None:
        """The last contribution, or one before; None if there is none."""
        return max(len(self.model.proposals) - 1 - earlier, 0) if self.model.proposals else None

    @rule(leaves=st.booleans())
    def change_sides(self, leaves: bool) -> None:
        """The second focal point becomes a reviewer, or is a focal point no longer."""
        if leaves:
            self.case.leave()
        else:
            self.case.appoint()
