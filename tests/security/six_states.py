"""Country A with an assessment in each state, and country B with one; every text of A carries a word of its own."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pyotp
from sqlalchemy.engine import Connection
from sqlmodel import col, select

from app.application import create_app
from app.assessments.answers import save_answer
from app.assessments.edit_saving import save_edit
from app.assessments.source_saving import save_source
from app.database import Database
from app.models.assessments import StoredAnswer
from app.models.mail import OutboxLetter
from app.models.people import Account, ApiToken, Ministry, RoleGrant, SignIn
from app.people.links import make_link
from app.people.passwords import hash_password
from app.people.second_factor import shared_secret
from app.people.secrets import new_id, new_token, token_hash
from app.people.sign_ins import API_TOKEN, start_sign_in
from app.rights import right
from app.service import Service
from app.work import begin_work, enter_assessment
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from questionnaire.stored import answer_body
from tests.security.access_table import OUTSIDE, PAGES, PRINCIPALS, ROUTES, Route, Target, expected, scope_of
from tests.security.asking import Question
from tests.security.canaries import Canaries
from tests.security.requests import WORDS, question
from tests.steps import STEPS, approve, bring_to, made, path, sign_off
from tests.world import PEOPLE, World, running_world

H, UNASSIGNED = "health-access", "education-access"
"""An indicator that is assigned to the labour ministry, and one that is assigned to nobody."""
STATES = {"collecting": "c", "in_review": "r", "approved": "a", "consented": "n", "published": "p", "withdrawn": "w"}
YEARS = {state: 2019 + number for number, state in enumerate(STATES)}
A_PEOPLE = ("focal_a", "second_focal_a", "labour_a", "health_a", "signatory_a", "adviser_a")
SECRET, PENDING = "JBSWY3DPEHPK3PXP", "KRSXG5CTMVRXEZLU"
INSIDE = re.compile(r"\{(comment|contribution|evidence|ministry|grant|invitation|account|token|session|source)_id\}")
NOTHING: dict[str, Any] = {"version": 0, "source_version": 0, "submitted_version": 0}
ABSENT = {name: f"{number}absentabsentabsent" for number, name in enumerate(
    ("assessment_id", "comment_id", "contribution_id", "evidence_id", "ministry_id", "grant_id", "invitation_id",
     "account_id", "token_id", "session_id")
)} | {"source_id": "no-such-source"}  # fmt: skip


class Unchanged(Database):
    """A database in which nothing that is written stays; `grew` counts the events of each transaction before it goes."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.grew: list[int] = []

    @contextmanager
    def connected(self, *, writes: bool) -> Iterator[Connection]:
        """As ever, but rolled back in the end."""
        with super().connected(writes=writes) as connection:
            before = self._events(connection) if writes else 0
            yield connection
            if writes:
                self.grew.append(self._events(connection) - before)
                connection.rollback()

    def _events(self, connection: Connection) -> int:
        return int(connection.exec_driver_sql("SELECT coalesce(max(rowid), 0) FROM event").scalar_one())


class Case(NamedTuple):
    """Someone at a route. `inside`: from which other target the objects inside are taken, if they are."""

    route: Route
    action: str
    person: str
    target: Target
    inside: str = ""

    @property
    def expected(self) -> str:
        """What the hand-written table says."""
        return expected(self.person, self.route, self.action, self.target)


