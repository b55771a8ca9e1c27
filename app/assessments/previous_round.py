"""The round before, of the same country: what was answered then, as far as the person may see it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from app.assessments.edits import live_edits
from app.assessments.instruments import instrument_of
from app.assessments.responses import NOTHING_SUBMITTED, last_submission, live_response
from app.errors import NotFound, WrongState
from app.models.assessments import Assessment
from app.work import Opened, Work
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from questionnaire.stored import response_from


class PreviousRound(NamedTuple):
    """A round with its response: the last submission, or, for its government, the answers as they stand.

    `edits` are the rewordings of sentences by language.
    """

    opened: Opened
    instrument: CompiledInstrument
    response: Response
    edits: Mapping[str, Mapping[str, str]]


def previous_round(work: Work) -> PreviousRound:
    """The round that this one follows. `NotFound` without one; `WrongState` for reviewers if nothing was submitted in it."""
    row = work.session.get(Assessment, work.assessment.previous_id) if work.assessment.previous_id else None
    if row is None or row.country != work.assessment.country:
        raise NotFound
    opened = Opened(row.id, row.country, row.round, row.content_hash, row.previous_id, row.opened_at)
    earlier = replace(work, opened=opened)
    instrument = instrument_of(earlier)
    edits = {language: live_edits(earlier, language) for language in instrument.translations}
    found = PreviousRound(opened, instrument, _response(earlier), edits)
    earlier.finish()
    return found


def _response(earlier: Work) -> Response:
    submission = last_submission(earlier)
    if submission is not None:
        return response_from(submission.response)
    if not earlier.sees_live:
        raise WrongState(NOTHING_SUBMITTED)
    return live_response(earlier).response
