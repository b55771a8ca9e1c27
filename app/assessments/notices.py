"""Letters about an assessment, to those who hold a role in its country."""

from collections.abc import Callable, Iterable

from sqlmodel import col, select

from app.assessments.instruments import instrument_of
from app.mail.letters import Written
from app.mail.outbox import queue_letter
from app.mail.smtp import Letter
from app.models.people import Account, RoleGrant
from app.work import Work


def send_notice(work: Work, roles: Iterable[str], letter: Callable[..., Written], *, link: str | None = None) -> None:
    """Write a letter to everyone else with one of the roles; `link` is the assessment's page if left out."""
    instrument = instrument_of(work)
    written = letter(
        country=instrument.countries[instrument.source.language][work.assessment.country].name,
        year=work.assessment.round,
        link=link or f"{work.service.settings.base_url.rstrip('/')}/assessments/{work.assessment.id}",
    )
    for address in _addresses(work, roles):
        queue_letter(work, Letter(address, written.subject, written.text))


def _addresses(work: Work, roles: Iterable[str]) -> list[str]:
    statement = (
        select(Account.email)
        .join(RoleGrant, col(RoleGrant.account_id) == col(Account.id))
        .where(
            col(RoleGrant.country) == work.assessment.country,
            col(RoleGrant.role).in_(sorted(roles)),
            col(RoleGrant.ended_at).is_(None),
            col(Account.disabled_at).is_(None),
            col(Account.id) != work.actor.id,
        )
        .distinct()
        .order_by(col(Account.email))
    )
    return list(work.session.exec(statement))
