"""A request for each operation that succeeds, in an order in which people could have made them."""

from collections.abc import Generator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pyotp

from questionnaire.response import Response
from tests.app.evidence.made_files import pdf
from tests.sign_ins import NEW_WORDS, WORDS, code, give_password
from tests.steps import fill
from tests.teamwork import ALL, NONE
from tests.world import World


class Real(NamedTuple):
    """A request by operation id. `cookie` is another sign-in than the person's; `path` what stands in the address."""

    operation: str
    name: str
    path: Mapping[str, Any] = MappingProxyType({})
    body: Any = None
    query: Mapping[str, Any] = MappingProxyType({})
    base: int | None = None
    cookie: str | None = None
    media_type: str | None = None


Calls = Generator[Real, Any, None]
"""Each yielded request comes back as its answer's JSON body, or its cookie where it has none."""

VICTIM = "contributor_b"
INVITED = {"name": "Someone New", "role": "adviser"}


def account_calls(world: World) -> Calls:
    """One's own account and signing in."""
    give_password(world, "nobody", second_factor=False)
    person = {"email": "nobody@example.org", "password": WORDS}
    for operation in ("get_health", "get_ready"):
        yield Real(operation, "anonymous")
    for operation in ("get_sign_in", "get_own_account", "get_tokens", "get_own_invitations"):
        yield Real(operation, "nobody")
    yield Real("post_sign_in", "anonymous", body=person)
    yield Real("patch_own_account", "nobody", body={"name": "No Body"})
    token = {"name": "Export", "scope": "read", "days": 7, "password": WORDS}
    made = yield Real("post_token", "nobody", body=token)
    yield Real("delete_token", "nobody", {"token_id": made["id"]})
    world.sign_in("nobody")
    sessions = yield Real("get_sessions", "nobody")
    other = next(session["id"] for session in sessions if not session["present"])
    yield Real("delete_session", "nobody", {"session_id": other})
    yield Real("post_password", "nobody", body={"old_password": WORDS, "new_password": NEW_WORDS})
    yield Real("post_password_reset", "anonymous", body={"email": "nobody@example.org"})
    yield Real("post_sign_out", "nobody")
    yield Real("post_sign_out_everywhere", "nobody")


def second_factor_calls(world: World) -> Calls:
    """Showing a second factor, setting one up, taking it away."""
    give_password(world, "signatory_a")
    person = {"email": "signatory_a@example.org", "password": WORDS}
    cookie = yield Real("post_sign_in", "anonymous", body=person)
    yield Real("post_code", "anonymous", body={"code": code(world)}, cookie=cookie)
    world.later(seconds=60)
    yield Real("post_recovery_codes", "signatory_a", body={"password": WORDS, "code": code(world)})
    world.later(seconds=60)
    yield Real("delete_second_factor", "signatory_a", body={"password": WORDS, "code": code(world)})
    world.later(seconds=60)
    setup = yield Real("post_second_factor", "signatory_a", body={"password": WORDS})
    shown = pyotp.TOTP(setup["secret"]).at(world.now)
    yield Real("post_second_factor_confirmation", "signatory_a", body={"code": shown})


def people_calls(world: World) -> Calls:
    """Accounts, countries, invitations, roles."""
    country, victim = {"code": "UZ"}, {"account_id": world.accounts[VICTIM]}
    for operation in ("get_accounts", "get_countries", "get_administrator_invitations", "get_account_record"):
        yield Real(operation, "administrator")
    yield Real("get_account", "administrator", victim)
    yield Real("patch_account", "administrator", victim, {"email": "moved@example.org"})
    for operation in ("post_second_factor_reset", "post_disable", "post_enable"):
        yield Real(operation, "administrator", victim)
    yield Real("post_country", "administrator", body={"code": "KZ"})
    yield Real("post_assessment", "administrator", body={"country": "TJ", "round": 2026})
    invited = yield Real("post_country_invitation", "focal_b", country, {"email": "a@example.org", **INVITED})
    renewed = yield Real("renew_country_invitation", "focal_b", {**country, "invitation_id": invited["id"]})
    yield Real("cancel_country_invitation", "focal_b", {**country, "invitation_id": renewed["id"]})
    invited = yield Real("post_country_invitation", "focal_b", country, {"email": "nobody@example.org", **INVITED})
    yield Real("accept_own_invitation", "nobody", {"invitation_id": invited["id"]})
    yield from _administrator_calls()
    people = yield Real("get_people", "focal_b", country)
    held = next(one["roles"] for one in people["people"] if one["account_id"] == world.accounts[VICTIM])
    yield Real("delete_role", "focal_b", {**country, "grant_id": held[0]["grant_id"]})
    yield Real("get_ministries", "focal_b", country)
    made = yield Real("post_ministry", "focal_b", country, {"name": "Ministry of Labour"})
    yield Real("put_ministry", "focal_b", {**country, "ministry_id": made["id"]}, {"name": "Ministry of Work"})
    yield Real("post_hand_over", "second_focal_a", {"code": "KG"}, {"account_id": world.accounts["health_a"]})


