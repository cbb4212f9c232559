"""A caseload as large as asked for: reviews of ten events each, with the dates that the reckoning gives them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from tests.bench.planload import PLANS, fill_plans
from tests.builders import make_partnership, make_user
from tracker import clock
from tracker.extensions import db, writes
from tracker.models import Case, Deadline, Event, Partnership, Role, User
from tracker.models.cases import first_look
from tracker.models.projection import case_columns, deadline_rows
from tracker.procedures import PROCEDURES
from tracker.procedures import facts as procedure_facts
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.facts import Facts
from tracker.procedures.reckoning import Reckoning, reckon
from tracker.procedures.settings import Settings

EDITION = "dhr-2016"
OFFICER = "officer@example.gov.uk"
AGENCIES = ("West Mercia Police", "Shropshire Council")
LATEST = timedelta(days=300)  # how long ago the newest case of the load was referred
SPREAD = 240  # different days of referral, so that there is something to sort by
NOON = time(12)
BATCH = 2_000  # cases in one statement

# A review in hand: ten events, by the days after the referral.
HISTORY: tuple[tuple[int, str, str, dict[str, str]], ...] = (
    (0, "notification_received", "", {"from": "Police"}),
    (10, "agencies_scoped", "", {}),
    (20, "decided_to_review", "", {"rationale": "The relationship appears to be met."}),
    (22, "home_office_told", "", {"about": "decision"}),
    (24, "family_told", "", {}),
    (40, "chair_appointed", "", {}),
    (60, "panel_met", "", {}),
    (65, "imr_requested", AGENCIES[0], {}),
    (65, "imr_requested", AGENCIES[1], {}),
    (100, "imr_received", AGENCIES[0], {"nil": "no"}),
)


def fill(app: Flask, cases: int) -> None:
    """Puts that many cases of one officer into an empty database, the first of them with action plans."""
    with app.app_context(), writes():
        partnership = make_partnership()
        officer = make_user(Role.OFFICER, Role.CHAIR, partnership=partnership, email=OFFICER)
        newest = clock.today() - LATEST
        reckoned = {back: reckoned_on(newest - timedelta(days=back)) for back in range(min(SPREAD, cases))}
        for first in range(0, cases, BATCH):
            numbers = range(first, min(first + BATCH, cases))
            rows = [(number, reckoned[number % len(reckoned)]) for number in numbers]
            add(rows, partnership, officer)
        fill_plans(partnership, list(db.session.scalars(select(Case).order_by(Case.id).limit(PLANS))))
        db.session.commit()
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        else:
            with db.engine.begin() as connection:
                connection.exec_driver_sql("ANALYZE")


def reckoned_on(referral: date) -> Reckoning:
    events = tuple(
        procedure_facts.Event(step, on := referral + timedelta(days=after), subject, answers, recorded_on(on), number)
        for number, (after, step, subject, answers) in enumerate(HISTORY, start=1)
    )
    return reckon(PROCEDURES[EDITION], Facts(events, ()), Settings(), ENGLAND_AND_WALES, clock.today())


def recorded_on(day: date) -> datetime:
    """Each event was recorded on the day it happened, as the dates on which its deadlines became known say."""
    return datetime.combine(day, NOON, tzinfo=UTC)


def add(rows: list[tuple[int, Reckoning]], partnership: Partnership, officer: User) -> None:
    """These cases with their events and deadlines, in three statements. Case n has the number n + 1."""
    cases: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    deadlines: list[dict[str, Any]] = []
    for number, reckoned in rows:
        case_id = number + 1
        cases.append(
            {
                "id": case_id,
                "reference": reference(number),
                "case_type": reckoned.procedure.case_type,
                "edition": EDITION,
                "partnership_id": partnership.id,
                "lead_id": officer.id,
                "chair_id": officer.id,
                "due_order": reckoned.next_deadline.due if reckoned.next_deadline else date.max,
                **case_columns(reckoned),
            }
        )
        for happened in reckoned.history:
            event = happened.event
            events.append(
                {
                    "case_id": case_id,
                    "number": event.number,
                    "step": event.step,
                    "happened_on": event.on,
                    "subject": event.subject,
                    "answers": dict(event.answers),
                    "recorded_at": event.recorded_at,
                    "recorded_by_id": officer.id,
                }
            )
        for row in deadline_rows(reckoned):
            deadlines.append(row | {"case_id": case_id, "generation": 1, "remind_on": first_look(row)})
    for model, given in ((Case, cases), (Event, events), (Deadline, deadlines)):
        db.session.execute(insert(model), given)


def reference(number: int) -> str:
    return f"DHR-2025-{number + 1:05}"
