"""Who may do what when: the states, the events that lead to them, and the one table of state × role × action."""

from typing import Literal, NamedTuple, get_args

State = Literal["collecting", "in_review", "approved", "consented", "published", "withdrawn"]
Role = Literal["focal_point", "contributor", "signatory", "adviser", "reviewer", "administrator"]

STATES: tuple[State, ...] = get_args(State)
ROLES: tuple[Role, ...] = get_args(Role)

LEADS_TO: dict[str, State] = {
    "opened": "collecting",
    "submitted": "in_review",
    "returned": "collecting",
    "approved": "approved",
    "approval_voided": "in_review",
    "consented": "consented",
    "consent_declined": "in_review",
    "published": "published",
    "corrected": "published",
    "erratum_opened": "in_review",
    "withdrawn": "withdrawn",
}
"""The events that change the state. All others leave it as it is."""

_ALL: frozenset[State] = frozenset(STATES)
_COLLECTING: frozenset[State] = frozenset({"collecting"})
_REVIEW: frozenset[State] = frozenset({"in_review"})
_OPEN: frozenset[State] = frozenset({"collecting", "approved", "consented"})
GOVERNMENT: frozenset[Role] = frozenset({"focal_point", "contributor", "signatory"})


class Rule(NamedTuple):
    """Who may carry out an action, in which states. `writes`: it changes something and leaves an event."""

    roles: frozenset[Role]
    states: frozenset[State]
    writes: bool = True


def _rule(*roles: Role, states: frozenset[State] = _ALL) -> Rule:
    return Rule(frozenset(roles), states)


def _read(*roles: Role, states: frozenset[State] = _ALL) -> Rule:
    return Rule(frozenset(roles), states, writes=False)


ACTIONS: dict[str, Rule] = {
    "see_assessment": _read(*ROLES),
    "see_progress": _read("focal_point", "contributor", "signatory", "adviser", "reviewer"),
    "see_answers": _read("focal_point", "contributor", "signatory", "adviser", "reviewer"),
    "see_sources": _read("focal_point", "contributor", "signatory", "adviser", "reviewer"),
    "see_evidence": _read("focal_point", "contributor", "signatory", "adviser", "reviewer"),
    "see_missing": _read("focal_point", "signatory", "adviser", "reviewer"),
    "see_draft": _read("focal_point", "signatory", "adviser", "reviewer"),
    "see_record": _read("focal_point", "signatory", "reviewer", "administrator"),
    "see_returns": _read("focal_point", "contributor", "signatory", "reviewer"),
    "see_assignments": _read("focal_point", "contributor", "signatory"),
    "see_contributions": _read("focal_point", "contributor"),
    "see_comments": _read("focal_point", "contributor", "signatory", "adviser", "reviewer"),
    "see_reviews": _read("reviewer"),
    "see_reasons": _read("focal_point", "signatory", "reviewer"),
    "see_sign_off": _read("focal_point", "signatory"),
    "see_approval": _read("reviewer", states=_REVIEW),
    "see_consent": _read("focal_point", "signatory", "reviewer", states=frozenset({"approved", "consented"})),
    "see_comparison": _read("focal_point", "signatory", "reviewer"),
    "export": _read("focal_point"),
    # An edit after approval is possible: it voids approval and consent, and goes back to review.
    "save_answer": _rule("focal_point", states=_OPEN),
    "save_source": _rule("focal_point", states=_OPEN),
    "add_evidence": _rule("focal_point", "contributor", states=_OPEN),
    "change_evidence": _rule("focal_point", states=_OPEN),
    "see_carry_over": _read("focal_point", states=_COLLECTING),
    "carry_over": _rule("focal_point", states=_COLLECTING),
    "assign": _rule("focal_point", states=_COLLECTING),
    "remind": _rule("focal_point", states=_COLLECTING),
    "finish_assignment": _rule("contributor", states=_COLLECTING),
    "propose": _rule("contributor", states=_COLLECTING),
    "decide_contribution": _rule("focal_point", states=_COLLECTING),
    "comment": _rule("focal_point", "contributor", "signatory", "adviser", "reviewer"),
    "comment_to_government": _rule(*GOVERNMENT),
    "comment_shared": _rule("focal_point", "adviser", "reviewer"),
    "comment_internal": _rule("reviewer"),
    # An edit after approval changes what was signed; it is signed anew while IOM reads it again.
    "sign_off": _rule("signatory", states=_COLLECTING | _REVIEW),
    "submit": _rule("focal_point", states=_COLLECTING),
    "mark_reviewed": _rule("reviewer", states=_REVIEW),
    "return": _rule("reviewer", states=_REVIEW),
    "approve": _rule("reviewer", states=_REVIEW),
    "edit_sentence": _rule("reviewer", states=frozenset({"in_review", "approved", "consented"})),
    "consent": _rule("focal_point", states=frozenset({"approved"})),
    "decline_consent": _rule("focal_point", states=frozenset({"approved", "consented"})),
    "publish": _rule("reviewer", states=frozenset({"consented"})),
    "open_erratum": _rule("reviewer", states=frozenset({"published", "withdrawn"})),
    "withdraw": _rule("focal_point", "reviewer", states=_ALL - {"withdrawn"}),
}
"""The one table. What an adviser reads ends with the collecting; `states_for` says so."""

ADVISER_STATES = _COLLECTING
FEWER_STATES: dict[tuple[str, Role], frozenset[State]] = {("add_evidence", "contributor"): _COLLECTING}
"""Where a role may do something in fewer states than others: what a ministry adds must not void an approval."""


def states_for(action: str, role: Role) -> frozenset[State]:
    """The states in which a role may carry out an action; none if the role never may."""
    rule = ACTIONS[action]
    if role not in rule.roles:
        return frozenset()
    states = FEWER_STATES.get((action, role), rule.states)
    return states & ADVISER_STATES if role == "adviser" and action != "see_assessment" else states


def allowed(action: str, role: Role, state: str) -> bool:
    """Whether a role may carry out an action in a state."""
    return state in states_for(action, role)
