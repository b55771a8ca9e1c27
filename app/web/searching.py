"""Finding an indicator by words, state and what goes on around it."""

import unicodedata
from itertools import groupby
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Query, Response

from app.api.calls import Call, Id, may
from app.assessments.instruments import instrument_of
from app.assessments.progress import IndicatorProgress, IndicatorState, assess_progress
from app.web.early import draw_early, is_early
from app.web.frame import frame_of
from app.web.rendering import draw
from app.web.standing import MARKS, STATE_KINDS, Mark, marks_of
from app.work import Work
from questionnaire.model import Domain, Indicator

router = APIRouter(include_in_schema=False)

MarkName = Literal["returned", "late", "proposal", "carried", "asked", "changed", "comment"]


class Asked(NamedTuple):
    """What is looked for; empty where it does not matter."""

    words: str
    state: str
    mark: str
    domain: int | None


class Found(NamedTuple):
    """An indicator that fits. `question` is one whose text holds the words, where title and number do not."""

    standing: IndicatorProgress
    marks: list[Mark]
    domain: str
    question: str


@router.get("/assessments/{assessment_id}/search")
def show_search(
    call: Annotated[Call, may("see_answers")],
    assessment_id: Id,
    q: Annotated[str, Query(max_length=200)] = "",
    state: IndicatorState | Literal[""] = "",
    mark: MarkName | Literal[""] = "",
    domain: Annotated[str, Query(pattern="^[1-9]?$")] = "",
) -> Response:
    """Indicators by number, title, domain and the texts of their questions; all on one page."""
    asked = Asked(_plain_line(q), state, mark, int(domain) if domain else None)
    with call.on_assessment(assessment_id) as work:
        frame = frame_of(work)
        if is_early(work):
            return draw_early(call, frame)
        found = find_indicators(work, asked)
        domains = [(one.number, one.title) for one in instrument_of(work).source.domains]
    return draw(
        call, "search.html", frame=frame, asked=asked, number=len(found), domains=domains, kinds=STATE_KINDS,
        groups=[(title, list(group)) for title, group in groupby(found, key=lambda one: one.domain)],
        marks_there_are={name: text for name, (text, _) in MARKS.items()},
    )  # fmt: skip


def find_indicators(work: Work, asked: Asked) -> list[Found]:
    """The indicators that the person may see and that fit, in the instrument's order."""
    parts = {one.number: one for one in instrument_of(work).source.domains}
    words = _folded(asked.words).split()
    found = []
    for domain in assess_progress(work):
        for standing in domain.indicators if asked.domain in (None, domain.number) else ():
            marks = marks_of(standing)
            question = _fitting(parts[domain.number], instrument_of(work).indicators[standing.id], words)
            if question is not None and _chosen(asked, standing, marks):
                found.append(Found(standing, marks, domain.title, question))
    return found


def _chosen(asked: Asked, standing: IndicatorProgress, marks: list[Mark]) -> bool:
    """Whether an indicator is one of those that the filters ask for."""
    return asked.state in ("", standing.state) and (not asked.mark or asked.mark in {one.name for one in marks})


def _fitting(domain: Domain, indicator: Indicator, words: list[str]) -> str | None:
    """A question that holds the words, "" where the rest of the indicator does; None where they are not all there."""
    subdomain = next(part.title for part in domain.subdomains if indicator in part.indicators)
    head = _folded(" ".join((indicator.number, indicator.title, subdomain, domain.title)))
    left = [word for word in words if word not in head]
    if not left:
        return ""
    texts = [question.text for question in indicator.questions]
    if not all(word in _folded(" ".join(texts)) for word in left):
        return None
    return next(text for text in texts if left[0] in _folded(text))


def _folded(text: str) -> str:
    """A text by which words are found: small letters, without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _plain_line(text: str) -> str:
    """What was typed, without characters that nobody can see."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
