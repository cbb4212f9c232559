"""`flask backup` and `flask restore`: a copy of the whole database, and back again."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from tracker.commands.answers import answer, plainly, refuse
from tracker.extensions import db
from tracker.services.backups import BackupFailed, back_up, note_restore, restore

NO_PG_DUMP = "pg_dump is not on PATH, so a backup is yours to make"


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@with_appcontext
@plainly
def backup(folder: Path) -> None:
    """Copy the whole database into a new file in DIR, also while it is in use.

    The instance folder holds what is not in the database: keys and attached files. Copy it too, and keep it apart.
    """
    answer({"file": str(kept(folder, "backup"))})


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
@plainly
def restore_copy(file: Path) -> None:
    """Put a copy that `flask backup` made in the place of the database, bring it up to date, and end every session.

    What is there now is kept first, under backups in the instance folder.
    """
    before = kept(Path(current_app.instance_path) / "backups", "before-restore")
    restore(db.engine, file)
    upgrade()
    note_restore(str(file), by=None)
    answer({"restored": str(file), "kept": str(before)})


def kept(folder: Path, label: str) -> Path:
    """A copy of the database as it is now. Exits with 2 where none can be made."""
    try:
        path = back_up(db.engine, folder, label)
    except BackupFailed as fault:
        raise refuse(f"The backup could not be made, and nothing was changed: {fault.why}") from None
    if path is None:
        raise refuse(NO_PG_DUMP)
    return path


commands = (backup, restore_copy)
