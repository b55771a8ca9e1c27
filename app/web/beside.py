"""What stands beside an answer, on its own page and on the reviewer's: comments, files, ministries, contributions."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import Query, Response

from app.api.calls import Call
from app.assessments.answers import check_visible
from app.assessments.instruments import instrument_of
from app.errors import Invalid, NotFound, Refusal
from app.web.beside_asked import Asked, Contributions, contributions_to, ministries_asked
from app.web.beside_evidence import Files, files_of
from app.web.beside_threads import Talk, talk_about
from app.web.fields import Fields
from app.web.frame import frame_of
from app.web.problems import local_path
from app.web.rendering import draw, see_other
from app.work import Work

Back = Annotated[str, Query(max_length=500)]
"""The page to return to, in an address; `place_before` lets nothing through but pages of ours."""


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


def place_before(back: str, otherwise: str) -> str:
    """The page that a form was sent from, without its query and anchor."""
    return local_path(back or otherwise).partition("#")[0].partition("?")[0]


def return_from(fields: Fields, otherwise: str, *, part: str, done: str) -> Response:
    """Back to the page that the form was sent from, at one of its parts."""
    place = place_before(fields.one("back"), otherwise)
    return see_other(f"{place}#{part}", done=done)


def draw_beside(call: Call, assessment_id: str, indicator: str, refusal: Refusal, typed: Fields) -> Response:
    """The parts on a page of their own, with what is wrong and all that was typed."""
    with call.on_assessment(assessment_id) as work:
        context: dict[str, Any] = {
            "frame": frame_of(work),
            "title": named_indicator(work, indicator),
            "beside": beside(work, indicator),
        }
    back = place_before(typed.one("back"), indicator_path(assessment_id, indicator))
    return draw(call, "beside/page.html", refusal=refusal, typed=typed, indicator=indicator, back=back, **context)


def at_fields(refusal: Invalid, names: Mapping[str, str]) -> Invalid:
    """The refusal with its errors at the fields of a form; `names` are the form's names by those that the service uses."""
    errors = refusal.more.get("errors", ())
    told = [{**error, "path": [names.get(str(step), str(step)) for step in error["path"][:1]]} for error in errors]
    return Invalid(refusal.detail, errors=told) if told else refusal


def in_form(refusal: Refusal | None) -> Refusal | None:
    """A refusal of a proposed answer, told at the fields of the form: `answer.values.groups` stands at `values.groups`."""
    if not isinstance(refusal, Invalid):
        return refusal
    errors = refusal.more.get("errors", ())
    told = [{"path": _in_form(error["path"]), "message": error["message"]} for error in errors]
    return Invalid(refusal.detail, errors=told)


def _in_form(path: Sequence[str | int]) -> list[str]:
    names = [step for step in path if isinstance(step, str)]
    if names == ["ministry_id"]:
        return ["proposal_ministry"]
    return names[1:] if names[:1] == ["answer"] and len(names) > 1 else names
