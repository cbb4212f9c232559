"""`flask deadlines`: whether what is stored is what the facts say."""

import click
from flask.cli import AppGroup

from tracker.commands.answers import NO, answer, plainly
from tracker.extensions import reads
from tracker.queries.projections import wrong_projections
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
    if found and not dry_run:
        rebuild_deadlines("all", by=None, references=sorted({str(row["case"]) for row in found}))
    answer({"cases": cases, "changes": found, "applied": not dry_run and bool(found)})


commands = (group,)
