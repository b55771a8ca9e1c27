"""The instrument with all that follows from it: decision tables, look-ups, and the hash that pins it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.model import Country, Domain, Indicator, Instrument, SourceKind
from questionnaire.table import MAX_ALL_ROWS, MAX_ROWS, Table, build_table


@dataclass(frozen=True, eq=False, repr=False)
class CompiledInstrument:
    """An instrument whose rules are proved to be complete; equal only to itself.

    `translations` holds the instrument in each language, the source language included: same ids and rules, other texts.
    `countries` holds the names and forms of countries by language and ISO code.
    """

    source: Instrument
    tables: Mapping[str, Table]
    content_hash: str
    translations: Mapping[str, Instrument]
    countries: Mapping[str, Mapping[str, Country]]
    indicators: Mapping[str, Indicator]
    domains: Mapping[str, Domain]
    source_kinds: Mapping[str, SourceKind]

    def __repr__(self) -> str:
        return f"<instrument {self.id} {self.content_hash[:12]}>"

    @property
    def id(self) -> str:
        """The instrument's id, as `mgi-2018`."""
        return self.source.id

    def in_language(self, language: str) -> Instrument:
        """The instrument with its texts in `language`; `KeyError` if it is not translated."""
        return self.translations[language]


def build_tables(instrument: Instrument) -> dict[str, Table]:
    """The decision table of each indicator, by its id, in the instrument's order; too large ones are given up."""
    tables = {}
    left = MAX_ALL_ROWS
    for domain in instrument.domains:
        earlier: dict[str, Indicator] = {}
        for indicator in domain.indicators:
            tables[indicator.id] = table = build_table(indicator, earlier, min(MAX_ROWS, left))
            left = max(0, left - len(table.rows))
            earlier[indicator.id] = indicator
    return tables


def content_hash(instrument: Instrument) -> str:
    """SHA-256 over the canonical JSON of the instrument, as 64 hexadecimal digits."""
    canonical = json.dumps(
        instrument.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def compile_instrument(
    instrument: Instrument,
    tables: Mapping[str, Table],
    translations: Mapping[str, Instrument],
    countries: Mapping[str, Mapping[str, Country]],
) -> CompiledInstrument:
    """Put together what `questionnaire.loader` has read and proved."""
    return CompiledInstrument(
        source=instrument,
        tables=tables,
        content_hash=content_hash(instrument),
        translations={instrument.language: instrument, **translations},
        countries=countries,
        indicators={indicator.id: indicator for indicator in instrument.indicators},
        domains={indicator.id: domain for domain in instrument.domains for indicator in domain.indicators},
        source_kinds={kind.id: kind for kind in instrument.source_kinds},
    )
