"""Who may do what, written down by hand: each route's right, who holds it and when, and what everyone else is told.

Nothing here is taken from the application. What is done inside an assessment stands in the table of states beside.
"""

from typing import NamedTuple

from tests.app.assessments.test_state_table import TABLE
from tests.security.page_table import PAGE_LINES

ALLOWED, NOT_SIGNED_IN, NOT_ALLOWED, NOT_FOUND = "allowed", "not-signed-in", "not-allowed", "not-found"
SECOND_FACTOR, WRONG_STATE = "second-factor-needed", "wrong-state"
ACCESS = frozenset({NOT_SIGNED_IN, NOT_ALLOWED, NOT_FOUND, SECOND_FACTOR, WRONG_STATE})
"""What the gate may say; any other answer comes from behind it."""
Route = tuple[str, str]


def _routes(text: str) -> dict[Route, str]:
    lines = [line.split() for line in text.strip().splitlines()]
    routes = {(method, path.replace("~", "/assessments/{assessment_id}")): action for method, path, action in lines}
    assert len(routes) == len(lines)
    return routes


PAGE = "page "
"""Stands before the path of a page in this table, since some of the API's are named alike."""


def written(method: str, path: str) -> Route:
    """A route as this table names it, from its whole path."""
    if (method, path) in OUTSIDE or (method, path) in UNDECLARED:
        return method, path
    return method, path.removeprefix("/api/v1") if path.startswith("/api/v1/") else PAGE + path


def whole_path(route: Route) -> str:
    """Where a route of this table stands."""
    if route in OUTSIDE:
        return route[1]
    return route[1].removeprefix(PAGE) if route[1].startswith(PAGE) else f"/api/v1{route[1]}"


