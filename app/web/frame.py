"""What every page inside an assessment shows around its content: where one is, and where one may go."""

from typing import NamedTuple

from app.assessments.summaries import may_do
from app.assessments.workflow import ACTIONS
from app.people.countries import country_name
from app.work import Work


class Frame(NamedTuple):
    """An assessment as its pages show it. `actions` are what the person may do now; `roles` those held in its country."""

    id: str
    country: str
    country_name: str
    round: int
    state: str
    roles: frozenset[str]
    actions: frozenset[str]

    @property
    def path(self) -> str:
        """Where its pages begin."""
        return f"/assessments/{self.id}"


def frame_of(work: Work) -> Frame:
    """The frame of the assessment that is worked on."""
    opened = work.assessment
    actions = frozenset(name for name in ACTIONS if may_do(work, name))
    return Frame(opened.id, opened.country, country_name(opened.country), opened.round, work.state, work.roles, actions)
