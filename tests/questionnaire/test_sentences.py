"""The form of sentences: placeholders, optional parts, and what is wrong with a bracket."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from questionnaire.sentences import OptionalPart, Placeholder, SentenceText, parse_sentence, placeholders


def test_a_sentence_is_text_placeholders_and_optional_parts() -> None:
    assert parse_sentence("Open to {which}[, under {law}].") == (
        "Open to ",
        Placeholder("which"),
        OptionalPart((", under ", Placeholder("law"))),
        ".",
    )


def test_an_optional_part_may_hold_several_placeholders() -> None:
    part = parse_sentence("[{law} of {year}]")[0]
    assert isinstance(part, OptionalPart)
    assert [inner.name for inner in part.parts if isinstance(inner, Placeholder)] == ["law", "year"]


@pytest.mark.parametrize(
    ("text", "read"), [("a {{b}} c", "a {b} c"), ("[[1]]", "[1]"), ("{{{{", "{{"), ("100 % & <b>", "100 % & <b>")]
)
def test_doubled_brackets_are_text(text: str, read: str) -> None:
    assert parse_sentence(text) == (read,)


def test_doubled_brackets_stand_beside_real_ones() -> None:
    assert parse_sentence("[ ([[{law}]])]") == (OptionalPart((" ([", Placeholder("law"), "])")),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a [b {c}", "is not closed; please add the ]"),
        ("a b {c}]", "a ] closes nothing"),
        ("a [b [c {d}] e]", "cannot stand inside another"),
        ("a [b]", "needs a {placeholder}"),
        ("a [ ]", "needs a {placeholder}"),
        ("a {b", "a { stands alone"),
        ("a b}", "a } stands alone"),
        ("a {}", "{} is not a placeholder"),
        ("a {B}", "{B} is not a placeholder"),
        ("a {b c}", "{b c} is not a placeholder"),
        ("a {b.c}", "{b.c} is not a placeholder"),
        ("a {b!r}", "{b!r} is not a placeholder"),
        ("a {0}", "{0} is not a placeholder"),
        ("a {b[0]}", "stands alone"),
    ],
)
def test_a_fault_of_a_bracket_is_named_with_the_mend(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        parse_sentence(text)


def test_placeholders_are_told_with_whether_they_are_optional() -> None:
    found = list(placeholders(parse_sentence("{which} {in_country}[, under {law} of {year}].")))
    assert found == [("which", False), ("in_country", False), ("law", True), ("year", True)]


def test_a_field_for_a_sentence_keeps_the_text_and_is_not_empty() -> None:
    field: TypeAdapter[str] = TypeAdapter(SentenceText)
    assert field.validate_python("Open to {which}.") == "Open to {which}."
    with pytest.raises(ValidationError, match="should not be empty"):
        field.validate_python("")


@settings(deadline=None)
@given(st.text(alphabet="ab{}[] \n.") | st.text())
def test_any_text_is_a_sentence_or_has_a_fault_that_is_told(text: str) -> None:
    fault = "none"
    try:
        parse_sentence(text)
    except ValueError as error:
        fault = str(error)
    assert fault


@settings(deadline=None)
@given(st.text(min_size=1))
def test_any_text_can_be_written_with_doubled_brackets(text: str) -> None:
    doubled = "".join(2 * character if character in "{}[]" else character for character in text)
    assert parse_sentence(doubled) == (text,)
