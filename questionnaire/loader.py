"""Reads instruments, countries and responses from files; the one module here that touches a file system."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from questionnaire.compiled import CompiledInstrument, build_tables, compile_instrument
from questionnaire.linter.prove import Proof, prove
from questionnaire.linter.references import check_references
from questionnaire.linter.tables import check_tables
from questionnaire.linter.walk import Content
from questionnaire.model import Country, CountryList, Instrument
from questionnaire.problems import ContentError, Place, Places, Problem
from questionnaire.problems import Path as ProblemPath
from questionnaire.strict_yaml import MAX_BYTES, Document, parse_yaml
from questionnaire.translation import Catalogue, check_catalogue, read_catalogue, translated
from questionnaire.validation import validate

CONTENT = Path(__file__).parent / "content"
EXAMPLES = Path(__file__).parent / "examples"
DEFAULT_INSTRUMENT = "mgi-2018"


def read_yaml(path: Path) -> Document:
    """One YAML file as data; `ContentError` if it is missing, too large or not plain YAML."""
    try:
        with path.open("rb") as file:
            return parse_yaml(file.read(MAX_BYTES + 1), _short(path))
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
    files: list[tuple[Path, ProblemPath]] = [
        (folder / "instrument.yaml", ()),
        (folder / "conventions.yaml", ("conventions",)),
    ]
    domains = sorted((folder / "domains").glob("*.yaml"))
    files += [(path, ("domains", number)) for number, path in enumerate(domains)]
    for path, prefix in files:
        try:
            data, where = read_yaml(path)
        except ContentError as error:
            problems += error.problems
            continue
        _graft(parts, places, data, where, prefix)
    if problems:
        raise ContentError(problems)
    instrument, problems = validate(Instrument, parts, places)
    if instrument is None:
        raise ContentError(problems)
    return Content(instrument, places)


def _graft(parts: dict[str, Any], places: Places, data: Any, where: Places, prefix: tuple[str | int, ...]) -> None:
    """Put the data of one file into its place of the whole."""
    if prefix == ():
        parts |= data if isinstance(data, dict) else {}
        places.graft((), where)
    elif prefix == ("conventions",):
        parts |= data if isinstance(data, dict) else {"conventions": data}
        places.graft((), where)
    else:
        parts.setdefault("domains", []).append(data)
        places.graft(prefix, where)


def read_countries(language: str) -> dict[str, Country]:
    """The countries' names and forms in a language, by ISO code."""
    data, places = read_yaml(CONTENT / "countries" / f"{language}.yaml")
    listed, problems = validate(CountryList, data, places)
    if listed is None:
        raise ContentError(problems)
    return {country.code: country for country in listed.countries}


def read_catalogues(folder: Path) -> dict[str, Catalogue]:
    """The translations that stand beside an instrument, by language."""
    return {
        path.stem: read_catalogue(path.read_bytes(), _short(path)) for path in sorted((folder / "locale").glob("*.po"))
    }


@lru_cache(maxsize=8)
def load_instrument(name: str = DEFAULT_INSTRUMENT) -> CompiledInstrument:
    """A packaged instrument by its id, or one by its folder; `ContentError` if it cannot be relied on."""
    folder = instrument_folder(name)
    content = read_content(folder)
    problems = check_references(content)
    if problems:
        raise ContentError(problems)
    tables = build_tables(content.instrument)
    problems = check_tables(content, tables)
    if problems:
        raise ContentError(problems)
    translations = {
        language: translated(content.instrument, catalogue) for language, catalogue in read_catalogues(folder).items()
    }
    countries = {language: read_countries(language) for language in (content.instrument.language, *translations)}
    return compile_instrument(content.instrument, tables, translations, countries)


def lint_instrument(name: str = DEFAULT_INSTRUMENT) -> Proof:
    """The proof of an instrument and of its translations; faults of form are among its problems, and nothing is raised."""
    folder = instrument_folder(name)
    try:
        content = read_content(folder)
        catalogues = read_catalogues(folder)
    except ContentError as error:
        return Proof(0, 0, 0, 0, 0, 0, error.problems)
    proof = prove(content)
    found = [
        problem
        for language, catalogue in catalogues.items()
        for problem in check_catalogue(content.instrument, catalogue, f"locale/{language}.po")
    ]
    return proof._replace(problems=(*proof.problems, *found))
