"""Files: what is taken and what is not, how they lie on the disk, who gets them out."""

import os
import socket
import stat
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.commands import run
from tests.hostile import EICAR, HOSTILE, PDF, SOUND
from tests.pages import page
from tracker import clock
from tracker.errors import NotPermitted, Refused
from tracker.extensions import db
from tracker.models import Attachment, Case, FileState, Role, User
from tracker.services.attachments import (
    attachment_rows,
    dispose_of_attachment,
    kept,
    path_of,
    scan_attachments,
    shown_name,
)
from tracker.services.file_kinds import kind_of
from tracker.services.unreferenced_files import drop_unreferenced_files

DAY = date(2026, 2, 2)


def sent(case: Case, content: bytes = PDF, name: str = "letter.pdf", by: User | None = None) -> Attachment:
    """A file that came with the first event of *case*."""
    with kept(content, name) as files:
        (row,) = attachment_rows(files, case=case, event=case.events[0], by=by, agency="Police")
        db.session.commit()
    return row


def files_in(app: Flask) -> list[Path]:
    return [path for path in (Path(app.instance_path) / "files").rglob("*") if path.is_file()]


@pytest.fixture
def case(app: Flask, session: Session) -> Iterator[Case]:
    for path in files_in(app):  # the folder is shared with whatever ran before in this process
        path.unlink()
    yield make_case(make_user(Role.OFFICER), "asb", DAY)
    for path in files_in(app):
        path.unlink()