ROUTES = _routes("""
POST   /sign-in                                             sign_in
POST   /sign-in/code                                        finish_sign_in
GET    /sign-in                                             see_sign_in
POST   /sign-out                                            sign_out
POST   /sign-out-everywhere                                 change_own
POST   /password-reset                                      use_link
POST   /password-reset/finish                               use_link
GET    /account                                             see_own
PATCH  /account                                             change_own
POST   /account/password                                    change_own
POST   /account/second-factor                               set_up_second_factor
POST   /account/second-factor/confirm                       set_up_second_factor
DELETE /account/second-factor                               change_own
POST   /account/second-factor/recovery-codes                change_own
GET    /account/tokens                                      see_own
POST   /account/tokens                                      change_own
DELETE /account/tokens/{token_id}                           change_own
GET    /account/sessions                                    see_own
DELETE /account/sessions/{session_id}                       change_own
GET    /account/invitations                                 see_own
POST   /account/invitations/{invitation_id}/accept          change_own
GET    /accounts                                            see_accounts
GET    /accounts/{account_id}                               see_accounts
PATCH  /accounts/{account_id}                               manage_accounts
POST   /accounts/{account_id}/disable                       manage_accounts
POST   /accounts/{account_id}/enable                        manage_accounts
POST   /accounts/{account_id}/second-factor/reset           manage_accounts
DELETE /accounts/{account_id}/roles/{grant_id}              manage_accounts
GET    /invitations                                         see_accounts
POST   /invitations                                         manage_accounts
POST   /invitations/{invitation_id}/renew                   manage_accounts
DELETE /invitations/{invitation_id}                         manage_accounts
POST   /invitations/look                                    read_public
POST   /invitations/accept                                  use_link
GET    /record/accounts                                     see_account_record
GET    /countries                                           see_own
POST   /countries                                           manage_countries
GET    /countries/{code}/people                             see_people
DELETE /countries/{code}/roles/{grant_id}                   end_role
POST   /countries/{code}/hand-over                          hand_over
GET    /countries/{code}/ministries                         see_ministries
POST   /countries/{code}/ministries                         manage_ministries
PUT    /countries/{code}/ministries/{ministry_id}           manage_ministries
POST   /countries/{code}/invitations                        invite
POST   /countries/{code}/invitations/{invitation_id}/renew  invite
DELETE /countries/{code}/invitations/{invitation_id}        invite
GET    /instruments/{name}                                  see_own
GET    /snapshots                                           read_public
GET    /snapshots/{country}/{round}                         read_public
GET    /snapshots/{country}/{round}.{file_format}           read_public
GET    /assessments                                         see_own
POST   /assessments                                         open_round
GET    ~                                                    see_assessment
GET    ~/progress                                           see_progress
GET    ~/missing                                            see_missing
GET    ~/answers                                            see_answers
GET    ~/answers/{indicator}                                see_answers
GET    ~/answers/{indicator}/history                        see_answers
GET    ~/answers/{indicator}/form                           see_answers
GET    ~/forms/{domain}                                     see_answers
PUT    ~/forms/{domain}                                     save_answer
PUT    ~/answers/{indicator}                                save_answer
POST   ~/answers/{indicator}/confirm                        save_answer
GET    ~/sources                                            see_sources
GET    ~/sources/{source_id}                                see_sources
PUT    ~/sources/{source_id}                                save_source
DELETE ~/sources/{source_id}                                save_source
GET    ~/evidence                                           see_evidence
POST   ~/evidence                                           add_evidence
GET    ~/evidence/{evidence_id}                             see_evidence
GET    ~/evidence/{evidence_id}/content                     see_evidence
HEAD   ~/evidence/{evidence_id}/content                     see_evidence
PATCH  ~/evidence/{evidence_id}                             change_evidence
DELETE ~/evidence/{evidence_id}                             change_evidence
GET    ~/archive                                            export
GET    ~/assignments                                        see_assignments
PUT    ~/assignments                                        assign
DELETE ~/assignments/{indicator}/{ministry_id}              assign
POST   ~/assignments/{indicator}/{ministry_id}/finish       finish_assignment
POST   ~/reminders                                          remind
GET    ~/contributions                                      see_contributions
GET    ~/contributions/{indicator}                          see_contributions
POST   ~/contributions/{indicator}                          propose
POST   ~/contributions/{contribution_id}/withdraw           propose
POST   ~/contributions/{contribution_id}/adopt              decide_contribution
POST   ~/contributions/{contribution_id}/merge              decide_contribution
POST   ~/contributions/{contribution_id}/decline            decide_contribution
GET    ~/comments                                           see_comments
POST   ~/comments                                           comment
POST   ~/comments/{comment_id}/resolve                      comment
GET    ~/sign-off                                           see_sign_off
POST   ~/sign-off                                           sign_off
POST   ~/submission                                         submit
GET    ~/approval                                           see_approval
POST   ~/approval                                           approve
GET    ~/consent                                            see_consent
POST   ~/consent                                            consent
POST   ~/consent/decline                                    decline_consent
POST   ~/publication                                        publish
POST   ~/erratum                                            open_erratum
POST   ~/withdrawal                                         withdraw
GET    ~/reasons                                            see_reasons
GET    ~/reviews                                            see_reviews
POST   ~/reviews/{indicator}                                mark_reviewed
DELETE ~/reviews/{indicator}                                mark_reviewed
POST   ~/return                                             return
GET    ~/returns                                            see_returns
GET    ~/record                                             see_record
GET    ~/draft                                              see_draft
GET    ~/draft.{file_format}                                see_draft
GET    ~/draft/changes                                      see_draft
GET    ~/drafts                                             see_draft
GET    ~/drafts/{number}                                    see_draft
GET    ~/drafts/{number}.{file_format}                      see_draft
GET    ~/drafts/{number}/changes                            see_draft
GET    ~/edits                                              see_draft
GET    ~/edits/{sentence_id}                                see_draft
PUT    ~/edits/{sentence_id}                                edit_sentence
DELETE ~/edits/{sentence_id}                                edit_sentence
GET    ~/comparison                                         see_comparison
GET    ~/carry-over                                         see_carry_over
POST   ~/carry-over                                         carry_over
""")
"""Below /api/v1: what the route is declared as."""
PAGES: dict[Route, str] = {(method, PAGE + path): action for (method, path), action in _routes(PAGE_LINES).items()}
"""The pages, each under its path with `page ` before it."""
OUTSIDE: dict[Route, str] = {
    ("GET", "/health"): "read_public",
    ("GET", "/ready"): "read_public",
    ("GET", "/metrics"): "read_public",
}
UNDECLARED: frozenset[Route] = frozenset({("GET", "/api/v1/openapi.json"), ("HEAD", "/api/v1/openapi.json")})
"""The API's own description, which is no secret and asks nobody."""

