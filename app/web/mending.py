"""What a page says of a field that is at fault: which field it is, and what to enter where nothing was entered."""

from collections.abc import Mapping

from app.web.done import translatable

_EMPTY = frozenset({"This should not be empty", "This is missing"})
ENTER: Mapping[str, str] = {
    "email": translatable("Enter an e-mail address"),
    "password": translatable("Enter a password"),
    "old_password": translatable("Enter your password as it is now"),
    "new_password": translatable("Enter a new password"),
    "code": translatable("Enter a code"),
    "name": translatable("Enter a name"),
    "title": translatable("Enter a title"),
    "kind": translatable("Choose a kind"),
    "reason": translatable("Enter a reason"),
    "text": translatable("Enter the text"),
    "erratum": translatable("Say what is corrected"),
    "notice": translatable("Enter the notice"),
    "days": translatable("Enter a number of days"),
    "not_known": translatable("Say why it is not known"),
    "not_applicable": translatable("Say why it does not apply"),
    "round": translatable("Enter the year of the round"),
    "country": translatable("Choose a country"),
    "instrument": translatable("Choose a questionnaire"),
    "language": translatable("Choose a language"),
    "ministry_id": translatable("Choose a ministry"),
    "role": translatable("Choose a role"),
    "scope": translatable("Choose what it may do"),
    "comment_text": translatable("Enter a comment"),
    "comment_audience": translatable("Choose who reads it"),
    "reply": translatable("Enter a reply"),
    "asked_ministry": translatable("Choose a ministry"),
    "to": translatable("Choose who takes over"),
}
OTHERWISE = translatable("Fill in this field")
LABELS: Mapping[str, str] = {
    "qualifier": translatable("Qualifier"),
    "detail": translatable("Detail"),
    "note": translatable("Note"),
    "sources": translatable("Further sources"),
    "not_known": translatable("It is not known, because"),
    "not_applicable": translatable("It does not apply, because"),
    "title": translatable("Title"),
    "kind": translatable("Kind"),
    "date": translatable("Date"),
    "url": translatable("Web address"),
    "in_text": translatable("Name inside a sentence"),
    "email": translatable("E-mail"),
    "password": translatable("Password"),
    "old_password": translatable("Your password as it is now"),
    "new_password": translatable("New password"),
    "code": translatable("Code"),
    "name": translatable("Name"),
    "reason": translatable("Reason"),
    "erratum": translatable("What is corrected"),
    "notice": translatable("Notice to the public"),
    "text": translatable("Text for the snapshot"),
    "days": translatable("How many days it holds"),
    "round": translatable("Year of the round"),
    "comment_text": translatable("Comment"),
    "reply": translatable("Reply"),
    "asked_remark": translatable("What the ministry should know"),
    "remark": translatable("What the ministry should know"),
    "proposal_remark": translatable("To the focal point"),
    "asked_due": translatable("Due on"),
    "due": translatable("Due on"),
    "since": translatable("From"),
    "until": translatable("To"),
}
"""How fields are called in the summary of errors, where the field itself is not in sight."""


def mended(name: str, message: str) -> str:
    """The message for a field; one that was left empty is told what to enter.

    >>> mended("new.law.title", "this should not be empty"), mended("round", "this should be at least 2015")
    ('Enter a title', 'This should be at least 2015')
    """
    told = message[:1].upper() + message[1:]
    return ENTER.get(_last(name), OTHERWISE) if told in _EMPTY else told


def label(name: str, message: str) -> str:
    """How the field is called if the message does not tell by itself which one it is; otherwise nothing.

    >>> label("qualifier", "This should be at most 300"), label("title", "Enter a title")
    ('Qualifier', '')
    """
    return called(name) if message.startswith(("This ", "Please end ")) else ""


def called(name: str) -> str:
    """How the field is called; nothing if it is none into which people write.

    >>> called("reason.health-access"), called("base")
    ('Reason', '')
    """
    return LABELS.get(_last(name), "")


def _last(name: str) -> str:
    """The field's own name; a reason for an indicator, `reason.health-access`, is a reason."""
    return "reason" if name.startswith("reason.") else name.rpartition(".")[2]
