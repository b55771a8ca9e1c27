"""What stands beside an answer, on its own page and on the reviewer's: comments, files, ministries, contributions."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fastapi import Response

from app.api.calls import Call
from app.assessments.answers import check_visible
from app.assessments.instruments import instrument_of
from app.errors import Invalid, NotFound, Refusal
from app.web.answer_fields import asked_questions, new_source_kinds, source_choices
from app.web.answer_page import Drawn
from app.web.answer_words import Words
from app.web.beside_asked import Asked, Contributions, contributions_to, ministries_asked
from app.web.beside_evidence import Files, files_of
from app.web.beside_threads import Talk, talk_about
from app.web.done import translatable
from app.web.fields import Fields
from app.web.frame import frame_of
from app.web.problems import local_path
from app.web.rendering import draw, see_other
from app.work import Work


class Beside(NamedTuple):
    """What stands beside an answer, for `beside/all.html`; a part that the person may not see is None."""

    talk: Talk | None
    files: Files | None
    asked: Asked | None
    contributions: Contributions | None


def beside(work: Work, indicator: str) -> Beside:
    """All that stands beside an answer, as far as the person may see it. `NotFound` for an indicator not theirs."""
    check_visible(work, indicator)
    return Beside(
        talk_about(work, indicator),
        files_of(work, indicator),
        ministries_asked(work, indicator),
        contributions_to(work, indicator),
    )


def indicator_path(assessment_id: str, indicator: str) -> str:
    """The address of the page on which an indicator is answered."""
    return f"/assessments/{assessment_id}/indicators/{indicator}"


def named_indicator(work: Work, indicator: str) -> str:
    """Number and title of an indicator: `1.01 Access to health care`. `NotFound` if there is none of this id."""
    found = instrument_of(work).indicators.get(indicator)
    if found is None:
        raise NotFound
    return f"{found.number} {found.title}"


def place_before(fields: Fields, otherwise: str) -> str:
    """The page that a form was sent from, without its query and anchor."""
    return local_path(fields.one("back") or otherwise).partition("#")[0].partition("?")[0]


def return_from(fields: Fields, otherwise: str, *, part: str, done: str) -> Response:
    """Back to the page that the form was sent from, at one of its parts."""
    return see_other(f"{place_before(fields, otherwise)}#{part}", done=done)


def draw_beside(call: Call, assessment_id: str, indicator: str, refusal: Refusal, typed: Fields) -> Response:
    """The parts on a page of their own, with what is wrong and all that was typed."""
    with call.on_assessment(assessment_id) as work:
        context: dict[str, Any] = {
            "frame": frame_of(work),
            "title": named_indicator(work, indicator),
            "beside": beside(work, indicator),
        }
    back = place_before(typed, indicator_path(assessment_id, indicator))
    return draw(call, "beside/page.html", refusal=refusal, typed=typed, indicator=indicator, back=back, **context)


WANTED: Mapping[str, str] = {
    "comment_text": translatable("Please write the comment"),
    "comment_audience": translatable("Please choose who reads it"),
    "reply": translatable("Please write the reply"),
    "asked_ministry": translatable("Please choose the ministry"),
    "ministry_id": translatable("Please choose the ministry"),
    "reason": translatable("Please say why; the ministry reads it"),
    "name": translatable("Please write the name"),
}
"""What is said where a field was left empty."""


def at_fields(refusal: Refusal, typed: Fields, names: Mapping[str, str] | None = None) -> Refusal:
    """The refusal with its errors at the fields of a form, those that were left empty in plain words.

    `names` are the form's names by those that the service uses.
    """
    told = []
    for error in refusal.more.get("errors", ()):
        name = str(error["path"][0]) if error["path"] else ""
        field = (names or {}).get(name, name)
        message = WANTED[field] if field in WANTED and not typed.one(field) else error["message"]
        told.append({"path": [field] if field else [], "message": _with_capital(message)})
    return Invalid(refusal.detail, errors=told) if told else refusal


def _with_capital(message: str) -> str:
    return message[:1].upper() + message[1:]


def drawn_form(words: Words, indicator: str, typed: Fields) -> Drawn:
    """The form of an answer on other pages than its own, for the macros of `answer/fields.html`."""
    questions = asked_questions(words, indicator)
    return Drawn(questions, source_choices(words), new_source_kinds(words), typed, words.language)


def in_form(refusal: Refusal | None) -> Refusal | None:
    """A refusal of a proposed answer, told at the fields of the form: `answer.values.groups` stands at `values.groups`."""
    if not isinstance(refusal, Invalid):
        return refusal
    errors = refusal.more.get("errors", ())
    told = [{"path": _in_form(error["path"]), "message": _with_capital(error["message"])} for error in errors]
    return Invalid(refusal.detail, errors=told)


def _in_form(path: Sequence[str | int]) -> list[str]:
    names = [step for step in path if isinstance(step, str)]
    if names == ["ministry_id"]:
        return ["proposal_ministry"]
    return names[1:] if names[:1] == ["answer"] and len(names) > 1 else names
