"""What a day calls for: which deadlines are brought to whose mind, worked out from the state alone.

Nothing here writes, and the number of statements does not grow with the caseload.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from tracker import clock
from tracker.extensions import db
from tracker.models.cases import Case, Deadline, Event
from tracker.models.messages import DIGEST, Message
from tracker.models.partnerships import LADDER, LocalSetting, standing
from tracker.models.plans import ActionEvent
from tracker.models.reminders import Reminder
from tracker.procedures import PROCEDURES
from tracker.procedures.ladder import Ladder, Rung, ladder_from, next_nudge, nudge_on
from tracker.procedures.reckoning import OPEN
from tracker.queries.recipients import Recipient, Recipients

NEXT_TURN = timedelta(minutes=10)  # by when what was recorded has been looked at

Due = Row[Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """One reminder to be queued."""

    deadline: str
    deadline_id: int
    generation: int
    due_on: date | None
    rung: Rung
    recipient: Recipient


@dataclass(slots=True)
class Plan:
    """What a sweep of the day would add, and from which day on each deadline must be looked at again.

    `untold`: deadlines that nobody may be told of, as where everybody named on a restricted case has left.
    """

    on: date
    untold: int = 0
    reminders: list[Planned] = field(default_factory=list)
    look_again: dict[int, date] = field(default_factory=dict)

    def by_message(self) -> list[list[Planned]]:
        """The reminders that go together: all of one person's in one message, or each by itself for who wants it so."""
        together: dict[tuple[str, str], list[Planned]] = defaultdict(list)
        for place, planned in enumerate(self.reminders):
            together[planned.recipient.key, str(place) if planned.recipient.single else ""].append(planned)
        return list(together.values())


def plan_reminders(on: date, *, include_past: bool = False) -> Plan:
    """What the day calls for that has not been done: eight statements.

    A person who has had the day's digest is told at once only of what is urgent; the rest waits for the next day's.

    Args:
        include_past: also what was past already when it was brought in.
    """
    plan = Plan(on)
    look = to_look_at(on, include_past=include_past)
    rows = due_rows(look)
    if not rows:
        return plan
    ladders, done, told = Ladders(on), already_done(look), told_on(on)
    recipients = Recipients.on(on)
    for row in rows:
        rungs = called_for(row, ladders.of(row), on, include_past=include_past)
        wanted = [(rung, to) for rung in rungs for to in recipients.of(row, escalates=rung.escalates)]
        plan.untold += bool(rungs and not wanted)
        name = deadline_name(row)
        new = [(rung, to) for rung, to in wanted if (name, row.generation, rung.name, to.key) not in done]
        now = [(rung, to) for rung, to in new if rung.urgent or to.key not in told]
        plan.reminders += [Planned(name, row.id, row.generation, row.due_on, rung, to) for rung, to in now]
        waits = len(now) < len(new) or bool(rungs and not wanted)
        plan.look_again[row.id] = on + timedelta(days=1) if waits else ladders.next_look(row, on)
    return plan


def to_look_at(on: date, *, include_past: bool = False) -> ColumnElement[bool]:
    """The condition on `Deadline` for a sweep of the day."""
    look = Deadline.remind_on <= on
    if include_past:
        look |= and_(Deadline.due_on < Deadline.known_on, Deadline.due_on <= on, Deadline.window.is_(False))
    return and_(look, Deadline.state == OPEN)


def due_rows(look: ColumnElement[bool]) -> list[Due]:
    """These deadlines, with what a sweep needs of their cases."""
    return list(
        db.session.execute(
            select(
                Deadline.id, Deadline.case_id, Deadline.key, Deadline.subject, Deadline.occurrence, Deadline.owner,
                Deadline.due_on, Deadline.nudge_on, Deadline.known_on, Deadline.generation, Deadline.held,
                Deadline.action_id, func.coalesce(Case.partnership_id, Deadline.partnership_id).label("partnership_id"),
                Case.edition, Case.lead_id, Case.chair_id, Case.restricted, Case.on_hold,
            )
            .outerjoin(Case, Deadline.case_id == Case.id)
            .where(look)
            .order_by(Deadline.due_on, Deadline.id)
        )
    )  # fmt: skip


def anything_due(on: date) -> bool:
    """Whether a sweep of the day has anything to look at: one statement through an index."""
    return db.session.scalar(select(Deadline.id).where(to_look_at(on)).limit(1)) is not None


def called_for(row: Due, ladder: Ladder, on: date, *, include_past: bool) -> list[Rung]:
    """The rungs that the deadline stands on.

    A sweep of a day before the date became known is an operator's question about that day, and takes it as known.
    """
    known_on = row.known_on or date.min
    if include_past or known_on > on:
        known_on = date.min
    if row.due_on is None:
        rung = nudge_on(row.nudge_on, on, known_on) if row.nudge_on else None
        return [rung] if rung else []
    if row.due_on < known_on or (row.held and row.on_hold and on > row.due_on):
        return []  # brought in when it was past already; or excused while the case is on hold
    return ladder.due_rungs(row.due_on, on, known_on)


