"""What events tell of texts: their hashes, by whom they were written, and when."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Key = tuple[Any, ...]
NOTHING = "nothing"
"""What stands for the hash of a text that is not there."""


class Told(NamedTuple):
    """What an event tells of a text: mostly its hash. `written` is by whom and when, where the text's row says so too."""

    what: str
    key: Key
    value: str
    written: tuple[str, str] | None = None


class Seen(NamedTuple):
    """An event that tells of texts, its payload read."""

    stream: str
    seq: int
    at: str
    kind: str
    actor: str
    subject: str
    payload: dict[str, Any]

    @property
    def written(self) -> tuple[str, str]:
        """By whom and when."""
        return self.actor, self.at


def told_by(event: Seen) -> Iterator[Told]:
    """What an event tells of texts. `KeyError`, `TypeError` or `ValueError` if its payload is not what such an event has."""
    yield from TELLS[event.kind](event)


def _answer(event: Seen) -> Iterator[Told]:
    yield Told("answer", (event.subject, event.payload["version"]), event.payload["sha256"], event.written)


def _source(event: Seen) -> Iterator[Told]:
    yield Told("source", (event.subject, event.payload["version"]), event.payload["sha256"], event.written)


def _submission(event: Seen) -> Iterator[Told]:
    """An edit after approval freezes a submission anew, or tells again of the last one if the text alone was reworded."""
    written = event.written if event.kind == "submitted" else None
    yield Told("submission", (event.payload["submission"],), event.payload["sha256"], written)


def _draft(event: Seen) -> Iterator[Told]:
    yield Told("draft", (int(event.subject),), event.payload["sha256"])


def _approved(event: Seen) -> Iterator[Told]:
    yield Told("fingerprint", (event.payload["draft"],), event.payload["fingerprint"])


def _consented(event: Seen) -> Iterator[Told]:
    yield Told("fingerprint", (event.payload["document"],), event.payload["fingerprint"])


def _published(event: Seen) -> Iterator[Told]:
    yield Told("publication", (int(event.subject),), event.payload["fingerprint"])
    if "erratum" in event.payload:
        yield Told("erratum", (int(event.subject),), event.payload["erratum"])


def _withdrawn(event: Seen) -> Iterator[Told]:
    yield Told("notice", (int(event.subject),), event.payload["notice"])


def _returned(event: Seen) -> Iterator[Told]:
    for indicator, reason in event.payload["reasons"].items():
        yield Told("reason for a return", (event.payload["submission"], indicator), reason)


def _reason(event: Seen) -> Iterator[Told]:
    yield Told("reason", (event.seq,), event.payload["reason"])


def _comment(event: Seen) -> Iterator[Told]:
    yield Told("comment", (event.subject,), event.payload["sha256"], event.written)


def _contribution(event: Seen) -> Iterator[Told]:
    yield Told("contribution", (event.subject,), event.payload["sha256"], event.written)


def _declined(event: Seen) -> Iterator[Told]:
    yield Told("reason of a contribution", (event.subject,), event.payload["reason"])


def _sentence(event: Seen) -> Iterator[Told]:
    """An edit that was taken back is a version without a text."""
    key = (event.payload["language"], event.subject, event.payload["version"])
    yield Told("edit", key, event.payload.get("sha256", NOTHING), event.written)


def _evidence(event: Seen) -> Iterator[Told]:
    """A file may be changed later on: the last event about it counts."""
    fields = [event.payload[name] for name in ("indicator", "source", "ministry", "sha256", "name", "public")]
    yield Told("evidence", (event.subject,), json.dumps([*fields, event.kind == "evidence_removed"]))


def _opened(event: Seen) -> Iterator[Told]:
    pinned = [event.payload["country"], event.payload["round"], event.payload["instrument"]]
    yield Told("assessment", (), json.dumps(pinned))


TELLS: dict[str, Callable[[Seen], Iterator[Told]]] = {
    "opened": _opened,
    "answer_saved": _answer,
    "answer_carried": _answer,
    "source_saved": _source,
    "source_removed": _source,
    "submitted": _submission,
    "approval_voided": _submission,
    "draft_made": _draft,
    "approved": _approved,
    "consented": _consented,
    "published": _published,
    "corrected": _published,
    "withdrawn": _withdrawn,
    "publication_withdrawn": _withdrawn,
    "returned": _returned,
    "consent_declined": _reason,
    "erratum_opened": _reason,
    "comment_written": _comment,
    "contribution_proposed": _contribution,
    "contribution_declined": _declined,
    "sentence_edited": _sentence,
    "sentence_edit_removed": _sentence,
    "evidence_added": _evidence,
    "evidence_changed": _evidence,
    "evidence_removed": _evidence,
}
"""The events that tell of texts → what they tell."""
