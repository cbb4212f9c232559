"""Cases as short lists of events, reckoned through the same door as `flask reckon`."""

import json
from datetime import date
from typing import Any

from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.case_file import read_json
from tracker.procedures.reckoning import Deadline, Reckoning, reckon

Event = dict[str, Any]


def event(step: str, on: str, subject: str = "", recorded_at: str = "", **answers: object) -> Event:
    parts: Event = {"step": step, "on": on, "subject": subject, "recorded_at": recorded_at, "answers": answers}
    return {key: value for key, value in parts.items() if value}


def reckoned(case_type: str, *events: Event, today: str = "", **fields: object) -> Reckoning:
    """The case as it stands on *today*, or on the day of its latest event."""
    (case,) = read_json(json.dumps({"type": case_type, "events": events, **fields}))
    day = date.fromisoformat(today or max((event["on"] for event in events), default="2025-01-01"))
    return reckon(case.procedure, case.facts, case.settings, ENGLAND_AND_WALES, day)


def all_of(reckoning: Reckoning, key: str, subject: str = "") -> list[Deadline]:
    """Every occurrence of a deadline, the first first."""
    return [d for d in reckoning.deadlines if d.key == key and (d.subject or "") == subject]


def latest(reckoning: Reckoning, key: str, subject: str = "") -> Deadline:
    return all_of(reckoning, key, subject)[-1]


def statuses(reckoning: Reckoning, key: str, subject: str = "") -> list[str]:
    return [deadline.status for deadline in all_of(reckoning, key, subject)]


def day(text: str) -> date:
    return date.fromisoformat(text)
