"""What follows from an action's target and from what happened to it: its derived columns and its deadlines.

The only place that writes them.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select

from tracker.extensions import db
from tracker.models.cases import PROJECTED, Case, Deadline
from tracker.models.differences import Difference, row_differences
from tracker.models.plans import PlannedAction
from tracker.procedures.periods import months_after
from tracker.procedures.plan_status import IMPACT_CHECKS, Standing, Status, standing
from tracker.procedures.reckoning import CANCELLED, MET, MET_LATE, OPEN, Reckoning

TARGET = "action_target"
OFFICER = "officer"
STORED = ("case_id", "partnership_id", *PROJECTED)
# Where plans say “publication”, the Secretary of State's counts too.
SAME_EVENT = {
    "published": ("published", "published_by_secretary_of_state"),
    "action_plan_agreed": ("action_plan_agreed", "plan_agreed"),
    "submitted_to_qa": ("submitted_to_qa", "report_sent"),
}


def stands(action: PlannedAction) -> Standing:
    """Where the action stands, folded from all that happened to it."""
    return standing(action.begun_as, action.completed_on, [event.fact for event in action.events])


def project_action(action: PlannedAction) -> Standing:
    """Bring the derived columns and the deadlines of *action* into line with its target and its events."""
    now = stands(action)
    for column, value in action_columns(action, now).items():
        if getattr(action, column) != value:
            setattr(action, column, value)
    stored = {row.key: row for row in action.deadlines}
    wanted = {row["key"]: row for row in action_deadlines(action, now)}
    version = action.plan.version  # before a row is begun, which loading the plan would write half done
    for key in stored.keys() - wanted.keys():
        action.deadlines.remove(stored[key])
    for key, columns in wanted.items():
        if key not in stored:
            stored[key] = Deadline()
            action.deadlines.append(stored[key])
        stored[key].take(columns, version)
    return now


def action_columns(action: PlannedAction, now: Standing) -> dict[str, Any]:
    return {
        "status": now.status,
        "blocked": now.blocked,
        "due_on": action.target_to or action.review_by_on,
        "heard_on": now.heard_on,
        "claimed_on": now.claimed_on,
        "verified_on": now.verified_on,
        "slips": now.slips,
    }


def action_deadlines(action: PlannedAction, now: Standing) -> list[dict[str, Any]]:
    """Its target, met by a claim; once it is verified, the checks of what it changed."""
    due = action.target_to or action.review_by_on
    rows = []
    if due:
        started = min(action.added_on, due)
        rows.append(row_of(action, TARGET, started, due, target_state(now, due), now.claimed_on))
    if now.status is Status.VERIFIED and now.verified_on:
        for months in IMPACT_CHECKS:
            checked = next((event.happened_on for event in action.events if event.months == months), None)
            on = checked if months in now.checked else None
            due = months_after(now.verified_on, months)
            rows.append(row_of(action, f"impact_{months}", now.verified_on, due, met_state(on, due), on))
    return rows


def action_differences(action: PlannedAction) -> list[Difference]:
    """What of an action is stored otherwise than a recomputation says: none, ever."""
    now = stands(action)
    found = [
        Difference(column, getattr(action, column), value)
        for column, value in action_columns(action, now).items()
        if getattr(action, column) != value
    ]
    stored = {row.key: {name: getattr(row, name) for name in STORED} for row in action.deadlines}
    wanted = {row["key"]: row for row in action_deadlines(action, now)}
    for key in sorted(stored.keys() | wanted.keys()):
        found += row_differences((key, "", 0), stored.get(key), wanted.get(key))
    return found


def row_of(
    action: PlannedAction, key: str, started: date, due: date, state: str, met_on: date | None
) -> dict[str, Any]:
    of_agency = key == TARGET and action.lead_agency
    moved = next((event.old_due_on for event in action.events if event.old_due_on), None)
    return {
        "case_id": action.case_id,
        "partnership_id": action.partnership_id,
        "position": action.position,
        "key": key,
        "subject": action.lead_agency if of_agency else "",
        "occurrence": action.id,
        "owner": action.lead_agency if of_agency else OFFICER,
        "started_on": started,
        "due_on": due,
        "original_due_on": moved if key == TARGET and moved else due,
        "met_on": met_on if state in (MET, MET_LATE) else None,
        "state": state,
        "window": False,
        "held": False,
        "nudge_on": None,
        "known_on": action.added_on,
    }


def target_state(now: Standing, due: date) -> str:
    if now.status in (Status.STOPPED, Status.SUPERSEDED):
        return CANCELLED
    if now.status in (Status.CLAIMED, Status.VERIFIED):
        return MET if now.claimed_on and now.claimed_on <= due else MET_LATE
    return OPEN


def met_state(on: date | None, due: date) -> str:
    return OPEN if on is None else MET if on <= due else MET_LATE


def actions_wait(case_id: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    """The condition that an action of a case's plan has a target that waits on an event."""
    return exists().where(PlannedAction.case_id == case_id, PlannedAction.target_event != "")


def project_relative_targets(case: Case, reckoned: Reckoning) -> None:
    """Date the actions of the case's plan whose targets wait on its events; undate them where those were corrected."""
    waiting = db.session.scalars(
        select(PlannedAction).where(PlannedAction.case_id == case.id, PlannedAction.target_event != "")
    )
    for action in waiting:
        until = relative_target(action, reckoned)
        if until != action.target_to:
            action.target_to = until
            project_action(action)


def relative_target(action: PlannedAction, reckoned: Reckoning) -> date | None:
    """The last day of a target that counts from an event; None until that has happened."""
    steps = SAME_EVENT.get(action.target_event, (action.target_event,))
    on = next((past.event.on for past in reckoned.history if past.event.step in steps), None)
    return months_after(on, action.target_months) + timedelta(days=action.target_days) if on else None
