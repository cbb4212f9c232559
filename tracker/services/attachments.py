"""Files: taken in by what is in them, kept under random names, given out once nothing speaks against it."""

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.attachments import GIVEN_OUT, Attachment, FileState
from tracker.models.cases import Case, Event
from tracker.models.plans import ActionEvent, PlannedAction
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.services.file_kinds import kind_of
from tracker.services.scanning import ScannerUnavailable, Verdict, scan
from tracker.services.use_case import use_case

LONGEST_NAME = 120  # characters
REFUSALS = {
    FileState.WAITING: "This file is still being checked for viruses. Try again in a few minutes",
    FileState.INFECTED: "This file is not given out: the virus scanner found something harmful in it",
    FileState.DISPOSED: "This file was disposed of. What is known of it is kept",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is on the disk and not yet on record."""

    original_name: str
    kind: str
    size: int
    digest: str
    stored_as: str


@contextmanager
def kept(content: bytes, name: str) -> Iterator[tuple[Kept, ...]]:
    """Checks a file and writes it under a random name; if what it is for fails, it is taken away again.

    Nothing at all where there is no file: neither a name nor a byte.

    Raises:
        Refused: beside the field `file`, as `kind_of` says.
    """
    if not content and not name:
        yield ()
        return
    kind = kind_of(content, name)
    stored_as = secrets.token_hex(20)
    path = path_of(stored_as)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        yield (Kept(shown_name(name), kind, len(content), hashlib.sha256(content).hexdigest(), stored_as),)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def path_of(stored_as: str) -> Path:
    """Where the bytes lie: outside whatever a web server might serve."""
    return files_folder() / stored_as[:2] / stored_as


def files_folder() -> Path:
    return Path(current_app.instance_path) / "files"


def shown_name(name: str) -> str:
    """A sender's name for a file as it is shown: no folders, nothing invisible, nothing that turns the line around."""
    base = re.split(r"[/\\]", name)[-1]
    plain = "".join(sign for sign in base if unicodedata.category(sign)[0] != "C")
    return plain.strip()[-LONGEST_NAME:] or "file"


def attachment_rows(
    files: Sequence[Kept], *, case: Case, event: Event, by: User | None, agency: str
) -> list[Attachment]:
    """The rows of files that came with an event of a case, added to the open transaction."""
    rows = [new_attachment(file, case.partnership_id, by=by, agency=agency) for file in files]
    for row in rows:
        row.case, row.event = case, event
    db.session.add_all(rows)
    return rows


def action_attachment_rows(
    files: Sequence[Kept], *, action: PlannedAction, event: ActionEvent, by: User | None
) -> list[Attachment]:
    """The rows of files that came with a record of an action, added to the open transaction."""
    rows = [new_attachment(file, action.partnership_id, by=by, agency=action.lead_agency) for file in files]
    for row in rows:
        row.case_id, row.action, row.action_event = action.case_id, action, event
    db.session.add_all(rows)
    return rows


def new_attachment(file: Kept, partnership_id: int, *, by: User | None, agency: str) -> Attachment:
    """A file on record: it waits for the scanner, where there is one."""
    return Attachment(
        key=secrets.token_urlsafe(16),
        partnership_id=partnership_id,
        agency=agency,
        original_name=file.original_name,
        kind=file.kind,
        size=file.size,
        digest=file.digest,
        stored_as=file.stored_as,
        state=FileState.WAITING if current_app.config["CLAMD_URL"] else FileState.UNSCANNED,
        sent_by_id=by.id if by else None,
    )


@use_case
def take_out_attachment(attachment: Attachment, *, by: User) -> None:
    """Put on record that *by* is given a file. To be called before it is; who may see it was asked in finding it.

    Raises:
        Refused: it has not been checked, was found harmful, or was disposed of.
    """
    if attachment.state not in GIVEN_OUT:
        raise Refused(REFUSALS[attachment.state])


def intact_path(attachment: Attachment) -> Path:
    """Where the bytes of a file lie. Raises Refused where they are not those that came in."""
    path = path_of(attachment.stored_as)
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != attachment.digest:
        raise Refused("This file is not what was sent in, so it is not given out. Tell your administrator")
    return path


@use_case
def dispose_of_attachment(attachment: Attachment, *, by: User | None, reason: str) -> None:
    """Destroy the bytes of a file. Its size, its digest, who sent it and why it is gone stay on record.

    Raises:
        Refused: no reason, or it is gone already.
    """
    ensure(by, Action.DISPOSE_OF_FILE, attachment.case, within=attachment.partnership_id)
    if attachment.state is FileState.DISPOSED:
        raise Refused(REFUSALS[FileState.DISPOSED])
    if not reason.strip():
        raise Refused("Enter why the file is disposed of", field="reason")
    attachment.state, attachment.finding = FileState.DISPOSED, reason.strip()
    attachment.original_name = "disposed of"
    path_of(attachment.stored_as).unlink(missing_ok=True)


def scan_attachments() -> dict[str, int]:
    """Has the scanner look at whatever it has not seen: how many were clean, infected, and still wait.

    The scanner is asked outside every transaction. Without one, nothing is asked.
    """
    url = current_app.config["CLAMD_URL"]
    counted = {"clean": 0, "infected": 0, "waiting": 0}
    if not url:
        return counted
    unseen = select(Attachment.id).where(Attachment.state.in_((FileState.WAITING, FileState.UNSCANNED)))
    numbers = db.session.scalars(unseen.order_by(Attachment.id)).all()
    for number in numbers:
        path = path_of(db.session.get_one(Attachment, number).stored_as)
        db.session.rollback()
        try:
            verdict = scan(url, path)
        except ScannerUnavailable:
            current_app.logger.warning("A file could not be scanned", exc_info=True)
            counted["waiting"] += 1
            continue
        state = note_verdict(db.session.get_one(Attachment, number), by=None, verdict=verdict)
        counted["clean" if state is FileState.CLEAN else "infected"] += 1
    return counted


@use_case
def note_verdict(attachment: Attachment, *, by: User | None, verdict: Verdict) -> FileState:
    """Keep what the scanner said of a file. One that is infected stays where it is, and is never given out."""
    if attachment.state is FileState.DISPOSED:
        return attachment.state
    attachment.state = FileState.CLEAN if verdict.is_clean else FileState.INFECTED
    attachment.finding = verdict.found[:LONGEST_NAME]
    attachment.scanned_at = clock.now()
    return attachment.state
