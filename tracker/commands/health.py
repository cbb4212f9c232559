"""`flask health`: whether the tracker is in order."""

import click
from flask.cli import with_appcontext

from tracker.commands.answers import NO, answer, plainly
from tracker.extensions import reads
from tracker.queries.health import health
from tracker.services.health import run_slow_checks


@click.command("health")
@click.option("--check", is_flag=True, help="Run the slow checks first: every stored date, every audit entry.")
@with_appcontext
@plainly
def command(check: bool) -> None:
    """Say what is in order and what is not, as /health does."""
    if check:
        run_slow_checks()
    with reads():
        found = health()
    answer(found.as_json())
    if not found.passed:
        raise click.exceptions.Exit(NO)


commands = (command,)
