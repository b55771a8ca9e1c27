"""Puts a narrative into the order and the sections of a country snapshot."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from babel import Locale

from questionnaire.model import Area, Domain, FindingRule, Instrument, RatificationQuestion
from questionnaire.response import Answer, Ratification, named_sources
from questionnaire.wording import date_text
from scoring.evaluate import Conclusion, conclude
from scoring.narrate import Finding, Narrative, Span, Writer, writer_for
from scoring.snapshot import (
    ConventionRow,
    Copy,
    DocumentSentence,
    DomainPart,
    Paragraph,
    Provenance,
    Section,
    Snapshot,
    SourceEntry,
    TextSpan,
)


def build_snapshot(narrative: Narrative, copy: Copy = "draft", edits: Mapping[str, str] | None = None) -> Snapshot:
    """The document of a narrative. The same input gives the same document; its date is the response's.

    `edits` are the texts that a reviewer has put in the place of sentences, by the sentences' ids, as
    `health-access.finding`; one whose sentence is not in the document is not used.
    """
    return _Assembly(narrative, copy, edits or {}).snapshot()


class _Assembly:
    def __init__(self, narrative: Narrative, copy: Copy, edits: Mapping[str, str]) -> None:
        self.narrative = narrative
        self.edits = edits
        self.result = narrative.result
        self.response = self.result.response
        self.draft = copy == "draft"
        self.writer: Writer = writer_for(self.result.instrument, narrative.country, narrative.language)
        self.instrument: Instrument = self.writer.instrument
        self.texts = self.instrument.texts
        self.cited: dict[str, set[str]] = {}
        self.guests: dict[str, list[Finding]] = {}
        for finding in narrative.findings.values():
            if finding.beside:
                self.guests.setdefault(finding.beside, []).append(finding)

    def snapshot(self) -> Snapshot:
        texts, fixed = self.texts, self.writer.fixed
        date = date_text(self.response.date, self.writer.locale)
        formal = self.writer.country["formal"]
        domains = tuple(self._domain(domain) for domain in self.instrument.domains)
        sources = tuple(self._sources())
        introduction = texts.sources_introduction if sources else texts.no_sources
        return Snapshot(
            instrument=self.result.instrument.id,
            content_hash=self.result.instrument.content_hash,
            country=self.response.country,
            round=self.response.round,
            date=self.response.date,
            language=self.narrative.language,
            direction="rtl" if Locale.parse(self.writer.locale).text_direction == "rtl" else "ltr",
            copy_kind="draft" if self.draft else "published",
            about=fixed(texts.about_document),
            programme=fixed(texts.programme),
            title=fixed(texts.title),
            country_name=self.writer.country["name"],
            country_formal=formal[:1].upper() + formal[1:],
            round_text=fixed(texts.round, round=str(self.response.round)),
            date_text=fixed(texts.date, date=date),
            draft_notice=fixed(texts.draft_notice) if self.draft else None,
            contents_heading=fixed(texts.contents),
            introduction=tuple(fixed(text, hereafter=self._hereafter()) for text in texts.introduction),
            footnote=fixed(texts.footnote),
            disclaimer=fixed(texts.disclaimer),
            key_findings=fixed(texts.key_findings),
            domains=domains,
            sources_heading=fixed(texts.sources_heading),
            sources_introduction=fixed(introduction),
            sources=sources,
            page_text=texts.page,
        )

    def _hereafter(self) -> str | None:
        """The short form of the country's name, where it differs from the formal one."""
        forms = self.writer.country
        return None if forms["formal"] in (forms["country"], forms["name"]) else forms["country"]

    def _domain(self, domain: Domain) -> DomainPart:
        sections = [self._table(domain)] if any(map(is_convention, map(self._conclusion, _ids(domain)))) else []
        number = len(sections) + 1
        sections.append(self._list(domain, f"{domain.number}.{number}", "well_developed"))
        sections.append(self._list(domain, f"{domain.number}.{number + 1}", "potential"))
        return DomainPart(number=domain.number, title=domain.title, sections=tuple(sections))

    def _conclusion(self, indicator_id: str) -> Conclusion:
        return conclude(self.result, indicator_id)

    def _list(self, domain: Domain, number: str, area: Area) -> Section:
        paragraphs = []
        for subdomain in domain.subdomains:
            sentences = [
                sentence
                for indicator in subdomain.indicators
                for finding in self._printed(indicator.id, area)
                for sentence in self._sentences(finding)
            ]
            if sentences:
                paragraphs.append(Paragraph(subdomain=subdomain.title, sentences=tuple(sentences)))
        well_developed = area == "well_developed"
        heading = self.texts.well_developed_heading if well_developed else self.texts.potential_heading
        return Section(
            number=number,
            kind=area,
            heading=self.writer.fixed(heading),
            paragraphs=tuple(paragraphs),
            empty=None if paragraphs else self._nothing(domain, area),
        )

    def _nothing(self, domain: Domain, area: Area) -> str:
        """What an empty list says."""
        text = self.texts.nothing_well_developed if area == "well_developed" else self.texts.nothing_potential
        if any(self._conclusion(indicator_id).leaf.kind == "not_answered" for indicator_id in _ids(domain)):
            text = self.texts.nothing_yet
        return self.writer.fixed(text)

    def _printed(self, indicator_id: str, area: Area) -> Iterator[Finding]:
        """An indicator's finding if it stands in this list, and right after it those that qualify it."""
        finding = self.narrative.findings.get(indicator_id)
        if finding is not None and finding.area == area and finding.beside is None:
            yield finding
            yield from self.guests.get(indicator_id, ())

    def _sentences(self, finding: Finding) -> Iterator[DocumentSentence]:
        provenance = self._provenance(self._conclusion(finding.indicator))
        for told in finding.told:
            sentence_id = f"{finding.indicator}.{told.role}"
            edited = self.edits.get(sentence_id)
            yield DocumentSentence(
                id=sentence_id,
                role=told.role,
                spans=tuple(map(self._span, told.spans)) if edited is None else (TextSpan(text=edited),),
                provenance=provenance if edited is None else self._of_an_edit(provenance),
            )

    def _of_an_edit(self, provenance: Provenance) -> Provenance:
        return provenance.model_copy(update={"edited": True}) if self.draft else provenance

    def _span(self, span: Span) -> TextSpan:
        question = span.question if self.draft else None
        return TextSpan.model_construct(text=span.text, question=question, source=span.source, href=span.href)

    def _provenance(self, conclusion: Conclusion) -> Provenance:
        answer = conclusion.answer
        told = answer is not None and conclusion.leaf.kind in ("finding", "row")
        sources = list(dict.fromkeys(self._rests_on(conclusion, answer))) if answer and told else []
        for source in sources:
            self.cited.setdefault(source, set()).add(conclusion.indicator.number)
        return Provenance(
            indicator=conclusion.indicator.id,
            number=conclusion.indicator.number,
            finding=conclusion.finding_id if self.draft else "",
            answer_version=answer.version if answer and self.draft else None,
            sources=tuple(sources),
            edited=False if self.draft else None,
        )

    def _rests_on(self, conclusion: Conclusion, answer: Answer) -> Iterator[str]:
        """The ids of the sources of an answer; in a published copy only of those that are public."""
        asked = [question for question in conclusion.indicator.questions if question.id in conclusion.leaf.asked]
        for source_id in named_sources(asked, answer):
            if self.draft or self.writer.is_public(self.response.sources[source_id]):
                yield source_id

    def _sources(self) -> Iterable[SourceEntry]:
        """The sources that were cited, by title. Called after all findings are placed."""
        entries = [
            SourceEntry(
                id=source_id,
                title=source.title,
                kind=next(kind.label for kind in self.instrument.source_kinds if kind.id == source.kind),
                date=date_text(source.date, self.writer.locale) if source.date else None,
                href=source.url,
                indicators=tuple(sorted(self.cited[source_id])),
            )
            for source_id, source in self.response.sources.items()
            if source_id in self.cited
        ]
        return sorted(entries, key=lambda entry: (entry.title.casefold(), entry.id))

    def _table(self, domain: Domain) -> Section:
        rows = {}
        for indicator_id in _ids(domain):
            conclusion = self._conclusion(indicator_id)
            if is_convention(conclusion):
                row = self._row(conclusion)
                rows[row.convention] = row
        order = [convention.id for convention in self.instrument.conventions if convention.id in rows]
        return Section(
            number=f"{domain.number}.1",
            kind="conventions",
            heading=self.writer.fixed(self.texts.conventions_heading),
            introduction=self.writer.fixed(self.texts.conventions_introduction),
            columns=(self.writer.fixed(self.texts.convention_column), self.writer.fixed(self.texts.ratified_column)),
            rows=tuple(rows[convention] for convention in order),
        )

    def _row(self, conclusion: Conclusion) -> ConventionRow:
        question = _ratification(conclusion)
        convention = next(c for c in self.instrument.conventions if question and c.id == question.convention)
        told = tell_row(self.writer, conclusion)
        return ConventionRow(
            id=f"{conclusion.indicator.id}.row",
            convention=convention.id,
            name=convention.name,
            status=told.status,
            notes=told.notes,
            conflict=self._conflict(told.year, convention.depositary_dates.get(self.response.country)),
            provenance=self._provenance(conclusion),
        )

    def _conflict(self, year: int | None, depositary: int | None) -> str | None:
        if not self.draft or year is None or depositary in (None, year):
            return None
        return self.writer.fixed(self.texts.conflict, year=str(year), depositary_year=str(depositary))


