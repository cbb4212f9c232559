"""One numbered entry a use-case, and none without one."""

import json
import multiprocessing
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import PASSWORD, make_partnership, make_user
from tracker import audit
from tracker.errors import Refused
from tracker.extensions import db, will_write
from tracker.models import (
    Agency,
    AuditEntry,
    AuditHead,
    Case,
    Event,
    Partnership,
    PasswordLink,
    Person,
    PersonKind,
    Role,
    User,
)
from tracker.queries.audit_chain import verified
from tracker.services import agencies, sign_in, users
from tracker.services.use_case import use_case


@use_case
def rename(partnership: Partnership, *, by: User | None, name: str) -> None:
    """A use-case to try."""
    partnership.name = name
    if not name:
        raise Refused("Enter a name")


@use_case
def rename_twice(partnership: Partnership, *, by: User | None, name: str) -> None:
    """A programmer's mistake: one use-case inside another."""
    partnership.name = "half way"
    rename(partnership, by=by, name=name)


@use_case
def add_event(case: Case, *, by: User | None, step: str, on: date) -> Event:
    """Something that belongs to a case."""
    event = Event(case=case, number=1, step=step, happened_on=on)
    db.session.add(event)
    return event


@use_case
def log_case(partnership: Partnership, *, by: User | None, reference: str) -> Case:
    """Something that happens to a partnership and makes a case."""
    case = Case(reference=reference, case_type="dhr", edition="dhr-2016", partnership_id=partnership.id)
    db.session.add(case)
    return case


@use_case
def write_down(partnership: Partnership, *, by: User | None, what: object, token: str = "") -> None:
    """Records, and changes nothing."""


def entries() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.number)))


def assert_gapless(number: int) -> None:
    numbers = [entry.number for entry in entries()]
    assert numbers == list(range(1, number + 1))
    assert db.session.scalar(select(AuditHead.number)) == number


def test_a_use_case_leaves_one_entry(session: Session, app: Flask) -> None:
    shropshire = make_partnership()
    manager = make_user(Role.MANAGER)
    rename(shropshire, by=manager, name="Safer Shropshire")
    (entry,) = entries()
    assert (entry.number, entry.action, entry.actor_id, entry.actor) == (1, "rename", manager.id, manager.email)
    assert (entry.subject_type, entry.subject_id, entry.subject_reference) == (
        "partnership",
        shropshire.id,
        "shropshire",
    )
    assert (entry.partnership_id, entry.case_id) == (shropshire.id, None)
    assert json.loads(entry.detail) == {"name": "Safer Shropshire"}
    assert abs(datetime.now(UTC) - entry.at).total_seconds() < 60
    assert_gapless(1)


def test_an_operator_is_the_system(session: Session) -> None:
    rename(make_partnership(), by=None, name="Safer Shropshire")
    assert [(entry.actor_id, entry.actor) for entry in entries()] == [(None, "system")]


def test_what_is_refused_leaves_nothing(session: Session) -> None:
    shropshire = make_partnership()
    with pytest.raises(Refused):
        rename(shropshire, by=None, name="")
    assert shropshire.name == "Shropshire"
    assert_gapless(0)


def test_what_the_database_refuses_leaves_nothing(session: Session) -> None:
    shropshire = make_partnership()
    log_case(shropshire, by=None, reference="DHR-2025-001")
    with pytest.raises(IntegrityError):
        log_case(shropshire, by=None, reference="DHR-2025-001")
    assert session.scalar(select(func.count()).select_from(Case)) == 1
    assert_gapless(1)


def test_what_cannot_be_written_down_is_not_done(session: Session) -> None:
    with pytest.raises(TypeError, match="'what'"):
        write_down(make_partnership(), by=None, what=object())
    assert_gapless(0)


def test_a_use_case_does_not_call_another(session: Session) -> None:
    shropshire = make_partnership()
    with pytest.raises(RuntimeError, match="rename_twice may not call another, rename"):
        rename_twice(shropshire, by=None, name="Safer Shropshire")
    assert shropshire.name == "Shropshire"
    rename(shropshire, by=None, name="Safer Shropshire")
    assert_gapless(1)


def test_a_use_case_names_who_does_it() -> None:
    with pytest.raises(TypeError, match="name who does it"):

        @use_case
        def nobody_does_this(partnership: Partnership) -> None:
            """Says nothing of who does it."""


def test_whoever_does_it_is_a_user(session: Session) -> None:
    with pytest.raises(TypeError, match="a user or None"):
        rename(make_partnership(), by="sam@example.gov.uk", name="Safer Shropshire")  # type: ignore[arg-type]


