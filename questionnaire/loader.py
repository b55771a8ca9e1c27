"""Reads instruments, countries and responses from files; the one module here that touches a file system."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from questionnaire import DEFAULT_INSTRUMENT
from questionnaire.compiled import CompiledInstrument, build_tables, compile_instrument
from questionnaire.linter.prove import Proof, check_use, prove
from questionnaire.linter.references import check_references
from questionnaire.linter.walk import Content
from questionnaire.model import Country, CountryList, Instrument
from questionnaire.problems import ContentError, Place, Places, Problem
from questionnaire.problems import Path as ProblemPath
from questionnaire.strict_yaml import MAX_BYTES, Document, parse_yaml
from questionnaire.translation import Catalogue, check_catalogue, read_catalogue, translated
from questionnaire.validation import validate

CONTENT = Path(__file__).parent / "content"
EXAMPLES = Path(__file__).parent / "examples"
MAX_CATALOGUE_BYTES = 2_000_000


def read_yaml(path: Path) -> Document:
    """One YAML file as data; `ContentError` if it is missing, too large or not plain YAML."""
    return parse_yaml(_read_bytes(path, MAX_BYTES), _short(path))


def _read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a file, and one more than the limit where there are more; `ContentError` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else (error.strerror or str(error))
        raise ContentError([Problem(Place(str(path), 0), "file", "", reason)]) from None


def _short(path: Path) -> str:
    """The path as a person would look it up: within the content folder, or as given."""
    return str(path.relative_to(CONTENT)) if path.is_relative_to(CONTENT) else str(path)


def instrument_folder(name: str = DEFAULT_INSTRUMENT) -> Path:
    """The folder of a packaged instrument, or any folder given as a path."""
    return CONTENT / name if (CONTENT / name / "instrument.yaml").is_file() else Path(name)


def read_content(folder: Path) -> Content:
    """The instrument of a folder as typed data, with the place of each part; `ContentError` lists every fault of form."""
    parts: dict[str, Any] = {}
    places = Places(_short(folder / "instrument.yaml"))
    problems: list[Problem] = []
    files: list[tuple[Path, ProblemPath]] = [(folder / "conventions.yaml", ("conventions",))]
    files.append((folder / "instrument.yaml", ()))  # after the conventions: what is missing is missing here
    domains = sorted((folder / "domains").glob("*.yaml"))
    files += [(path, ("domains", number)) for number, path in enumerate(domains)]
    for path, prefix in files:
        try:
            data, where = read_yaml(path)
        except ContentError as error:
            problems += error.problems
            continue
        problems += _strays(data, where, prefix)
        if not problems:
            _graft(parts, places, data, where, prefix)
    if problems:
        raise ContentError(problems)
    instrument, problems = validate(Instrument, parts, places)
    if instrument is None:
        raise ContentError(problems)
    return Content(instrument, places)


def _strays(data: Any, where: Places, prefix: ProblemPath) -> Iterator[Problem]:
    """What stands in one of the two files of the instrument as a whole, but does not belong into it."""
    if prefix[:1] == ("domains",):
        return
    if not isinstance(data, dict):
        yield Problem(where.of(()), "format", "", "this file should be a mapping of fields")
        return
    for key in data:
        if key == "domains" or (key == "conventions") != (prefix == ("conventions",)):
            message = f"{key}: this field does not belong into this file; please remove it or check its spelling"
            yield Problem(where.of((key,)), "format", "", message)


def _graft(parts: dict[str, Any], places: Places, data: Any, where: Places, prefix: ProblemPath) -> None:
    """Put the data of one file into its place of the whole."""
    if prefix[:1] == ("domains",):
        parts.setdefault("domains", []).append(data)
        places.graft(prefix, where)
    else:
        parts |= data
        places.graft((), where)


def read_countries(language: str) -> dict[str, Country]:
    """The countries' names and forms in a language, by ISO code."""
    data, places = read_yaml(CONTENT / "countries" / f"{language}.yaml")
    listed, problems = validate(CountryList, data, places)
    if listed is None:
        raise ContentError(problems)
    return {country.code: country for country in listed.countries}


