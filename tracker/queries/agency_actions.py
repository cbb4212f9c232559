"""Actions of plans as the agency that leads them sees them: the action alone, never its plan or its case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.extensions import db
from tracker.models.item_links import ItemLink, TimeRequest
from tracker.models.plans import Plan, PlannedAction
from tracker.models.users import User
from tracker.policy import visible_actions, visible_plans
from tracker.procedures.plan_status import STATUS_WORDS, Happening, Status

MOST_LISTED = 500
NO_ANSWER = (Happening.UPDATED, Happening.TARGET_MOVED, Happening.REWORDED)  # to what was found lacking


@dataclass(frozen=True, slots=True)
class LedAction:
    """An action as its agency sees it. `lacking`: what whoever checked its last claim found lacking."""

    number: int
    reference: str
    partnership: str
    text: str
    agency: str
    target: str
    due: date | None
    status: str
    is_claimed: bool
    lacking: str


def led_actions(viewer: User) -> Sequence[PlannedAction]:
    """The actions that the agency of *viewer* leads and has not ended, the soonest due first."""
    query = select(PlannedAction).where(visible_actions(viewer)).options(joinedload(PlannedAction.case))
    soonest = PlannedAction.due_on.asc().nulls_last(), PlannedAction.id
    return db.session.scalars(query.order_by(*soonest).limit(MOST_LISTED)).all()


def find_led_action(viewer: User, number: int) -> PlannedAction | None:
    """One of them by its number."""
    return db.session.scalar(select(PlannedAction).where(PlannedAction.id == number, visible_actions(viewer)))


def find_action_of_plan(viewer: User, number: int) -> PlannedAction | None:
    """An action by its number, if *viewer* may see its plan."""
    seen = select(PlannedAction).join(Plan, Plan.id == PlannedAction.plan_id).where(visible_plans(viewer))
    with_place = seen.options(joinedload(PlannedAction.case), selectinload(PlannedAction.plan))
    return db.session.scalar(with_place.where(PlannedAction.id == number))


def shown_to_agency(action: PlannedAction) -> LedAction:
    """What an agency is shown of an action."""
    back = next((event for event in reversed(action.events) if event.kind not in NO_ANSWER), None)
    return LedAction(
        number=action.id,
        reference=action.case.reference if action.case else "Partnership plan",
        partnership=action.plan.partnership.name,
        text=action.text,
        agency=action.lead_agency,
        target=action.target_text,
        due=action.due_on,
        status=STATUS_WORDS[action.status],
        is_claimed=action.status == Status.CLAIMED,
        lacking=back.text if back and back.kind is Happening.SENT_BACK else "",
    )


def links_to(action: PlannedAction) -> Sequence[ItemLink]:
    """The links to an action, the latest first."""
    mine = select(ItemLink).where(ItemLink.action_id == action.id).options(joinedload(ItemLink.created_by))
    return db.session.scalars(mine.order_by(ItemLink.id.desc()).limit(MOST_LISTED)).all()


def wishes_about(action: PlannedAction) -> Sequence[TimeRequest]:
    """The time that was asked for about an action, the latest first."""
    mine = select(TimeRequest).where(TimeRequest.action_id == action.id)
    return db.session.scalars(mine.order_by(TimeRequest.id.desc()).limit(MOST_LISTED)).all()
