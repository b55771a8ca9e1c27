"""What is told otherwise in two drafts, or in two rounds, of one country: both texts, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

from app.assessments.drafts import PUBLISHED_COPY, find_draft, list_drafts
from app.assessments.edits import document_language, generated_sentences, live_edits, narrative_of
from app.assessments.responses import last_submission, live_response, seen_response, submitted_response
from app.errors import NotFound, WrongState
from app.models.assessments import Assessment
from app.models.documents import Draft
from app.work import Opened, Work
from questionnaire.response import Response
from scoring.comparison import ReasonKind, Side, compare
from scoring.evaluate import conclude
from scoring.narrate import Narrative
from scoring.snapshot import DocumentSentence, Snapshot

_WORDS = {"finding": "sentence", "detail": "detail", "qualifier": "qualifier"}


class Told(NamedTuple):
    """What was told: the sentences as generated, and the texts that stood in the place of some."""

    narrative: Narrative
    edits: Mapping[str, str]


class Reason(NamedTuple):
    """Why something is told otherwise, as a sentence. `edit`: a reviewer's rewording; else as `scoring.comparison`."""

    kind: ReasonKind | Literal["edit"]
    text: str


class Change(NamedTuple):
    """An indicator that is told otherwise; a side is None where the indicator is not part of that instrument."""

    indicator: str
    number: str
    title: str
    before: Side | None
    after: Side | None
    reasons: tuple[Reason, ...]


class DraftChanges(NamedTuple):
    """What changed from draft `since` (None: there was none before) to another, or to the preview."""

    since: int | None
    changes: list[Change]


class RoundChanges(NamedTuple):
    """What changed from one round of a country to the next."""

    before: Opened
    after: Opened
    language: str
    changes: list[Change]


def list_changes(before: Told, after: Told) -> list[Change]:
    """Every indicator that is generated otherwise or reworded otherwise, in the later instrument's order.

    Where a rewording hides that the generated sentence changed, both texts are the same, and the reasons say so.
    """
    found = {
        difference.indicator: Change(
            difference.indicator, difference.number, difference.title,
            _side(before, difference.indicator, difference.before), _side(after, difference.indicator, difference.after),
            tuple(Reason(reason.kind, reason.text) for reason in difference.reasons),
        )
        for difference in compare(before.narrative, after.narrative)
    }  # fmt: skip
    for indicator, reasons in _reworded(before, after).items():
        change = found.get(indicator) or _unchanged(before, after, indicator)
        found[indicator] = change._replace(reasons=(*change.reasons, *reasons))
    order = [*after.narrative.result.leaves, *before.narrative.result.leaves]
    return [found[indicator] for indicator in dict.fromkeys(order) if indicator in found]


def _side(told: Told, indicator: str, side: Side | None) -> Side | None:
    """The side with the text as it was printed."""
    finding = told.narrative.findings.get(indicator)
    if side is None or finding is None:
        return side
    printed = [told.edits.get(f"{indicator}.{one.role}", one.text) for one in finding.told]
    return side._replace(text=" ".join(printed))


def _unchanged(before: Told, after: Told, indicator: str) -> Change:
    """An indicator whose generated sentences are the same on both sides."""
    conclusion, finding = conclude(after.narrative.result, indicator), after.narrative.findings[indicator]
    side = Side(conclusion.leaf.kind, finding.area, "")
    title = after.narrative.result.instrument.in_language(after.narrative.language).indicators
    named = next(one for one in title if one.id == indicator)
    return Change(indicator, named.number, named.title, _side(before, indicator, side), _side(after, indicator, side), ())


def _reworded(before: Told, after: Told) -> dict[str, list[Reason]]:
    """By indicator, what reviewers did to its sentences, and where a rewording stands on another sentence than before."""
    were, are = generated_sentences(before.narrative), generated_sentences(after.narrative)
    reasons: dict[str, list[Reason]] = {}
    for sentence in sorted(were.keys() | are.keys()):
        indicator, _, role = sentence.rpartition(".")
        old = before.edits.get(sentence) if sentence in were else None
        new = after.edits.get(sentence) if sentence in are else None
        moved = sentence in were and sentence in are and were[sentence].text != are[sentence].text
        text = _of_edits(old, new, _WORDS[role], gone=sentence not in are, moved=moved)
        if text:
            reasons.setdefault(indicator, []).append(Reason("edit", text))
    return reasons


def _of_edits(old: str | None, new: str | None, word: str, *, gone: bool, moved: bool) -> str | None:
    if old is None and new is not None:
        return f"A reviewer reworded the {word}."
    if old is not None and new is None:
        return f"The {word} that a reviewer had reworded is no longer told." if gone else (
            f"The reviewer's rewording of the {word} was taken back."
        )  # fmt: skip
    if old != new:
        return f"A reviewer reworded the {word} again."
    if old is not None and moved:
        return f"A reviewer's rewording still stands in the place of the {word}, which is now generated otherwise."
    return None