def _ids(domain: Domain) -> list[str]:
    return [indicator.id for indicator in domain.indicators]


def _ratification(conclusion: Conclusion) -> RatificationQuestion | None:
    return next((q for q in conclusion.indicator.questions if isinstance(q, RatificationQuestion)), None)


def is_convention(conclusion: Conclusion) -> bool:
    """Whether the indicator is told as a row of the conventions table, and by no sentence."""
    return not any(isinstance(rule, FindingRule) for rule in conclusion.indicator.findings) and bool(
        _ratification(conclusion)
    )


class ToldRow(NamedTuple):
    """What a row of the conventions table says of a convention; `year` where one is given."""

    status: str
    notes: tuple[str, ...]
    year: int | None


def tell_row(writer: Writer, conclusion: Conclusion) -> ToldRow:
    """The status in words, and beside it reservations, detail and qualifier; an unanswered convention has a text too."""
    texts = writer.instrument.texts
    question, answer = _ratification(conclusion), conclusion.answer
    value = answer.values.get(question.id) if answer and question and conclusion.leaf.kind == "row" else None
    if answer is None or not isinstance(value, Ratification):
        return ToldRow(writer.fixed(texts.status_unknown), (), None)
    status = writer.fixed(texts.statuses[value.status], year=str(value.year) if value.year else None)
    notes = (value.reservations, answer.detail, answer.qualifier)
    return ToldRow(status, tuple(text for text in notes if text), value.year)
