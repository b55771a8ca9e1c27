"""Which ministries are asked about an indicator, and what they proposed."""

from typing import NamedTuple

from app.assessments.assignments import Assigned, list_assignments
from app.assessments.contributions import Proposal, list_contributions
from app.people.ministries import list_ministries
from app.work import Work


class Asked(NamedTuple):
    """The ministries asked about an indicator. `ministries` are those that can be asked, pairs of id and name.

    `own` are the person's ministries that may still say they are done, by id.
    """

    assigned: list[Assigned]
    ministries: list[tuple[str, str]]
    may_assign: bool
    own: frozenset[str]


class Contributions(NamedTuple):
    """What was proposed for an indicator: what waits for a decision, and the rest. `own` are the person's ministries."""

    open: list[Proposal]
    earlier: list[Proposal]
    own: frozenset[str]
    may_decide: bool
    may_propose: bool


def ministries_asked(work: Work, indicator: str) -> Asked | None:
    """Who is asked, as far as the person may see it; None for those who do not work with ministries."""
    if not work.allows("see_assignments"):
        return None
    may_assign = work.allows("assign")
    found = [(ministry.id, ministry.name) for ministry in list_ministries(work)] if may_assign else []
    own = work.ministries if work.allows("finish_assignment") else frozenset[str]()
    assigned = [one for one in list_assignments(work) if one.indicator == indicator]
    return Asked(assigned, found, may_assign, own)


def contributions_to(work: Work, indicator: str) -> Contributions | None:
    """What was proposed, the latest first, as far as the person may see it; None for those who see no contributions."""
    if not work.allows("see_contributions"):
        return None
    found = list_contributions(work, indicator=indicator)[::-1]
    return Contributions(
        [one for one in found if one.state == "proposed"],
        [one for one in found if one.state != "proposed"],
        work.ministries,
        work.allows("decide_contribution"),
        work.allows("propose"),
    )
