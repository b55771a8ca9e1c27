"""Saving what was typed in the form of an answer."""

from app.assessments.answers import SavedAnswer, check_answer, find_answer, save_answer
from app.assessments.instruments import instrument_of
from app.errors import Conflict, Invalid, NotFound
from app.web.answer_fields import answer_data, with_kinder_errors
from app.web.answer_sources import save_new_sources
from app.web.answer_words import Words, words_of
from app.web.fields import Fields
from app.work import Work
from questionnaire.stored import answer_body, canonical


def save_typed(work: Work, indicator: str, fields: Fields, language: str) -> SavedAnswer:
    """Save the answer and the new sources typed with it. A text that stands there already is not saved once more."""
    found = instrument_of(work).indicators.get(indicator)
    if found is None:
        raise NotFound
    try:
        sent = save_new_sources(work, found, fields)
    except Invalid as refusal:
        raise _with_errors_of_answer(work, words_of(work, language), indicator, fields, refusal) from None
    return _save(work, words_of(work, language), indicator, sent)


def _with_errors_of_answer(work: Work, words: Words, indicator: str, fields: Fields, refusal: Invalid) -> Invalid:
    """What is wrong with new sources, and with the answer too, so that all can be mended at once."""
    errors = list(refusal.more.get("errors", ()))
    try:
        check_answer(work, instrument_of(work), indicator, answer_data(words, indicator, fields))
    except Invalid as other:
        errors = [*other.more.get("errors", ()), *errors]
    return Invalid(refusal.detail, errors=errors)


def autosave_typed(work: Work, indicator: str, fields: Fields, language: str) -> SavedAnswer:
    """Save the answer while it is typed. New sources wait for the button, since they may be half typed.

    `Conflict` once the answers are approved: what voids an approval is not done behind one's back.
    """
    if work.state != "collecting":
        raise Conflict("Saving now takes back the approval. Please press “Save” if you want that.")
    return _save(work, words_of(work, language), indicator, fields)


def _save(work: Work, words: Words, indicator: str, fields: Fields) -> SavedAnswer:
    data, base, stands = answer_data(words, indicator, fields), fields.base(), find_answer(work, indicator)
    try:
        checked, remarks = check_answer(work, instrument_of(work), indicator, data)
    except Invalid as refusal:
        errors = with_kinder_errors(words, indicator, fields, refusal.more.get("errors", ()))
        raise Invalid(refusal.detail, errors=errors) from None
    if answer_body(checked) == canonical(stands.answer) and stands.carried_from is None:
        return stands._replace(remarks=remarks)
    return save_answer(work, indicator, data, base)
