"""`flask deadlines`: whether what is stored is what the facts say."""

import click
from flask.cli import AppGroup

from tracker.commands.answers import NO, answer, plainly, refuse
from tracker.extensions import db, reads
from tracker.queries.projections import FORBIDDEN, wrong_projections
from tracker.services.deadlines import rebuild_deadlines

group = AppGroup("deadlines", help="The stored dates of every case.")


@group.command("check")
@plainly
def check() -> None:
    """Recompute every case and name any difference."""
    with reads():
        cases, found = wrong_projections()
    answer({"cases": cases, "differences": found})
    if found:
        raise click.exceptions.Exit(NO)


@group.command("rebuild")
@click.option("--dry-run", is_flag=True, help="Show the old and the new, and change nothing.")
@plainly
def rebuild(dry_run: bool) -> None:
    """Apply a change of rule or holiday: old, new, case."""
    with reads():
        cases, found = wrong_projections()
    forbidden = {str(row["case"]) for row in found if row["what"] == FORBIDDEN}
    changed = sorted({str(row["case"]) for row in found} - forbidden)
    if changed and not dry_run:
        db.session.rollback()  # it is all read again, under the write lock
        rebuild_deadlines("all", by=None, references=changed)
    answer({"cases": cases, "changes": found, "applied": not dry_run and bool(changed)})
    if forbidden:
        raise refuse(f"The procedure forbids what is recorded in: {', '.join(sorted(forbidden))}", NO)


commands = (group,)
