"""The audit is only added to, and whoever changes it all the same is found out."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.builders import make_partnership
from tests.commands import run
from tracker import clock
from tracker.extensions import db
from tracker.queries import audit_chain
from tracker.services.agencies import add_agency

INSERT = """INSERT {or_replace} INTO audit_entry
    (number, at, actor, action, subject_type, subject_reference, request_id, detail, seal)
    VALUES ({number}, '2026-01-01 00:00:00', 'system', 'forged', '', '', '', '{{}}', '{seal}')"""


@pytest.fixture
def recorded(own_app: Flask) -> Flask:
    """The application with five entries in its audit."""
    with own_app.app_context():
        for name in ("Police", "Health", "Housing", "Probation", "Fire"):
            add_agency(make_partnership(), by=None, name=name)
    return own_app


def change(app: Flask, *statements: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def unguard(app: Flask) -> None:
    """What somebody with the database's own password can do."""
    with app.app_context():
        on = "" if db.engine.dialect.name == "sqlite" else " ON audit_entry"
    change(app, *(f"DROP TRIGGER {name}{on}" for name in sorted(audit_chain.GUARDS)))


def test_an_audit_as_it_was_written_is_intact(recorded: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_chain, "BATCH", 2)
    found = run(recorded, "audit", "verify")
    assert (found.code, found.json["intact"], found.json["entries"], found.json["number"]) == (0, True, 5, 5)
    assert len(found.json["seal"]) == 64


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET detail = '{}' WHERE number = 3",
        "DELETE FROM audit_entry WHERE number = 5",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        INSERT.format(or_replace="OR REPLACE", number=3, seal=""),
        INSERT.format(or_replace="", number=3, seal=""),
    ],
)
def test_the_database_lets_nobody_change_what_is_recorded(recorded: Flask, statement: str) -> None:
    with pytest.raises(DatabaseError):
        change(recorded, statement)
    assert run(recorded, "audit", "verify").json["intact"]


@pytest.mark.parametrize(
    ("statements", "first_bad", "why"),
    [
        (["UPDATE audit_entry SET detail = '{}' WHERE number = 3"], 3, "was changed"),
        (["UPDATE audit_entry SET actor = 'somebody' WHERE number = 1"], 1, "was changed"),
        (["UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE number = 2"], 2, "was changed"),
        (["DELETE FROM audit_entry WHERE number = 4"], 4, "missing"),
        (["DELETE FROM audit_entry WHERE number = 5"], 5, "to 5 are missing"),
        (["DELETE FROM audit_entry WHERE number = 1"], 1, "missing"),
        (["UPDATE audit_entry SET seal = ''"], 1, "no seal"),
        ([INSERT.format(or_replace="", number=6, seal="0" * 64)], 6, "was changed"),
        ([INSERT.format(or_replace="", number=-1, seal="0" * 64)], 1, "missing"),
        (["UPDATE audit_head SET number = 7"], 6, "to 7 are missing"),
        ([], None, "no longer guards"),
    ],
)
def test_what_was_changed_all_the_same_is_found(
    recorded: Flask, statements: list[str], first_bad: int | None, why: str
) -> None:
    unguard(recorded)
    change(recorded, *statements)
    found = run(recorded, "audit", "verify")
    assert (found.code, found.json["intact"], found.json["first_bad"]) == (1, False, first_bad)
    assert why in found.json["why"]


def test_another_key_seals_otherwise(recorded: Flask) -> None:
    recorded.config["AUDIT_KEY"] = "another"
    assert run(recorded, "audit", "verify").json["first_bad"] == 1


def test_an_anchor_shows_a_tail_that_was_cut_off(recorded: Flask, tmp_path: Path) -> None:
    anchor = tmp_path / "anchor.json"
    anchor.write_text(run(recorded, "audit", "verify").out)
    with recorded.app_context():
        add_agency(make_partnership(), by=None, name="Fire North")
    assert run(recorded, "audit", "verify", "--anchor", anchor).code == 0
    unguard(recorded)
    change(recorded, "DELETE FROM audit_entry WHERE number > 4", "UPDATE audit_head SET number = 4")
    assert run(recorded, "audit", "verify", "--anchor", anchor).json["first_bad"] == 5
    with recorded.app_context():
        add_agency(make_partnership(), by=None, name="Fire East")
    found = run(recorded, "audit", "verify", "--anchor", anchor).json
    assert (found["first_bad"], found["why"]) == (5, "the entry is another than the anchor names")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"number": "x", "seal": ""}', "\x00"])
def test_a_file_that_is_no_anchor_is_refused(recorded: Flask, tmp_path: Path, content: str) -> None:
    anchor = tmp_path / "anchor.json"
    anchor.write_text(content)
    found = run(recorded, "audit", "verify", "--anchor", anchor)
    assert (found.code, found.out) == (2, "")
    assert "is not what" in found.said


def test_entries_from_before_there_were_seals_are_sealed_once(recorded: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_chain, "BATCH", 2)
    assert run(recorded, "audit", "seal").code == 2
    unguard(recorded)
    change(recorded, "UPDATE audit_entry SET seal = ''")
    assert run(recorded, "audit", "verify").json["why"] == "the entry has no seal"
    assert run(recorded, "audit", "seal").json == {"sealed": 5}
    found = run(recorded, "audit", "verify").json
    assert (found["entries"], found["first_bad"]) == (6, None)


def test_the_last_seal_is_mailed_once_a_day_and_the_mail_is_an_anchor(
    recorded: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded.config["MAIL_URL"] = f"file:{tmp_path}/mail"
    run(recorded, "health", "--check")
    run(recorded, "outbox", "deliver")
    assert not (tmp_path / "mail").exists(), "nobody is named to get it"
    recorded.config["AUDIT_MAIL_TO"] = "auditor@example.gov.uk"
    for _ in range(2):
        run(recorded, "health", "--check")
        run(recorded, "outbox", "deliver")
    (mail,) = (tmp_path / "mail").glob("*.eml")
    head = run(recorded, "audit", "verify").json
    assert "To: auditor@example.gov.uk" in mail.read_text()
    assert "Intact" in mail.read_text()
    assert run(recorded, "audit", "verify", "--anchor", mail).code == 0
    unguard(recorded)
    change(recorded, "DELETE FROM audit_entry WHERE number > 4", "UPDATE audit_head SET number = 4")
    assert run(recorded, "audit", "verify", "--anchor", mail).json["first_bad"] == 5
    assert head["number"] > 5
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    run(recorded, "health", "--check")
    run(recorded, "outbox", "deliver")
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 2
