"""The derived dates of a case, written beside its facts. The only place that writes them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, inspect, select
from sqlalchemy.orm.attributes import set_committed_value

from tracker import clock
from tracker.extensions import db
from tracker.models.cases import Case, Deadline, first_look
from tracker.models.differences import Difference, row_differences
from tracker.models.plan_projection import actions_wait, project_relative_targets
from tracker.procedures import reckoning
from tracker.procedures.facts import Event
from tracker.procedures.reckoning import Reckoning

# Put together once: that takes longer than running it, and every step recorded runs it.
STORED = (
    select(Deadline, actions_wait(Deadline.case_id).label("waits"))
    .where(Deadline.case_id == bindparam("case_id"), Deadline.action_id.is_(None))
    .order_by(Deadline.position)
)


def project(case: Case, reckoned: Reckoning) -> None:
    """Bring the derived columns and deadline rows of *case* into line with what was reckoned of its facts."""
    may_wait = load_deadlines(case)
    for column, value in case_columns(reckoned).items():
        if getattr(case, column) != value:
            setattr(case, column, value)
    stored = {(row.key, row.subject, row.occurrence): row for row in case.deadlines}
    wanted = {(row["key"], row["subject"], row["occurrence"]): row for row in deadline_rows(reckoned)}
    for identity in stored.keys() - wanted.keys():
        case.deadlines.remove(stored[identity])
    for identity, columns in wanted.items():
        if identity in stored:
            stored[identity].take(columns, case.version)
    db.session.flush()
    add_rows(case, [columns for identity, columns in wanted.items() if identity not in stored])
    if may_wait:
        project_relative_targets(case, reckoned)


def load_deadlines(case: Case) -> bool:
    """Loads the deadlines of *case* for a change. False: no action of its plan waits on an event.

    One statement; none where they are loaded already, as those of many cases at once are.
    """
    state = inspect(case)
    if not state.persistent:
        return False
    if "deadlines" not in state.unloaded:
        return True
    rows = db.session.execute(STORED, {"case_id": case.id}).all()
    set_committed_value(case, "deadlines", [row.Deadline for row in rows])
    return rows[0].waits if rows else True


def add_rows(case: Case, rows: list[dict[str, Any]]) -> None:
    """Adds deadlines in one statement: appended to the case, each would take one of its own on SQLite."""
    if rows:
        new = {"case_id": case.id, "generation": case.version}
        db.session.execute(insert(Deadline), [new | {"remind_on": first_look(row)} | row for row in rows])
        db.session.expire(case, ["deadlines"])


def differences(case: Case, reckoned: Reckoning) -> list[Difference]:
    """What is stored otherwise than a recomputation says: none, ever."""
    found = [
        Difference(column, getattr(case, column), value)
        for column, value in case_columns(reckoned).items()
        if getattr(case, column) != value
    ]
    stored = {(row.key, row.subject, row.occurrence): row.facts() for row in case.deadlines}
    wanted = {(row["key"], row["subject"], row["occurrence"]): row for row in deadline_rows(reckoned)}
    for identity in sorted(stored.keys() | wanted.keys()):
        found += row_differences(identity, stored.get(identity), wanted.get(identity))
    return found


def case_columns(reckoned: Reckoning) -> dict[str, Any]:
    """The derived columns of a case: nothing that the mere passing of a day would change."""
    upcoming = reckoned.next_deadline
    return {
        "stage": reckoned.stage,
        "stage_since": reckoned.spans[-1].since if reckoned.spans else None,
        "on_hold": reckoned.on_hold,
        "held_by": reckoned.held_by,
        "ready_to_close_on": reckoned.ready_to_close_on,
        "opened_on": reckoned.history[0].event.on if reckoned.history else None,
        "closed_on": reckoned.spans[-1].since if reckoned.is_closed else None,
        "next_due_on": upcoming.due if upcoming else None,
        "next_deadline": upcoming.key if upcoming else "",
        "next_subject": (upcoming.subject or "") if upcoming else "",
    }


def deadline_rows(reckoned: Reckoning) -> list[dict[str, Any]]:
    recorded = {happened.event.number: happened.event for happened in reckoned.history}
    return [
        {
            "position": position,
            "key": deadline.key,
            "subject": deadline.subject or "",
            "occurrence": deadline.occurrence,
            "owner": deadline.owner,
            "started_on": deadline.started_on,
            "due_on": deadline.due,
            "original_due_on": deadline.original_due,
            "met_on": deadline.met_on,
            "state": _state(deadline),
            "window": deadline.window,
            "held": deadline.held,
            "nudge_on": deadline.nudge_on,
            "known_on": _known_on(deadline, recorded),
        }
        for position, deadline in enumerate(reckoned.deadlines, start=1)
    ]


def _state(deadline: reckoning.Deadline) -> str:
    """The status without what the day decides."""
    return reckoning.OPEN if deadline.status == reckoning.OVERDUE or deadline.runs_out else deadline.status


def _known_on(deadline: reckoning.Deadline, recorded: Mapping[int, Event]) -> date:
    """The day on which the present date of the deadline became known: its start was recorded, or its last extension.

    What does not say when it was recorded is being recorded now.
    """
    last = deadline.extensions[-1].event if deadline.extensions else recorded[deadline.start_number]
    return clock.london(last.recorded_at or clock.now()).date()
