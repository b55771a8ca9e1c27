"""What the linter goes over: the instrument with the place of each part."""

from collections.abc import Iterator
from typing import NamedTuple

from questionnaire.model import Domain, Indicator, Instrument
from questionnaire.problems import Path, Places, Problem


class Located(NamedTuple):
    """An indicator, where it stands in the data, and its domain."""

    indicator: Indicator
    path: Path
    domain: Domain


class Content(NamedTuple):
    """An instrument as typed data, and the place of each of its parts."""

    instrument: Instrument
    places: Places

    def indicators(self) -> Iterator[Located]:
        """All indicators in order."""
        for d, domain in enumerate(self.instrument.domains):
            for s, subdomain in enumerate(domain.subdomains):
                for i, indicator in enumerate(subdomain.indicators):
                    path: Path = ("domains", d, "subdomains", s, "indicators", i)
                    yield Located(indicator, path, domain)

    def problem(self, path: Path, rule: str, about: str, message: str) -> Problem:
        """A problem at the place that `path` leads to."""
        return Problem(self.places.of(path), rule, about, message)
