"""The whole story, over HTTP: from the day a round is opened to a snapshot that anyone may read, and to the next round."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from questionnaire.response import Response
from questionnaire.stored import answer_body, source_body
from tests.steps import approve, consent, made, path, sign_off
from tests.world import World

WORDS = "three quiet rivers meet here"
HEALTH, LABOUR = "health-access", "labour-demand-assessment"
NEW, FIRST = {"If-Match": '"0"'}, {"If-Match": '"1"'}
SENT_BACK = {
    "health-access": "Which article of the law says so?",
    "anti-discrimination": "Could the Ombudsman's office know?",
    "diaspora-institution": "Is the Council still at work?",
}


class Story:
    """What the people of the story do. They meet in the assessment `main`; answers come from `response`."""

    def __init__(self, world: World, response: Response) -> None:
        self.world, self.response = world, response
        self.answers = {name: json.loads(answer_body(answer)) for name, answer in response.answers.items()}
        self.versions = dict.fromkeys(self.answers, 0)
        self.ministries: dict[str, str] = {}
        self.guests: dict[str, httpx.Client] = {}

    def at(self, rest: str) -> str:
        """An address of the assessment."""
        return path(self.world, rest, "main")

    def post(self, person: str, rest: str, body: Any = None) -> Any:
        """A step that must succeed; what is said about it."""
        return made(self.world.as_(person).post(self.at(rest), json=body)).json()

    def get(self, person: str, rest: str) -> Any:
        """What a person reads."""
        return made(self.world.as_(person).get(self.at(rest))).json()

    def state(self) -> str:
        """The state, as the record tells it."""
        return str(self.get("focal_a", "record?limit=1")["items"][0]["state"])

    def save(self, indicator: str, answer: dict[str, Any], person: str = "focal_a", base: int | None = None) -> Any:
        """Save an answer on the version last seen, or on `base`."""
        version = self.versions[indicator] if base is None else base
        headers = {"If-Match": f'"{version}"'}
        saved = self.world.as_(person).put(self.at(f"answers/{indicator}"), json=answer, headers=headers)
        if saved.is_success:
            self.versions[indicator] = saved.json()["version"]
        return saved

    def open_a_round(self, year: int) -> None:
        """The administrator opens a round."""
        opened = self.world.as_("administrator").post("/assessments", json={"country": "KG", "round": year})
        self.world.assessments["main"] = made(opened).json()["id"]

    def invite(self, name: str, ministry: str) -> None:
        """The focal point invites a ministry; its colleague accepts and signs in for the first time."""
        focal, anyone = self.world.as_("focal_a"), self.world.as_("anonymous")
        added = made(focal.post("/countries/KG/ministries", json={"name": ministry})).json()
        self.ministries[name] = added["id"]
        who = {"email": f"{name}@ministry.example", "name": f"A. {name.title()}"}
        offer = {**who, "role": "contributor", "ministry_id": added["id"]}
        invited = made(focal.post("/countries/KG/invitations", json=offer)).json()
        assert invited["link"] is None
        administrator = self.world.as_("administrator")
        renewed = made(administrator.post(f"/countries/KG/invitations/{invited['id']}/renew")).json()
        token = renewed["link"].partition("#")[2]
        made(anyone.post("/invitations/accept", json={"token": token, "password": WORDS}))
        guest = httpx.Client(base_url=anyone.base_url, headers={"Sec-Fetch-Site": "same-origin"}, timeout=30)
        credentials = {"email": who["email"], "password": WORDS}
        assert made(guest.post("/sign-in", json=credentials)).json()["needed"] is None
        self.guests[name] = guest

    def assign(self, name: str, indicator: str) -> None:
        """The focal point asks a ministry for an indicator."""
        asked = {"indicators": [indicator], "ministry_id": self.ministries[name], "due": "2026-03-31"}
        made(self.world.as_("focal_a").put(self.at("assignments"), json=asked))

    def propose(self, name: str, indicator: str, answer: dict[str, Any]) -> str:
        """A ministry proposes an answer; the contribution's id."""
        proposed = self.guests[name].post(self.at(f"contributions/{indicator}"), json={"answer": answer})
        return str(made(proposed).json()["id"])

    def adopt(self, contribution: str, indicator: str) -> None:
        """The focal point makes the contribution the answer."""
        headers = {"If-Match": f'"{self.versions[indicator]}"'}
        adopted = self.world.as_("focal_a").post(self.at(f"contributions/{contribution}/adopt"), headers=headers)
        self.versions[indicator] = made(adopted).json()["version"]

    def enter_sources(self) -> None:
        """The focal point enters the laws, policies and bodies that answers rest on."""
        for source_id, source in self.response.sources.items():
            body = json.loads(source_body(source))
            made(self.world.as_("focal_a").put(self.at(f"sources/{source_id}"), json=body, headers=NEW))

    def answer_the_rest(self, but: str) -> None:
        """The focal point answers what is still open, except one indicator."""
        for indicator, answer in self.answers.items():
            if self.versions[indicator] == 0 and indicator != but:
                made(self.save(indicator, answer))


