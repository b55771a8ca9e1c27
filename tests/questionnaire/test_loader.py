"""A language is whole only with its catalogue, its locale and its countries."""

import shutil
from pathlib import Path

import pytest

from questionnaire import loader
from questionnaire.compiled import CompiledInstrument
from questionnaire.problems import ContentError
from scoring.assemble import build_snapshot
from scoring.evaluate import Result, evaluate
from scoring.narrate import narrate


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the packaged content with a beginning of a French translation."""
    shutil.copytree(loader.CONTENT, tmp_path / "content")
    monkeypatch.setattr(loader, "CONTENT", tmp_path / "content")
    folder = tmp_path / "content" / "mgi-2018"
    (folder / "locale").mkdir()
    catalogue = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgctxt "texts.key_findings"\n'
    (folder / "locale" / "fr.po").write_text(catalogue + 'msgid "Key findings"\nmsgstr "Principales constatations"\n')
    text = (folder / "instrument.yaml").read_text(encoding="utf-8")
    (folder / "instrument.yaml").write_text(text.replace("locales: {en: en_GB}", "locales: {en: en_GB, fr: fr_FR}"))
    return tmp_path / "content"


def test_a_translation_without_its_countries_is_refused(content: Path) -> None:
    with pytest.raises(ContentError, match=r"fr\.yaml: there is no such file"):
        loader.load_instrument(str(content / "mgi-2018"))


@pytest.mark.parametrize("kind", ["folder", "dangling link"])
def test_a_catalogue_that_cannot_be_read_is_a_problem_and_no_traceback(content: Path, kind: str) -> None:
    path = content / "mgi-2018" / "locale" / "ky.po"
    if kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("nowhere")
    problems = loader.lint_instrument(str(content / "mgi-2018")).problems
    assert [(problem.place.file, problem.rule) for problem in problems] == [(str(path), "file")]
    with pytest.raises(ContentError, match=r"ky\.po: .* \[file\]"):
        loader.load_instrument(str(content / "mgi-2018"))


def test_a_catalogue_of_the_source_language_is_refused(content: Path) -> None:
    shutil.copy(content / "countries" / "en.yaml", content / "countries" / "fr.yaml")
    folder = content / "mgi-2018" / "locale"
    (folder / "fr.po").rename(folder / "en.po")
    with pytest.raises(ContentError, match="the texts are written in 'en'"):
        loader.load_instrument(str(content / "mgi-2018"))


def test_a_country_that_a_language_leaves_out_is_named(content: Path) -> None:
    lines = (content / "countries" / "en.yaml").read_text(encoding="utf-8").splitlines()
    (content / "countries" / "fr.yaml").write_text("\n".join(line for line in lines if "code: KG" not in line))
    with pytest.raises(ContentError, match="these countries are missing: KG"):
        loader.load_instrument(str(content / "mgi-2018"))


def test_a_document_in_another_language_is_told_in_it(content: Path, result: Result) -> None:
    shutil.copy(content / "countries" / "en.yaml", content / "countries" / "fr.yaml")
    instrument: CompiledInstrument = loader.load_instrument(str(content / "mgi-2018"))
    document = build_snapshot(narrate(evaluate(instrument, result.response), "KG", "fr"))
    assert (document.language, document.key_findings) == ("fr", "Principales constatations")
    assert document.date_text == "septembre 2018"
    told = document.model_dump_json()
    assert all(words in told for words in ("russe", "kirghize", " et "))


def test_the_hash_pins_the_source_texts_and_not_the_translations(content: Path, instrument: CompiledInstrument) -> None:
    shutil.copy(content / "countries" / "en.yaml", content / "countries" / "fr.yaml")
    changed = loader.load_instrument(str(content / "mgi-2018"))
    assert changed.content_hash != instrument.content_hash  # the list of locales is part of the instrument
    assert len(changed.content_hash) == 64
