"""Whether the tracker is in order: said to a monitor, an operator and administrators, in words that name nobody."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tests.builders import make_case, make_user, sign_in_as
from tests.commands import run
from tests.pages import page
from tracker import clock
from tracker.extensions import db
from tracker.jobs import turn
from tracker.models import Case, Deadline, Message, MessageState, Role, User
from tracker.procedures.target_dates import Target
from tracker.queries import health as queries
from tracker.services.actions import add_action
from tracker.services.health import run_slow_checks
from tracker.services.outbox import cancel_message
from tracker.services.plans import begin_plan
from tracker.services.recommendations import add_recommendation
from tracker.services.reminders import queue_reminders

ALL = {"database", "release", "space", "sweep", "reminded", "mail", "dates", "audit"}


@pytest.fixture
def used(own_app: Flask) -> Flask:
    """The application with a case in it."""
    with own_app.app_context():
        make_case(make_user(Role.OFFICER), "dhr", date(2026, 2, 2))
    return own_app


def failing(app: Flask, *arguments: str) -> dict[str, str]:
    """What `flask health` complains of."""
    answer = run(app, "health", *arguments)
    assert answer.code == (0 if answer.json["ok"] else 1)
    checks = answer.json["checks"]
    assert answer.json["ok"] == all(check["ok"] for check in checks.values())
    return {key: check["says"] for key, check in checks.items() if not check["ok"]}


def later(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    then: datetime = clock.now() + timedelta(hours=hours)
    monkeypatch.setattr(clock, "now", lambda: then)


def change(app: Flask, statement: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_new_installation_is_in_order_for_a_day(used: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert failing(used) == {}
    later(monkeypatch, 27)
    assert failing(used) == {
        "dates": "It has not been checked yet",
        "audit": "It has not been checked yet",
        "sweep": "No reminders have been prepared for a day",
    }
    with used.app_context():
        queue_reminders("reminders", by=None, on=clock.today())
    assert failing(used, "--check") == {}
    later(monkeypatch, 27)
    assert set(failing(used)) == {"dates", "audit", "sweep"}


def test_the_timetable_makes_the_nights_checks_once(used: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2026, 11, 26, 12, tzinfo=clock.LONDON)
    for hours, made in ((-10, False), (-8, True), (0, False), (14, False), (16, True)):
        monkeypatch.setattr(clock, "now", lambda at=noon + timedelta(hours=hours): at)
        with used.app_context():
            assert ("checks" in turn()) == made, hours


def test_a_date_that_the_facts_do_not_give_turns_it_red(used: Flask) -> None:
    change(used, "UPDATE deadline SET due_on = '2026-12-24'")
    assert failing(used) == {}, "not before the next night"
    assert failing(used, "--check") == {"dates": "1 of 1 cases with dates that their facts do not give"}


def test_mail_that_waits_turns_it_red(used: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with used.app_context():
        db.session.add(Message(kind="digest", address="somebody@example.gov.uk"))
        db.session.commit()
    later(monkeypatch, 0.9)
    assert failing(used) == {}
    later(monkeypatch, 0.2)
    assert failing(used) == {"mail": "A message has waited for over an hour"}


def test_a_message_that_could_not_be_sent_turns_it_red_until_somebody_decides(used: Flask) -> None:
    with used.app_context():
        db.session.add(Message(kind="digest", address="somebody@example.gov.uk", state=MessageState.FAILED))
        db.session.commit()
    assert failing(used) == {"mail": "Messages that could not be sent: 1"}
    with used.app_context():
        cancel_message(db.session.scalars(select(Message)).one(), by=None, reason="They have left.")
    assert failing(used) == {}


def test_a_deadline_that_nobody_was_reminded_of_turns_it_red(used: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with used.app_context():
        queue_reminders("reminders", by=None, on=clock.today())
        db.session.execute(update(Message).values(state=MessageState.SENT))
        db.session.commit()
    later(monkeypatch, 2)
    assert failing(used) == {}
    change(used, "UPDATE deadline SET remind_on = '2020-01-01'")
    assert set(failing(used)) == {"reminded"}


def test_an_action_has_its_day_before_its_reminder_is_missed(used: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with used.app_context():
        today = clock.today()
        queue_reminders("reminders", by=None, on=today)
        officer = db.session.scalars(select(User)).one()
        plan = begin_plan(officer.memberships[0].partnership, by=officer, title="Ours")
        asked = add_recommendation(plan, by=officer, number="1", text="Train everybody.", scope="local")
        add_action(asked, by=officer, text="Train.", target=Target("soon", today, today, "day"))
    assert failing(used) == {}
    later(monkeypatch, 24)
    with used.app_context():
        queue_reminders("reminders", by=None, on=clock.today())
    assert "reminded" not in failing(used)
    change(used, "UPDATE deadline SET remind_on = '2020-01-01' WHERE action_id IS NOT NULL")
    assert "reminded" in failing(used)


def test_a_case_that_nobody_may_be_told_of_turns_it_red(used: Flask) -> None:
    with used.app_context():
        case = db.session.scalars(select(Case)).one()
        lead = case.lead
        assert lead
        case = make_case(lead, "dhr", clock.today())
        case.restricted, case.lead_id = True, None
        db.session.commit()
        queue_reminders("reminders", by=None, on=clock.today() + timedelta(28))
    assert "have nobody who may be told" in failing(used)["sweep"]


def test_a_changed_audit_turns_it_red(used: Flask) -> None:
    on = "" if used.config["SQLALCHEMY_DATABASE_URI"].get_backend_name() == "sqlite" else " ON audit_entry"
    change(used, f"DROP TRIGGER audit_entry_unchanged{on}")
    change(used, "UPDATE audit_entry SET detail = '{}' WHERE number = 1")
    assert failing(used, "--check") == {"audit": "Entry 1: the entry was changed, or one before it was"}


def test_a_database_of_another_release_turns_it_red(used: Flask) -> None:
    change(used, "UPDATE alembic_version SET version_num = '0001'")
    assert set(failing(used)) == {"release"}


def test_a_full_disk_turns_it_red(used: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "LEAST_SPACE", 2**60)
    sqlite = used.config["SQLALCHEMY_DATABASE_URI"].get_backend_name() == "sqlite"
    assert set(failing(used)) == ({"space"} if sqlite else set())


def test_a_database_that_does_not_answer_is_said_so_and_no_more(used: Flask) -> None:
    change(used, "DROP TABLE audit_head")
    response = used.test_client().get("/health")
    assert response.status_code == 503
    assert response.json == {"ok": False, "checks": {"database": {"ok": False, "says": "It does not answer"}}}


def test_a_monitor_sees_all_and_nobody_named(client: FlaskClient, app: Flask) -> None:
    case = make_case(make_user(Role.OFFICER), "dhr", date(2026, 2, 2))
    db.session.execute(update(Deadline).values(due_on=date(2026, 12, 24)))
    run_slow_checks()
    app.extensions.pop("health", None)
    response = client.get("/health")
    assert response.status_code == 503
    assert set(response.json["checks"]) == ALL
    assert case.reference not in response.text
    assert not response.json["checks"]["dates"]["ok"]


def test_asking_often_costs_nothing(
    client: FlaskClient,
    app: Flask,
    statements: Callable[[], AbstractContextManager[list[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app.extensions.pop("health", None)
    with statements() as made:
        client.get("/health")
    assert len(made) <= 8
    with statements() as made:
        client.get("/health")
    assert made == []
    later(monkeypatch, 16 / 3600)
    with statements() as made:
        client.get("/health")
    assert made


def test_administrators_see_what_needs_attention(client: FlaskClient, session: Session) -> None:
    make_case(make_user(Role.OFFICER), "dhr", date(2026, 2, 2))
    sign_in_as(client, make_user(Role.ADMINISTRATOR))
    assert page(client.get("/admin/health")).h1.text == "Nothing is wrong, and not everything has been checked yet"
    session.execute(update(Deadline).values(due_on=date(2026, 12, 24)))
    run_slow_checks()
    shown = page(client.get("/admin/health"))
    assert shown.h1.text == "1 check needs attention"
    assert "Needs attention" in shown.find("th", string="Stored dates").parent.text
