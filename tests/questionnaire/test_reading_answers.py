"""One answer or one source, as a web client sends it: each problem leads to its field, and no data raise anything."""

import json
from collections.abc import Callable
from timeit import repeat
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.compiled import CompiledInstrument
from questionnaire.reading import AnswerReading, FieldProblem, read_answer, read_source
from questionnaire.response import Answer, Ratification, Response, Source
from questionnaire.stored import answer_body, source_body

SOURCES = {"law-a": Source(title="Law A", kind="law"), "body-b": Source(title="Body B", kind="body"), "bad": None}


def nested(depth: int) -> list[Any]:
    data: list[Any] = []
    for _ in range(depth):
        data = [data]
    return data


HOSTILE: list[Any] = [
    None, True, 0, -1, 10**25, 10**5000, 1.5, float("nan"), float("inf"), "", "a", "\x00", "x\ud800y", "\u202e", "A" * 100_000,
    [], {}, [None], [[]], [{}], ["\ud800"], ["a"] * 100_000, {"\ud800": 1}, {"\x00": 2}, {"a" * 100_000: 1}, {"status": []},
    {"status": "ratified", "year": 10**25}, {"status": "\ud800", "reservations": "\x00"}, nested(900),
]  # fmt: skip
"""Every type of JSON, and what no form would send."""

Read = Callable[..., AnswerReading]


@pytest.fixture
def read(instrument: CompiledInstrument) -> Read:
    def read_one(data: Any, indicator: str = "health-access", country: str = "KG") -> AnswerReading:
        return read_answer(instrument, indicator, data, sources=SOURCES, country=country, year=2018)

    return read_one


def at(path: tuple[str, ...], data: Any) -> Any:
    """The data at the end of a path of keys."""
    for step in reversed(path):
        data = {step: data}
    return data


def sendable(problems: list[FieldProblem]) -> list[FieldProblem]:
    """The problems, which any JSON writer must take and which must not be endless."""
    assert len(json.dumps(problems, ensure_ascii=False).encode()) < 5000 * (len(problems) + 1)
    return problems


def test_a_sound_answer_is_typed(read: Read) -> None:
    reading = read(
        {"values": {"groups": "some", "which": ["refugees", "permanent"], "law": None}, "sources": ["body-b"]}
    )
    assert (reading.wrong, reading.remarks) == ([], [])
    assert reading.answer == Answer(values={"groups": "some", "which": ("permanent", "refugees")}, sources=("body-b",))


def test_all_answers_of_the_example_are_read_as_in_the_file(instrument: CompiledInstrument, response: Response) -> None:
    for indicator, answer in response.answers.items():
        data = json.loads(answer_body(answer))
        reading = read_answer(instrument, indicator, data, sources=response.sources, country="KG", year=2018)
        assert (reading.answer, reading.wrong) == (answer, [])
    for source in response.sources.values():
        assert read_source(instrument, json.loads(source_body(source))) == (source, [])


@pytest.mark.parametrize(
    ("indicator", "data", "path", "rule", "words"),
    [
        ("health-access", {"values": {"groups": "al"}}, ("values", "groups"), "value", "allowed: all, "),
        ("health-access", {"values": {"grups": "all"}}, ("values", "grups"), "unknown-question", "mean 'groups'?"),
        ("health-access", {"values": []}, ("values",), "format", "a mapping of fields"),
        ("health-access", {"qualifier": "no stop"}, ("qualifier",), "format", "end it with a full stop"),
        ("health-access", {"sources": ["law-a", 3]}, ("sources", 1), "format", "should be text"),
        ("health-access", {"sources": ["nowhere"]}, ("sources",), "unknown-source", "no source 'nowhere'"),
        ("health-access", {"values": {"law": "body-b"}}, ("values", "law"), "value", "is of kind body"),
        ("health-access", {"vales": {}}, ("vales",), "format", "not known here"),
        ("health-access", {"not_known": "Silence.", "values": {"groups": "all"}}, ("not_known",), "two-answers", "one of"),
        ("health-access", [], (), "format", "a mapping of fields"),
        ("health-access", {"values": {"groups": nested(20)}}, ("values", "groups", *[0] * 6), "depth", "nested"),
        ("health-access", {"note": "A" * 20_001}, ("note",), "size", "shorten"),
        ("health-access", {"values": {"groups": 10**18}}, ("values", "groups"), "size", "more than 18 digits"),
        ("health-acces", {}, (), "unknown-indicator", "did you mean 'health-access'?"),
        (
            "conv-ilo-c97",
            {"values": {"status": {"status": "ratified", "year": 2019}}},
            ("values", "status"),
            "after-the-document",
            "2019 is after",
        ),
    ],
)  # fmt: skip
def test_each_problem_leads_to_its_field(
    read: Read, indicator: str, data: Any, path: tuple[str | int, ...], rule: str, words: str
) -> None:
    reading = read(data, indicator)
    assert reading.answer is None
    assert [(problem.path, problem.rule) for problem in sendable(reading.wrong)] == [(path, rule)]
    assert words in reading.wrong[0].message


