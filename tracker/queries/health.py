"""Whether the tracker is in order, for a monitor, an operator and the administrators. No case and nobody is named."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import URL, select, text
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.extensions import db
from tracker.models.audit import AuditHead
from tracker.models.health import CheckResult
from tracker.queries.reminders import unreminded
from tracker.queries.timetable import Timetable, timetable

DATES, AUDIT = "dates", "audit"
NIGHTLY = timedelta(hours=26)  # once a day, and two hours for a late night
LEAST_SPACE = 200 * 1024 * 1024  # bytes
TITLES = {
    "database": "Database",
    "release": "Database fits this release",
    "space": "Space to write",
    "sweep": "Reminders prepared",
    "reminded": "Deadlines reminded of",
    "mail": "Mail",
    DATES: "Stored dates",
    AUDIT: "Audit",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be in order, and how it is."""

    key: str
    passed: bool
    says: str
    checked_at: datetime | None = None  # where that was earlier
    awaited: bool = False  # it has not run yet

    @property
    def title(self) -> str:
        return TITLES.get(self.key, self.key)

    @property
    def is_awaited(self) -> bool:
        """Whether it is in order only because nobody has looked yet."""
        return self.passed and self.awaited


@dataclass(frozen=True, slots=True)
class Health:
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    def as_json(self) -> dict[str, object]:
        return {
            "ok": self.passed,
            "checks": {check.key: {"ok": check.passed, "says": check.says} for check in self.checks},
        }


def health() -> Health:
    """How everything is now; where the database does not answer, that alone. Eight statements at most."""
    try:
        return Health(tuple(checks()))
    except SQLAlchemyError as fault:
        db.session.rollback()
        current_app.logger.error("The database does not answer: %s", fault)
        return Health((Check("database", False, "It does not answer"),))


def checks() -> Iterator[Check]:
    entries = db.session.scalar(select(AuditHead.number))
    yield Check("database", entries is not None, "It answers" if entries is not None else "It is empty")
    release = db.session.scalar(text("SELECT version_num FROM alembic_version")) or "none"
    wanted = newest_release(str(current_app.extensions["migrate"].directory))
    says = f"It is at {release}" if release == wanted else f"It is at {release}, this release needs {wanted}"
    yield Check("release", release == wanted, says)
    yield space_check(current_app.config["SQLALCHEMY_DATABASE_URI"])
    now = timetable()
    yield sweep_check(now)
    yield reminded_check(now)
    yield mail_check(now)
    results = {result.name: result for result in db.session.scalars(select(CheckResult))}
    for name in (DATES, AUDIT):
        yield nightly_check(name, results.get(name), now.began_at)


@cache
def newest_release(directory: str) -> str | None:
    """The number of the last migration that this release has."""
    return ScriptDirectory(directory).get_current_head()


def space_check(url: URL) -> Check:
    """Whether what people enter can be stored: the disk of a SQLite file, else whether the server takes writes."""
    if url.get_backend_name() != "sqlite":
        only_read = db.session.scalar(text("SELECT pg_is_in_recovery()"))
        return Check("space", not only_read, "The server only reads" if only_read else "The server takes writes")
    file = Path(str(url.database))
    free = shutil.disk_usage(file.parent).free
    writable = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
    if not writable:
        return Check("space", False, "The database file cannot be written")
    return Check("space", free >= LEAST_SPACE, f"{free // 1024**2:,} MB are free")


def sweep_check(now: Timetable) -> Check:
    """Whether the day's reminders were prepared, for everybody who may be told."""
    if now.sweep_is_late:
        return Check("sweep", False, "No reminders have been prepared for a day", now.swept_at)
    if now.swept_at is None:
        return Check("sweep", True, "None have been prepared yet", awaited=True)
    return Check("sweep", not now.sweep_says, now.sweep_says or "They were prepared", now.swept_at)


def reminded_check(now: Timetable) -> Check:
    """Whether every deadline that called for a reminder when they were last prepared, or since, has one."""
    left = unreminded(clock.london(now.swept_at).date()) if now.swept_at else 0
    return Check("reminded", not left, f"Due deadlines without a reminder: {left}")


def mail_check(now: Timetable) -> Check:
    """Whether messages go out. One that failed is wrong until somebody has it tried again, or never sent."""
    if now.mail_is_late:
        why = ": the server refuses us" if now.mail_stopped else ""
        return Check("mail", False, f"A message has waited for over an hour{why}")
    if now.failed:
        return Check("mail", False, f"Messages that could not be sent: {now.failed}")
    return Check("mail", True, "None waits for long, and none failed")


def nightly_check(name: str, result: CheckResult | None, began_at: datetime | None) -> Check:
    """What a slow check last found. A new installation has a day before the first one is missed."""
    oldest = clock.now() - NIGHTLY
    if result is None:
        return Check(name, began_at is None or began_at > oldest, "It has not been checked yet", awaited=True)
    if result.checked_at <= oldest:
        return Check(name, False, "It has not been checked for a day", result.checked_at)
    return Check(name, result.passed, result.says, result.checked_at)