COUNTRY: dict[str, frozenset[str]] = {
    "see_people": frozenset({"focal_point", "administrator"}),
    "invite": frozenset({"focal_point", "administrator"}),
    "end_role": frozenset({"focal_point", "administrator"}),
    "hand_over": frozenset({"focal_point"}),
    "see_ministries": frozenset({"focal_point", "contributor", "signatory", "administrator"}),
    "manage_ministries": frozenset({"focal_point"}),
}
SERVICE = frozenset({"see_accounts", "manage_accounts", "manage_countries", "open_round", "see_account_record"})
PERSON = frozenset({"see_own", "change_own"})
HALF = frozenset({"finish_sign_in", "see_sign_in", "sign_out", "set_up_second_factor"})
ANYONE = frozenset({"read_public", "use_link", "sign_in"})
READS = frozenset({"see_people", "see_ministries", "see_accounts", "see_account_record", "see_own", "see_sign_in",
                   "read_public", "export", *(action for action in TABLE if action.startswith("see_"))})  # fmt: skip

_ONE = "/assessments/{assessment_id}"
NOT_FOR_TOKENS: frozenset[Route] = frozenset(
    route for route, action in (ROUTES | PAGES).items()
    if action in HALF | {"change_own"} or route in {("GET", "/account/tokens"), ("GET", "/account/sessions")}
    or route[1].startswith(f"{PAGE}/account/")
) - {
    ("GET", "/sign-in"), ("GET", f"{PAGE}/sign-in/code"), ("GET", f"{PAGE}/sign-in/second-factor"),
    ("GET", f"{PAGE}/account/details"), ("GET", f"{PAGE}/account/password"), ("GET", f"{PAGE}/account/invitations"),
    ("GET", f"{PAGE}/account/second-factor"), ("GET", f"{PAGE}/account/second-factor/remove"),
    ("GET", f"{PAGE}/account/second-factor/recovery-codes"),
}  # fmt: skip
"""A program's token never changes how one signs in, nor sees the ways to."""
NOT_HALF_SIGNED_IN: frozenset[Route] = frozenset(
    {
        ("POST", "/account/second-factor"),
        ("POST", "/account/second-factor/confirm"),
        ("POST", f"{PAGE}/sign-in/second-factor"),
        ("POST", f"{PAGE}/sign-in/second-factor/confirm"),
    }
)
"""Who has a second factor shows it before it is set up anew; half a sign-in does for those alone who have none."""
NOT_FOR_STRONG_ROLES: frozenset[Route] = frozenset(
    {("DELETE", "/account/second-factor"), ("POST", f"{PAGE}/account/second-factor/remove")}
)
"""Reviewers and administrators cannot do without a second factor."""
ALWAYS: dict[Route, str] = {("GET", "/metrics"): NOT_FOUND, ("GET", f"{PAGE}/static/{{version}}/{{name}}"): NOT_FOUND}
"""Closed to all who do not show the token of the settings; a file that there is not."""
OWNERS: dict[Route, str] = {
    ("DELETE", "/account/tokens/{token_id}"): "focal_a",
    ("DELETE", "/account/sessions/{session_id}"): "focal_a",
    ("POST", "/account/invitations/{invitation_id}/accept"): "nobody",
    ("GET", f"{PAGE}/account/tokens/{{token_id}}/revoke"): "focal_a",
    ("POST", f"{PAGE}/account/tokens/{{token_id}}/revoke"): "focal_a",
    ("POST", f"{PAGE}/account/invitations/{{invitation_id}}/accept"): "nobody",
}
"""Whose the object is that everyone tries."""
SIGNED_OUT_ANYWAY: frozenset[Route] = frozenset({("POST", f"{PAGE}/sign-out")})
"""Whoever is not signed in, or no longer, has what this is for."""
ENDED_ANYWAY: frozenset[Route] = frozenset({("POST", f"{PAGE}/account/sign-ins/{{session_id}}/end")})
"""What was to be ended has ended, whether it was there or not."""
_ON_PAGES = f"{PAGE}{_ONE}"
UNASSIGNED: frozenset[Route] = frozenset(
    (method, f"{_ON_PAGES}/indicators/{{indicator}}{rest}") for method, rest in (
        ("GET", ""), ("GET", "/history"), ("POST", "/comments"), ("POST", "/evidence"), ("POST", "/done"),
        ("GET", "/contribution"), ("POST", "/contribution"),
    )
) | frozenset(
    (method, _ON_PAGES + path) for method, path in (
        ("GET", "/sources/{source_id}"), ("GET", "/contributions/{contribution_id}"),
        ("GET", "/contributions/{contribution_id}/withdraw"), ("POST", "/contributions/{contribution_id}/withdraw"),
    )
) | frozenset(
    (method, _ONE + path) for method, path in (
        ("GET", "/answers/{indicator}"), ("GET", "/answers/{indicator}/history"), ("GET", "/answers/{indicator}/form"),
        ("GET", "/forms/{domain}"), ("GET", "/sources/{source_id}"), ("GET", "/evidence/{evidence_id}"),
        ("GET", "/evidence/{evidence_id}/content"), ("HEAD", "/evidence/{evidence_id}/content"), ("POST", "/evidence"),
        ("POST", "/assignments/{indicator}/{ministry_id}/finish"), ("GET", "/contributions/{indicator}"),
        ("POST", "/contributions/{indicator}"), ("POST", "/contributions/{contribution_id}/withdraw"), ("POST", "/comments"),
    )
)  # fmt: skip
"""Where there is nothing for a contributor whose ministry the indicator is not assigned to."""
BY_ROLE: dict[Route, dict[str, str]] = {
    # the sample is a comment shared with IOM, which is not for contributors to read, nor for signatories to write
    ("POST", f"{_ONE}/comments"): {"contributor": NOT_ALLOWED, "signatory": NOT_ALLOWED},
    ("POST", f"{_ONE}/comments/{{comment_id}}/resolve"): {"contributor": NOT_FOUND, "signatory": NOT_ALLOWED},
    ("POST", f"{_ON_PAGES}/indicators/{{indicator}}/comments"): {"contributor": NOT_ALLOWED, "signatory": NOT_ALLOWED},
    ("POST", f"{_ON_PAGES}/comments/{{comment_id}}/replies"): {"contributor": NOT_FOUND, "signatory": NOT_ALLOWED},
    ("POST", f"{_ON_PAGES}/comments/{{comment_id}}/resolve"): {"contributor": NOT_FOUND, "signatory": NOT_ALLOWED},
}

