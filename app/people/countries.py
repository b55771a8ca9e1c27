"""The countries that the service works with: their names, and who may see them."""

from typing import NamedTuple

from sqlmodel import col, select

from app.errors import Conflict, Invalid
from app.models.people import Country
from app.record import ACCOUNTS
from app.work import Work
from questionnaire.loader import load_instrument
from questionnaire.problems import nearest


class NamedCountry(NamedTuple):
    """A country by its ISO code and English name."""

    code: str
    name: str


def country_names() -> dict[str, str]:
    """All countries that the packaged instrument knows: code to name."""
    instrument = load_instrument()
    return {code: country.name for code, country in instrument.countries[instrument.source.language].items()}


def country_name(code: str) -> str:
    """The name of a country; its code where the instrument no longer names it."""
    return country_names().get(code, code)


def add_country(work: Work, code: str) -> NamedCountry:
    """Set a country up. `Invalid` for a code that the instrument does not know; `Conflict` if it is there already."""
    names = country_names()
    if code not in names:
        message = f"there is no country with the ISO code '{code[:40]}'{nearest(code[:40], names)}"
        raise Invalid(f"Please mend this: {message}.", errors=[{"path": ["code"], "message": message}])
    work.head(ACCOUNTS)
    if work.session.get(Country, code) is not None:
        raise Conflict(f"{names[code]} is set up already.")
    work.session.add(Country(code=code, added_at=work.now))
    work.session.flush()
    work.record("country_added", code, stream=ACCOUNTS)
    return NamedCountry(code, names[code])


def list_countries(work: Work) -> list[NamedCountry]:
    """The countries in which the person holds a role, by name; all for administrators."""
    names = country_names()
    codes = work.session.exec(select(Country.code).order_by(col(Country.code))).all()
    seen = [NamedCountry(code, names.get(code, code)) for code in codes if work.actor.roles_in(code)]
    return sorted(seen, key=lambda country: (country.name, country.code))
