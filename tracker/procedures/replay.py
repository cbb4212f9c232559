"""Walks a case's events in the order they happened, and refuses what the procedure forbids.

The walk is the single account of what stage a case was in when, which holds and clocks ran, and what each event did.
`reckoning.py` reads the answer off it.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

from tracker.procedures.calendars import Calendar
from tracker.procedures.clocks import Clock, Extension
from tracker.procedures.common_steps import reason_key
from tracker.procedures.facts import LONDON, Event, NotAllowed
from tracker.procedures.refusals import refusal, refused
from tracker.procedures.settings import Settings
from tracker.procedures.state import CaseState, Happened, HoldSpan, StageSpan
from tracker.procedures.vocabulary import CLOSED, STAGE_BEFORE, DeadlineRule, Effect, Move, Procedure, Step, Trigger


def replayed(procedure: Procedure, settings: Settings, calendar: Calendar, events: Iterable[Event]) -> "Replay":
    """The walk through *events*. Facts of one day may stand in any order that the procedure allows.

    The order of recording is tried first. An event that cannot come after others of its day is then taken on it as soon
    as it may be.

    Raises:
        NotAllowed: an event that the procedure forbids at its place, naming it.
    """
    known = list(events)
    early: list[int] = []
    first: dict[date, NotAllowed] = {}
    while True:
        try:
            return Replay(procedure, settings, calendar).run(known, early)
        except NotAllowed as stuck:
            day = next((event.on for event in known if event.number == stuck.number), date.min)
            reason = first.setdefault(day, stuck)
            if stuck.number in early or sum(event.on == day for event in known) <= 1:
                raise reason from None
            early.append(stuck.number)


class Replay(CaseState):
    """The state of a case after each of its events. Raises NotAllowed at the first that the procedure forbids."""

    def run(self, events: Iterable[Event], early: Collection[int] = ()) -> "Replay":
        """Take every event; those numbered in *early* as soon on their day as they may be."""
        self.to_come = sorted(events, key=lambda event: (event.on, event.number not in early, event.number))
        while self.to_come:
            today = list(next(groupby(self.to_come, key=lambda event: event.on))[1])
            chosen = next((event for event in today if refusal(self, event) is None), None)
            if chosen is None:
                raise refusal(self, today[0]) or NotAllowed("Not allowed", number=today[0].number)
            self.to_come.remove(chosen)
            self.take(chosen)
        return self

    def open_steps(self, on: date) -> tuple[str, ...]:
        return tuple(step.key for step in self.procedure.steps if not refused(self, step, on)[0])

    def take(self, event: Event) -> None:
        self.revise(event.recorded_at)
        step = self.procedure.known_step(event.step)
        answers = self.answers_of(step, event)
        past = Happened(event, step, answers, self.stage)
        self.history.append(past)
        if not self.spans:
            self.spans.append(StageSpan(self.stage, event.on))
        self.meet(past)
        self.end_and_suspend(past)
        self.apply_effect(past)
        self.move(past)
        self.start(past)
        past.stage_after = self.stage
        self.note_holder(event.on)

    def revise(self, known_at: datetime | None) -> None:
        """Give the clocks that still run the lengths that were set after they started, by that moment or until now.

        A window that had run out when a length was set stays closed.
        """
        for clock in [clock for clock in self.clocks if clock.rule.key in self.local and clock.counting]:
            since, stated = clock.start.on, self.procedure.known_deadline(clock.rule.key)
            begun_at = clock.start.recorded_at
            known = max(begun_at, known_at) if begun_at and known_at else None
            in_force = self.settings.in_force(stated.key, since, known)
            set_on = max((local.known_at.astimezone(LONDON).date() for local in in_force), default=since)
            due = clock.due(self.calendar.as_known_on(set_on)) if clock.rule.window else None
            if due is None or due >= set_on:
                clock.rule = replace(clock.rule, period=self.settings.rule_on(stated, since, known).period)

    def answers_of(self, step: Step, event: Event) -> dict[str, str]:
        answers = step.answers(event.answers)
        for key, source in step.inherits:
            if not answers.get(key):
                answers[key] = next(
                    (past.answers.get(key, "") for past in reversed(self.history) if past.event.step == source), ""
                )
        return answers

    def meet(self, past: Happened) -> None:
        counting = (clock for clock in self.clocks if clock.counting)
        for clock in sorted(counting, key=lambda clock: self.order[clock.rule.key]):
            if clock.met_by(past.event, past.answers, past.stage_before):
                clock.met_on, clock.met = past.event.on, past.event
                past.met.append(clock)
                if past.step.meets_one:
                    return

    def end_and_suspend(self, past: Happened) -> None:
        def matches(triggers: tuple[Trigger, ...]) -> bool:
            return any(trigger.matches(past.event.step, past.answers, past.stage_before) for trigger in triggers)

        for clock in self.clocks:
            if clock.met_on or clock.ended_on:
                continue
            if matches(clock.rule.ends):
                clock.end(past.event.on, past.step.label)
                clock.completed = True
            if matches(clock.rule.suspends):
                clock.suspended = past.event
            if matches(clock.rule.resumes):
                clock.suspended = None

    def apply_effect(self, past: Happened) -> None:
        event, answers = past.event, past.answers
        match past.step.effect:
            case Effect.HOLD_STARTED:
                reason = answers.get("reason", "")
                holders = dict(self.procedure.hold_holders)
                holder = answers.get("held_by") or holders.get(reason_key(reason), "")
                self.held_since = self.held_since or event.on
                self.holds.append(HoldSpan(reason, event.on, holder))
            case Effect.HOLD_ENDED:
                if hold := self.hold_ended_by(answers):
                    hold.until = event.on
            case Effect.EXTENDED:
                if clock := self.extended_clock(event, answers):
                    due = clock.due(self.calendar.as_known_on(event.on))
                    clock.extensions.append(Extension(event, due, date.fromisoformat(answers["to"])))

    def move(self, past: Happened) -> None:
        move = next((move for move in past.step.moves if self.applies(move, past)), None)
        if move is None:
            return
        leaving, day = self.stage, past.event.on
        if move.to == STAGE_BEFORE:
            self.stage = self.before.get(leaving, self.procedure.first_stage)
        elif move.to != leaving:
            self.before[move.to] = leaving
            self.stage = move.to
        if self.stage == leaving:
            return
        self.spans[-1].until = day
        self.spans.append(StageSpan(self.stage, day))
        for clock in self.clocks:
            if self.stage == CLOSED and clock.counting and not clock.rule.window:
                clock.closed_on = day
            elif leaving == CLOSED:
                clock.closed_on = None

    def applies(self, move: Move, past: Happened) -> bool:
        if move.from_stages and self.stage not in move.from_stages:
            return False
        if move.every_subject:
            return self.every_subject(move, past.step)
        return all(past.answers.get(key, "") in values for key, values in move.when)

    def every_subject(self, move: Move, step: Step) -> bool:
        """Whether each subject the case knows, and at least so many, last gave one of the answers."""
        known = {past.event.about for past in self.history if past.event.step in (step.key, step.reply_to)}
        latest = {past.event.about: past.answers for past in self.history if past.event.step == step.key}
        return len(known) >= move.every_subject and all(
            subject in latest and all(latest[subject].get(key, "") in values for key, values in move.when)
            for subject in known
        )

    def start(self, past: Happened) -> None:
        for stated in self.startable(past.event.step):
            rule = self.settings.rule_on(stated, past.event.on, past.event.recorded_at)
            triggers = (*rule.starts, *rule.restarts)
            if any(trigger.matches(past.event.step, past.answers, past.stage_before) for trigger in triggers):
                self.open_clock(past, rule.key)
        if past.step.effect is Effect.HOLD_ENDED and not self.active_holds:
            held_since, self.held_since = self.held_since, None
            known = self.calendar.as_known_on(past.event.on)
            for clock in [clock for clock in self.clocks if clock.rule.held and clock.running]:
                due = clock.due(known)
                if due and held_since and held_since <= due < past.event.on:
                    self.open_clock(past, clock.rule.key)

    def startable(self, step: str) -> list[DeadlineRule]:
        """The rules that a step may start: as written, or because a local setting may name another step."""
        return [
            rule
            for rule in self.procedure.deadlines
            if not rule.of_partnership and (step in rule.started_by or rule.key in self.local)
        ]

    def open_clock(self, past: Happened, key: str) -> None:
        rule = self.settings.rule_on(self.procedure.known_deadline(key), past.event.on, past.event.recorded_at)
        subject = past.event.about if rule.per_subject else ""
        started_on = past.event.on
        if rule.start_answer and past.step.effect is Effect.NONE:
            answer = past.answers.get(rule.start_answer, "")
            if not answer:
                return
            started_on = date.fromisoformat(answer)
        earlier = [clock for clock in self.clocks if clock.rule.key == key and clock.subject == subject]
        if earlier and rule.first_start_only:
            return
        if rule.chased and (open_now := [clock for clock in earlier if clock.counting]):
            open_now[-1].chases.append(past.event.on)
            past.chased = True
            return
        if earlier and earlier[-1].completed and past.event.step in {trigger.step for trigger in rule.met_by}:
            return  # It repeats until complete: a late update starts it no more.
        for clock in earlier:
            if clock.met_on is None and clock.ended_on is None:
                clock.end(past.event.on, f"started again: {past.step.phrase}")
        clock = Clock(rule, subject, len(earlier) + 1, started_on, past.event, past.step, past.answers)
        if earlier:
            self.carry_over(earlier[-1], clock)
        self.clocks.append(clock)
        past.started.append(clock)

    def carry_over(self, earlier: Clock, latest: Clock) -> None:
        """An extension of the day a clock starts again is of the latest occurrence started by that day."""
        known = self.calendar.as_known_on(latest.start.on)
        of_today = [extension for extension in earlier.extensions if extension.event.on == latest.start.on]
        for extension in of_today:
            due = latest.due(known)
            if earlier.met_on is None and due is not None and extension.new_due > due:
                earlier.extensions.remove(extension)
                latest.extensions.append(replace(extension, old_due=due))