AFTER_A_ROUND: frozenset[Route] = frozenset(
    {
        ("GET", f"{_ONE}/comparison"),
        ("GET", f"{_ONE}/carry-over"),
        ("POST", f"{_ONE}/carry-over"),
        ("POST", f"{_ON_PAGES}/carry-over"),
    }
)
"""What there is only where a round came before; the country `UZ` is in its first. Pages that show it say so in words."""


class Principal(NamedTuple):
    """Someone who calls. `roles`: country (`*` for all) → role; `way`: how they are signed in."""

    roles: dict[str, str]
    way: str = "whole"
    assigned: bool = True

    @property
    def is_program(self) -> bool:
        """Whether a token calls."""
        return self.way in ("read token", "write token")


PRINCIPALS: dict[str, Principal] = {
    "anonymous": Principal({}, "not"),
    "focal_a": Principal({"KG": "focal_point"}),
    "second_focal_a": Principal({"KG": "focal_point"}),
    "labour_a": Principal({"KG": "contributor"}),
    "health_a": Principal({"KG": "contributor"}, assigned=False),
    "signatory_a": Principal({"KG": "signatory"}),
    "adviser_a": Principal({"KG": "adviser"}),
    "focal_b": Principal({"UZ": "focal_point"}),
    "contributor_b": Principal({"UZ": "contributor"}),
    "reviewer": Principal({"KG": "reviewer"}),
    "unassigned_reviewer": Principal({"TJ": "reviewer"}),
    "second_reviewer": Principal({"KG": "reviewer", "UZ": "reviewer"}),
    "administrator": Principal({"*": "administrator"}),
    "nobody": Principal({}),
    "disabled": Principal({"KG": "focal_point"}, "not"),
    "removed": Principal({}),
    "expired": Principal({"KG": "focal_point"}, "not"),
    "idle": Principal({"KG": "focal_point"}, "not"),
    "half signed in": Principal({"KG": "reviewer"}, "half"),
    "reading token": Principal({"KG": "focal_point"}, "read token"),
    "writing token": Principal({"KG": "focal_point"}, "write token"),
    "token for another country": Principal({"UZ": "reviewer"}, "write token"),
    "revoked token": Principal({"KG": "focal_point"}, "not"),
}
"""A is Kyrgyzstan, B is Uzbekistan. The token for another country is that of the reviewer of both."""
STRONG = frozenset({"reviewer", "administrator"})


