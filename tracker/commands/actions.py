"""`flask actions`: action plans out of spreadsheets, and as data."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from tracker.commands.answers import NO, answer, plainly, refuse
from tracker.commands.cases import named_case
from tracker.errors import Refused
from tracker.extensions import db, reads
from tracker.procedures.plan_columns import COLUMNS, heading_key
from tracker.procedures.plan_read import Answers
from tracker.procedures.target_dates import key_of
from tracker.queries.plans import With, plan_of, recommendation_lines
from tracker.services.plan_imports import import_plan, read_plan

group = AppGroup("actions", help="Action plans in and out.")
DAY = click.DateTime(["%Y-%m-%d"])


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--case", "reference", required=True, metavar="REF")
@click.option("--dry-run", is_flag=True, help="Say what would be refused or asked; store nothing.")
@click.option("--quarters", type=click.Choice(["financial", "calendar"]), help="What quarters of a single year are.")
@click.option("--review-by", type=DAY, help="The day to review by whatever has no date.")
@click.option("--answer", "texts", multiple=True, metavar="TEXT=MEANING", help="What a text that is asked about means.")
@click.option("--map", "headings", multiple=True, metavar="HEADING=COLUMN", help="Which column a heading of theirs is.")
@click.option("--ready-only", is_flag=True, help="Import the rows that are ready, and leave the others out.")
@plainly
def import_file(
    file: Path,
    reference: str,
    dry_run: bool,
    quarters: str | None,
    review_by: datetime | None,
    texts: tuple[str, ...],
    headings: tuple[str, ...],
    ready_only: bool,
) -> None:
    """An action plan in the Home Office template's columns: all of it, or what is wrong with it."""
    meanings = dict(text.partition("=")[::2] for text in texts)
    answers = Answers(
        quarters or "",
        {key_of(text): meaning for text, meaning in meanings.items()},
        review_by.date() if review_by else None,
        dict(map(named_column, headings)),
    )
    case = named_case(reference)
    try:
        read = read_plan(file.read_bytes(), file.name, answers)
    except OSError as fault:
        raise refuse(f"{file}: cannot be read: {fault.strerror}") from None
    except Refused as wrong:
        raise refuse(f"{file}: {wrong.message}") from None
    if not dry_run and (read.is_complete or ready_only):
        db.session.rollback()  # it is read again, under the write lock
        import_plan(case, by=None, source=file.name, answers=read.recommendations)
    for words in (*read.left_out, *(f"The column “{heading}”" for heading in read.unused)):
        click.echo(f"Left out: {words}", err=True)
    answer(read.as_json())
    if not read.is_complete:
        raise click.exceptions.Exit(NO)


def named_column(given: str) -> tuple[str, str]:
    """The heading, as it is looked up, and the key of the column that `HEADING=COLUMN` names; "" leaves it out."""
    heading, _, name = given.rpartition("=")
    names = {"": ""} | {heading_key(label): key for key, label in COLUMNS.items()}
    if heading_key(name) not in names or not heading.strip():
        raise refuse(f"--map {given}: write their heading, “=” and one of: {', '.join(COLUMNS.values())}")
    return heading_key(heading), names[heading_key(name)]


@group.command("show")
@click.argument("reference")
@plainly
def show(reference: str) -> None:
    """The plan of a case as data."""
    with reads():
        case = named_case(reference)
        lines = recommendation_lines(plan_of(case, With.EVENTS))
        answer({"case": case.reference, "recommendations": [line.as_json() for line in lines]})


commands = (group,)