def _administrator_calls() -> Calls:
    body = {"email": "admin@example.org", "name": "New Admin"}
    invited = yield Real("post_administrator_invitation", "administrator", body=body)
    renewed = yield Real("renew_administrator_invitation", "administrator", {"invitation_id": invited["id"]})
    token = renewed["link"].rpartition("#")[2].rpartition("=")[2]
    yield Real("look_at_invitation", "anonymous", body={"token": token})
    yield Real("accept_invitation", "anonymous", body={"token": token, "password": WORDS})
    accounts = yield Real("get_accounts", "administrator", query={"limit": 200})
    new = next(one for one in accounts["items"] if one["email"] == body["email"])
    place = {"account_id": new["id"], "grant_id": new["roles"][0]["grant_id"]}
    yield Real("delete_administrator", "administrator", place)
    invited = yield Real("post_administrator_invitation", "administrator", body={**body, "email": "b@example.org"})
    yield Real("cancel_administrator_invitation", "administrator", {"invitation_id": invited["id"]})


def answer_calls(world: World) -> Calls:
    """Answers, forms, sources, files: round `a` is empty and being collected."""
    at = {"assessment_id": world.assessments["a"]}
    one = {**at, "indicator": "health-access"}
    yield Real("put_answer", "focal_a", one, ALL, base=0)
    for operation in ("get_answer", "get_history", "get_indicator_form", "get_beside"):
        yield Real(operation, "focal_a", one)
    for operation in ("get_assessment", "get_answers", "get_progress", "get_missing", "get_record", "get_archive"):
        yield Real(operation, "focal_a", at)
    yield Real("get_assessments", "focal_a")
    yield Real("get_instrument", "focal_a", {"name": world.instrument.id})
    yield Real("get_form", "focal_a", {**at, "domain": 1})
    form = {"data": {"education-access": ALL}, "versions": {"education-access": 0}}
    yield Real("put_form", "focal_a", {**at, "domain": 1}, form)
    source = {**at, "source_id": "a-law"}
    yield Real("put_source", "focal_a", source, {"title": "A law", "kind": "law"}, base=0)
    yield Real("get_source", "focal_a", source)
    yield Real("get_sources", "focal_a", at)
    yield Real("delete_source", "focal_a", source, base=1)
    query = {"indicator": "health-access", "name": "law.pdf"}
    file = yield Real("post_evidence", "focal_a", at, pdf(), query, media_type="application/octet-stream")
    place = {**at, "evidence_id": file["id"]}
    yield Real("get_evidence_list", "focal_a", at)
    yield Real("get_evidence", "focal_a", place)
    yield Real("get_evidence_content", "focal_a", place)
    yield Real("patch_evidence", "focal_a", place, {"public": True})
    yield Real("delete_evidence", "focal_a", place)


