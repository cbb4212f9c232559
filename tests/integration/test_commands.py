"""The operator's commands as they are given: a few by `flask` itself, from a clean shell, the rest inside the test."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from config import ROOT
from tests.builders import make_case, make_partnership, make_user
from tests.commands import case_file, run
from tests.databases import make_app
from tracker import clock
from tracker.commands.answers import NOT_USABLE
from tracker.extensions import db
from tracker.models import AuditEntry, Case, Partnership, User
from tracker.models.users import Role
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.case_file import WrongFile, read_json
from tracker.procedures.facts import NotAllowed
from tracker.procedures.reckoning import reckon
from tracker.services import passwords
from tracker.services.demo import CASE_FILES

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
DHR: dict[str, Any] = {
    "type": "dhr",
    "events": [
        {"step": "notification_received", "on": "2025-01-31"},
        {"step": "decided_to_review", "on": "2025-02-20", "answers": {"rationale": "The criteria are met."}},
    ],
}
OWHR: dict[str, Any] = {"type": "owhr", "events": [{"step": "death_logged", "on": "2026-09-07"}]}


def flask(
    folder: Path, *arguments: object, database: str = "", given: str = "", **environ: str
) -> "subprocess.CompletedProcess[str]":
    """`.venv/bin/flask` in a shell that knows nothing but where this installation keeps its files."""
    environment = {"PATH": os.environ["PATH"], "INSTANCE_PATH": str(folder), "LANG": "C", **environ}
    if database:
        environment["DATABASE_URL"] = database
    command = [str(Path(sys.executable).parent / "flask"), *(str(argument) for argument in arguments)]
    return subprocess.run(
        command, input=given, env=environment, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )


# -- By flask itself ---------------------------------------------------------------------------------------------------


def test_a_new_installation_is_filled_shown_and_checked(tmp_path: Path) -> None:
    before = flask(tmp_path, "deadlines", "check")
    assert (before.returncode, before.stdout) == (2, "")
    assert before.stderr == f"no such table: case: {NOT_USABLE}\n"
    assert flask(tmp_path, "db", "upgrade").returncode == 0
    filled = flask(tmp_path, "demo")
    answer = json.loads(filled.stdout)
    files = sorted(CASE_FILES.glob("*.json"))
    assert (filled.returncode, answer["partnership"], answer["cases"]) == (0, "shropshire", len(files))
    assert {person["role"] for person in answer["sign_ins"]} == {role.value for role in Role}
    reference = json.loads(files[-1].read_text("utf-8"))["reference"]
    assert flask(tmp_path, "case", "show", reference).stdout == files[-1].read_text("utf-8")
    assert not (tmp_path / "backups").exists(), "there was nothing to lose"


def test_a_what_if_asks_no_database_and_loads_no_slow_library(tmp_path: Path) -> None:
    timed = {"PYTHONPROFILEIMPORTTIME": "1"}
    arguments = ("reckon", "-", "--today", "2025-03-01")
    answer = flask(tmp_path, *arguments, database=NOWHERE, given=json.dumps(DHR), **timed)
    imported = [line.rpartition("|")[2].strip() for line in answer.stderr.splitlines()]
    assert (answer.returncode, json.loads(answer.stdout)["stage"]) == (0, "review")
    assert {"tracker.procedures.reckoning", "flask"} <= set(imported)
    assert not {"reportlab", "apscheduler", "openpyxl", "PIL"} & set(imported)
    assert not list(tmp_path.glob("*.sqlite"))


def test_a_database_that_does_not_answer_is_said_in_words(tmp_path: Path) -> None:
    answer = flask(tmp_path, "case", "show", "DHR-2025-001", database=NOWHERE)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert NOT_USABLE in answer.stderr
    assert "Traceback" not in answer.stderr


def test_every_command_has_a_line_of_help(app: Flask) -> None:
    lines = run(app, "--help").out.partition("Commands:")[2].splitlines()
    said = dict(line.split(maxsplit=1) for line in lines if line.strip())
    assert {"case", "deadlines", "demo", "partnership", "reckon", "user"} <= said.keys()


# -- flask reckon ------------------------------------------------------------------------------------------------------


def test_one_case_in_is_one_reckoning_out_and_a_list_a_list(app: Flask, tmp_path: Path) -> None:
    one = run(app, "reckon", case_file(tmp_path / "one.json", DHR), "--today", "2025-03-01")
    assert (one.code, one.said) == (0, "")
    assert list(one.json) == ["type", "edition", "stage", "on_hold", "held_by", "open_steps", "deadlines", "threshold"]
    many = run(app, "reckon", "-", "--today", "2026-10-01", given=json.dumps([DHR, OWHR, DHR]))
    assert [answer["edition"] for answer in many.json] == ["dhr-2016", "owhr-2022", "dhr-2016"]
    assert run(app, "reckon", given=json.dumps([DHR])).json == [run(app, "reckon", given=json.dumps(DHR)).json]
    assert run(app, "reckon", given="[]").json == []


def test_the_day_is_the_options_else_the_files_else_londons(app: Flask, today_is: Callable[[date], None]) -> None:
    today_is(date(2025, 8, 20))
    with_day = json.dumps(DHR | {"today": "2025-02-19"})

    def stage_and_statuses(*arguments: str, given: str) -> list[str]:
        answer = run(app, "reckon", "-", *arguments, given=given).json
        return [answer["stage"], *(f"{each['key']} {each['status']}" for each in answer["deadlines"])]

    assert stage_and_statuses("--today", "2025-03-01", given=with_day) == [
        "review",
        "decide met",
        "tell_home_office overdue",
        "tell_family overdue",
        "appoint_chair open",
        "complete_report open",
    ]
    assert stage_and_statuses(given=with_day) == ["referral", "decide open"]
    assert "complete_report open" in stage_and_statuses(given=json.dumps(DHR))
    today_is(date(2025, 8, 21))
    assert "complete_report overdue" in stage_and_statuses(given=json.dumps(DHR))


def test_london_not_greenwich_says_what_day_it_is(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past eleven in the evening of 30 June, UTC, is 1 July in London."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2025, 6, 30, 23, 30, tzinfo=UTC))
    late = DHR | {"events": [{"step": "notification_received", "on": "2025-05-30"}]}
    answer = run(app, "reckon", given=json.dumps(late)).json
    assert [(each["due"], each["status"]) for each in answer["deadlines"]] == [("2025-06-30", "overdue")]


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (("--today", "2025-02-30"), json.dumps(DHR), "'2025-02-30' does not match the format"),
        (("--today", "tomorrow"), json.dumps(DHR), "'tomorrow' does not match the format"),
        ((), "", "-: file: not a case file in JSON"),
        ((), json.dumps([DHR, 5]), "-: case 2, case: must be a JSON object"),
        ((), json.dumps(DHR | {"today": "30/02/2025"}), "-: case, today: “30/02/2025” is not a date"),
        (
            (),
            json.dumps(DHR | {"settings": {"flight": {}}}),
            "settings.flight: Domestic homicide review has no deadline",
        ),
        (
            ("--today", "2025-06-01"),
            json.dumps([OWHR, DHR | {"events": DHR["events"][1:]}]),
            "-: case 2: event 1, on: The first step of a case is “Notification received”",
        ),
        (("--yesterday",), "", "No such option"),
    ],
)
def test_a_wrong_what_if_is_refused_in_words(app: Flask, arguments: tuple[str, ...], given: str, says: str) -> None:
    answer = run(app, "reckon", "-", *arguments, given=given)
    assert (answer.code, answer.out) == (2, "")
    assert says in answer.said


@pytest.mark.parametrize(
    "arguments",
    [
        ("remind", "--on", "9999-12-31"),
        ("remind", "--on", "0001-01-01", "--dry-run"),
        ("case", "show", "\udcff"),
        ("figures", "--from", "2024-04-01", "--to", "2025-03-31", "--partnership", "\udcff"),
    ],
)
def test_what_no_command_takes_is_said_in_words(app: Flask, arguments: tuple[str, ...]) -> None:
    answer = run(app, *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.said


def test_a_what_if_may_lie_in_the_future_and_on_any_day(app: Flask, today_is: Callable[[date], None]) -> None:
    today_is(date(2025, 1, 1))
    assert run(app, "reckon", "--today", "2027-01-01", "-", given=json.dumps(OWHR)).json["stage"] == "referral"
    for day in ("0001-01-01", "9999-12-31"):
        answer = run(app, "reckon", "--today", day, "-", given=json.dumps([DHR, OWHR]))
        assert (answer.code, len(answer.json)) == (0, 2)


FILES = [json.loads(path.read_text("utf-8")) for path in sorted(CASE_FILES.glob("*.json"))]
HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 10**400, 1e308, 0.1]),
    st.sampled_from(
        ["", " ", "2025-02-30", "2015-01-01", "2030-12-31", "2200-12-31", "1900-01-01", "a\x00b", "\ud800"]
    ),
    st.sampled_from(["complete_report", "hold_ended", "reopened", "recorded_in_error", "deadline_extended", "unable"]),
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: [[[[]]]]),
    st.dictionaries(
        st.sampled_from(["on", "step", "length", "unit", ""]), st.integers() | st.text(max_size=3), max_size=2
    ),
)


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """A real case file with up to three of its values replaced by others."""
    case = json.loads(json.dumps(draw(st.sampled_from(FILES))))
    case["settings"] = {draw(st.sampled_from(["decide", "imr", "threshold"])): {"length": 10, "unit": "days"}}
    for _ in range(draw(st.integers(1, 3))):
        at: Any = case
        while True:
            keys = list(at) if isinstance(at, dict) else range(len(at))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(at[key], dict | list) and at[key] and draw(st.booleans()):
                at = at[key]
                continue
            at[key] = draw(HOSTILE)
            break
    return case


@settings(max_examples=60)
@given(case=spoilt(), today=st.dates(date(2015, 1, 1), date(2031, 1, 1)))
def test_whatever_is_in_a_file_is_reckoned_or_refused(case: Any, today: date) -> None:
    """No file, however wrong, ends in a fault of ours."""
    try:
        (read,) = read_json(json.dumps(case))
        reckon(read.procedure, read.facts, read.settings, ENGLAND_AND_WALES, today).as_json()
    except (WrongFile, NotAllowed) as refused:
        said = str(refused)
    else:
        return
    assert said


# -- Partnership, user and demo ----------------------------------------------------------------------------------------


def test_the_demo_is_one_change_and_lets_people_in(app: Flask, today_is: Callable[[date], None]) -> None:
    today_is(date(2026, 11, 22))
    answer = run(app, "demo").json
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.number, entry.action, entry.actor) == (1, "fill_demo", "system")
    for person in answer["sign_ins"]:
        assert person["password"] not in entry.detail
        user = db.session.scalars(select(User).where(User.email == person["email"])).one()
        assert [held.role.value for held in user.memberships] == [person["role"]]
    assert passwords.matches(user.password_hash, person["password"])


def test_the_demo_refuses_a_database_that_somebody_uses(app: Flask, today_is: Callable[[date], None]) -> None:
    today_is(date(2026, 11, 22))
    make_case(make_user(Role.OFFICER, partnership=make_partnership("telford")), "dhr", date(2026, 11, 2))
    db.session.remove()
    answer = run(app, "demo")
    assert (answer.code, answer.out) == (2, "")
    assert answer.said == "The database has cases already: the demo only fills an empty one\n"
    assert db.session.scalar(select(func.count()).select_from(Case)) == 1
    assert db.session.scalar(select(func.count()).select_from(Partnership)) == 1


def test_a_partnership_and_its_officer_are_added_and_load_a_case(app: Flask, tmp_path: Path) -> None:
    assert run(app, "partnership", "add", "telford", "--name", "Telford and Wrekin").code == 0
    added = run(app, "user", "add", "Ruth@example.gov.uk", "--role", "officer", "--partnership", "telford")
    assert added.json["email"] == "ruth@example.gov.uk"
    whole = DHR | {"reference": "DHR-2025-007", "partnership": "telford", "lead": "Ruth@Example.gov.uk"}
    assert run(app, "case", "load", case_file(tmp_path / "one.json", whole)).code == 0
    assert run(app, "case", "show", "DHR-2025-007").json["lead"] == "ruth@example.gov.uk"
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert actions == ["add_partnership", "add_user", "load_cases"]


# -- A backup before a migration ---------------------------------------------------------------------------------------


@pytest.fixture
def older(empty_database: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of an earlier release, with a partnership in it."""
    app = make_app(empty_database, tmp_path / "instance")
    with app.app_context():
        upgrade(revision="0005")
        assert not (tmp_path / "instance" / "backups").exists(), "there was nothing to lose"
        tell("INSERT INTO partnership (key, name) VALUES ('telford', 'Telford')")
        yield app
        db.session.remove()
        db.engine.dispose()


