"""What must hold after every step, whatever it was: read from the service, and compared with the model."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlmodel import col, select

from app.documents import render
from app.models.record import Event
from scoring.snapshot import Snapshot
from tests.workflow.content import LAW
from tests.workflow.model import MAY, Model
from tests.workflow.office import Office, Setting
from tests.workflow.requests import Known

GLANCE = {action: action for action in MAY} | {
    "return_indicators": "return",
    "remove_edit": "edit_sentence",
    "decline": "decline_consent",
    "adopt": "decide_contribution",
    "decline_contribution": "decide_contribution",
}
"""The model's actions, and their names in what the service tells one may do."""
BESIDE = frozenset({"comment", "assign", "propose", "decline_contribution", "mark_reviewed"})
"""Actions beside the answers and the way to publication."""


@dataclass
class Look:
    """Looks at an assessment as its people see it. It keeps what was consented to and published, byte for byte."""

    office: Office
    setting: Setting
    model: Model
    known: Known
    seq: int = 0
    hash: str = ""
    submissions: int = 0
    consented: bytes = b""
    public: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._new_events()

    def _get(self, person: str, rest: str) -> httpx.Response:
        path = f"/assessments/{self.setting.assessment_id}{rest}"
        return self.office.send("GET", path, self.setting.secrets[person])

    def _read(self, person: str, rest: str) -> Any:
        answer = self._get(person, rest)
        assert answer.status_code == 200, f"{person} cannot read {rest}: {answer.text[:300]}"
        return answer.json()

    def at_record(self, actor: str, *, recorded: bool) -> None:
        """A change leaves events of whoever made it, and nothing else leaves any; the chain holds."""
        events = self._new_events()
        assert bool(events) == recorded, f"on record: {[event.kind for event in events]}"
        assert all(event.actor == actor for event in events), "the record names someone else"
        assert not events or events[-1].state == self.model.state, f"the state is {events[-1].state}"

    def _new_events(self) -> list[Event]:
        """The events since the last look; each hash is computed anew."""
        statement = select(Event).where(col(Event.stream) == self.setting.assessment_id, col(Event.seq) > self.seq)
        with self.office.world.service.database.reading() as session:
            events = list(session.exec(statement.order_by(col(Event.seq))))
        for event in events:
            fields = (
                event.stream, event.seq, event.at, event.kind, event.actor, event.subject, event.payload, event.state,
            )  # fmt: skip
            self.hash = hashlib.sha256("\x1f".join((self.hash, *map(str, fields))).encode()).hexdigest()
            self.seq += 1
            assert (event.seq, event.hash) == (self.seq, self.hash), f"the chain does not hold at {event.kind}"
        return events

    def after(self, action: str, *, recorded: bool) -> None:
        """What people see is as in the model; after what is done beside the answers, they look at less."""
        if recorded and action not in BESIDE:
            self.at_all()
            return
        self._at_answers()
        self._at_consent()
        if action == "mark_reviewed":
            self._at_marks()

    def at_all(self) -> None:
        """Everything that people see is as in the model."""
        self._at_answers()
        self._at_returns()
        if self.model.state in ("collecting", "in_review"):
            self._at_sign_off()
        self._at_submission()
        self._at_approval()
        self._at_consent()
        self._at_public()

    def at_glance(self) -> None:
        """Everyone is told the state, and which of the actions they may take; strangers are told nothing."""
        status = self._get("reviewer", "/approval").status_code
        assert (status == 200) == (self.model.state == "in_review"), (
            f"what to approve while {self.model.state}: {status}"
        )
        for person in self.setting.secrets:
            answer = self._get(person, "")
            assert (answer.status_code == 404) == (not self.model.roles[person]), f"{person} sees the assessment"
            if answer.is_success:
                found, told = answer.json(), set(GLANCE.values())
                due = {name for action, name in GLANCE.items() if self.model.may(person, action)}
                assert found["state"] == self.model.state, f"the state is {found['state']}"
                assert set(found["actions"]) & told == due, f"{person} may {found['actions']}, and should {due}"

    def _at_answers(self) -> None:
        found = {saved["indicator"]: (saved["version"], saved["answer"]) for saved in self._read("focal", "/answers")}
        saved = {name: (len(bodies), bodies[-1]) for name, bodies in self.model.saved.items() if bodies}
        assert found == saved, f"the answers are {found}, and should be {saved}"

    def _at_returns(self) -> None:
        found = {item["indicator"]: item["status"] for item in self._read("focal", "/returns")}
        still = self.model.open_returns()
        due = {name: "changes_requested" if name in still else "changed" for name in self.model.returned}
        assert found == due, f"sent back are {found}, and should be {due}"

    def _at_sign_off(self) -> None:
        found, key = self._read("focal", "/sign-off"), self.model.present().key()
        _stands_for(self.known.hashes, key, found["sha256"])
        signed = self.model.signed == key
        assert found["valid"] == signed, f"the sign-off is valid: {found['valid']}, and should be: {signed}"

    def _at_submission(self) -> None:
        """Reviewers see what was last submitted, and nothing newer."""
        content, answer = self.model.submitted(), self._get("reviewer", "/answers")
        if content is None:
            assert answer.status_code == 409, "a reviewer sees what was never submitted"
            return
        found = {saved["indicator"]: (saved["version"], saved["answer"]) for saved in answer.json()}
        submitted = {name: tuple(given) for name, given in content.answers.items()}
        assert found == submitted, f"a reviewer sees {found}, and should see {submitted}"
        if len(self.model.submissions) == self.submissions and self.model.state != "collecting":
            return
        self.submissions = len(self.model.submissions)
        titles = [item["source"]["title"] for item in self._read("reviewer", "/sources") if item["id"] == LAW]
        assert titles == ([content.law] if content.law else []), (
            f"a reviewer sees {titles}, and should see {content.law}"
        )
        self._at_marks()

    def _at_marks(self) -> None:
        content = self.model.submitted()
        assert content is not None, "something was marked as read before it was submitted"
        marks = {mark["indicator"]: mark["current"] for mark in self._read("reviewer", "/reviews")}
        due = {name: version == content.version(name) for name, version in self.model.marks.items()}
        assert marks == due, f"marked as read are {marks}, and should be {due}"

    def _at_approval(self) -> None:
        if self.model.state != "in_review":
            return
        found = self._read("reviewer", "/approval")
        _stands_for(self.known.drafts, self.model.text(), found["fingerprint"])
        missing = [(gap["indicator"], gap["question"]) for gap in found["missing"]]
        due = self.model.before_approval()
        assert missing == due, f"in the way of an approval are {missing}, and should be {due}"

    def _at_consent(self) -> None:
        """There is a text to consent to as long as the approval is valid, and no longer."""
        answer, approved = self._get("focal", "/consent"), self.model.approved
        assert (answer.status_code == 200) == (approved is not None), f"consent to read: {answer.status_code}"
        if approved is not None:
            found = answer.json()
            _stands_for(self.known.texts, approved, found["fingerprint"])
            self.consented = render(Snapshot.model_validate(found["document"]), "json")

    def _at_public(self) -> None:
        """What is public is what was consented to, byte for byte, whatever was changed since."""
        if len(self.model.public) > len(self.public):
            self.public.append(self.consented)
        answer = self.office.send("GET", f"/snapshots/{self.setting.country}/{self.setting.year}.json", None)
        if not self.model.public:
            assert answer.status_code == 404, "something is public that was never published"
            return
        last, number = self.model.public[-1], len(self.model.public)
        assert answer.status_code == (410 if last.withdrawn else 200), f"the public page answers {answer.status_code}"
        if not last.withdrawn:
            assert answer.content == self.public[-1], "what is public is not what was consented to"
            tag = f'"{self.known.texts[last.text]}-{number}-json"'
            assert answer.headers["etag"] == tag, f"the ETag is {answer.headers['etag']}, and should be {tag}"


def _stands_for(known: dict[str, str], key: str, value: str) -> None:
    """A hash is the same for the same content, and another for another."""
    before = next((content for content, told in known.items() if told == value), key)
    assert before == key, f"two contents have one hash: {before} and {key}"
    assert known.setdefault(key, value) == value, f"one content has two hashes: {key}"
