"""What must not be lost on the way: dates that go and come back, plans without a case, what waits for tomorrow."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user
from tracker.models import Case, CaseConflict, Deadline, Message, Reminder, Role, User
from tracker.procedures.target_dates import Target
from tracker.queries.messages import checked
from tracker.queries.recipients import Recipients
from tracker.queries.reminders import due_rows, to_look_at
from tracker.services import actions, plans, recommendations
from tracker.services.cases import correct_event, record_step
from tracker.services.reminders import Queued, queue_reminders

RECEIVED = date(2026, 3, 2)
AGENCY = "Teme Meadow Homes"


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(RECEIVED)
    return make_user(Role.OFFICER)


@pytest.fixture
def case(officer: User) -> Case:
    return make_case(officer, "dhr", RECEIVED)


def sweep(on: date, *, include_past: bool = False) -> Queued:
    return queue_reminders("reminders", by=None, on=on, include_past=include_past)


def of(session: Session, key: str) -> Deadline:
    return session.scalars(select(Deadline).where(Deadline.key == key)).one()


def told(session: Session, key: str) -> list[tuple[str, date]]:
    rows = session.scalars(select(Reminder).where(Reminder.deadline.contains(key)).order_by(Reminder.on, Reminder.id))
    return [(row.rung, row.on) for row in rows]


def test_a_clock_that_went_and_came_back_has_reminders_of_its_own(
    session: Session, case: Case, today_is: Callable[[date], None]
) -> None:
    record_step(case, by=None, step="decided_to_review", on=RECEIVED, answers={})
    wrong = record_step(case, by=None, step="chair_appointed", on=RECEIVED, answers={})
    first = of(session, "first_panel").due_on
    assert first
    sweep(first)
    today_is(first)
    correct_event(case, by=None, number=wrong.number, reason="Another case.")
    record_step(case, by=None, step="chair_appointed", on=first, answers={})
    second = of(session, "first_panel").due_on
    assert second
    sweep(second)
    assert told(session, "first_panel") == [("on the day", first), ("on the day", second)]


def test_an_action_of_the_partnerships_own_plan_is_told(session: Session, officer: User) -> None:
    manager, june = make_user(Role.MANAGER), date(2026, 6, 30)
    plan = plans.begin_plan(make_partnership(), by=officer)
    asked = recommendations.add_recommendation(plan, by=officer, number="R1", text="Train everybody.", scope="local")
    target = Target("30 June 2026", june, june, "day")
    actions.add_action(asked, by=officer, text="Train.", target=target, lead_agency=AGENCY)
    assert sweep(june).reminders == 1
    message = session.scalars(select(Message)).one()
    mail = checked(message.id, june).mail
    assert message.user == manager
    assert mail is not None
    assert f"Action 1 to be done, {AGENCY}" in mail.text


def test_past_dates_are_told_when_asked_even_after_the_days_sweep(
    session: Session, officer: User, today_is: Callable[[date], None]
) -> None:
    on = date(2026, 6, 2)
    today_is(on)
    make_case(officer, "dhr", RECEIVED)
    assert sweep(on).reminders == 0
    assert sweep(on, include_past=True).reminders == 1
    assert sweep(on, include_past=True).reminders == 0


def test_a_conflict_closes_an_agencys_request_to_its_contact_too(session: Session, case: Case) -> None:
    partner = make_user(Role.PARTNER)
    session.add(CaseConflict(case_id=case.id, user_id=partner.id, reason="A neighbour."))
    session.commit()
    people = Recipients.on(RECEIVED)
    row = due_rows(to_look_at(date(2026, 4, 2)))[0]
    within = {(row.partnership_id, row.subject): [partner.id]}
    assert Recipients(**{**vars(people), "contacts": within}).contacts_of(row) == []
    assert Recipients(**{**vars(people), "contacts": within, "conflicts": frozenset()}).contacts_of(row) == [partner.id]


def test_what_is_a_managers_own_and_escalated_too_is_named_once(session: Session, case: Case) -> None:
    make_user(Role.MANAGER)
    case.lead = None
    session.commit()
    assert sweep(date(2026, 4, 9)).reminders == 2
    mail = checked(session.scalars(select(Message.id)).one(), date(2026, 4, 9)).mail
    assert mail is not None
    assert mail.text.count(case.reference) == 2  # its line, and its link
    assert "Sent to you as a manager" in mail.text
    position = of(session, "decide").position
    assert f"/deadlines#decide-{position}" in mail.text
