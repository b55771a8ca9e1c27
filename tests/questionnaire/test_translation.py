"""Translations: every text is there to be translated, and a translation keeps what the texts are made of."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from questionnaire.compiled import CompiledInstrument, content_hash
from questionnaire.loader import load_instrument, read_content
from questionnaire.model import FindingRule, Instrument
from questionnaire.problems import ContentError
from questionnaire.translation import check_catalogue, messages, read_catalogue, template, translated

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture(scope="module")
def base() -> Instrument:
    return read_content(Path(__file__).parent / "base").instrument


def pseudo(text: str) -> str:
    """The text with its letters changed, and its placeholders as they were."""
    return "".join(part if part.startswith("{") else part.swapcase() for part in re.split(r"(\{\w+\})", text))


def pseudo_catalogue(instrument: Instrument) -> dict[tuple[str, str], str]:
    return {(message.context, message.text): pseudo(message.text) for message in messages(instrument)}


def problem_of(base: Instrument, old: str, new: str) -> str:
    """What is said of a translation in which one text became another."""
    catalogue = {key: new if text == old else text for key, text in {k: k[1] for k in pseudo_catalogue(base)}.items()}
    return " ".join(problem.message for problem in check_catalogue(base, catalogue, "fr.po"))


def test_every_sentence_is_there_to_be_translated(instrument: CompiledInstrument) -> None:
    texts = {message.text for message in messages(instrument.source)}
    for indicator in instrument.source.indicators:
        assert {indicator.title, *(question.text for question in indicator.questions)} <= texts
        assert {rule.text for rule in indicator.findings if isinstance(rule, FindingRule)} <= texts
        options = [option for question in indicator.questions for option in getattr(question, "options", ())]
        assert {text for option in options for text in (option.label, option.phrase) if text} <= texts


def test_every_fixed_text_and_name_is_there_to_be_translated(instrument: CompiledInstrument) -> None:
    texts = {message.text for message in messages(instrument.source)}
    fixed = instrument.source.texts
    assert {*fixed.introduction, *fixed.statuses.values(), fixed.title, fixed.disclaimer} <= texts
    assert {convention.name for convention in instrument.source.conventions} <= texts
    assert {kind.label for kind in instrument.source.source_kinds} <= texts
    assert {subdomain.title for domain in instrument.source.domains for subdomain in domain.subdomains} <= texts


def test_what_is_no_text_is_not_there(base: Instrument) -> None:
    texts = {message.text for message in messages(base)}
    assert texts.isdisjoint({"health-access", "well_developed", "choice", "1.01", "en_GB", "poor", "groups"})
    assert "A right of some groups can be widened." not in texts


def test_each_text_has_a_context_of_its_own(instrument: CompiledInstrument) -> None:
    contexts = [message.context for message in messages(instrument.source)]
    assert len(set(contexts)) == len(contexts)
    assert "health-access.questions.groups.options.all.label" in contexts


def test_a_context_stays_when_an_indicator_moves(base: Instrument) -> None:
    subdomains = base.domains[0].subdomains[::-1]
    moved = base.model_copy(update={"domains": (base.domains[0].model_copy(update={"subdomains": subdomains}),)})
    contexts = [{m.context for m in messages(i) if m.context.startswith("health-access.")} for i in (base, moved)]
    assert contexts[0] == contexts[1] != set()


def test_a_translation_changes_texts_and_nothing_else(base: Instrument) -> None:
    other = translated(base, pseudo_catalogue(base))
    assert [m.text for m in messages(other)] == [pseudo(m.text) for m in messages(base)]
    assert [m.context for m in messages(other)] == [m.context for m in messages(base)]


def test_a_translation_there_and_back_is_the_same_instrument(instrument: CompiledInstrument) -> None:
    there = translated(instrument.source, pseudo_catalogue(instrument.source))
    assert content_hash(there) != instrument.content_hash
    assert content_hash(translated(there, pseudo_catalogue(there))) == instrument.content_hash


def test_a_text_without_translation_stays_as_it_is(base: Instrument) -> None:
    assert translated(base, {}) == base


def test_a_full_translation_has_no_problem(instrument: CompiledInstrument) -> None:
    assert check_catalogue(instrument.source, pseudo_catalogue(instrument.source), "fr.po") == []


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("Ouvert à {which}[, selon {law}].", "other placeholders or optional parts"),
        ("Ouvert {in_country} à {which}, selon {law}.", "other placeholders or optional parts"),
        ("Ouvert {in_country} à {which}[, selon {loi}].", "other placeholders or optional parts"),
        ("Ouvert {in_country}[ à {which}][, selon {law}].", "other placeholders or optional parts"),
        ("Ouvert {in_country} à {which}[, selon {law}.", "please add the ]"),
        ("Ouvert {in_country} à {which}[, selon {law].", "stands alone"),
        ("[Selon {law}, o]uvert à {which} {in_country}.", ""),
    ],
)
def test_a_translation_keeps_placeholders_and_optional_parts_in_any_order(
    base: Instrument, new: str, words: str
) -> None:
    told = problem_of(base, "Health care {in_country} is open to {which}[, under {law}].", new)
    assert words in told
    assert bool(words) == bool(told)


def test_a_bracket_in_a_label_is_only_a_bracket(base: Instrument) -> None:
    assert problem_of(base, "All migrants", "Tous [les migrants") == ""


def test_a_text_that_is_not_translated_is_named_with_its_context(base: Instrument) -> None:
    found = check_catalogue(base, {}, "fr.po")
    assert len(found) == len(list(messages(base)))
    assert {problem.rule for problem in found} == {"untranslated"}
    assert "fr.po: health-access.title: no translation of: Access to health care [untranslated]" in map(str, found)


def test_the_template_opens_in_a_translators_tool(instrument: CompiledInstrument) -> None:
    catalogue = read_po(io.BytesIO(template(instrument.source)), abort_invalid=True)
    assert catalogue.charset == "utf-8"
    found = [(message.context, message.id) for message in catalogue if message.id]
    assert found == [(message.context, message.text) for message in messages(instrument.source)]


def test_a_catalogue_holds_what_is_finished() -> None:
    entries = 'msgctxt "c"\nmsgid "a"\nmsgstr "A"\n\n#, fuzzy\nmsgid "b"\nmsgstr "B"\n\nmsgid "d"\nmsgstr ""\n'
    assert read_catalogue((HEADER + entries).encode(), "fr.po") == {("c", "a"): "A"}


@pytest.mark.parametrize(
    "data",
    [
        b"Bonjour",
        b"\xff\xfe",
        b'msgid "a"\nmsgstr[x] "b"\n',
        HEADER.replace("utf-8", "utf-9").encode() + b'msgid "a"\nmsgstr "b"\n',
        HEADER.replace('"Content-Type', '"PO-Revision-Date: yesterday\\n"\n"Content-Type').encode(),
        HEADER.replace('"Content-Type', '"Language: !!\\n"\n"Content-Type').encode(),
    ],
)
def test_what_is_no_catalogue_is_refused_by_its_name(data: bytes) -> None:
    with pytest.raises(ContentError, match=r"fr\.po.*: this is not a gettext catalogue"):
        read_catalogue(data, "fr.po")


def test_an_instrument_with_a_broken_translation_is_not_loaded(tmp_path: Path) -> None:
    for path in (Path(__file__).parent / "base").rglob("*.yaml"):
        target = tmp_path / path.relative_to(Path(__file__).parent / "base")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    entry = 'msgctxt "health-access.findings.3.text"\nmsgid "Health care {in_country} is open to nationals only."\n'
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "fr.po").write_text(f'{HEADER}{entry}msgstr "Soins {{in_country."\n')
    with pytest.raises(ContentError, match="stands alone"):
        load_instrument(str(tmp_path))
