"""The country snapshot as one document model, which every format renders."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from scoring.narrate import Role

SectionKind = Literal["conventions", "well_developed", "potential"]
Copy = Literal["draft", "published"]


class DocumentPart(BaseModel):
    """A piece of the document: immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TextSpan(DocumentPart):
    """A run of text; `question` (drafts only) says which answer it came from, `source` and `href` which source it names."""

    text: str
    question: str | None = None
    source: str | None = None
    href: str | None = None


class Provenance(DocumentPart):
    """What a sentence or a row rests on.

    `finding` is the rule that was met, as `health-access#2` (empty where a convention's row has no answer). `finding`,
    `answer_version` and `edited` stand in drafts only; `sources` are ids of the document's sources.
    """

    indicator: str
    number: str
    finding: str
    answer_version: int | None
    sources: tuple[str, ...]
    edited: bool | None


class DocumentSentence(DocumentPart):
    """A sentence, or a few that belong together, with its provenance. `id` is unique: indicator and role."""

    id: str
    role: Role
    spans: tuple[TextSpan, ...]
    provenance: Provenance

    @property
    def text(self) -> str:
        """The plain text."""
        return "".join(span.text for span in self.spans)


class Paragraph(DocumentPart):
    """The sentences of one subdomain in one list."""

    subdomain: str
    sentences: tuple[DocumentSentence, ...]


class ConventionRow(DocumentPart):
    """A row of the conventions table. `conflict` (drafts only) says where the depositary's date differs."""

    id: str
    convention: str
    name: str
    status: str
    notes: tuple[str, ...]
    conflict: str | None
    provenance: Provenance


class Section(DocumentPart):
    """A numbered section: the conventions table, or one of the two lists. `empty` is told where a list has nothing in it."""

    number: str
    kind: SectionKind
    heading: str
    introduction: str | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[ConventionRow, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    empty: str | None = None


class DomainPart(DocumentPart):
    """One of the six domains."""

    number: int
    title: str
    sections: tuple[Section, ...]


class SourceEntry(DocumentPart):
    """A source in the list at the end; `indicators` are the numbers of those that rest on it."""

    id: str
    title: str
    kind: str
    date: str | None
    href: str | None
    indicators: tuple[str, ...]


class Snapshot(DocumentPart):
    """A country snapshot. All texts are in `language`; `direction` is `ltr` or `rtl`; `date` as precise as it is known."""

    format: Literal["mgi-snapshot/1"] = "mgi-snapshot/1"
    instrument: str
    content_hash: str
    country: str
    round: int
    date: str
    language: str
    direction: Literal["ltr", "rtl"]
    copy_kind: Copy
    about: str
    programme: str
    title: str
    country_name: str
    country_formal: str
    round_text: str
    date_text: str
    draft_notice: str | None
    contents_heading: str
    introduction: tuple[str, ...]
    footnote: str
    disclaimer: str
    key_findings: str
    domains: tuple[DomainPart, ...]
    sources_heading: str
    sources_introduction: str
    sources: tuple[SourceEntry, ...]
    page_text: str
