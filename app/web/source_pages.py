"""Pages of a country's list of sources: seen, added, changed, taken off."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Response

from app.api.calls import Call, Id, SourceName, may
from app.assessments.instruments import instrument_of
from app.assessments.responses import find_source, indicators_naming, seen_response, seen_sources
from app.assessments.source_saving import remove_source, save_source
from app.assessments.sources import SavedSource, list_sources
from app.errors import Conflict, Invalid, Refusal, Stale
from app.web.answer_words import is_public
from app.web.early import draw_early, is_early
from app.web.fields import Fields, Posted, base_after
from app.web.frame import frame_of
from app.web.rendering import draw, see_other
from app.web.source_names import new_source_id
from app.work import Work
from questionnaire.model import Indicator
from questionnaire.response import Source, named_sources

router = APIRouter(prefix="/assessments/{assessment_id}/sources", include_in_schema=False)

_TEXTS = ("title", "in_text", "kind", "url", "date")
_PUBLIC = {"yes": True, "no": False}


class Listed(NamedTuple):
    """A source in the list: `public` as it is or as its kind says, and the indicators of this round that name it."""

    saved: SavedSource
    kind: str
    public: bool
    used: list[Indicator]


class Use(NamedTuple):
    """An answer of any round of the country that names a source."""

    round: int
    number: str
    title: str


@router.get("")
def show_sources(call: Annotated[Call, may("see_sources")], assessment_id: Id) -> Response:
    """The country's sources, with where this round's answers use them."""
    with call.on_assessment(assessment_id) as work:
        frame = frame_of(work)
        if is_early(work):
            return draw_early(call, frame)
        listed = _listed(work)
    return draw(call, "sources/list.html", frame=frame, listed=listed)


def _listed(work: Work) -> list[Listed]:
    instrument, used = instrument_of(work), _used(work)
    listed = []
    for saved in seen_sources(work):
        label, public = instrument.source_kinds[saved.source.kind].label, is_public(instrument, saved.source)
        listed.append(Listed(saved, label, public, used.get(saved.id, [])))
    return sorted(listed, key=lambda one: (one.saved.source.title.casefold(), one.saved.id))


def _used(work: Work) -> dict[str, list[Indicator]]:
    """By source, the indicators of this round whose answers, as far as the person sees them, name it."""
    indicators, used = instrument_of(work).indicators, dict[str, list[Indicator]]()
    for name, answer in seen_response(work).response.answers.items():
        for source_id in dict.fromkeys(named_sources(indicators[name].questions, answer)):
            used.setdefault(source_id, []).append(indicators[name])
    return used


def given_source(fields: Fields) -> dict[str, Any]:
    """A source as plain data, from the fields of a form; what was left empty is left out."""
    given: dict[str, Any] = {name: fields.one(name) for name in _TEXTS if fields.one(name)}
    if fields.one("public") in _PUBLIC:
        given["public"] = _PUBLIC[fields.one("public")]
    return given


def _as_fields(source: Source) -> Fields:
    """A source as the fields of its form."""
    public = {True: "yes", False: "no", None: ""}[source.public]
    texts = {name: str(getattr(source, name) or "") for name in _TEXTS}
    return Fields(given=texts | {"public": public})


@router.get("/new")
def show_new_source(call: Annotated[Call, may("save_source")], assessment_id: Id) -> Response:
    """The form for a source that is not in the list yet."""
    return _draw_new(call, assessment_id)


def _draw_new(call: Call, assessment_id: str, refusal: Refusal | None = None, typed: Fields | None = None) -> Response:
    with call.on_assessment(assessment_id) as work:
        frame, kinds = frame_of(work), _kinds(work)
    return draw(call, "sources/new.html", refusal=refusal, typed=typed or Fields(), frame=frame, kinds=kinds)


def _kinds(work: Work) -> list[tuple[str, str]]:
    return [(kind.id, kind.label) for kind in instrument_of(work).source_kinds.values()]


@router.post("/new")
def send_new_source(call: Annotated[Call, may("save_source")], assessment_id: Id, fields: Posted) -> Response:
    """Add a source; one that stands there with the very same words is not added twice."""
    given = given_source(fields)
    try:
        with call.on_assessment(assessment_id) as work:
            same = next((one.id for one in list_sources(work) if _says(one.source) == given), None)
            saved = same or save_source(work, new_source_id(work, fields.one("title")), given, 0).id
    except (Invalid, Stale) as refusal:
        return _draw_new(call, assessment_id, refusal, fields)
    return see_other(f"/assessments/{assessment_id}/sources#source-{saved}", done="source-added")


def _says(source: Source) -> Mapping[str, Any]:
    return source.model_dump(mode="json", exclude_none=True)


@router.get("/{source_id}")
def show_source(call: Annotated[Call, may("see_sources")], assessment_id: Id, source_id: SourceName) -> Response:
    """A source with where it is used; as a form for those who may change it."""
    return _draw_source(call, assessment_id, source_id)


def _draw_source(
    call: Call, assessment_id: str, source_id: str, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    """The page of a source. After a conflict: the form with what was typed, beside what stands there now."""
    with call.on_assessment(assessment_id) as work:
        frame, saved = frame_of(work), find_source(work, source_id)
        kinds, uses = _kinds(work), _used(work).get(source_id, [])
    return draw(
        call, "sources/source.html", refusal=refusal, typed=typed or _as_fields(saved.source),
        base=base_after(refusal, typed, saved.version), frame=frame, saved=saved, kinds=kinds, uses=uses,
        conflict=isinstance(refusal, Stale),
    )  # fmt: skip


@router.post("/{source_id}")
def send_source(
    call: Annotated[Call, may("save_source")], assessment_id: Id, source_id: SourceName, fields: Posted
) -> Response:
    """Change a source; if someone else did so meanwhile, both texts are shown and nothing is lost."""
    base = fields.base()
    try:
        with call.on_assessment(assessment_id) as work:
            find_source(work, source_id)
            save_source(work, source_id, given_source(fields), base)
    except (Invalid, Stale) as refusal:
        return _draw_source(call, assessment_id, source_id, refusal, fields)
    return see_other(f"/assessments/{assessment_id}/sources#source-{source_id}", done="source-saved")


@router.get("/{source_id}/remove")
def show_removal(call: Annotated[Call, may("save_source")], assessment_id: Id, source_id: SourceName) -> Response:
    """What taking a source off the list means, and whether answers still name it."""
    return _draw_removal(call, assessment_id, source_id)


def _draw_removal(call: Call, assessment_id: str, source_id: str, refusal: Refusal | None = None) -> Response:
    with call.on_assessment(assessment_id) as work:
        frame, saved = frame_of(work), find_source(work, source_id)
        indicators = instrument_of(work).indicators
        uses = [
            Use(year, indicators[name].number, indicators[name].title) if name in indicators else Use(year, "", name)
            for year, name in indicators_naming(work, source_id)
        ]
    return draw(call, "sources/remove.html", refusal=refusal, frame=frame, saved=saved, uses=uses)


@router.post("/{source_id}/remove")
def send_removal(
    call: Annotated[Call, may("save_source")], assessment_id: Id, source_id: SourceName, fields: Posted
) -> Response:
    """Take a source off the list."""
    base = fields.base()
    try:
        with call.on_assessment(assessment_id) as work:
            remove_source(work, source_id, base)
    except (Conflict, Stale, Invalid) as refusal:
        return _draw_removal(call, assessment_id, source_id, refusal)
    return see_other(f"/assessments/{assessment_id}/sources", done="source-removed")