def test_an_entry_belongs_to_the_case_it_is_about(session: Session) -> None:
    shropshire = make_partnership()
    case = log_case(shropshire, by=None, reference="DHR-2025-001")
    add_event(case, by=None, step="notification_received", on=date(2025, 1, 31))
    logged, added = entries()
    assert (logged.subject_type, logged.case_id, logged.partnership_id) == ("partnership", case.id, shropshire.id)
    assert json.loads(logged.detail) == {"reference": "DHR-2025-001", "made": "DHR-2025-001"}
    assert (added.subject_reference, added.case_id, added.partnership_id) == ("DHR-2025-001", case.id, shropshire.id)
    assert json.loads(added.detail)["on"] == "2025-01-31"


@dataclass(frozen=True)
class Answer:
    on: date
    password: str


def test_arguments_are_written_as_what_they_stand_for(session: Session) -> None:
    person = Person(pseudonym="Adult 1", name="Canary Finch", kind=PersonKind.VICTIM)
    session.add(person)
    session.flush()
    what = {
        "who": person,
        "role": Role.CHAIR,
        "days": (date(2025, 1, 31), datetime(2025, 1, 31, 9, tzinfo=UTC)),
        "some": {"b", "a"},
        "answer": Answer(date(2025, 2, 28), "canary password"),
        "nested": [{"token": "canary token", "person_name": "Canary Finch"}],
        "nothing": None,
    }
    write_down(make_partnership(), by=None, what=what, token="canary token")
    (entry,) = entries()
    assert json.loads(entry.detail) == {
        "token": audit.NOT_RECORDED,
        "what": {
            "who": "Adult 1",
            "role": "chair",
            "days": ["2025-01-31", "2025-01-31T09:00:00+00:00"],
            "some": ["a", "b"],
            "answer": {"on": "2025-02-28", "password": audit.NOT_RECORDED},
            "nested": [{"token": audit.NOT_RECORDED, "person_name": audit.NOT_RECORDED}],
            "nothing": None,
        },
    }
    assert "anary" not in entry.detail


def test_no_secret_of_an_account_is_in_the_audit(session: Session) -> None:
    user, token = users.add_user(make_partnership(), by=None, email="sam@example.gov.uk", role=Role.OFFICER)
    users.choose_password(token, PASSWORD)
    cookie = sign_in.sign_in(user, by=user)
    sign_in.sign_out(user, by=user, token=cookie)
    written = "\n".join(f"{entry.subject_reference} {entry.detail}" for entry in entries())
    assert [entry.action for entry in entries()] == ["add_user", "set_password", "sign_in", "sign_out"]
    secrets = [token, cookie, PASSWORD, str(user.password_hash), *session.scalars(select(PasswordLink.token_hash))]
    assert [secret for secret in secrets if secret in written] == []


def test_the_request_is_named(app: Flask, session: Session) -> None:
    shropshire = make_partnership()
    with app.test_request_context("/", method="POST"):
        from flask import g  # noqa: PLC0415

        g.request_id = "r-1"
        rename(shropshire, by=None, name="Safer Shropshire")
    assert [entry.request_id for entry in entries()] == ["r-1"]


def test_a_use_case_writes_from_a_page_that_only_shows(app: Flask) -> None:
    key = make_partnership().key
    with app.test_request_context("/", method="GET"):
        found = db.session.scalars(select(Partnership).where(Partnership.key == key)).one()
        assert not will_write()
        rename(found, by=None, name="Safer Shropshire")
        assert not will_write()
        assert found.name == "Safer Shropshire"


@pytest.fixture
def shared_app(own_app: Flask) -> Iterator[Flask]:
    """The application on a database that really commits, with one partnership."""
    with own_app.app_context():
        make_partnership()
        yield own_app


def test_eight_threads_leave_no_gap(shared_app: Flask) -> None:
    failures: list[BaseException] = []

    def work(thread: int) -> None:
        try:
            for turn in range(12):
                with shared_app.app_context():
                    shropshire = db.session.scalars(select(Partnership)).one()
                    if turn % 4 == 3:  # what is refused takes no number
                        with pytest.raises(Refused):
                            rename(shropshire, by=None, name="")
                    else:
                        agencies.add_agency(shropshire, by=None, name=f"Agency {thread}-{turn}")
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert db.session.scalar(select(func.count()).select_from(Agency)) == 72
    assert_gapless(72)
    made = {entry.detail for entry in entries()}
    assert len(made) == 72
    assert verified().intact


def test_eight_processes_leave_no_gap(shared_app: Flask) -> None:
    db.session.remove()
    db.engine.dispose()  # a connection may not cross into another process

    def work(process: int) -> None:
        with shared_app.app_context():
            for turn in range(5):
                shropshire = db.session.scalars(select(Partnership)).one()
                agencies.add_agency(shropshire, by=None, name=f"Agency {process}-{turn}")
            db.session.remove()
            db.engine.dispose()

    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=work, args=(number,)) for number in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 8
    assert_gapless(40)
    assert verified().intact
