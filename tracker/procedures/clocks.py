"""One running of one deadline: what started it, what moved it, what ended it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.procedures.calendars import Calendar
from tracker.procedures.facts import Event
from tracker.procedures.vocabulary import DeadlineRule, Step


@dataclass(frozen=True, slots=True)
class Extension:
    """A new due date, and the event that gives its reason and who agreed."""

    event: Event
    old_due: date | None
    new_due: date


@dataclass(slots=True)
class Clock:
    """An occurrence of a deadline rule, with the local setting of the day it started already in the rule."""

    rule: DeadlineRule
    subject: str
    occurrence: int
    started_on: date
    start: Event
    start_step: Step
    start_answers: Mapping[str, str]
    met_on: date | None = None
    met: Event | None = None
    ended_on: date | None = None
    ended_why: str = ""
    completed: bool = False
    closed_on: date | None = None
    suspended: Event | None = None
    extensions: list[Extension] = field(default_factory=list)
    chases: list[date] = field(default_factory=list)

    @property
    def counting(self) -> bool:
        """Whether a step may still meet it. A suspended clock may be met; one closed with its case may not."""
        return self.met_on is None and self.ended_on is None and self.closed_on is None

    @property
    def running(self) -> bool:
        return self.counting and self.suspended is None

    def met_by(self, event: Event, answers: Mapping[str, str], stage: str) -> bool:
        if self.rule.per_subject and event.about != self.subject:
            return False
        return any(trigger.matches(event.step, answers, stage) for trigger in self.rule.met_by)

    def end(self, day: date, why: str) -> None:
        self.ended_on, self.ended_why = day, why

    def original_due(self, calendar: Calendar) -> date | None:
        """The due date before any extension.

        Days before a day (panel papers) never ask for something before the day that set it.
        """
        if self.rule.due_answer and (answer := self.start_answers.get(self.rule.due_answer, "")):
            return date.fromisoformat(answer)
        due = self.rule.period.due(self.started_on, calendar)
        if due is not None and due < self.started_on:
            return max(due, self.start.on)
        return due

    def due(self, calendar: Calendar) -> date | None:
        return self.extensions[-1].new_due if self.extensions else self.original_due(calendar)
