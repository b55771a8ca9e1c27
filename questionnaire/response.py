"""What a government has answered: one answer per indicator, and the sources that they rest on."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import ConfigDict, Field, StrictBool, StringConstraints

from questionnaire.dates import PartialDate
from questionnaire.model import IndicatorId, Part, Question, RatificationStatus
from questionnaire.text import Phrase, Prose, Rule, Sentences, Written

LINE_LENGTH = 1000
SOURCE_ID_LENGTH = 80
SOURCE_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"

_WEB_ADDRESS = Rule(
    r'^\s*https?://[A-Za-z0-9.\-_~%\[\]:]+([/?#][^\s<>"{}|\\^`]*)?\s*$',
    "this should be a web address that begins with http:// or https:// and has no spaces",
)
_IN_WORDS = Rule(
    r"^(?!\s*([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Xx])\s*$)",
    "please give the reason in words; it is read by the reviewer",
)

Reason = Annotated[str, Written(LINE_LENGTH, (_IN_WORDS,))]
Url = Annotated[str, Written(LINE_LENGTH, (_WEB_ADDRESS,))]
SourceId = Annotated[str, StringConstraints(pattern=SOURCE_ID, max_length=SOURCE_ID_LENGTH)]


class Source(Part):
    """The law, policy, agreement, body, statistic, report or expert that an answer rests on."""

    title: Phrase
    in_text: Phrase | None = Field(None, description="The name as it stands inside a sentence; the title if left out.")
    kind: str
    url: Url | None = None
    date: PartialDate | None = None
    public: StrictBool | None = Field(None, description="Whether it may be named; as its kind says if left out.")


class Ratification(Part):
    """Whether a country is bound by a convention, since when, and with which reservations."""

    status: RatificationStatus
    year: Annotated[int, Field(strict=True, ge=1900, le=2100)] | None = None
    reservations: Sentences | None = None


Value = str | int | tuple[str, ...] | Ratification
"""An option id; a year or number; option ids, source ids or codes; a ratification. Which one, the question's type says."""


class Answer(Part):
    """One indicator's answer: values, or a reason why there are none.

    `values` are keyed by question id and hold only what was given. `version` counts the saves of this answer.
    """

    values: dict[str, Value] = Field(default_factory=dict)
    not_known: Reason | None = None
    not_applicable: Reason | None = None
    qualifier: Sentences | None = None
    detail: Sentences | None = None
    sources: tuple[str, ...] = ()
    note: Prose | None = None
    version: int = Field(1, strict=True, ge=1)


def named_sources(questions: Iterable[Question], answer: Answer) -> Iterator[str]:
    """The ids of the sources that an answer rests on: those given to these questions, then its further ones."""
    for question in questions:
        value = answer.values.get(question.id)
        if question.type in ("source", "sources"):
            yield from (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
    yield from answer.sources


class Response(Part):
    """A country's answers to one instrument in one round. `country` is an ISO 3166 code, `round` a year."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    country: str
    round: Annotated[int, Field(strict=True, ge=2015, le=2100)]
    date: PartialDate
    instrument: str
    sources: dict[SourceId, Source] = Field(default_factory=dict)
    answers: dict[IndicatorId, Answer] = Field(default_factory=dict)
