"""The story that the demonstration shows: a published round, one in review, one being filled in, and an empty neighbour."""

import io
import json
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from app.assessments.answers import confirm_answer, save_answer
from app.assessments.approving import approve, approved_document, find_approval, give_consent
from app.assessments.assignments import assign_indicators
from app.assessments.carrying import carry_over
from app.assessments.comments import NewComment, write_comment
from app.assessments.contributions import propose_answer
from app.assessments.publishing import publish
from app.assessments.responses import seen_response
from app.assessments.reviewing import mark_reviewed, return_indicators
from app.assessments.rounds import open_packaged_round
from app.assessments.signing_off import find_sign_off, sign_off
from app.assessments.source_saving import save_source
from app.assessments.submitting import submit
from app.demo.folder import Kept
from app.demo.people import KG, UZ, Cast
from app.evidence.attaching import NewFile, add_evidence
from app.evidence.keeping import keep_content
from app.schema import upgrade_schema
from app.service import Service, now_utc
from questionnaire import DEFAULT_INSTRUMENT
from questionnaire.compiled import CompiledInstrument
from questionnaire.loader import EXAMPLES, load_instrument, read_yaml
from questionnaire.reading import read_response
from questionnaire.response import Response
from questionnaire.stored import answer_body, source_body

HEALTH, LABOUR, DIASPORA = "health-access", "labour-demand-assessment", "diaspora-institution"
NEWS = "This was confirmed by the responsible ministry in 2022."
LAW = b"This file was made for the demonstration. It stands for the text of a law that a government attaches.\n"
REASONS = (
    (HEALTH, "Please name the article of the law."),
    (DIASPORA, "Is this body still at work? Please say since when."),
)


def tell_story(service: Service, kept: Kept) -> None:
    """Fill an empty service, step by step, through the same services that people use."""
    upgrade_schema(service.database)
    instrument, today = load_instrument(), now_utc()
    story = _Story(Cast(service, kept.passwords, datetime(2018, 2, 5, 9, tzinfo=UTC)), _example(instrument))
    service.clock = lambda: story.cast.now
    story.cast.found()
    story.publish_2018()
    story.review_2022()
    story.collect_2026(today, instrument)
    story.cast.leave()


def _example(instrument: CompiledInstrument) -> Response:
    response = read_response(read_yaml(EXAMPLES / "kyrgyzstan-2018.yaml"), instrument).response
    if response is None:
        raise RuntimeError("the packaged example does not fit the packaged instrument")
    return response


class _Story:
    """The people, and the answers that they give."""

    def __init__(self, cast: Cast, response: Response) -> None:
        self.cast = cast
        self.sources = {name: json.loads(source_body(source)) for name, source in response.sources.items()}
        self.answers: dict[str, Any] = {name: json.loads(answer_body(one)) for name, one in response.answers.items()}

    def at(self, year: int, month: int, day: int) -> None:
        self.cast.now = datetime(year, month, day, 10, tzinfo=UTC)

    def open(self, country: str, year: int) -> str:
        with self.cast.as_("administrator", "open_round") as work:
            return open_packaged_round(work, DEFAULT_INSTRUMENT, country, year).id

    def answer(self, assessment: str, answers: dict[str, Any], base: int = 0) -> None:
        with self.cast.as_("focal", "save_answer", assessment) as work:
            for indicator, answer in answers.items():
                save_answer(work, indicator, answer, base)

    def submit(self, assessment: str) -> None:
        with self.cast.as_("signatory", "sign_off", assessment) as work:
            sign_off(work, find_sign_off(work).sha256)
        with self.cast.as_("focal", "submit", assessment) as work:
            submit(work)

    def say(self, name: str, assessment: str, text: str, thread: str | None = None) -> str:
        with self.cast.as_(name, "comment", assessment) as work:
            return write_comment(work, NewComment(HEALTH, "shared", text, thread)).thread_id

    def publish_2018(self) -> None:
        """The whole way, from sources and answers to the public snapshot."""
        assessment = self.open(KG, 2018)
        with self.cast.as_("focal", "save_source", assessment) as work:
            for name, source in self.sources.items():
                save_source(work, name, source, 0)
        self.answer(assessment, self.answers)
        self.at(2018, 6, 4)
        self.submit(assessment)
        self.at(2018, 7, 16)
        with self.cast.as_("reviewer", "approve", assessment) as work:
            approve(work, find_approval(work).fingerprint)
        self.at(2018, 8, 20)
        with self.cast.as_("focal", "consent", assessment) as work:
            give_consent(work, approved_document(work).fingerprint)
        self.at(2018, 9, 11)
        with self.cast.as_("reviewer", "publish", assessment) as work:
            publish(work, None)

    def review_2022(self) -> None:
        """Submitted, two indicators sent back, changed and submitted again; the reviewer is reading, and asks."""
        self.at(2022, 3, 1)
        assessment = self.open(KG, 2022)
        self.answer(assessment, self.answers)
        self._attach(assessment)
        self.at(2022, 6, 1)
        self.submit(assessment)
        self.at(2022, 7, 1)
        with self.cast.as_("reviewer", "return", assessment) as work:
            return_indicators(work, REASONS)
        self.at(2022, 9, 1)
        self.answer(assessment, {name: self.answers[name] | {"note": NEWS} for name, _ in REASONS}, 1)
        self.submit(assessment)
        self.at(2022, 10, 3)
        thread = self.say("reviewer", assessment, "Which article of the law gives this entitlement?")
        self.at(2022, 10, 5)
        self.say("focal", assessment, "Thank you. We asked the Ministry of Health, and will write here.", thread)
        with self.cast.as_("reviewer", "mark_reviewed", assessment) as work:
            submitted = seen_response(work).response.answers
            for indicator, answer in islice(submitted.items(), 12):
                mark_reviewed(work, indicator, answer.version)

    def _attach(self, assessment: str) -> None:
        new = NewFile(HEALTH, "law-on-health-care.txt", public=False)
        accepted = keep_content(self.cast.service, assessment, new.name, io.BytesIO(LAW), len(LAW))
        with self.cast.as_("focal", "add_evidence", assessment) as work:
            add_evidence(work, new, accepted)

    def collect_2026(self, today: datetime, instrument: CompiledInstrument) -> None:
        """Carried over from 2022 and half confirmed; two ministries at work: one late, one with a contribution that waits.

        Nothing at the neighbour's.
        """
        self.cast.now = today - timedelta(days=40)
        assessment = self.open(KG, 2026)
        self.open(UZ, 2026)
        early = {name for name, domain in instrument.domains.items() if domain.number <= 3}
        with self.cast.as_("focal", "carry_over", assessment) as work:
            carried = carry_over(work).indicators
        with self.cast.as_("focal", "save_answer", assessment) as work:
            for name in carried:
                if name in early and name not in (HEALTH, LABOUR):
                    confirm_answer(work, name, 1)
        for ministry, indicator, days in (("labour", LABOUR, 30), ("health", HEALTH, 70)):
            with self.cast.as_("focal", "assign", assessment) as work:
                due = (self.cast.now + timedelta(days=days)).date()
                key = self.cast.ministries[ministry]
                assign_indicators(work, [indicator], key, due=due, remark="Please look at the text of 2018.")
        self.cast.now = today - timedelta(days=2)
        with self.cast.as_("health", "propose", assessment) as work:
            remark = "Nothing has changed since 2018."
            propose_answer(work, HEALTH, self.answers[HEALTH], remark=remark)