@dataclass
class SixStates:
    """What was built: targets with their facts, everyone's secrets, and an application that keeps nothing."""

    world: World
    canaries: Canaries = field(default_factory=Canaries)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    secrets: dict[str, str | None] = field(default_factory=lambda: {"anonymous": None})
    letters: list[str] = field(default_factory=list)

    def targets(self, scope: str) -> list[Target]:
        """What is asked about: of A, of B, and what is not there at all."""
        here = {"assessment": [Target(state, "KG", letter) for state, letter in STATES.items()] + [Target("b", "UZ", "c")],
                "country": [Target("KG", "KG"), Target("UZ", "UZ")]}  # fmt: skip
        return [*here.get(scope, [Target("here", "*")]), *([Target("absent")] if scope in here else [])]

    def cases(self) -> Iterator[Case]:
        """Everyone at every route: about each target, and about objects of B and absent ones inside a target of A."""
        for route, action in (ROUTES | OUTSIDE | PAGES).items():
            scope = scope_of(action)
            own = [(target, "") for target in self.targets(scope)]
            for target, inside in own + self._others_inside(route, scope, own):
                for person in PRINCIPALS:
                    yield Case(route, action, person, target, inside)

    def _others_inside(self, route: Route, scope: str, own: list[tuple[Target, str]]) -> list[tuple[Target, str]]:
        if not INSIDE.search(route[1].replace("{assessment_id}", "")) or (
            route[0] == "PUT" and "{source_id}" in route[1]
        ):
            return []
        others = {"assessment": ("b", "absent"), "country": ("UZ", "absent")}.get(scope, ("absent",))
        return [
            (target._replace(inside=False), other)
            for target, _ in own
            if target.country in ("KG", "*")
            for other in others
        ]

    def question(self, case: Case) -> Question:
        """The request of a case."""
        facts = self.facts_of(case.target, inside=case.inside)
        if "/account/invitations" in case.route[1] and not case.inside:
            facts = facts | {"invitation_id": facts["own_invitation_id"]}
        return question(case.route, facts, self.secrets[case.person])

    def facts_of(self, target: Target, *, inside: str = "") -> dict[str, Any]:
        """All facts of a target; `inside` names another target from which the objects inside are taken."""
        own = self.facts[target.name]
        if not inside:
            return own
        others = self.facts[inside]
        return own | {name: others[name] for name in ABSENT if name != "assessment_id" and name in others}


@contextmanager
def six_states(
    url: str, folder: Path, instrument: CompiledInstrument, response: Response, canaries: Canaries | None = None
) -> Iterator[SixStates]:
    """Build everything over HTTP and through the services, once. `canaries`: what stands in the texts."""
    with running_world(url, folder, instrument, smtp_url="smtp://localhost:2525") as world:
        built = SixStates(world, canaries or Canaries())
        _mark_people(built)
        world.open_round("before", "KG", YEARS["collecting"] - 1)
        bring_to(world, "in_review", response, "before")
        for state in STATES:
            _bring(built, state, response)
        _bring_b(built, response)
        _after_all(built)
        _people(built)
        _sign_in_all(built)
        world.forget_clients()
        with world.service.database.reading() as session:
            built.letters = [f"{one.subject}\n{one.text}" for one in session.exec(select(OutboxLetter))]
        yield built


@contextmanager
def unchanging(built: SixStates, **other: Any) -> Iterator[tuple[Any, Unchanged]]:
    """An application on what was built that keeps nothing, and its database. `other`: settings that are not as ever."""
    settings = built.world.service.settings.model_copy(update=other)
    database = Unchanged(settings.database)
    service = Service(settings, database, lambda: built.world.now)
    try:
        yield create_app(service), database
    finally:
        database.close()


def _mark_people(built: SixStates) -> None:
    world, hashed = built.world, hash_password(WORDS)
    with world.work("manage_accounts") as work:
        for name, account_id in world.accounts.items():
            account = work.session.get_one(Account, account_id)
            account.password, account.totp_secret, account.totp_pending = hashed, SECRET, PENDING
            if name in A_PEOPLE:
                account.name = f"Person {built.canaries.word('name')}"
                account.email = f"{built.canaries.word('email', name)}@example.org"
        for name in ("labour", "health"):
            ministry = work.session.get_one(Ministry, world.ministries[name])
            ministry.name = f"the Ministry of {built.canaries.word(f'ministry {name}')}"


def _bring(built: SixStates, state: str, response: Response) -> None:
    """An assessment of A, with work of every kind around the answers, brought to a state."""
    world = built.world
    world.open_round(state, "KG", YEARS[state])
    _fill_in(built, state, "focal_a", response)
    _work_around(built, state)
    _reach(built, state)
    _note_facts(built, state, "focal_a", "reviewer")


