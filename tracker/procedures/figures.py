"""Every figure of a period. Definitions: the domain reference, section 4.

What the text leaves open is settled so: figures of decisions, answers, appeals and notices (A2, A9, D2, D5, O1) count
each one made; figures of reviews and plans (A3, A7, D6, D7, O1 reviews and reports) count each case once in a period;
A10's value is the reviews with an independent chair; a time limit due in the period and cancelled is not counted.
Snapshots are of the history as at the as-at day, so a correction made since restates them with everything else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.procedures.calendars import Calendar
from tracker.procedures.counting import Figure, FiguredAction, FiguredCase, FollowedCase, Period, follow
from tracker.procedures.figures_asb import asb_figures
from tracker.procedures.figures_caseload import caseload_figures
from tracker.procedures.figures_homicide import dhr_figures, owhr_figures

__all__ = ["Figure", "FiguredCase", "Figures", "figures"]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period by their ids, in the order of the domain reference. No partnership: of all together."""

    period: Period
    partnership: str
    by_id: Mapping[str, Figure]

    def __getitem__(self, key: str) -> Figure:
        return self.by_id[key]

    def as_json(self) -> dict[str, Any]:
        return {
            "from": self.period.since.isoformat(),
            "to": self.period.until.isoformat(),
            "as_at": self.period.as_at.isoformat(),
            "partnership": self.partnership or None,
            "figures": {key: figure.as_json() for key, figure in self.by_id.items()},
        }


def figures(
    cases: Iterable[FiguredCase],
    since: date,
    until: date,
    as_at: date,
    calendar: Calendar,
    *,
    partnership: str = "",
    own_actions: Iterable[FiguredAction] = (),
) -> Figures:
    """The figures of the period from *since* to *until*, both days counted, as what happened stood at *as_at*.

    Args:
        own_actions: those of the partnership's own plans.

    Raises:
        ValueError: *until* is before *since*.
        NotAllowed: a case whose events its procedure forbids, which no stored case is.
    """
    period = Period(since, until, as_at)
    # A case that begins after the period has no part in it, whatever follows.
    begun = (case for case in cases if any(event.on <= until for event in case.facts.events))
    known = [followed for case in begun if (followed := follow(case, calendar, as_at))]

    def of(case_type: str) -> list[FollowedCase]:
        return [followed for followed in known if followed.case.procedure.case_type == case_type]

    return Figures(
        period,
        partnership,
        {
            **asb_figures(of("asb"), period),
            **dhr_figures(of("dhr"), period),
            **owhr_figures(of("owhr"), period),
            **caseload_figures(known, period, own_actions),
        },
    )
