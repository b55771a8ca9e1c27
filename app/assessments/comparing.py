"""What is told otherwise in two drafts, or in two rounds, of one country: both texts, and why."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from app.assessments.drafts import PUBLISHED_COPY, find_draft, list_drafts
from app.assessments.edits import document_language, generated_sentences, live_edits, narrative_of
from app.assessments.previous_round import PreviousRound, previous_round
from app.assessments.responses import last_submission, seen_response
from app.errors import Invalid, NotFound
from app.models.documents import Draft
from app.work import Work
from questionnaire.stored import response_from
from scoring.comparison import ReasonKind, Side, compare
from scoring.evaluate import conclude, evaluate
from scoring.narrate import Narrative, narrate
from scoring.snapshot import Snapshot

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

    before: PreviousRound
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
    result, finding = after.narrative.result, after.narrative.findings[indicator]
    side = Side(conclude(result, indicator).leaf.kind, finding.area, "")
    indicators = result.instrument.in_language(after.narrative.language).indicators
    named = next(one for one in indicators if one.id == indicator)
    return Change(
        indicator, named.number, named.title, _side(before, indicator, side), _side(after, indicator, side), ()
    )


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
    """What is said of a rewording: that it came, went or was changed, or that it hides a change."""
    if old is None:
        return f"A reviewer reworded the {word}." if new is not None else None
    if new is None:
        plain = f"The {word} that a reviewer had reworded is told as it is generated."
        return f"The {word} that a reviewer had reworded is no longer told." if gone else plain
    if old != new:
        return f"A reviewer reworded the {word} again."
    hidden = f"A reviewer's rewording still stands in the place of the {word}, which is now generated otherwise."
    return hidden if moved else None


def draft_changes(work: Work, number: int, since: int | None = None) -> DraftChanges:
    """What changed from draft `since` (the one before, if none is named) to draft `number`."""
    draft = find_draft(work, number)
    base = since if since is not None else _before(work, number)
    if base is None:
        return DraftChanges(None, [])
    return DraftChanges(base, list_changes(_told(work, find_draft(work, base)), _told(work, draft)))


def preview_changes(work: Work, since: int | None = None) -> DraftChanges:
    """What changed from draft `since` (the last one kept, if none is named) to the draft as it would be made now."""
    base = since if since is not None else _before(work, None)
    if base is None:
        return DraftChanges(None, [])
    language = document_language(work)
    now = Told(narrative_of(work, seen_response(work).response, language), live_edits(work, language))
    return DraftChanges(base, list_changes(_told(work, find_draft(work, base)), now))


def _before(work: Work, number: int | None) -> int | None:
    """The number of the draft before; published copies tell the same as the draft that was approved, and are passed over."""
    kept = [draft.number for draft in list_drafts(work) if draft.cause != PUBLISHED_COPY]
    return next((one for one in kept if number is None or one < number), None)


def _told(work: Work, draft: Draft) -> Told:
    """What a kept draft told: its submission's response, and the rewordings that stand in its document."""
    submission = last_submission(work, draft.submission)
    if submission is None:
        raise NotFound
    document = Snapshot.model_validate_json(draft.document)
    narrative = narrative_of(work, response_from(submission.response), document.language)
    return Told(narrative, _edits_in(document, narrative))


def _edits_in(document: Snapshot, narrative: Narrative) -> dict[str, str]:
    """The rewordings in a document. A published copy does not mark them: there they are what is not as generated."""
    generated = generated_sentences(narrative)
    sections = (section for domain in document.domains for section in domain.sections)
    sentences = (one for section in sections for paragraph in section.paragraphs for one in paragraph.sentences)
    return {
        one.id: one.text
        for one in sentences
        if one.id in generated
        and (one.text != generated[one.id].text if one.provenance.edited is None else one.provenance.edited)
    }


def compare_rounds(work: Work, language: str | None = None) -> RoundChanges:
    """What is told otherwise than in the round before, and why. `NotFound` without one; `Invalid` for a language.

    The government sees its answers as they stand now, IOM's reviewers what was last submitted in both rounds.
    """
    earlier, told = previous_round(work), document_language(work, language)
    if told not in earlier.instrument.translations:
        message = "the earlier round is not told in this language; please choose another"
        raise Invalid(f"The language: {message}.", errors=[{"path": ["language"], "message": message}])
    narrative = narrate(evaluate(earlier.instrument, earlier.response), earlier.response.country, told)
    now = Told(narrative_of(work, seen_response(work).response, told), live_edits(work, told))
    return RoundChanges(earlier, told, list_changes(Told(narrative, earlier.edits[told]), now))
