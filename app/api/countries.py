"""Routes of countries: those in which one holds a role; adding one."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.calls import Call, may
from app.api.headers import Once
from app.api.problems import declared
from app.errors import Conflict, Invalid, NotAllowed, NotSignedIn, SecondFactorNeeded
from app.once import act_once
from app.people.countries import add_country, list_countries

router = APIRouter(prefix="/countries", tags=["countries"])


class CountryIn(BaseModel):
    """A country by its ISO code."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern="^[A-Z]{2}$", description="ISO 3166 code.", examples=["KG"])


class CountryOut(BaseModel):
    """A country by its ISO code and English name."""

    code: str
    name: str


@router.get("", responses=declared(NotSignedIn, SecondFactorNeeded))
def get_countries(call: Annotated[Call, may("see_own")]) -> list[CountryOut]:
    """The countries in which you hold a role, by name; all for administrators."""
    with call.begin() as work:
        return [CountryOut.model_validate(country, from_attributes=True) for country in list_countries(work)]


@router.post("", status_code=201, responses=declared(NotSignedIn, SecondFactorNeeded, NotAllowed, Conflict, Invalid))
def post_country(call: Annotated[Call, may("manage_countries")], data: CountryIn, once: Once) -> CountryOut:
    """Set a country up."""
    with call.on_service() as work:
        return act_once(
            work,
            once,
            CountryOut,
            lambda: CountryOut.model_validate(add_country(work, data.code), from_attributes=True),
        )
