"""Queueing what is due: each reminder once, whoever sweeps, however often, and whatever was missed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    cast,
    column,
    func,
    insert,
    literal,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import IntegrityError

from tracker import clock
from tracker.extensions import db
from tracker.models.cases import Deadline
from tracker.models.messages import DIGEST, Message, MessageState
from tracker.models.reminders import Heartbeat, Reminder
from tracker.models.users import User
from tracker.queries.reminders import Plan, Planned, plan_reminders
from tracker.services.use_case import use_case

SWEEP = "sweep"


@dataclass(frozen=True, slots=True)
class Queued:
    """What a sweep added."""

    on: date
    reminders: int
    messages: int

    def as_json(self) -> dict[str, object]:
        return {"on": self.on.isoformat(), "reminders": self.reminders, "messages": self.messages}


@use_case
def queue_reminders(what: str, *, by: User | None, on: date, include_past: bool = False) -> Queued:
    """Queue what is due on a day and has not been queued: what was missed since the last time too, in one message each.

    Args:
        what: what the audit calls it. include_past: also what was past already when it was brought in.
    """
    beat = take_turn(SWEEP, on)
    plan = plan_reminders(on, include_past=include_past)
    beat.says = f"{plan.untold} deadlines have nobody who may be told" if plan.untold else ""
    messages = plan.by_message()
    store(plan, messages)
    return Queued(on, len(plan.reminders), len(messages))


def would_queue(on: date, *, include_past: bool = False) -> Queued:
    """What a sweep of the day would add. Changes nothing."""
    plan = plan_reminders(on, include_past=include_past)
    return Queued(on, len(plan.reminders), len(plan.by_message()))


def take_turn(name: str, on: date) -> Heartbeat:
    """Note that this runs now, and hold the note until the commit: of two at once, the second finds the work done."""
    while True:
        beat = db.session.scalar(select(Heartbeat).where(Heartbeat.name == name).with_for_update())
        if beat is not None:
            beat.at, beat.on = clock.now(), max(on, beat.on or on)
            db.session.flush()
            return beat
        try:
            with db.session.begin_nested():
                db.session.add(Heartbeat(name=name, on=on))
        except IntegrityError:
            continue  # somebody else made it at this very moment, and it is theirs first


def store(plan: Plan, messages: Sequence[Sequence[Planned]]) -> None:
    """Messages, their reminders, and the day from which each deadline is looked at again: three statements."""
    now = clock.now()
    made: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    for together in messages:
        to, message_id = together[0].recipient, uuid4().hex
        made.append(
            {
                "id": message_id,
                "kind": DIGEST,
                "user_id": to.user_id,
                "address": to.address,
                "partnership_id": to.partnership_id,
                "about": {},
                "on": plan.on,
                "made_at": now,
                "state": MessageState.WAITING,
                "tries": 0,
                "said": "",
            }
        )
        rows += [
            {
                "deadline": planned.deadline,
                "generation": planned.generation,
                "rung": planned.rung.name,
                "recipient": planned.recipient.key,
                "deadline_id": planned.deadline_id,
                "due_on": planned.due_on,
                "on": plan.on,
                "message_id": message_id,
                "cancelled_because": "",
            }
            for planned in together
        ]
    if made:
        db.session.connection().execute(insert(Message), made)  # which takes many rows as one statement
        as_columns = [Reminder.__table__.c[name] for name in rows[0]]
        db.session.execute(insert(Reminder).from_select(list(rows[0]), as_query(rows, as_columns)))
    if plan.look_again:
        moved = [{"number": number, "day": day} for number, day in plan.look_again.items()]
        next_look = as_query(moved, [column("number", Integer), column("day", Date)]).subquery()
        move_on = update(Deadline).where(Deadline.id == next_look.c.number).values(remind_on=next_look.c.day)
        db.session.execute(move_on, execution_options={"synchronize_session": False})


def as_query(rows: list[dict[str, object]], columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """These rows as a query, which one statement reads however many there are: they travel as a single parameter."""
    given = literal(json.dumps(rows, default=date.isoformat), Text)
    if db.engine.dialect.name == "sqlite":
        value = func.json_each(given).table_valued("value").c.value
        return select(*(type_coerce(value.op("->>")(each.name), each.type).label(each.name) for each in columns))
    typed = (column(each.name, each.type) for each in columns)
    return select(func.json_to_recordset(cast(given, JSON)).table_valued(*typed).render_derived(with_types=True))
