"""Pages of contributions: what ministries proposed, proposing an answer for one's ministry, taking it back."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.assignments import ObjectId
from app.api.calls import Call, Id, IndicatorName, may
from app.assessments.answers import find_answer
from app.assessments.contributions import Proposal, list_contributions, propose_answer, withdraw_contribution
from app.assessments.instruments import instrument_of
from app.assessments.own_assignments import own_ministries
from app.errors import Invalid, NotFound, Refusal
from app.people.ministries import list_ministries
from app.web.answer_fields import answer_data, typed_answer
from app.web.answer_page import drawn_form
from app.web.answer_words import language_of, told_answer, words_of
from app.web.beside import in_form, indicator_path, named_indicator, return_from
from app.web.fields import Fields, Posted
from app.web.frame import frame_of
from app.web.rendering import draw, see_other
from app.work import Work
from questionnaire.text import Prose

router = APIRouter(prefix="/assessments/{assessment_id}", include_in_schema=False)


class ProposalIn(BaseModel):
    """What goes with a proposed answer; `proposal_ministry` only for those who contribute for several ministries."""

    proposal_remark: Prose | None = None
    proposal_ministry: ObjectId | None = None


@router.get("/contributions")
def show_contributions(call: Annotated[Call, may("see_contributions")], assessment_id: Id) -> Response:
    """What ministries proposed, by indicator: what waits for a decision, then the rest."""
    with call.on_assessment(assessment_id) as work:
        frame, indicators = frame_of(work), instrument_of(work).indicators
        places = {name: place for place, name in enumerate(indicators)}
        found = sorted(list_contributions(work), key=lambda one: places[one.indicator])
    titles = {name: f"{one.number} {one.title}" for name, one in indicators.items()}
    return draw(call, "beside/all-contributions.html", frame=frame, contributions=found, titles=titles)


@router.get("/indicators/{indicator}/contribution")
def show_proposing(call: Annotated[Call, may("propose")], assessment_id: Id, indicator: IndicatorName) -> Response:
    """The form to propose an answer, filled in with what one's ministry proposed, or with the present answer."""
    return _draw_proposing(call, assessment_id, indicator)


@router.post("/indicators/{indicator}/contribution")
def send_proposal(
    call: Annotated[Call, may("propose")], assessment_id: Id, indicator: IndicatorName, fields: Posted
) -> Response:
    """Propose an answer for one's ministry."""
    try:
        given = fields.as_(ProposalIn)
        with call.on_assessment(assessment_id) as work:
            named_indicator(work, indicator)
            data = answer_data(words_of(work, language_of(call)), indicator, fields)
            ministry = given.proposal_ministry
            propose_answer(work, indicator, data, remark=given.proposal_remark, ministry_id=ministry)
    except Invalid as refusal:
        return _draw_proposing(call, assessment_id, indicator, in_form(refusal), fields)
    return return_from(fields, indicator_path(assessment_id, indicator), part="contributions", done="proposed")


def _draw_proposing(
    call: Call, assessment_id: str, indicator: str, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    with call.on_assessment(assessment_id) as work:
        named, own = named_indicator(work, indicator), own_ministries(work, indicator)
        if not own:
            raise NotFound
        words, earlier = words_of(work, language_of(call)), _earlier(work, indicator, own)
        present = find_answer(work, indicator).answer
        context: dict[str, Any] = {
            "frame": frame_of(work),
            "title": named,
            "indicator": indicator,
            "told": told_answer(words, indicator, present),
            "remark": (earlier.remark if earlier else None) or "",
            "ministries": [(one.id, one.name) for one in list_ministries(work) if one.id in own],
        }
        shown = typed or typed_answer(words, indicator, earlier.answer if earlier else present)
        form = drawn_form(words, indicator, shown)
    return draw(call, "beside/propose.html", refusal=refusal, typed=shown, form=form, **context)


def _earlier(work: Work, indicator: str, own: list[str]) -> Proposal | None:
    """What one's ministry proposed and is not decided yet."""
    found = list_contributions(work, indicator=indicator, state="proposed")
    return next((one for one in reversed(found) if one.ministry_id in own), None)


@router.get("/contributions/{contribution_id}/withdraw")
def show_proposal_withdrawal(call: Annotated[Call, may("propose")], assessment_id: Id, contribution_id: Id) -> Response:
    """Ask whether a proposal shall be taken back."""
    with call.on_assessment(assessment_id) as work:
        proposal = find_proposal(work, contribution_id)
        frame, title = frame_of(work), named_indicator(work, proposal.indicator)
    return draw(call, "beside/withdraw.html", frame=frame, title=title, proposal=proposal)


@router.post("/contributions/{contribution_id}/withdraw")
def send_proposal_withdrawal(call: Annotated[Call, may("propose")], assessment_id: Id, contribution_id: Id) -> Response:
    """Take back a proposal that is not decided yet."""
    with call.on_assessment(assessment_id) as work:
        proposal = withdraw_contribution(work, contribution_id)
    path = indicator_path(assessment_id, proposal.indicator)
    return see_other(f"{path}#contributions", done="proposal-withdrawn")


def find_proposal(work: Work, contribution_id: str) -> Proposal:
    """A contribution that the person may see; `NotFound` for all others."""
    for proposal in list_contributions(work):
        if proposal.id == contribution_id:
            return proposal
    raise NotFound
