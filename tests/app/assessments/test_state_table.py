"""Who may do what when, written down by hand here and tried with real requests: state × role × action."""

from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import pytest

from app.assessments.workflow import ACTIONS, ROLES, STATES, allowed
from app.models.assessments import Assignment
from questionnaire.response import Response
from tests.steps import approve, bring_to, consent, fill, made, path, publish, sign_off, submit, withdraw
from tests.world import World

LETTERS = {
    "c": "collecting",
    "r": "in_review",
    "a": "approved",
    "n": "consented",
    "p": "published",
    "w": "withdrawn",
}
PEOPLE = {
    "focal_point": "focal_a",
    "contributor": "labour_a",
    "signatory": "signatory_a",
    "adviser": "adviser_a",
    "reviewer": "reviewer",
    "administrator": "administrator",
}
ALWAYS = "cranpw"

TABLE: dict[str, dict[str, str]] = {
    "see_assessment": dict.fromkeys(PEOPLE, ALWAYS),
    "see_progress": {
        "focal_point": ALWAYS, "contributor": ALWAYS, "signatory": ALWAYS, "adviser": "c", "reviewer": ALWAYS,
    },
    "see_answers": {
        "focal_point": ALWAYS, "contributor": ALWAYS, "signatory": ALWAYS, "adviser": "c", "reviewer": ALWAYS,
    },
    "see_sources": {
        "focal_point": ALWAYS, "contributor": ALWAYS, "signatory": ALWAYS, "adviser": "c", "reviewer": ALWAYS,
    },
    "see_evidence": {
        "focal_point": ALWAYS, "contributor": ALWAYS, "signatory": ALWAYS, "adviser": "c", "reviewer": ALWAYS,
    },
    "see_missing": {"focal_point": ALWAYS, "signatory": ALWAYS, "adviser": "c", "reviewer": ALWAYS},
    "see_draft": {"focal_point": ALWAYS, "signatory": ALWAYS, "adviser": "c", "reviewer": ALWAYS},
    "see_record": {"focal_point": ALWAYS, "signatory": ALWAYS, "reviewer": ALWAYS, "administrator": ALWAYS},
    "see_returns": {"focal_point": ALWAYS, "contributor": ALWAYS, "signatory": ALWAYS, "reviewer": ALWAYS},
    "see_reasons": {"focal_point": ALWAYS, "signatory": ALWAYS, "reviewer": ALWAYS},
    "see_sign_off": {"focal_point": ALWAYS, "signatory": ALWAYS},
    "see_approval": {"reviewer": "r"},
    "see_consent": {"focal_point": "an", "signatory": "an", "reviewer": "an"},
    "see_assignments": {"focal_point": ALWAYS, "contributor": ALWAYS, "signatory": ALWAYS},
    "see_contributions": {"focal_point": ALWAYS, "contributor": ALWAYS},
    "see_comments": {
        "focal_point": ALWAYS, "contributor": ALWAYS, "signatory": ALWAYS, "adviser": "c", "reviewer": ALWAYS,
    },
    "see_reviews": {"reviewer": ALWAYS},
    "see_comparison": {"focal_point": ALWAYS, "signatory": ALWAYS, "reviewer": ALWAYS},
    "export": {"focal_point": ALWAYS},
    "save_answer": {"focal_point": "can"},
    "save_source": {"focal_point": "can"},
    "add_evidence": {"focal_point": "can", "contributor": "c"},
    "change_evidence": {"focal_point": "can"},
    "carry_over": {"focal_point": "c"},
    "see_carry_over": {"focal_point": "c"},
    "assign": {"focal_point": "c"},
    "remind": {"focal_point": "c"},
    "finish_assignment": {"contributor": "c"},
    "propose": {"contributor": "c"},
    "decide_contribution": {"focal_point": "c"},
    "comment": {
        "focal_point": ALWAYS, "contributor": ALWAYS, "signatory": ALWAYS, "adviser": "c", "reviewer": ALWAYS,
    },
    "comment_to_government": {"focal_point": ALWAYS, "contributor": ALWAYS, "signatory": ALWAYS},
    "comment_shared": {"focal_point": ALWAYS, "adviser": "c", "reviewer": ALWAYS},
    "comment_internal": {"reviewer": ALWAYS},
    "sign_off": {"signatory": "cr"},
    "submit": {"focal_point": "c"},
    "mark_reviewed": {"reviewer": "r"},
    "return": {"reviewer": "r"},
    "approve": {"reviewer": "r"},
    "edit_sentence": {"reviewer": "ran"},
    "consent": {"focal_point": "a"},
    "decline_consent": {"focal_point": "an"},
    "publish": {"reviewer": "n"},
    "open_erratum": {"reviewer": "pw"},
    "withdraw": {"focal_point": "cranp", "reviewer": "cranp"},
}  # fmt: skip
"""Action → role → the states in which it may. What is not here may not be done."""


