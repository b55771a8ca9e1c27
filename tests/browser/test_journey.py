"""The whole story on the pages, from a new country to its next round, as each person lives it: with a script and without."""

import re
from collections.abc import Iterator

import pytest

from questionnaire.response import Response
from tests.browser.collecting import (
    DIASPORA,
    DISCRIMINATION,
    GEORGIA,
    HEALTH,
    Cast,
    a_country_is_added_and_a_round_opened,
    a_team_comes_together,
    contributors_propose,
    it_is_signed_off_and_submitted,
    ministries_are_asked,
    one_indicator_is_answered_by_hand,
    the_check_lists_what_is_missing,
    the_focal_point_declines_merges_and_adopts,
    the_focal_point_submits,
    the_reviewer_arrives,
    the_signatory_signs,
    two_people_write_one_answer,
)
from tests.browser.story import Story, a_comment_is_written
from tests.browser.windows import Windows
from tests.world import World

NEXT = "Georgia 2028"
REASONS = {
    "1.01": "Which article of the law says so?",
    "1.05": "Could the Ombudsman's office know more?",
    "2.03": "Is there really no such body?",
}
REWORDED = "Everyone who resides legally in the country has access to health care like its nationals."
CORRECTED = "Everyone who resides legally in the country has access to public health care like its nationals."


def the_reviewer_reads_and_comments(cast: Cast) -> None:
    ruth = cast.ruth
    ruth.open_assessment(GEORGIA)
    ruth.follow("Go to the review")
    ruth.be_at("Review")
    ruth.follow(HEALTH)
    ruth.read("All migrants with legal residence", "Law on Health Protection", "The ministry was asked.")
    a_comment_is_written(ruth, "With IOM", "Which article is it?")
    a_comment_is_written(ruth, "Internal to IOM", "The mission in Tbilisi doubts this.")
    ruth.press("Mark as read and go on")
    ruth.read("The indicator is marked as read.")
    ruth.go("Review")
    ruth.read("1 of")


def three_indicators_are_sent_back(cast: Cast) -> None:
    ruth = cast.ruth
    ruth.follow("Ask the government for changes")
    for title in (HEALTH, DISCRIMINATION, DIASPORA):
        ruth.tick(re.compile(re.escape(title)))
    ruth.press("Go on to the reasons")
    ruth.read("The mission in Tbilisi doubts this.")
    ruth.press("See what the government will get")
    ruth.read("There is a problem")
    for number, reason in REASONS.items():
        ruth.fill(f"Reason for {number}", reason)
    ruth.press("See what the government will get")
    ruth.read(*REASONS.values())
    ruth.miss("The mission in Tbilisi doubts this.")
    ruth.press("Send back")
    ruth.read("The indicators were sent back to the government, with your reasons.")


def the_focal_point_sees_what_is_asked_and_answers(cast: Cast) -> None:
    """Two answers are changed; the third stays, and a comment says why. Nothing new reaches IOM before it is submitted."""
    ana, ruth = cast.ana, cast.ruth
    cast.story.later(ana, ruth, cast.vera, days=2)
    ana.open_assessment(GEORGIA)
    ana.read("IOM asks for changes in 3 indicators.")
    ana.follow("See what IOM asks")
    ana.read("3 indicators", HEALTH, DISCRIMINATION, DIASPORA)
    ana.follow(HEALTH)
    ana.read("IOM asks for changes", REASONS["1.01"], "Which article is it?")
    ana.miss("The mission in Tbilisi doubts this.")
    ana.fill("Detail", "Article 12 says so.")
    ana.press("Save")
    ana.read("IOM asked for changes; the answer was changed since")
    ana.open(f"{cast.assessment}/indicators/anti-discrimination")
    ana.fill("Qualifier", "The law is in force from 2028 on.")
    ana.press("Save")
    ana.go("Check")
    ana.read(DIASPORA)
    ana.follow(DIASPORA)
    a_comment_is_written(ana, "With IOM", "Yes: the chancellery looked into it again.")
    ruth.open(f"{cast.assessment}/review/health-access")
    ruth.miss("Article 12")
    the_signatory_signs(cast)
    the_focal_point_submits(cast)


