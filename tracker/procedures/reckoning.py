"""The one pure function that derives everything: stage, permitted steps, holder, and each deadline with its working."""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.procedures.calendars import BeyondCalendar, Calendar
from tracker.procedures.clocks import Clock, Extension
from tracker.procedures.corrections import uncorrected
from tracker.procedures.facts import Facts, NotAllowed
from tracker.procedures.periods import WorkingDays
from tracker.procedures.replay import Replay, replayed
from tracker.procedures.settings import Settings
from tracker.procedures.state import Happened, HoldSpan, StageSpan
from tracker.procedures.threshold import Threshold, assess
from tracker.procedures.vocabulary import CLOSED, Authority, Name, Procedure, Source
from tracker.procedures.working import working

OPEN, OVERDUE, MET, MET_LATE, LAPSED, CANCELLED = "open", "overdue", "met", "met_late", "lapsed", "cancelled"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One occurrence of one deadline, as it stands on the day of the reckoning.

    `due` is None for "as soon as practicable" and for waits without a limit. `reason` says why a cancelled one no
    longer applies; `not_recorded` that its step can no longer be recorded. `last_working_day` is a hint, never the due
    date: nothing rolls.
    """

    key: str
    title: str
    subject: str | None
    occurrence: int
    started_on: date
    due: date | None
    original_due: date | None
    met_on: date | None
    status: str
    owner: str
    source: Source
    working: tuple[str, ...]
    period: str
    counted: str
    started_by: str
    start_number: int
    met_number: int | None
    extensions: tuple[Extension, ...]
    chases: tuple[date, ...]
    reason: str
    not_recorded: bool
    ended_on: date | None
    last_working_day: date | None
    nudge_on: date | None
    extendable: bool
    window: bool
    held: bool
    name: Name

    @property
    def is_open(self) -> bool:
        return self.status in (OPEN, OVERDUE)

    @property
    def runs_out(self) -> bool:
        """A window that is open, or closed because its time ran out: which, the day alone decides."""
        return self.window and self.met_on is None and self.ended_on is None

    @property
    def authority(self) -> Authority:
        return self.source.authority

    def as_json(self) -> dict[str, object]:
        return {
            "key": self.key,
            "subject": self.subject,
            "occurrence": self.occurrence,
            "started_on": self.started_on.isoformat(),
            "due": _iso(self.due),
            "original_due": _iso(self.original_due),
            "met_on": _iso(self.met_on),
            "status": self.status,
            "owner": self.owner,
            "authority": self.source.authority.value,
            "source": str(self.source),
            "working": list(self.working),
        }


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What the facts come to on a day."""

    procedure: Procedure
    today: date
    stage: str
    on_hold: bool
    held_by: str
    holder_since: date | None
    open_steps: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    threshold: Threshold | None
    spans: tuple[StageSpan, ...]
    holds: tuple[HoldSpan, ...]
    history: tuple[Happened, ...]
    corrected: frozenset[int]

    @property
    def open_deadlines(self) -> list[Deadline]:
        """Open and overdue, the earliest due first; those without a date last."""
        running = [deadline for deadline in self.deadlines if deadline.is_open]
        return sorted(running, key=lambda deadline: (deadline.due or date.max, deadline.started_on))

    @property
    def is_closed(self) -> bool:
        return self.stage == CLOSED

    @property
    def next_deadline(self) -> Deadline | None:
        """What somebody must do next. An open window is an opportunity, and nobody's task."""
        return next((deadline for deadline in self.open_deadlines if not deadline.window), None)

    @property
    def ready_to_close_on(self) -> date | None:
        """The day from which nothing is open and nothing due, or None; windows still open decide the day."""
        if not self.history or self.is_closed or self.on_hold or self.next_deadline:
            return None
        windows = [d.due + timedelta(days=1) for d in self.deadlines if d.window and d.runs_out and d.due]
        return max([self.history[-1].event.on, *windows])

    @property
    def ready_to_close(self) -> bool:
        return self.ready_to_close_on is not None and self.ready_to_close_on <= self.today

    def as_json(self) -> dict[str, object]:
        """The shape of commands.md, "A reckoning"."""
        return {
            "type": self.procedure.case_type,
            "edition": self.procedure.edition,
            "stage": self.stage,
            "on_hold": self.on_hold,
            "held_by": self.held_by,
            "open_steps": list(self.open_steps),
            "deadlines": [deadline.as_json() for deadline in self.deadlines],
            "threshold": self.threshold.as_json() if self.threshold else None,
        }


