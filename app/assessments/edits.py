"""Sentences of the draft that a reviewer has reworded: kept beside the generated ones, and stale once these change."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select as select_rows
from sqlmodel import col, select

from app.assessments.instruments import instrument_of
from app.assessments.responses import seen_response, submitted_response
from app.errors import Invalid, NotFound
from app.models.documents import SentenceEdit
from app.models.people import Account
from app.work import Work
from questionnaire.response import Response
from scoring.evaluate import evaluate
from scoring.narrate import Narrative, narrate


class Generated(NamedTuple):
    """A sentence as it is made from an answer."""

    text: str
    answer_version: int


class Edit(NamedTuple):
    """A sentence as a reviewer wants it: `text` stands in the place of the generated one; None where nothing was reworded.

    `generated` is the sentence that the edit was made on; `now` the one that is generated now, None if it is gone. Version 0
    is a sentence never reworded.
    """

    language: str
    sentence: str
    version: int
    text: str | None
    generated: str
    now: str | None
    stale: bool
    edited_by: str | None = None
    edited_at: datetime | None = None


def document_language(work: Work, wanted: str | None = None) -> str:
    """The wanted language, or the instrument's own. `Invalid` for one that the instrument is not told in."""
    instrument = instrument_of(work)
    if wanted is None:
        return instrument.source.language
    if wanted not in instrument.translations:
        told = ", ".join(instrument.translations)
        message = f"there is no text in this language; please choose one of: {told}"
        raise Invalid(f"The language: {message}.", errors=[{"path": ["language"], "message": message}])
    return wanted


def narrative_of(work: Work, response: Response, language: str) -> Narrative:
    """What a response is told as, without edits."""
    return narrate(evaluate(instrument_of(work), response), response.country, language)


def generated_sentences(narrative: Narrative) -> dict[str, Generated]:
    """Each sentence of the draft as it is generated, by its id, as `health-access.finding`."""
    return {
        f"{indicator}.{told.role}": Generated(told.text, finding.answer.version)
        for indicator, finding in narrative.findings.items()
        for told in finding.told
    }


def live_edits(work: Work, language: str) -> dict[str, str]:
    """The texts that stand in the place of sentences, by the sentences' ids."""
    return {row.sentence: row.text for row, _ in _rows(work) if row.language == language and row.text is not None}


def _rows(work: Work) -> list[tuple[SentenceEdit, str | None]]:
    """The last version of each edit, with the name of who made it, by language and sentence."""
    version = func.max(col(SentenceEdit.version)).label("version")
    last = (
        select_rows(col(SentenceEdit.language).label("language"), col(SentenceEdit.sentence).label("sentence"), version)
        .where(col(SentenceEdit.assessment_id) == work.assessment.id)
        .group_by(col(SentenceEdit.language), col(SentenceEdit.sentence))
        .subquery()
    )
    mine = (col(SentenceEdit.language) == last.c.language) & (col(SentenceEdit.sentence) == last.c.sentence)
    statement = (
        select(SentenceEdit, Account.name)
        .join(last, mine & (col(SentenceEdit.version) == last.c.version))
        .outerjoin(Account, col(Account.id) == col(SentenceEdit.edited_by))
        .where(col(SentenceEdit.assessment_id) == work.assessment.id)
        .order_by(col(SentenceEdit.language), col(SentenceEdit.sentence))
    )
    return list(work.session.exec(statement).all())


def last_edit(work: Work, language: str, sentence: str) -> SentenceEdit | None:
    """The last version of an edit; its `text` is None where it was removed."""
    statement = select(SentenceEdit).where(
        col(SentenceEdit.assessment_id) == work.assessment.id,
        col(SentenceEdit.language) == language,
        col(SentenceEdit.sentence) == sentence,
    )
    return work.session.exec(statement.order_by(col(SentenceEdit.version).desc()).limit(1)).first()


def edit_now(row: SentenceEdit, generated: Generated | None, name: str | None = None) -> Edit:
    """An edit beside the sentence as it is generated now. It is stale if that or the answer's version is another."""
    stale = row.text is not None and generated != Generated(row.generated, row.answer_version)
    now = generated.text if generated else None
    return Edit(row.language, row.sentence, row.version, row.text, row.generated, now, stale, name, row.edited_at)


def list_edits(work: Work, language: str | None = None) -> list[Edit]:
    """The edits that stand in the draft as this person sees it, stale ones marked; by language and the sentences' ids."""
    rows = _standing(work, language)
    return _beside(work, seen_response(work).response, rows) if rows else []


def stale_edits(work: Work) -> list[Edit]:
    """The edits whose sentence or answer is another in what was last submitted; someone must keep or remove each."""
    rows = _standing(work, None)
    edits = _beside(work, submitted_response(work).response, rows) if rows else []
    return [edit for edit in edits if edit.stale]


def _standing(work: Work, language: str | None) -> list[tuple[SentenceEdit, str | None]]:
    return [(row, name) for row, name in _rows(work) if row.text is not None and language in (None, row.language)]


def _beside(work: Work, response: Response, rows: list[tuple[SentenceEdit, str | None]]) -> list[Edit]:
    languages = {row.language for row, _ in rows}
    generated = {language: generated_sentences(narrative_of(work, response, language)) for language in languages}
    return [edit_now(row, generated[row.language].get(row.sentence), name) for row, name in rows]


def find_edit(work: Work, sentence: str, language: str) -> Edit:
    """What stands in the place of a sentence, and the sentence as it is generated. `NotFound` if there is neither."""
    narrative = narrative_of(work, seen_response(work).response, language)
    generated = generated_sentences(narrative).get(sentence)
    row = last_edit(work, language, sentence)
    if row is None and generated is None:
        raise NotFound
    if row is None:
        text = generated.text if generated else ""
        return Edit(language, sentence, 0, None, text, text, False)
    account = work.session.get(Account, row.edited_by)
    return edit_now(row, generated, account.name if account else None)
