"""`flask case`: case files in and out."""

from functools import cache
from pathlib import Path

import click
from flask.cli import AppGroup

from tracker.commands.answers import answer, cases_in, plainly, refuse
from tracker.exports.history_files import history_file
from tracker.extensions import reads
from tracker.models.cases import Case
from tracker.models.editions import brought_into_force_at
from tracker.procedures.case_file import WrongFile
from tracker.queries.case_files import case_file
from tracker.queries.cases import case_called
from tracker.queries.histories import history_of
from tracker.services.case_files import load_cases, unstorable
from tracker.services.exports import export_history

group = AppGroup("case", help="Case files in and out.")


@group.command("load")
@click.argument("files", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Say what would be refused; store nothing.")
@plainly
def load(files: tuple[str, ...], dry_run: bool) -> None:
    """Store case files, all or nothing."""
    in_force = cache(brought_into_force_at)
    named = [row for name in files for row in cases_in(name, in_force)]
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


@group.command("history")
@click.argument("reference")
@click.option("--format", "wanted", type=click.Choice(["pdf", "html", "json"]), required=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True, metavar="FILE")
@click.option("--reason", default="", help="Why; it is recorded, and stands on the record.")
@plainly
def history(reference: str, wanted: str, out: Path, reason: str) -> None:
    """The whole record of a case as a file. Itself recorded, before the file is written."""
    case = named_case(reference)
    export_history(case, by=None, format=wanted, reason=reason)
    with reads():
        record = history_of(case, by=None, format=wanted, reason=reason)
        made = history_file(record)
    try:
        out.write_bytes(made.content)
    except OSError as fault:
        raise refuse(f"{out}: cannot be written: {fault.strerror}") from None
    answer({"case": case.reference, "format": wanted, "file": str(out), "audit_entry": record.export.last_entry})


def named_case(reference: str) -> Case:
    case = case_called(reference)
    if case is None:
        raise refuse(f"There is no case {reference}")
    return case


commands = (group,)
