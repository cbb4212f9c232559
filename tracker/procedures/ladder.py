"""The ladder of reminders: on which days before and after its date a deadline is brought to mind, and whose.

Local practice, with no source in law: a partnership sets its own, and a deadline may have one of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.procedures.facts import NotAllowed

FURTHEST_BEFORE = 60  # days: nothing is looked at earlier than this before its date
NUDGED_EVERY = 28  # days between reminders of what has no date
MOST_RUNGS = 10
PARTS = ("before", "after_first", "after_every", "escalate")


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder of a deadline. `urgent`: worth a message of its own. `escalates`: to the manager."""

    name: str
    day: date
    urgent: bool = False
    escalates: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """Days before the date; then the date itself; days after it, the first and then every so many; to the manager.

    `since`: the day on which it was settled. What it would have called for earlier is not made up for.
    """

    before: tuple[int, ...] = (14, 7, 2)
    after_first: int = 1
    after_every: int = 7
    escalate: tuple[int, ...] = (7, 14)
    since: date = date.min

    def due_rungs(self, due: date, on: date, known_on: date) -> list[Rung]:
        """What a deadline of that date calls for on a day: its latest reminder, and its latest escalation.

        Args:
            known_on: the day on which the date became known here. What came earlier is not made up for, and whoever
                recorded a date is not told of it on that very day.
        """
        age = (on - due).days
        found = []
        if (offset := self.latest_reminder(age)) is not None:
            day = due + timedelta(days=offset)
            if day > known_on or (offset >= 0 and day == known_on):
                found.append(Rung(reminder_name(offset), day, urgent=offset == self.after_first))
        if passed := [days for days in self.escalate if days <= age]:
            day = due + timedelta(days=max(passed))
            if day >= known_on:
                found.append(Rung(f"escalation {max(passed)}", day, urgent=True, escalates=True))
        return [rung for rung in found if rung.day >= self.since]

    def latest_reminder(self, age: int) -> int | None:
        """The offset in days of the last reminder at that age, or None before the first."""
        if age >= self.after_first:
            return self.after_first + (age - self.after_first) // self.after_every * self.after_every
        return max((offset for offset in (0, *(-days for days in self.before)) if offset <= age), default=None)

    def next_day(self, due: date, after: date) -> date:
        """The first day later than *after* on which the deadline calls for something."""
        age = (after - due).days
        repeats = max(0, (age - self.after_first) // self.after_every + 1) if age >= self.after_first else 0
        offsets = [0, *(-days for days in self.before), *self.escalate, self.after_first + repeats * self.after_every]
        return due + timedelta(days=min(offset for offset in offsets if offset > age))


def nudge_on(first: date, on: date, known_on: date) -> Rung | None:
    """The reminder that something without a date calls for on a day. *first*: the day of the first one."""
    if on < first:
        return None
    times = (on - first).days // NUDGED_EVERY
    day = first + timedelta(days=times * NUDGED_EVERY)
    return Rung(f"nudge {times + 1}", day) if day > known_on else None


def next_nudge(first: date, after: date) -> date:
    """The first day later than *after* on which something without a date is brought to mind."""
    if after < first:
        return first
    return first + timedelta(days=((after - first).days // NUDGED_EVERY + 1) * NUDGED_EVERY)


def reminder_name(offset: int) -> str:
    if offset == 0:
        return "on the day"
    return f"{-offset} before" if offset < 0 else f"{offset} after"


def ladder_from(given: Mapping[str, object], since: date = date.min) -> Ladder:
    """A ladder as settings write it: {"before": [14, 7, 2], "after_first": 1, "after_every": 7, "escalate": [7, 14]}.

    What is left out is as usual.

    Raises:
        NotAllowed: an unknown part, or days that are not whole numbers in their range.
    """
    usual = Ladder()
    if unknown := set(given) - set(PARTS):
        raise NotAllowed(f"“{sorted(unknown)[0]}” is not part of a ladder", field="reminders.ladder")
    return Ladder(
        before=days_of(given.get("before", usual.before), 1, FURTHEST_BEFORE),
        after_first=days_of([given.get("after_first", usual.after_first)], 1, 60)[0],
        after_every=days_of([given.get("after_every", usual.after_every)], 1, 60)[0],
        escalate=days_of(given.get("escalate", usual.escalate), 1, 365),
        since=since,
    )


def days_of(given: object, least: int, most: int) -> tuple[int, ...]:
    listed = list(given) if isinstance(given, list | tuple) else [given]
    days = tuple(day for day in listed if type(day) is int and least <= day <= most)
    if len(days) > MOST_RUNGS or len(days) < len(listed):
        raise NotAllowed(f"Days must be whole numbers from {least} to {most}", field="reminders.ladder")
    return days
