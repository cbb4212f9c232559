"""A backup holds everything, can be made while people work, and puts back exactly what it holds."""

import sqlite3
import stat
import threading
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import MetaData, text

from tests.builders import make_case, make_partnership, make_user
from tests.commands import run
from tracker.extensions import db
from tracker.models import Role
from tracker.queries.users import running_session
from tracker.services import sign_in
from tracker.services.agencies import add_agency


def contents(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with app.app_context(), db.engine.connect() as connection:
        found = MetaData()
        found.reflect(connection)
        rows = {name: sorted(map(repr, connection.execute(table.select()))) for name, table in found.tables.items()}
        return {name: [(row,) for row in some] for name, some in rows.items()}


def is_sqlite(app: Flask) -> bool:
    return bool(app.config["SQLALCHEMY_DATABASE_URI"].get_backend_name() == "sqlite")


def test_what_is_put_back_is_what_was_kept(own_app: Flask, tmp_path: Path) -> None:
    with own_app.app_context():
        ruth = make_user(Role.OFFICER, email="ruth@example.gov.uk")
        for case_type in ("dhr", "asb", "owhr"):
            make_case(ruth, case_type, date(2026, 2, 2))
        token = sign_in.sign_in(ruth, by=ruth)
    before = contents(own_app)
    file = Path(run(own_app, "backup", tmp_path / "copies").json["file"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with own_app.app_context():
        add_agency(make_partnership(), by=None, name="Added later")
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE added_later (id INTEGER)"))
    answered = run(own_app, "restore", file)
    assert answered.code == 0, answered.said
    after = contents(own_app)
    # What putting it back adds: that it was done, and the end of every session.
    assert [len(after.pop(name)) - len(before.pop(name)) for name in ("audit_entry", "user_session")] == [1, 0]
    assert after.pop("audit_head") != before.pop("audit_head")
    assert after == before
    assert run(own_app, "audit", "verify").json["intact"]
    assert run(own_app, "deadlines", "check").json["differences"] == []
    with own_app.app_context():
        assert running_session(token) is None
    kept = run(own_app, "restore", answered.json["kept"])
    assert kept.code == 0
    assert any("Added later" in row for (row,) in contents(own_app)["agency"])


def test_an_older_copy_is_brought_up_to_date(own_app: Flask, tmp_path: Path) -> None:
    file = Path(run(own_app, "backup", tmp_path).json["file"])
    before = contents(own_app)
    assert run(own_app, "db", "downgrade", "0010").code == 0
    older = Path(run(own_app, "backup", tmp_path / "older").json["file"])
    assert run(own_app, "db", "upgrade").code == 0
    for copy in (older, file):
        assert run(own_app, "restore", copy).code == 0
        assert contents(own_app).keys() == before.keys()
        assert run(own_app, "audit", "verify").json["intact"]


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"x" * 5000, b"PGDMP rubbish"])
def test_what_is_no_backup_changes_nothing(own_app: Flask, tmp_path: Path, content: bytes) -> None:
    with own_app.app_context():
        make_partnership()
    before = contents(own_app)
    file = tmp_path / "file"
    file.write_bytes(content)
    refused = run(own_app, "restore", file)
    assert (refused.code, refused.out) == (2, "")
    assert "nothing was changed" in refused.said
    assert contents(own_app) == before


def test_another_programs_database_is_refused(own_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE note (id INTEGER)")
    assert "nothing was changed" in run(own_app, "restore", file).said


def test_a_backup_loses_nothing_that_was_committed_while_it_ran(own_app: Flask, tmp_path: Path) -> None:
    added: list[int] = []
    done = threading.Event()

    def work() -> None:
        with own_app.app_context():
            while not done.is_set():
                add_agency(make_partnership(), by=None, name=f"Agency {len(added)}")
                added.append(1)

    with own_app.app_context():
        make_partnership()
    worker = threading.Thread(target=work)
    worker.start()
    try:
        while len(added) < 20:
            done.wait(0.01)
        least = len(added)
        file = Path(run(own_app, "backup", tmp_path).json["file"])
    finally:
        done.set()
        worker.join()
    assert run(own_app, "restore", file).code == 0
    assert len(contents(own_app)["agency"]) >= least
    assert run(own_app, "audit", "verify").json["intact"]


def test_a_backup_that_cannot_be_made_says_why(own_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    refused = run(own_app, "backup", tmp_path / "file")
    assert refused.code == 2
    if not is_sqlite(own_app):
        monkeypatch.setenv("PATH", "/nowhere")
        assert "pg_dump is not on PATH" in run(own_app, "backup", tmp_path).said
