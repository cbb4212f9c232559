"""The tests of an application, complaint by complaint, as a page shows them."""

from collections.abc import Iterator, Sequence

from tracker.models.cases import Complaint
from tracker.procedures import threshold as rules
from tracker.procedures.threshold import Threshold

AnyComplaint = Complaint | rules.Complaint  # as a case keeps it, or of an application that is not logged yet
How = tuple[str, str]  # counts, once (counted with another) or not; and why


class Tested:
    """Both tests of one application."""

    def __init__(self, complaints: Sequence[AnyComplaint], threshold: Threshold) -> None:
        self.complaints, self.threshold = complaints, threshold

    @property
    def score(self) -> list[tuple[int, int]]:
        """Counted and needed, for each limb of the local test."""
        return [(limb.count, limb.needed) for limb in self.threshold.local.limbs]

    def rows(self) -> Iterator[tuple[AnyComplaint, How, How]]:
        """Each complaint with how it counts: by statute, and by the local limbs."""
        statutory, local = self.threshold.statutory.complaints, self.threshold.local.complaints
        for complaint, by_statute, by_limbs in zip(self.complaints, statutory, local, strict=True):
            yield (
                complaint,
                (how(by_statute.qualifies, by_statute.counted_once_with), by_statute.why),
                (how(by_limbs.counts, by_limbs.counted_once_with), by_limbs.why),
            )


def how(counts: bool, counted_once_with: int | None) -> str:
    return "once" if counted_once_with else "counts" if counts else "not"
