"""Action plans shaped for pages, files and commands, each for whoever may see it."""

from collections.abc import Sequence
from datetime import date
from enum import Enum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy import case as case_when
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from tracker import clock
from tracker.extensions import db
from tracker.models.addressee_changes import AddresseeChange
from tracker.models.cases import Case
from tracker.models.plans import ActionEvent, Addressee, Finding, Plan, PlannedAction, Recommendation
from tracker.models.users import User
from tracker.policy import visible_plans
from tracker.procedures.plan_file import ActionLine, RecommendationLine
from tracker.procedures.plan_status import LIVE, Happening, Status
from tracker.procedures.target_dates import Target

RECOMMENDATIONS = selectinload(Plan.recommendations)
PLACE = joinedload(Plan.case), joinedload(Plan.partnership)
LINES = (
    RECOMMENDATIONS.selectinload(Recommendation.addressees),
    selectinload(Plan.findings).selectinload(Finding.themes),
)


class With(Enum):
    """What is read of a plan beside its case and its partnership."""

    NOTHING = PLACE  # one statement
    LINES = (*PLACE, *LINES)  # recommendations, whom they are sent to, findings: five statements
    EVENTS = (*PLACE, *LINES, RECOMMENDATIONS.selectinload(Recommendation.actions).selectinload(PlannedAction.events))


def plan_of(case: Case, read: With = With.NOTHING) -> Plan | None:
    """The plan of a case that has been found for somebody."""
    return db.session.scalar(select(Plan).where(Plan.case_id == case.id).options(*read.value))


def find_plan(viewer: User, number: int, read: With = With.LINES) -> Plan | None:
    """The partnership's own plan of that number, or a case's, if *viewer* may see it."""
    query = select(Plan).where(Plan.id == number, visible_plans(viewer))
    return db.session.scalar(query.options(*read.value))


def own_plans(viewer: User) -> Sequence[Plan]:
    """The partnerships' own plans that *viewer* may see, by title."""
    query = select(Plan).where(Plan.case_id.is_(None), visible_plans(viewer)).options(joinedload(Plan.partnership))
    return db.session.scalars(query.order_by(Plan.title, Plan.id)).all()


def find_action(viewer: User, number: int) -> PlannedAction | None:
    """The action of that number with its records, if *viewer* may see its plan."""
    return db.session.scalar(
        select(PlannedAction)
        .join(PlannedAction.plan)
        .where(PlannedAction.id == number, visible_plans(viewer))
        .options(
            joinedload(PlannedAction.plan).joinedload(Plan.case),
            joinedload(PlannedAction.plan).joinedload(Plan.partnership),
            joinedload(PlannedAction.recommendation).joinedload(Recommendation.finding),
            selectinload(PlannedAction.deadlines),
            selectinload(PlannedAction.events).options(
                joinedload(ActionEvent.recorded_by).joinedload(User.agency),
                joinedload(ActionEvent.superseded_by),
                selectinload(ActionEvent.evidence),
            ),
        )
    )


def ended_on() -> ColumnElement[date | None]:
    """On which day an action was stopped or superseded, as a column beside `PlannedAction`; none where it goes on."""
    ends = (Happening.STOPPED, Happening.SUPERSEDED)
    last = select(func.max(ActionEvent.happened_on)).where(
        ActionEvent.action_id == PlannedAction.id, ActionEvent.kind.in_(ends)
    )
    is_over = PlannedAction.status.in_((Status.STOPPED, Status.SUPERSEDED))
    return case_when((is_over, last.correlate(PlannedAction).scalar_subquery()))


def live_beside(action: PlannedAction) -> Sequence[PlannedAction]:
    """The other actions of its plan that have not ended, in the order of the plan's numbers."""
    others = PlannedAction.plan_id == action.plan_id, PlannedAction.id != action.id, PlannedAction.status.in_(LIVE)
    return db.session.scalars(
        select(PlannedAction)
        .join(PlannedAction.recommendation)
        .where(*others)
        .options(contains_eager(PlannedAction.recommendation))
        .order_by(Recommendation.number_order, PlannedAction.position)
    ).all()


def recommendation_lines(plan: Plan | None, today: date | None = None) -> list[RecommendationLine]:
    """The plan as files have it, in the order of its numbers."""
    day = today or clock.today()
    return [
        RecommendationLine(
            number=recommendation.number,
            text=recommendation.text,
            scope=recommendation.scope,
            addressees=tuple(addressee_parts(each) for each in recommendation.addressees),
            actions=tuple(action_line(action, day) for action in recommendation.actions),
            multi_agency=recommendation.multi_agency,
            finding=recommendation.finding.text if recommendation.finding else "",
            themes=tuple(each.theme for each in recommendation.finding.themes) if recommendation.finding else (),
        )
        for recommendation in (plan.recommendations if plan else ())
    ]


def earlier_records(addressee: Addressee) -> Sequence[AddresseeChange]:
    """What stood there of an addressee before it was changed, the last first."""
    of_it = select(AddresseeChange).where(AddresseeChange.addressee_id == addressee.id)
    by = joinedload(AddresseeChange.changed_by)
    return db.session.scalars(of_it.options(by).order_by(AddresseeChange.id.desc())).all()


def addressee_parts(addressee: object) -> dict[str, str]:
    parts = ("name", "sent_on", "due_on", "response", "responded_on", "reason")
    values = {part: getattr(addressee, part) for part in parts}
    return {part: value.isoformat() if isinstance(value, date) else value for part, value in values.items() if value}


def action_line(action: PlannedAction, today: date) -> ActionLine:
    """An action as files have it: what it came with, or what has been claimed of it here."""
    claim = next((event for event in reversed(action.events) if event.kind is Happening.CLAIMED), None)
    claimed = claim if claim and action.claimed_on else None
    return ActionLine(
        text=action.text,
        lead_agency=action.lead_agency,
        owner=action.owner,
        milestones=action.milestones,
        target=target_shown(action),
        completed_text=action.completed_text,
        completed_on=action.claimed_on if claimed else action.completed_on,
        outcome=claimed.text if claimed else action.outcome,
        status=action.status,
        rating=action.rated(today).rating,
    )


def target_shown(action: PlannedAction) -> Target:
    return Target(
        action.target_text,
        action.target_from,
        action.target_to,
        action.target_precision,
        action.target_event,
        action.target_months,
        action.target_days,
        action.review_by_on,
    )