class Try(NamedTuple):
    """A request that comes as far as the thing itself where it is allowed, and changes no state there (but see MOVING)."""

    method: str
    rest: str
    body: Any = None
    if_match: str | None = None


ABSENT = "a" * 20
WRONG = "0" * 64
TRIES: dict[str, Try] = {
    "see_assessment": Try("GET", ""),
    "see_progress": Try("GET", "progress"),
    "see_answers": Try("GET", "answers/health-access"),
    "see_sources": Try("GET", "sources"),
    "see_evidence": Try("GET", "evidence"),
    "see_missing": Try("GET", "missing"),
    "see_record": Try("GET", "record"),
    "see_returns": Try("GET", "returns"),
    "see_reasons": Try("GET", "reasons"),
    "see_sign_off": Try("GET", "sign-off"),
    "see_approval": Try("GET", "approval"),
    "see_consent": Try("GET", "consent"),
    "see_assignments": Try("GET", "assignments"),
    "see_contributions": Try("GET", "contributions"),
    "see_comments": Try("GET", "comments"),
    "see_reviews": Try("GET", "reviews"),
    "save_answer": Try("PUT", "answers/health-access", {"not_known": "We ask."}, '"99"'),
    "save_source": Try("PUT", "sources/a-law", {"title": "A law", "kind": "law"}, '"99"'),
    "assign": Try("PUT", "assignments", {"indicators": ["nothing"], "ministry_id": ABSENT}),
    "remind": Try("POST", "reminders", {"ministry_id": ABSENT}),
    "propose": Try("POST", "contributions/health-access", {"answer": {"values": {"groups": "nobody-knows"}}}),
    "comment_to_government": Try(
        "POST", "comments", {"indicator": "health-access", "audience": "government", "text": "Who knows?"}
    ),
    "comment_shared": Try(
        "POST", "comments", {"indicator": "health-access", "audience": "shared", "text": "Which law?"}
    ),
    "comment_internal": Try(
        "POST", "comments", {"indicator": "health-access", "audience": "internal", "text": "Odd."}
    ),
    "sign_off": Try("POST", "sign-off", {"sha256": WRONG}),
    "submit": Try("POST", "submission"),
    "mark_reviewed": Try("POST", "reviews/health-access", {"answer_version": 99}),
    "return": Try("POST", "return", {"indicators": [{"indicator": "nothing", "reason": "Why?"}]}),
    "approve": Try("POST", "approval", {"fingerprint": WRONG}),
    "consent": Try("POST", "consent", {"fingerprint": WRONG}),
    "decline_consent": Try("POST", "consent/decline", {"reason": "Not yet."}),
    "publish": Try("POST", "publication", {"erratum": "Nothing to correct yet."}),
    "open_erratum": Try("POST", "erratum", {"reason": "A date."}),
    "withdraw": Try("POST", "withdrawal", {"notice": "A law was misread."}),
}  # fmt: skip
MOVING = {"decline_consent", "open_erratum", "withdraw"}

