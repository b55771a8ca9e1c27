"""What the reviewers still have to read: each indicator of the last submission, with what became of it so far."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from app.assessments.instruments import instrument_of
from app.assessments.progress import DomainProgress, IndicatorProgress, assess_progress
from app.assessments.responses import last_submission, submitted_response
from app.assessments.reviewing import ReturnStatus, list_reviews
from app.models.people import Account
from app.work import Work
from questionnaire.response import Response

ReadingState = Literal["unread", "read", "again"]
"""`again`: an earlier version was read, and the answer was changed since."""

FILTERS = ("unread", "changed", "returned", "discussed")


class Item(NamedTuple):
    """An indicator in the queue. `changed`: its answer is another than in the submission before."""

    id: str
    number: str
    title: str
    state: str
    reading: ReadingState
    changed: bool
    returned: ReturnStatus | None
    discussed: bool

    def fits(self, show: str) -> bool:
        """Whether a filter lets it through."""
        kept = {
            "unread": self.reading != "read",
            "changed": self.changed or self.reading == "again",
            "returned": self.returned is not None,
            "discussed": self.discussed,
        }
        return kept.get(show, True)


class Section(NamedTuple):
    """A domain with the indicators that are asked in it; `read` of them are read as they stand."""

    number: int
    title: str
    items: tuple[Item, ...]

    @property
    def read(self) -> int:
        """How many are read."""
        return _read(self.items)

    def shown(self, show: str, domain: str) -> "Section":
        """The domain with what the filters let through."""
        wanted = domain in ("", str(self.number))
        return self._replace(items=tuple(item for item in self.items if wanted and item.fits(show)))


class Submitted(NamedTuple):
    """Who submitted last, and when."""

    number: int
    by: str | None
    at: datetime


class Queue(NamedTuple):
    """The domains of the last submission, and what was changed since the one before. `not_asked` need no reading."""

    submitted: Submitted
    sections: tuple[Section, ...]
    changed: tuple[Item, ...]
    not_asked: tuple[IndicatorProgress, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """All indicators that are asked, in the questionnaire's order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def read(self) -> int:
        """How many indicators are read."""
        return _read(self.items)

    @property
    def next(self) -> Item | None:
        """The next one to read: what was changed comes first."""
        return self.after("")

    def after(self, indicator: str) -> Item | None:
        """The next one to read after an indicator: what was changed first, then onwards from it, then from the beginning."""
        items, ids = self.items, [item.id for item in self.items]
        place = ids.index(indicator) + 1 if indicator in ids else 0
        order = (*self.changed, *items[place:], *items[:place])
        return next((item for item in order if item.reading != "read" and item.id != indicator), None)

    def beside(self, indicator: str) -> tuple[Item | None, Item | None]:
        """The indicators before and after one, in the questionnaire's order."""
        items, ids = self.items, [item.id for item in self.items]
        if indicator not in ids:
            return None, None
        place = ids.index(indicator)
        return items[place - 1] if place else None, items[place + 1] if place + 1 < len(items) else None


def _read(items: Iterable[Item]) -> int:
    return sum(item.reading == "read" for item in items)


def find_submitted(work: Work) -> Submitted | None:
    """The last submission; None before the first."""
    submission = last_submission(work)
    if submission is None:
        return None
    account = work.session.get(Account, submission.submitted_by)
    return Submitted(submission.number, account.name if account else None, submission.submitted_at)


def find_queue(work: Work) -> Queue | None:
    """What there is to read; None before the first submission."""
    submitted = find_submitted(work)
    if submitted is None:
        return None
    marks, changed = list_reviews(work), changed_since(work, submitted.number)
    readings: dict[str, ReadingState] = {mark.indicator: "read" if mark.current else "again" for mark in marks}
    domains = assess_progress(work)
    sections = tuple(_section(domain, readings, changed) for domain in domains)
    waiting = tuple(item for section in sections for item in section.items if item.changed)
    not_asked = tuple(one for domain in domains for one in domain.indicators if one.state == "not_asked")
    return Queue(submitted, sections, waiting, not_asked)


def _section(domain: DomainProgress, readings: dict[str, ReadingState], changed: frozenset[str]) -> Section:
    items = tuple(
        Item(
            one.id, one.number, one.title, one.state, readings.get(one.id, "unread"), one.id in changed, one.changes,
            one.open_thread,
        )
        for one in domain.indicators if one.state != "not_asked"
    )  # fmt: skip
    return Section(domain.number, domain.title, items)


def changed_since(work: Work, number: int) -> frozenset[str]:
    """The indicators whose answer is another in submission `number` than in the one before it; none in the first."""
    if number == 1:
        return frozenset()
    now, before = _versions(submitted_response(work).response), _versions(submitted_response(work, number - 1).response)
    return frozenset(name for name in instrument_of(work).indicators if now.get(name) != before.get(name))


def _versions(response: Response) -> dict[str, int]:
    return {indicator: answer.version for indicator, answer in response.answers.items()}
