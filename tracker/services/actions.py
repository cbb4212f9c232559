"""What people do to an action: add it, change it, move its target, end it, take it up again."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import func, select

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.facts import reckoned
from tracker.models.item_links import ItemLink
from tracker.models.plan_projection import project_action, relative_target
from tracker.models.plans import ActionEvent, Plan, PlannedAction, Recommendation
from tracker.models.users import User
from tracker.procedures.plan_status import LIVE, STATUS_WORDS, Happening, Status, may_happen
from tracker.procedures.target_dates import Target
from tracker.services.item_links import end_links
from tracker.services.plans import agency_number, claim_plan, of_plan, once_on_plan
from tracker.services.texts import line, words
from tracker.services.use_case import use_case

SAID = {"text": "What is to be done", "lead_agency": "Lead agency", "owner": "Owner", "milestones": "Milestones"}


@use_case
@once_on_plan
def add_action(
    recommendation: Recommendation,
    *,
    by: User | None,
    text: str,
    target: Target,
    lead_agency: str = "",
    owner: str = "",
    milestones: str = "",
    version: int | None = None,
    submission_key: str | None = None,
) -> PlannedAction:
    """Something that an agency is to do about a recommendation, by its target.

    Raises:
        Refused: it says nothing.
    """
    plan = recommendation.plan
    claim_plan(plan, by, version, submission_key)
    last = db.session.scalar(select(func.max(PlannedAction.position)).where(of_plan(PlannedAction, plan)))
    action = PlannedAction(
        plan_id=plan.id,
        partnership_id=plan.partnership_id,
        case_id=plan.case_id,
        recommendation_id=recommendation.id,
        position=1 + (last or 0),
        added_by_id=by.id if by else None,
    )
    describe(action, text, lead_agency, owner, milestones)
    aim(action, target)
    db.session.add(action)
    date_and_project(action, plan)
    return action


@use_case
@once_on_plan
def change_action(
    action: PlannedAction,
    *,
    by: User | None,
    text: str,
    lead_agency: str,
    owner: str,
    milestones: str,
    version: int | None = None,
    submission_key: str | None = None,
) -> PlannedAction:
    """Put an action in other words or other hands, and keep what it said before. `move_target` alone moves its target.

    Links to it end with the lead agency that they were sent to.

    Raises:
        Refused: it has ended, or its claim waits to be verified and another agency would stand in for the claimant.
    """
    claim_plan(action.plan, by, version, submission_key)
    if action.status not in LIVE:
        raise Refused(f"This cannot be changed: the action is {STATUS_WORDS[action.status].lower()}")
    before = {label: getattr(action, name) for name, label in SAID.items()}
    describe(action, text, lead_agency, owner, milestones)
    if action.status is Status.CLAIMED and action.lead_agency != before["Lead agency"]:
        raise Refused("The lead agency claims this complete: verify that, or send it back, first", field="lead_agency")
    if action.lead_agency != before["Lead agency"]:  # what was sent to one agency must not speak for another
        end_links(ItemLink.action_id == action.id)
    changed = {label: before[label] for name, label in SAID.items() if getattr(action, name) != before[label]}
    if changed:
        was = "\n".join(f"{label} was: {words or 'empty'}" for label, words in changed.items())
        happened(action, Happening.REWORDED, by=by, on=clock.today(), text=was)
    project_action(action)
    return action


@use_case
@once_on_plan
def move_target(
    action: PlannedAction,
    *,
    by: User | None,
    target: Target,
    reason: str,
    version: int | None = None,
    submission_key: str | None = None,
) -> ActionEvent:
    """Give an action another target. The old one, who moved it and why are kept.

    Raises:
        Refused: no reason, the same target, or an action that is not open.
    """
    claim_plan(action.plan, by, version, submission_key)
    said = words("reason", reason, required="Enter why the target moves")
    event = happened(action, Happening.TARGET_MOVED, by=by, on=clock.today(), text=said)
    event.old_target, event.old_due_on = target_as_json(target_of(action)), action.due_on
    if target == target_of(action):
        raise Refused("This is the target it has already", field="target")
    aim(action, target)
    date_and_project(action, action.plan)
    event.new_target, event.new_due_on = target_as_json(target_of(action)), action.due_on
    return event


@use_case
@once_on_plan
def end_action(
    action: PlannedAction,
    *,
    by: User | None,
    reason: str,
    superseded_by: PlannedAction | None = None,
    version: int | None = None,
    submission_key: str | None = None,
) -> ActionEvent:
    """Stop an action, or put another of the plan in its place. It stays on the plan with the reason.

    Raises:
        Refused: no reason, or it has ended already.
    """
    claim_plan(action.plan, by, version, submission_key)
    said = words("reason", reason, required="Enter the reason")
    if superseded_by is not None and (superseded_by.plan_id != action.plan_id or superseded_by.id == action.id):
        raise Refused("Choose another action of this plan", field="superseded_by")
    kind = Happening.SUPERSEDED if superseded_by else Happening.STOPPED
    event = happened(action, kind, by=by, on=clock.today(), text=said)
    event.superseded_by_id = superseded_by.id if superseded_by else None
    project_action(action)
    return event


@use_case
@once_on_plan
def reopen_action(
    action: PlannedAction,
    *,
    by: User | None,
    reason: str,
    version: int | None = None,
    submission_key: str | None = None,
) -> ActionEvent:
    """Take up again an action that was verified, stopped or superseded. What was recorded stays.

    Raises:
        Refused: no reason, or it is open.
    """
    claim_plan(action.plan, by, version, submission_key)
    said = words("reason", reason, required="Enter why it is taken up again")
    event = happened(action, Happening.REOPENED, by=by, on=clock.today(), text=said)
    project_action(action)
    return event


# -- What these share ------------------------------------------------------------------------------------------------


def describe(action: PlannedAction, text: str, lead_agency: str, owner: str, milestones: str) -> None:
    action.text = words("text", text, required="Enter what is to be done")
    action.lead_agency = line("lead_agency", lead_agency)
    action.agency_id = agency_number(action.partnership_id, action.lead_agency) if action.lead_agency else None
    action.owner = line("owner", owner)
    action.milestones = words("milestones", milestones)


def aim(action: PlannedAction, target: Target) -> None:
    action.target_text = words("target", target.text)
    action.target_from, action.target_to = target.since, target.until
    action.target_precision = target.precision
    action.target_event = target.event
    action.target_months, action.target_days = target.months, target.days
    action.review_by_on = target.review_by


def target_of(action: PlannedAction) -> Target:
    """The target as it was read: one that waits on an event has no days of its own."""
    waits = bool(action.target_event)
    return Target(
        action.target_text,
        action.target_from,
        None if waits else action.target_to,
        action.target_precision,
        action.target_event,
        action.target_months,
        action.target_days,
        action.review_by_on,
    )


def target_as_json(target: Target) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(target).items() if value
    }


def date_and_project(action: PlannedAction, plan: Plan) -> None:
    """Count a relative target from its event, where that has happened; then derive the rest."""
    db.session.flush()
    if action.target_event and plan.case:
        action.target_to = relative_target(action, reckoned(plan.case, clock.today()))
    project_action(action)


def happened(
    action: PlannedAction,
    kind: Happening,
    *,
    by: User | None,
    on: date,
    text: str,
    state: str = "",
    expected_on: date | None = None,
) -> ActionEvent:
    """A new record of the action.

    Raises:
        Refused: it cannot happen to an action that stands as this does, or not on that day.
    """
    if not may_happen(action.status, kind):
        raise Refused(f"This cannot be recorded: the action is {STATUS_WORDS[action.status].lower()}")
    if on > clock.today():
        raise Refused("The date must be today or in the past", field="on")
    event = ActionEvent(
        number=len(action.events) + 1,
        kind=kind,
        happened_on=on,
        text=text,
        state=state,
        expected_on=expected_on,
        agency=action.lead_agency,
        recorded_at=clock.now(),
        recorded_by_id=by.id if by else None,
    )
    action.events.append(event)
    return event
