"""Rewording a sentence of the draft, keeping that wording on a changed answer, and taking it back."""

from app.assessments.edits import (
    Edit,
    Generated,
    document_language,
    edit_now,
    generated_sentences,
    last_edit,
    narrative_of,
)
from app.assessments.responses import submitted_response
from app.assessments.submissions import renew_after_edit
from app.errors import NotFound, Stale
from app.models.documents import SentenceEdit
from app.record import text_hash
from app.work import Work


def save_edit(work: Work, sentence: str, text: str, base: int, *, language: str | None = None) -> Edit:
    """Put a text in the place of a sentence, on top of version `base` (0 for the first).

    The edit is made on the sentence as it is generated from what was last submitted: saving a stale one again keeps it.
    `NotFound` for a sentence that the draft does not have; `Stale` if another came first, with both texts.
    """
    told = document_language(work, language)
    generated = _generated(work, sentence, told)
    if generated is None:
        raise NotFound
    current = last_edit(work, told, sentence)
    if current is not None and current.text == text and base in (current.version, current.version - 1):
        same = edit_now(current, generated, work.actor.name)
        if not same.stale:
            return same
    _check_base(current, base, text)
    row = _write(work, told, sentence, text, generated)
    work.record("sentence_edited", sentence, version=row.version, language=told, sha256=text_hash(text))
    renew_after_edit(work)
    return edit_now(row, generated, work.actor.name)


def remove_edit(work: Work, sentence: str, base: int, *, language: str | None = None) -> None:
    """Take an edit back, so that the generated sentence stands again; all versions stay on record.

    `NotFound` if there is none; `Stale` if another version came first. A repeat changes nothing.
    """
    told = document_language(work, language)
    current = last_edit(work, told, sentence)
    if current is None:
        raise NotFound
    if current.text is None and base in (current.version, current.version - 1):
        return
    _check_base(current, base, None)
    generated = _generated(work, sentence, told)
    row = _write(work, told, sentence, None, generated or Generated(current.generated, current.answer_version))
    work.record("sentence_edit_removed", sentence, version=row.version, language=told)
    renew_after_edit(work)


def _generated(work: Work, sentence: str, language: str) -> Generated | None:
    """The sentence as it is generated from what was last submitted."""
    narrative = narrative_of(work, submitted_response(work).response, language)
    return generated_sentences(narrative).get(sentence)


def _check_base(current: SentenceEdit | None, base: int, yours: str | None) -> None:
    version = current.version if current else 0
    if base != version:
        theirs = current.text if current else None
        raise Stale("Someone else reworded this sentence first.", version=version, yours=yours, theirs=theirs)


def _write(work: Work, language: str, sentence: str, text: str | None, generated: Generated) -> SentenceEdit:
    current = last_edit(work, language, sentence)
    row = SentenceEdit(
        assessment_id=work.assessment.id,
        language=language,
        sentence=sentence,
        version=current.version + 1 if current else 1,
        text=text,
        generated=generated.text,
        answer_version=generated.answer_version,
        edited_by=work.actor.id,
        edited_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row
