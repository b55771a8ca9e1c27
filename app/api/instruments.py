"""Routes of instruments: the questionnaire is no secret to anyone who is signed in."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from app.api.calls import Call, may
from app.api.problems import declared
from app.assessments.packaged import find_instrument, texts_in
from app.errors import Invalid, NotFound, NotSignedIn, SecondFactorNeeded

router = APIRouter(prefix="/instruments", tags=["instruments"])

InstrumentName = Annotated[
    str,
    Path(
        pattern="^[a-z0-9][a-z0-9-]{0,63}$",
        description="The id of an instrument, or its content hash.",
        examples=["mgi-2018"],
    ),
]
Language = Annotated[
    str | None, Query(pattern="^[a-z]{2,3}$", description="A language; as it was written if left out.")
]


class OptionOut(BaseModel):
    """A possible answer to a closed question."""

    id: str
    label: str


class QuestionOut(BaseModel):
    """A question; only closed ones have options."""

    id: str
    type: str
    text: str
    help: str
    options: list[OptionOut] = []


class IndicatorOut(BaseModel):
    """One topic with its questions."""

    id: str
    number: str
    title: str
    questions: list[QuestionOut]


class SubdomainOut(BaseModel):
    """Indicators that are told in one paragraph."""

    title: str
    indicators: list[IndicatorOut]


class DomainOut(BaseModel):
    """One of the six domains."""

    number: int
    title: str
    subdomains: list[SubdomainOut]


class InstrumentOut(BaseModel):
    """The questionnaire in one language."""

    id: str
    version: str
    title: str
    content_hash: str
    languages: list[str] = Field(description="The languages that there are.")
    domains: list[DomainOut]


@router.get("/{name}", responses=declared(NotSignedIn, SecondFactorNeeded, NotFound, Invalid))
def get_instrument(
    call: Annotated[Call, may("see_own")], name: InstrumentName, language: Language = None
) -> InstrumentOut:
    """An instrument by its id or content hash: domains, subdomains, indicators, questions, options."""
    with call.begin() as work:
        instrument = find_instrument(work, name)
    texts = texts_in(instrument, language)
    return InstrumentOut(
        id=texts.id,
        version=texts.version,
        title=texts.title,
        content_hash=instrument.content_hash,
        languages=list(instrument.translations),
        domains=[DomainOut.model_validate(domain, from_attributes=True) for domain in texts.domains],
    )