def tell(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement))


def version() -> str:
    with db.engine.connect() as connection:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def test_a_database_with_rows_is_copied_before_it_is_migrated(
    older: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade()
    upgrade()
    if db.engine.dialect.name == "postgresql" and not shutil.which("pg_dump"):
        assert "pg_dump is not on PATH, so that is yours to do" in capsys.readouterr().err
        return
    (backup,) = (tmp_path / "instance" / "backups").iterdir()
    assert capsys.readouterr().err == f"Kept a backup: {backup}\n"
    assert "-0005-" in backup.name
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    if db.engine.dialect.name == "postgresql":
        assert backup.read_bytes()[:5] == b"PGDMP"
        return
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT key FROM partnership").fetchall() == [("telford",)]
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0005",)]


def test_nothing_is_migrated_where_the_backup_fails(
    older: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if db.engine.dialect.name == "postgresql":
        programs = tmp_path / "programs"
        programs.mkdir()
        (programs / "pg_dump").write_text("#!/bin/sh\necho the disk is full >&2\nexit 1\n")
        (programs / "pg_dump").chmod(0o755)
        monkeypatch.setenv("PATH", str(programs))
    else:
        (tmp_path / "instance" / "backups").write_text("not a folder")
    with pytest.raises(SystemExit):
        upgrade()
    assert "Nothing was changed: the backup that comes first could not be made" in caplog.text
    assert version() == "0005"


def test_without_pg_dump_the_backup_is_the_operators(
    older: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    upgrade()
    said = capsys.readouterr().err
    assert said.startswith("Kept a backup" if db.engine.dialect.name == "sqlite" else "No backup was made")
    assert version() != "0005"
