"""Opening a round for a country, on a pinned instrument."""

from sqlmodel import col, select

from app.assessments.instruments import store_instrument
from app.assessments.packaged import packaged_instrument
from app.errors import Conflict, Invalid
from app.models.assessments import Assessment
from app.models.people import Country
from app.people.secrets import new_id
from app.record import ACCOUNTS
from app.work import Work
from questionnaire.compiled import CompiledInstrument


def open_round(work: Work, instrument: CompiledInstrument, country: str, year: int) -> Assessment:
    """Open an assessment. It starts empty; the focal point may carry the last round's answers over.

    `Invalid` if the country is not set up; `Conflict` if that round is open already.
    """
    work.head(
        ACCOUNTS
    )  # rounds are opened one after the other: else two could store the same instrument, or be the same
    if work.session.get(Country, country) is None:
        raise Invalid(
            errors=[{"path": ["country"], "message": f"{country} is not set up yet; please add the country first"}]
        )
    previous = work.session.exec(
        select(Assessment).where(col(Assessment.country) == country).order_by(col(Assessment.round).desc())
    ).all()
    if any(assessment.round == year for assessment in previous):
        raise Conflict(f"The round {year} of {country} is open already.")
    store_instrument(work, instrument)
    earlier = [assessment for assessment in previous if assessment.round < year]
    assessment = Assessment(
        id=new_id(),
        country=country,
        round=year,
        content_hash=instrument.content_hash,
        previous_id=earlier[0].id if earlier else None,
        opened_at=work.now,
    )
    work.session.add(assessment)
    work.session.flush()
    work.record("opened", stream=assessment.id, country=country, round=year, instrument=instrument.content_hash)
    work.record("round_opened", assessment.id, stream=ACCOUNTS, country=country, round=year)
    return assessment


def open_packaged_round(work: Work, instrument: str, country: str, year: int) -> Assessment:
    """Open an assessment on an instrument of this release, by its id. `Invalid` if there is none; else as `open_round`."""
    packaged = packaged_instrument(instrument)
    if packaged is None:
        message = f"there is no instrument '{instrument[:40]}' in this release"
        raise Invalid(f"The instrument: {message}.", errors=[{"path": ["instrument"], "message": message}])
    return open_round(work, packaged, country, year)
