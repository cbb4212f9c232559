"""A plan as its page shows it: how all of its actions stand, and its lines a page at a time, however many there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from tracker.extensions import db
from tracker.models.plans import Finding, Plan, PlannedAction, Recommendation
from tracker.procedures.burn_up import Course, course_of
from tracker.procedures.plan_status import Rated, Standing, rate
from tracker.queries.plans import ended_on


class PlanLine(NamedTuple):
    """A recommendation with one of its actions, or with none: what is counted, drawn and told apart of it."""

    recommendation_id: int
    number: str
    finding_id: int | None
    action_id: int | None
    due_on: date | None
    added_on: date
    ended_on: date | None
    standing: Standing

    @property
    def course(self) -> Course:
        return course_of(self.standing, self.added_on, self.ended_on)

    def rated(self, today: date, due_soon: int) -> Rated:
        return rate(self.standing, self.due_on, self.added_on, today, due_soon)


# Of an action in a row of the page.
SHOWN = (
    PlannedAction.recommendation_id, PlannedAction.text, PlannedAction.lead_agency, PlannedAction.target_text,
    PlannedAction.status,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A recommendation with those of its actions that are on the page. `continued`: others stand on the page before."""

    recommendation: Recommendation
    actions: Sequence[PlannedAction]
    continued: bool


def plan_lines(plan: Plan) -> list[PlanLine]:
    """Every line of the plan in the order of its numbers: one statement, whose rows are no objects of the session."""
    standing = (
        PlannedAction.status, PlannedAction.blocked, PlannedAction.heard_on, PlannedAction.claimed_on,
        PlannedAction.verified_on, PlannedAction.slips,
    )  # fmt: skip
    rows = db.session.execute(
        select(
            Recommendation.id, Recommendation.number, Recommendation.finding_id, PlannedAction.id,
            PlannedAction.due_on, PlannedAction.added_on, ended_on(), *standing,
        )
        .outerjoin(PlannedAction, PlannedAction.recommendation_id == Recommendation.id)
        .where(Recommendation.plan_id == plan.id)
        .order_by(Recommendation.number_order, Recommendation.position, Recommendation.id, PlannedAction.position)
    )  # fmt: skip
    return [
        PlanLine(line, number, finding, action, due, added or plan.added_on, ended, Standing(*stands))
        for line, number, finding, action, due, added, ended, *stands in rows
    ]


def parts_of(lines: Sequence[PlanLine], before: PlanLine | None) -> list[Part]:
    """What is shown of these lines, which follow each other in the plan: two statements.

    Args:
        before: the line above the first of them.
    """
    wanted = {line.recommendation_id for line in lines}
    shown = select(Recommendation).where(Recommendation.id.in_(wanted))
    shown = shown.options(joinedload(Recommendation.addressees), joinedload(Recommendation.finding))
    recommendations = {each.id: each for each in db.session.scalars(shown).unique()}
    actions: dict[int, list[PlannedAction]] = defaultdict(list)
    numbers = [line.action_id for line in lines if line.action_id]
    found = select(PlannedAction).where(PlannedAction.id.in_(numbers)).order_by(PlannedAction.position)
    for action in db.session.scalars(found.options(load_only(*SHOWN, raiseload=True))):
        actions[action.recommendation_id].append(action)
    return [
        Part(recommendations[number], actions[number], bool(before and before.recommendation_id == number))
        for number in dict.fromkeys(line.recommendation_id for line in lines)
    ]


def findings_of(plan: Plan) -> Sequence[Finding]:
    """What was found, with its themes: one statement."""
    found = select(Finding).where(Finding.plan_id == plan.id).options(joinedload(Finding.themes))
    return db.session.scalars(found.order_by(Finding.position)).unique().all()
