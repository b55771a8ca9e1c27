"""The instruments that assessments are pinned to: stored whole at the opening, restored from the database ever after."""

import threading

from sqlmodel import Session

from app.models.assessments import StoredInstrument
from app.work import Work
from questionnaire.compiled import CompiledInstrument
from questionnaire.stored import dump_instrument, restore_instrument

_restored: dict[str, CompiledInstrument] = {}
_turn = threading.Lock()


def store_instrument(work: Work, instrument: CompiledInstrument) -> None:
    """Keep an instrument with its texts and countries, once."""
    if work.session.get(StoredInstrument, instrument.content_hash) is None:
        stored = StoredInstrument(
            content_hash=instrument.content_hash,
            name=instrument.id,
            body=dump_instrument(instrument),
            stored_at=work.now,
        )
        work.session.add(stored)
        work.session.flush()


def instrument_by_hash(session: Session, content_hash: str) -> CompiledInstrument:
    """The instrument with this hash; compiled once per process, for its hash names its content."""
    found = _restored.get(content_hash)
    if found is None:
        with _turn:
            found = _restored.get(content_hash)
            if found is None:
                stored = session.get_one(StoredInstrument, content_hash)
                found = _restored[content_hash] = restore_instrument(stored.body)
    return found


def instrument_of(work: Work) -> CompiledInstrument:
    """The instrument that the assessment is pinned to."""
    known = _restored.get(work.assessment.content_hash)
    return known or instrument_by_hash(work.session, work.assessment.content_hash)
