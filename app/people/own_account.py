"""One's own account: how one is named, and the language of the pages."""

from typing import Literal

from app.models.people import Account
from app.people.sessions import own_account
from app.work import Work

Language = Literal["en", "fr", "es", "ru", "ar"]


def find_own(work: Work) -> Account:
    """The account of whoever calls; a token's is that of its maker."""
    return work.session.get_one(Account, work.actor.id)


def change_own(work: Work, *, name: str | None, language: Language | None) -> Account:
    """Change what is given, and leave the rest. The e-mail is changed by administrators alone."""
    account = own_account(work)
    account.name = name or account.name
    account.language = language or account.language
    work.session.flush()
    changed = [field for field, given in (("name", name), ("language", language)) if given]
    work.record("account_changed", account.id, fields=changed)
    return account
