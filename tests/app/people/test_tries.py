"""Counting wrong tries: what counts, for whom, and for how long."""

from typing import NoReturn

import pytest
from structlog.testing import capture_logs

from app.errors import Conflict, TooManyTries, WrongCredentials
from app.people.tries import MOST, one_try
from tests.world import World


def wrong(world: World, email: str = "a@example.org", address: str = "192.0.2.1") -> None:
    with pytest.raises(WrongCredentials), one_try(world.service, email, address):
        raise WrongCredentials


def right(world: World, email: str = "a@example.org", address: str = "192.0.2.1") -> None:
    with one_try(world.service, email, address):
        pass


def refuse() -> NoReturn:
    raise Conflict


def test_tries_count_per_account_and_address(sqlite_world: World) -> None:
    for _ in range(MOST):
        wrong(sqlite_world)
    with pytest.raises(TooManyTries):
        right(sqlite_world, "A@EXAMPLE.org")
    right(sqlite_world, "b@example.org")
    right(sqlite_world, address="192.0.2.2")


def test_what_fails_for_another_reason_was_no_wrong_try(sqlite_world: World) -> None:
    for _ in range(MOST + 1):
        with pytest.raises(Conflict), one_try(sqlite_world.service, "a@example.org", "192.0.2.1"):
            refuse()
    right(sqlite_world)


def test_a_machine_with_many_ipv6_addresses_is_one(sqlite_world: World) -> None:
    for number in range(MOST):
        wrong(sqlite_world, address=f"2001:db8::{number + 1:x}")
    with pytest.raises(TooManyTries):
        right(sqlite_world, address="2001:db8::ffff")
    right(sqlite_world, address="2001:db8:0:1::1")


def test_the_wait_ends_when_the_first_try_is_a_quarter_of_an_hour_old(sqlite_world: World) -> None:
    wrong(sqlite_world)
    sqlite_world.later(minutes=10)
    for _ in range(MOST - 1):
        wrong(sqlite_world)
    with pytest.raises(TooManyTries) as refused:
        right(sqlite_world)
    assert refused.value.more["retry_after"] == 300
    sqlite_world.later(minutes=5)
    wrong(sqlite_world)
    with pytest.raises(TooManyTries):
        right(sqlite_world)


def test_the_log_of_wrong_tries_holds_no_address(sqlite_world: World) -> None:
    with capture_logs() as lines:
        for _ in range(MOST):
            wrong(sqlite_world, address="192.0.2.77")
        with pytest.raises(TooManyTries):
            right(sqlite_world, address="192.0.2.77")
    assert len(lines) == MOST + 1
    assert "192.0.2.77" not in str(lines)
