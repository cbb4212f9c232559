"""`flask deadlines`: stored dates are checked against the facts, and a change of holiday is previewed, then applied."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import make_case, make_user
from tests.commands import run
from tracker.extensions import db
from tracker.models import AuditEntry, Case, User, facts
from tracker.models.users import Role
from tracker.procedures.calendars import ENGLAND_AND_WALES, Calendar, Holiday
from tracker.queries import projections
from tracker.services.cases import record_step

APPLIED_ON, ACKNOWLEDGED_ON, TODAY = date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 12)
ANNOUNCED_ON, NEW_HOLIDAY = date(2026, 3, 10), date(2026, 3, 6)


@pytest.fixture
def officer(session: Session) -> User:
    return make_user(Role.OFFICER)


@pytest.fixture
def reference(officer: User, today_is: Callable[[date], None]) -> str:
    """An application of Monday 2 March 2026, acknowledged on the Thursday; its threshold is still to be decided."""
    today_is(TODAY)
    case = make_case(officer, "asb", APPLIED_ON)
    record_step(case, by=officer, step="acknowledged", on=ACKNOWLEDGED_ON, answers={})
    reference = case.reference
    db.session.remove()
    return reference


def tamper(statement: str) -> None:
    db.session.execute(text(statement))
    db.session.commit()
    db.session.remove()


def due(reference: str) -> dict[str, date | None]:
    """The stored due dates of a case."""
    case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
    found = {row.key: row.due_on for row in case.deadlines} | {"next": case.next_due_on}
    db.session.remove()
    return found


def audited() -> int:
    number = db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    db.session.remove()
    return number


def test_nothing_differs_from_what_the_facts_say(app: Flask, reference: str) -> None:
    answer = run(app, "deadlines", "check")
    assert (answer.code, answer.json) == (0, {"cases": 1, "differences": []})
    rebuilt = run(app, "deadlines", "rebuild")
    assert (rebuilt.code, rebuilt.json) == (0, {"cases": 1, "changes": [], "applied": False})
    assert audited() == 2


TAMPERED: list[tuple[str, dict[str, Any]]] = [
    (
        "UPDATE deadline SET due_on = '2026-04-23' WHERE key = 'threshold'",
        {"what": "threshold 1 due_on", "old": "2026-04-23", "new": "2026-03-23"},
    ),
    (
        "UPDATE deadline SET met_on = NULL WHERE key = 'acknowledge'",
        {"what": "acknowledge 1 met_on", "old": None, "new": "2026-03-05"},
    ),
    (
        "UPDATE deadline SET state = 'open' WHERE key = 'acknowledge'",
        {"what": "acknowledge 1 state", "old": "open", "new": "met"},
    ),
    (
        "DELETE FROM deadline WHERE key = 'whole_case'",
        {"what": "whole_case 1", "old": "not stored", "new": "stored"},
    ),
    (
        "UPDATE deadline SET occurrence = 2 WHERE key = 'whole_case'",
        {"what": "whole_case 2", "old": "stored", "new": "not stored"},
    ),
    ("UPDATE \"case\" SET stage = 'closed'", {"what": "stage", "old": "closed", "new": "application"}),
    ('UPDATE "case" SET next_due_on = NULL', {"what": "next_due_on", "old": None, "new": "2026-03-23"}),
    ("UPDATE \"case\" SET held_by = 'nobody'", {"what": "held_by", "old": "nobody", "new": "officer"}),
    (
        "UPDATE event SET happened_on = '2026-03-04' WHERE step = 'acknowledged'",
        {"what": "acknowledge 1 met_on", "old": "2026-03-05", "new": "2026-03-04"},
    ),
]


@pytest.mark.parametrize(("statement", "difference"), TAMPERED, ids=[found["what"] for _, found in TAMPERED])
def test_a_row_that_was_tampered_with_is_named_and_mended(
    app: Flask, reference: str, statement: str, difference: dict[str, Any]
) -> None:
    tamper(statement)
    answer = run(app, "deadlines", "check")
    assert (answer.code, answer.json["cases"]) == (1, 1)
    assert {"case": reference, **difference} in answer.json["differences"]
    assert run(app, "deadlines", "rebuild").json["applied"] is True
    assert run(app, "deadlines", "check").json == {"cases": 1, "differences": []}


def test_facts_that_the_procedure_forbids_are_named_and_left(app: Flask, reference: str) -> None:
    tamper("UPDATE event SET step = 'plan_agreed' WHERE step = 'acknowledged'")
    (difference,) = run(app, "deadlines", "check").json["differences"]
    assert (difference["case"], difference["what"], difference["old"]) == (reference, "events", "stored")
    assert "cannot be recorded at the stage Application on 5 March 2026" in difference["new"]
    rebuilt = run(app, "deadlines", "rebuild")
    assert (rebuilt.code, rebuilt.json["applied"]) == (1, False)
    assert reference in rebuilt.said
    assert audited() == 2


def with_holiday(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """From now on, a calendar in which a new bank holiday was announced."""
    new = Holiday(NEW_HOLIDAY, "A new bank holiday", known_on=ANNOUNCED_ON)
    calendar = replace(ENGLAND_AND_WALES, holidays=(*ENGLAND_AND_WALES.holidays, new))
    monkeypatch.setattr(facts, "ENGLAND_AND_WALES", calendar)
    return calendar


def test_a_new_holiday_is_previewed_and_then_moves_what_is_open(
    app: Flask, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_holiday(monkeypatch)
    before = due(reference)
    assert (before["acknowledge"], before["threshold"]) == (date(2026, 3, 9), date(2026, 3, 23))
    preview = run(app, "deadlines", "rebuild", "--dry-run")
    moves = [
        {"case": reference, "what": what, "old": old, "new": new}
        for what, old, new in (
            ("next_due_on", "2026-03-23", "2026-03-24"),
            ("threshold 1 due_on", "2026-03-23", "2026-03-24"),
            ("threshold 1 original_due_on", "2026-03-23", "2026-03-24"),
            ("whole_case 1 due_on", "2026-04-29", "2026-04-30"),
            ("whole_case 1 original_due_on", "2026-04-29", "2026-04-30"),
        )
    ]
    assert (preview.code, preview.json) == (0, {"cases": 1, "changes": moves, "applied": False})
    assert (due(reference), audited()) == (before, 2)

    applied = run(app, "deadlines", "rebuild")
    assert (applied.code, applied.json) == (0, {"cases": 1, "changes": moves, "applied": True})
    after = due(reference)
    assert after["acknowledge"] == date(2026, 3, 9), "met before the holiday was announced"
    assert (after["threshold"], after["whole_case"]) == (date(2026, 3, 24), date(2026, 4, 30))
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()[-1]
    assert (audited(), entry.action, entry.actor) == (3, "rebuild_deadlines", "system")
    assert f'"references": ["{reference}"]' in entry.detail
    assert run(app, "deadlines", "check").json == {"cases": 1, "differences": []}


def test_a_holiday_moves_nothing_before_it_is_announced(
    app: Flask, reference: str, monkeypatch: pytest.MonkeyPatch, today_is: Callable[[date], None]
) -> None:
    with_holiday(monkeypatch)
    today_is(date(2026, 3, 9))
    assert run(app, "deadlines", "check").json == {"cases": 1, "differences": []}
    today_is(ANNOUNCED_ON)
    assert run(app, "deadlines", "check").code == 1


def test_many_cases_are_read_a_batch_at_a_time(
    app: Flask, officer: User, today_is: Callable[[date], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projections, "BATCH", 2)
    today_is(TODAY)
    references = [make_case(officer, "dhr", APPLIED_ON).reference for _ in range(5)]
    db.session.remove()
    assert run(app, "deadlines", "check").json == {"cases": 5, "differences": []}
    tamper("UPDATE deadline SET due_on = '2026-04-03'")
    found = run(app, "deadlines", "check").json["differences"]
    assert [(row["case"], row["new"]) for row in found] == [(reference, "2026-04-02") for reference in references]
