"""Transactions: who reads sees one moment, on both kinds of database."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from app.models.people import Country
from tests.world import World

_HOW_MANY = select(func.count()).select_from(Country)


def test_who_reads_sees_one_moment_whatever_is_written_meanwhile(world: World) -> None:
    database = world.service.database
    with database.connected(writes=False) as reading:
        before = reading.scalar(_HOW_MANY)
        with database.writing() as session:
            session.add(Country(code="FJ", added_at=world.now))
        assert reading.scalar(_HOW_MANY) == before
    with database.connected(writes=False) as reading:
        assert reading.scalar(_HOW_MANY) == before + 1
        assert reading.scalar(select(col(Country.code)).where(col(Country.code) == "FJ")) == "FJ"


def test_what_a_reader_writes_is_refused_or_not_kept(world: World) -> None:
    database = world.service.database
    with database.connected(writes=False) as reading:
        if database.is_sqlite:
            reading.exec_driver_sql("DELETE FROM role_grant")
        else:
            with pytest.raises(DBAPIError, match="read-only"):
                reading.exec_driver_sql("DELETE FROM role_grant")
    assert world.as_("focal_a").get("/assessments").status_code == 200
