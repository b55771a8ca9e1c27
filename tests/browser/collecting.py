"""The first chapters of the story that is told on the pages: from a new country to its first submission."""

import re

from playwright.sync_api import FilePayload, expect

from tests.browser.story import Person, Story, a_source_is_added, link_shown

GEORGIA = "Georgia 2027"
HEALTH, LABOUR = "1.01 Access to health care", "4.01 Assessment of demand for foreign workers"
DISCRIMINATION, DIASPORA = (
    "1.05 Protection against discrimination",
    "2.03 Body in charge of relations with nationals abroad",
)
ON_THE_PAGES = {"health-access", "labour-demand-assessment", "anti-discrimination", "diaspora-institution"}
LAW = b"Law on Equal Treatment\n\nArticle 3. Nobody is treated less favourably for where they come from.\n"


class Cast:
    """Who takes part."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.administrator = story.administrator()
        self.ana = story.person("Ana Beridze", "ana@gov.example")
        self.ivane = story.person("Ivane Lomidze", "ivane@gov.example")
        self.maria = story.person("Maria Gelashvili", "maria@health.example")
        self.petre = story.person("Petre Maisuradze", "petre@labour.example")
        self.vera = story.person("Vera Kapanadze", "vera@gov.example")
        self.ruth = story.person("Ruth Okello", "ruth@iom.example")
        self.anyone = story.person("anyone", "")
        self.assessment = ""


def a_country_is_added_and_a_round_opened(cast: Cast) -> None:
    astrid = cast.administrator
    astrid.sign_in()
    astrid.follow("Administration")
    astrid.read("No mail is set up for this service.")
    astrid.follow("Countries")
    astrid.select("Country", "Georgia")
    astrid.press("Add the country")
    astrid.read("The country was added. Next, invite its focal point and open a round.")
    astrid.follow("Administration", astrid.page.get_by_role("navigation", name="Breadcrumb"))
    astrid.follow("Rounds")
    astrid.follow("Open a round")
    astrid.select("Country", "Georgia")
    astrid.fill("Year of the round", "2027")
    astrid.press("Open the round")
    astrid.read("The round was opened.", GEORGIA)


def the_administrator_invites(cast: Cast, person: Person, role: str) -> None:
    """The link is shown to the administrator, once, who hands it over."""
    astrid = cast.administrator
    astrid.open("/administration/countries")
    astrid.follow("People of Georgia")
    astrid.follow("Invite someone")
    astrid.choose(role)
    astrid.fill("E-mail", person.email)
    astrid.fill("Name", person.name)
    astrid.press("Invite")
    astrid.read("It is shown only this once", person.email)
    person.accept(link_shown(astrid), role, "Georgia")


def the_focal_point_invites(cast: Cast, person: Person, role: str, ministry: str = "") -> None:
    """The focal point sees no link; the administrator renews the invitation and hands its link over."""
    ana, astrid = cast.ana, cast.administrator
    ana.open("/countries/GE/people")
    ana.follow("Invite someone")
    ana.choose(role)
    if ministry:
        ana.select("Ministry (for contributors alone)", ministry)
    ana.fill("E-mail", person.email)
    ana.fill("Name", person.name)
    ana.press("Invite")
    ana.read("Please ask the administrator to renew the invitation")
    expect(ana.main.locator("code")).to_have_count(0)
    astrid.open("/administration/countries")
    astrid.follow("People of Georgia")
    astrid.press(f"Renew {person.email}")
    person.accept(link_shown(astrid), role, "Georgia")
    person.be_at("My assessments")


def a_team_comes_together(cast: Cast) -> None:
    ana = cast.ana
    the_administrator_invites(cast, ana, "Focal point")
    ana.be_at("My assessments")
    ana.read("Waits for you", "Begin with the first indicator.")
    ana.follow(GEORGIA)
    cast.assessment = ana.page.url.removeprefix(cast.story.world.address)
    ana.go("Ministries")
    ana.follow("Add or rename ministries")
    for name in ("Ministry of Health", "Ministry of Labour"):
        ana.fill("Name", name)
        ana.press("Add the ministry")
        ana.read("The ministry was added.", name)
    the_focal_point_invites(cast, cast.ivane, "Focal point")
    the_focal_point_invites(cast, cast.vera, "Signatory")
    the_focal_point_invites(cast, cast.maria, "Contributor", "Ministry of Health")
    the_focal_point_invites(cast, cast.petre, "Contributor", "Ministry of Labour")
    ana.open("/countries/GE/people")
    ana.read("Nobody is invited at present.", "Ministry of Health", cast.petre.email)


def ministries_are_asked(cast: Cast) -> None:
    ana = cast.ana
    ana.open_assessment(GEORGIA)
    ana.go("Ministries")
    ana.follow("Ask a ministry about indicators")
    ana.tick(HEALTH)
    ana.select("Ministry", "Ministry of Health")
    ana.fill("Due on (if there is a date)", "2026-03-31")
    ana.press("Ask the ministry")
    ana.read("The ministry was asked.")
    ana.follow("Ask a ministry about indicators")
    ana.follow("4. Well-being of migrants")
    ana.tick(LABOUR)
    ana.select("Ministry", "Ministry of Labour")
    ana.fill("What the ministry should know", "The forecast of last year counts too.")
    ana.press("Ask the ministry")
    ana.read("31 March 2026", "The forecast of last year counts too.")


def contributors_propose(cast: Cast) -> None:
    maria, petre = cast.maria, cast.petre
    maria.open_assessment(GEORGIA)
    maria.read("Your ministry is asked to contribute to 1 indicator.")
    maria.follow("Go to the first one")
    maria.be_at(HEALTH)
    maria.read("No answer yet", "No proposal waits for a decision.")
    maria.follow("Propose an answer")
    maria.choose("All migrants with legal residence")
    maria.tick("None", maria.group("Which conditions apply to these migrants that do not apply to nationals?"))
    maria.fill("To the focal point", "It is in the Law on Health Protection, which is not on the list.")
    maria.press("Send the proposal")
    maria.read("Your proposal was sent to the focal point.", "Waiting for a decision")
    petre.open_assessment(GEORGIA)
    petre.follow("Go to the first one")
    petre.be_at(LABOUR)
    petre.follow("Propose an answer")
    petre.unfold("We cannot answer this")
    petre.choose("It is not known")
    petre.fill("It is not known, because", "We have no figures.")
    petre.press("Send the proposal")
    petre.read("Your proposal was sent to the focal point.")
    petre.open(f"{cast.assessment}/indicators/health-access")
    petre.miss("Health Protection")


def the_focal_point_declines_merges_and_adopts(cast: Cast) -> None:
    ana, petre = cast.ana, cast.petre
    ana.open_assessment(GEORGIA)
    ana.follow("What ministries proposed")
    ana.follow(re.compile("Ministry of Labour.*version 1"))
    ana.fill("Why?", "The yearly forecast is one.")
    ana.press("Decline the proposal")
    ana.read("The proposal was declined. The ministry reads your reason.")
    health_is_merged(cast)
    petre.open(f"{cast.assessment}/indicators/labour-demand-assessment")
    petre.unfold("Earlier proposals")
    petre.read("Reason: The yearly forecast is one.")
    petre.follow("Propose an answer")
    petre.choose("No")
    petre.unfold("We cannot answer this")
    petre.choose("We answer the questions above")
    petre.fill("Note", "The forecast is of the whole economy.")
    petre.press("Send the proposal")
    ana.open(f"{cast.assessment}/contributions")
    ana.follow(re.compile("Ministry of Labour.*version 2"))
    ana.press("Adopt the proposal")
    ana.read("The proposal is the answer now.")


def health_is_merged(cast: Cast) -> None:
    """The focal point's own note stays, the ministry's answer comes in, and the law that was missing is added."""
    ana = cast.ana
    ana.open(f"{cast.assessment}/indicators/health-access")
    ana.fill("Note", "The ministry was asked.")
    ana.press("Save")
    ana.read("The answer was saved.")
    ana.follow(re.compile("Compare and decide.*Ministry of Health.*version 1"))
    ana.read("The present answer", "The proposal", "which is not on the list.")
    ana.choose("Keep ours", ana.group("Note"))
    ana.press("Continue and edit")
    expect(ana.page.get_by_label("Note", exact=True)).to_have_value("The ministry was asked.")
    a_source_is_added(ana, "Which law or policy gives this entitlement?", "Law on Health Protection")
    ana.press("Save this answer")
    ana.read("The answer made of both was saved.")


def two_people_write_one_answer(cast: Cast) -> None:
    """Both began from nothing. The second sees both texts side by side, and decides."""
    ana, ivane = cast.ana, cast.ivane
    texts = {ivane: "It is being looked up.", ana: "No decree names one."}
    for one in texts:
        one.open(f"{cast.assessment}/indicators/diaspora-institution")
        one.be_at(DIASPORA)
    for one, reason in texts.items():
        one.unfold("We cannot answer this")
        one.choose("It is not known")
        one.fill("It is not known, because", reason)
        one.press("Save")
    ivane.read("The answer was saved.")
    ana.read("There are two texts of this answer", "Saved first by Ivane Lomidze")
    for side, text in (("Saved by the other", texts[ivane]), ("What you wrote", texts[ana])):
        heading = ana.page.get_by_role("heading", name=side, exact=True)
        expect(ana.page.locator("div").filter(has=heading).last).to_contain_text(text)
    ana.press("Keep mine")
    ana.read("The answer was saved.")
    ana.follow("History of this answer")
    ana.read(*texts.values())


def the_check_lists_what_is_missing(cast: Cast) -> None:
    ana = cast.ana
    cast.story.fill_in(ana, cast.assessment, without=ON_THE_PAGES)
    ana.open_assessment(GEORGIA)
    ana.follow("Submit to IOM")
    ana.read("This cannot be submitted yet: something is still missing.", "No file is attached.")
    ana.be_without("Submit to IOM")
    ana.follow("See what is missing")
    ana.read("What is still missing", DISCRIMINATION, "The signatory has not signed off yet.")
    ana.follow(DISCRIMINATION)
    ana.be_at(DISCRIMINATION)


def one_indicator_is_answered_by_hand(cast: Cast) -> None:
    ana = cast.ana
    asked_later = ana.group("Which law is it?")
    expect(asked_later).to_be_visible(visible=not cast.story.scripted)
    ana.choose("Yes, it names nationality, migration status or national or ethnic origin as a prohibited ground")
    expect(asked_later).to_be_visible()
    ana.tick("Public information campaigns")
    a_source_is_added(ana, "Which law is it?", "Law on Equal Treatment")
    ana.fill("Qualifier", "the law is not in force yet")
    ana.press("Save")
    ana.read("There is a problem", "full stop")
    expect(ana.page.get_by_role("alert")).to_be_visible()
    ana.fill("Qualifier", "The law is not in force yet.")
    ana.press("Save")
    ana.read("The answer was saved.")
    ana.read(
        "Law on Equal Treatment", "The law is not in force yet.", within=ana.panel("What this will say in the snapshot")
    )
    ana.unfold("Attach a file")
    attached = FilePayload(name="equal-treatment.txt", mimeType="text/plain", buffer=LAW)
    ana.page.get_by_label("File", exact=True).set_input_files(attached)
    ana.press("Attach the file")
    ana.read("The file was attached.")
    ana.read("equal-treatment.txt", "Not public", within=ana.panel("Files"))


def it_is_signed_off_and_submitted(cast: Cast) -> None:
    """What is changed after the sign-off is not submitted under it."""
    ana, vera, ivane = cast.ana, cast.vera, cast.ivane
    ana.go("Check")
    ana.miss("1.05 Protection against discrimination")
    ana.read("The signatory has not signed off yet.")
    the_signatory_signs(cast)
    ana.open_assessment(GEORGIA)
    ana.read("Ready to be submitted: everything is answered.")
    ana.follow("Check and submit")
    ana.read("Vera Kapanadze signed off what stands here now.")
    ivane.open(f"{cast.assessment}/indicators/diaspora-institution")
    ivane.fill("Note", "The chancellery was asked, too.")
    ivane.press("Save")
    ivane.read("The answer was saved.")
    ana.press("Submit to IOM")
    ana.read("The sign-off no longer holds.")
    ana.be_without("Submit to IOM")
    vera.open_assessment(GEORGIA)
    the_signatory_signs(cast)
    the_focal_point_submits(cast)
    ana.open_assessment(GEORGIA)
    ana.read("IOM reads what was submitted.")


def the_signatory_signs(cast: Cast) -> None:
    vera = cast.vera
    vera.open_assessment(GEORGIA)
    vera.follow("Read and sign off")
    vera.press("Sign off")
    vera.read("There is a problem")
    vera.tick("I have read the answers, and sign them off as they stand here.")
    vera.press("Sign off")
    vera.read("You signed off the answers as they stand here.")


def the_focal_point_submits(cast: Cast) -> None:
    ana = cast.ana
    ana.open_assessment(GEORGIA)
    ana.follow("Submit to IOM")
    ana.press("Submit to IOM")
    ana.read("The answers were submitted.")


def the_reviewer_arrives(cast: Cast) -> None:
    """Before the submission there is nothing to read; a role that approves needs a second factor."""
    ruth = cast.ruth
    the_administrator_invites(cast, ruth, "Reviewer")
    ruth.set_up_second_factor()
    ruth.follow(GEORGIA)
    ruth.read("The government is giving its answers.")
    ruth.open(f"{cast.assessment}/indicators/health-access")
    ruth.miss("The ministry was asked.")
