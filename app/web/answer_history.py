"""The versions of an answer as people read them: runs of saves by one person, each with what it changed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from app.assessments.answers import SavedAnswer, answer_history, check_visible, save_answer
from app.errors import NotFound
from app.web.answer_changes import Change, only_different, told_changes
from app.web.answer_words import Words, told_answer, with_removed_sources, words_of
from app.web.fields import Fields
from app.work import Work

TOGETHER = timedelta(minutes=10)
"""Saves by one person that follow each other within this time are one run."""
MOST_RUNS = 25


class Run(NamedTuple):
    """Saves by one person in a row, the last one first: what they changed together, and single saves to look into."""

    saves: tuple[SavedAnswer, ...]
    changes: list[Change]

    @property
    def last(self) -> SavedAnswer:
        """What the run ended with."""
        return self.saves[0]


class HistoryPage(NamedTuple):
    """The versions of an indicator's answer. `older` is the version from which the next page goes on, if there is more."""

    id: str
    number: str
    title: str
    version: int
    runs: list[Run]
    older: int | None
    may_save: bool


def history_page(work: Work, indicator: str, language: str, *, before: int | None = None) -> HistoryPage:
    """The last runs of saves, or those before a version. `NotFound` for an indicator not theirs."""
    check_visible(work, indicator)
    history = answer_history(work, indicator)
    words = with_removed_sources(work, words_of(work, language), [saved.answer for saved in history])
    found = words.indicator(indicator)
    shown = [saved for saved in history if before is None or saved.version < before]
    folded = fold(shown)
    runs = [_run(words, indicator, saves, history) for saves in folded[:MOST_RUNS]]
    older = runs[-1].saves[-1].version if len(folded) > MOST_RUNS else None
    version = history[0].version if history else 0
    return HistoryPage(indicator, found.number, found.title, version, runs, older, work.allows("save_answer"))


def fold(history: Sequence[SavedAnswer]) -> list[list[SavedAnswer]]:
    """Versions, the last one first, in runs of one person; carried answers stand alone."""
    runs: list[list[SavedAnswer]] = []
    for saved in history:
        if runs and _together(runs[-1][-1], saved):
            runs[-1].append(saved)
        else:
            runs.append([saved])
    return runs


def _together(later: SavedAnswer, earlier: SavedAnswer) -> bool:
    if later.saved_at is None or earlier.saved_at is None or earlier.carried_from is not None:
        return False
    return later.saved_by == earlier.saved_by and later.saved_at - earlier.saved_at <= TOGETHER


def _run(words: Words, indicator: str, saves: Sequence[SavedAnswer], history: Sequence[SavedAnswer]) -> Run:
    """The saves with what they changed of the version before them."""
    earlier = [saved for saved in history if saved.version < saves[-1].version]
    before = told_answer(words, indicator, earlier[0].answer if earlier else {})
    after = told_answer(words, indicator, saves[0].answer)
    return Run(tuple(saves), only_different(told_changes(before, after)))


def save_again(work: Work, indicator: str, fields: Fields) -> SavedAnswer:
    """Put the version named in a form on top of the others. `NotFound` if there is none; `Stale` if another came first."""
    wanted = fields.one("version")
    for saved in answer_history(work, indicator):
        if str(saved.version) == wanted:
            return save_answer(work, indicator, saved.answer, fields.base())
    raise NotFound
