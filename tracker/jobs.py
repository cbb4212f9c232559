"""The timetable: when things run. What they do, and that it happens once, is the use-cases' matter.

Any number of processes may run it: each turn asks the database what is due and not yet done.
"""

import os
from datetime import datetime, time
from typing import Any

from flask import Flask, current_app
from sqlalchemy import func, select

from tracker import clock
from tracker.extensions import db, reads
from tracker.models.health import CheckResult
from tracker.models.reminders import Heartbeat
from tracker.queries.reminders import anything_due
from tracker.services.attachments import scan_attachments
from tracker.services.drafts import drop_idle_drafts
from tracker.services.health import run_slow_checks
from tracker.services.outbox import deliver
from tracker.services.plan_uploads import drop_idle_uploads
from tracker.services.reminders import SWEEP, queue_reminders
from tracker.services.unreferenced_files import drop_unreferenced_files

SWEEP_FROM = time(7)  # London: the digests of a day
CHECKS_FROM = time(3)  # London: when few are at work
QUIET = (time(1), time(2))  # London: the hour that happens twice, or not at all, when the clocks change
EVERY, LOOK_EVERY = 60, 2  # seconds


def turn() -> dict[str, object]:
    """Everything that is due now and has not been done: what was missed while nothing ran, too."""
    done: dict[str, object] = {}
    local = clock.london(clock.now())
    if QUIET[0] <= local.time() < QUIET[1]:
        return done
    if sweep_is_due(local):
        done["reminders"] = queue_reminders("reminders", by=None, on=local.date()).as_json()
        done["drafts_dropped"] = drop_idle_drafts(local.date())
        done["uploads_dropped"] = drop_idle_uploads()
        done["files_dropped"] = drop_unreferenced_files()
    if current_app.config["CLAMD_URL"]:
        done["files"] = scan_attachments()
    done["outbox"] = deliver().as_json()
    if checks_are_due(local):
        done["checks"] = {name: found.passed for name, found in run_slow_checks().items()}
    return done


def sweep_is_due(local: datetime) -> bool:
    """Whether the day's sweep has not run, or something became urgent since."""
    if local.time() < SWEEP_FROM:
        return False
    with reads():
        beat = db.session.get(Heartbeat, SWEEP)
        due = beat is None or beat.on is None or beat.on < local.date() or anything_due(local.date())
        db.session.rollback()
    return due


def checks_are_due(local: datetime) -> bool:
    """Whether the night's checks have not been made."""
    if local.time() < CHECKS_FROM:
        return False
    with reads():
        oldest = db.session.scalar(select(func.min(CheckResult.checked_at)))
        db.session.rollback()
    return oldest is None or clock.london(oldest).date() < local.date()


def run_forever(beside: int | None = None) -> None:
    """Turns once a minute until the process is stopped, or *beside*, the process that started it, has ended."""
    metronome(current_app._get_current_object(), beside).start()  # type: ignore[attr-defined]


def metronome(app: Flask, beside: int | None = None) -> Any:
    """APScheduler, for a beat a minute and nothing else."""
    from apscheduler.schedulers.blocking import BlockingScheduler  # noqa: PLC0415 (no other command waits for it)

    scheduler: Any = BlockingScheduler(timezone=clock.LONDON)
    once = {"coalesce": True, "max_instances": 1}
    scheduler.add_job(turn_in, "interval", [app], seconds=EVERY, next_run_time=clock.now(), **once)
    if beside is not None:
        scheduler.add_job(end_without, "interval", [scheduler, beside], seconds=LOOK_EVERY, **once)
    return scheduler


def end_without(scheduler: Any, parent: int) -> None:
    """Ends the timetable if the process that started it has ended, however it did: nobody else would."""
    if os.getppid() != parent:
        scheduler.shutdown(wait=False)


def turn_in(app: Flask) -> None:
    """One turn; a fault is written to the log, and the next turn comes all the same."""
    with app.app_context():
        try:
            app.logger.info("Turn: %s", turn())
        except Exception:
            app.logger.exception("The turn failed")
            db.session.rollback()
