"""Instruments to look at and to open rounds on: those of this release, and those that assessments are pinned to."""

from app.assessments.instruments import instrument_by_hash
from app.errors import Invalid, NotFound
from app.models.assessments import StoredInstrument
from app.work import Work
from questionnaire import DEFAULT_INSTRUMENT
from questionnaire.compiled import CompiledInstrument
from questionnaire.loader import CONTENT, instrument_folder, load_instrument
from questionnaire.model import Instrument


def packaged_instrument(name: str = DEFAULT_INSTRUMENT) -> CompiledInstrument | None:
    """The instrument of this release with an id, as `mgi-2018`; None for any other name, a path among them."""
    return load_instrument(name) if instrument_folder(name).parent == CONTENT else None


def find_instrument(work: Work, name: str) -> CompiledInstrument:
    """An instrument by its id, or by the content hash that an assessment is pinned to. `NotFound` if there is none."""
    packaged = packaged_instrument(name)
    if packaged is not None:
        return packaged
    if work.session.get(StoredInstrument, name) is None:
        raise NotFound
    return instrument_by_hash(work.session, name)


def texts_in(instrument: CompiledInstrument, language: str | None) -> Instrument:
    """The instrument's texts in a language, or as it was written. `Invalid` names the languages that there are."""
    if language is None:
        return instrument.source
    if language not in instrument.translations:
        message = f"there is {', '.join(instrument.translations)}"
        raise Invalid(f"The language: {message}.", errors=[{"path": ["language"], "message": message}])
    return instrument.in_language(language)
