"""The floor: a bare Flask application that shows the same rows from the same tables, with the driver alone.

No accounts, no rules, no audit: what a page costs when it does nothing but its one or two statements.
"""

import os
import sqlite3
from contextlib import closing
from datetime import date
from typing import Any

import psycopg
from flask import Flask, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from sqlalchemy import make_url

TABLE = """<!doctype html><html lang="en"><title>{{ title }}</title><body><h1>{{ title }}</h1>
<p>{{ total }}</p><table><tbody>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></body></html>"""

LIST = """SELECT c.reference, c.edition, c.stage, c.held_by, c.next_deadline, c.next_due_on, c.next_subject, c.on_hold,
 u.name FROM "case" c LEFT JOIN "user" u ON u.id = c.lead_id WHERE c.partnership_id = 1 AND c.stage <> 'closed'
 ORDER BY c.due_order, c.reference LIMIT 25"""
COUNT = """SELECT count(*) FROM (SELECT 1 FROM "case" WHERE partnership_id = 1 AND stage <> 'closed' LIMIT 501) few"""
CASE = 'SELECT id, reference, edition, stage, held_by, next_deadline, next_due_on FROM "case" WHERE reference = ?'
EVENTS = "SELECT number, step, happened_on, subject, answers, recorded_at FROM event WHERE case_id = ? ORDER BY number"
DEADLINES = (
    "SELECT key, subject, owner, started_on, due_on, met_on, state FROM deadline WHERE case_id = ? ORDER BY position"
)
ADD = """INSERT INTO event (case_id, number, step, happened_on, subject, answers, recorded_at)
 SELECT id, ?, 'family_engaged', ?, '', '{}', CURRENT_TIMESTAMP FROM "case" WHERE reference = ?"""
TURN = 'UPDATE "case" SET version = version + 1 WHERE reference = ? AND version = ?'


class Driver:
    """One connection, kept open as the tracker's pool keeps its own."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self.sqlite = address.drivername.startswith("sqlite")
        if self.sqlite:
            self.connection: Any = sqlite3.connect(str(address.database), check_same_thread=False, isolation_level=None)
            for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self.connection.execute(f"PRAGMA {setting}")
        else:
            plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
            self.connection = psycopg.connect(plain, autocommit=True)

    def ask(self, statement: str, *values: object) -> list[Any]:
        with closing(self.connection.cursor()) as cursor:
            cursor.execute(self.dialect(statement), values)
            return list(cursor.fetchall())

    def change(self, *changes: tuple[str, tuple[object, ...]]) -> None:
        with closing(self.connection.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")
            for statement, values in changes:
                cursor.execute(self.dialect(statement), values)
            cursor.execute("COMMIT")

    def dialect(self, statement: str) -> str:
        return statement if self.sqlite else statement.replace("?", "%s")


def make_floor(url: str) -> Flask:
    """The bare application on the database at *url*."""
    app = Flask(__name__)
    driver = Driver(url)

    def shown(title: str, total: object, rows: list[Any]) -> str:
        return render_template_string(TABLE, title=title, total=total, rows=rows)

    @app.get("/cases")
    def cases() -> str:
        return shown("Cases", driver.ask(COUNT)[0][0], driver.ask(LIST))

    @app.get("/cases/<reference>")
    @app.get("/cases/<reference>/deadlines")
    def deadlines(reference: str) -> str:
        case = driver.ask(CASE, reference)[0]
        return shown(case[1], case[3:], driver.ask(DEADLINES, case[0]))

    @app.get("/cases/<reference>/timeline")
    def timeline(reference: str) -> str:
        case = driver.ask(CASE, reference)[0]
        return shown(case[1], case[3:], driver.ask(EVENTS, case[0]))

    @app.post("/cases/<reference>/steps/family_engaged")
    def record(reference: str) -> ResponseReturnValue:
        version = int(request.form["version"])
        on = date(*(int(part) for part in reversed(request.form.getlist("on")))).isoformat()
        driver.change((ADD, (10 + version, on, reference)), (TURN, (reference, version)))
        return redirect(f"/cases/{reference}")

    return app


def app() -> Flask:
    """What the server is told to serve."""
    return make_floor(os.environ["DATABASE_URL"])
