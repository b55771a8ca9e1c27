"""The page on which one indicator is answered: filled in, saved, confirmed, and looked back on."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.calls import Call, Id, IndicatorName, may
from app.assessments.answers import confirm_answer
from app.errors import Conflict, Invalid, Refusal, Stale
from app.web.answer_history import history_page, save_again
from app.web.answer_page import indicator_page, next_asked
from app.web.answer_saving import autosave_typed, save_typed
from app.web.answer_words import language_of
from app.web.beside import beside, indicator_path
from app.web.fields import Fields, Posted
from app.web.frame import frame_of
from app.web.rendering import draw, see_other

router = APIRouter(prefix="/assessments/{assessment_id}/indicators/{indicator}", include_in_schema=False)

AUTOSAVE = "autosave"


def _draw_indicator(
    call: Call, assessment_id: str, indicator: str, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    """The page; after a refusal with what was typed, and with both texts where someone else saved first."""
    stale = refusal if isinstance(refusal, Stale) else None
    with call.on_assessment(assessment_id) as work:
        page = indicator_page(work, indicator, language_of(call), stale=stale, typed=typed)
        frame, around = frame_of(work), beside(work, indicator)
    return draw(
        call, "answer/indicator.html", refusal=refusal, typed=typed or Fields(), frame=frame, page=page,
        indicator=indicator, beside=around, back=indicator_path(assessment_id, indicator),
    )  # fmt: skip


@router.get("")
def show_indicator(call: Annotated[Call, may("see_answers")], assessment_id: Id, indicator: IndicatorName) -> Response:
    """One indicator: its form for those who may save now, its answer in words for all others."""
    return _draw_indicator(call, assessment_id, indicator)


@router.post("")
def send_answer(
    call: Annotated[Call, may("save_answer")], assessment_id: Id, indicator: IndicatorName, fields: Posted
) -> Response:
    """Save an answer, by a button or while it is typed."""
    if call.request.headers.get("mgi-part") == AUTOSAVE:
        return _autosave(call, assessment_id, indicator, fields)
    try:
        with call.on_assessment(assessment_id) as work:
            save_typed(work, indicator, fields, language_of(call))
            following = next_asked(work, indicator) if fields.one("then") == "next" else indicator
    except (Invalid, Stale) as refusal:
        return _draw_indicator(call, assessment_id, indicator, refusal, fields)
    if following is None:
        return see_other(f"/assessments/{assessment_id}/check", done="answer-last")
    done = "answer-saved" if following == indicator else "answer-saved-next"
    return see_other(indicator_path(assessment_id, following), done=done)


def _autosave(call: Call, assessment_id: str, indicator: str, fields: Fields) -> Response:
    """The parts of the page that a save in place brings: state, version, preview, remarks, conflict."""
    refusal, saved = None, None
    try:
        with call.on_assessment(assessment_id) as work:
            saved = autosave_typed(work, indicator, fields, language_of(call))
    except (Invalid, Stale) as caught:
        refusal = caught
    stale = refusal if isinstance(refusal, Stale) else None
    with call.on_assessment(assessment_id) as work:
        page = indicator_page(work, indicator, language_of(call), stale=stale, typed=fields)
        now = work.now
    base = saved.version if saved else fields.base()
    return draw(
        call,
        "answer/autosave.html",
        refusal=refusal,
        page=page,
        base=base,
        saved_at=now,
        waiting=_waiting(fields),
    )


def _waiting(fields: Fields) -> bool:
    """Whether a new source was typed, which is saved by a button alone."""
    return any(name.startswith("new.") and name.endswith(".title") and text.strip() for name, text in fields.pairs())


@router.post("/confirm")
def send_confirmation(
    call: Annotated[Call, may("save_answer")], assessment_id: Id, indicator: IndicatorName, fields: Posted
) -> Response:
    """Confirm an answer that was carried from an earlier round, as it is."""
    try:
        with call.on_assessment(assessment_id) as work:
            confirm_answer(work, indicator, fields.base())
    except (Conflict, Stale, Invalid) as refusal:
        return _draw_indicator(call, assessment_id, indicator, _told_plainly(refusal))
    return see_other(indicator_path(assessment_id, indicator), done="answer-confirmed")


def _told_plainly(refusal: Refusal) -> Refusal:
    """Someone else's save in between, where there is no text of one's own to put beside it."""
    if isinstance(refusal, Stale):
        return Conflict("Someone else saved this answer meanwhile. Here is how it stands now.")
    return refusal


def _draw_history(
    call: Call, assessment_id: str, indicator: str, refusal: Refusal | None = None, before: int | None = None
) -> Response:
    with call.on_assessment(assessment_id) as work:
        page = history_page(work, indicator, language_of(call), before=before)
        frame = frame_of(work)
    path = indicator_path(assessment_id, indicator)
    return draw(call, "answer/history.html", refusal=refusal, frame=frame, page=page, indicator_path=path)


@router.get("/history")
def show_answer_history(
    call: Annotated[Call, may("see_answers")],
    assessment_id: Id,
    indicator: IndicatorName,
    before: Annotated[int | None, Query(ge=1, le=10**9)] = None,
) -> Response:
    """All versions of an answer, the last one first, with what was changed in each."""
    return _draw_history(call, assessment_id, indicator, before=before)


@router.post("/history")
def send_version_again(
    call: Annotated[Call, may("save_answer")], assessment_id: Id, indicator: IndicatorName, fields: Posted
) -> Response:
    """Save an earlier version once more, on top of the last one."""
    try:
        with call.on_assessment(assessment_id) as work:
            save_again(work, indicator, fields)
    except (Invalid, Stale) as refusal:
        return _draw_history(call, assessment_id, indicator, _told_plainly(refusal))
    return see_other(indicator_path(assessment_id, indicator), done="answer-restored")
