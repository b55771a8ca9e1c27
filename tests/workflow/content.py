"""What can be answered in the small instrument, and what is missing then: by hand, for the model of the workflow."""

from typing import Any, NamedTuple

Body = dict[str, Any]
Gap = tuple[str | None, str | None]
"""An indicator and its question that is missing; None for the indicator, or the assessment, as a whole."""

HEALTH, FEES, CONVENTION = "health-access", "health-fees", "convention-ilo-c97"
INDICATORS = (HEALTH, FEES, CONVENTION)
LAW = "law-one"
EMPTY: Body = {}

ANSWERS: dict[str, tuple[Body, ...]] = {
    HEALTH: (
        {"values": {"groups": "all", "law": LAW}},
        {"values": {"groups": "some", "which": ["workers"], "law": LAW}},
        {"values": {"groups": "none"}},
        {"values": {"groups": "all"}},
        {"values": {"groups": "some", "law": LAW}},
        {"not_known": "The ministry is being asked."},
        EMPTY,
    ),
    FEES: ({"values": {"same": "no"}}, {"values": {"same": "yes", "since": 2001}}, EMPTY),
    CONVENTION: (
        {"values": {"status": {"status": "ratified", "year": 1960}}},
        {"values": {"status": {"status": "none"}}},
        {"values": {"status": {"status": "ratified"}}},
        EMPTY,
    ),
}
"""Bodies of answers; the first of each indicator is complete."""

SENTENCES = tuple(f"{indicator}.finding" for indicator in (HEALTH, FEES))


class Given(NamedTuple):
    """An answer at its version."""

    version: int
    body: Body


class Content(NamedTuple):
    """Answers that hold something, and the title of the law if one names it, as they are now or as they were submitted."""

    answers: dict[str, Given]
    law: str | None

    def version(self, indicator: str) -> int:
        """The version of an answer; 0 if there is none."""
        return self.answers[indicator].version if indicator in self.answers else 0

    def _body(self, indicator: str) -> Body:
        return self.answers[indicator].body if indicator in self.answers else EMPTY

    def _asks_fees(self) -> bool:
        values: Body = self._body(HEALTH).get("values", {})
        return values.get("groups") != "none"

    def missing(self) -> list[Gap]:
        """What must be answered before a submission."""
        gaps: list[Gap] = []
        health, fees, convention = (self._body(indicator) for indicator in INDICATORS)
        values = health.get("values", {})
        if not health:
            gaps.append((HEALTH, None))
        elif values.get("groups") == "some" and "which" not in values:
            gaps.append((HEALTH, "which"))
        elif values.get("groups") == "all" and "law" not in values:
            gaps.append((HEALTH, "law"))
        if self._asks_fees() and not fees:
            gaps.append((FEES, None))
        if not convention:
            gaps.append((CONVENTION, None))
        elif convention["values"]["status"] == {"status": "ratified"}:
            gaps.append((CONVENTION, "status"))
        return gaps

    def told(self, sentence: str) -> tuple[Any, ...] | None:
        """What a sentence of the draft is made of; None if there is no such sentence."""
        indicator = sentence.partition(".")[0]
        body = self._body(indicator)
        if "values" not in body or (indicator, "which") in self.missing():
            return None
        if indicator == FEES and not self._asks_fees():
            return None
        return self.version(indicator), self.law if "law" in body["values"] else None

    def key(self) -> str:
        """What stands there, as one text."""
        return repr((sorted(self.answers.items()), self.law))