def next_look(row: Due, ladder: Ladder, on: date) -> date:
    if row.due_on is None:
        return next_nudge(row.nudge_on or on, on)
    if row.held and row.on_hold and on > row.due_on:
        return on + timedelta(days=1)  # the hold may end any day
    return ladder.next_day(row.due_on, on)


def deadline_name(row: Due) -> str:
    """What a clock is called for ever, whatever becomes of its row."""
    return (
        f"{row.case_id}/{row.key}/{row.subject}/{row.occurrence}"
        if row.action_id is None
        else f"{row.key} {row.action_id}"
    )


def already_done(look: ColumnElement[bool]) -> set[tuple[str, int, str, str]]:
    """The reminders that exist of these deadlines."""
    of_these = and_(Deadline.id == Reminder.deadline_id, look)
    query = select(Reminder.deadline, Reminder.generation, Reminder.rung, Reminder.recipient).join(Deadline, of_these)
    return {(name, generation, rung, to) for name, generation, rung, to in db.session.execute(query)}


def told_on(on: date) -> set[str]:
    """Who has had the day's digest, by the keys of recipients."""
    query = select(Reminder.recipient).join(Message).where(Message.kind == DIGEST, Message.on == on).distinct()
    return set(db.session.scalars(query))


class Ladders:
    """The ladder of each deadline: its own in the partnership, else its rule's, else the partnership's, else the usual.

    The setting `reminders.ladder` is a ladder, in which "deadlines" may give single ones their own, as "dhr.imr".
    """

    def __init__(self, on: date, also: Iterable[LocalSetting] = ()) -> None:
        """The ladders as a sweep of the day takes them. *also*: settings not recorded yet, to try them out."""
        self.usual: dict[int, Ladder] = {}
        self.own: dict[tuple[int, str], Ladder] = {}
        self.found: dict[tuple[int, str, str], Ladder] = {}  # of the deadlines asked for, by edition and key
        self.coming: dict[int, date] = {}  # the first day after *on* on which another ladder begins
        rows = db.session.scalars(select(LocalSetting).where(LocalSetting.key == LADDER).order_by(LocalSetting.id))
        for row in standing([*rows, *also]):
            if row.takes_effect_on > on:
                self.coming.setdefault(row.partnership_id, row.takes_effect_on)
            else:
                self.settle(row, on)

    def settle(self, row: LocalSetting, on: date) -> None:
        """Takes one setting, and what it says of single deadlines."""
        recorded_on = clock.london(row.recorded_at).date()
        since = max(row.takes_effect_on, recorded_on) if recorded_on <= on else row.takes_effect_on
        given = dict(row.choice)
        own: Mapping[str, Mapping[str, object]] = given.pop("deadlines", {})
        self.usual[row.partnership_id] = ladder_from(given, since)
        self.own |= {(row.partnership_id, key): ladder_from(ladder, since) for key, ladder in own.items()}

    def next_look(self, row: Due, on: date) -> date:
        """When a deadline calls for something next, or another ladder begins."""
        return min(next_look(row, self.of(row), on), self.coming.get(row.partnership_id, date.max))

    def of(self, row: Due) -> Ladder:
        usual = self.usual.get(row.partnership_id) or Ladder()
        if row.action_id is not None:
            return usual
        known = (row.partnership_id, row.edition, row.key)
        if known not in self.found:
            self.found[known] = self.of_rule(*known) or usual
        return self.found[known]

    def of_rule(self, partnership_id: int, edition: str, key: str) -> Ladder | None:
        """The ladder that such a deadline has of its own."""
        procedure = PROCEDURES[edition]
        rule = procedure.deadline(key)
        settled = self.own.get((partnership_id, f"{procedure.case_type}.{key}"))
        return settled or (rule.ladder if rule else None)


def unreminded(on: date) -> int:
    """How many open deadlines a sweep of the day should have looked at and has not, less what was recorded just now.

    An action that was added keeps the day of it, not the minute, so it has that day.
    """
    since = clock.now() - NEXT_TURN
    of_case = select(Event.id).where(Event.case_id == Deadline.case_id, Event.recorded_at > since)
    of_action = select(ActionEvent.id).where(
        ActionEvent.action_id == Deadline.action_id, ActionEvent.recorded_at > since
    )
    added_today = and_(Deadline.action_id.is_not(None), Deadline.known_on == on)
    recorded = or_(of_case.exists(), of_action.exists(), added_today)
    return db.session.scalar(select(func.count(Deadline.id)).where(to_look_at(on), ~recorded)) or 0


def reminders_of(message_ids: Iterable[str]) -> Iterator[tuple[Reminder, Deadline | None, Case | None]]:
    """The reminders in these messages with their deadlines and cases as they are now, where they are still there."""
    return (
        (reminder, deadline, case)
        for reminder, deadline, case in db.session.execute(
            select(Reminder, Deadline, Case)
            .outerjoin(Deadline, Deadline.id == Reminder.deadline_id)
            .outerjoin(Case, Case.id == Deadline.case_id)
            .where(Reminder.message_id.in_(list(message_ids)))
            .order_by(Reminder.due_on.nulls_last(), Reminder.id)
        )
    )
