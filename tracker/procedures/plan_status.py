"""Where an action of a plan stands: folded from what happened to it, and rated on a day. Pure.

Source: action plans, section 5 of the domain reference. A claim that was made by the target date stops the clock; a
late or undated one stays past target until somebody has verified it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from tracker.procedures.calendars import spelled
from tracker.procedures.periods import months_after

DUE_SOON = 28  # days before its target from which an action is amber, unless the partnership settles otherwise
MOST_DUE_SOON = 365
QUARTER = 3  # months
IMPACT_CHECKS = (6, 12)  # months after verification
# What the deadlines of an action are called; those of a case have their names from its procedure.
ACTION_DEADLINES: Mapping[str, str] = {
    "action_target": "Action {number} to be done",
    "impact_6": "Check what action {number} changed, after 6 months",
    "impact_12": "Check what action {number} changed, after 12 months",
}


class Status(StrEnum):
    """How far an action has come."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    CLAIMED = "claimed_complete"
    VERIFIED = "verified_complete"
    STOPPED = "stopped"
    SUPERSEDED = "superseded"


class Happening(StrEnum):
    """What may happen to an action."""

    UPDATED = "updated"
    CLAIMED = "claimed"
    VERIFIED = "verified"
    SENT_BACK = "sent_back"
    IMPACT_CHECKED = "impact_checked"
    TARGET_MOVED = "target_moved"
    REWORDED = "reworded"
    STOPPED = "stopped"
    SUPERSEDED = "superseded"
    REOPENED = "reopened"


