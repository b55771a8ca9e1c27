"""A well-formed sample request for each route: what is wrong with the form is said before access is looked at."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.security.access_table import PAGE, Route, whole_path
from tests.security.asking import Question
from tests.security.page_samples import FORMS, MULTIPART

Facts = Mapping[str, Any]
"""What a target is made of: ids by parameter (`comment_id`), versions, fingerprints, codes."""


class Sample(NamedTuple):
    """What is sent. Texts in `{…}` are filled in from the target's facts; a text that is nothing else keeps the fact's type."""

    body: Any = None
    query: dict[str, str] = {}  # noqa: RUF012  # never changed
    headers: dict[str, str] = {}  # noqa: RUF012  # never changed


_ONE = "/assessments/{assessment_id}"
WORDS = "seven lanterns under water"
NEW_WORDS = "a heron stands in the reeds"
_PROOF = {"password": WORDS, "code": "{code}"}
_SAVED = {"not_known": "We are asking the registry."}
_SEEN = {"If-Match": '"{version}"'}
_FORM = {"data": {"{indicator}": _SAVED}, "versions": {"{indicator}": "{version}"}}

SAMPLES: dict[Route, Sample] = {
    ("POST", "/sign-in"): Sample({"email": "{email}", "password": WORDS}),
    ("POST", "/sign-in/code"): Sample({"code": "{code}"}),
    ("POST", "/password-reset"): Sample({"email": "{email}"}),
    ("POST", "/password-reset/finish"): Sample({"token": "{reset_token}", "password": NEW_WORDS}),
    ("PATCH", "/account"): Sample({"name": "Another Name"}),
    ("POST", "/account/password"): Sample({"old_password": WORDS, "new_password": NEW_WORDS}),
    ("POST", "/account/second-factor"): Sample(_PROOF),
    ("POST", "/account/second-factor/confirm"): Sample({"code": "{pending_code}"}),
    ("DELETE", "/account/second-factor"): Sample(_PROOF),
    ("POST", "/account/second-factor/recovery-codes"): Sample(_PROOF),
    ("POST", "/account/tokens"): Sample({"name": "Export", "scope": "read", "days": 7, "password": WORDS}),
    ("PATCH", "/accounts/{account_id}"): Sample({"email": "another.address@example.org"}),
    ("POST", "/invitations"): Sample({"email": "new.one@example.org", "name": "New One"}),
    ("POST", "/invitations/look"): Sample({"token": "{invitation_token}"}),
    ("POST", "/invitations/accept"): Sample({"token": "{invitation_token}", "name": "New One", "password": NEW_WORDS}),
    ("POST", "/countries"): Sample({"code": "KZ"}),
    ("POST", "/countries/{code}/hand-over"): Sample({"account_id": "{heir_id}"}),
    ("POST", "/countries/{code}/ministries"): Sample({"name": "the Ministry of Transport"}),
    ("PUT", "/countries/{code}/ministries/{ministry_id}"): Sample({"name": "the Ministry of Transport"}),
    ("POST", "/countries/{code}/invitations"): Sample(
        {"email": "new.one@example.org", "name": "New One", "role": "focal_point"}
    ),
    ("POST", "/assessments"): Sample({"country": "TJ", "round": 2026}),
    ("PUT", f"{_ONE}/forms/{{domain}}"): Sample(_FORM),
    ("PUT", f"{_ONE}/answers/{{indicator}}"): Sample(_SAVED, headers=_SEEN),
    ("POST", f"{_ONE}/answers/{{indicator}}/confirm"): Sample(headers=_SEEN),
    ("PUT", f"{_ONE}/sources/{{source_id}}"): Sample(
        {"title": "Minutes of another meeting", "kind": "report", "public": False},
        headers={"If-Match": '"{source_version}"'},
    ),
    ("DELETE", f"{_ONE}/sources/{{source_id}}"): Sample(headers={"If-Match": '"{source_version}"'}),
    ("POST", f"{_ONE}/evidence"): Sample(
        b"Article 12 of the law, as amended.", {"indicator": "{indicator}", "name": "a-new-file.txt"}
    ),
    ("PATCH", f"{_ONE}/evidence/{{evidence_id}}"): Sample({"name": "renamed.txt"}),
    ("PUT", f"{_ONE}/assignments"): Sample({"indicators": ["education-access"], "ministry_id": "{ministry_id}"}),
    ("POST", f"{_ONE}/reminders"): Sample({"ministry_id": "{ministry_id}"}),
    ("POST", f"{_ONE}/contributions/{{indicator}}"): Sample({"answer": _SAVED}),
    ("POST", f"{_ONE}/contributions/{{contribution_id}}/adopt"): Sample(headers=_SEEN),
    ("POST", f"{_ONE}/contributions/{{contribution_id}}/merge"): Sample({"answer": _SAVED}, headers=_SEEN),
    ("POST", f"{_ONE}/contributions/{{contribution_id}}/decline"): Sample({"reason": "The law was repealed."}),
    ("POST", f"{_ONE}/comments"): Sample({"indicator": "{indicator}", "audience": "shared", "text": "Which law?"}),
    ("POST", f"{_ONE}/sign-off"): Sample({"sha256": "{sha256}"}),
    ("POST", f"{_ONE}/approval"): Sample({"fingerprint": "{approval}"}),
    ("POST", f"{_ONE}/consent"): Sample({"fingerprint": "{consent}"}),
    ("POST", f"{_ONE}/consent/decline"): Sample({"reason": "Not yet."}),
    ("POST", f"{_ONE}/publication"): Sample({}),
    ("POST", f"{_ONE}/erratum"): Sample({"reason": "A date is wrong."}),
    ("POST", f"{_ONE}/withdrawal"): Sample({"notice": "A law was misread."}),
    ("POST", f"{_ONE}/reviews/{{indicator}}"): Sample({"answer_version": "{submitted_version}"}),
    ("PUT", f"{_ONE}/edits/{{sentence_id}}"): Sample(
        {"text": "All children learn."}, headers={"If-Match": '"{edit_version}"'}
    ),
    ("DELETE", f"{_ONE}/edits/{{sentence_id}}"): Sample(headers={"If-Match": '"{edit_version}"'}),
    ("POST", f"{_ONE}/return"): Sample({"indicators": [{"indicator": "{indicator}", "reason": "Which article?"}]}),
}
"""What is sent where more than an address is; all other routes take nothing."""


FORM = {"content-type": "application/x-www-form-urlencoded"}


def page_body(path: str, facts: Facts) -> tuple[bytes, dict[str, str]]:
    """What the form of a page sends."""
    form = FORMS.get(path.removeprefix(PAGE).replace(_ONE, "~"), {})
    if isinstance(form, bytes):
        return form, MULTIPART
    return urlencode(filled(form, facts)).encode(), FORM


def question(route: Route, facts: Facts, secret: str | None) -> Question:
    """The request to a route about a target."""
    method, path = route
    sample = SAMPLES.get(route, Sample())
    query, headers, body = filled(sample.query, facts), filled(sample.headers, facts), filled(sample.body, facts)
    if path.startswith(PAGE) and method == "POST":
        body, headers = page_body(path, facts)
    return Question(method, str(filled(whole_path(route), facts)), secret, body, query, headers)


def filled(part: Any, facts: Facts) -> Any:
    """A part of a sample with the facts in their places."""
    if isinstance(part, dict):
        return {filled(name, facts): filled(value, facts) for name, value in part.items()}
    if isinstance(part, list):
        return [filled(item, facts) for item in part]
    if not isinstance(part, str) or "{" not in part:
        return part
    if part[1:-1] in facts and part[0] == "{":
        return facts[part[1:-1]]
    return part.format(**facts)