def _fill_in(built: SixStates, name: str, person: str, response: Response) -> None:
    world, word = built.world, built.canaries.word
    world.fill_in(world.assessments[name], response, person)
    with begin_work(world.service, right("save_answer"), world.sign_in(person)) as work:
        enter_assessment(work, world.assessments[name])
        if name in ("collecting", "b"):
            title = f"Minutes {word('private source')}" if name == "collecting" else "Minutes of a meeting"
            save_source(work, _source(name), {"title": title, "kind": "report", "public": False}, 0)
        for indicator in (H, UNASSIGNED):
            answer = json.loads(answer_body(response.answers[indicator]))
            if name != "b":
                kind = "answer" if indicator == H else "unassigned answer"
                answer |= {"detail": f"A by-law {word('public ' + kind, name)} was adopted."}
                answer |= {"note": f"See {word(kind, name)}."}
            save_answer(work, indicator, answer | ({"sources": [_source(name)]} if indicator == H else {}), 1)


def _source(name: str) -> str:
    """The id of a source that is not public and that an answer rests on."""
    return "minutes-of-b" if name == "b" else "minutes"


def _work_around(built: SixStates, name: str) -> None:
    """Assignments, contributions, comments of each audience, a file."""
    world, word = built.world, built.canaries.word
    focal, contributor = ("focal_b", "contributor_b") if name == "b" else ("focal_a", "labour_a")
    reviewer, ministry = ("second_reviewer", "labour_b") if name == "b" else ("reviewer", "labour")

    def send(person: str, method: str, rest: str, body: Any, **more: Any) -> Any:
        sent = {"content": body} if isinstance(body, bytes) else {"json": body}
        return made(world.as_(person).request(method, path(world, rest, name), **sent, **more)).json()

    assigned = {"indicators": [H], "ministry_id": world.ministries[ministry], "remark": word("assignment", name)}
    send(focal, "PUT", "assignments", assigned)
    proposal = {"answer": {"not_known": word("contribution", name)}, "remark": word("contribution", name)}
    declined = send(contributor, "POST", f"contributions/{H}", proposal)["id"]
    send(focal, "POST", f"contributions/{declined}/decline", {"reason": word("contribution", name)})
    facts = built.facts.setdefault(name, {})
    facts["contribution_id"] = send(contributor, "POST", f"contributions/{H}", proposal)["id"]
    for person, audience, kept in (
        (focal, "government", None), (focal, "government", ministry), (focal, "shared", None), (reviewer, "internal", None),
    ):  # fmt: skip
        comment = {"indicator": H, "audience": audience, "text": f"Why {word(f'{audience} comment', name)}?"}
        comment |= {"ministry_id": world.ministries[kept]} if kept else {}
        made_one = send(person, "POST", "comments", comment)
        facts["comment_id"] = made_one["id"] if audience == "shared" else facts.get("comment_id")
    query = {"indicator": H, "name": f"{word('evidence', name)}.txt"}
    content = f"Article 12 {word('evidence', name)} of the law.".encode()
    facts["evidence_id"] = send(contributor, "POST", "evidence", content, params=query)["id"]


def _reach(built: SixStates, state: str) -> None:
    world, word = built.world, built.canaries.word
    for reached, step in STEPS.items():
        step(world, state)
        if reached == "in_review":
            marked = {"answer_version": 2}
            made(world.as_("reviewer").post(path(world, f"reviews/{H}", state), json=marked))
            _reword(built, state)
        if reached == "approved" and state == "consented":
            declined = {"reason": f"Not yet {word('reason', state)}."}
            made(world.as_("focal_a").post(path(world, "consent/decline", state), json=declined))
            approve(world, state)
        if state in (reached, "collecting"):
            break
    if state == "collecting":
        _return(built, state, "focal_a", "reviewer")
        sign_off(world, state)


def _reword(built: SixStates, state: str) -> None:
    world = built.world
    with begin_work(world.service, right("edit_sentence"), world.sign_in("reviewer")) as work:
        enter_assessment(work, world.assessments[state])
        save_edit(work, f"{UNASSIGNED}.finding", f"There is {built.canaries.word('rewording', state)}.", 0)


def _return(built: SixStates, name: str, focal: str, reviewer: str) -> None:
    """What was submitted comes back, and something newer is written that no reviewer has been given yet."""
    world, word = built.world, built.canaries.word
    returned = {"indicators": [{"indicator": H, "reason": f"Which {word('return', name)}?"}]}
    made(world.as_(reviewer).post(path(world, "return", name), json=returned))
    newer = {"not_known": f"We ask {word('newer answer', name)}.", "sources": [_source(name)]}
    saved = world.as_(focal).put(path(world, f"answers/{H}", name), json=newer, headers={"If-Match": '"2"'})
    made(saved)
    query = {"indicator": UNASSIGNED, "name": f"{word('newer evidence', name)}.txt"}
    content = f"Newer {word('newer evidence', name)} text.".encode()
    made(world.as_(focal).post(path(world, "evidence", name), content=content, params=query))


