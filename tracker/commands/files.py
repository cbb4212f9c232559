"""`flask files`: what became of the files that came in."""

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from tracker.commands.answers import NO, answer, plainly, refuse
from tracker.services.attachments import scan_attachments
from tracker.services.unreferenced_files import drop_unreferenced_files

group = AppGroup("files", help="The files that came with answers and updates.")


@group.command("scan")
@plainly
def scan() -> None:
    """Have the virus scanner look at every file it has not seen; exit 1 while some still wait."""
    if not current_app.config["CLAMD_URL"]:
        raise refuse("There is no scanner to ask: set CLAMD_URL to tcp://host:3310 or unix:/path/to/clamd.ctl", NO)
    counted = scan_attachments()
    answer(counted)
    if counted["waiting"]:
        raise click.exceptions.Exit(NO)


@group.command("sweep")
@with_appcontext
@plainly
def sweep() -> None:
    """Remove files over a day old that are on no record: what a process that was killed left behind."""
    answer({"removed": drop_unreferenced_files()})


commands = (group,)
