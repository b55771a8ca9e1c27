"""Letters to people about their accounts and roles, and the words in them."""

from app.mail.letters import Written
from app.mail.outbox import queue_letter
from app.mail.smtp import Letter
from app.people.countries import country_name
from app.people.links import page_address
from app.work import Work

COMMAND_LINE = "The administrator of the service"


def tell(work: Work, email: str, written: Written) -> None:
    """Put a letter into the outbox, in this transaction."""
    queue_letter(work, Letter(email, written.subject, written.text))


def doer(work: Work) -> str:
    """The name of who acts, as letters tell it; on the command line nobody is signed in."""
    return work.person.name if work.person else COMMAND_LINE


def role_words(role: str) -> str:
    """A role as letters tell it: `focal point`."""
    return role.replace("_", " ")


def country_words(code: str | None) -> str | None:
    """A role's country as letters tell it; None for a role that holds in none."""
    return country_name(code) if code else None


def service_address(work: Work) -> str:
    """Where people sign in."""
    return page_address(work.service, "")
