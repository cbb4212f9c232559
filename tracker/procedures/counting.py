"""What figures are made of: a period, cases followed to a day, and a count that remembers what it counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from tracker.procedures.calendars import Calendar
from tracker.procedures.corrections import uncorrected
from tracker.procedures.facts import Event, Facts, NotAllowed
from tracker.procedures.reckoning import Deadline, reckon
from tracker.procedures.replay import Replay, replayed
from tracker.procedures.settings import Settings
from tracker.procedures.state import Happened
from tracker.procedures.vocabulary import CLOSED, Effect, Procedure

Line = int | Mapping[str, float | None]

EVENT, COHORT, SNAPSHOT, EVENT_AND_SNAPSHOT = "event", "cohort", "snapshot", "event, snapshot"


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both counted, and the day to which what happened is known.

    Raises:
        ValueError: it ends before it begins.
    """

    since: date
    until: date
    as_at: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ValueError("the period ends before it begins")

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.since <= day <= self.until

    @property
    def snapshot(self) -> date:
        """The day of snapshots: the period's end, or the as-at day where that is earlier."""
        return min(self.until, self.as_at)

    @property
    def eve(self) -> date:
        """The day before the period."""
        return self.since - timedelta(days=1) if self.since > date.min else date.min


@dataclass(frozen=True, slots=True)
class FiguredAction:
    """An action of a plan: the days it was added, is due, was verified, and was stopped or superseded."""

    agency: str
    added_on: date
    due_on: date | None = None
    verified_on: date | None = None
    ended_on: date | None = None

    def is_open_on(self, day: date) -> bool:
        over = [done for done in (self.verified_on, self.ended_on) if done]
        return self.added_on <= day and all(done > day for done in over)


@dataclass(frozen=True, slots=True)
class FiguredResponse:
    """What a body answered to a recommendation, and when."""

    body: str
    response: str
    on: date


@dataclass(frozen=True, slots=True)
class FiguredCase:
    """A case as figures take it. `joint`: several partnerships review it together, and each counts it once."""

    reference: str
    procedure: Procedure
    facts: Facts
    settings: Settings = field(default_factory=Settings)
    themes: tuple[str, ...] = ()
    joint: bool = False
    actions: tuple[FiguredAction, ...] = ()
    responses: tuple[FiguredResponse, ...] = ()


@dataclass(frozen=True)
class FollowedCase:
    """A case with what counts of its history as at a day. Events dated later do not exist."""

    case: FiguredCase
    facts: Facts
    replay: Replay
    calendar: Calendar
    as_at: date

    @property
    def history(self) -> list[Happened]:
        return self.replay.history

    @property
    def opened_on(self) -> date:
        return self.history[0].event.on

    @property
    def is_closed(self) -> bool:
        return self.replay.stage == CLOSED

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        return reckon(self.case.procedure, self.facts, self.case.settings, self.calendar, self.as_at).deadlines

    def all(self, *steps: str) -> Iterator[Happened]:
        return (past for past in self.history if past.event.step in steps)

    def first(self, *steps: str) -> Happened | None:
        return next(self.all(*steps), None)

    def stage_on(self, day: date) -> str | None:
        """The stage at the end of a day; None before the case began."""
        return next((past.stage_after for past in reversed(self.history) if past.event.on <= day), None)

    def hold_reasons_on(self, day: date) -> list[str]:
        """Why the case was on hold at the end of a day; nothing once closed."""
        if self.stage_on(day) in (None, CLOSED):
            return []
        return [
            hold.reason for hold in self.replay.holds if hold.since <= day and (hold.until is None or hold.until > day)
        ]


def follow(case: FiguredCase, calendar: Calendar, as_at: date) -> FollowedCase | None:
    """The case as at a day; None where it had not begun.

    A correction made after that day is unknown on it. Where the wrong event and the right one, both dated before, then
    contradict each other, the right one stands: figures for a past day are never refused.

    Raises:
        NotAllowed: events that the procedure forbids, which no stored case holds.
    """
    if all(event.on > as_at for event in case.facts.events):
        return None
    facts = case.facts
    try:
        replay = _replayed(case, facts, calendar, as_at)
    except NotAllowed:
        facts = replace(facts, events=_corrected(case))
        replay = _replayed(case, facts, calendar, as_at)
    return FollowedCase(case, facts, replay, calendar, as_at) if replay.history else None


def _replayed(case: FiguredCase, facts: Facts, calendar: Calendar, as_at: date) -> Replay:
    events, _ = uncorrected(facts.events, case.procedure, as_at)
    return replayed(case.procedure, case.settings, calendar, events)


def _corrected(case: FiguredCase) -> tuple[Event, ...]:
    """The events that stand once every correction is known, without the corrections."""
    standing, _ = uncorrected(case.facts.events, case.procedure, date.max)
    steps = ((event, case.procedure.step(event.step)) for event in standing)
    return tuple(event for event, step in steps if step is None or step.effect is not Effect.CORRECTED)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it is of, and what was counted.

    `by`: its split, every key, zeros too; the parts of a split need not add up to the value. `lines`: those of an
    account, or several numbers a part. `cases` and `cases_by`: the references counted, once for each time they count;
    for people to look into, and not printed. `joint`: how many of the cases counted are joint reviews. `of_no_case`:
    how much of each part, and of the value under "", belongs to no case but to the partnership's own plans.
    """

    label: str
    basis: str
    value: int
    by: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[str, Line] = field(default_factory=dict)
    cases: tuple[str, ...] = ()
    cases_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joint: int = 0
    of_no_case: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The shape of commands.md: `by`, `lines` and `joint` only where there is something to say."""
        shown: dict[str, Any] = {"value": self.value, "basis": self.basis, "label": self.label}
        if self.by:
            shown["by"] = dict(self.by)
        if self.lines:
            shown["lines"] = {key: line if isinstance(line, int) else dict(line) for key, line in self.lines.items()}
        if self.joint:
            shown["joint"] = self.joint
        return shown


class Tally:
    """Counts cases under keys that are all known beforehand, and remembers which."""

    def __init__(self, *keys: str) -> None:
        self.counted: dict[str, list[FiguredCase]] = {key: [] for key in keys}

    def add(self, key: str, followed: FollowedCase) -> None:
        self.counted.setdefault(key, []).append(followed.case)

    @property
    def by(self) -> dict[str, int]:
        return {key: len(cases) for key, cases in self.counted.items()}

    def figure(self, label: str, basis: str, *of: str, split: bool = True) -> Figure:
        """The figure whose value is what was counted under the keys *of*, or under all."""
        cases = [case for key in of or self.counted for case in self.counted[key]]
        return Figure(
            label=label,
            basis=basis,
            value=len(cases),
            by=self.by if split else {},
            cases=tuple(case.reference for case in cases),
            cases_by={key: tuple(case.reference for case in found) for key, found in self.counted.items()}
            if split
            else {},
            joint=len({id(case) for case in cases if case.joint}),
        )
