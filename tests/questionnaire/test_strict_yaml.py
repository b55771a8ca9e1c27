"""Only plain data gets through; everything else is refused in no time, with file, line and mend."""

import time
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.problems import ContentError, Place, Problem
from questionnaire.strict_yaml import MAX_BYTES, parse_yaml

LAUGHS = "a: &a [ha, ha]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
)
HOSTILE: dict[str, tuple[str | bytes, str, int]] = {
    "lists in lists": ("[" * 900_000, "depth", 1),
    "mappings in mappings": ("{a: " * 200_000, "depth", 1),
    "dashes": ("- " * 450_000, "depth", 1),
    "steps": ("".join(f"{' ' * step}a:\n" for step in range(1300)), "depth", 21),
    "question marks": ("? " * 450_000, "key", 1),
    "an alias": ("a: 1\nb: *a", "alias", 2),
    "an alias as a key": ("a: 1\n*a : 2", "alias", 2),
    "an anchor": ("a: 1\nb: &b 2", "anchor", 2),
    "an anchored list": ("a: 1\nb: &b [2]", "anchor", 2),
    "a billion laughs": (LAUGHS, "anchor", 1),
    "a tag": ("a: 1\nb: !!int 2", "tag", 2),
    "a tag that runs code": ("a: !!python/object/apply:os.system [ls]", "tag", 1),
    "a tagged key": ("!!str a: 1", "tag", 1),
    "a very long tag": ("!" * 900_000, "tag", 1),
    "a key twice": ("a: 1\nb: 2\na: 3", "duplicate-key", 3),
    "a key twice in braces": ("a: {b: 1, c: 2,\n  b: 3}", "duplicate-key", 2),
    "a list as a key": ("a: 1\n[b]: 2", "key", 2),
    "a mapping as a key": ("? {a: 1}\n: 2", "key", 1),
    "two documents": ("a: 1\n---\nb: 2", "documents", 2),
    "half a million values": ("[" + "1," * 450_000 + "]", "size", 1),
    "ten megabytes": (b"- 12345678\n" * 1_000_000, "size", 0),
    "a NUL": ("a: 1\nb: \0", "yaml", 2),
    "a NUL after accents": ("é" * 50 + "\n\0" + "\n" * 80, "yaml", 2),
    "a bell": ("a: 1\nb: \a", "yaml", 2),
    "half a character": ('a: "\\ud800"', "yaml", 1),
    "half a character, raw": ("a: \ud800", "yaml", 1),
    "not UTF-8": (b"a: 1\nb: 2\nc: \xe9", "encoding", 3),
    "UTF-16": ("a: é".encode("utf-16"), "encoding", 1),
    "a quotation mark that is not closed": ("a: 1\nb: 'x\n" + "y\n" * 9, "yaml", 12),
    "a tabulator for indentation": ("a:\n\tb: 1", "yaml", 2),
    "a colon too many": ("a: b: c", "yaml", 1),
    "a bracket too many": ("a: 1\nb: [2]]", "yaml", 2),
    "commas": ("[" + "," * 900_000 + "]", "yaml", 1),
    "another version of YAML": ("%YAML 3.0\n---\na: 1", "yaml", 1),
}


def refusal(text: str | bytes) -> Problem:
    with pytest.raises(ContentError) as caught:
        parse_yaml(text, "file.yaml")
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_plain_data_is_refused_in_no_time_with_its_line(name: str) -> None:
    text, rule, line = HOSTILE[name]
    start = time.perf_counter()
    problem = refusal(text)
    assert (problem.place, problem.rule) == (Place("file.yaml", line), rule)
    assert problem.message
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("text", "words"), [("b: *a", "please write the value out"), ("a: !!int 2", "please remove it")]
)
def test_a_refusal_says_what_to_do(text: str, words: str) -> None:
    assert words in refusal(text).message


def test_a_double_key_is_told_with_the_line_of_the_first() -> None:
    assert refusal("a: 1\nb: 2\na: 3").message == "'a' stands here a second time (first in line 1)"


@pytest.mark.parametrize(
    "word", ["yes", "no", "NO", "on", "off", "Yes", "TRUE", "True", "Null", "0x1F", "1e3", "1_000"]
)
def test_words_that_other_readers_change_stay_text(word: str) -> None:
    assert parse_yaml(f"a: {word}", "f").data == {"a": word}


@pytest.mark.parametrize("word", ["2018-09", "2018-09-30", "12:30", "010", "+1", ".5", "1.", ".inf", "0o17", "9" * 19])
def test_what_only_looks_like_a_number_stays_text(word: str) -> None:
    assert parse_yaml(f"a: {word}", "f").data == {"a": word}


@pytest.mark.parametrize(
    ("word", "value"),
    [("true", True), ("false", False), ("null", None), ("~", None), ("7", 7), ("-7", -7), ("1.50", 1.5)],
)
def test_true_false_null_and_numbers_are_read_and_quoted_ones_are_text(word: str, value: Any) -> None:
    assert parse_yaml(f"[{word}, '{word}']", "f").data == [value, word]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\n\n"])
def test_an_empty_file_holds_nothing(text: str) -> None:
    assert parse_yaml(text, "f").data is None


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse_yaml(b"\xef\xbb\xbfa: 1", "f").data == {"a": 1}


def test_a_file_may_be_a_megabyte_and_not_a_byte_more() -> None:
    assert parse_yaml(b"#" * MAX_BYTES, "f").data is None
    assert refusal(b"#" * (MAX_BYTES + 1)).rule == "size"


def test_twenty_levels_are_read_and_no_more() -> None:
    assert parse_yaml("[" * 20 + "]" * 20, "f").data is not None
    assert refusal("[" * 21 + "]" * 21).rule == "depth"


def test_each_value_has_its_line() -> None:
    places = parse_yaml("a:\n  - b: 1\n    c:\n      2\n  - x\n", "f").places
    assert places.of(("a", 0, "c")) == Place("f", 3)
    assert places.of(("a", 1)) == Place("f", 5)
    assert places.of(("a", 0, "missing", "deeper")) == Place("f", 2)


def test_a_merge_key_is_an_ordinary_key() -> None:
    assert parse_yaml("<<: {a: 1}\nb: 2", "f").data == {"<<": {"a": 1}, "b": 2}


@settings(deadline=None)
@given(st.text() | st.text(alphabet="ab:- \n\t[]{},&*!?|>'\"%@`#~\\0") | st.binary())
def test_any_text_is_read_or_refused_and_nothing_else_happens(text: str | bytes) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        parse_yaml(text, "f")
    except ContentError as error:
        problems = error.problems
    assert all(problem.message and problem.place.file == "f" for problem in problems)


class Quoting(yaml.SafeDumper):
    """Writes every text in quotation marks, and every value out."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


Quoting.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(PLAIN)
def test_plain_data_that_was_written_is_read_as_it_was(data: Any) -> None:
    assert parse_yaml(yaml.dump(data, Dumper=Quoting), "f").data == data
