"""Wrong tries at passwords and codes: ten per account and address in a quarter of an hour, then none for a while."""

import ipaddress
import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select
from sqlmodel import col

from app.errors import TooManyTries, WrongCredentials
from app.models.people import FailedSignIn
from app.people.secrets import new_id, sign
from app.service import Service

MOST = 10
SPAN = timedelta(minutes=15)

_log = structlog.get_logger("mgi.sign_in")


@contextmanager
def one_try(service: Service, email: str, address: str) -> Iterator[None]:
    """A try at someone's password or code; `TooManyTries` if there were too many wrong ones, and the block is not entered.

    It counts as wrong from the start, in a transaction of its own, so that parallel tries cannot slip past the limit, and it
    is taken back unless the block raises `WrongCredentials`.
    """
    who = _who(service, email, address)
    try_id, wrong = count_try(service, who), False
    try:
        yield
    except WrongCredentials:
        wrong = True
        _log.warning("wrong password or code", who=who[:12])
        raise
    finally:
        if not wrong:
            _take_back(service, try_id)


def one_ask(service: Service, what: str, address: str) -> None:
    """Count something that anyone may ask for, by address alone: whether an account is meant makes no difference."""
    count_try(service, _who(service, what, address))


def count_try(service: Service, who: str) -> str:
    """Count a try and give its id. `TooManyTries` if there were ten already; right or wrong, this one is then not made.

    Tries of anybody that no longer count are swept away on the way.
    """
    now, try_id = service.clock(), new_id()
    counted = select(col(FailedSignIn.at)).where(col(FailedSignIn.who) == who, col(FailedSignIn.at) > now - SPAN)
    with service.database.writing() as session:
        connection = session.connection()
        connection.execute(delete(FailedSignIn).where(col(FailedSignIn.at) <= now - SPAN))
        service.database.lock(connection, f"tries of {who}")
        earlier = connection.execute(counted.order_by(col(FailedSignIn.at))).scalars().all()
        if len(earlier) >= MOST:
            _log.warning("too many wrong tries", who=who[:12])
            raise _too_many(earlier[-MOST], now)
        session.add(FailedSignIn(id=try_id, who=who, at=now))
    return try_id


def _take_back(service: Service, try_id: str) -> None:
    with service.database.writing() as session:
        session.connection().execute(delete(FailedSignIn).where(col(FailedSignIn.id) == try_id))


def _too_many(oldest: datetime, now: datetime) -> TooManyTries:
    seconds = max(1, math.ceil((oldest + SPAN - now).total_seconds()))
    minutes = math.ceil(seconds / 60)
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    return TooManyTries(f"There were too many tries. Please wait {wait}, then try again.", retry_after=seconds)


def _who(service: Service, email: str, address: str) -> str:
    """A keyed hash, so that the table tells neither who has an account nor who tried."""
    return sign(service.settings.key, "tries", f"{email.lower()}\0{_neighbourhood(address)}".encode())


def _neighbourhood(address: str) -> str:
    """The address; of IPv6 the network, within which one machine can take any address it likes.

    >>> _neighbourhood("2001:db8:0:7:aaaa::1")
    '2001:db8:0:7::/64'
    """
    with suppress(ValueError):
        if ipaddress.ip_address(address).version == 6:
            return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return address
