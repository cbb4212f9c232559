"""Reminders, the outbox, and the timetable."""

from datetime import datetime

import click
from flask.cli import AppGroup, with_appcontext

from tracker.commands.answers import answer, day, plainly
from tracker.extensions import reads
from tracker.jobs import run_forever, turn
from tracker.services.outbox import deliver
from tracker.services.reminders import queue_reminders, would_queue

outbox = AppGroup("outbox", help="Messages that wait to be sent.")
jobs = AppGroup("jobs", help="The timetable.")


@click.command("remind")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day to queue for.")
@click.option("--dry-run", is_flag=True, help="Say what would be queued, and change nothing.")
@click.option("--include-past", is_flag=True, help="Also what was past already when it was brought in.")
@with_appcontext
@plainly
def remind(on: datetime, dry_run: bool, include_past: bool) -> None:
    """Queues what is due on that day and has not been queued yet."""
    wanted = day(on, "--on")
    if dry_run:
        with reads():
            answer(would_queue(wanted, include_past=include_past).as_json())
        return
    answer(queue_reminders("reminders", by=None, on=wanted, include_past=include_past).as_json())


@outbox.command("deliver")
@plainly
def deliver_outbox() -> None:
    """Sends what waits."""
    answer(deliver().as_json())


@click.command("tick")
@with_appcontext
@plainly
def tick() -> None:
    """One turn of everything scheduled, for cron or a timer."""
    answer(turn())


@jobs.command("run")
@click.option("--beside", type=int, metavar="PID", help="Stop when this process, which started it, has ended.")
@plainly
def run(beside: int | None) -> None:
    """The scheduler, until it is stopped."""
    run_forever(beside)


commands = (remind, outbox, tick, jobs)
