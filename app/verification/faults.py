"""What verification finds: faults, and how much was looked at."""

from dataclasses import dataclass, field
from typing import NamedTuple

from app.record import ACCOUNTS


class Fault(NamedTuple):
    """Something in the record that is not as it was written. `number` is that of the event; None for a whole stream."""

    stream: str
    number: int | None
    message: str

    def __str__(self) -> str:
        """One line, as `assessment abc, event 12: it was changed after it was written`."""
        place = self.stream if self.stream in (ACCOUNTS, "checkpoints") else f"assessment {self.stream}"
        what = "line" if self.stream == "checkpoints" else "event"
        return (
            f"{place}, {what} {self.number}: {self.message}" if self.number is not None else f"{place}: {self.message}"
        )


@dataclass
class Verified:
    """What was looked at, and the faults that were found."""

    faults: list[Fault] = field(default_factory=list)
    events: int = 0
    streams: int = 0
    texts: int = 0
    files: int = 0
    checkpoints: int = 0
