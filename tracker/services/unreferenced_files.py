"""Files that lie in the instance folder and are on no record: what a process that was killed left behind."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from tracker import clock
from tracker.extensions import db, reads
from tracker.models.attachments import Attachment
from tracker.services.attachments import files_folder

SPARED = timedelta(days=1)  # a file is written before it is on record
BATCH = 500  # names asked for together


def drop_unreferenced_files() -> int:
    """Removes files over a day old that are on no record. How many there were.

    Those that came in after the last file on record are left: they may belong to a newer database than this one, where
    an older backup was restored by mistake.
    """
    with reads():
        last = db.session.scalar(select(func.max(Attachment.sent_at)))
        db.session.rollback()
    if last is None:
        return 0
    before = min(last, clock.now() - SPARED)
    dropped = 0
    for names in batches(path for path in files_folder().glob("??/*") if written_at(path) < before):
        known = known_among(names)
        for name, path in names.items():
            if name not in known:
                path.unlink(missing_ok=True)
                dropped += 1
    if dropped:
        current_app.logger.warning("Removed %d files that were on no record", dropped)
    return dropped


def written_at(path: Path) -> datetime:
    """When a file was written; now, where it has just gone."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return clock.now()


def batches(paths: Iterator[Path]) -> Iterator[dict[str, Path]]:
    """The files by name, some at a time."""
    some: dict[str, Path] = {}
    for path in paths:
        some[path.name] = path
        if len(some) == BATCH:
            yield some
            some = {}
    yield some


def known_among(names: dict[str, Path]) -> set[str]:
    """Those that are on record."""
    with reads():
        found = set(db.session.scalars(select(Attachment.stored_as).where(Attachment.stored_as.in_(names))))
        db.session.rollback()
    return found
