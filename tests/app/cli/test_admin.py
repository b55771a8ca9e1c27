"""`mgi admin`: from an empty database to a first administrator, a country, a round and a focal point."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlmodel import col, select
from typer.testing import CliRunner

from app.cli import app
from app.database import Database
from app.models.people import Account, Link
from app.models.record import Event
from app.people.passwords import hash_password
from tests.world import KEY

Mgi = Callable[..., Result]
ANNA = ("--email", "Anna@Example.org", "--name", "Anna Bekova")


@pytest.fixture
def mgi(database_url: str, tmp_path: Path) -> Mgi:
    """Run `mgi admin …` on a fresh database."""
    environment = {"DATABASE_URL": database_url, "MGI_SECRET_KEY": KEY, "MGI_DATA": str(tmp_path)}
    return lambda *words, **more: CliRunner().invoke(app, ["admin", *words], env=environment | more)


def events(database_url: str) -> list[Event]:
    database = Database(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with database.reading() as session:
        found = list(session.exec(select(Event).where(col(Event.stream) == "accounts").order_by(col(Event.seq))))
    database.close()
    return found


def give_role_to(database_url: str, email: str) -> None:
    """What accepting an invitation does, without the pages."""
    from app.models.people import RoleGrant

    database = Database(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with database.writing() as session:
        account = session.exec(select(Account).where(col(Account.email) == email)).one()
        link = session.exec(select(Link).where(col(Link.account_id) == account.id)).one()
        account.password = hash_password("three quiet rivers meet here")
        session.add(account)
        session.add(RoleGrant(id="a" * 20, account_id=account.id, role=link.role or "", created_at=link.created_at))
    database.close()


def test_a_new_service_gets_its_administrator_once(mgi: Mgi, database_url: str) -> None:
    first = mgi("first-administrator", *ANNA)
    assert first.exit_code == 0, first.output
    assert "http://localhost:8000/invitation#" in first.stdout
    assert mgi("first-administrator", *ANNA).exit_code == 0, "the link was lost: a new one may be made"
    assert [event.kind for event in events(database_url)] == ["invited", "invitation_cancelled", "invited"]


def test_there_is_one_first_administrator(mgi: Mgi, database_url: str) -> None:
    mgi("first-administrator", *ANNA)
    give_role_to(database_url, "anna@example.org")
    refused = mgi("first-administrator", "--email", "b@example.org", "--name", "B")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "administrator already" in refused.stderr
    assert "anna@example.org  Anna Bekova  administrator" in mgi("list-accounts").stdout


def test_a_country_a_round_and_a_focal_point(mgi: Mgi, database_url: str) -> None:
    assert mgi("add-country", "kg").stdout == "Kyrgyzstan (KG) is set up.\n"
    assert "is open: assessment" in mgi("open-round", "KG", "2026").stdout
    invited = mgi("invite", "--role", "focal_point", "--country", "KG", *ANNA)
    assert "/invitation#" in invited.stdout
    recorded = events(database_url)
    assert [event.kind for event in recorded] == ["country_added", "round_opened", "invited"]
    assert {(event.actor, json.loads(event.payload)["by"]) for event in recorded} == {("", "command line")}
    assert mgi("list-accounts").stdout == "anna@example.org  Anna Bekova  not accepted yet\n"


def test_what_cannot_be_done_is_told_in_a_line(mgi: Mgi, database_url: str) -> None:
    mgi("add-country", "KG")
    mgi("open-round", "KG", "2026")
    for words, told in (
        (("add-country", "KG"), "is set up already"),
        (("add-country", "XX"), "no country with the ISO code"),
        (("open-round", "KG", "2026"), "is open already"),
        (("open-round", "UZ", "2026"), "please add the country first"),
        (("open-round", "KG", "2027", "-i", "/etc"), "no instrument"),
        (("invite", "--role", "reviewer", "--country", "UZ", *ANNA), "mgi admin add-country UZ"),
        (("invite", "--role", "reviewer", *ANNA), "in no country"),
        (("invite", "--role", "administrator", "--country", "KG", *ANNA), "in no country"),
        (("invite", "--role", "reviewer", "--country", "KG", "--email", "x", "--name", "X"), "e-mail address"),
        (("invite", "--role", "reviewer", "--country", "KG", "--email", "x@example.org", "--name", "?"), "name"),
        (("reset-link", "nobody@example.org"), "no account"),
    ):
        refused = mgi(*words)
        assert (refused.exit_code, refused.stdout) == (2, ""), (words, refused.output)
        assert told in refused.stderr, words
    assert len(events(database_url)) == 2


def test_unsafe_settings_are_told(mgi: Mgi) -> None:
    refused = mgi("list-accounts", MGI_SECRET_KEY="short")
    assert refused.exit_code == 2
    assert "MGI_SECRET_KEY should have at least 32" in refused.stderr


def test_a_reset_link_is_printed_for_someone_with_a_password(mgi: Mgi, database_url: str) -> None:
    mgi("first-administrator", *ANNA)
    assert mgi("reset-link", "anna@example.org").exit_code == 2
    give_role_to(database_url, "anna@example.org")
    assert "/reset#" in mgi("reset-link", "anna@example.org").stdout


def test_an_empty_database_is_set_up(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite", "MGI_SECRET_KEY": KEY}
    assert CliRunner().invoke(app, ["admin", "add-country", "FR"], env=environment).stdout == "France (FR) is set up.\n"
