"""Guards that are taken away while the service runs: each as a patch, and where its absence must be noticed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from sqlalchemy import ColumnElement, null, true
from sqlmodel import col, select

import app.api.calls
import app.api.evidence
import app.work
from app.api.calls import May
from app.assessments import answers, assignments, comments, contributions, forms, progress, responses, reviewing
from app.assessments.workflow import ACTIONS, ROLES
from app.errors import NotAllowed
from app.evidence import attaching
from app.models.assessments import Assignment, Evidence
from app.models.people import Account, ApiToken, Ministry, RoleGrant
from app.models.work import Comment, Contribution
from app.people import hand_over, invitations, sessions, sign_ins, tokens
from app.people.ministries import list_ministries
from app.people.sign_ins import Actor, Grant
from app.rights import Right
from app.web import answer_history, beside, record_reading
from app.work import Work
from tests.security.access_table import PAGE, PAGES, ROUTES, Route, written

Patch = Callable[[pytest.MonkeyPatch], None]


class Guard(NamedTuple):
    """A guard: how it is taken away, and the requests among which that must show."""

    name: str
    remove: Patch
    routes: frozenset[Route]


def declarations(routes: Any) -> Iterator[tuple[Route, May]]:
    """Each route's declaration of who may call it."""
    for context in iter_route_contexts(routes):
        for method in context.methods or ():
            for declaration in _declared(getattr(context, "dependant", None)):
                yield written(method, context.path or ""), declaration


def _declared(dependant: Dependant | None) -> Iterator[May]:
    for part in [dependant, *dependant.dependencies] if dependant else []:
        if part is not None and isinstance(part.call, May):
            yield part.call


def declared_guards(routes: Any) -> list[Guard]:
    """The declaration of each route, weakened so that it lets in everyone who has any role there."""
    found = []
    for route, declaration in declarations(routes):
        weak = _weakened(declaration.right)
        if weak != declaration.right:
            remove = _all_of(_setting(declaration, "right", weak), *BEHIND.get(route, ()))
            found.append(Guard(f"the right of {' '.join(route)}", remove, frozenset({route})))
    return found


def _weakened(right: Right) -> Right:
    everyone = frozenset(ROLES)
    if right.scope == "assessment":
        return Right("see_assessment", "assessment", everyone, right.writes)
    return right._replace(roles=everyone) if right.scope == "country" else right


def _setting(owner: Any, name: str, value: Any) -> Patch:
    return lambda patch: patch.setattr(owner, name, value)


def _all_of(*patches: Patch) -> Patch:
    """Where two guards stand one behind the other, both are taken away."""

    def remove(patch: pytest.MonkeyPatch) -> None:
        for one in patches:
            one(patch)

    return remove


def _where(*parts: str) -> frozenset[Route]:
    """The routes in whose names one of the parts stands; pages only if they are asked for."""
    return frozenset(
        route for part in parts for route in (PAGES if PAGE in part else ROUTES) if part in " ".join(route)
    )


def nothing(*_given: Any, **_named: Any) -> None:
    """What is left of a check that was taken away."""


def everywhere(actor: Actor, _country: str | None) -> frozenset[str]:
    """All roles of a person, wherever they hold them."""
    return frozenset(grant.role for grant in actor.grants)


def without_token(actor: Actor, country: str | None) -> frozenset[str]:
    """The roles in a country, though a token is for another one."""
    return frozenset(grant.role for grant in actor.grants if grant.country in (country, None))


def role_alone(action: str, roles: frozenset[str], _state: str) -> None:
    """The check of an action without the check of the time."""
    if not roles & ACTIONS[action].roles:
        raise NotAllowed


def _blinded(name: str, column: str) -> Patch:
    """A statement by which people are known, with nothing in one of its columns."""
    statement = getattr(sign_ins, name)
    kept = [null().label(one.name) if one.name == column else one for one in statement.selected_columns]
    return _setting(sign_ins, name, statement.with_only_columns(*kept))


def ended_roles_too(connection: Any, secret: str, now: Any) -> Actor:
    """Who calls, with the roles that have ended."""
    actor = _identify(connection, secret, now)
    held = select(RoleGrant.role, RoleGrant.country, RoleGrant.ministry_id).where(col(RoleGrant.account_id) == actor.id)
    return actor._replace(grants=tuple(Grant(*row) for row in connection.execute(held)))


_identify = sign_ins.identify


def any_comment(work: Work, comment_id: str) -> tuple[Comment, str]:
    """A comment by its id alone."""
    comment = work.session.get_one(Comment, comment_id)
    return comment, work.session.get_one(Account, comment.written_by).name


def any_file(work: Work, evidence_id: str) -> Any:
    """A file by its id alone."""
    row = work.session.get_one(Evidence, evidence_id)
    return attaching._file(row, "someone")


