"""What someone can do now on an assessment, by its state and their roles: one sentence, and where to do it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from app.assessments.assignments import list_assignments
from app.assessments.checking import missing_before_submission
from app.assessments.progress import DomainProgress, assess_progress
from app.assessments.responses import last_submission, live_response
from app.assessments.reviewing import unanswered_returns
from app.assessments.signing_off import find_sign_off
from app.assessments.workflow import ROLES
from app.web.done import translatable
from app.web.standing import is_open
from app.work import Work


class Step(NamedTuple):
    """What comes next. `plural` and `number` where the sentence counts; `waits`: it is this person whose turn it is.

    `place` is an address, or where it stands below the assessment's; none where there is nothing to do.
    """

    sentence: str
    link: str = ""
    place: str = ""
    waits: bool = False
    plural: str = ""
    number: int = 0


_PUBLIC = "/published/{country}/{round}"
_READ_PUBLIC = translatable("See the published snapshot")
_IN_REVIEW = translatable("IOM reads what was submitted. If something is to be changed, you will get an e-mail.")
_PUBLISHED = Step(translatable("The snapshot is published."), _READ_PUBLIC, _PUBLIC)
_WITHDRAWN = Step(translatable("The snapshot was withdrawn. A notice stands at its address."), "", "")
_BEING_ANSWERED = translatable("The government is giving its answers. You will see them once they are submitted.")
_NO_ANSWERS = translatable("Administrators see the stage and the dates, and no answers. There is nothing to do here.")

STEPS: Mapping[tuple[str, str], Step] = {
    ("collecting", "adviser"): Step(
        translatable("The government is giving its answers. You can read them, and write comments that IOM sees too."),
        translatable("Find an indicator"), "search",
    ),
    ("in_review", "focal_point"): Step(_IN_REVIEW, translatable("Read the draft of the snapshot"), "draft"),
    ("in_review", "contributor"): Step(_IN_REVIEW),
    ("in_review", "signatory"): Step(_IN_REVIEW, translatable("Read the draft of the snapshot"), "draft"),
    ("in_review", "reviewer"): Step(
        translatable("Ready for review: read each answer, then approve the draft or ask for changes."),
        translatable("Go to the review"), "review", waits=True,
    ),
    ("approved", "focal_point"): Step(
        translatable("Ready for your consent: IOM approved the draft. Nothing is published before you agree."),
        translatable("Read the text and decide"), "consent", waits=True,
    ),
    ("approved", "signatory"): Step(
        translatable("IOM approved the draft. The focal point decides whether it may be published."),
        translatable("Read the text"), "consent",
    ),
    ("approved", "contributor"): Step(translatable("IOM approved the draft. It waits for your government’s consent.")),
    ("approved", "reviewer"): Step(
        translatable("The draft is approved, and waits for the government’s consent."),
        translatable("Read the text"), "consent",
    ),
    ("consented", "focal_point"): Step(
        translatable("You gave consent. IOM publishes the snapshot next; until then you can take consent back."),
        translatable("Read the text"), "consent",
    ),
    ("consented", "signatory"): Step(
        translatable("The government gave its consent. IOM publishes the snapshot next."),
        translatable("Read the text"), "consent",
    ),
    ("consented", "contributor"): Step(translatable("The government gave its consent. IOM publishes the snapshot next.")),
    ("consented", "reviewer"): Step(
        translatable("Ready to be published: the government gave its consent."),
        translatable("Publish the snapshot"), "publish", waits=True,
    ),
}  # fmt: skip
"""What comes next where the state and the role alone decide it."""

_FOR_ALL: Mapping[str, Step] = {"published": _PUBLISHED, "withdrawn": _WITHDRAWN}
_NOTHING = Step(translatable("There is nothing for you to do at this stage."))


def next_step(work: Work) -> Step:
    """What this person can do next; of several roles, the one whose turn it is."""
    steps = [_step(work, role) for role in ROLES if role in work.roles]
    step = next((one for one in steps if one.waits), steps[0])
    return step._replace(place=_address(work, step.place) if step.place else "")


def _address(work: Work, place: str) -> str:
    if place.startswith("/"):
        return place.format(country=work.assessment.country, round=work.assessment.round)
    return f"/assessments/{work.assessment.id}/{place}"


def _step(work: Work, role: str) -> Step:
    if role == "administrator":
        return Step(_NO_ANSWERS)
    found = _LOOKED_UP.get((work.state, role))
    if found:
        return found(work)
    return STEPS.get((work.state, role)) or _FOR_ALL.get(work.state, _NOTHING)


def _collecting_for_focal_point(work: Work) -> Step:
    returned = len(unanswered_returns(work))
    if returned:
        return Step(
            translatable("IOM asks for changes in %(num)s indicator."),
            translatable("See what IOM asks"), "search?mark=returned", True,
            translatable("IOM asks for changes in %(num)s indicators."), returned,
        )  # fmt: skip
    if work.assessment.previous_id and not live_response(work).response.answers:
        sentence = translatable(
            "Begin with the answers of the last round: look at them, and take over what still holds."
        )
        return Step(sentence, translatable("See what can be taken over"), "carry-over", True)
    missing = missing_before_submission(work)
    if not missing:
        sentence = translatable("Ready to be submitted: everything is answered.")
        return Step(sentence, translatable("Check and submit"), "submit", True)
    if all(gap.kind == "sign_off" for gap in missing):
        sentence = translatable("Everything is answered. Before you can submit, the signatory signs off.")
        return Step(sentence, translatable("See the check"), "check")
    return _go_on(assess_progress(work))


def _go_on(domains: list[DomainProgress]) -> Step:
    first = next((one for domain in domains for one in domain.indicators if is_open(one)), None)
    if first is None:
        sentence = translatable("Something is still missing before you can submit.")
        return Step(sentence, translatable("See the check"), "check", True)
    begun = any(domain.answered for domain in domains)
    sentence = (
        translatable("Some indicators are not answered or confirmed yet.")
        if begun else translatable("Begin with the first indicator. You can stop at any time and go on later.")
    )  # fmt: skip
    link = translatable("Go to the first open indicator") if begun else translatable("Begin")
    return Step(sentence, link, f"indicators/{first.id}", True)


def _collecting_for_contributor(work: Work) -> Step:
    waiting = list(dict.fromkeys(one.indicator for one in list_assignments(work) if one.done_at is None))
    if "focal_point" in work.roles or not waiting:
        return Step(
            translatable("Nothing waits for your ministry at present. You will get an e-mail when you are asked.")
        )
    return Step(
        translatable("Your ministry is asked to contribute to %(num)s indicator."),
        translatable("Go to the first one"), f"indicators/{waiting[0]}", True,
        translatable("Your ministry is asked to contribute to %(num)s indicators."), len(waiting),
    )  # fmt: skip


def _collecting_for_signatory(work: Work) -> Step:
    if find_sign_off(work).valid:
        return Step(translatable("You signed off what stands there now. The focal point can submit it."))
    if any(gap.kind != "sign_off" for gap in missing_before_submission(work)):
        return Step(
            translatable("The answers are being collected. When everything is answered, they wait for your sign-off."),
            translatable("See what is still missing"), "check",
        )  # fmt: skip
    sentence = translatable("Ready for your sign-off: everything is answered.")
    return Step(sentence, translatable("Read and sign off"), "sign-off", True)


def _review_for_signatory(work: Work) -> Step:
    found = find_sign_off(work)
    if found.wanted and not found.valid:
        sentence = translatable("Something was changed after you signed off. IOM can approve once you sign off again.")
        return Step(sentence, translatable("Read and sign off"), "sign-off", True)
    return STEPS["in_review", "signatory"]


def _collecting_for_reviewer(work: Work) -> Step:
    if last_submission(work) is None:
        return Step(_BEING_ANSWERED)
    sentence = translatable("You asked for changes. The government works on them, and submits again.")
    return Step(sentence, translatable("See what was submitted"), "review")


_LOOKED_UP: Mapping[tuple[str, str], Callable[[Work], Step]] = {
    ("collecting", "focal_point"): _collecting_for_focal_point,
    ("collecting", "contributor"): _collecting_for_contributor,
    ("collecting", "signatory"): _collecting_for_signatory,
    ("collecting", "reviewer"): _collecting_for_reviewer,
    ("in_review", "signatory"): _review_for_signatory,
}
"""What comes next where one must look."""