def two_ministries_contribute(story: Story) -> None:
    story.invite("health", "the Ministry of Health of the story")
    story.invite("labour", "the Ministry of Labour of the story")
    story.assign("health", HEALTH)
    story.assign("labour", LABOUR)
    assert story.guests["health"].get(story.at(f"answers/{LABOUR}")).status_code == 404
    story.adopt(story.propose("health", HEALTH, story.answers[HEALTH]), HEALTH)
    open_one = story.propose("labour", LABOUR, {"not_known": "We have no figures."})
    story.post("focal_a", f"contributions/{open_one}/decline", {"reason": "The yearly forecast is one."})
    story.adopt(story.propose("labour", LABOUR, story.answers[LABOUR]), LABOUR)


def two_people_save_one_answer(story: Story, indicator: str) -> None:
    """Both began from nothing; the second is shown both texts, and saves on top of what came first."""
    first = {"not_known": "It is being looked up."}
    made(story.save(indicator, first, "second_focal_a"))
    late = story.save(indicator, story.answers[indicator], base=0)
    assert late.status_code == 412
    assert (late.json()["yours"], late.json()["theirs"]) == (story.answers[indicator], first)
    made(story.save(indicator, story.answers[indicator]))


def submission_wants_everything(story: Story, open_indicator: str) -> None:
    refused = story.world.as_("focal_a").post(story.at("submission"))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/incomplete")
    assert [item["indicator"] for item in refused.json()["missing"]] == [open_indicator, None]
    made(story.save(open_indicator, story.answers[open_indicator]))
    sign_off(story.world, "main")
    assert story.post("focal_a", "submission")["number"] == 1
    assert story.state() == "in_review"


def three_indicators_come_back(story: Story) -> None:
    """Two are changed; the third stays, and a comment says why. Until they are submitted, the reviewer sees nothing new."""
    sent = [{"indicator": indicator, "reason": reason} for indicator, reason in SENT_BACK.items()]
    assert story.post("reviewer", "return", {"indicators": sent})["state"] == "collecting"
    story.world.later(days=2)
    story.world.forget_clients()
    changed, also, kept = SENT_BACK
    made(story.save(changed, {**story.answers[changed], "note": "Article 12."}))
    made(story.save(also, {"not_known": "The Ombudsman's office has no record either."}))
    sign_off(story.world, "main")
    refused = story.world.as_("focal_a").post(story.at("submission"))
    assert [item["indicator"] for item in refused.json()["missing"]] == [kept]
    story.post("focal_a", "comments", {"indicator": kept, "audience": "shared", "text": "Yes, it met in May."})
    assert "Article 12" not in json.dumps(story.get("reviewer", f"answers/{changed}"))
    assert story.post("focal_a", "submission")["number"] == 2
    assert "Article 12" in json.dumps(story.get("reviewer", f"answers/{changed}"))
    assert {item["status"] for item in story.get("reviewer", "returns")} == {"changed", "changes_requested"}


def an_edit_voids_the_approval(story: Story) -> None:
    approve(story.world, "main")
    made(story.save(HEALTH, {**story.answers[HEALTH], "note": "Article 12, as amended."}))
    assert story.state() == "in_review"
    sign_off(story.world, "main")
    approve(story.world, "main")


def consent_is_declined_then_given(story: Story) -> None:
    story.post("focal_a", "consent/decline", {"reason": "The minister wants to read it first."})
    assert story.get("reviewer", "reasons")[0]["reason"] == "The minister wants to read it first."
    approve(story.world, "main")
    shown = story.get("focal_a", "consent")
    consent(story.world, "main")
    published = story.post("reviewer", "publication", {})
    place = published["address"].removeprefix("http://localhost/published")
    public = story.world.as_("anonymous").get(f"/snapshots{place}")
    assert made(public).json()["document"] == shown["document"]


