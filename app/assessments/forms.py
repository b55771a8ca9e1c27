"""Forms of an assessment: a domain or one indicator as any JSON Forms client draws it, and a whole form sent back."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from app.assessments.answers import (
    SavedAnswer,
    answer_history,
    check_answer,
    check_visible,
    find_answer,
    list_answers,
    write_answer,
)
from app.assessments.instruments import instrument_of
from app.assessments.packaged import texts_in
from app.assessments.progress import assess_progress
from app.assessments.responses import live_response, seen_sources, submitted_response, visible_indicators
from app.assessments.submissions import renew_after_edit
from app.errors import Invalid, NotFound, Stale
from app.work import Work
from questionnaire.form_rules import CONTEXT
from questionnaire.forms import Form, domain_form, indicator_form, without_blanks
from questionnaire.model import Domain
from questionnaire.response import Response, Source
from questionnaire.stored import answer_body, canonical
from scoring.evaluate import evaluate
from scoring.submission import missing_for_submission

DEEPEST = 10
"""No answer is nested deeper; what is, is refused before anything walks through it."""

Status = Literal["unchanged", "saved", "conflict", "invalid"]


class FormError(NamedTuple):
    """Something that is still missing. `place` is a JSON Pointer into the form's data."""

    place: str
    message: str


class DrawnForm(NamedTuple):
    """A form with the version of each answer in it (0: never given) and what is still missing."""

    form: Form
    versions: dict[str, int]
    errors: list[FormError]


class Returned(NamedTuple):
    """What became of an indicator's part of a form. `version` and `answer` are what stands now; `yours` is what was not saved."""

    indicator: str
    status: Status
    version: int
    answer: Mapping[str, Any] | None = None
    yours: Mapping[str, Any] | None = None
    saved_by: str | None = None
    remarks: tuple[str, ...] = ()
    errors: tuple[Mapping[str, Any], ...] = ()


def find_domain(work: Work, number: int) -> Domain:
    """A domain of the assessment's instrument, as it was written; `NotFound` if there is none with this number."""
    for domain in instrument_of(work).source.domains:
        if domain.number == number:
            return domain
    raise NotFound


def find_domain_form(work: Work, number: int, language: str | None = None) -> DrawnForm:
    """The form of a domain. A contributor's is made of the indicators assigned; `NotFound` where none is."""
    domain, visible = find_domain(work, number), visible_indicators(work)
    shown = [indicator.id for indicator in domain.indicators if visible is None or indicator.id in visible]
    if not shown:
        raise NotFound
    instrument, response, sources = instrument_of(work), _whole(work), _sources(work)
    texts = texts_in(instrument, language)
    given: dict[str, Any] = {"language": language or "en", "sources": sources, "answers": response.answers}
    if visible is None:
        form = domain_form(instrument, number, **given)
    else:
        title = next(one.title for one in texts.domains if one.number == number)
        form = _joined(title, [indicator_form(instrument, name, **given) for name in shown])
    versions = dict.fromkeys(shown, 0) | {
        one.indicator: one.version for one in list_answers(work) if one.indicator in shown
    }
    return DrawnForm(form, versions, _errors(work, response, shown))


def find_indicator_form(work: Work, indicator: str, language: str | None = None) -> DrawnForm:
    """The form of one indicator, with what its conditions test of earlier ones; `NotFound` for one not theirs."""
    check_visible(work, indicator)
    instrument, response = instrument_of(work), _whole(work)
    texts_in(instrument, language)
    form = indicator_form(
        instrument, indicator, language=language or "en", sources=_sources(work), answers=response.answers
    )
    return DrawnForm(form, {indicator: find_answer(work, indicator).version}, _errors(work, response, [indicator]))


def answered_of_asked(work: Work, number: int) -> tuple[int, int]:
    """How many indicators of a domain are answered, and how many are asked, among those that the person sees."""
    for domain in assess_progress(work):
        if domain.number == number:
            return domain.answered, domain.asked
    raise NotFound


def _whole(work: Work) -> Response:
    """All answers, on which it hangs what a form asks; forms take no text but that of their own indicators out of it."""
    return (live_response(work) if work.sees_live else submitted_response(work)).response


def _sources(work: Work) -> dict[str, Source]:
    return {saved.id: saved.source for saved in seen_sources(work)}