@contextmanager
def clamd(answers: bool = True) -> Iterator[str]:
    """A scanner on this machine that knows one virus."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack(">I", said.read(4))[0]:
                    content += said.read(length)
                found = b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
                line.sendall(found if answers else b"INSTREAM size limit exceeded. ERROR\0")

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_is_taken(name: str) -> None:
    ending = name.lower().rpartition(".")[2]
    assert kind_of(SOUND[name], name) == {"jpeg": "jpg"}.get(ending, ending)


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_beside_its_field(what: str) -> None:
    name, content = HOSTILE[what]
    with pytest.raises(Refused) as refusal:
        kind_of(content, name)
    assert refusal.value.field == "file"
    assert refusal.value.message.startswith("The file ")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_nothing_of_a_refused_file_is_kept(app: Flask, case: Case) -> None:
    for name, content in HOSTILE.values():
        with pytest.raises(Refused):
            sent(case, content, name)
    with pytest.raises(RuntimeError), kept(PDF, "letter.pdf"):
        raise RuntimeError("what the file was for failed")
    assert files_in(app) == []
    assert db.session.query(Attachment).count() == 0


def test_a_file_lies_outside_under_a_random_name_and_closed_to_others(app: Flask, case: Case) -> None:
    attachment = sent(case, name="../../Jane Doe\u202e\r\n.pdf")
    path = path_of(attachment.stored_as)
    assert path.read_bytes() == PDF
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.is_relative_to(app.instance_path)
    assert not path.suffix
    assert attachment.original_name == "Jane Doe.pdf"
    assert attachment.name == f"{case.reference}-file-{attachment.id}.pdf"
    assert shown_name("C:\\Users\\x\\" + "y" * 300) == "y" * 120


def test_a_file_is_given_out_to_be_saved_and_that_is_recorded(
    client: FlaskClient, case: Case, session: Session
) -> None:
    attachment = sent(case, name="Jane Doe.pdf")
    sign_in_as(client, make_user(Role.AUDITOR))
    given = client.get(f"/files/{attachment.key}")
    assert given.data == PDF
    assert given.mimetype == "application/octet-stream"
    assert given.headers["Content-Disposition"] == f"attachment; filename={attachment.name}"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Cache-Control"] == "no-store"
    listed = page(client.get(f"/cases/{case.reference}/files"))
    assert "Jane Doe.pdf" in listed.text
    assert "Not checked" in listed.text
    path_of(attachment.stored_as).write_bytes(b"something else")
    assert client.get(f"/files/{attachment.key}").status_code == 422


def test_every_file_of_a_case_is_on_one_of_its_pages(
    client: FlaskClient, case: Case, session: Session, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    first = sent(case, name="first.pdf")
    kept_of = {column.key: getattr(first, column.key) for column in Attachment.__table__.columns}
    more = [{**kept_of, "id": first.id + n, "key": f"key{n}", "stored_as": f"stored{n}"} for n in range(1, 511)]
    session.execute(insert(Attachment), more)
    session.commit()
    sign_in_as(client, make_user(Role.OFFICER))
    address = f"/cases/{case.reference}/files"
    with statements() as made:
        latest = page(client.get(address))
    assert len(made) <= 10
    assert any("LIMIT" in sql and "FROM attachment" in sql for sql in made)
    assert latest.h1.text == "511 files"
    assert len(latest.select("tbody tr")) == 50
    assert latest.select_one("a[download]")["href"] == "/files/key510"
    oldest = page(client.get(f"{address}?page=11"))
    assert [link["href"] for link in oldest.select("a[download]")][-1] == f"/files/{first.key}"
    assert len(oldest.select("tbody tr")) == 11


def test_whoever_may_not_see_the_case_finds_no_file(client: FlaskClient, case: Case, session: Session) -> None:
    sender = make_user(Role.PARTNER)
    attachment = sent(case, by=sender)
    others = [
        make_user(Role.OFFICER, partnership=make_partnership("telford")),
        make_user(Role.ADMINISTRATOR),
        make_user(Role.PARTNER),
    ]
    for person in others:
        sign_in_as(client, person)
        assert client.get(f"/files/{attachment.key}").status_code in {403, 404}
    case.restricted = True
    sign_in_as(client, make_user(Role.MANAGER))
    for address in (f"/files/{attachment.key}", f"/files/{attachment.key}/dispose", "/files/x", "/files/%00"):
        assert client.get(address).status_code == 404
    sign_in_as(client, sender)
    assert client.get(f"/files/{attachment.key}").data == PDF


def test_a_file_is_held_back_until_the_scanner_has_seen_it(app: Flask, client: FlaskClient, case: Case) -> None:
    sign_in_as(client, make_user(Role.OFFICER))
    with clamd() as address:
        app.config["CLAMD_URL"] = address
        try:
            good, bad = sent(case), sent(case, EICAR, "note.txt")
            assert {good.state, bad.state} == {FileState.WAITING}
            assert client.get(f"/files/{good.key}").status_code == 422
            assert scan_attachments() == {"clean": 1, "infected": 1, "waiting": 0}
        finally:
            app.config["CLAMD_URL"] = ""
    assert client.get(f"/files/{good.key}").data == PDF
    refused = client.get(f"/files/{bad.key}")
    assert refused.status_code == 422
    assert "found something harmful" in refused.text
    assert "Eicar-Signature" in client.get(f"/cases/{case.reference}/files").text


@pytest.mark.parametrize("answers", [True, False])
def test_a_scanner_that_is_not_there_or_says_neither_leaves_a_file_waiting(
    app: Flask, case: Case, answers: bool
) -> None:
    with clamd(answers=False) as address:
        app.config["CLAMD_URL"] = address if not answers else "tcp://127.0.0.1:1"
        try:
            attachment = sent(case)
            assert scan_attachments() == {"clean": 0, "infected": 0, "waiting": 1}
        finally:
            app.config["CLAMD_URL"] = ""
    db.session.refresh(attachment)
    assert attachment.state is FileState.WAITING


def test_a_file_goes_only_by_disposal_with_a_reason(client: FlaskClient, case: Case) -> None:
    attachment = sent(case)
    with pytest.raises(NotPermitted):
        dispose_of_attachment(attachment, by=make_user(Role.OFFICER), reason="Sent in error")
    sign_in_as(client, make_user(Role.MANAGER))
    without = client.post(f"/files/{attachment.key}/dispose", data={"reason": " "})
    assert "Enter why the file is disposed of" in without.text
    assert path_of(attachment.stored_as).exists()
    client.post(f"/files/{attachment.key}/dispose", data={"reason": "Sent to the wrong case", "save": "yes"})
    db.session.refresh(attachment)
    assert attachment.state is FileState.DISPOSED
    assert attachment.digest
    assert not path_of(attachment.stored_as).exists()
    assert client.get(f"/files/{attachment.key}").status_code == 422
    with pytest.raises(Refused):
        dispose_of_attachment(attachment, by=None, reason="Again")


def test_what_a_killed_process_left_behind_is_removed_after_a_day(app: Flask, case: Case) -> None:
    """The last one came in after the last file on record: another database may yet name it."""
    old = clock.now() - timedelta(days=3)
    row = sent(case)
    row.sent_at = old + timedelta(days=1)
    db.session.commit()
    stray, fresh, newer = (path_of(f"{number:040x}") for number in range(3))
    for path, at in ((stray, old), (fresh, clock.now()), (newer, row.sent_at + timedelta(hours=1))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PDF)
        os.utime(path, (at.timestamp(), at.timestamp()))
    os.utime(path_of(row.stored_as), (old.timestamp(), old.timestamp()))
    assert run(app, "files", "sweep").json == {"removed": 1}
    assert set(files_in(app)) == {path_of(row.stored_as), fresh, newer}
    assert drop_unreferenced_files() == 0