def test_all_problems_of_an_answer_are_named_at_once(read: Read) -> None:
    wrong = read({"values": {"groups": "al", "law": "x"}, "detail": "no stop", "sources": ["y"]}).wrong
    assert [problem.path for problem in wrong] == [("detail",), ("values", "groups"), ("values", "law")]


def test_a_remark_leaves_the_answer_in_place(read: Read) -> None:
    answer = {"values": {"status": {"status": "acceded", "year": 2006}}, "detail": "in words."}
    reading = read(answer, "conv-refugee-1951")
    assert reading.answer is not None
    assert reading.answer.values == {"status": Ratification(status="acceded", year=2006)}
    assert [remark.path for remark in reading.remarks] == [("values", "status"), ("detail",)]
    assert not any(remark.rule == "depositary-date" for remark in read(answer, "conv-refugee-1951", "FR").remarks)


@pytest.mark.parametrize("version", [7, 0, "x", None, float("nan")])
def test_the_version_of_the_data_is_passed_over(read: Read, version: Any) -> None:
    reading = read({"values": {"groups": "all"}, "version": version})
    assert reading.answer == Answer(values={"groups": "all"})


def test_hostile_data_in_any_place_are_problems_and_never_raise(instrument: CompiledInstrument) -> None:
    known: dict[str, Source | None] = {**SOURCES}
    places = [("health-access", (field,)) for field in (*Answer.model_fields, "\ud800", "a" * 50_000)]
    one_of_each = {question.type: (i.id, question.id) for i in instrument.source.indicators for question in i.questions}
    for indicator, path in [("health-access", ()), *places, *((i, ("values", q)) for i, q in one_of_each.values())]:
        for data in HOSTILE:
            placed = at(path, data)
            reading = read_answer(instrument, indicator, placed, sources=known, country="KG", year=2018)
            assert (reading.answer is None) == bool(sendable(reading.wrong))
            if reading.answer:
                assert answer_body(reading.answer).encode()


def test_a_hostile_source_is_a_problem_and_never_raises(instrument: CompiledInstrument) -> None:
    for data in HOSTILE:
        assert sendable(read_source(instrument, data)[1])
        for field in (*Source.model_fields, "\ud800", "a" * 50_000):
            source, wrong = read_source(instrument, {"title": "Law", "kind": "law", field: data})
            assert (source is None) == bool(sendable(wrong))
            if source:
                assert source_body(source).encode()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["status", "a"]) | st.text(), inner),
    max_leaves=8,
)
_NAMES = st.sampled_from([*Answer.model_fields, "other"])


@given(data=st.dictionaries(_NAMES, _JSON) | st.fixed_dictionaries({"values": st.dictionaries(st.text(), _JSON)}))
@settings(max_examples=100, deadline=None)
def test_any_json_is_an_answer_or_a_problem(instrument: CompiledInstrument, data: Any) -> None:
    reading = read_answer(instrument, "conv-ilo-c97", data, sources={}, country="KG", year=2018)
    assert (reading.answer is None) == bool(sendable(reading.wrong))


@pytest.mark.parametrize(
    ("data", "path", "words"),
    [
        ({"kind": "law"}, ("title",), "missing"),
        ({"title": "Law", "kind": "lwa"}, ("kind",), "did you mean 'law'?"),
        ({"title": "Law", "kind": "law", "url": "javascript:alert(1)"}, ("url",), "http:// or https://"),
        ({"title": "Law", "kind": "law", "date": "2018-02-30"}, ("date",), "there is no such day"),
        ("Law", (), "a mapping of fields"),
    ],
)
def test_a_wrong_source_is_named_by_its_field(
    instrument: CompiledInstrument, data: Any, path: tuple[str, ...], words: str
) -> None:
    source, wrong = read_source(instrument, data)
    assert source is None
    assert [problem.path for problem in wrong] == [path]
    assert words in wrong[0].message


def test_reading_one_answer_takes_no_longer_where_the_instrument_is_large(read: Read) -> None:
    data = {"values": {"groups": "some", "which": ["permanent", "refugees"], "law": "law-a"}}
    best = min(repeat(lambda: read(data), number=200, repeat=5)) / 200
    assert best < 0.0005, "one answer takes some 30 millionths of a second; ten times that is a reading of the whole"
