"""The words of the service as people read them: states, roles and other names that programs write with underscores."""

from collections.abc import Mapping

from app.web.done import translatable

WORDS: Mapping[str, str] = {
    "collecting": translatable("Being answered"),
    "in_review": translatable("In review at IOM"),
    "approved": translatable("Approved, awaiting consent"),
    "consented": translatable("Consent given, awaiting publication"),
    "published": translatable("Published"),
    "withdrawn": translatable("Withdrawn"),
    "focal_point": translatable("Focal point"),
    "contributor": translatable("Contributor"),
    "signatory": translatable("Signatory"),
    "adviser": translatable("Adviser"),
    "reviewer": translatable("Reviewer"),
    "administrator": translatable("Administrator"),
    "answered": translatable("Answered"),
    "incomplete": translatable("Started, not complete"),
    "not_answered": translatable("Not answered"),
    "not_known": translatable("Not known"),
    "not_applicable": translatable("Not applicable"),
    "not_asked": translatable("Not asked"),
    "well_developed": translatable("Well-developed area"),
    "potential": translatable("Area with potential for further development"),
    "government": translatable("Among the government"),
    "shared": translatable("With IOM"),
    "internal": translatable("Internal to IOM"),
    "proposed": translatable("Waiting for a decision"),
    "replaced": translatable("Replaced by a later one"),
    "adopted": translatable("Adopted"),
    "merged": translatable("Merged into the answer"),
    "declined": translatable("Declined"),
    "row": translatable("In the table of conventions"),
}