def reckon(procedure: Procedure, facts: Facts, settings: Settings, calendar: Calendar, today: date) -> Reckoning:
    """Derive where a case stands on a day. Events dated later do not exist for it.

    Raises:
        NotAllowed: an event that the procedure forbids at its place, naming it; or a date past the calendar.
    """
    try:
        replay, corrected = _replayed(procedure, facts, settings, calendar, today)
        replay.revise(None)
        # Deadlines come in the order of the procedure's tables, then by subject, then by occurrence.
        clocks = sorted(
            replay.clocks, key=lambda clock: (replay.order[clock.rule.key], clock.subject, clock.occurrence)
        )
        deadlines = tuple(_dated(clock, replay, calendar, today) for clock in clocks)
    except BeyondCalendar as beyond:
        raise NotAllowed(str(beyond), field="on") from None
    return Reckoning(
        procedure=procedure,
        today=today,
        stage=replay.stage,
        on_hold=replay.on_hold,
        held_by=replay.holder,
        holder_since=replay.holder_since,
        open_steps=replay.open_steps(today),
        deadlines=deadlines,
        threshold=_threshold(procedure, replay, facts, settings),
        spans=tuple(replay.spans),
        holds=tuple(replay.holds),
        history=tuple(replay.history),
        corrected=corrected,
    )


def _replayed(
    procedure: Procedure, facts: Facts, settings: Settings, calendar: Calendar, today: date
) -> tuple[Replay, frozenset[int]]:
    """The walk over the events that count, and the numbers of those that were corrected."""
    events, corrected = uncorrected(facts.events, procedure, today)
    try:
        return replayed(procedure, settings, calendar, events), corrected
    except NotAllowed:
        # Before the day of a correction the wrong fact and the right one may both be there, and only one can be.
        counted, corrected_later = uncorrected(facts.events, procedure, date.max)
        if not corrected_later - corrected:
            raise
        events = [event for event in counted if event.on <= today]
        return replayed(procedure, settings, calendar, events), corrected_later


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _threshold(procedure: Procedure, replay: Replay, facts: Facts, settings: Settings) -> Threshold | None:
    if not procedure.takes_complaints or not replay.history:
        return None
    applied = replay.history[0].event
    return assess(facts.complaints, applied.on, settings.threshold_on(applied.on, applied.recorded_at))


def _dated(clock: Clock, replay: Replay, calendar: Calendar, today: date) -> Deadline:
    """The deadline; where its days cannot be counted, that is refused of the event that started it."""
    try:
        return _deadline(clock, replay, calendar, today)
    except BeyondCalendar as beyond:
        raise NotAllowed(str(beyond), number=clock.start.number, field="on") from None


def _deadline(clock: Clock, replay: Replay, calendar: Calendar, today: date) -> Deadline:
    # What became known after a deadline was met or ended does not touch it.
    known = calendar.as_known_on(clock.met_on or clock.ended_on or clock.closed_on or today)
    due = clock.due(known)
    not_recorded = clock.running and not clock.rule.window and not replay.can_be_met(clock)
    status = _status(clock, due, today, replay, not_recorded)
    reason = ""
    if status == CANCELLED:
        reason = _reason(clock, not_recorded)
    hint = None
    if due and known.first <= due <= known.horizon and not known.is_working_day(due):
        hint = known.last_working_day_on_or_before(due)
    nudge_after = getattr(clock.rule.period, "nudge_working_days", None)
    return Deadline(
        key=clock.rule.key,
        title=clock.rule.label,
        subject=clock.subject or None,
        occurrence=clock.occurrence,
        started_on=clock.started_on,
        due=due,
        original_due=clock.original_due(known),
        met_on=clock.met_on,
        status=status,
        owner=clock.subject or clock.rule.owner,
        source=clock.rule.source,
        working=working(clock, known, replay.holds, status, reason, hint),
        period=clock.rule.period.words(),
        counted=clock.rule.period.explained,
        started_by=clock.start_step.label,
        start_number=clock.start.number,
        met_number=clock.met.number if clock.met else None,
        extensions=tuple(clock.extensions),
        chases=tuple(clock.chases),
        reason=reason,
        not_recorded=not_recorded,
        ended_on=clock.ended_on or clock.closed_on,
        last_working_day=hint,
        nudge_on=_nudge_on(clock, nudge_after, known) if due is None and status == OPEN else None,
        extendable=clock.rule.extendable,
        window=clock.rule.window,
        held=clock.rule.held,
        name=clock.rule.name or Name(clock.rule.label, f"“{clock.rule.label}”"),
    )


def _status(clock: Clock, due: date | None, today: date, replay: Replay, not_recorded: bool) -> str:
    if clock.met_on:
        return MET if due is None or clock.met_on <= due else MET_LATE
    if clock.ended_on:
        lapsed_first = clock.rule.window and due is not None and due < clock.ended_on
        return LAPSED if lapsed_first else CANCELLED
    if clock.rule.window and due is not None and today > due:
        return LAPSED
    if clock.closed_on or clock.suspended or not_recorded:
        return CANCELLED
    if due is None or today <= due or (clock.rule.held and replay.active_holds):
        return OPEN
    return OVERDUE


def _reason(clock: Clock, not_recorded: bool) -> str:
    if clock.ended_on:
        return clock.ended_why
    if clock.closed_on:
        return "the case was closed"
    if clock.suspended:
        return "no review is agreed"
    return "not recorded: the case has moved past it" if not_recorded else ""


def _nudge_on(clock: Clock, working_days: int | None, calendar: Calendar) -> date | None:
    if not working_days:
        return None
    try:
        return WorkingDays(working_days).due(clock.started_on, calendar)
    except BeyondCalendar:
        return None