def any_assignment(work: Work, _indicator: str, ministry_id: str) -> Assignment:
    """An assignment by its ministry alone."""
    found = work.session.exec(select(Assignment).where(col(Assignment.ministry_id) == ministry_id)).first()
    assert found is not None
    return found


def any_ministry(work: Work) -> frozenset[str]:
    """All ministries that there are."""
    return frozenset(work.session.exec(select(Ministry.id)))


def every_contribution(work: Work) -> Any:
    """The contributions of all ministries."""
    return (
        select(Contribution, Ministry.name, Account.name)
        .join(Ministry, col(Ministry.id) == col(Contribution.ministry_id))
        .join(Account, col(Account.id) == col(Contribution.proposed_by))
        .where(col(Contribution.assessment_id) == work.assessment.id)
    )


def everything(_work: Work) -> ColumnElement[bool]:
    """Which comments may be read: all."""
    return true()


def anyones_role(work: Work) -> RoleGrant:
    """The role of some focal point, as if it were one's own."""
    held = (col(RoleGrant.country) == work.country) & (col(RoleGrant.role) == "focal_point")
    found = work.session.exec(select(RoleGrant).where(held)).first()
    assert found is not None
    return found


BEHIND: dict[Route, tuple[Patch, ...]] = {
    ("POST", place + path): (patch,) for place in ("", PAGE) for path, patch in (
        ("/countries/{code}/invitations", _setting(invitations, "may_give", lambda *_: True)),
        ("/countries/{code}/hand-over", _setting(hand_over, "_own_role", anyones_role)),
    )
}  # fmt: skip
"""What refuses as well, behind the declared right."""
_A = "/assessments/{assessment_id}"
_P = f"{PAGE}{_A}"
_NOT_ASKED = _setting(answers, "check_visible", nothing)
_ONES_OWN = _setting(Work, "ministries", property(any_ministry))
_PROPOSING = _setting(contributions, "_own_ministry", lambda work, *_: next(iter(work.ministries)))
_ASKED = _setting(assignments, "_find_assignment", any_assignment)
_EVERY_PROPOSAL = _setting(contributions, "_readable", every_contribution)
_OF_ALL = _setting(attaching, "_of_own_ministries", lambda _work: [])


def _unasked(module: Any) -> Patch:
    """Nobody looks whether an indicator is assigned."""
    return _all_of(_NOT_ASKED, _setting(module, "check_visible", nothing))


def _all_visible(*modules: Any) -> Patch:
    """Contributors see all indicators."""
    return _all_of(*(_setting(module, "visible_indicators", nothing) for module in modules))


def early(connection: Any, secret: str, now: Any) -> Actor:
    """Who calls, by a clock that is slow."""
    return _identify(connection, secret, now - timedelta(seconds=1))


def any_token(work: Work) -> list[ApiToken]:
    """Everybody's tokens."""
    return list(work.session.exec(select(ApiToken)))


def program(work: Work) -> Account:
    """One's own account, for programs too."""
    return work.session.get_one(Account, work.actor.id)


def every_ministry(work: Work) -> dict[str, str]:
    """The names of the country's ministries, for whoever asks."""
    return {ministry.id: ministry.name for ministry in list_ministries(work)}


def all_comments_here(work: Work) -> ColumnElement[bool]:
    """Which comments may be read: all of the assessment."""
    return col(Comment.assessment_id) == work.assessment.id


