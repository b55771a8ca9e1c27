"""Work that is done from the command line: nobody is signed in, and the record says so."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import DBAPIError

from app.errors import NotFound, Refusal
from app.models.people import Country
from app.people.accounts import Email, PersonName
from app.record import Head
from app.rights import right
from app.schema import current_revision, latest_revision, upgrade_schema
from app.service import Service, open_service
from app.settings import UnsafeSettings, read_settings
from app.work import Work

WRONG = 2


class CommandWork(Work):
    """Work with an administrator's rights; every event tells that it came from the command line."""

    def record(self, kind: str, subject: str = "", *, stream: str | None = None, **payload: Any) -> Head:
        """Write an event, in this transaction."""
        return super().record(kind, subject, stream=stream, by="command line", **payload)


@contextmanager
def command_work(action: str, country: str | None = None) -> Iterator[Work]:
    """Work on the service or on a country, in one transaction. What is refused is told in a line, with exit code 2."""
    try:
        service = open_service(read_settings())
        try:
            with _begun(service, action, country) as work:
                yield work
        finally:
            service.database.close()
    except Refusal as refusal:
        stop("\n".join([refusal.detail, *(str(item["message"]) for item in refusal.more.get("errors", ()))]))
    except UnsafeSettings as error:
        stop(str(error))
    except DBAPIError as error:
        stop(f"The database cannot be used: {str(error.orig).splitlines()[0]}")


@contextmanager
def _begun(service: Service, action: str, country: str | None) -> Iterator[Work]:
    if current_revision(service.database) != latest_revision():
        upgrade_schema(service.database)
    rule = right(action)
    with service.database.connected(writes=rule.writes) as connection:
        work = CommandWork(
            service, connection, rule, service.clock(), country=country, roles=frozenset({"administrator"})
        )
        if country is not None and work.session.get(Country, country) is None:
            raise NotFound(f"{country} is not set up yet; please add it first: mgi admin add-country {country}")
        yield work
        work.finish()


def read_person(email: str, name: str) -> tuple[str, str]:
    """An e-mail address and a name as they are kept; a wrong one is told, with exit code 2."""
    try:
        return TypeAdapter(Email).validate_python(email), TypeAdapter(PersonName).validate_python(name)
    except ValidationError as error:
        wrong = "e-mail address" if error.errors()[0]["type"].startswith("string") else "name"
        stop(f"The {wrong} cannot be used; please look at it again.")


def stop(message: str) -> NoReturn:
    """Tell what is wrong on stderr, and end with exit code 2."""
    print(message, file=sys.stderr)
    raise typer.Exit(WRONG)