MOVES: dict[str, dict[str, str]] = {
    "collecting": {"submit": "in_review", "withdraw": "collecting"},
    "in_review": {"return": "collecting", "approve": "approved", "withdraw": "withdrawn"},
    "approved": {"consent": "consented", "decline_consent": "in_review", "save_answer": "in_review"},
    "consented": {"publish": "published", "decline_consent": "in_review", "save_answer": "in_review"},
    "published": {"open_erratum": "in_review", "withdraw": "withdrawn"},
    "withdrawn": {"open_erratum": "in_review"},
}
"""State → action → the state that it leads to."""


def test_the_table_is_the_one_that_was_written_down() -> None:
    assert set(TABLE) == set(ACTIONS)
    assert (set(PEOPLE), set(LETTERS.values())) == (set(ROLES), set(STATES))
    for action, roles in TABLE.items():
        for role in ROLES:
            may = {state for state in STATES if allowed(action, role, state)}
            assert may == {LETTERS[letter] for letter in roles.get(role, "")}, (action, role)


def test_every_state_leads_to_a_public_snapshot() -> None:
    for state, moves in MOVES.items():
        for action in moves:
            letter = next(letter for letter, name in LETTERS.items() if name == state)
            assert any(letter in states for states in TABLE[action].values()), (state, action)
        reached = {state}
        for _ in MOVES:
            reached |= {after for before in reached for after in MOVES[before].values()}
        assert reached == set(STATES), state


class Stages:
    """An assessment in each state; one that was moved on is replaced by a new one."""

    def __init__(self, world: World, response: Response) -> None:
        self.world, self.response = world, response
        self.year = 2030

    def at(self, state: str) -> str:
        """The name of an assessment in this state."""
        if state not in self.world.assessments:
            self.year += 1
            self.world.open_round(state, "KG", self.year)
            self._assign(state)
            if state != "collecting":
                bring_to(self.world, state, self.response, state)
        return state

    def _assign(self, name: str) -> None:
        with self.world.work("assign") as work:
            work.session.add(
                Assignment(
                    assessment_id=self.world.assessments[name], indicator="health-access", assigned_at=work.now,
                    ministry_id=self.world.ministries["labour"], assigned_by=self.world.accounts["focal_a"],
                )
            )  # fmt: skip

    def attempt(self, state: str, person: str, action: str) -> httpx.Response:
        """Try an action."""
        tried = TRIES[action]
        headers = {"If-Match": tried.if_match} if tried.if_match else {}
        address = path(self.world, tried.rest, self.at(state)).rstrip("/")
        answer = self.world.as_(person).request(tried.method, address, json=tried.body, headers=headers)
        if action in MOVING and answer.is_success:
            del self.world.assessments[state]
        return answer


def written(action: str, role: str, letter: str) -> str:
    """What the table says; a comment passes the gate of comments before that of its audience."""
    for gate in ("comment", action) if action.startswith("comment_") else (action,):
        states = TABLE[gate].get(role, "")
        if letter not in states:
            return "wrong-state" if states else "not-allowed"
    return "let through"


def outcome(answer: httpx.Response) -> str:
    """What the gate said; whatever is said behind it counts as let through."""
    problem = answer.json()["type"].rpartition("/")[2] if answer.is_error else ""
    return problem if problem in ("not-allowed", "wrong-state", "not-found", "not-signed-in") else "let through"


@pytest.mark.parametrize("state", STATES)
def test_every_action_of_every_role_is_as_written(sqlite_world: World, response: Response, state: str) -> None:
    stages, wrong = Stages(sqlite_world, response), []
    letter = next(letter for letter, name in LETTERS.items() if name == state)
    for action in TRIES:
        for role, person in PEOPLE.items():
            expected = written(action, role, letter)
            found = outcome(stages.attempt(state, person, action))
            if found != expected and not _nothing_submitted(state, role, expected, found):
                wrong.append((action, role, expected, found))
    assert wrong == []


