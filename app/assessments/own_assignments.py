"""What is assigned to the ministries for which a person contributes."""

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.models.assessments import Assignment
from app.work import Work


def own_indicators(work: Work) -> SelectOfScalar[str]:
    """The statement that finds the indicators assigned to the person's ministries."""
    return select(col(Assignment.indicator)).where(
        col(Assignment.assessment_id) == work.assessment.id, col(Assignment.ministry_id).in_(sorted(work.ministries))
    )


def own_ministries(work: Work, indicator: str) -> list[str]:
    """The person's ministries that an indicator is assigned to, by id."""
    statement = select(Assignment.ministry_id).where(
        col(Assignment.assessment_id) == work.assessment.id,
        col(Assignment.indicator) == indicator,
        col(Assignment.ministry_id).in_(sorted(work.ministries)),
    )
    return sorted(work.session.exec(statement))
