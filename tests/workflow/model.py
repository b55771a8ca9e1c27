"""What should happen, by hand: who may do what when, and what it leads to. It knows nothing of the service's own table."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tests.workflow.content import EMPTY, INDICATORS, LAW, Body, Content, Gap, Given

STATES = {
    "c": "collecting",
    "r": "in_review",
    "a": "approved",
    "n": "consented",
    "p": "published",
    "w": "withdrawn",
}
ALWAYS = "cranpw"
MAY: dict[str, dict[str, str]] = {
    "save_answer": {"focal_point": "can"},
    "save_source": {"focal_point": "can"},
    "carry_over": {"focal_point": "c"},
    "submit": {"focal_point": "c"},
    "sign_off": {"signatory": "cr"},
    "return_indicators": {"reviewer": "r"},
    "comment": {
        "focal_point": ALWAYS, "contributor": ALWAYS, "signatory": ALWAYS, "reviewer": ALWAYS, "adviser": "c",
    },
    "mark_reviewed": {"reviewer": "r"},
    "edit_sentence": {"reviewer": "ran"},
    "remove_edit": {"reviewer": "ran"},
    "approve": {"reviewer": "r"},
    "consent": {"focal_point": "a"},
    "decline": {"focal_point": "an"},
    "publish": {"reviewer": "n"},
    "open_erratum": {"reviewer": "pw"},
    "withdraw": {"focal_point": "cranp", "reviewer": "cranp"},
    "assign": {"focal_point": "c"},
    "propose": {"contributor": "c"},
    "adopt": {"focal_point": "c"},
    "decline_contribution": {"focal_point": "c"},
}  # fmt: skip
"""Action → role → the states in which it may. What is not here may not be done."""
AUDIENCES: dict[str, dict[str, str]] = {
    "government": dict.fromkeys(("focal_point", "contributor", "signatory"), ALWAYS),
    "shared": {"focal_point": ALWAYS, "reviewer": ALWAYS, "adviser": "c"},
    "internal": {"reviewer": ALWAYS},
}
GOVERNMENT = {"focal_point", "contributor", "signatory"}
PEOPLE: dict[str, tuple[str, ...]] = {
    "focal": ("focal_point",),
    "second_focal": ("focal_point",),
    "contributor": ("contributor",),
    "signatory": ("signatory",),
    "adviser": ("adviser",),
    "reviewer": ("reviewer",),
    "second_reviewer": ("reviewer",),
    "administrator": ("administrator",),
    "stranger": (),
}
"""Everyone, with their roles at first. In some countries the signatory is none."""


class Refused(Exception):
    """The kind of problem that the service should answer with, and what it should say is missing."""

    def __init__(self, kind: str, missing: list[Gap] | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.missing = missing


class Submitted(NamedTuple):
    """A submission, and who made it."""

    content: Content
    by: str


class Edited(NamedTuple):
    """The last version of a reworded sentence; `made_of` is what the generated sentence was made of then."""

    version: int
    text: str | None
    made_of: tuple[object, ...] | None


@dataclass
class Proposal:
    """A contribution and what became of it."""

    indicator: str
    body: Body
    state: str = "proposed"


@dataclass
class Published:
    """A publication: the text that it shows."""

    text: str
    withdrawn: bool = False


@dataclass
class Model:
    """An assessment as it should be. Each action returns whether it leaves an event; `Refused` if it should not be done."""

    roles: dict[str, set[str]]
    laws: list[str]
    earlier: dict[str, Body] | None
    state: str = "collecting"
    saved: dict[str, list[Body]] = field(default_factory=lambda: {indicator: [] for indicator in INDICATORS})
    carried: set[str] = field(default_factory=set)
    submissions: list[Submitted] = field(default_factory=list)
    signed: str | None = None
    returned: dict[str, int] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    marks: dict[str, int] = field(default_factory=dict)
    edits: dict[str, Edited] = field(default_factory=dict)
    approved: str | None = None
    public: list[Published] = field(default_factory=list)
    assigned: set[str] = field(default_factory=set)
    proposals: list[Proposal] = field(default_factory=list)

    # What stands there

    def version(self, indicator: str) -> int:
        """The version of an answer now."""
        return len(self.saved[indicator])

    def live(self) -> Content:
        """What stands there now."""
        given = {name: Given(len(bodies), bodies[-1]) for name, bodies in self.saved.items() if bodies and bodies[-1]}
        named = any(LAW in answer.body.get("values", {}).values() for answer in given.values())
        return Content(given, self.laws[-1] if named else None)

    def submitted(self) -> Content | None:
        """What was last submitted."""
        return self.submissions[-1].content if self.submissions else None

    def _last(self) -> Content:
        submitted = self.submitted()
        assert submitted is not None, f"nothing was submitted, and yet it is {self.state}"
        return submitted

    def present(self) -> Content:
        """What is to be signed: what stands there while collecting, then what was submitted."""
        return self.live() if self.state == "collecting" or not self.submissions else self._last()

    def text(self) -> str:
        """The text of the draft: what was submitted, with the sentences that were reworded."""
        last = self._last()
        reworded = {name: edit.text for name, edit in sorted(self.edits.items()) if edit.text and last.told(name)}
        return repr((last.key(), reworded))

    def stale(self, sentence: str) -> bool:
        """Whether a sentence was reworded, and is made of something else since."""
        edit = self.edits.get(sentence)
        return edit is not None and edit.text is not None and edit.made_of != self._last().told(sentence)

    def open_returns(self) -> list[str]:
        """What was sent back and is as it was."""
        live = self.live()
        return [name for name in INDICATORS if name in self.returned and live.version(name) == self.returned[name]]

    def unconfirmed(self) -> list[str]:
        """What was carried over, and neither confirmed nor changed since."""
        return [name for name in INDICATORS if name in self.carried and self.version(name) == 1]

    def _unsigned(self) -> list[Gap]:
        wanted = any("signatory" in held for held in self.roles.values())
        return [(None, None)] if wanted and self.signed != self.present().key() else []

    def before_submission(self) -> list[Gap]:
        """What stands in the way of a submission, in the order in which it is told."""
        gaps = self.live().missing() + [(name, None) for name in self.unconfirmed()]
        gaps += [(name, None) for name in self.open_returns() if name not in self.answered]
        return sorted(gaps, key=lambda gap: INDICATORS.index(str(gap[0]))) + self._unsigned()

    def before_approval(self) -> list[Gap]:
        """What stands in the way of an approval, in the order in which it is told."""
        stale = [(sentence.partition(".")[0], None) for sentence in sorted(self.edits) if self.stale(sentence)]
        return [*self._last().missing(), *stale, *self._unsigned()]

    # Who may

    def check(self, person: str, action: str) -> None:
        """Refuse what a person may not do, or not now."""
        if not self.roles[person]:
            raise Refused("not-found")
        self._check(person, MAY[action])

    def _check(self, person: str, may: dict[str, str]) -> None:
        states = "".join(may.get(role, "") for role in self.roles[person])
        if not states:
            raise Refused("not-allowed")
        if self.state not in {STATES[letter] for letter in states}:
            raise Refused("wrong-state")

    def may(self, person: str, action: str) -> bool:
        """Whether a person may do something now, as far as role and state go."""
        try:
            self.check(person, action)
        except Refused:
            return False
        return True

    # The government

    def save_answer(self, person: str, *, indicator: str, body: Body, base: int) -> bool:
        """Save on top of a version; the same again changes nothing."""
        self.check(person, "save_answer")
        return self._save(person, indicator, body, base)

    def _save(self, person: str, indicator: str, body: Body, base: int) -> bool:
        bodies = self.saved[indicator]
        if base < len(bodies) and bodies[base] == body:
            return False
        if base != len(bodies):
            raise Refused("changed-meanwhile")
        bodies.append(body)
        self._void(person)
        return True

    def save_source(self, person: str, *, title: str, base: int) -> bool:
        """Save the law on top of a version; the same again changes nothing."""
        self.check(person, "save_source")
        version = len(self.laws)
        if self.laws[-1] == title and base in (version - 1, version):
            return False
        if base != version:
            raise Refused("changed-meanwhile")
        self.laws.append(title)
        self._void(person)
        return True

    def _void(self, person: str, *, reworded: bool = False) -> None:
        """Any change voids approval and consent; a change of the content is put before the reviewers."""
        if self.state not in ("approved", "consented"):
            return
        self.state, self.approved = "in_review", None
        if not reworded:
            self.submissions.append(Submitted(self.live(), person))

    def carry_over(self, person: str) -> bool:
        """Take over what was answered in the earlier round, where nothing was answered here."""
        self.check(person, "carry_over")
        if self.earlier is None:
            raise Refused("not-found")
        carried = [name for name in self.earlier if not self.saved[name]]
        for name in carried:
            self.saved[name].append(self.earlier[name])
        self.carried.update(carried)
        return bool(carried)

    def submit(self, person: str) -> bool:
        """Submit, if nothing is missing."""
        self.check(person, "submit")
        if self.before_submission():
            raise Refused("incomplete", self.before_submission())
        self.submissions.append(Submitted(self.live(), person))
        self.state = "in_review"
        return True

    def sign_off(self, person: str, *, seen: str | None) -> bool:
        """Sign what was seen, if it is what stands there."""
        self.check(person, "sign_off")
        if seen != self.present().key():
            raise Refused("changed-meanwhile")
        self.signed = seen
        return True

    def comment(self, person: str, *, indicator: str, audience: str) -> bool:
        """Write; a focal point's shared comment answers what was sent back."""
        self.check(person, "comment")
        held = self.roles[person]
        if held == {"contributor"} and indicator not in self.assigned:
            raise Refused("not-found")
        self._check(person, AUDIENCES[audience])
        if audience == "internal" and held & GOVERNMENT:
            raise Refused("not-allowed")
        if audience == "shared" and "focal_point" in held:
            self.answered.add(indicator)
        return True

    def assign(self, person: str, *, indicator: str) -> bool:
        """Ask the contributor's ministry."""
        self.check(person, "assign")
        self.assigned.add(indicator)
        return True

    def propose(self, person: str, *, indicator: str, body: Body) -> bool:
        """Propose for an indicator that is assigned; it replaces what was proposed before."""
        self.check(person, "propose")
        if indicator not in self.assigned:
            raise Refused("not-found")
        if body == EMPTY:
            raise Refused("invalid")
        for earlier in self.proposals:
            if (earlier.indicator, earlier.state) == (indicator, "proposed"):
                earlier.state = "replaced"
        self.proposals.append(Proposal(indicator, body))
        return True

    def _undecided(self, number: int | None) -> Proposal:
        if number is None:
            raise Refused("not-found")
        if self.proposals[number].state != "proposed":
            raise Refused("conflict")
        return self.proposals[number]

    def adopt(self, person: str, *, number: int | None, base: int) -> bool:
        """Make a proposal the answer, on top of a version."""
        self.check(person, "adopt")
        proposal = self._undecided(number)
        self._save(person, proposal.indicator, proposal.body, base)
        proposal.state = "adopted"
        return True

    def decline_contribution(self, person: str, *, number: int | None) -> bool:
        """Decline a proposal."""
        self.check(person, "decline_contribution")
        self._undecided(number).state = "declined"
        return True

    # The review

    def return_indicators(self, person: str, *, indicators: tuple[str, ...]) -> bool:
        """Send indicators back, at the versions that were submitted."""
        self.check(person, "return_indicators")
        self.returned = {indicator: self._last().version(indicator) for indicator in indicators}
        self.answered = set()
        self.state = "collecting"
        return True

    def mark_reviewed(self, person: str, *, indicator: str, version: int) -> bool:
        """Mark what was submitted as read."""
        self.check(person, "mark_reviewed")
        if version != self._last().version(indicator):
            raise Refused("changed-meanwhile")
        self.marks[indicator] = version
        return True

    def edit_sentence(self, person: str, *, sentence: str, text: str, base: int) -> bool:
        """Reword a sentence of the draft, on top of a version; the same again changes nothing, unless it is stale."""
        self.check(person, "edit_sentence")
        made_of, edit = self._last().told(sentence), self.edits.get(sentence, Edited(0, None, None))
        if made_of is None:
            raise Refused("not-found")
        if edit.text == text and base in (edit.version, edit.version - 1) and not self.stale(sentence):
            return False
        return self._reword(person, sentence, text, base)

    def remove_edit(self, person: str, *, sentence: str, base: int) -> bool:
        """Let the generated sentence stand again."""
        self.check(person, "remove_edit")
        edit = self.edits.get(sentence)
        if edit is None:
            raise Refused("not-found")
        if edit.text is None and base in (edit.version, edit.version - 1):
            return False
        return self._reword(person, sentence, None, base)

    def _reword(self, person: str, sentence: str, text: str | None, base: int) -> bool:
        version = self.edits[sentence].version if sentence in self.edits else 0
        if base != version:
            raise Refused("changed-meanwhile")
        self.edits[sentence] = Edited(version + 1, text, self._last().told(sentence))
        self._void(person, reworded=True)
        return True

    # From approval to the public

    def approve(self, person: str, *, seen: str | None) -> bool:
        """Approve the draft that was seen; nobody approves for a government, nor what they submitted."""
        self.check(person, "approve")
        if self.roles[person] & GOVERNMENT or any(submission.by == person for submission in self.submissions):
            raise Refused("not-allowed")
        if self.before_approval():
            raise Refused("incomplete", self.before_approval())
        if seen != self.text():
            raise Refused("changed-meanwhile")
        self.state, self.approved = "approved", seen
        return True

    def consent(self, person: str, *, seen: str | None) -> bool:
        """Consent to the text that was seen."""
        self.check(person, "consent")
        if seen != self.approved:
            raise Refused("changed-meanwhile")
        self.state = "consented"
        return True

    def decline(self, person: str) -> bool:
        """Decline, or take consent back."""
        self.check(person, "decline")
        self.state, self.approved = "in_review", None
        return True

    def publish(self, person: str, *, erratum: bool) -> bool:
        """Publish what was consented to; a correction says what it corrects."""
        self.check(person, "publish")
        if erratum != bool(self.public):
            raise Refused("invalid")
        assert self.approved is not None, "nothing was approved, and yet it is consented"
        self.public.append(Published(self.approved))
        self.state, self.approved = "published", None
        return True

    def open_erratum(self, person: str) -> bool:
        """Take it up again; what is public stays so."""
        self.check(person, "open_erratum")
        self.state = "in_review"
        return True

    def withdraw(self, person: str) -> bool:
        """Withdraw what is public; while answers are collected for a correction, that goes on."""
        self.check(person, "withdraw")
        if not self.public or self.public[-1].withdrawn:
            raise Refused("nothing-published")
        self.public[-1].withdrawn = True
        if self.state != "collecting":
            self.approved = None
        if self.state != "collecting":
            self.state = "withdrawn"
        return True
