"""Whatever people write stands on pages as they wrote it: nothing is run, filled in, or read as markup."""

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from app.web.problems import SECRET
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from tests.databases import fresh_database
from tests.security.access_table import ALLOWED, PAGE, Route, written
from tests.security.asking import Answer, Question
from tests.security.choosing import IS_FULL
from tests.security.hostile_texts import HOSTILE, UNESCAPED, HostileWords
from tests.security.page_samples import FORMS
from tests.security.readers import READERS
from tests.security.requests import FORM, filled
from tests.security.six_states import Case, SixStates, six_states, unchanging
from tests.security.sweeping import sweep
from tests.traffic import application
from tests.visiting import Page

WORDS = HostileWords()
PEOPLE = ("focal_a", "labour_a", "signatory_a", "adviser_a", "reviewer", "administrator", "nobody", "anonymous")
LIKE_OTHERS = frozenset({"in_review", "approved", "withdrawn"})
"""States in which no page shows any text but those of the states before or after."""
OUR_PLACE = re.compile(r"/(?![/\\])[!-~]*")
ASKED_BY_NAME = {
    ("GET", f"{PAGE}/assessments/{{assessment_id}}/record"): ("kind", "person", "indicator", "since", "until", "after"),
    ("GET", f"{PAGE}/administration/record"): ("kind", "person", "indicator", "since", "until", "after"),
    ("GET", f"{PAGE}/assessments/{{assessment_id}}/contributions/{{contribution_id}}/merge"): ("take.values.groups",),
}
"""What is asked for in an address and is not declared as such by the route."""


@pytest.fixture(scope="module")
def hostile(
    shared_folder: Path, tmp_path_factory: pytest.TempPathFactory, instrument: CompiledInstrument, response: Response
) -> Iterator[SixStates]:
    """Assessments in all states, in which every text that people write is a hostile one."""
    folder = tmp_path_factory.mktemp("hostile")
    with (
        fresh_database("sqlite", shared_folder, folder) as url,
        six_states(url, folder / "data", instrument, response, WORDS) as built,
    ):
        yield built


def pages(states: SixStates, method: str) -> list[Case]:
    """Every page that someone may read, or every form that they may send."""
    return [case for case in states.cases() if case.route[0] == method and case.route[1].startswith(PAGE)
            and case.expected == ALLOWED and case.person in PEOPLE and not case.inside]  # fmt: skip


def first_of_each(cases: Iterable[Case]) -> list[Case]:
    """One case of each page; the assessment under way before all others."""
    found: dict[Route, Case] = {}
    for case in cases:
        found.setdefault(case.route, case)
    return list(found.values())


def ask_all(states: SixStates, questions: Iterable[Question]) -> list[tuple[Question, Answer]]:
    """What is answered, none of it an error of ours, and none of it leading to another site."""
    asked = list(questions)
    with unchanging(states) as (app, _):
        answers = sweep(app, asked)
    assert [(one.path, answer.status) for one, answer in zip(asked, answers, strict=True) if answer.status >= 500] == []
    for answer in answers:
        assert OUR_PLACE.fullmatch(dict(answer.headers).get("location", "/"))
        assert not UNESCAPED.search(answer.body)
    return list(zip(asked, answers, strict=True))


class Tampered(Page):
    """A page that answers what no page of ours sends: it may lead to a field that it does not have."""

    def check(self) -> None:
        assert self.find("//@style | //style | //script[not(@src)] | //@*[starts-with(name(), 'on')]") == []


def read(question: Question, answer: Answer, kind: type[Page] = Page) -> Page:
    """The page as a browser would read it: markup that is not ours does not pass."""
    request = httpx.Request(question.method, f"http://localhost{question.path}")
    page = kind(httpx.Response(answer.status, headers=list(answer.headers), content=answer.body, request=request))
    texts = ["".join(page.find("//body//text()")), *map(str, page.find("//title/text() | //@*"))]
    assert [place for text in texts for place in WORDS.mangled(text)] == [], question.path
    return page


def test_what_people_wrote_stands_on_every_page_as_they_wrote_it(hostile: SixStates) -> None:
    cases = [case for case in pages(hostile, "GET") if IS_FULL or case.target.name not in LIKE_OTHERS]
    told = ask_all(hostile, map(hostile.question, cases))
    seen = set[tuple[Route, str]]()
    for case, (question, answer) in zip(cases, told, strict=True):
        kinds = {text.kind for text in WORDS.in_bytes(answer.body)}
        new = {(case.route, what) for what in (case.person, *kinds)} - seen
        if answer.status == 200 and (IS_FULL or new):
            read(question, answer)
            seen |= new
    assert {what for _, what in seen} == {*PEOPLE, *READERS}
    assert len(seen) >= 300