class Rating(StrEnum):
    """Red, amber, green, or blue for complete."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    BLUE = "blue"


OPEN = frozenset({Status.NOT_STARTED, Status.IN_PROGRESS})
LIVE = OPEN | {Status.CLAIMED}
ENDED = frozenset(Status) - LIVE
STATUS_WORDS: Mapping[Status, str] = {
    Status.NOT_STARTED: "Not started",
    Status.IN_PROGRESS: "In progress",
    Status.CLAIMED: "Claimed complete",
    Status.VERIFIED: "Verified complete",
    Status.STOPPED: "Stopped",
    Status.SUPERSEDED: "Superseded",
}
# From which statuses something may happen, and what the action is then; None leaves it as it is.
MOVES: Mapping[Happening, tuple[frozenset[Status], Status | None]] = {
    Happening.UPDATED: (LIVE, None),
    Happening.CLAIMED: (OPEN, Status.CLAIMED),
    Happening.VERIFIED: (frozenset({Status.CLAIMED}), Status.VERIFIED),
    Happening.SENT_BACK: (frozenset({Status.CLAIMED}), Status.IN_PROGRESS),
    Happening.IMPACT_CHECKED: (frozenset({Status.VERIFIED}), None),
    Happening.TARGET_MOVED: (OPEN, None),
    Happening.REWORDED: (LIVE, None),
    Happening.STOPPED: (LIVE, Status.STOPPED),
    Happening.SUPERSEDED: (LIVE, Status.SUPERSEDED),
    Happening.REOPENED: (ENDED, Status.IN_PROGRESS),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to an action. `state`: what an update says, "not_started", "in_progress" or "blocked".

    `check`: which impact check it was, in months. No `on`: a date that nobody wrote down.
    """

    kind: Happening
    on: date | None
    state: str = ""
    check: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an action stands after all that happened. `heard_on`: the day of the last news of it."""

    status: Status
    blocked: bool = False
    heard_on: date | None = None
    claimed_on: date | None = None
    verified_on: date | None = None
    slips: int = 0
    checked: frozenset[int] = frozenset()


def standing(begun_as: Status, claimed_on: date | None, happened: Iterable[Happened]) -> Standing:
    """Folds *happened*, in the order of recording, onto the status an action came with.

    Args:
        claimed_on: the day it came with, where it came claimed or verified.

    Raises:
        ValueError: something happened that could not.
    """
    verified_on = claimed_on if begun_as is Status.VERIFIED else None
    now = Standing(begun_as, claimed_on=claimed_on, verified_on=verified_on, heard_on=claimed_on)
    for event in happened:
        if not may_happen(now.status, event.kind):
            raise ValueError(f"an action that is {now.status} cannot be {event.kind}")
        now = after(now, event)
    return now


def may_happen(status: Status, kind: Happening) -> bool:
    return status in MOVES[kind][0]


def after(now: Standing, event: Happened) -> Standing:
    """Where an action stands after one more event."""
    if event.kind is Happening.REWORDED:  # which is no news of it
        return now
    heard = max(filter(None, (now.heard_on, event.on)), default=None)
    now = replace(now, status=MOVES[event.kind][1] or now.status, heard_on=heard)
    match event.kind:
        case Happening.UPDATED:
            started = event.state != Status.NOT_STARTED and now.status is Status.NOT_STARTED
            status = Status.IN_PROGRESS if started else now.status
            return replace(now, status=status, blocked=event.state == "blocked")
        case Happening.CLAIMED:
            return replace(now, claimed_on=event.on, blocked=False)
        case Happening.VERIFIED:
            return replace(now, verified_on=event.on)
        case Happening.SENT_BACK | Happening.REOPENED:
            return replace(now, claimed_on=None, verified_on=None, checked=frozenset())
        case Happening.IMPACT_CHECKED:
            return replace(now, checked=now.checked | {event.check or 0})
        case Happening.TARGET_MOVED:
            return replace(now, slips=now.slips + 1)
    return now


class Rated(NamedTuple):
    """A rating and its reason in words; none for what was stopped or superseded."""

    rating: Rating | None
    reason: str


def rate(now: Standing, due_on: date | None, added_on: date, today: date, due_soon: int = DUE_SOON) -> Rated:
    """How an action does on a day.

    Args:
        due_on: the last day of its target, or the day to review it by where it has no target.
        added_on: the day it came into the plan, from which silence counts while there is no news of it.
        due_soon: in days.
    """
    if now.status is Status.VERIFIED:
        return Rated(Rating.BLUE, "Verified complete" + (f" on {spelled(now.verified_on)}" if now.verified_on else ""))
    if now.status in ENDED:
        return Rated(None, STATUS_WORDS[now.status])
    if (late := past_target(now, due_on, today)) and due_on:
        days = (today - due_on).days
        since = f"{days} day{'' if days == 1 else 's'} past its target of {spelled(due_on)}"
        lacks = "claimed complete but not verified" if late == "claimed" else "not complete"
        return Rated(Rating.RED, f"{since}, {lacks}")
    if now.slips:
        times = {1: "once", 2: "twice"}.get(now.slips, f"{now.slips} times")
        return Rated(Rating.AMBER, f"Its target has moved {times}")
    in_time = now.status is Status.CLAIMED
    if due_on and not in_time and due_on - today <= timedelta(days=due_soon):
        days = (due_on - today).days
        when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
        return Rated(Rating.AMBER, f"Due {when}, on {spelled(due_on)}")
    heard = now.heard_on or added_on
    if today > months_after(heard, QUARTER):
        waits = "claimed complete, and nobody has verified it" if in_time else "no update"
        return Rated(Rating.AMBER, f"{waits[0].upper()}{waits[1:]} since {spelled(heard)}")
    if in_time:
        return Rated(Rating.GREEN, "Claimed complete, waiting to be verified")
    return Rated(Rating.GREEN, f"On course for {spelled(due_on)}" if due_on else "No date has passed")


def past_target(now: Standing, due_on: date | None, today: date) -> str:
    """Why an action that is not verified is past its target: "claimed" late, or "open"; empty where it is not."""
    if due_on is None or due_on >= today or now.status in ENDED:
        return ""
    if now.status is Status.CLAIMED:
        return "" if now.claimed_on and now.claimed_on <= due_on else "claimed"
    return "open"
