"""Where an indicator stands, in words: its state and what goes on around it, as tags on pages and as filters of lists."""

from collections.abc import Mapping
from typing import NamedTuple

from app.assessments.progress import IndicatorProgress
from app.web.done import translatable

STATE_KINDS: Mapping[str, str] = {
    "answered": "ok",
    "not_known": "ok",
    "not_applicable": "ok",
    "incomplete": "warn",
    "not_answered": "neutral",
    "not_asked": "neutral",
}
"""How a state is coloured."""

MARKS: Mapping[str, tuple[str, str]] = {
    "returned": (translatable("IOM asks for changes"), "attention"),
    "late": (translatable("Late"), "attention"),
    "proposal": (translatable("Proposal waiting"), "warn"),
    "carried": (translatable("To be confirmed"), "warn"),
    "asked": (translatable("A ministry is asked"), "info"),
    "changed": (translatable("Changed since IOM asked"), "info"),
    "comment": (translatable("Open comment"), "info"),
}
"""What goes on around an indicator: the words and the colour, what is most pressing first."""


class Mark(NamedTuple):
    """A tag. `since` is the round of an answer that was carried over."""

    name: str
    text: str
    kind: str
    since: int | None = None


def marks_of(indicator: IndicatorProgress) -> list[Mark]:
    """The tags of an indicator beside its state."""
    holds = {
        "returned": indicator.changes == "changes_requested",
        "late": indicator.overdue,
        "proposal": indicator.open_contribution,
        "carried": indicator.carried_from is not None,
        "asked": indicator.assigned,
        "changed": indicator.changes == "changed",
        "comment": indicator.open_thread,
    }
    return [
        Mark(name, text, kind, indicator.carried_from if name == "carried" else None)
        for name, (text, kind) in MARKS.items()
        if holds[name]
    ]


def is_open(indicator: IndicatorProgress) -> bool:
    """Whether something is still to be answered or confirmed here."""
    return indicator.state in ("not_answered", "incomplete") or indicator.carried_from is not None
