"""How each action of the model is asked of the service over HTTP."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.workflow.content import LAW

ABSENT = "a" * 20
"""An id that nothing has."""
NEVER = "0" * 64
"""A fingerprint that nothing has."""


class Known(NamedTuple):
    """What a client has read so far: hashes and fingerprints by what they stand for, ids of contributions, the ministry."""

    hashes: dict[str, str]
    drafts: dict[str, str]
    texts: dict[str, str]
    contributions: list[str]
    ministry: str


class Request(NamedTuple):
    """A request on an assessment. `base`: the version for `If-Match`."""

    method: str
    rest: str
    body: Any = None
    base: int | None = None


Given = Mapping[str, Any]


def _contribution(known: Known, given: Given) -> str:
    return ABSENT if given["number"] is None else known.contributions[given["number"]]


def _reasons(given: Given) -> list[dict[str, str]]:
    return [{"indicator": indicator, "reason": "Which law says so?"} for indicator in given["indicators"]]


REQUESTS: dict[str, Callable[[Known, Given], Request]] = {
    "save_answer": lambda known, given: Request("PUT", f"answers/{given['indicator']}", given["body"], given["base"]),
    "save_source": lambda known, given: Request(
        "PUT", f"sources/{LAW}", {"title": given["title"], "kind": "law"}, given["base"]
    ),
    "carry_over": lambda known, given: Request("POST", "carry-over"),
    "submit": lambda known, given: Request("POST", "submission"),
    "sign_off": lambda known, given: Request("POST", "sign-off", {"sha256": known.hashes.get(given["seen"], NEVER)}),
    "return_indicators": lambda known, given: Request("POST", "return", {"indicators": _reasons(given)}),
    "comment": lambda known, given: Request(
        "POST", "comments", {"indicator": given["indicator"], "audience": given["audience"], "text": "As it was."}
    ),
    "mark_reviewed": lambda known, given: Request(
        "POST", f"reviews/{given['indicator']}", {"answer_version": given["version"]}
    ),
    "edit_sentence": lambda known, given: Request(
        "PUT", f"edits/{given['sentence']}", {"text": given["text"]}, given["base"]
    ),
    "remove_edit": lambda known, given: Request("DELETE", f"edits/{given['sentence']}", None, given["base"]),
    "approve": lambda known, given: Request(
        "POST", "approval", {"fingerprint": known.drafts.get(given["seen"], NEVER)}
    ),
    "consent": lambda known, given: Request("POST", "consent", {"fingerprint": known.texts.get(given["seen"], NEVER)}),
    "decline": lambda known, given: Request("POST", "consent/decline", {"reason": "A sentence is out of date."}),
    "publish": lambda known, given: Request(
        "POST", "publication", {"erratum": "A law was misread."} if given["erratum"] else {}
    ),
    "open_erratum": lambda known, given: Request("POST", "erratum", {"reason": "A law was misread."}),
    "withdraw": lambda known, given: Request("POST", "withdrawal", {"notice": "A law was misread."}),
    "assign": lambda known, given: Request(
        "PUT", "assignments", {"indicators": [given["indicator"]], "ministry_id": known.ministry}
    ),
    "propose": lambda known, given: Request("POST", f"contributions/{given['indicator']}", {"answer": given["body"]}),
    "adopt": lambda known, given: Request(
        "POST", f"contributions/{_contribution(known, given)}/adopt", None, given["base"]
    ),
    "decline_contribution": lambda known, given: Request(
        "POST", f"contributions/{_contribution(known, given)}/decline", {"reason": "The law was repealed."}
    ),
}
"""Action → request, from what the client knows and what is given."""
