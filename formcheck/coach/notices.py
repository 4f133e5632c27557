"""What a live session says of movements that it does not count."""

from __future__ import annotations

from collections.abc import Iterable

from formcheck.measures.reps import PassedOver

#: A notice stays this long.
NOTICE_STAYS_S = 4.0
#: Smaller falls, in leg lengths, are steps and fidgeting: nobody asks why they are not counted.
TOLD_DROP_RATIO = 0.15


class Notices:
    """Holds the last notice; none that was told once is told again."""

    def __init__(self) -> None:
        self._text = ""
        self._from_s = self._heard_s = float("-inf")

    def consider(self, by_s: float, others: Iterable[PassedOver]) -> None:
        """Take what was passed over and ended by this time."""
        for other in others:
            if other.drop_ratio >= TOLD_DROP_RATIO and self._heard_s < other.end_s <= by_s:
                self._heard_s = other.end_s
                self.tell(other.end_s, f"Not counted: somebody {other.reason}.")

    def tell(self, time_s: float, text: str) -> None:
        """Say this from now on."""
        self._text, self._from_s = text, time_s

    def showing(self, time_s: float) -> str:
        """The notice to show at this instant; empty for none."""
        return self._text if time_s - self._from_s < NOTICE_STAYS_S else ""