class Target(NamedTuple):
    """What a request is about. `country` None: nothing that there is; `state`: the letter of the assessment's state.

    `inside`: whether the object inside is the target's own; else it is another country's, or none at all.
    """

    name: str
    country: str | None = None
    state: str = ""
    inside: bool = True


def scope_of(action: str) -> str:
    """What a right is about."""
    scopes = {"country": COUNTRY, "service": SERVICE, "person": PERSON, "half_signed_in": HALF, "anyone": ANYONE}
    return next((scope for scope, actions in scopes.items() if action in actions), "assessment")


def expected(name: str, route: Route, action: str, target: Target) -> str:
    """What someone must be told: `allowed`, or the type of the problem."""
    principal = PRINCIPALS[name]
    if route in ALWAYS or action in ANYONE or (route in SIGNED_OUT_ANYWAY and principal.way == "not"):
        return ALWAYS.get(route, ALLOWED)
    unknown = _at_the_door(principal, route, action)
    if unknown:
        return unknown
    if action in PERSON | HALF:
        return _own(name, principal, route, target)
    return _on_work(principal, route, action, target)


def _at_the_door(principal: Principal, route: Route, action: str) -> str:
    """What is said before anyone looks at what it is about; empty where one may come in."""
    if principal.way == "not":
        return NOT_SIGNED_IN
    if principal.way == "read token" and action not in READS and route[0] not in ("GET", "HEAD"):
        return NOT_ALLOWED
    return SECOND_FACTOR if principal.way == "half" and action not in HALF else ""


def _on_work(principal: Principal, route: Route, action: str, target: Target) -> str:
    there = ALLOWED if target.country and target.inside else NOT_FOUND
    if action in SERVICE:
        return there if "*" in principal.roles else NOT_ALLOWED
    role = principal.roles.get(target.country or "") or (target.country and principal.roles.get("*"))
    if not role:
        return NOT_FOUND
    if action in COUNTRY:
        return there if role in COUNTRY[action] else NOT_ALLOWED
    return _in_assessment(principal, role, route, action, target)


def _own(name: str, principal: Principal, route: Route, target: Target) -> str:
    if principal.is_program and route in NOT_FOR_TOKENS:
        return NOT_ALLOWED
    if principal.way == "half" and route in NOT_HALF_SIGNED_IN:
        return SECOND_FACTOR
    if route in NOT_FOR_STRONG_ROLES and STRONG & set(principal.roles.values()):
        return NOT_ALLOWED
    there = OWNERS.get(route, name) == name and target.inside
    return ALLOWED if there or route in ENDED_ANYWAY else NOT_FOUND


def _in_assessment(principal: Principal, role: str, route: Route, action: str, target: Target) -> str:
    states = TABLE[action].get(role, "")
    if target.state not in states:
        return WRONG_STATE if states else NOT_ALLOWED
    if not target.inside or (role == "contributor" and not principal.assigned and route in UNASSIGNED):
        return NOT_FOUND
    if route in AFTER_A_ROUND and target.country == "UZ":
        return NOT_FOUND
    return BY_ROLE.get(route, {}).get(role, ALLOWED)
