"""Walks a case's events in the order they happened, and refuses what the procedure forbids.

The walk is the single account of what stage a case was in when, which holds and clocks ran, and what each event did.
`reckoning.py` reads the answer off it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from tracker.procedures.calendars import Calendar, spelled
from tracker.procedures.clocks import Clock, Extension
from tracker.procedures.common_steps import reason_key
from tracker.procedures.facts import Event, NotAllowed
from tracker.procedures.settings import Settings
from tracker.procedures.vocabulary import CLOSED, STAGE_BEFORE, At, DeadlineRule, Effect, Move, Procedure, Step, Trigger


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


def uncorrected(events: tuple[Event, ...], procedure: Procedure, today: date) -> tuple[list[Event], frozenset[int]]:
    """The events that count on that day, and the numbers of those replaced by a correction of that day or before."""
    known = tuple(event for event in events if event.on <= today)
    gone = replacements(known, procedure)
    return [event for event in known if event.number not in gone], frozenset(gone)


def replacements(events: tuple[Event, ...], procedure: Procedure) -> dict[int, int]:
    """The number of each event that a correction replaces, with the number of the correction.

    A correction may itself be corrected, the latest first; those that stand are then read in the order of recording.
    """
    corrections = sorted((e for e in events if _effect(procedure, e) is Effect.CORRECTED), key=_recording)
    keys = {correction.step for correction in corrections}
    of_corrections = [event for event in corrections if event.answers.get("replaces") in keys]
    of_facts = [event for event in corrections if event.answers.get("replaces") not in keys]
    gone: dict[int, int] = {}
    for correction in (*reversed(of_corrections), *of_facts):
        if correction.number in gone:
            continue
        target = _target(correction, events, gone)
        if target is None:
            raise NotAllowed(
                f"There is no step “{correction.answers.get('replaces', '')}” to correct before "
                f"{spelled(correction.on)}",
                number=correction.number,
                field="replaces",
            )
        gone[target.number] = correction.number
    return gone


def _effect(procedure: Procedure, event: Event) -> Effect:
    step = procedure.step(event.step)
    return step.effect if step else Effect.NONE


def _recording(event: Event) -> tuple[float, int]:
    return (event.recorded_at.timestamp() if event.recorded_at else float("inf"), event.number)


def _recorded_before(event: Event, correction: Event) -> bool:
    if event.recorded_at and correction.recorded_at:
        return _recording(event) < _recording(correction)
    return event.number < correction.number


def _target(correction: Event, events: tuple[Event, ...], replaced: Collection[int]) -> Event | None:
    """The event a correction replaces: chosen by step, subject and day, else the latest."""
    wanted, day = correction.answers.get("replaces", ""), correction.answers.get("replaces_on", "")
    candidates = [
        event
        for event in events
        if event.step == wanted
        and event is not correction
        and event.number not in replaced
        and event.on <= correction.on
        and (not correction.about or event.about == correction.about)
        and (not day or event.on.isoformat() == day)
    ]
    earlier = [event for event in candidates if _recorded_before(event, correction)]
    return max(earlier or candidates, key=lambda event: (event.on, event.number), default=None)


class Replay:
    """The state of a case after each of its events. Raises NotAllowed at the first that the procedure forbids."""

    def __init__(self, procedure: Procedure, settings: Settings, calendar: Calendar) -> None:
        self.procedure, self.settings, self.calendar = procedure, settings, calendar
        self.stage = procedure.first_stage
        self.before: dict[str, str] = {}
        self.spans: list[StageSpan] = []
        self.holds: list[HoldSpan] = []
        self.held_since: date | None = None
        self.clocks: list[Clock] = []
        self.history: list[Happened] = []
        self.order = {rule.key: place for place, rule in enumerate(procedure.deadlines)}
        self.to_come: list[Event] = []

    # -- What is allowed ------------------------------------------------------------------------------------------

    def run(self, events: Iterable[Event]) -> "Replay":
        self.to_come = sorted(events, key=lambda event: (event.on, event.number))
        while self.to_come:
            # Facts of one day may stand in any order that the procedure allows.
            today = list(next(groupby(self.to_come, key=lambda event: event.on))[1])
            chosen = next((event for event in today if self.refusal(event) is None), None)
            if chosen is None:
                raise self.refusal(today[0]) or NotAllowed("Not allowed", number=today[0].number)
            self.to_come.remove(chosen)
            self.take(chosen)
        return self

    def refusal(self, event: Event) -> NotAllowed | None:
        """Why this event cannot come next, or None."""
        step = self.procedure.step(event.step)
        if step is None:
            return NotAllowed(f"{self.procedure.title} has no step “{event.step}”", number=event.number, field="step")
        why, field_name = self.refused(step, event)
        return NotAllowed(why, number=event.number, field=field_name) if why else None

    def refused(self, step: Step, event: Event | None = None) -> tuple[str, str]:
        """Why a step may not be recorded now, and the field at fault; empty when it may.

        Without an event: whether there is any subject or answer with which it may.
        """
        if not self.history:
            return self.refused_first(step)
        if step.opens or (step.once and self.happened(step.key)):
            return f"“{step.label}” is already recorded", "step"
        if not any(self.stands_at(at) for at in step.at):
            return self.not_now(step, event), "on"
        if step.needs and not any(self.happened(key) for key in step.needs):
            return f"“{step.label}” comes after {self.labels(step.needs)}", "on"
        if step.reply_to:
            return self.refused_reply(step, event)
        return self.refused_effect(step, event)

    def refused_first(self, step: Step) -> tuple[str, str]:
        if step.opens:
            return "", ""
        opening = self.procedure.opening
        begun = next((event.on for event in self.to_come if event.step == opening.key), None)
        if begun:
            return f"The date must be {spelled(begun)} or later: that is when the case began", "on"
        return f"The first step of a case is “{opening.label}”", "on"

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

    def not_now(self, step: Step, event: Event | None) -> str:
        if event is None:
            return f"“{step.label}” cannot be recorded now"
        instead = ", ".join(self.procedure.steps[place].phrase for place in self.open_places()[:4])
        stage = self.procedure.stage(self.stage).label
        return (
            f"“{step.label}” cannot be recorded at the stage {stage} on {spelled(event.on)}. You may record: {instead}"
        )

    def open_places(self) -> list[int]:
        return [
            place
            for place, step in enumerate(self.procedure.steps)
            if any(self.stands_at(at) for at in step.at)
            and not step.opens
            and step.effect is Effect.NONE
            and (not step.needs or any(self.happened(key) for key in step.needs))
        ]

    def refused_reply(self, step: Step, event: Event | None) -> tuple[str, str]:
        asked = {past.event.about for past in self.history if past.event.step == step.reply_to}
        if event is None:
            return ("", "") if asked or step.unasked else (f"“{step.label}” comes after a request", "step")
        if event.about in asked:
            return "", ""
        label = self.labels((step.reply_to,))
        later = [other for other in self.to_come if other.step == step.reply_to and other.about == event.about]
        if later:
            return f"The date must be {spelled(later[0].on)} or later: {label}, {event.about}", "on"
        return ("", "") if step.unasked else (f"{label} is not recorded for {event.about}", "subject")

    def refused_effect(self, step: Step, event: Event | None) -> tuple[str, str]:
        answers = step.answers(event.answers) if event else {}
        match step.effect:
            case Effect.HOLD_STARTED if event and any(
                reason_key(held.reason) == reason_key(answers.get("reason", "")) for held in self.active_holds
            ):
                return "The case is already on hold for that reason", "reason"
            case Effect.HOLD_ENDED if not self.active_holds:
                return "The case is not on hold", "step"
            case Effect.HOLD_ENDED if event and self.hold_ended_by(answers) is None:
                reasons = ", ".join(hold.reason for hold in self.active_holds)
                return f"Say which hold ends: {reasons}", "reason"
            case Effect.EXTENDED if event:
                return self.refused_extension(event, answers)
            case Effect.EXTENDED if not self.extendable_clocks():
                return "No deadline can be extended now", "step"
        return "", ""

    def extendable_clocks(self) -> list[Clock]:
        return [clock for clock in self.clocks if clock.running and clock.rule.extendable]

    def refused_extension(self, event: Event, answers: Mapping[str, str]) -> tuple[str, str]:
        rule = self.procedure.deadline(answers.get("deadline", ""))
        if rule is None:
            return f"There is no deadline “{answers.get('deadline', '')}”", "deadline"
        if not rule.extendable:
            return f"“{rule.label}” cannot be extended ({rule.source})", "deadline"
        clock = self.extended_clock(event, answers)
        if clock is None:
            if rule.per_subject and not event.about:
                return (
                    f"Say whose deadline is extended: “{rule.label}” runs for each {self.subject_word(rule.key)}",
                    "subject",
                )
            return f"“{rule.label}” had not started by {spelled(event.on)}", "deadline"
        if not clock.running:
            return f"“{rule.label}” is no longer open: nothing is left to extend", "deadline"
        due = clock.due(self.calendar.as_known_on(event.on))
        if due is None:
            return f"“{rule.label}” has no due date to extend", "deadline"
        if date.fromisoformat(answers["to"]) <= due:
            return f"The new date must be after {spelled(due)}, the date it is due now", "to"
        return "", ""

    def extended_clock(self, event: Event, answers: Mapping[str, str]) -> Clock | None:
        """The latest occurrence started by that day. A subject may be left out where only one is running."""
        clocks = [clock for clock in self.clocks if clock.rule.key == answers.get("deadline")]
        if event.about:
            clocks = [clock for clock in clocks if clock.subject in (event.about, "")]
        elif len({clock.subject for clock in clocks}) > 1:
            running = [clock for clock in clocks if clock.running]
            clocks = running if len({clock.subject for clock in running}) == 1 else []
        return clocks[-1] if clocks else None

    def subject_word(self, deadline: str) -> str:
        rule = self.procedure.deadline(deadline)
        step = self.procedure.step(rule.starts[0].step) if rule else None
        return step.subject if step else "subject"

    # -- What it does ---------------------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        step = self.procedure.step(event.step)
        assert step is not None
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
                hold = self.hold_ended_by(answers)
                assert hold is not None
                hold.until = event.on
            case Effect.EXTENDED:
                clock = self.extended_clock(event, answers)
                assert clock is not None
                known = self.calendar.as_known_on(event.on)
                clock.extensions.append(Extension(event, clock.due(known), date.fromisoformat(answers["to"])))

    @property
    def active_holds(self) -> list[HoldSpan]:
        return [hold for hold in self.holds if hold.until is None]

    def hold_ended_by(self, answers: Mapping[str, str]) -> HoldSpan | None:
        """The hold that ends: the only one, or the one with that reason."""
        active = self.active_holds
        if len(active) == 1:
            return active[0]
        wanted = reason_key(answers.get("reason", ""))
        return next((hold for hold in active if reason_key(hold.reason) == wanted), None)

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
            rule = self.settings.rule_on(stated, past.event.on)
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
        local = {local.deadline for local in self.settings.rules}
        return [
            rule
            for rule in self.procedure.deadlines
            if not rule.of_partnership and (step in rule.started_by or rule.key in local)
        ]

    def open_clock(self, past: Happened, key: str) -> None:
        stated = self.procedure.deadline(key)
        assert stated is not None
        rule = self.settings.rule_on(stated, past.event.on)
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

    # -- What is asked of it --------------------------------------------------------------------------------------

    def happened(self, step: str) -> bool:
        return any(past.event.step == step for past in self.history)

    def labels(self, keys: Iterable[str]) -> str:
        steps = [self.procedure.step(key) for key in keys]
        return " or ".join(f"“{step.label}”" for step in steps if step)

    def open_steps(self) -> tuple[str, ...]:
        return tuple(step.key for step in self.procedure.steps if not self.refused(step)[0])