def _bring_b(built: SixStates, response: Response) -> None:
    world = built.world
    known = set(built.canaries.texts)
    _fill_in(built, "b", "focal_b", response)
    _work_around(built, "b")
    made(world.as_("focal_b").post(path(world, "submission", "b")))
    _return(built, "b", "focal_b", "second_reviewer")
    _note_facts(built, "b", "focal_b", "second_reviewer")
    for word in built.canaries.texts.keys() - known:
        built.canaries.texts[word] = built.canaries.texts[word]._replace(assessment="b")


def _note_facts(built: SixStates, name: str, focal: str, reviewer: str) -> None:
    """What requests about an assessment must name: versions, hashes, ids."""
    world, get = built.world, built.world.as_
    answer = made(get(focal).get(path(world, f"answers/{H}", name))).json()
    seen = made(get(reviewer).get(path(world, f"answers/{H}", name))).json()
    facts = built.facts.setdefault(name, {})
    facts |= {"assessment_id": world.assessments[name], "indicator": H, "domain": 1, "source_id": _source(name)}
    facts |= {"number": 1, "file_format": "html", "sentence_id": f"{UNASSIGNED}.finding", "edit_version": 1}
    facts |= {"version": answer["version"], "submitted_version": seen["version"], "source_version": 1}
    facts["ministry_id"] = world.ministries["labour_b" if name == "b" else "labour"]
    read = {"sha256": (focal, "sign-off", "sha256"), "approval": (reviewer, "approval", "fingerprint")}
    read["consent"] = (focal, "consent", "fingerprint")
    for fact, (person, rest, member) in read.items():
        told = get(person).get(path(world, rest, name))
        facts[fact] = told.json()[member] if told.is_success else "0" * 64


def _after_all(built: SixStates) -> None:
    """A source that nothing rests on; an answer that looks as if it were carried over; what is absent."""
    world = built.world
    source = {"title": f"Draft {built.canaries.word('unused source')}", "kind": "report", "public": False}
    new = {"If-Match": '"0"'}
    made(world.as_("focal_a").put(path(world, "sources/draft-report", "collecting"), json=source, headers=new))
    with world.work("save_answer") as work:
        carried = select(StoredAnswer).where(
            col(StoredAnswer.assessment_id) == world.assessments["collecting"], col(StoredAnswer.indicator) == H
        )
        for row in work.session.exec(carried):
            row.carried_from = 2018
            work.session.add(row)
    built.facts["absent"] = NOTHING | ABSENT | {
        "indicator": H, "domain": 1, "code": "XX", "sha256": "0" * 64, "approval": "0" * 64, "consent": "0" * 64,
        "heir_id": ABSENT["account_id"], "number": 1, "file_format": "html", "sentence_id": f"{UNASSIGNED}.finding",
        "edit_version": 1,
    }  # fmt: skip


