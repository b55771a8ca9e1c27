"""The check before submission, the submission, and the sign-off."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.acting import Sha256
from app.api.calls import Call, Id, may
from app.assessments.checking import Check, Gap, check_before_submission
from app.assessments.instruments import instrument_of
from app.assessments.responses import seen_response
from app.assessments.signing_off import SignOff, find_sign_off, sign_off
from app.assessments.submitting import submit
from app.errors import Incomplete, Invalid, Refusal, Stale
from app.evidence.attaching import AttachedFile, list_evidence
from app.web.answer_words import Told, as_sentence, language_of, told_answer, words_of
from app.web.done import translatable
from app.web.early import draw_early, is_early
from app.web.fields import Posted
from app.web.frame import Frame, frame_of
from app.web.rendering import draw, see_other
from app.work import Work
from questionnaire.model import Indicator
from questionnaire.reading import read_answer
from questionnaire.stored import answer_body

router = APIRouter(prefix="/assessments/{assessment_id}", include_in_schema=False)


class Entry(NamedTuple):
    """Something to look at: the indicator that it is about, what is said of it, and the field where it is mended."""

    number: str
    title: str
    message: str
    address: str


Domains = list[tuple[str, list[Entry]]]
"""Titles of domains with what is said in each; the title is empty for the assessment as a whole."""


class SignOffIn(BaseModel):
    """The content that the signatory has read, by its SHA-256."""

    sha256: Sha256


@router.get("/check")
def show_check(call: Annotated[Call, may("see_missing")], assessment_id: Id) -> Response:
    """Everything that is missing, everything worth a look, and the sign-off."""
    with call.on_assessment(assessment_id) as work:
        frame = frame_of(work)
        if is_early(work):
            return draw_early(call, frame)
        check = check_before_submission(work)
        missing = _by_domain(work, check.missing)
        remarks = _by_domain(work, [*check.remarks, *_remarks(work)])
        signed = _sign_off(work, frame)
    return draw(call, "check/check.html", frame=frame, missing=missing, remarks=remarks, signed=signed)


def _sign_off(work: Work, frame: Frame) -> tuple[SignOff, datetime | None] | None:
    """The sign-off and its time, for those who may see it."""
    if "see_sign_off" not in frame.actions:
        return None
    found = find_sign_off(work)
    return found, datetime.fromisoformat(found.signed_at) if found.signed_at else None


def _remarks(work: Work) -> Iterator[Gap]:
    """What the answers themselves give reason to look at: a year that differs from the depositary's, a small letter."""
    instrument, seen = instrument_of(work), seen_response(work).response
    for name, answer in seen.answers.items():
        reading = read_answer(
            instrument, name, json.loads(answer_body(answer)),
            sources=seen.sources, country=seen.country, year=work.now.year,
        )  # fmt: skip
        for remark in reading.remarks:
            question = str(remark.path[1]) if remark.path[0] == "values" else None
            yield Gap("answer", name, question, remark.message)


def _by_domain(work: Work, gaps: Iterable[Gap]) -> Domains:
    """By domain, in the instrument's order; what is about the assessment as a whole comes last."""
    instrument = instrument_of(work)
    place = {name: number for number, name in enumerate(instrument.indicators)}
    entries = [
        (instrument.domains[gap.indicator].title if gap.indicator else "", _entry(work, gap))
        for gap in sorted(gaps, key=lambda gap: place.get(gap.indicator or "", len(place)))
    ]
    return [(title, [entry for _, entry in group]) for title, group in groupby(entries, key=lambda one: one[0])]


def _entry(work: Work, gap: Gap) -> Entry:
    path, said = f"/assessments/{work.assessment.id}", _said(gap)
    if gap.indicator is None:
        return Entry("", "", said, f"{path}/sign-off" if work.allows("sign_off") else "")
    indicators = instrument_of(work).indicators
    elsewhere, _, question = (gap.question or "").rpartition(".")
    indicator = indicators[elsewhere or gap.indicator]
    anchor = f"#f-values.{question}" if question else ""
    shown = indicators[gap.indicator]
    return Entry(shown.number, shown.title, said, f"{path}/indicators/{indicator.id}{anchor}")


def _said(gap: Gap) -> str:
    """What the service says of it; of an answer that is not there, less than to a program, since the page tells it once."""
    if gap.kind == "answer" and gap.question is None:
        return translatable("Not answered yet")
    return as_sentence(gap.message)


@router.get("/submit")
def show_submission(call: Annotated[Call, may("submit")], assessment_id: Id) -> Response:
    """What submitting means, and what is missing."""
    return _draw_submission(call, assessment_id)


def _draw_submission(call: Call, assessment_id: str, refusal: Refusal | None = None) -> Response:
    with call.on_assessment(assessment_id) as work:
        frame, check = frame_of(work), check_before_submission(work)
        missing, remarks = _by_domain(work, check.missing), _by_domain(work, check.remarks)
        files, signed = list_evidence(work), _sign_off(work, frame)
    return draw(
        call, "check/submit.html", refusal=refusal, frame=frame,
        missing=missing, remarks=remarks, files=files, signed=signed,
    )  # fmt: skip


@router.post("/submit")
def send_submission(call: Annotated[Call, may("submit")], assessment_id: Id, fields: Posted) -> Response:
    """Submit the answers to IOM."""
    try:
        with call.on_assessment(assessment_id) as work:
            submit(work)
    except Incomplete as refusal:
        return _draw_submission(call, assessment_id, refusal)
    return see_other(f"/assessments/{assessment_id}", done="submitted")


class Signed(NamedTuple):
    """What is signed in one domain: each indicator with its answer in words and its files."""

    title: str
    answers: list[tuple[Indicator, list[Told], list[AttachedFile]]]


@router.get("/sign-off")
def show_sign_off(call: Annotated[Call, may("see_sign_off")], assessment_id: Id) -> Response:
    """What is signed, whole, and whether it is signed."""
    return _draw_sign_off(call, assessment_id)


def _draw_sign_off(call: Call, assessment_id: str, refusal: Refusal | None = None) -> Response:
    with call.on_assessment(assessment_id) as work:
        frame, check = frame_of(work), check_before_submission(work)
        signed, domains = _sign_off(work, frame), _content(work, language_of(call))
    return draw(
        call, "check/sign-off.html", refusal=refusal, frame=frame, signed=signed, domains=domains, missing=_open(check)
    )


def _open(check: Check) -> bool:
    """Whether anything but the sign-off is missing."""
    return any(gap.kind != "sign_off" for gap in check.missing)


def _content(work: Work, language: str) -> list[Signed]:
    """The answers in words, with their files, by domain."""
    words, answers, files = words_of(work, language), seen_response(work).response.answers, list_evidence(work)
    return [
        Signed(
            domain.title,
            [
                (one, told_answer(words, one.id, json.loads(answer_body(answers[one.id]))),
                 [file for file in files if file.indicator == one.id])
                for one in domain.indicators if one.id in answers
            ],
        )
        for domain in instrument_of(work).source.domains
    ]  # fmt: skip


@router.post("/sign-off")
def send_sign_off(call: Annotated[Call, may("sign_off")], assessment_id: Id, fields: Posted) -> Response:
    """Sign off what was read."""
    sha256 = fields.as_(SignOffIn).sha256
    try:
        fields.demand("read", translatable("Please tick the box to say that you have read the answers."))
        with call.on_assessment(assessment_id) as work:
            sign_off(work, sha256)
    except (Invalid, Stale) as refusal:
        return _draw_sign_off(call, assessment_id, refusal)
    return see_other(f"/assessments/{assessment_id}/sign-off", done="signed-off")
