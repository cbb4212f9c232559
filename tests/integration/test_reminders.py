"""Reminders: each rung once, whatever was missed, to whoever must see to it and may know."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user
from tracker.models import (
    Case,
    CaseAccess,
    CaseConflict,
    LocalSetting,
    Message,
    Reminder,
    ReminderChoice,
    Role,
    Sending,
    TimeAway,
    User,
)
from tracker.models.messages import MessageState
from tracker.queries.messages import checked
from tracker.queries.reminders import anything_due
from tracker.services.agencies import new_agency, rename_agency
from tracker.services.cases import correct_event, record_step
from tracker.services.outbox import deliver
from tracker.services.reminders import Queued, queue_reminders, would_queue

RECEIVED = date(2026, 3, 2)
DUE = date(2026, 4, 2)  # a month after: whether to review is decided by then


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(RECEIVED)
    return make_user(Role.OFFICER)


@pytest.fixture
def manager(officer: User) -> User:
    return make_user(Role.MANAGER)


@pytest.fixture
def case(officer: User) -> Case:
    return make_case(officer, "dhr", RECEIVED)


def sweep(on: date) -> Queued:
    return queue_reminders("reminders", by=None, on=on)


def rungs(session: Session, person: User | None = None) -> list[tuple[str, date]]:
    to = Reminder.recipient == f"user:{person.id}" if person else true()
    found = session.execute(select(Reminder.rung, Reminder.on).where(to).order_by(Reminder.on, Reminder.id))
    return [(rung, on) for rung, on in found]


def test_the_ladder_day_by_day(session: Session, case: Case, officer: User, manager: User) -> None:
    for days in range(60):
        sweep(RECEIVED + timedelta(days=days))
    assert rungs(session, officer) == [
        ("14 before", date(2026, 3, 19)),
        ("7 before", date(2026, 3, 26)),
        ("2 before", date(2026, 3, 31)),
        ("on the day", DUE),
        ("1 after", date(2026, 4, 3)),
        ("8 after", date(2026, 4, 10)),
        ("15 after", date(2026, 4, 17)),
        ("22 after", date(2026, 4, 24)),
    ]
    assert rungs(session, manager) == [("escalation 7", date(2026, 4, 9)), ("escalation 14", date(2026, 4, 16))]


def test_a_day_swept_again_adds_nothing(session: Session, case: Case, manager: User) -> None:
    on = date(2026, 4, 9)
    assert would_queue(on) == Queued(on, 2, 2)
    assert sweep(on) == Queued(on, 2, 2)
    assert sweep(on) == Queued(on, 0, 0)
    assert not anything_due(on)


def test_after_three_weeks_down_each_person_is_told_once_of_everything(
    session: Session, case: Case, officer: User, manager: User
) -> None:
    second = make_case(officer, "asb", RECEIVED)
    sweep(RECEIVED)
    assert sweep(date(2026, 4, 20)).messages == 2
    told = {reminder.deadline.split("/")[0] for reminder in session.scalars(select(Reminder))}
    assert told == {str(case.id), str(second.id)}
    assert [rung for rung, _ in rungs(session, manager)].count("escalation 14") >= 1
    assert "escalation 7" not in [rung for rung, _ in rungs(session, manager)]


def test_a_date_that_moves_retires_its_rungs_and_starts_its_own(
    session: Session, case: Case, officer: User, today_is: Callable[[date], None]
) -> None:
    record_step(case, by=None, step="decided_to_review", on=RECEIVED, answers={})
    due = date(2026, 9, 2)
    sweep(due - timedelta(days=14))
    waiting = session.scalars(select(Message)).all()
    today_is(due - timedelta(days=10))
    answers = {"deadline": "complete_report", "to": "2026-12-02", "reason": "trial", "agreed_by": "panel"}
    record_step(case, by=None, step="deadline_extended", on=due - timedelta(days=10), answers=answers)
    found = [checked(message.id, due) for message in waiting]
    assert "the date has moved" in {why for one in found for why in one.left_out.values()}
    before = len(rungs(session))
    sweep(due + timedelta(days=1))
    late = [r for r in session.scalars(select(Reminder)) if r.on > due and "complete_report" in r.deadline]
    assert late == []
    sweep(date(2026, 11, 18))
    again = [r for r in session.scalars(select(Reminder)) if "complete_report" in r.deadline]
    assert [(r.rung, r.due_on) for r in again] == [("14 before", due), ("14 before", date(2026, 12, 2))]
    assert len(rungs(session)) > before


def test_what_is_met_is_not_sent(session: Session, case: Case, officer: User, today_is: Callable[[date], None]) -> None:
    sweep(DUE)
    today_is(DUE)
    record_step(case, by=None, step="decided_to_review", on=DUE, answers={})
    assert deliver().sent == 0
    message = session.scalars(select(Message)).one()
    assert (message.state, message.said) == (MessageState.CANCELLED, "it was met or no longer applies")


def test_facts_brought_in_when_they_were_past_are_left_alone_unless_asked(
    session: Session, officer: User, today_is: Callable[[date], None]
) -> None:
    today_is(date(2026, 6, 1))
    make_case(officer, "dhr", RECEIVED)
    assert sweep(date(2026, 6, 1)).reminders == 0
    asked = queue_reminders("reminders", by=None, on=date(2026, 6, 9), include_past=True)
    assert asked.reminders == 1


def test_a_day_that_is_past_is_asked_of_as_it_was(
    session: Session, officer: User, today_is: Callable[[date], None]
) -> None:
    today_is(date(2026, 6, 1))
    make_case(officer, "dhr", RECEIVED)
    assert sweep(date(2026, 3, 19)).reminders == 1
    assert rungs(session, officer) == [("14 before", date(2026, 3, 19))]


def test_a_case_that_nobody_leads_is_the_managers_and_says_so(
    session: Session, case: Case, manager: User, today_is: Callable[[date], None]
) -> None:
    case.lead = None
    session.commit()
    sweep(DUE)
    today_is(DUE)
    message = session.scalars(select(Message)).one()
    mail = checked(message.id, DUE).mail
    assert message.user == manager
    assert mail is not None
    assert "Nobody leads this case." in mail.text
    assert case.reference in mail.subject


@pytest.mark.parametrize("how", ["disabled", "restricted", "in conflict"])
def test_somebody_who_may_no_longer_know_gets_nothing_and_it_is_on_record(
    session: Session, case: Case, officer: User, manager: User, how: str
) -> None:
    sweep(DUE)
    if how == "disabled":
        officer.disabled_at = case.logged_at
    elif how == "restricted":
        case.restricted, case.lead = True, None
        session.add(CaseAccess(case_id=case.id, user_id=manager.id))
    else:
        session.add(CaseConflict(case_id=case.id, user_id=officer.id, reason="A neighbour."))
    session.commit()
    session.expire_all()
    assert deliver().sent == 0
    assert session.scalars(select(Message)).one().said.startswith("its reader")
    sweep(DUE + timedelta(days=1))
    assert [message.user for message in session.scalars(select(Message).where(Message.on > DUE))] == [manager]


def test_a_deputy_is_told_while_somebody_is_away(session: Session, case: Case, officer: User) -> None:
    deputy = make_user(Role.OFFICER)
    session.add(ReminderChoice(user_id=officer.id, sending=Sending.SINGLE, deputy_id=deputy.id))
    session.add(TimeAway(user_id=officer.id, first_on=DUE, last_on=DUE))
    session.commit()
    sweep(DUE)
    sweep(DUE + timedelta(days=1))
    assert rungs(session, deputy) == [("on the day", DUE)]
    assert rungs(session, officer) == [("1 after", DUE + timedelta(days=1))]


def test_an_agency_is_told_of_what_it_was_asked_and_nothing_else(session: Session, case: Case, officer: User) -> None:
    partner = make_user(Role.PARTNER)
    record_step(case, by=None, step="decided_to_review", on=RECEIVED, answers={})
    record_step(case, by=None, step="imr_requested", on=RECEIVED, answers={}, subject="Teme Meadow Homes")
    partner.agency = new_agency(make_partnership(), "Teme Meadow Homes")
    session.commit()
    for days in range(70):
        sweep(RECEIVED + timedelta(days=days))
    told = session.scalars(select(Reminder).where(Reminder.recipient == f"user:{partner.id}")).all()
    assert {reminder.deadline.split("/")[1] for reminder in told} == {"imr"}
    mail = checked(told[0].message_id, date(2026, 4, 1)).mail
    assert mail is not None
    assert "/cases/" not in mail.text


def test_an_agencys_successor_is_told_in_its_place(session: Session, case: Case, officer: User) -> None:
    partner = make_user(Role.PARTNER)
    record_step(case, by=None, step="decided_to_review", on=RECEIVED, answers={})
    record_step(case, by=None, step="imr_requested", on=RECEIVED, answers={}, subject="Old Homes")
    partner.agency = new_agency(make_partnership(), "Old Homes")
    session.commit()
    rename_agency(partner.agency, by=None, name="New Homes", on=RECEIVED)
    for days in range(70):
        sweep(RECEIVED + timedelta(days=days))
    told = session.scalars(select(Reminder).where(Reminder.recipient == f"user:{partner.id}")).all()
    assert told
    mail = checked(told[-1].message_id, RECEIVED).mail
    assert mail is not None
    assert case.reference in mail.text


def test_a_partnership_sets_its_own_ladder(session: Session, case: Case, officer: User, manager: User) -> None:
    ladder = {"before": [3], "after_every": 30, "escalate": [2], "deadlines": {"dhr.publish": {"before": [1]}}}
    session.add(
        LocalSetting(
            partnership_id=case.partnership_id,
            key="reminders.ladder",
            value=json.dumps(ladder),
            takes_effect_on=RECEIVED,
        )
    )
    session.commit()
    for days in range(45):
        sweep(RECEIVED + timedelta(days=days))
    assert [rung for rung, _ in rungs(session, officer)] == ["3 before", "on the day", "1 after"]
    assert [rung for rung, _ in rungs(session, manager)] == ["escalation 2"]


def test_a_correction_takes_its_reminders_along(session: Session, case: Case, officer: User) -> None:
    record_step(case, by=None, step="decided_to_review", on=RECEIVED, answers={})
    correct_event(case, by=None, number=2, reason="Another case.")
    sweep(DUE)
    assert rungs(session, officer) == [("on the day", DUE)]


def test_statements_do_not_grow_with_the_caseload(
    session: Session, officer: User, manager: User, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    def made_by_sweep(on: date) -> int:
        with statements() as made:
            assert sweep(on).reminders > 0
        return len(made)

    make_case(officer, "dhr", RECEIVED)
    few = made_by_sweep(DUE)
    for _ in range(12):
        make_case(officer, "dhr", RECEIVED)
    assert made_by_sweep(DUE + timedelta(days=8)) <= few