def _people(built: SixStates) -> None:
    """What requests about people name: grants, invitations, links, codes."""
    world = built.world
    for code, focal, heir in (("KG", "second_focal_a", "health_a"), ("UZ", "focal_b", "contributor_b")):
        invited = {"email": f"guest.{code.lower()}@example.org", "name": "A Guest", "role": "focal_point"}
        made_one = made(world.as_("administrator").post(f"/countries/{code}/invitations", json=invited)).json()
        ministry = world.ministries["labour" if code == "KG" else "labour_b"]
        built.facts[code] = {"code": code, "invitation_id": made_one["id"], "heir_id": world.accounts[heir],
                             "grant_id": _grant(world, focal), "ministry_id": ministry}  # fmt: skip
    invited = {"email": "second.administrator@example.org", "name": "Another Administrator"}
    administrator = made(world.as_("administrator").post("/invitations", json=invited)).json()
    second = _account(world, "second_administrator", "administrator", None)
    own = {"email": "nobody@example.org", "name": "Nobody", "role": "reviewer"}
    offered = made(world.as_("administrator").post("/countries/TJ/invitations", json=own)).json()
    built.facts["here"] = {"account_id": second, "grant_id": _grant(world, "second_administrator"),
                           "invitation_id": administrator["id"], "own_invitation_id": offered["id"]}  # fmt: skip
    with world.work("use_link") as work:
        reset = make_link(work, "reset", world.accounts["nobody"], hours=1)
        invitation = make_link(work, "invitation", second, hours=1, role="reviewer", country="UZ")
    key = world.service.settings.key
    codes = {name: pyotp.TOTP(shared_secret(key, stored)).at(world.now) for name, stored in
             (("code", SECRET), ("pending_code", PENDING))}  # fmt: skip
    built.facts["here"] |= {
        "reset_token": reset,
        "invitation_token": invitation,
        "country": "KG",
        "file_format": "html",
    }
    built.facts["here"] |= {"round": YEARS["published"], "name": "mgi-2018", "email": "focal_b@example.org"} | codes
    built.facts["here"] |= {"version": "0" * 12, "indicator": H, "step": "disable"}


def _grant(world: World, name: str) -> str:
    with world.service.database.reading() as session:
        found = session.exec(select(RoleGrant.id).where(col(RoleGrant.account_id) == world.accounts[name]))
        return str(found.first())


def _account(world: World, name: str, role: str, country: str | None) -> str:
    world.accounts[name] = new_id()
    with world.work("manage_accounts") as work:
        account = Account(
            id=world.accounts[name], email=f"{name}@example.org", name=f"Person {name}", created_at=world.now
        )
        account.totp_confirmed, account.totp_secret = True, SECRET
        work.session.add(account)
        work.session.flush()
        work.session.add(
            RoleGrant(
                id=new_id(), account_id=account.id, role=role, country=country, ministry_id=None, created_at=world.now
            )
        )
    return world.accounts[name]


def _sign_in_all(built: SixStates) -> None:
    """Everyone signs in; then some lose their access, each in another way."""
    world, secrets = built.world, built.secrets
    for name in ("disabled", "removed"):
        _account(world, name, "focal_point", "KG")
    for name in (*PEOPLE, "disabled", "removed"):
        secrets[name] = world.sign_in(name)
    for name in ("expired", "idle"):
        secrets[name] = world.sign_in("focal_a")
    with world.work("manage_accounts") as work:
        secrets["half signed in"] = start_sign_in(
            work.connection, world.accounts["reviewer"], world.now, second_factor=False
        )
    tokens = {"reading token": ("focal_a", "read", None), "writing token": ("focal_a", "write", "KG"),
              "token for another country": ("second_reviewer", "write", "UZ"),
              "revoked token": ("focal_a", "write", None)}  # fmt: skip
    ids = {name: _token(built, name, *of) for name, of in tokens.items()}
    spare = world.sign_in("focal_a")
    with world.work("manage_accounts") as work:
        session = work.session
        built.facts["here"] |= {"token_id": ids["reading token"], "session_id": _session(work.session, spare).id}
        session.get_one(ApiToken, ids["revoked token"]).revoked_at = world.now
        session.get_one(Account, world.accounts["disabled"]).disabled_at = world.now
        session.get_one(RoleGrant, _grant(world, "removed")).ended_at = world.now
        _session(session, secrets["expired"]).expires_at = world.now
        _session(session, secrets["idle"]).seen_at = world.now - timedelta(minutes=30)


def _session(session: Any, secret: str | None) -> SignIn:
    found: SignIn = session.exec(select(SignIn).where(col(SignIn.token_hash) == token_hash(secret or ""))).one()
    return found


def _token(built: SixStates, name: str, person: str, scope: str, country: str | None) -> str:
    world, secret, token_id = built.world, API_TOKEN + new_token(), new_id()
    built.secrets[name] = secret
    with world.work("change_own") as work:
        work.session.add(
            ApiToken(
                id=token_id, token_hash=token_hash(secret), account_id=world.accounts[person], name=name, scope=scope,
                country=country, created_at=world.now, expires_at=world.now + timedelta(days=1), used_at=world.now,
            )
        )  # fmt: skip
    return token_id