def typed(case: Case, facts: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The form of a page, well filled in but for one field; then with such a text in all."""
    form = FORMS.get(case.route[1].removeprefix(PAGE).replace("/assessments/{assessment_id}", "~"), {})
    fields = {} if isinstance(form, bytes) else {str(name): str(value) for name, value in filled(form, facts).items()}
    wrong = {name: WORDS.word(f"typed {name}") for name in (*fields, "next", "back", HOSTILE)}
    yield from ({**fields, name: text} for name, text in wrong.items() if name in fields)
    yield wrong


def test_what_was_typed_into_a_form_is_shown_again_as_it_was_typed(hostile: SixStates) -> None:
    questions = []
    for case in first_of_each(pages(hostile, "POST")):
        question = hostile.question(case)
        forms = typed(case, hostile.facts_of(case.target))
        questions += [question._replace(body=urlencode(form).encode(), headers=FORM) for form in forms]
    told = ask_all(hostile, questions)
    drawn = [(question, answer) for question, answer in told if answer.status not in (302, 303)]
    assert len(drawn) >= 100
    shown = {text.kind for one in drawn for text in WORDS.in_bytes(read(*one, Tampered).text.encode())}
    assert len({kind for kind in shown if kind.startswith("typed ")}) >= 15


def test_what_is_saved_while_one_types_comes_back_as_it_was_typed(hostile: SixStates) -> None:
    route = ("POST", f"{PAGE}/assessments/{{assessment_id}}/indicators/{{indicator}}")
    (case,) = (case for case in first_of_each(pages(hostile, "POST")) if case.route == route)
    headers = {**FORM, "MGI-Part": "autosave"}
    forms = [urlencode(form).encode() for form in typed(case, hostile.facts_of(case.target))]
    told = ask_all(hostile, [hostile.question(case)._replace(body=form, headers=headers) for form in forms])
    assert len(told) == 4
    for _, answer in told:
        assert WORDS.mangled(html.unescape(answer.body.decode())) == []


def test_no_password_code_or_token_is_shown_again(hostile: SixStates) -> None:
    cases = first_of_each(pages(hostile, "POST"))
    secrets = {name: WORDS.word(f"secret {name}") for name in SECRET}
    body = urlencode({**secrets, "name": "A", "email": "a@example.org"}).encode()
    told = ask_all(hostile, [hostile.question(case)._replace(body=body, headers=FORM) for case in cases])
    for question, answer in told:
        found = WORDS.in_bytes(answer.told)
        assert not [text for text in found if text.kind.startswith("secret ")], question.path


def parameters() -> dict[Route, tuple[str, ...]]:
    """What each page reads from an address behind its question mark."""
    found = {}
    for context in iter_route_contexts(application().routes):
        dependant = getattr(context, "dependant", None)
        if dependant and "GET" in (context.methods or ()):
            found[written("GET", context.path or "")] = tuple(one.alias for one in dependant.query_params)
    return found | ASKED_BY_NAME


def test_what_stands_in_an_address_is_shown_as_it_stands_there(hostile: SixStates) -> None:
    named, questions = parameters(), []
    for case in first_of_each(pages(hostile, "GET")):
        question = hostile.question(case)
        asked = [(name,) for name in named[case.route]] + [(*named[case.route], "done", HOSTILE)]
        questions += [question._replace(query={name: WORDS.word("asked") for name in names}) for names in asked]
    told = ask_all(hostile, questions)
    assert len({question.path for question, _ in told if question.query.keys() - {"done", HOSTILE}}) >= 15
    for question, answer in told:
        if answer.status not in (302, 303):
            read(question, answer, Tampered)


def test_an_address_made_of_such_a_text_leads_nowhere(hostile: SixStates) -> None:
    bad = HOSTILE.replace("/", "")
    questions = []
    for case in first_of_each(pages(hostile, "GET")):
        facts = hostile.facts_of(case.target)
        for name in facts:
            if f"{{{name}}}" in case.route[1]:
                path = str(filled(case.route[1].removeprefix(PAGE), {**facts, name: bad}))
                questions.append(Question("GET", path, hostile.secrets[case.person]))
    told = ask_all(hostile, questions)
    assert len(told) >= 60
    for question, answer in told:
        assert answer.status == 404
        assert read(question, answer).heading == "Page not found"
