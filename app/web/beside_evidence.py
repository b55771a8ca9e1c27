"""The files of an indicator as a page shows them: kind and size in words, and who may add or change them."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from app.assessments.own_assignments import own_ministries
from app.assessments.responses import seen_sources
from app.errors import WrongState
from app.evidence.attaching import AttachedFile, list_evidence
from app.evidence.contents import CSV, JPEG, PDF, PNG, TEXT, TIFF
from app.evidence.packages import DOCX, ODS, ODT, PPTX, XLSX
from app.people.ministries import list_ministries
from app.web.done import translatable
from app.work import Work

KINDS: Mapping[str, str] = {
    PDF: translatable("PDF"),
    DOCX: translatable("Word document"),
    XLSX: translatable("Excel workbook"),
    PPTX: translatable("PowerPoint presentation"),
    ODT: translatable("OpenDocument text"),
    ODS: translatable("OpenDocument spreadsheet"),
    TEXT: translatable("Plain text"),
    CSV: translatable("Table (CSV)"),
    PNG: translatable("PNG image"),
    JPEG: translatable("JPEG image"),
    TIFF: translatable("TIFF image"),
}
KILO, MEGA = 1024, 1024 * 1024


class ShownFile(NamedTuple):
    """A file in a list. `kilobytes` and `megabytes` are its size; one of them is empty. `source` is a title, or empty."""

    id: str
    name: str
    kind: str
    kilobytes: str
    megabytes: str
    public: bool
    source: str
    added_by: str
    added_at: datetime


class Files(NamedTuple):
    """The files of an indicator. `limit` is the MB that one may have; `sources` and `ministries` are pairs of id and text.

    `ministries` are to be chosen from by those who contribute for several.
    """

    files: list[ShownFile]
    may_add: bool
    may_change: bool
    limit: str
    sources: list[tuple[str, str]]
    ministries: list[tuple[str, str]]


def files_of(work: Work, indicator: str) -> Files | None:
    """The files that the person may see; None for those who see none, and for reviewers before a submission."""
    if not work.allows("see_evidence"):
        return None
    try:
        sources = {saved.id: saved.source.title for saved in seen_sources(work)}
        files = [shown_file(file, sources) for file in list_evidence(work, indicator)]
    except WrongState:
        return None
    may_add = work.allows("add_evidence")
    return Files(
        files,
        may_add,
        work.allows("change_evidence"),
        f"{work.service.settings.evidence_limit / MEGA:.3g}",
        sorted(sources.items(), key=lambda pair: pair[1].casefold()) if may_add else [],
        _own_ministries(work, indicator) if may_add else [],
    )


def shown_file(file: AttachedFile, sources: Mapping[str, str]) -> ShownFile:
    """A file in words; `sources` are titles by id."""
    return ShownFile(
        file.id,
        file.name,
        KINDS.get(file.media_type, file.media_type),
        f"{max(1, round(file.size / KILO))}" if file.size < MEGA else "",
        f"{file.size / MEGA:.1f}" if file.size >= MEGA else "",
        file.public,
        sources.get(file.source_id or "", ""),
        file.added_by,
        file.added_at,
    )


def _own_ministries(work: Work, indicator: str) -> list[tuple[str, str]]:
    own = own_ministries(work, indicator)
    if len(own) < 2 or "focal_point" in work.roles:
        return []
    return [(ministry.id, ministry.name) for ministry in list_ministries(work) if ministry.id in own]
