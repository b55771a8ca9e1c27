"""The ministries and other bodies of a country that contribute."""

import unicodedata

from sqlmodel import col, select

from app.errors import Conflict, Invalid, NotFound
from app.models.people import Ministry
from app.people.roles import hold_roles
from app.people.secrets import new_id
from app.record import ACCOUNTS
from app.work import Work


def list_ministries(work: Work) -> list[Ministry]:
    """The country's ministries, by name."""
    found = work.session.exec(select(Ministry).where(col(Ministry.country) == work.country)).all()
    return sorted(found, key=lambda ministry: (ministry.name.casefold(), ministry.id))


def add_ministry(work: Work, name: str) -> Ministry:
    """Add a ministry. `Conflict` if the country has one of that name, whatever its capitals."""
    hold_roles(work)
    _check_name(work, name)
    ministry = Ministry(id=new_id(), country=work.country or "", name=name)
    work.session.add(ministry)
    work.session.flush()
    work.record("ministry_added", ministry.id, stream=ACCOUNTS, country=work.country)
    return ministry


def rename_ministry(work: Work, ministry_id: str, name: str) -> Ministry:
    """Give a ministry another name. `NotFound` for another country's; `Conflict` as for a new one."""
    hold_roles(work)
    ministry = work.session.get(Ministry, ministry_id)
    if ministry is None or ministry.country != work.country:
        raise NotFound
    _check_name(work, name, but=ministry_id)
    ministry.name = name
    work.session.add(ministry)
    work.session.flush()
    work.record("ministry_renamed", ministry.id, stream=ACCOUNTS, country=work.country)
    return ministry


def check_ministry(work: Work, role: str, ministry_id: str | None) -> None:
    """`Invalid` unless a contributor has a ministry of this country, and nobody else has one."""
    message = ""
    if role != "contributor" and ministry_id is not None:
        message = "only contributors work for a ministry; please leave this out"
    elif role == "contributor" and ministry_id not in {ministry.id for ministry in list_ministries(work)}:
        message = "please choose the ministry that this person contributes for"
    if message:
        raise Invalid(f"The ministry: {message}.", errors=[{"path": ["ministry_id"], "message": message}])


def _check_name(work: Work, name: str, *, but: str | None = None) -> None:
    plain = _plain(name)
    if any(_plain(ministry.name) == plain and ministry.id != but for ministry in list_ministries(work)):
        raise Conflict("There is a ministry of this name already.")


def _plain(name: str) -> str:
    """A name by which two are told to be the same."""
    return unicodedata.normalize("NFKC", name).casefold()