def team_calls(world: World) -> Calls:
    """Assignments, contributions, comments."""
    at = {"assessment_id": world.assessments["a"]}
    one = {**at, "indicator": "health-access"}
    place = {**one, "ministry_id": world.ministries["labour"]}
    order = {"indicators": ["health-access"], "ministry_id": world.ministries["labour"]}
    yield Real("put_assignments", "focal_a", at, order)
    yield Real("get_assignments", "focal_a", at)
    yield Real("post_reminder", "focal_a", at, {"indicators": ["health-access"]})
    version = 1
    for operation, name, body in (
        ("post_contribution_withdrawal", "labour_a", None),
        ("post_refusal", "focal_a", {"reason": "It was repealed."}),
        ("post_adoption", "focal_a", None),
        ("post_merge", "focal_a", {"answer": ALL}),
    ):
        proposal = yield Real("post_contribution", "labour_a", one, {"answer": NONE})
        decides = {"post_adoption": version, "post_merge": version}.get(operation)
        yield Real(operation, name, {**at, "contribution_id": proposal["id"]}, body, base=decides)
        version += decides is not None
    yield Real("get_contributions", "focal_a", at)
    yield Real("post_finish", "labour_a", place)
    yield Real("delete_assignment", "focal_a", place)
    comment = {"indicator": "health-access", "audience": "shared", "text": "Why?"}
    made = yield Real("post_comment", "focal_a", at, comment)
    yield Real("get_comments", "focal_a", at)
    yield Real("post_resolution", "focal_a", {**at, "comment_id": made["id"]})


def workflow_calls(world: World, response: Response) -> Calls:
    """The whole way of a round, `way`, from its answers to the withdrawal of its snapshot."""
    fill(world, response, "way")
    at = {"assessment_id": world.assessments["way"]}
    yield Real("get_carry_over", "focal_a", at)
    yield Real("post_carry_over", "focal_a", at)
    yield from _submit(at)
    yield from _draft_calls(at)
    for operation in ("get_reviews", "get_returns"):
        yield Real(operation, "reviewer", at)
    one = {**at, "indicator": "health-access"}
    yield Real("post_review", "reviewer", one, {"answer_version": 1})
    yield Real("delete_review", "reviewer", one)
    yield Real("post_return", "reviewer", at, {"indicators": [{"indicator": "health-access", "reason": "Which law?"}]})
    yield Real("put_answer", "focal_a", one, {**NONE, "note": "Seen."}, base=1)
    yield from _submit(at)
    yield from _approve(at)
    yield Real("post_decline", "focal_a", at, {"reason": "A sentence is wrong."})
    yield Real("get_reasons", "focal_a", at)
    text = yield from _approve(at)
    yield Real("post_consent", "focal_a", at, {"fingerprint": text})
    yield Real("post_publication", "reviewer", at, {})
    place = {"country": "KG", "round": 2030}
    yield Real("get_snapshots", "anonymous")
    yield Real("get_snapshot", "anonymous", place)
    for file_format in ("html", "pdf", "docx", "md", "json"):
        yield Real("get_snapshot_file", "anonymous", {**place, "file_format": file_format})
    yield Real("post_erratum", "reviewer", at, {"reason": "A year is wrong."})
    yield Real("post_withdrawal", "focal_a", at, {"notice": "A law was misread."})


def _draft_calls(at: dict[str, Any]) -> Calls:
    for operation in ("get_preview", "get_preview_changes", "get_drafts", "get_edits", "get_comparison"):
        yield Real(operation, "focal_a", at)
    kept = {**at, "number": 1}
    for operation in ("get_draft", "get_draft_changes"):
        yield Real(operation, "reviewer", kept)
    for file_format in ("html", "pdf", "docx", "md", "json"):
        yield Real("get_preview_file", "focal_a", {**at, "file_format": file_format})
        yield Real("get_draft_file", "focal_a", {**kept, "file_format": file_format})
    sentence = {**at, "sentence_id": "health-access.finding"}
    yield Real("put_edit", "reviewer", sentence, {"text": "All migrants may see a doctor."}, base=0)
    yield Real("get_edit", "focal_a", sentence)
    yield Real("delete_edit", "reviewer", sentence, base=1)


def _submit(at: dict[str, Any]) -> Calls:
    seen = yield Real("get_sign_off", "signatory_a", at)
    yield Real("post_sign_off", "signatory_a", at, {"sha256": seen["sha256"]})
    yield Real("post_submission", "focal_a", at)


def _approve(at: dict[str, Any]) -> Generator[Real, Any, str]:
    seen = yield Real("get_approval", "reviewer", at)
    yield Real("post_approval", "reviewer", at, {"fingerprint": seen["fingerprint"]})
    shown = yield Real("get_consent", "focal_a", at)
    return str(shown["fingerprint"])
