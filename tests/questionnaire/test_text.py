"""Text that people type is cleaned once, and refused where it could hide something."""

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from questionnaire.text import Phrase, Prose, Sentences, clean_text, ends_as_sentence


def refusal(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    return caught.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  The  law\nof 1993 ", "The law of 1993"),
        ("tab\tand\r\nline", "tab and line"),
        ("no\u00a0break", "no break"),
        ("line\u2028separator", "line separator"),
        (1993, "1993"),
        ("Кыргыз Республикасы", "Кыргыз Республикасы"),
        ("नेपाल", "नेपाल"),
        ("می‌خواهم", "می‌خواهم"),
        ("", ""),
    ],
)
def test_text_becomes_one_line_with_single_spaces(typed: object, kept: str) -> None:
    assert clean_text(typed) == kept


@pytest.mark.parametrize(
    "character", ["\0", "\a", "\x1b", "\x85", "\ud800", "\ue000", "\ufffe", "\ufdd0", "\U0001ffff"]
)
def test_what_is_no_character_of_a_text_is_refused_by_its_code(character: str) -> None:
    with pytest.raises(ValueError, match=f"U\\+{ord(character):04X} is refused"):
        clean_text(f"a{character}b")


@pytest.mark.parametrize("character", "\u202a\u202b\u202c\u202d\u202e")
def test_marks_that_make_a_text_read_otherwise_are_refused(character: str) -> None:
    with pytest.raises(ValueError, match="it can make a text read otherwise than it is"):
        clean_text(f"a{character}b")


@pytest.mark.parametrize("value", [None, True, 1.5, ["a"], {"a": 1}, b"a"])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="this should be text"):
        clean_text(value)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_cleaned_text_is_clean(text: str) -> None:
    try:
        once = clean_text(text)
    except ValueError:
        return
    assert clean_text(once) == once


@pytest.mark.parametrize("text", ["It is.", "Is it?", "“It is.”", "It is (so.)", "Да…", "هل هو؟", "是。", "It is so.»"])
def test_a_sentence_ends_with_a_full_stop_or_its_like(text: str) -> None:
    assert ends_as_sentence(text)


@pytest.mark.parametrize("text", ["", "It is", "It is,", "It is.)x", "It is:"])
def test_other_ends_are_no_end_of_a_sentence(text: str) -> None:
    assert not ends_as_sentence(text)


def test_full_sentences_need_a_full_stop_and_phrases_must_not_have_one() -> None:
    assert "please end it with a full stop" in refusal(Sentences, "No full stop")
    assert "please leave out the full stop" in refusal(Phrase, "A full stop.")


@pytest.mark.parametrize(("kind", "longest"), [(Phrase, 300), (Prose, 5000)])
def test_a_text_is_neither_empty_nor_longer_than_its_field(kind: Any, longest: int) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(kind)
    assert len(adapter.validate_python("x" * longest)) == longest
    assert f"at most {longest} characters; it has {longest + 1}" in refusal(kind, "x" * (longest + 1))
    assert "should not be empty" in refusal(kind, " \n ")


@pytest.mark.parametrize("kind", [Phrase, Prose, Sentences])
@pytest.mark.parametrize("text", ["\u200b\u200d", "\u200b.", ".", "—", "?!", "«»", "\u2068\u2069"])
def test_a_text_without_a_letter_or_digit_is_refused(kind: Any, text: str) -> None:
    assert "no letter or digit" in refusal(kind, text)


@pytest.mark.parametrize("text", ["Yes.", "1.", "да.", "نعم.", "是。", "हाँ."])
def test_a_letter_of_any_script_makes_a_text(text: str) -> None:
    assert TypeAdapter(Sentences).validate_python(text) == text


@pytest.mark.parametrize("text", ["\u2068A\u2069 b", "\u2066a \u2067b\u2069\u2069", "a\u200eb", "plain"])
def test_isolates_that_are_closed_are_kept(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\u2066a", "U\\+2066 is not ended"),
        ("\u2067a \u2068b\u2069", "U\\+2067 is not ended"),
        ("a\u2069", "U\\+2069 ends what was not begun"),
        ("\u2069a\u2068", "U\\+2069 ends what was not begun"),
    ],
)
def test_isolates_that_reach_beyond_the_text_are_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        clean_text(text)


@pytest.mark.parametrize("kind", [Phrase, Prose, Sentences])
@pytest.mark.parametrize(
    "text", ["A.", "A", "1993", "Да…", "«»", ".", " ", "\u200b.", "A. ", "A.\n", "\u202eA.", "x" * 301]
)
def test_the_schema_of_a_text_takes_what_the_checker_takes(kind: Any, text: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(kind)
    try:
        adapter.validate_python(text)
        taken = True
    except ValidationError:
        taken = False
    assert jsonschema.Draft202012Validator(adapter.json_schema()).is_valid(text) == taken
