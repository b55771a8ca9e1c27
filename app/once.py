"""Requests that must act once: the first with an `Idempotency-Key` acts, all others get the answer that it got."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.errors import Conflict
from app.models.record import RequestKey
from app.work import Work

Model = TypeVar("Model", bound=BaseModel)


class OnceKey(NamedTuple):
    """The key that a caller sent, and a hash of the request that it stands for."""

    key: str
    request_hash: str


def act_once(work: Work, once: OnceKey | None, model: type[Model], act: Callable[[], Model]) -> Model:
    """Act, or give the answer of the first request with this key. `Conflict` if that was another request.

    The key is claimed in the same transaction as what is done, so that neither can be without the other.
    """
    if once is None:
        return act()
    dialect = sqlite if work.service.database.is_sqlite else postgresql
    claim = dialect.insert(RequestKey).values(
        account_id=work.actor.id, key=once.key, request_hash=once.request_hash, at=work.now
    )
    mine = (col(RequestKey.account_id) == work.actor.id) & (col(RequestKey.key) == once.key)
    claim = claim.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    if work.connection.execute(claim).rowcount:
        result = act()
        work.connection.execute(update(RequestKey).where(mine).values(response=result.model_dump_json()))
        return result
    earlier = answered_before(work, once, model)
    if earlier is None:
        raise Conflict("This Idempotency-Key was used for another request; please send a new one.")
    return earlier


def answered_before(work: Work, once: OnceKey, model: type[Model]) -> Model | None:
    """The answer that this very request was given before; None if there was none."""
    earlier = work.session.get(RequestKey, (work.actor.id, once.key))
    if earlier is None or earlier.request_hash != once.request_hash or earlier.response is None:
        return None
    return model.model_validate_json(earlier.response)
