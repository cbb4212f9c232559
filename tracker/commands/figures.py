"""`flask figures`: every figure of a period."""

from datetime import datetime

import click

from tracker.commands.answers import answer, day, plainly, refuse
from tracker.extensions import reads
from tracker.procedures.figures_printed import as_csv, as_text
from tracker.queries.figures import figures_of
from tracker.queries.partnerships import find_partnership, only_partnership

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("figures")
@click.option("--from", "since", type=DAY, required=True, help="The first day of the period.")
@click.option("--to", "until", type=DAY, required=True, help="Its last day.")
@click.option("--partnership", "key", help="Whose cases, led or joint. If left out, every case once.")
@click.option("--as-at", "as_at", type=DAY, help="The day to which what happened is known; today, if left out.")
@click.option("--format", "form", type=click.Choice(["json", "csv", "text"]), default="json", show_default=True)
@plainly
def command(since: datetime, until: datetime, key: str | None, as_at: datetime | None, form: str) -> None:
    """Every figure for a period."""
    first, last, known = day(since, "--from"), day(until, "--to"), day(as_at, "--as-at") if as_at else None
    if last < first:
        raise refuse("--to is before --from")
    with reads():
        partnership = find_partnership(key) if key is not None else only_partnership()
        if key is not None and partnership is None:
            raise refuse(f"There is no partnership with the key {key}")
        found = figures_of(partnership, first, last, known)
    match form:
        case "csv":
            click.echo(as_csv(found), nl=False)
        case "text":
            click.echo(as_text(found), nl=False)
        case _:
            answer(found.as_json())


commands = (command,)
