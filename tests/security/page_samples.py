"""A well-formed form for each page that takes one, field by field."""

from typing import Any

WORDS = "seven lanterns under water"
NEW_WORDS = "a heron stands in the reeds"
_PROOF = {"password": WORDS, "code": "{code}"}
_ANSWER = {"base": "{version}", "values.groups": "all", "note": "Seen."}
_MULTIPART = (
    b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a-new-file.txt"\r\nContent-Type: text/plain\r\n\r\n'
    b"Article 12 of the law, as amended.\r\n--cut--\r\n"
)
MULTIPART = {"content-type": "multipart/form-data; boundary=cut"}

FORMS: dict[str, Any] = {
    "/sign-in": {"email": "{email}", "password": WORDS},
    "/sign-in/code": {"code": "{code}"},
    "/sign-in/second-factor": _PROOF,
    "/sign-in/second-factor/confirm": {"code": "{pending_code}"},
    "/reset/ask": {"email": "{email}"},
    "/reset": {"token": "{reset_token}", "password": NEW_WORDS},
    "/invitation/look": {"token": "{invitation_token}"},
    "/invitation": {"token": "{invitation_token}", "name": "New One", "password": NEW_WORDS},
    "/account/details": {"name": "Another Name", "language": "en"},
    "/account/password": {"old_password": WORDS, "new_password": NEW_WORDS},
    "/account/second-factor/recovery-codes": _PROOF,
    "/account/second-factor/remove": _PROOF,
    "/account/tokens": {"name": "Export", "scope": "read", "country": "", "days": "7", "password": WORDS},
    "~/review/{indicator}": {"answer_version": "{submitted_version}"},
    "~/return": {"returned": "{indicator}", "reason.{indicator}": "Which article?", "step": "send"},
    "~/approve": {"agreed": "read", "fingerprint": "{approval}"},
    "~/erratum": {"reason": "A date is wrong."},
    "~/withdraw": {"notice": "A law was misread."},
    "/language": {"language": "en", "next": "/"},
    "~/indicators/{indicator}": _ANSWER,
    "~/indicators/{indicator}/confirm": {"base": "{version}"},
    "~/indicators/{indicator}/history": {"base": "{version}", "version": "1"},
    "~/indicators/{indicator}/comments": {"comment_text": "Which law?", "comment_audience": "shared"},
    "~/comments/{comment_id}/replies": {"reply": "That of 1993.", "reply_to": "{comment_id}"},
    "~/indicators/{indicator}/evidence": _MULTIPART,
    "~/evidence/{evidence_id}/public": {"public": "yes"},
    "~/indicators/{indicator}/assign": {"asked_ministry": "{ministry_id}"},
    "~/indicators/{indicator}/done": {"ministry": "{ministry_id}"},
    "~/indicators/{indicator}/contribution": {"values.groups": "all", "proposal_remark": "As in the law."},
    "~/contributions/{contribution_id}/adopt": {"base": "{version}"},
    "~/contributions/{contribution_id}/merge": {"base": "{version}", "values.groups": "all"},
    "~/contributions/{contribution_id}/decline": {"reason": "The law was repealed."},
    "~/reminders": {"ministry": "{ministry_id}"},
    "~/ministries/assign": {"indicators": "education-access", "ministry_id": "{ministry_id}"},
    "/countries/{code}/ministries": {"name": "the Ministry of Transport"},
    "/countries/{code}/ministries/{ministry_id}": {"name": "the Ministry of Transport"},
    "~/draft/sentences/{sentence_id}": {"text": "All children learn.", "base": "{edit_version}", "language": "en"},
    "~/draft/sentences/{sentence_id}/remove": {"base": "{edit_version}", "language": "en"},
    "~/consent": {"read": "yes", "fingerprint": "{consent}"},
    "~/consent/decline": {"reason": "Not yet."},
    "~/sources/new": {"title": "Law on External Migration", "kind": "law"},
    "~/sources/{source_id}": {"title": "Minutes of another meeting", "kind": "report", "base": "{source_version}"},
    "~/sources/{source_id}/remove": {"base": "{source_version}"},
    "~/sign-off": {"read": "yes", "sha256": "{sha256}"},
    "/administration/accounts/{account_id}/email": {"email": "another.address@example.org"},
    "/administration/countries": {"code": "KZ"},
    "/administration/invitations": {"email": "new.one@example.org", "name": "New One"},
    "/administration/rounds": {"country": "TJ", "round": "2026", "instrument": "mgi-2018"},
    "/countries/{code}/hand-over": {"to": "account:{heir_id}"},
    "/countries/{code}/invitations": {"email": "new.one@example.org", "name": "New One", "role": "focal_point"},
}
"""What is sent to an address, `~` as in the table of pages."""