def the_reviewer_rewords_and_approves(cast: Cast) -> None:
    ruth = cast.ruth
    ruth.open_assessment(GEORGIA)
    ruth.follow("Go to the review")
    ruth.follow(HEALTH, ruth.panel("New in this submission"))
    ruth.read("The answer was changed since.", "Article 12 says so.")
    ruth.follow("Why it says so, and reword it")
    ruth.read("Law on Health Protection")
    ruth.fill("Text for the snapshot", REWORDED)
    ruth.press("Save this wording")
    ruth.read("The wording was saved.", REWORDED)
    the_reviewer_approves(cast)


def the_reviewer_approves(cast: Cast) -> None:
    ruth = cast.ruth
    ruth.open(f"{cast.assessment}/review")
    ruth.follow("Approve the draft")
    ruth.tick("I have read the draft, and approve it as it stands.")
    ruth.press("Approve")
    ruth.read("The draft is approved. The government is asked for its consent.")


def an_edit_voids_the_approval(cast: Cast) -> None:
    """The page warns of it. The reworded sentence has to be looked at again, since the answer under it changed."""
    ana, ruth = cast.ana, cast.ruth
    ana.open(f"{cast.assessment}/indicators/health-access")
    ana.read("A change saved here takes back the approval and the consent")
    ana.fill("Detail", "Article 12 says so, as amended.")
    ana.press("Save")
    ana.read("The answer was saved.")
    ana.read("In review at IOM", within=ana.page.locator("body"))
    the_signatory_signs(cast)
    ruth.open(f"{cast.assessment}/approve")
    ruth.read("This stands in the way of an approval", HEALTH)
    ruth.open(f"{cast.assessment}/draft")
    ruth.follow("See all reworded sentences")
    ruth.read("The answer has changed", REWORDED)
    ruth.press("Keep the reworded text")
    the_reviewer_approves(cast)


def consent_is_declined_then_given(cast: Cast) -> None:
    ana, ruth = cast.ana, cast.ruth
    ana.open_assessment(GEORGIA)
    ana.read("Ready for your consent")
    ana.follow("Read the text and decide")
    ana.read(REWORDED, "Article 12 says so, as amended.", "The law is in force from 2028 on.")
    ana.follow("Decline, with a reason")
    ana.fill("The reason", "The minister wants to read it first.")
    ana.press("Decline consent")
    ana.read("The text went back to IOM’s reviewers with your reason.")
    ruth.open_assessment(GEORGIA)
    ruth.read("The government declined its consent", "The minister wants to read it first.")
    the_reviewer_approves(cast)
    the_focal_point_consents(cast)


def the_focal_point_consents(cast: Cast) -> None:
    ana = cast.ana
    ana.open(f"{cast.assessment}/consent")
    ana.press("Give consent")
    ana.read("There is a problem")
    ana.tick("I have read this text, and I consent to its publication")
    ana.press("Give consent")
    ana.read("Your consent is recorded. IOM was told.")


def it_is_published_and_anyone_reads_it(cast: Cast) -> None:
    ruth, anyone = cast.ruth, cast.anyone
    anyone.open("/published")
    anyone.read("Nothing is published yet.")
    ruth.open_assessment(GEORGIA)
    ruth.follow("Publish the snapshot")
    ruth.press("Publish")
    ruth.read("The snapshot is published. Everyone can read it.")
    anyone.open("/")
    anyone.follow(GEORGIA)
    anyone.read(REWORDED, "Article 12 says so, as amended.", "Law on Equal Treatment")
    anyone.miss("The ministry was asked.", "The mission in Tbilisi doubts this.", "equal-treatment.txt", "Ana Beridze")


