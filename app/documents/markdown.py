"""The snapshot as Markdown (CommonMark with tables), every character of the text escaped that could mean something."""

import re
from collections.abc import Iterator

from scoring.snapshot import ConventionRow, DocumentSentence, Section, Snapshot, SourceEntry

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_LINE_START = re.compile(r"^(\s*)([-+=]|[0-9]+[.)])")


def render(snapshot: Snapshot) -> bytes:
    """The document in UTF-8; each sentence is preceded by a comment with its id, finding and answer version."""
    return ("\n\n".join(_blocks(snapshot)) + "\n").encode()


def escape(text: str) -> str:
    """The text so that Markdown shows it literally.

    >>> escape("[x] <b> *y*")
    '\\\\[x\\\\] \\\\<b\\\\> \\\\*y\\\\*'
    """
    return _line_start(_inline(text))


def _inline(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _line_start(escaped: str) -> str:
    """A line must not begin as a list item does."""
    return _LINE_START.sub(lambda found: found[1] + found[2][:-1] + "\\" + found[2][-1], escaped)


def _blocks(snapshot: Snapshot) -> Iterator[str]:
    yield f"# {escape(snapshot.title)}"
    yield f"{escape(snapshot.programme)}  \n{escape(snapshot.country_formal)}  \n{escape(snapshot.date_text)}"
    yield escape(snapshot.round_text)
    if snapshot.draft_notice:
        yield f"**{escape(snapshot.draft_notice)}**"
    yield from (escape(text) for text in snapshot.introduction[:-1])
    yield f"{escape(snapshot.introduction[-1])}[^1]"
    yield f"[^1]: {escape(snapshot.footnote)}"
    yield f"*{escape(snapshot.disclaimer)}*"
    yield f"## {escape(snapshot.key_findings)}"
    for domain in snapshot.domains:
        yield f"### {domain.number}. {escape(domain.title)}"
        for section in domain.sections:
            yield from _section(section)
    yield f"## {escape(snapshot.sources_heading)}"
    yield escape(snapshot.sources_introduction)
    if snapshot.sources:
        yield "\n".join(_source(source) for source in snapshot.sources)


def _section(section: Section) -> Iterator[str]:
    yield f"#### {section.number}. {escape(section.heading)}"
    if section.introduction:
        yield escape(section.introduction)
    if section.rows:
        head = f"| {' | '.join(map(escape, section.columns))} |\n| --- | --- |"
        yield "\n".join([head, *(_row(row) for row in section.rows)])
    for paragraph in section.paragraphs:
        yield "\n".join(_sentence(sentence) for sentence in paragraph.sentences)
    if section.empty:
        yield f"*{escape(section.empty)}*"


def _row(row: ConventionRow) -> str:
    remarks = [*row.notes, *([row.conflict] if row.conflict else [])]
    return f"| {escape(row.name)} | {'<br>'.join(map(escape, (row.status, *remarks)))} |"


def _sentence(sentence: DocumentSentence) -> str:
    text = "".join(
        f"[{_inline(span.text)}](<{span.href}>)" if span.href else _inline(span.text) for span in sentence.spans
    )
    origin = sentence.provenance
    version = "" if origin.answer_version is None else f" v{origin.answer_version}"
    return f"{_line_start(text)} <!-- {sentence.id} {origin.finding}{version} -->"


def _source(source: SourceEntry) -> str:
    title = f"[{escape(source.title)}](<{source.href}>)" if source.href else escape(source.title)
    about = [source.kind, *([source.date] if source.date else []), ", ".join(source.indicators)]
    return f"- {title} ({escape('; '.join(about))})"
