"""A piece of work: who, on what, in one transaction. Opening it is the permission check; nothing is loaded unchecked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.assessments.workflow import LEADS_TO, allowed, states_for
from app.errors import NotAllowed, NotFound, NotSignedIn, SecondFactorNeeded, WrongState
from app.logs import note_account
from app.models.assessments import Assessment
from app.models.people import Country
from app.models.record import Event
from app.people.sign_ins import SEEN_EVERY, Actor, identify, note_use
from app.record import ACCOUNTS, Head, append_event, head_of, stamp
from app.rights import Right
from app.service import Service


class Opened(NamedTuple):
    """An assessment as it was opened; these facts never change."""

    id: str
    country: str
    round: int
    content_hash: str
    previous_id: str | None
    opened_at: datetime


@dataclass
class Work:
    """A checked piece of work. Services take it, change things in `session`, and `record` each change.

    `stream` is where events go: the assessment, or accounts.
    """

    service: Service
    connection: Connection
    right: Right
    now: datetime
    address: str = ""
    person: Actor | None = None
    opened: Opened | None = None
    country: str | None = None
    roles: frozenset[str] = frozenset()
    _heads: dict[str, Head] = field(default_factory=dict)
    _secret: str | None = field(default=None, repr=False)

    @cached_property
    def session(self) -> Session:
        """A session in the same transaction; made when first asked for, since the busiest work does without."""
        return Session(self.connection, autoflush=self.right.writes)

    def finish(self) -> None:
        """Send what the session still holds to the database, before the transaction is committed."""
        if "session" in self.__dict__:
            if self.right.writes:
                self.session.flush()
            self.session.close()

    @property
    def actor(self) -> Actor:
        """The person; `NotSignedIn` where anyone may call."""
        if self.person is None:
            raise NotSignedIn
        return self.person

    @property
    def assessment(self) -> Opened:
        """The assessment; work outside of one has none."""
        if self.opened is None:
            raise NotFound
        return self.opened

    @property
    def stream(self) -> str:
        """Where this work's events go."""
        return self.opened.id if self.opened else ACCOUNTS

    def identify(self, secret: str | None = None) -> None:
        """Find out who calls, by a secret, or again by the same: while one waits for a lock, roles may end."""
        self._secret = secret or self._secret
        if self._secret is not None:
            self.person = identify(self.connection, self._secret, self.now)
            note_account(self.person.id)
            _check_sign_in(self, self.person)

    def wait_for(self, stream: str) -> bool:
        """Take the lock of a stream, then identify the caller again and read the stream's end; whether there was a lock."""
        if self.service.database.is_sqlite or not self.right.writes:
            return False
        self.service.database.lock(self.connection, stream)
        self.identify()
        self._heads[stream] = head_of(self.connection, stream)
        return True

    def head(self, stream: str | None = None) -> Head:
        """The end of a chain; when writing, nobody else can add to it from here on."""
        name = stream or self.stream
        if name not in self._heads:
            if self.right.writes:
                self.service.database.lock(self.connection, name)
            self._heads[name] = head_of(self.connection, name)
        return self._heads[name]

    def use_head(self, head: Head) -> None:
        """Give the end of this work's chain where it was read already, under the lock."""
        self._heads[self.stream] = head

    @property
    def state(self) -> str:
        """The assessment's state."""
        return self.head().state

    @property
    def ministries(self) -> frozenset[str]:
        """The ministries of this country for which the person contributes."""
        return self.actor.ministries_in(self.country or "")

    @property
    def sees_live(self) -> bool:
        """Whether the person sees answers as they are now; IOM's reviewers see what was last submitted."""
        return bool(self.roles & {"focal_point", "contributor", "signatory", "adviser"})

    def allows(self, action: str) -> bool:
        """Whether this person may also do something else to this assessment, now."""
        return any(allowed(action, role, self.state) for role in self.roles)  # type: ignore[arg-type]  # roles are Roles

    def demand(self, action: str) -> None:
        """Like `allows`, but says why not: `NotAllowed` for the role, `WrongState` for the time."""
        demand_right(action, self.roles, self.state)

    def record(self, kind: str, subject: str = "", *, stream: str | None = None, **payload: Any) -> Head:
        """Write an event, in this transaction. Payloads hold versions, ids and hashes; never an answer or a text."""
        head, name = self.head(stream), stream or self.stream
        fields = {
            "stream": name,
            "at": stamp(self.now),
            "kind": kind,
            "actor": self.person.id if self.person else "",
            "subject": subject,
        }
        state = LEADS_TO.get(kind, head.state) if name != ACCOUNTS else ""
        self._heads[name] = append_event(self.connection, head, fields, payload, state=state)
        return self._heads[name]