OTHER_GUARDS: tuple[Guard, ...] = tuple(
    Guard(name, remove, _where(*parts)) for name, remove, *parts in (
        ("roles hold in their country", _setting(Actor, "roles_in", everywhere), f"GET {_A}/answers"),
        ("a token is for one country", _setting(Actor, "roles_in", without_token), f"GET {_A}/answers"),
        ("role and time", _setting(app.work, "demand_right", nothing), f"POST {_A}/submission"),
        ("the time", _setting(app.work, "demand_right", role_alone), f"POST {_A}/submission"),
        ("how one is signed in", _setting(app.work, "_check_sign_in", nothing), "PATCH /account"),
        ("30 minutes idle", _setting(sign_ins, "IDLE", timedelta(days=1)), f"GET {_A}/answers"),
        ("12 hours", _setting(app.work, "identify", early), f"GET {_A}/answers"),
        ("disabled accounts", _blinded("_BY_SESSION", "disabled_at"), f"GET {_A}/answers"),
        ("revoked tokens", _blinded("_BY_TOKEN", "ended_at"), f"GET {_A}/answers"),
        ("ended roles", _setting(app.work, "identify", ended_roles_too), f"GET {_A}/answers"),
        ("assigned: answers", _all_visible(answers), f"GET {_A}/answers/"),
        ("assigned: forms", _all_visible(forms, progress), "/forms/{domain}"),
        ("assigned: form of one", _unasked(forms), "/form"),
        ("assigned: proposals", _unasked(contributions), f"GET {_A}/contributions/"),
        ("assigned: own ministry", _PROPOSING, f"POST {_A}/contributions/{{indicator}}"),
        ("assigned: comments", _setting(comments, "check_visible", nothing), f"POST {_A}/comments"),
        ("assigned: files", _OF_ALL, f"GET {_A}/evidence/"),
        ("one's own ministries", _ONES_OWN, "/finish"),
        ("comments for me", _setting(comments, "readable_comments", everything), "/resolve"),
        ("who writes for whom", _setting(comments, "_demand", nothing), f"POST {_A}/comments"),
        ("a comment in its assessment", _setting(comments, "_find", any_comment), "/resolve"),
        ("a file in its assessment", _setting(app.api.evidence, "find_evidence", any_file), f"GET {_A}/evidence/"),
        ("an assignment in its assessment", _ASKED, f"DELETE {_A}/assignments"),
        ("whose token", _setting(tokens, "list_tokens", any_token), "DELETE /account/tokens"),
        ("whose sign-in", _setting(sessions, "_open", everything), "DELETE /account/sessions"),
        ("no programs", _setting(tokens, "own_account", program), "GET /account/tokens"),
        ("administrators alone", _setting(app.api.calls, "enter_service", nothing), "GET /accounts"),
        ("strong roles", _setting(Actor, "is_strong", lambda _actor: False), "DELETE /account/second-factor"),
        ("page: roles hold in their country", _setting(Actor, "roles_in", everywhere), f"GET {_P}/check"),
        ("page: the time", _setting(app.work, "demand_right", role_alone), f"POST {_P}/submit"),
        ("page: how one is signed in", _setting(app.work, "_check_sign_in", nothing), f"POST {PAGE}/account/details"),
        ("page: administrators alone", _setting(app.api.calls, "enter_service", nothing), f"GET {PAGE}/administration"),
        ("page: strong roles", _setting(Actor, "is_strong", lambda _actor: False), f"POST {PAGE}/account/second-factor/remove"),
        ("page: whose token", _setting(tokens, "list_tokens", any_token), f"POST {PAGE}/account/tokens/"),
        ("page: assigned, an answer", _unasked(beside), f"GET {_P}/indicators/"),
        ("page: assigned, its history", _unasked(answer_history), f"GET {_P}/indicators/{{indicator}}/history"),
        ("page: own ministries", _ONES_OWN, f"POST {_P}/indicators/{{indicator}}/done"),
        ("page: proposals", _EVERY_PROPOSAL, f"GET {_P}/contributions/{{contribution_id}}/withdraw"),
        ("page: comments", _setting(comments, "readable_comments", everything), f"POST {_P}/comments/"),
        ("page: who writes for whom", _setting(comments, "_demand", nothing), f"POST {_P}/indicators/{{indicator}}/comments"),
        ("page: sources", _all_visible(responses), f"GET {_P}/sources/{{source_id}}"),
    )
)  # fmt: skip
"""Checks behind the declarations: without each of them someone is told something else than the table says."""
_LIVE = _setting(Work, "sees_live", property(lambda _work: True))
LEAKS: tuple[Guard, ...] = tuple(
    Guard(name, remove, _where(*parts)) for name, remove, *parts in (
        ("answers as they were submitted", _LIVE, f"GET {_A}/answers"),
        ("sources as they were submitted", _LIVE, f"GET {_A}/sources"),
        ("files as they were submitted", _setting(attaching, "_submitted", attaching._attached), f"GET {_A}/evidence"),
        ("comments for me", _setting(comments, "readable_comments", all_comments_here), "/comments"),
        ("assigned: answers", _all_visible(answers), "/answers"),
        ("assigned: returns", _all_visible(reviewing), "/returns"),
        ("assigned: sources", _all_visible(responses), "/sources"),
        ("assigned: files", _OF_ALL, "/evidence"),
        ("one's own assignments", _ONES_OWN, f"GET {_A}/assignments"),
        ("one's own contributions", _EVERY_PROPOSAL, f"GET {_A}/contributions"),
        ("countries apart", _setting(Actor, "roles_in", everywhere), "/people", f"GET {_A}/answers"),
        ("page: countries apart", _setting(Actor, "roles_in", everywhere), f"GET {PAGE}/countries/{{code}}/people"),
        ("page: answers as they were submitted", _LIVE, f"GET {_P}/indicators/{{indicator}}"),
        ("page: sources as they were submitted", _LIVE, f"GET {_P}/sources"),
        ("page: comments for me", _setting(comments, "readable_comments", all_comments_here), f"GET {_P}/indicators/"),
        ("page: sources", _all_visible(responses), f"GET {_P}/sources"),
        ("page: assignments", _ONES_OWN, f"GET {_P}/ministries"),
        ("page: contributions", _EVERY_PROPOSAL, f"GET {_P}/contributions"),
        ("page: ministries", _setting(record_reading, "_ministry_names", every_ministry), f"GET {_P}/record"),
    )
)  # fmt: skip
"""Filters of what is read: without each of them a word turns up where it should not."""
