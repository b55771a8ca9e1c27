"""What a page says was just done, by the key in its address: fixed texts, so that nobody can put words there."""

from collections.abc import Mapping


def translatable(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


DONE: Mapping[str, str] = {
    "language": translatable("The language was changed."),
    "signed-out": translatable("You are signed out."),
    "password": translatable("Your password was changed. Please sign in with the new one."),
    "own-password": translatable("Your password was changed. Your other sign-ins have ended."),
    "details": translatable("Your details were changed."),
    "accepted": translatable("The invitation is accepted. Please sign in with your e-mail and your new password."),
    "own-accepted": translatable("The invitation is accepted. Please sign in again to work in your new role."),
    "second-factor-removed": translatable("Your second factor is turned off. Your other sign-ins have ended."),
    "token-revoked": translatable("The token was revoked. It no longer works."),
    "sign-in-ended": translatable("The sign-in was ended."),
    "signed-out-everywhere": translatable("All your sign-ins were ended."),
    "commented": translatable("Your comment was added."),
    "replied": translatable("Your reply was added."),
    "resolved": translatable("The thread was marked as resolved. A reply opens it again."),
    "attached": translatable("The file was attached."),
    "file-public": translatable("The file may now be given to anyone."),
    "file-not-public": translatable("The file is no longer public."),
    "file-removed": translatable("The file was removed."),
    "asked": translatable("The ministry was asked."),
    "asked-no-longer": translatable("The ministry is asked no longer."),
    "ministry-done": translatable("Your ministry is done with this indicator. The focal point sees this."),
    "reminded": translatable("A reminder is on its way to the people of this ministry."),
    "ministry-added": translatable("The ministry was added."),
    "ministry-renamed": translatable("The ministry has its new name."),
    "proposed": translatable("Your proposal was sent to the focal point."),
    "proposal-withdrawn": translatable("The proposal was taken back."),
    "proposal-adopted": translatable("The proposal is the answer now."),
    "proposal-merged": translatable("The answer made of both was saved."),
    "proposal-declined": translatable("The proposal was declined. The ministry reads your reason."),
    "reviewed": translatable("The indicator is marked as read."),
    "all-reviewed": translatable("The indicator is marked as read. It was the last one that was waiting."),
    "unmarked": translatable("The mark was taken away."),
    "returned": translatable("The indicators were sent back to the government, with your reasons."),
    "approved": translatable("The draft is approved. The government is asked for its consent."),
    "published": translatable("The snapshot is published. Everyone can read it."),
    "erratum-opened": translatable("The correction has begun. What is public stays so until it is published."),
    "withdrawn": translatable("The snapshot was withdrawn. Your notice stands at its address."),
    "carried-over": translatable("The answers came over. Please confirm or change each of them."),
    "reworded": translatable("The wording was saved."),
    "rewording-removed": translatable("The sentence stands again as it is written from the answer."),
    "consented": translatable("Your consent is recorded. IOM was told."),
    "consent-declined": translatable("The text went back to IOM’s reviewers with your reason."),
    "source-added": translatable("The source was added."),
    "source-saved": translatable("The source was saved."),
    "source-removed": translatable("The source was taken off the list."),
    "answer-saved": translatable("The answer was saved."),
    "answer-saved-next": translatable("The answer was saved. This is the next indicator."),
    "answer-last": translatable("The answer was saved. It was the last indicator: here is what is still missing."),
    "answer-confirmed": translatable("The answer was confirmed for this round."),
    "answer-restored": translatable("The earlier version was saved again. It is the answer now."),
    "submitted": translatable("The answers were submitted. IOM’s reviewers get an e-mail."),
    "signed-off": translatable("You signed off the answers as they stand here."),
    "country-added": translatable("The country was added. Next, invite its focal point and open a round."),
    "round-opened": translatable("The round was opened. The focal points of the country can begin."),
    "account-disabled": translatable("The account was disabled. All its sign-ins ended."),
    "account-enabled": translatable("The account was enabled."),
    "second-factor-reset": translatable("The second factor was reset. Its owner is told, where mail is set up."),
    "email-changed": translatable("The e-mail address was changed. Both addresses are told, where mail is set up."),
    "invited": translatable("The invitation was sent by mail. Its link works once, for 72 hours."),
    "invitation-withdrawn": translatable("The invitation was withdrawn. Its link leads nowhere."),
    "role-ended": translatable("The role was ended."),
    "own-role-ended": translatable(
        "Your role was ended, and you were signed out. Please sign in again if you hold another."
    ),
    "handed-over": translatable("You handed your role over, and you were signed out. Thank you for your work."),
    "hand-over-prepared": translatable(
        "You hand over once the invitation is accepted. Until then you stay focal point."
    ),
}
