"""What is overdue across the cases that a manager sees: whose it is, who holds it, and how that changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, case, func, or_, select

from tracker.extensions import db
from tracker.models.cases import Case, Deadline
from tracker.models.users import User
from tracker.policy import visible_cases, visible_deadlines
from tracker.procedures.reckoning import MET_LATE, OPEN
from tracker.queries.cases import HOLDER, RUNNING, overdue

MONTHS = 3


@dataclass(frozen=True, slots=True)
class LateCases:
    """How many overdue cases one person leads and one holder has; `since`: the day on which the oldest fell due."""

    lead_id: int | None
    lead: str
    holder: str
    cases: int
    since: date


def late_cases(viewer: User, today: date) -> Sequence[LateCases]:
    """The overdue cases by who leads and who holds them: one statement."""
    oldest = (
        select(func.min(Deadline.due_on))
        .where(Deadline.case_id == Case.id, RUNNING, Deadline.due_on < today)
        .correlate(Case)
        .scalar_subquery()
    )
    late = (
        select(Case.lead_id, HOLDER.label("holder"), oldest.label("since"))
        .where(visible_cases(viewer), overdue(today))
        .subquery()
    )
    groups = late.c.lead_id, User.name, late.c.holder
    rows = db.session.execute(
        select(*groups, func.count(), func.min(late.c.since))
        .outerjoin_from(late, User, late.c.lead_id == User.id)
        .group_by(*groups)
    )
    return [LateCases(lead_id, lead or "", holder, cases, since) for lead_id, lead, holder, cases, since in rows]


def month_ends(today: date) -> list[date]:
    """The last days of the three months before this one, and today."""
    ends, end = [today], today
    for _ in range(MONTHS):
        end = end.replace(day=1) - timedelta(days=1)
        ends.insert(0, end)
    return ends


def overdue_at(viewer: User, ends: Sequence[date]) -> list[int]:
    """How many deadlines were overdue at the end of each of these days, the last of them today: one statement.

    They are counted by the dates they have now: one that was extended since counts as extended, and one that no longer
    applies counts on no day. What is late on no account during a hold is left out while the case is on hold.
    """

    def late_on(end: date) -> object:
        unmet = or_(Deadline.met_on.is_(None), Deadline.met_on > end)
        return func.coalesce(func.sum(case((and_(Deadline.due_on < end, unmet), 1), else_=0)), 0)

    counts = db.session.execute(
        select(*[late_on(end) for end in ends])  # type: ignore[call-overload]
        .select_from(Deadline)
        .outerjoin(Deadline.case)
        .where(
            visible_deadlines(viewer),
            Deadline.state.in_((OPEN, MET_LATE)),
            Deadline.due_on < ends[-1],
            or_(Deadline.met_on.is_(None), Deadline.met_on > ends[0]),
            Deadline.window.is_(False),
            or_(Deadline.held.is_(False), Case.on_hold.is_(False)),
        )
    ).one()
    return [int(count) for count in counts]