def demand_right(action: str, roles: frozenset[str], state: str) -> None:
    """Refuse an action that the roles never allow, or not in this state."""
    states = frozenset[str]().union(*(states_for(action, role) for role in roles))  # type: ignore[arg-type]  # as above
    if not states:
        raise NotAllowed
    if state not in states:
        raise WrongState(state=state)


@contextmanager
def begin_work(service: Service, right: Right, secret: str | None, address: str = "") -> Iterator[Work]:
    """Open a transaction and find out who calls. Committed at the end of the block; rolled back if anything is raised."""
    database, now, stale = service.database, service.clock(), None
    with database.connected(writes=right.writes) as connection:
        work = Work(service, connection, right, now, address)
        if right.scope != "anyone":
            if not secret:
                raise NotSignedIn
            work.identify(secret)
            stale = work.actor if now - work.actor.seen_at >= SEEN_EVERY else None
        yield work
        work.finish()
        if stale and right.writes:
            note_use(connection, stale, now)
    if stale and not right.writes:
        with database.connected(writes=True) as connection:
            note_use(connection, stale, now)


def _check_sign_in(work: Work, actor: Actor) -> None:
    if work.right.writes and actor.scope == "read":
        raise NotAllowed("This token may only read.")
    if work.right.scope == "half_signed_in":
        return
    missing = work.service.wants_second_factor and actor.is_strong() and not actor.has_second_factor
    if not actor.second_factor_shown or missing:
        raise SecondFactorNeeded(setup=not actor.has_second_factor)


_EVENT_AFTER = aliased(Event)
_LAST_EVENT = select(func.max(col(_EVENT_AFTER.seq))).where(col(_EVENT_AFTER.stream) == col(Assessment.id))
_ENTERED = (
    select(
        col(Assessment.id), col(Assessment.country), col(Assessment.round), col(Assessment.content_hash),
        col(Assessment.previous_id), col(Assessment.opened_at), col(Event.seq), col(Event.hash), col(Event.state),
    )
    .join(Event, (col(Event.stream) == col(Assessment.id)) & (col(Event.seq) == _LAST_EVENT.scalar_subquery()))
    .where(col(Assessment.id) == bindparam("id"))
)  # fmt: skip


def enter_assessment(work: Work, assessment_id: str) -> None:
    """Load an assessment for its people: `NotFound` for strangers, `NotAllowed` and `WrongState` for colleagues."""
    row = work.connection.execute(_ENTERED, {"id": assessment_id}).first()
    if row is None or not work.actor.roles_in(row.country):
        raise NotFound
    work.opened = Opened(*row[:6])
    work.country = work.opened.country
    # A stranger never waits for the lock: how long that takes would tell that others are at work.
    if not work.wait_for(assessment_id):
        work.use_head(Head(*row[6:]))
    work.roles = work.actor.roles_in(work.country)
    if not work.roles:
        raise NotFound
    demand_right(work.right.action, work.roles, work.state)


def enter_country(work: Work, code: str) -> None:
    """Work on a country's people: `NotFound` for those who hold no role there, `NotAllowed` for colleagues."""
    if not work.actor.roles_in(code) or work.session.get(Country, code) is None:
        raise NotFound
    work.wait_for(ACCOUNTS)
    work.country = code
    work.roles = work.actor.roles_in(code)
    if not work.roles:
        raise NotFound
    if not work.roles & work.right.roles:
        raise NotAllowed


def enter_service(work: Work) -> None:
    """Work on the service as a whole: for administrators."""
    if work.actor.roles_in(None) & work.right.roles:
        work.wait_for(ACCOUNTS)
    work.roles = work.actor.roles_in(None)
    if not work.roles & work.right.roles:
        raise NotAllowed
