"""Guards that are taken away while the service runs: each as a patch, and where its absence must be noticed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from sqlalchemy import ColumnElement, null, true
from sqlmodel import col, select

import app.api.evidence
import app.assessments.answers
import app.assessments.assignments
import app.assessments.comments
import app.assessments.contributions
import app.assessments.forms
import app.evidence.attaching
import app.people.sessions
import app.people.sign_ins
import app.people.tokens
import app.work
from app.api.calls import May
from app.assessments.workflow import ROLES
from app.errors import NotAllowed
from app.models.assessments import Assignment, Evidence
from app.models.people import Account, Ministry, RoleGrant
from app.models.work import Comment
from app.people.sign_ins import Actor, Grant
from app.rights import Right
from app.work import Work
from tests.security.access_table import ROUTES, Route

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
                yield (method, (context.path or "").removeprefix("/api/v1")), declaration


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
            found.append(Guard(f"the right of {' '.join(route)}", _setting(declaration, "right", weak), frozenset({route})))
    return found


def _weakened(right: Right) -> Right:
    everyone = frozenset(ROLES)
    if right.scope == "assessment":
        return Right("see_assessment", "assessment", everyone, right.writes)
    return right._replace(roles=everyone) if right.scope == "country" else right


def _setting(owner: Any, name: str, value: Any) -> Patch:
    return lambda patch: patch.setattr(owner, name, value)


def _where(*parts: str) -> frozenset[Route]:
    return frozenset(route for route in ROUTES if any(part in " ".join(route) for part in parts))


ANSWERS = _where("GET /assessments/{assessment_id}/answers/{indicator}")
ONE = _where("GET /assessments/{assessment_id}/answers")


def nothing(*_given: Any, **_named: Any) -> None:
    """What is left of a check that was taken away."""


def everywhere(actor: Actor, _country: str | None) -> frozenset[str]:
    """All roles of a person, wherever they hold them."""
    return frozenset(grant.role for grant in actor.grants)


def without_token(actor: Actor, country: str | None) -> frozenset[str]:
    """The roles in a country, though a token is for another one."""
    return frozenset(grant.role for grant in actor.grants if grant.country in (country, None))


def role_alone(_action: str, roles: frozenset[str], _state: str) -> None:
    """The check of an action without the check of the time."""
    app_states = [app.work.states_for(_action, role) for role in roles]  # type: ignore[arg-type]  # roles are Roles
    if not any(app_states):
        raise NotAllowed


def _blind(statement: Any, *columns: str) -> Any:
    kept = [null().label(one.name) if one.name in columns else one for one in statement.selected_columns]
    return statement.with_only_columns(*kept)


def ended_roles_too(connection: Any, secret: str, now: Any) -> Actor:
    """Who calls, with the roles that have ended."""
    actor = _identify(connection, secret, now)
    held = select(RoleGrant.role, RoleGrant.country, RoleGrant.ministry_id).where(col(RoleGrant.account_id) == actor.id)
    return actor._replace(grants=tuple(Grant(*row) for row in connection.execute(held)))


_identify = app.people.sign_ins.identify


def any_comment(work: Work, comment_id: str) -> tuple[Comment, str]:
    """A comment by its id alone."""
    comment = work.session.get_one(Comment, comment_id)
    return comment, work.session.get_one(Account, comment.written_by).name


def any_file(work: Work, evidence_id: str) -> Any:
    """A file by its id alone."""
    row = work.session.get_one(Evidence, evidence_id)
    return app.evidence.attaching._file(row, "someone")


def any_assignment(work: Work, _indicator: str, ministry_id: str) -> Assignment:
    """An assignment by its ministry alone."""
    found = work.session.exec(select(Assignment).where(col(Assignment.ministry_id) == ministry_id)).first()
    assert found is not None
    return found


def any_ministry(work: Work) -> frozenset[str]:
    """All ministries that there are."""
    return frozenset(work.session.exec(select(Ministry.id)))


def everything(_work: Work) -> ColumnElement[bool]:
    """Which comments may be read: all."""
    return true()


_STATES = _where("POST /assessments/{assessment_id}/submission")

OTHER_GUARDS: tuple[Guard, ...] = (
    Guard("roles hold in their country", _setting(Actor, "roles_in", everywhere), ONE),
    Guard("a token is for one country", _setting(Actor, "roles_in", without_token), ONE),
    Guard("role and time", _setting(app.work, "demand_right", nothing), _STATES),
    Guard("the time", _setting(app.work, "demand_right", role_alone), _STATES),
    Guard("how one is signed in", _setting(app.work, "_check_sign_in", nothing), _where("PATCH /account")),
    Guard("30 minutes idle", _setting(app.people.sign_ins, "IDLE", timedelta(days=1)), ONE),
    Guard("12 hours", lambda patch: patch.setattr(app.work, "identify", lambda connection, secret, now: _identify(
        connection, secret, now - timedelta(seconds=1))), ONE),
    Guard("disabled accounts", lambda patch: patch.setattr(app.people.sign_ins, "_BY_SESSION", _blind(
        app.people.sign_ins._BY_SESSION, "disabled_at")), ONE),
    Guard("revoked tokens", lambda patch: patch.setattr(app.people.sign_ins, "_BY_TOKEN", _blind(
        app.people.sign_ins._BY_TOKEN, "ended_at")), ONE),
    Guard("ended roles", _setting(app.work, "identify", ended_roles_too), ONE),
    Guard("assigned: answers", _setting(app.assessments.answers, "visible_indicators", nothing), ANSWERS),
    Guard("assigned: forms", _setting(app.assessments.forms, "visible_indicators", nothing), _where("/forms/{domain}")),
    Guard("assigned: form of one", _setting(app.assessments.forms, "check_visible", nothing), _where("/form")),
    Guard("assigned: proposals", _setting(app.assessments.contributions, "check_visible", nothing), _where("GET /assessments/{assessment_id}/contributions/")),
    Guard("assigned: own ministry", _setting(app.assessments.contributions, "_own_ministry", lambda work, *_: next(iter(work.ministries))), _where("POST /assessments/{assessment_id}/contributions/{indicator}")),
    Guard("assigned: comments", _setting(app.assessments.comments, "check_visible", nothing), _where("POST /assessments/{assessment_id}/comments")),
    Guard("assigned: files", _setting(app.evidence.attaching, "_of_own_ministries", lambda _work: []), _where("/evidence/{evidence_id}")),
    Guard("one's own ministries", _setting(Work, "ministries", property(any_ministry)), _where("/finish")),
    Guard("comments for me", _setting(app.assessments.comments, "readable_comments", everything), _where("/resolve")),
    Guard("who writes for whom", _setting(app.assessments.comments, "_demand", nothing), _where("POST /assessments/{assessment_id}/comments")),
    Guard("a comment in its assessment", _setting(app.assessments.comments, "_find", any_comment), _where("/resolve")),
    Guard("a file in its assessment", _setting(app.api.evidence, "find_evidence", any_file), _where("GET /assessments/{assessment_id}/evidence/{evidence_id}")),
    Guard("an assignment in its assessment", _setting(app.assessments.assignments, "_find_assignment", any_assignment), _where("DELETE /assessments/{assessment_id}/assignments")),
    Guard("whose token", _setting(app.people.tokens, "list_tokens", lambda work: list(work.session.exec(select(app.people.tokens.ApiToken)))), _where("DELETE /account/tokens")),
    Guard("whose sign-in", _setting(app.people.sessions, "_open", lambda _work: true()), _where("DELETE /account/sessions")),
    Guard("no programs", _setting(app.people.tokens, "own_account", lambda work: work.session.get_one(Account, work.actor.id)), _where("GET /account/tokens")),
    Guard("administrators alone", lambda patch: patch.setattr("app.api.calls.enter_service", nothing), _where("GET /accounts")),
    Guard("strong roles", _setting(Actor, "is_strong", lambda _actor: False), _where("DELETE /account/second-factor")),
)
