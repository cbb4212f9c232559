"""The scorecard of actions for a board: how each agency and each theme stands on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.models.users import User
from tracker.queries.learning import times_returned
from tracker.queries.monitoring import Tally, by_agency, by_theme, counts_of


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`counts`: actions of each kind. `returns`: how often a theme came back, as `returns_of` says."""

    on: date
    counts: Mapping[str, int]
    agencies: Sequence[Tally]
    themes: Sequence[Tally]
    returns: Mapping[str, int]


def scorecard_of(viewer: User, today: date) -> Scorecard:
    """Of every plan that *viewer* may see: four statements."""
    return Scorecard(
        today, counts_of(viewer, today), by_agency(viewer, today), by_theme(viewer, today), times_returned(viewer)
    )


def folded(tallies: Sequence[Tally], most: int) -> list[Tally]:
    """The first of them, and the others added up where there are more than *most*."""
    if len(tallies) <= most:
        return list(tallies)
    kept, rest = tallies[: most - 1], tallies[most - 1 :]
    sums = (sum(getattr(each, name) for each in rest) for name in ("live", "late", "blocked", "to_verify", "verified"))
    return [*kept, Tally(f"{len(rest)} others together", *sums)]
