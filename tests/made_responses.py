"""Makes random responses: every type of value, every state of an answer, on and off the path."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from questionnaire.compiled import CompiledInstrument
from questionnaire.dates import PartialDate
from questionnaire.model import ChoicesQuestion, ClosedQuestion, Question, closed_options
from questionnaire.response import Answer, Ratification, Response, Source, Value

SOURCES = {
    "law-one": Source(
        title="Law on Migration", in_text="the Law on Migration", kind="law", url="https://example.org/1"
    ),
    "body-two": Source(title="Migration Service", in_text="the Migration Service", kind="body"),
    "expert-three": Source(title="An expert", kind="expert"),
    "snapshot": Source(title="Published snapshot", kind="published_snapshot"),
}


def _choices(question: ChoicesQuestion, random: Random) -> tuple[str, ...]:
    free = [option.id for option in question.options if not option.exclusive]
    alone = [option.id for option in question.options if option.exclusive]
    if alone and (not free or random.random() < 0.25):
        return (random.choice(alone),)
    picked = set(random.sample(free, random.randint(1, len(free))))
    return tuple(option for option in free if option in picked)


_MAKERS: Mapping[str, Callable[[Any, Random, str], Value]] = {
    "choice": lambda question, random, text: random.choice(closed_options(question)),
    "yes_no": lambda question, random, text: random.choice(("yes", "no")),
    "choices": lambda question, random, text: _choices(question, random),
    "year": lambda question, random, text: random.randint(question.min, question.max),
    "number": lambda question, random, text: random.randint(question.min, min(question.max, 10**6)),
    "text": lambda question, random, text: text,
    "paragraph": lambda question, random, text: text,
    "source": lambda question, random, text: random.choice(list(SOURCES)),
    "sources": lambda question, random, text: tuple(random.sample(list(SOURCES), random.randint(1, 3))),
    "countries": lambda question, random, text: tuple(random.sample(("KZ", "RU", "TR", "GM"), random.randint(1, 4))),
    "languages": lambda question, random, text: tuple(random.sample(("ru", "ky", "ar", "en"), random.randint(1, 3))),
    "ratification": lambda question, random, text: Ratification(
        status=random.choice(("ratified", "acceded", "succeeded", "signed", "none")), year=random.choice((None, 1999))
    ),
}


def make_value(question: Question, random: Random, text: str = "the words of a government") -> Value:
    """A random value of the question's type; open texts are `text`."""
    return _MAKERS[question.type](question, random, text)


def make_response(
    instrument: CompiledInstrument,
    seed: int,
    text: str = "the words of a government",
    filled: float = 0.9,
    states: tuple[int, int, int, int] = (20, 1, 1, 1),
) -> Response:
    """A random response. Each question of an answered indicator has a value with probability `filled`, on the path or off it.

    `states` weighs the states of an answer: values, not known, not applicable, absent.
    """
    random = Random(seed)
    answers: dict[str, Answer] = {}
    for indicator in instrument.source.indicators:
        state = random.choices(("values", "not_known", "not_applicable", "absent"), states)[0]
        if state == "values":
            answers[indicator.id] = Answer(
                values={q.id: make_value(q, random, text) for q in indicator.questions if random.random() < filled},
                detail=f"{text}." if random.random() < 0.3 else None,
                qualifier=f"{text}." if random.random() < 0.2 else None,
                sources=("law-one",) if random.random() < 0.2 else (),
            )
        elif state != "absent":
            answers[indicator.id] = Answer(**{state: "The reason."})
    return Response(
        country="KG",
        round=2018,
        date=PartialDate("2018-09"),
        instrument=instrument.id,
        sources=SOURCES,
        answers=answers,
    )


def closed_ids(instrument: CompiledInstrument) -> set[tuple[str, str]]:
    """Indicator and question ids of all closed questions."""
    return {
        (indicator.id, question.id)
        for indicator in instrument.source.indicators
        for question in indicator.questions
        if isinstance(question, ClosedQuestion)
    }