def an_error_is_corrected(cast: Cast) -> None:
    """The earlier text stays public until the corrected one is consented to and published."""
    ana, ruth, anyone = cast.ana, cast.ruth, cast.anyone
    cast.story.later(ana, ruth, days=30)
    ruth.open_assessment(GEORGIA)
    ruth.follow("Begin a correction")
    ruth.fill("Why should it be corrected?", "Private care was meant to be left out.")
    ruth.press("Begin the correction")
    ruth.read("The correction has begun.")
    ruth.open(f"{cast.assessment}/draft/sentences/health-access.finding")
    ruth.fill("Text for the snapshot", CORRECTED)
    ruth.press("Save this wording")
    ruth.read("The wording was saved.")
    the_reviewer_approves(cast)
    the_focal_point_consents(cast)
    anyone.open("/published/GE/2027")
    anyone.read(REWORDED)
    ruth.open(f"{cast.assessment}/publish")
    ruth.fill("What is corrected?", "The sentence on health care speaks of public care alone.")
    ruth.press("Publish")
    anyone.open("/published/GE/2027")
    anyone.read(CORRECTED, "The sentence on health care speaks of public care alone.")
    anyone.miss(REWORDED, "Private care was meant to be left out.")


def a_year_later_the_next_round_starts_from_the_last(cast: Cast) -> None:
    """The answers come over, and each is confirmed or changed before it is submitted."""
    ana, astrid = cast.ana, cast.administrator
    cast.story.later(ana, astrid, days=365)
    astrid.open("/administration/rounds/new")
    astrid.select("Country", "Georgia")
    astrid.fill("Year of the round", "2028")
    astrid.press("Open the round")
    astrid.read("The round was opened.")
    ana.open_assessment(NEXT)
    ana.read("Begin with the answers of the last round")
    ana.follow("See what can be taken over")
    ana.press("Carry the answers over")
    ana.read("The answers came over. Please confirm or change each of them.")
    ana.open_assessment(NEXT)
    ana.go("Find an indicator")
    ana.follow(HEALTH)
    ana.read("This answer was carried over from 2027.")
    ana.press("Confirm this answer")
    ana.read("The answer was confirmed for this round.")
    ana.go("Check")
    ana.read(DISCRIMINATION)
    ana.miss(HEALTH)


def what_was_published_is_withdrawn(cast: Cast) -> None:
    ana, anyone = cast.ana, cast.anyone
    ana.open_assessment(GEORGIA)
    ana.follow("Withdraw the published snapshot")
    ana.fill("Notice to the public", "The law was repealed, and another text will follow.")
    ana.press("Withdraw the snapshot")
    ana.read("The snapshot was withdrawn.")
    anyone.open("/published/GE/2027")
    anyone.read("was withdrawn", "The law was repealed, and another text will follow.")
    anyone.miss(CORRECTED)


@pytest.fixture(params=[True, False], ids=["with a script", "without a script"])
def cast(request: pytest.FixtureRequest, sqlite_world: World, windows: Windows, response: Response) -> Iterator[Cast]:
    story = Story(sqlite_world, windows, response, scripted=request.param)
    yield Cast(story)
    story.end()


def test_from_a_new_country_to_its_next_round(cast: Cast) -> None:
    a_country_is_added_and_a_round_opened(cast)
    a_team_comes_together(cast)
    ministries_are_asked(cast)
    contributors_propose(cast)
    the_focal_point_declines_merges_and_adopts(cast)
    two_people_write_one_answer(cast)
    the_reviewer_arrives(cast)
    the_check_lists_what_is_missing(cast)
    one_indicator_is_answered_by_hand(cast)
    it_is_signed_off_and_submitted(cast)
    the_reviewer_reads_and_comments(cast)
    three_indicators_are_sent_back(cast)
    the_focal_point_sees_what_is_asked_and_answers(cast)
    the_reviewer_rewords_and_approves(cast)
    an_edit_voids_the_approval(cast)
    consent_is_declined_then_given(cast)
    it_is_published_and_anyone_reads_it(cast)
    an_error_is_corrected(cast)
    a_year_later_the_next_round_starts_from_the_last(cast)
    what_was_published_is_withdrawn(cast)
