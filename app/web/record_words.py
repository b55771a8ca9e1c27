"""What the record says in words, for every kind of event. No words tell an answer or a text."""

from collections.abc import Mapping
from typing import NamedTuple

from app.web.done import translatable


class EventWords(NamedTuple):
    """How an event is told: what happened, and to what. `about` has placeholders for names, years and versions."""

    happened: str
    about: str = ""


def _words(happened: str, about: str = "") -> EventWords:
    return EventWords(translatable(happened), about)


INDICATOR = translatable("%(indicator)s")
VERSION = translatable("%(indicator)s (version %(version)s)")
INDICATORS = translatable("%(indicators)s")
ASKED = translatable("%(ministry)s: %(indicators)s")
OF_MINISTRY = translatable("%(indicator)s (%(ministry)s)")
SOURCE = translatable("%(subject)s (version %(version)s)")
NUMBER = translatable("number %(subject)s")
SUBMISSION = translatable("submission %(subject)s")
PUBLICATION = translatable("publication %(subject)s")
ROUND = translatable("from %(round)s")
WHOM = translatable("%(whom)s")
ROLE = translatable("%(whom)s, %(role)s (%(country)s)")
TO = translatable("to %(whom)s (%(country)s)")
COUNTRY = translatable("%(country)s")
COUNTRY_ROUND = translatable("%(country)s %(round)s")

ASSESSMENT_EVENTS: Mapping[str, EventWords] = {
    "opened": _words("Round opened"),
    "answer_saved": _words("Answer saved", VERSION),
    "answer_carried": _words("Answer carried over from the last round", INDICATOR),
    "carried_over": _words("Answers carried over", ROUND),
    "source_saved": _words("Source saved", SOURCE),
    "source_removed": _words("Source removed", SOURCE),
    "evidence_added": _words("File added", INDICATOR),
    "evidence_changed": _words("File renamed, or made public or not", INDICATOR),
    "evidence_removed": _words("File removed", INDICATOR),
    "assigned": _words("Ministry asked to contribute", ASKED),
    "assignment_removed": _words("Ministry no longer asked to contribute", OF_MINISTRY),
    "assignment_finished": _words("Ministry finished its part", OF_MINISTRY),
    "reminded": _words("Ministry reminded", ASKED),
    "contribution_proposed": _words("Proposal made", OF_MINISTRY),
    "contribution_replaced": _words("Earlier proposal replaced", INDICATOR),
    "contribution_withdrawn": _words("Proposal taken back", INDICATOR),
    "contribution_adopted": _words("Proposal adopted", INDICATOR),
    "contribution_merged": _words("Proposal merged into the answer", INDICATOR),
    "contribution_declined": _words("Proposal declined", INDICATOR),
    "comment_written": _words("Comment written", INDICATOR),
    "comment_resolved": _words("Comment resolved", INDICATOR),
    "signed_off": _words("Answers signed off"),
    "submitted": _words("Submitted to IOM", SUBMISSION),
    "reviewed": _words("Marked as reviewed", VERSION),
    "review_unmarked": _words("No longer marked as reviewed", VERSION),
    "returned": _words("Sent back by IOM", INDICATORS),
    "sentence_edited": _words("Sentence of the draft reworded", VERSION),
    "sentence_edit_removed": _words("Rewording of a sentence taken back", INDICATOR),
    "draft_made": _words("Draft made", NUMBER),
    "approved": _words("Approved by IOM", SUBMISSION),
    "approval_voided": _words("Approval no longer valid, because something was changed"),
    "consented": _words("Consent to publication given"),
    "consent_declined": _words("Consent to publication declined"),
    "published": _words("Published", PUBLICATION),
    "corrected": _words("Correction published", PUBLICATION),
    "erratum_opened": _words("Published text taken up again for a correction"),
    "withdrawn": _words("Publication withdrawn"),
    "publication_withdrawn": _words("Publication withdrawn while answers are being changed"),
}
"""Events of an assessment."""

ACCOUNT_EVENTS: Mapping[str, EventWords] = {
    "signed_in": _words("Signed in"),
    "second_factor_shown": _words("Second factor shown"),
    "signed_out": _words("Signed out"),
    "session_ended": _words("One of the own sign-ins ended"),
    "account_changed": _words("Name or language changed"),
    "password_changed": _words("Password changed"),
    "password_reset_asked": _words("Link for a new password asked for", WHOM),
    "password_reset": _words("New password chosen by a link", WHOM),
    "second_factor_started": _words("Setting up a second factor begun"),
    "second_factor_set_up": _words("Second factor set up"),
    "second_factor_removed": _words("Second factor turned off"),
    "second_factor_reset": _words("Second factor reset by an administrator", WHOM),
    "recovery_codes_made": _words("New recovery codes made"),
    "token_made": _words("Token for a program made"),
    "token_revoked": _words("Token for a program revoked"),
    "email_changed": _words("E-mail address changed", WHOM),
    "account_disabled": _words("Account disabled", WHOM),
    "account_enabled": _words("Account enabled", WHOM),
    "invited": _words("Invited", ROLE),
    "invitation_cancelled": _words("Invitation withdrawn", WHOM),
    "invitation_accepted": _words("Invitation accepted", WHOM),
    "role_given": _words("Role given", ROLE),
    "role_ended": _words("Role ended", ROLE),
    "handed_over": _words("Role of focal point handed over", TO),
    "hand_over_prepared": _words("Handing over prepared", COUNTRY),
    "ministry_added": _words("Ministry added", COUNTRY),
    "ministry_renamed": _words("Ministry renamed", COUNTRY),
    "country_added": _words("Country added", COUNTRY),
    "round_opened": _words("Round opened", COUNTRY_ROUND),
    "checkpoint_written": _words("End of the record signed by the service"),
    "backup_restored": _words("Service restored from a backup"),
}
"""Events of accounts, roles, countries and rounds."""

EVENTS: Mapping[str, EventWords] = {**ASSESSMENT_EVENTS, **ACCOUNT_EVENTS}
UNKNOWN = _words("Something else was recorded")
"""For a kind that only a later release knows: a record can be read by an earlier one."""
