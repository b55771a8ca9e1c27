"""Steps that change an assessment's state: a retry with the same key gets the answer of the first, though the state moved on."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field

from app.api.calls import Call
from app.errors import WrongState
from app.once import OnceKey, act_once, answered_before
from app.work import Work, begin_work

Out = TypeVar("Out", bound=BaseModel)

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="A SHA-256 in hexadecimal digits.")]


def act_on_assessment(
    call: Call, assessment_id: str, once: OnceKey | None, model: type[Out], act: Callable[[Work], Out]
) -> Out:
    """Act on an assessment, once per key. `WrongState` is for those alone who did not take this very step before."""
    try:
        with call.on_assessment(assessment_id) as work:
            return act_once(work, once, model, lambda: act(work))
    except WrongState:
        earlier = _earlier(call, once, model)
        if earlier is None:
            raise
        return earlier


def _earlier(call: Call, once: OnceKey | None, model: type[Out]) -> Out | None:
    """What this very request was answered before; who calls and that they may was checked before the state was."""
    if once is None:
        return None
    with begin_work(call.service, call.right, call.secret, call.address) as work:
        return answered_before(work, once, model)
