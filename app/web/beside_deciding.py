"""Pages on which the focal point decides about a contribution: adopt it, merge it into the answer, or decline it."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.calls import Call, Id, may
from app.assessments.answers import find_answer
from app.assessments.contributions import adopt_contribution, decline_contribution, merge_contribution
from app.assessments.instruments import instrument_of
from app.errors import Conflict, Invalid, Refusal, Stale
from app.web.answer_changes import told_changes
from app.web.answer_fields import answer_data, typed_answer
from app.web.answer_page import conflict_part, drawn_form
from app.web.answer_sources import save_new_sources
from app.web.answer_words import language_of, told_answer, with_removed_sources, words_of
from app.web.beside import in_form, indicator_path, named_indicator
from app.web.beside_compared import put_together
from app.web.beside_contributions import find_proposal
from app.web.fields import Fields, Posted, base_after
from app.web.frame import frame_of
from app.web.rendering import draw, see_other
from questionnaire.text import Prose

router = APIRouter(prefix="/assessments/{assessment_id}/contributions/{contribution_id}", include_in_schema=False)

TAKE = "take."
"""Before the name of a field: whose text is taken when both are put together, `ours` or `theirs`."""


class DeclineIn(BaseModel):
    """Why a contribution is declined, for those who made it."""

    reason: Prose


@router.get("")
def show_proposal(call: Annotated[Call, may("see_contributions")], assessment_id: Id, contribution_id: Id) -> Response:
    """A proposal beside the present answer, question by question."""
    return _draw_proposal(call, assessment_id, contribution_id)


def _draw_proposal(
    call: Call, assessment_id: str, contribution_id: str, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    with call.on_assessment(assessment_id) as work:
        proposal = find_proposal(work, contribution_id)
        present = find_answer(work, proposal.indicator)
        both = (present.answer, proposal.answer)
        words = with_removed_sources(work, words_of(work, language_of(call)), both)
        context: dict[str, Any] = {
            "frame": frame_of(work),
            "title": named_indicator(work, proposal.indicator),
            "proposal": proposal,
            "base": present.version,
            "compared": told_changes(*(told_answer(words, proposal.indicator, one) for one in both)),
        }
    return draw(call, "beside/proposal.html", refusal=refusal, typed=typed or Fields(), **context)


@router.post("/adopt")
def send_adoption(
    call: Annotated[Call, may("decide_contribution")], assessment_id: Id, contribution_id: Id, fields: Posted
) -> Response:
    """Make the proposal the answer."""
    try:
        base = fields.base()
        with call.on_assessment(assessment_id) as work:
            indicator = adopt_contribution(work, contribution_id, base).indicator
    except Invalid as refusal:
        told = "; ".join(error["message"] for error in refusal.more.get("errors", ()))
        mend = Invalid(f"It cannot be adopted as it stands: {told}. Please merge it instead, and mend it there.")
        return _draw_proposal(call, assessment_id, contribution_id, mend)
    except (Stale, Conflict) as refusal:
        return _draw_proposal(call, assessment_id, contribution_id, refusal)
    return see_other(indicator_path(assessment_id, indicator), done="proposal-adopted")


@router.post("/decline")
def send_declining(
    call: Annotated[Call, may("decide_contribution")], assessment_id: Id, contribution_id: Id, fields: Posted
) -> Response:
    """Decline the proposal, with a reason for those who made it."""
    try:
        given = fields.as_(DeclineIn)
        with call.on_assessment(assessment_id) as work:
            decline_contribution(work, contribution_id, given.reason)
    except Invalid as refusal:
        return _draw_proposal(call, assessment_id, contribution_id, refusal, fields)
    return see_other(f"/assessments/{assessment_id}/contributions", done="proposal-declined")


@router.get("/merge")
def show_merging(call: Annotated[Call, may("decide_contribution")], assessment_id: Id, contribution_id: Id) -> Response:
    """The form of an answer made of both; the query says for each field whose text is taken."""
    return _draw_merging(call, assessment_id, contribution_id)


@router.post("/merge")
def send_merging(
    call: Annotated[Call, may("decide_contribution")], assessment_id: Id, contribution_id: Id, fields: Posted
) -> Response:
    """Save an answer made of the proposal and of what was there."""
    try:
        base = fields.base()
        with call.on_assessment(assessment_id) as work:
            indicator = find_proposal(work, contribution_id).indicator
            chosen = save_new_sources(work, instrument_of(work).indicators[indicator], fields)
            data = answer_data(words_of(work, language_of(call)), indicator, chosen)
            merge_contribution(work, contribution_id, data, base)
    except (Invalid, Stale) as refusal:
        return _draw_merging(call, assessment_id, contribution_id, refusal, fields)
    return see_other(indicator_path(assessment_id, indicator), done="proposal-merged")


def _draw_merging(
    call: Call, assessment_id: str, contribution_id: str, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    with call.on_assessment(assessment_id) as work:
        proposal = find_proposal(work, contribution_id)
        indicator, words = proposal.indicator, words_of(work, language_of(call))
        present = find_answer(work, indicator)
        base = base_after(refusal, typed, present.version)
        if typed is None:
            made = put_together(present.answer, proposal.answer, _taken(call.request.query_params))
            typed = typed_answer(words, indicator, made)
        context: dict[str, Any] = {
            "frame": frame_of(work),
            "title": named_indicator(work, indicator),
            "proposal": proposal,
            "base": base,
            "form": drawn_form(words, indicator, typed),
        }
        if isinstance(refusal, Stale):
            context["changes"] = conflict_part(work, words, indicator, refusal, typed).changes
    return draw(call, "beside/merge.html", refusal=in_form(refusal), typed=typed, **context)


def _taken(query: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(TAKE): side for name, side in query.items() if name.startswith(TAKE)}