def an_error_is_found_and_corrected(story: Story, year: int) -> None:
    """The earlier text stays public until the corrected one is consented to and published."""
    address = f"/snapshots/KG/{year}"
    story.world.later(days=30)
    story.world.forget_clients()
    before = story.world.as_("anonymous").get(address).json()
    story.post("reviewer", "erratum", {"reason": "A body has a new name."})
    sent = [{"indicator": "diaspora-institution", "reason": "Please give the new name."}]
    story.post("reviewer", "return", {"indicators": sent})
    made(story.save("diaspora-institution", {"not_known": "The Council was dissolved."}))
    sign_off(story.world, "main")
    story.post("focal_a", "submission")
    approve(story.world, "main")
    consent(story.world, "main")
    assert story.world.as_("anonymous").get(address).json() == before
    story.post("reviewer", "publication", {"erratum": "The Council for diaspora relations was dissolved."})
    after = story.world.as_("anonymous").get(address).json()
    assert (after["number"], len(after["errata"])) == (2, 1)
    assert after["document"] != before["document"]


def the_record_tells_it_all(story: Story) -> None:
    events = story.get("administrator", "record?order=oldest&limit=200")["items"]
    states = [event["state"] for event in events]
    steps = [state for before, state in zip(["", *states], states, strict=False) if state != before]
    assert steps == [
        "collecting", "in_review", "collecting", "in_review", "approved", "in_review", "approved", "in_review", "approved",
        "consented", "published", "in_review", "collecting", "in_review", "approved", "consented", "published",
    ]  # fmt: skip
    assert "wants to read it" not in json.dumps(events)


def a_year_later_the_next_round_starts_from_the_last(story: Story, year: int) -> None:
    """What becomes of each answer is shown, then they are carried over; each is confirmed, and one is changed."""
    story.world.later(days=365)
    story.world.forget_clients()
    story.open_a_round(year)
    offered = story.get("focal_a", "carry-over")
    assert offered["from_round"] == year - 1
    assert {(one["verdict"], one["answered_here"]) for one in offered["answers"]} == {("kept", False)}
    assert story.get("focal_a", "answers") == []
    carried = story.post("focal_a", "carry-over")["indicators"]
    assert carried == [one["indicator"] for one in offered["answers"]]
    story.versions = dict.fromkeys(carried, 1)
    sign_off(story.world, "main")
    refused = story.world.as_("focal_a").post(story.at("submission"))
    unconfirmed = [item["indicator"] for item in refused.json()["missing"]]
    assert HEALTH in unconfirmed
    made(story.save(HEALTH, {"values": {"groups": "none"}}))
    for indicator in unconfirmed:
        if indicator != HEALTH:
            confirmed = story.world.as_("focal_a").post(story.at(f"answers/{indicator}/confirm"), headers=FIRST)
            assert made(confirmed).json()["carried_from"] is None
    sign_off(story.world, "main")
    story.post("focal_a", "submission")


def the_reviewer_compares_rewords_and_publishes(story: Story, year: int) -> None:
    """What changed since the last round is told with its reason; the reworded sentence is what is consented to and read."""
    changes = story.get("reviewer", "comparison")["changes"]
    assert HEALTH in {change["indicator"] for change in changes}
    assert all(change["reasons"] for change in changes)
    wording = {"text": "No migrant has had free health care since the reform."}
    made(story.world.as_("reviewer").put(story.at(f"edits/{HEALTH}.finding"), json=wording, headers=NEW))
    told = [change["reasons"] for change in story.get("reviewer", "draft/changes")["changes"]]
    assert [[reason["kind"] for reason in reasons] for reasons in told] == [["edit"]]
    approve(story.world, "main")
    consent(story.world, "main")
    story.post("reviewer", "publication", {})
    public = made(story.world.as_("anonymous").get(f"/snapshots/KG/{year}.md")).text
    assert wording["text"] in public
    assert wording["text"] not in made(story.world.as_("anonymous").get(f"/snapshots/KG/{year - 1}.md")).text


@pytest.fixture
def story(world: World, response: Response) -> Iterator[Story]:
    told = Story(world, response)
    yield told
    for guest in told.guests.values():
        guest.close()


def test_from_the_first_day_of_a_round_to_the_next_one(story: Story) -> None:
    year = 2027
    story.open_a_round(year)
    story.enter_sources()
    two_ministries_contribute(story)
    two_people_save_one_answer(story, "diaspora-institution")
    story.answer_the_rest(but="anti-discrimination")
    submission_wants_everything(story, "anti-discrimination")
    three_indicators_come_back(story)
    an_edit_voids_the_approval(story)
    consent_is_declined_then_given(story)
    an_error_is_found_and_corrected(story, year)
    the_record_tells_it_all(story)
    a_year_later_the_next_round_starts_from_the_last(story, year + 1)
    the_reviewer_compares_rewords_and_publishes(story, year + 1)
