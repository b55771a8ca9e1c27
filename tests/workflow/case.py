"""One assessment, driven through the service beside its model: every step is tried in both, then both are looked at."""

from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
from sqlmodel import col

from app.models.people import RoleGrant
from tests.workflow.content import ANSWERS, Gap
from tests.workflow.looking import Look
from tests.workflow.model import PEOPLE, Model, Refused
from tests.workflow.office import Office, Setting, Tried, end_roles, give_role
from tests.workflow.requests import REQUESTS, Known


class Outcome(NamedTuple):
    """What the service answered: the kind of problem, or None; and what it says is missing."""

    refused: str | None
    missing: list[Gap] | None = None


class Case:
    """An assessment in the service and its model."""

    def __init__(self, office: Office, *, signatory: bool, earlier: bool = False) -> None:
        self.office = office
        self.setting: Setting = office.open_assessment(signatory=signatory, earlier=earlier)
        roles = {person: set(held) for person, held in PEOPLE.items()}
        if not signatory:
            roles["signatory"] = set()
        self.model = Model(roles, self.setting.laws, self.setting.earlier)
        self.known = Known({}, {}, {}, [], self.setting.ministry)
        self.look = Look(office, self.setting, self.model, self.known)
        self.look.at_all()

    def step(self, person: str, action: str, **given: Any) -> None:
        """Try an action as a person; it must come out as in the model, and leave all as the model is then."""
        self.office.world.later(seconds=1)
        state = self.model.state
        try:
            recorded, expected = getattr(self.model, action)(person, **given), Outcome(None)
        except Refused as refused:
            recorded, expected = False, Outcome(refused.kind, refused.missing)
        found = self._do(person, action, given)
        told = f"{person}: {action} {given}, while {state}"
        assert found == expected, f"{told}: it came out as {found}, and should as {expected}"
        self.office.tried[Tried(state, action, expected.refused is None)] += 1
        self.look.at_record(self.setting.accounts[person], recorded=recorded)
        if expected.refused is None:
            self.look.after(action, recorded=recorded)

    def _do(self, person: str, action: str, given: dict[str, Any]) -> Outcome:
        request = REQUESTS[action](self.known, given)
        headers = {} if request.base is None else {"If-Match": f'"{request.base}"'}
        path = f"/assessments/{self.setting.assessment_id}/{request.rest}"
        secret = self.setting.secrets[person]
        answer = self.office.send(request.method, path, secret, json=request.body, headers=headers)
        if action == "propose" and answer.is_success:
            self.known.contributions.append(answer.json()["id"])
        return _outcome(answer)

    def appoint(self) -> None:
        """The second focal point becomes a reviewer as well."""
        if "reviewer" not in self.model.roles["second_focal"]:
            self.model.roles["second_focal"].add("reviewer")
            with self.office.world.work("manage_accounts") as work:
                account = self.setting.accounts["second_focal"]
                give_role(work.session, account, "reviewer", self.setting.country, self.office.world)

    def leave(self) -> None:
        """The second focal point is none any longer."""
        self.model.roles["second_focal"].discard("focal_point")
        with self.office.world.work("manage_accounts") as work:
            mine = col(RoleGrant.account_id) == self.setting.accounts["second_focal"]
            end_roles(work.session, mine & (col(RoleGrant.role) == "focal_point"), self.office.world)

    # The way to publication

    def onward(self, focal: str = "focal") -> None:
        """The next step of the way, taken by the person whose step it is, with what they have read."""
        focal = focal if "focal_point" in self.model.roles[focal] else "focal"
        steps: dict[str, Callable[[], None]] = {
            "collecting": lambda: self.towards_submission(focal),
            "in_review": self.towards_approval,
            "approved": lambda: self.step(focal, "consent", seen=self.model.approved),
            "consented": lambda: self.step("reviewer", "publish", erratum=bool(self.model.public)),
            "published": lambda: self.step("reviewer", "open_erratum"),
            "withdrawn": lambda: self.step("reviewer", "open_erratum"),
        }
        steps[self.model.state]()

    def towards_submission(self, focal: str = "focal") -> None:
        """What is missing is answered, what was sent back is explained, what is unsigned is signed; then it is submitted."""
        missing = self.model.before_submission()
        indicator = missing[0][0] if missing else None
        if not missing:
            self.step(focal, "submit")
        elif indicator is None:
            self.step("signatory", "sign_off", seen=self.model.present().key())
        elif missing[0] not in self.model.live().missing() and indicator not in self.model.unconfirmed():
            self.step(focal, "comment", indicator=indicator, audience="shared")
        else:
            base = self.model.version(indicator)
            self.step(focal, "save_answer", indicator=indicator, body=ANSWERS[indicator][0], base=base)

    def towards_approval(self) -> None:
        """What stands in the way is cleared away; then it is approved."""
        stale = [sentence for sentence in self.model.edits if self.model.stale(sentence)]
        missing = self.model.before_approval()
        if stale:
            self.step("reviewer", "remove_edit", sentence=stale[0], base=self.model.edits[stale[0]].version)
        elif missing and missing[0][0] is not None:
            self.step("reviewer", "return_indicators", indicators=(missing[0][0],))
        elif missing:
            self.step("signatory", "sign_off", seen=self.model.present().key())
        else:
            self.step("reviewer", "approve", seen=self.model.text())

    def bring_to(self, state: str, focal: str = "focal") -> None:
        """Take the steps that lead to a state, from wherever it is."""
        for _ in range(30):
            if self.model.state == state:
                return
            if state == "collecting" and self.model.state == "in_review":
                self.step("reviewer", "return_indicators", indicators=("health-access",))
            elif state == "withdrawn" and self.model.state == "published":
                self.step("focal", "withdraw")
            else:
                self.onward(focal)
        raise AssertionError(f"there is no way from {self.model.state} to {state}")


def _outcome(answer: httpx.Response) -> Outcome:
    if answer.is_success:
        return Outcome(None)
    problem = answer.json()
    missing = problem.get("missing")
    gaps = None if missing is None else [(gap["indicator"], gap["question"]) for gap in missing]
    return Outcome(problem["type"].removeprefix("/problems/"), gaps)