def _nothing_submitted(state: str, role: str, expected: str, found: str) -> bool:
    """While collecting there is nothing yet for a reviewer to see."""
    return (state, role, expected, found) == ("collecting", "reviewer", "let through", "wrong-state")


@pytest.mark.parametrize("state", STATES)
def test_strangers_and_the_anonymous_come_nowhere(sqlite_world: World, response: Response, state: str) -> None:
    stages = Stages(sqlite_world, response)
    for action in TRIES:
        for person, expected in {
            "focal_b": "not-found", "unassigned_reviewer": "not-found", "nobody": "not-found",
            "anonymous": "not-signed-in",
        }.items():  # fmt: skip
            assert outcome(stages.attempt(state, person, action)) == expected, (action, person)


Step = Callable[[World], httpx.Response]


def send(person: str, method: str, rest: str, body: Any, if_match: str | None = None) -> Step:
    """A step that is one request."""

    def step(world: World) -> httpx.Response:
        headers = {"If-Match": if_match} if if_match else {}
        return made(world.as_(person).request(method, path(world, rest), json=body, headers=headers))

    return step


def edit(version: int) -> Step:
    """The focal point says something else of one indicator."""
    return send("focal_a", "PUT", "answers/health-access", {"not_known": f"Attempt {version}."}, f'"{version}"')


DECLINE = send("focal_a", "POST", "consent/decline", {"reason": "Not yet."})
RETURN = send("reviewer", "POST", "return", {"indicators": [{"indicator": "health-access", "reason": "Why?"}]})
ERRATUM = send("reviewer", "POST", "erratum", {"reason": "A date."})
CORRECT = send("reviewer", "POST", "publication", {"erratum": "A date was wrong."})
WALK: list[tuple[str, Step, str]] = [
    ("submit", submit, "in_review"),
    ("return", RETURN, "collecting"),
    ("save_answer", edit(1), "collecting"),
    ("submit", submit, "in_review"),
    ("approve", approve, "approved"),
    ("decline_consent", DECLINE, "in_review"),
    ("approve", approve, "approved"),
    ("save_answer", edit(2), "in_review"),
    ("sign_off", sign_off, "in_review"),
    ("approve", approve, "approved"),
    ("consent", consent, "consented"),
    ("decline_consent", DECLINE, "in_review"),
    ("approve", approve, "approved"),
    ("consent", consent, "consented"),
    ("save_answer", edit(3), "in_review"),
    ("sign_off", sign_off, "in_review"),
    ("approve", approve, "approved"),
    ("consent", consent, "consented"),
    ("publish", publish, "published"),
    ("open_erratum", ERRATUM, "in_review"),
    ("return", RETURN, "collecting"),
    ("withdraw", withdraw, "collecting"),
    ("save_answer", edit(4), "collecting"),
    ("submit", submit, "in_review"),
    ("approve", approve, "approved"),
    ("consent", consent, "consented"),
    ("publish", CORRECT, "published"),
    ("withdraw", withdraw, "withdrawn"),
    ("open_erratum", ERRATUM, "in_review"),
    ("approve", approve, "approved"),
    ("consent", consent, "consented"),
    ("publish", CORRECT, "published"),
    ("open_erratum", ERRATUM, "in_review"),
    ("withdraw", withdraw, "withdrawn"),
]


def test_every_move_leads_where_it_should(world: World, response: Response) -> None:
    fill(world, response)
    state, walked = "collecting", set()
    for number, (action, step, expected) in enumerate(WALK):
        step(world)
        events = made(world.as_("focal_a").get(path(world, "record"), params={"limit": 1})).json()["items"]
        assert events[0]["state"] == expected, (number, action)
        walked.add((state, action, expected))
        state = expected
    moves = {(before, action, after) for before, found in MOVES.items() for action, after in found.items()}
    assert moves <= walked