def _joined(title: str, forms: list[Form]) -> Form:
    """Forms of single indicators as one, with one context."""
    schema = {
        **forms[0].schema,
        "title": title,
        "properties": {name: found for form in forms for name, found in form.schema["properties"].items()},
        "$defs": {name: found for form in forms for name, found in form.schema["$defs"].items()},
    }
    context = {name: found for form in forms for name, found in form.data[CONTEXT].items()}
    data = {name: found for form in forms for name, found in form.data.items()} | {CONTEXT: context}
    return Form(schema, {"type": "VerticalLayout", "elements": [form.uischema for form in forms]}, data)


def _errors(work: Work, response: Response, shown: Iterable[str]) -> list[FormError]:
    missing = missing_for_submission(evaluate(instrument_of(work), response))
    return [
        FormError(_place(found.indicator, found.question), found.message)
        for found in missing
        if found.indicator in set(shown)
    ]


def _place(indicator: str, question: str | None) -> str:
    # a question of an earlier indicator may not be part of the form, so the whole indicator is pointed at
    return f"/{indicator}" if question is None or "." in question else f"/{indicator}/values/{question}"


def save_form(work: Work, number: int, data: Mapping[str, Any], versions: Mapping[str, int]) -> list[Returned]:
    """Save what fits of a form that is sent back whole, and tell what does not, indicator by indicator.

    What is not in the form, and what nobody changed in it, stays as it is. `Invalid` for names that the domain does not have.
    """
    names = [indicator.id for indicator in find_domain(work, number).indicators]
    _check_names(names, data, versions)
    stored, before = {saved.indicator: saved for saved in list_answers(work)}, work.head()
    returned = [
        _save_part(work, stored.get(name) or SavedAnswer(name, 0, {}), data[name], versions[name])
        for name in names
        if name in data
    ]
    if work.head() != before:  # the same once more changes nothing, and voids no approval
        renew_after_edit(work)
    return returned


def _check_names(names: Iterable[str], data: Mapping[str, Any], versions: Mapping[str, int]) -> None:
    known = set(names)
    unknown = [(part, name) for part, given in (("data", data), ("versions", versions)) for name in given]
    errors: list[dict[str, Any]] = [
        {"path": [part, name], "message": "this domain has no such indicator"}
        for part, name in unknown
        if name not in known and (part, name) != ("data", CONTEXT)
    ]
    errors += [
        {"path": ["versions", name], "message": "please send the version that this was made on; 0 for a new answer"}
        for name in data
        if name in known and name not in versions
    ]
    if errors:
        raise Invalid("Please mend what is named here; nothing was saved.", errors=errors)


def _save_part(work: Work, stored: SavedAnswer, sent: Any, base: int) -> Returned:
    """One indicator's part: what was not changed is left alone, even where someone else changed it meanwhile."""
    name = stored.indicator
    if _is_deep(sent):
        return _refused(stored, [{"path": [], "message": "this is nested too deeply to be an answer"}])
    answer = without_blanks(sent)
    if isinstance(answer, dict):
        answer.pop("version", None)
    if answer in (without_blanks(stored.answer), *_texts_at(work, stored, base)):
        return Returned(name, "unchanged", stored.version, stored.answer)
    try:
        checked, remarks = check_answer(work, instrument_of(work), name, answer)
        if answer_body(checked) == canonical(stored.answer):
            return Returned(name, "unchanged", stored.version, stored.answer, remarks=remarks)
        saved = write_answer(work, name, answer, base)
    except Invalid as error:
        return _refused(stored, error.more["errors"])
    except Stale as error:
        told = error.more
        return Returned(name, "conflict", told["version"], told["theirs"], told["yours"], told["saved_by"])
    return Returned(name, "saved", saved.version, saved.answer, remarks=remarks)


def _is_deep(value: Any, left: int = DEEPEST) -> bool:
    if not isinstance(value, dict | list):
        return False
    below = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_is_deep(one, left - 1) for one in below)


def _texts_at(work: Work, stored: SavedAnswer, base: int) -> list[Any]:
    """The answer of the version that the form was drawn from, where it is no longer the last."""
    if base >= stored.version:
        return []
    earlier = [
        without_blanks(saved.answer) for saved in answer_history(work, stored.indicator) if saved.version == base
    ]
    return earlier or [{}]


def _refused(stored: SavedAnswer, errors: Iterable[Mapping[str, Any]]) -> Returned:
    """An invalid part; each error's path leads from the form's data to the field."""
    found = tuple({**error, "path": [stored.indicator, *error["path"]]} for error in errors)
    return Returned(stored.indicator, "invalid", stored.version, errors=found)