def _all_countries(source: str, languages: Iterable[str]) -> dict[str, dict[str, Country]]:
    """The countries in the source language and in each other one, which must name the same ones."""
    countries = {language: read_countries(language) for language in (source, *languages)}
    for language, listed in countries.items():
        missing = sorted(countries[source].keys() - listed.keys())
        if missing:
            place = Place(f"countries/{language}.yaml", 0)
            raise ContentError([Problem(place, "format", "", f"these countries are missing: {', '.join(missing)}")])
    return countries


def read_catalogues(folder: Path) -> dict[str, Catalogue]:
    """The translations that stand beside an instrument, by language; `ContentError` lists all that cannot be read."""
    catalogues: dict[str, Catalogue] = {}
    problems: list[Problem] = []
    for path in sorted((folder / "locale").glob("*.po")):
        try:
            catalogues[path.stem] = read_catalogue(_catalogue_bytes(path), _short(path))
        except ContentError as error:
            problems += error.problems
    if problems:
        raise ContentError(problems)
    return catalogues


def _catalogue_bytes(path: Path) -> bytes:
    data = _read_bytes(path, MAX_CATALOGUE_BYTES)
    if len(data) > MAX_CATALOGUE_BYTES:
        message = f"the file is larger than {MAX_CATALOGUE_BYTES // 1000:,} kB, more than any instrument's texts"
        raise ContentError([Problem(Place(_short(path), 0), "size", "", message)])
    return data


@lru_cache(maxsize=8)
def load_instrument(name: str = DEFAULT_INSTRUMENT) -> CompiledInstrument:
    """A packaged instrument by its id, or one by its folder; `ContentError` if it cannot be relied on."""
    folder = instrument_folder(name)
    content = read_content(folder)
    problems = check_references(content)
    if problems:
        raise ContentError(problems)
    tables = build_tables(content.instrument)
    catalogues = read_catalogues(folder)
    problems = check_use(content, tables)
    problems += [problem for problem in _check_catalogues(content, catalogues) if problem.rule != "untranslated"]
    if problems:
        raise ContentError(problems)
    translations = {language: translated(content.instrument, catalogue) for language, catalogue in catalogues.items()}
    countries = _all_countries(content.instrument.language, translations)
    return compile_instrument(content.instrument, tables, translations, countries)


def lint_instrument(name: str = DEFAULT_INSTRUMENT) -> Proof:
    """The proof of an instrument and of its translations; faults of form are among its problems, and nothing is raised.

    Whether the countries are there in each language is looked at once nothing else is wrong.
    """
    folder = instrument_folder(name)
    try:
        content = read_content(folder)
        catalogues = read_catalogues(folder)
    except ContentError as error:
        return Proof(0, 0, 0, 0, 0, 0, error.problems)
    proof = prove(content)
    problems = (*proof.problems, *_check_catalogues(content, catalogues))
    if not problems:
        try:
            _all_countries(content.instrument.language, catalogues)
        except ContentError as error:
            problems = error.problems
    return proof._replace(problems=problems)


def _check_catalogues(content: Content, catalogues: Mapping[str, Catalogue]) -> Iterator[Problem]:
    """What is wrong with the translations, and a text that has none is one of them."""
    for language, catalogue in catalogues.items():
        if language == content.instrument.language:
            message = (
                f"the texts are written in '{language}'; please change them in the instrument, and remove this file"
            )
            yield Problem(Place(f"locale/{language}.po", 0), "translation", "locales", message)
        if language not in content.instrument.locales:
            message = f"there is no locale for '{language}', into which the texts are translated"
            yield content.problem(("locales",), "unknown-locale", "locales", message)
        yield from check_catalogue(content.instrument, catalogue, f"locale/{language}.po")
