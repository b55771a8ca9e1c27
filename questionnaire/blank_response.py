"""An empty response with every question as a comment beside the place of its answer."""

from collections.abc import Iterator
from textwrap import wrap

from questionnaire.compiled import CompiledInstrument
from questionnaire.model import Country, Indicator, Question

_WIDTH = 110


def blank_response(instrument: CompiledInstrument, country: Country, year: int) -> str:
    """A response file in YAML that `mgi response check` finds nothing wrong with, and everything missing from."""
    return "\n".join([*_head(instrument, country, year), *_answers(instrument)]) + "\n"


def _head(instrument: CompiledInstrument, country: Country, year: int) -> Iterator[str]:
    yield f"# {instrument.source.title}: response of {country.formal}"
    yield "# Fill in the values under each indicator. Leave a place empty, or leave a whole indicator out, until you know."
    yield "# An indicator that you cannot answer: write not_known or not_applicable with the reason, and no values."
    yield "# Check this file at any time with: mgi response check FILE"
    yield f"country: {country.code}"
    yield f"round: {year}"
    yield f"date: {year}"
    yield f"instrument: {instrument.id}"
    yield ""
    yield "# The laws, policies, agreements, bodies, statistics and reports that the answers rest on."
    yield "# Each has an id of your choice, by which the answers name it."
    yield f"# Kinds: {', '.join(kind.id for kind in instrument.source.source_kinds if not kind.stands_for_any)}"
    yield "sources:"
    yield "#  law-on-migration:"
    yield "#    title: Law on Migration"
    yield "#    in_text: the Law on Migration     # as it stands inside a sentence; the title if left out"
    yield "#    kind: law"
    yield "#    url: https://example.org/law"
    yield "#    date: 2015-06-01"
    yield ""


def _answers(instrument: CompiledInstrument) -> Iterator[str]:
    yield "answers:"
    for domain in instrument.source.domains:
        yield ""
        yield f"  # === {domain.number}. {domain.title} ==="
        for subdomain in domain.subdomains:
            yield f"  # --- {subdomain.title} ---"
            for indicator in subdomain.indicators:
                yield from _indicator(indicator)


def _indicator(indicator: Indicator) -> Iterator[str]:
    yield ""
    yield f"  # {indicator.number} {indicator.title}"
    if indicator.asked_when:
        yield f"  # Asked only when {' and '.join(map(str, indicator.asked_when))}."
    yield f"  {indicator.id}:"
    yield "    values:"
    for question in indicator.questions:
        yield from _question(question)
    for name in ("not_known", "not_applicable", "detail", "qualifier", "sources", "note"):
        yield f"    # {name}:"


def _question(question: Question) -> Iterator[str]:
    yield from _comment(f"{question.text} ({_KINDS.get(question.type, question.type)})")
    yield from _comment(question.help, indent=2)
    if question.asked_when:
        yield from _comment(f"Asked when {' and '.join(map(str, question.asked_when))}.", indent=2)
    for option in getattr(question, "options", ()):
        yield from _comment(f"- {option.id}: {option.label}", indent=2)
    yield f"      {question.id}:"


def _comment(text: str, indent: int = 0) -> Iterator[str]:
    for line in wrap(text, _WIDTH - indent):
        yield f"      # {' ' * indent}{line}"


_KINDS = {
    "choice": "one of these",
    "choices": "one or more of these, as [a, b]",
    "yes_no": "yes or no",
    "text": "a short phrase, without a full stop",
    "paragraph": "free text",
    "number": "a whole number",
    "source": "the id of a source above",
    "sources": "ids of sources above, as [a, b]",
    "countries": "ISO codes, as [KZ, TR]",
    "languages": "ISO codes, as [ru, ky]",
    "ratification": "as {status: ratified, year: 2008}; ratified, acceded, succeeded, signed or none",
}
