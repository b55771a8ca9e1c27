"""Who is written to at each step, and that letters carry a link and no text of the assessment."""

from sqlalchemy import update
from sqlmodel import col, select

from app.models.mail import OutboxLetter
from app.models.people import RoleGrant
from questionnaire.response import Response
from tests.app.people.inviting import with_mail
from tests.steps import approve, bring_to, consent, made, path, publish
from tests.world import World


def letters(world: World) -> dict[str, list[str]]:
    """Subject → who gets it; the letters are taken out."""
    with world.service.database.writing() as session:
        rows = session.exec(select(OutboxLetter).order_by(col(OutboxLetter.recipient))).all()
        found: dict[str, list[str]] = {}
        for row in rows:
            assert "/assessments/" in row.text or "/published/" in row.text
            assert "Which law" not in row.text
            found.setdefault(row.subject.partition(":")[2].partition(":")[0].strip(), []).append(
                row.recipient.partition("@")[0]
            )
            session.delete(row)
    return found


def test_each_step_is_told_to_those_whose_turn_it_is(world: World, response: Response) -> None:
    with_mail(world)
    bring_to(world, "in_review", response)
    assert letters(world) == {"Submitted": ["adviser_a", "reviewer", "second_focal_a", "second_reviewer"]}
    approve(world)
    assert letters(world) == {"Approved; your consent is wanted": ["focal_a", "second_focal_a"]}
    consent(world)
    assert letters(world) == {"Consent given": ["reviewer", "second_reviewer"]}
    publish(world)
    assert letters(world)["Published"] == [
        "adviser_a", "focal_a", "health_a", "labour_a", "second_focal_a", "second_reviewer", "signatory_a",
    ]  # fmt: skip


def test_the_focal_points_are_told_that_something_came_back_but_not_what(
    sqlite_world: World, response: Response
) -> None:
    with_mail(sqlite_world)
    bring_to(sqlite_world, "in_review", response)
    letters(sqlite_world)
    sent = {"indicators": [{"indicator": "health-access", "reason": "Which law?"}]}
    made(sqlite_world.as_("reviewer").post(path(sqlite_world, "return"), json=sent))
    assert letters(sqlite_world) == {"Returned for changes": ["focal_a", "second_focal_a"]}


def test_nobody_is_written_to_whose_role_has_ended(sqlite_world: World, response: Response) -> None:
    with_mail(sqlite_world)
    with sqlite_world.work("manage_accounts") as work:
        mine = col(RoleGrant.account_id) == sqlite_world.accounts["second_reviewer"]
        work.connection.execute(update(RoleGrant).where(mine).values(ended_at=work.now))
    bring_to(sqlite_world, "in_review", response)
    assert "second_reviewer" not in letters(sqlite_world)["Submitted"]


def test_a_step_that_is_refused_writes_no_letter(sqlite_world: World, response: Response) -> None:
    with_mail(sqlite_world)
    assert sqlite_world.as_("focal_a").post(path(sqlite_world, "submission")).status_code == 409
    assert letters(sqlite_world) == {}
