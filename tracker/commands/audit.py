"""`flask audit`: whether the record is as it was written."""

import json
import re
from pathlib import Path

import click
from flask.cli import AppGroup

from tracker.commands.answers import NO, answer, plainly, refuse
from tracker.extensions import reads
from tracker.queries.audit_chain import Anchor, verified
from tracker.services.audit_chain import seal_audit

MAILED = re.compile(r"^Number: (\d+)\s+Seal: ([0-9a-f]{64})$", re.MULTILINE)
group = AppGroup("audit", help="The record of every change.")


@group.command("verify")
@click.option("--anchor", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@plainly
def verify(anchor: Path | None) -> None:
    """Go through every entry and name the first bad one.

    Keep what this prints, or the mail that AUDIT_MAIL_TO gets every day, away from the database: given as --anchor
    later, it shows that nothing was cut off since.
    """
    noted = anchor_in(anchor) if anchor else None
    with reads():
        found = verified(noted)
    answer(found.as_json())
    if not found.intact:
        raise click.exceptions.Exit(NO)


@group.command("seal")
@plainly
def seal() -> None:
    """Seal the entries of a database from before entries were sealed."""
    answer({"sealed": seal_audit("all", by=None)})


def anchor_in(path: Path) -> Anchor:
    """What an earlier verification printed, or a daily mail says. Exits with 2 where the file is something else."""
    try:
        text = path.read_text("utf-8")
        if noted := MAILED.search(text):
            return Anchor(int(noted[1]), noted[2])
        said = json.loads(text)
        return Anchor(int(said["number"]), str(said["seal"]))
    except (OSError, ValueError, TypeError, KeyError):
        raise refuse(f"{path}: is not what “flask audit verify” prints, nor the daily mail") from None


commands = (group,)
