"""Where a case stands in the middle of a walk through its events: the state that every step reads and changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.procedures.calendars import Calendar
from tracker.procedures.clocks import Clock
from tracker.procedures.common_steps import reason_key
from tracker.procedures.facts import Event
from tracker.procedures.settings import Settings
from tracker.procedures.vocabulary import CLOSED, At, Procedure, Step


@dataclass(slots=True)
class StageSpan:
    """The case was in a stage from a day until a day (None: still is)."""

    stage: str
    since: date
    until: date | None = None


@dataclass(slots=True)
class HoldSpan:
    """A hold, and why."""

    reason: str
    since: date
    holder: str = ""
    until: date | None = None


@dataclass(slots=True)
class Happened:
    """An event that counts, and what it did."""

    event: Event
    step: Step
    answers: dict[str, str]
    stage_before: str
    stage_after: str = ""
    started: list[Clock] = field(default_factory=list)
    met: list[Clock] = field(default_factory=list)
    chased: bool = False


class CaseState:
    """The stage, holds and clocks of a case after some of its events. `to_come`: the events not yet taken."""

    def __init__(self, procedure: Procedure, settings: Settings, calendar: Calendar) -> None:
        self.procedure, self.settings, self.calendar = procedure, settings, calendar
        self.stage = procedure.first_stage
        self.before: dict[str, str] = {}
        self.spans: list[StageSpan] = []
        self.holds: list[HoldSpan] = []
        self.held_since: date | None = None
        self.holder = procedure.stage(self.stage).held_by
        self.holder_since: date | None = None
        self.clocks: list[Clock] = []
        self.history: list[Happened] = []
        self.order = {rule.key: place for place, rule in enumerate(procedure.deadlines)}
        self.to_come: list[Event] = []
        self.local = frozenset(local.deadline for local in settings.rules)

    @property
    def active_holds(self) -> list[HoldSpan]:
        return [hold for hold in self.holds if hold.until is None]

    @property
    def on_hold(self) -> bool:
        return bool(self.active_holds) and self.stage != CLOSED

    def note_holder(self, on: date) -> None:
        """Whom the case waits for after an event of that day: on hold whom the hold names, else whose stage it is."""
        named = self.active_holds[-1].holder if self.on_hold else ""
        holder = named or self.procedure.stage(self.stage).held_by
        if holder != self.holder or self.holder_since is None:
            self.holder, self.holder_since = holder, on

    def hold_ended_by(self, answers: Mapping[str, str]) -> HoldSpan | None:
        """The hold that ends: the only one, or the one with that reason."""
        active = self.active_holds
        if len(active) == 1:
            return active[0]
        wanted = reason_key(answers.get("reason", ""))
        return next((hold for hold in active if reason_key(hold.reason) == wanted), None)

    def can_be_extended(self, clock: Clock, on: date) -> bool:
        """Whether a later date may be agreed on that day: what is met, ended, moved past or lapsed has none."""
        if not (clock.rule.extendable and clock.running and self.can_be_met(clock)):
            return False
        due = clock.due(self.calendar.as_known_on(on))
        return due is not None and (on <= due or not clock.rule.window)

    def can_be_met(self, clock: Clock) -> bool:
        """Whether a step that meets it may still be recorded: in this stage, the one a detour returns to, or ahead."""
        order = [stage.key for stage in self.procedure.stages]
        here = self.stage
        from_stage = self.before.get(here, here) if self.procedure.stage(here).detour else here
        ahead = {key for key in order[order.index(from_stage) :] if key != CLOSED} | {here, from_stage}
        steps = [self.procedure.step(trigger.step) for trigger in clock.rule.met_by]
        return any(at.stage in ahead for step in steps if step for at in step.at)

    def extended_clock(self, event: Event, answers: Mapping[str, str]) -> Clock | None:
        """The latest occurrence started by that day. A subject may be left out where only one is running."""
        clocks = [clock for clock in self.clocks if clock.rule.key == answers.get("deadline")]
        if event.about:
            clocks = [clock for clock in clocks if clock.subject in (event.about, "")]
        elif len({clock.subject for clock in clocks}) > 1:
            running = [clock for clock in clocks if clock.running]
            clocks = running if len({clock.subject for clock in running}) == 1 else []
        return clocks[-1] if clocks else None

    def stands_at(self, at: At) -> bool:
        if at.stage != self.stage:
            return False
        if not at.after:
            return True
        for past in reversed(self.history):
            if any(trigger.matches(past.event.step, past.answers, past.stage_before) for trigger in at.after):
                return True
            if past.event.step in at.until:
                return False
        return False

    def happened(self, step: str) -> bool:
        return any(past.event.step == step for past in self.history)

    def labels(self, keys: Iterable[str]) -> str:
        steps = [self.procedure.step(key) for key in keys]
        return " or ".join(f"“{step.label}”" for step in steps if step)
