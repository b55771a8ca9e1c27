"""Asking many questions one after the other, and what was said to each."""

import asyncio
from collections.abc import Iterable

from tests.security.access_table import ACCESS, ALLOWED
from tests.security.asking import Answer, Application, Question, ask


def sweep(app: Application, questions: Iterable[Question]) -> list[Answer]:
    """The answers, in the order of the questions."""

    async def all_of_them() -> list[Answer]:
        return [await ask(app, question) for question in questions]

    return asyncio.run(all_of_them())


def outcome(answer: Answer) -> str:
    """What the gate said; everything said behind it counts as allowed, unless it is an error of ours."""
    if answer.status >= 500:
        return f"an error {answer.status}"
    return answer.problem if answer.problem in ACCESS else ALLOWED
