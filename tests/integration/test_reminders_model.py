"""Day after day of reviews that move on, against a plain model: each day just what a calendar on the wall would say."""

import random
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_user
from tracker.errors import Refused
from tracker.models import Case, Reminder, Role, User
from tracker.models.facts import reckoned
from tracker.procedures.reckoning import Deadline
from tracker.services.cases import record_step
from tracker.services.reminders import queue_reminders

FIRST = date(2026, 3, 16)  # so that the clocks go forward in the second week
WALL = (-14, -7, -2, 0, *range(1, 1_000, 7))
LIKELY = {
    "dhr": ("decided_to_review", "home_office_told", "family_told", "chair_appointed", "panel_met", "panel_signed_off"),
    "asb": ("acknowledged", "threshold_met", "applicant_told", "panel_held", "outcome_letter_sent", "plan_agreed"),
}
ANSWERS = {"panel_held": {"independent_chair": "yes", "victim": "attended"}}

Expected = set[tuple[str, str, str]]


def test_each_day_is_as_the_plain_model_says(session: Session, today_is: Callable[[date], None]) -> None:
    live_through(session, today_is, seed=1, cases=8, days=75)


def live_through(session: Session, today_is: Callable[[date], None], *, seed: int, cases: int, days: int) -> None:
    """Fails on the first day on which a sweep adds anything else than the model expects."""
    chance = random.Random(seed)  # noqa: S311 (the same days each time)
    today_is(FIRST)
    lead, manager = make_user(Role.OFFICER), make_user(Role.MANAGER)
    began = [make_case(lead, chance.choice(("dhr", "asb")), FIRST) for _ in range(cases)]
    first_seen: dict[tuple[int, str, str | None, int, date | None], date] = {}
    for on in (FIRST + timedelta(days=passed) for passed in range(days)):
        today_is(on)
        for case in began:
            if chance.random() < 1 / 6:
                move_on(case, on, chance)
        expected: Expected = set()
        for case in began:
            for deadline in reckoned(case, on).open_deadlines:
                key = (case.id, deadline.key, deadline.subject, deadline.occurrence, deadline.due)
                known_on = first_seen.setdefault(key, on)
                expected |= on_the_wall(case, deadline, on, known_on, lead, manager)
        queue_reminders("reminders", by=None, on=on)
        queued = session.execute(select(Reminder.deadline, Reminder.rung, Reminder.recipient).where(Reminder.on == on))
        assert {(name, rung, to) for name, rung, to in queued} == expected, f"{on}, seed {seed}"


def move_on(case: Case, on: date, chance: random.Random) -> None:
    """Something happens to the case, if the procedure allows it."""
    step = chance.choice(LIKELY[case.case_type])
    try:
        record_step(case, by=None, step=step, on=on, answers=ANSWERS.get(step, {}))
        if chance.random() < 1 / 3:
            running = [d for d in reckoned(case, on).open_deadlines if d.extendable and d.due and not d.subject]
            longest = chance.choice(running)
            assert longest.due
            to = (max(longest.due, on) + timedelta(days=chance.randint(5, 40))).isoformat()
            answers = {"deadline": longest.key, "to": to, "reason": "time", "agreed_by": "panel"}
            record_step(case, by=None, step="deadline_extended", on=on, answers=answers)
    except (Refused, IndexError):
        pass


def on_the_wall(case: Case, deadline: Deadline, on: date, known_on: date, lead: User, manager: User) -> Expected:
    """What hangs there for the day: nothing that was past, or before its date became known."""
    name = f"{case.id}/{deadline.key}/{deadline.subject or ''}/{deadline.occurrence}"
    to = f"user:{manager.id if deadline.owner == 'manager' else lead.id}"
    if deadline.window:
        return set()
    if deadline.due is None:
        first = deadline.nudge_on
        due = first is not None and on >= first and (on - first).days % 28 == 0 and on > known_on
        return {(name, f"nudge {1 + (on - first).days // 28}", to)} if due and first else set()
    if deadline.due < known_on:
        return set()
    found: Expected = set()
    age = (on - deadline.due).days
    if age in WALL and (on > known_on or age >= 0):
        words = "on the day" if age == 0 else f"{-age} before" if age < 0 else f"{age} after"
        found.add((name, words, to))
    if age in (7, 14):
        found.add((name, f"escalation {age}", f"user:{manager.id}"))
    return found
