"""Defects to be seeded into the service while it runs; each breaks a promise of the workflow that the machine watches."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from app.api import answers as answers_api
from app.api import reviews as reviews_api
from app.api import workflow as workflow_api
from app.assessments import (
    answers,
    approving,
    checking,
    contributions,
    edit_saving,
    publishing,
    reviewing,
    signing_off,
    source_saving,
    submitting,
    workflow,
)
from app.assessments.responses import live_response
from app.errors import NothingPublished
from app.models.documents import Draft
from app.work import Work
from scoring.snapshot import Snapshot

Mutant = Callable[[pytest.MonkeyPatch], None]


def _nothing(*_: Any, **__: Any) -> None:
    """Instead of what should be done."""


def an_edited_answer_does_not_void_the_approval(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(answers, "renew_after_edit", _nothing)


def an_edited_source_does_not_void_the_approval(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(source_saving, "renew_after_edit", _nothing)


def an_edited_sentence_does_not_void_the_approval(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(edit_saving, "renew_after_edit", _nothing)


def an_approval_takes_an_old_fingerprint(patch: pytest.MonkeyPatch) -> None:
    approve = approving.approve
    patch.setattr(workflow_api, "approve", lambda work, seen: approve(work, approving.find_approval(work).fingerprint))


def a_consent_takes_an_old_fingerprint(patch: pytest.MonkeyPatch) -> None:
    consent = approving.give_consent
    patch.setattr(
        workflow_api, "give_consent", lambda work, seen: consent(work, approving.approved_document(work).fingerprint)
    )


def a_sign_off_takes_an_old_hash(patch: pytest.MonkeyPatch) -> None:
    sign_off = signing_off.sign_off
    patch.setattr(workflow_api, "sign_off", lambda work, seen: sign_off(work, signing_off.find_sign_off(work).sha256))


def a_reviewer_sees_what_is_written_now(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(answers, "seen_response", live_response)


def a_return_forgets_an_indicator(patch: pytest.MonkeyPatch) -> None:
    given = reviewing.return_indicators

    def forgetful(work: Work, reasons: Iterable[tuple[str, str]]) -> list[reviewing.Returned]:
        return given(work, list(reasons)[:1])

    patch.setattr(reviews_api, "return_indicators", forgetful)


def a_submission_is_not_checked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(submitting, "missing_before_submission", lambda work: [])


def a_submission_needs_no_word_on_what_was_sent_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(checking, "unanswered_returns", lambda work: [])


def a_stale_rewording_does_not_stand_in_the_way(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(approving, "stale_edits", lambda work: [])


def it_is_published_without_consent(patch: pytest.MonkeyPatch) -> None:
    rule = workflow.ACTIONS["publish"]
    patch.setitem(workflow.ACTIONS, "publish", rule._replace(states=rule.states | {"approved"}))


def it_is_withdrawn_by_an_adviser(patch: pytest.MonkeyPatch) -> None:
    rule = workflow.ACTIONS["withdraw"]
    patch.setitem(workflow.ACTIONS, "withdraw", rule._replace(roles=rule.roles | {"adviser"}))


def a_declined_consent_leaves_the_state(patch: pytest.MonkeyPatch) -> None:
    patch.delitem(workflow.LEADS_TO, "consent_declined")


def a_withdrawn_page_stays(patch: pytest.MonkeyPatch) -> None:
    def withdraw(work: Work, notice: str) -> None:
        publication = publishing.last_publication(work)
        if publication is None or publication.withdrawn_at is not None:
            raise NothingPublished
        work.record("withdrawn", str(publication.number))

    patch.setattr(workflow_api, "withdraw", withdraw)


def who_submitted_approves(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(approving, "_check_independent", _nothing)


def a_stale_save_overwrites(patch: pytest.MonkeyPatch) -> None:
    save = answers.save_answer

    def overwrite(work: Work, indicator: str, data: Any, base: int) -> answers.SavedAnswer:
        history = answers.answer_history(work, indicator)
        return save(work, indicator, data, history[0].version if history else 0)

    patch.setattr(answers_api, "save_answer", overwrite)


def a_contribution_is_adopted_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(contributions, "_undecided", lambda work, key: contributions._find(work, key)[0])


def a_comment_leaves_no_event(patch: pytest.MonkeyPatch) -> None:
    record = Work.record

    def silent(work: Work, kind: str, subject: str = "", **more: Any) -> Any:
        return None if kind == "comment_written" else record(work, kind, subject, **more)

    patch.setattr(Work, "record", silent)


def something_else_is_published(patch: pytest.MonkeyPatch) -> None:
    approved = approving.approved_document

    def retitled(work: Work) -> Draft:
        draft = approved(work)
        text = Snapshot.model_validate_json(draft.document).model_copy(update={"title": "Another title"})
        return Draft(**draft.model_dump() | {"document": text.model_dump_json()})

    patch.setattr(publishing, "approved_document", retitled)


MUTANTS: tuple[Mutant, ...] = (
    an_edited_answer_does_not_void_the_approval,
    an_edited_sentence_does_not_void_the_approval,
    an_approval_takes_an_old_fingerprint,
    a_consent_takes_an_old_fingerprint,
    a_reviewer_sees_what_is_written_now,
    a_return_forgets_an_indicator,
    a_submission_is_not_checked,
    it_is_published_without_consent,
)
"""Tried in every test run."""
MORE_MUTANTS: tuple[Mutant, ...] = (
    an_edited_source_does_not_void_the_approval,
    a_sign_off_takes_an_old_hash,
    a_submission_needs_no_word_on_what_was_sent_back,
    a_stale_rewording_does_not_stand_in_the_way,
    it_is_withdrawn_by_an_adviser,
    a_declined_consent_leaves_the_state,
    a_withdrawn_page_stays,
    who_submitted_approves,
    a_stale_save_overwrites,
    a_contribution_is_adopted_twice,
    a_comment_leaves_no_event,
    something_else_is_published,
)
"""Tried with MGI_FULL=1."""
