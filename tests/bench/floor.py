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
LINES = """SELECT r.id, r.number, r.finding_id, a.id, a.due_on, a.added_on, a.status, a.blocked, a.heard_on,
 a.claimed_on, a.verified_on, a.slips FROM recommendation r LEFT JOIN action a ON a.recommendation_id = r.id
 WHERE r.plan_id = (SELECT id FROM plan WHERE case_id = ?) ORDER BY r.number_order, r.position, r.id, a.position"""
SHOWN = """SELECT r.number, r.text, r.scope, a.text, a.lead_agency, a.target_text, a.status FROM recommendation r
 JOIN action a ON a.recommendation_id = r.id WHERE r.plan_id = (SELECT id FROM plan WHERE case_id = ?)
 ORDER BY r.number_order, r.position, a.position LIMIT 50"""
LATE = """a.due_on < CURRENT_DATE AND (a.status IN ('not_started', 'in_progress') OR (a.status = 'claimed_complete'
 AND (a.claimed_on IS NULL OR a.claimed_on > a.due_on)))"""
SHOWS_NOTHING = """a.status IN ('claimed_complete', 'verified_complete')
 AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.action_id = a.id)
 AND NOT EXISTS (SELECT 1 FROM attachment f WHERE f.action_id = a.id)"""
LIVE = "a.status IN ('not_started', 'in_progress', 'claimed_complete')"


def sums(*kinds: str) -> str:
    return ", ".join(f"sum(CASE WHEN {kind} THEN 1 ELSE 0 END)" for kind in kinds)


KINDS = sums(LIVE, LATE, f"a.blocked AND {LIVE}", "a.status = 'claimed_complete'", SHOWS_NOTHING)
TALLY = sums(LIVE, LATE, f"a.blocked AND {LIVE}", "a.status = 'claimed_complete'", "a.status = 'verified_complete'")
COUNTS = f"SELECT {KINDS} FROM action a WHERE a.partnership_id = 1"  # noqa: S608  # of constants
ACTIONS = """SELECT a.id, a.text, a.lead_agency, a.target_text, a.due_on, a.status, a.slips, p.title, c.reference
 FROM action a JOIN plan p ON p.id = a.plan_id LEFT JOIN "case" c ON c.id = p.case_id
 WHERE a.partnership_id = 1 AND {} ORDER BY a.due_on, a.id LIMIT 25"""
AGENCIES = f"SELECT a.lead_agency, {TALLY} FROM action a WHERE a.partnership_id = 1 GROUP BY a.lead_agency"  # noqa: S608
THEMES = f"""SELECT t.theme, {TALLY} FROM action a JOIN recommendation r ON r.id = a.recommendation_id
 JOIN finding_theme t ON t.finding_id = r.finding_id WHERE a.partnership_id = 1 GROUP BY t.theme"""  # noqa: S608
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

    @app.get("/cases/<reference>/plan")
    def plan(reference: str) -> str:
        case = driver.ask(CASE, reference)[0]
        lines = driver.ask(LINES, case[0])
        return shown(case[1], len(lines), driver.ask(SHOWN, case[0]))

    @app.get("/actions")
    def actions() -> str:
        wanted = LATE if request.args.get("kind") == "late" else LIVE
        return shown("Actions", driver.ask(COUNTS)[0], driver.ask(ACTIONS.format(wanted)))

    @app.get("/actions/scorecard")
    def scorecard() -> str:
        return shown("Scorecard", "", driver.ask(AGENCIES) + driver.ask(THEMES))

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
