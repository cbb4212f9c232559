"""`flask case`: case files in and out."""

import click
from flask.cli import AppGroup

from tracker.commands.answers import answer, cases_in, plainly, refuse
from tracker.extensions import reads
from tracker.models.cases import Case
from tracker.procedures.case_file import WrongFile
from tracker.queries.case_files import case_file
from tracker.queries.cases import case_called
from tracker.services.case_files import load_cases, unstorable

group = AppGroup("case", help="Case files in and out.")


@group.command("load")
@click.argument("files", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Say what would be refused; store nothing.")
@plainly
def load(files: tuple[str, ...], dry_run: bool) -> None:
    """Store case files, all or nothing."""
    named = [row for name in files for row in cases_in(name)]
    cases = [case for _, case in named]
    try:
        if dry_run:
            unstorable(cases)
        else:
            load_cases(", ".join(files), by=None, case_files=cases, references=[case.reference for case in cases])
    except WrongFile as wrong:
        raise refuse("\n".join(f"{named[fault.place - 1][0]}: {fault}" for fault in wrong.faults)) from None
    answer({"cases": len(cases), "stored": 0 if dry_run else len(cases)})


@group.command("show")
@click.argument("reference")
@plainly
def show(reference: str) -> None:
    """A case as its file."""
    with reads():
        answer(case_file(named_case(reference)).as_json())


def named_case(reference: str) -> Case:
    case = case_called(reference)
    if case is None:
        raise refuse(f"There is no case {reference}")
    return case


commands = (group,)
