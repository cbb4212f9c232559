"""The messages of a trial, which writes them to files: an administrator reads them there, and nothing else."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import make_user, sign_in_as
from tests.pages import page
from tracker.models import Role
from tracker.queries.mail_files import mail_folder


@pytest.fixture
def folder(app: Flask, client: FlaskClient, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where messages go, with an administrator signed in to look at them."""
    made = tmp_path / "mail box"
    monkeypatch.setitem(app.config, "MAIL_URL", made.as_uri())
    sign_in_as(client, make_user(Role.ADMINISTRATOR))
    return made


def write(folder: Path, name: str, subject: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    message = EmailMessage()
    message["To"], message["Subject"] = "ruth@example.gov.uk", subject
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    (folder / name).write_bytes(message.as_bytes())


def test_before_the_first_message_it_says_when_one_comes(client: FlaskClient, folder: Path) -> None:
    assert "No message has been written yet" in client.get("/admin/mail").text


def test_a_message_is_listed_and_read(client: FlaskClient, folder: Path) -> None:
    write(folder, "1-a.eml", "Overdue: 2 deadlines need action", "Look at <b>DHR-2026-001</b>.\nŴyr")
    shown = page(client.get("/admin/mail"))
    assert [cell.get_text(strip=True) for cell in shown.select("tbody tr > *")][:2] == [
        "Overdue: 2 deadlines need action",
        "ruth@example.gov.uk",
    ]
    message = page(client.get(str(shown.select_one("tbody a")["href"])))
    assert message.select_one(".as-written").text.strip() == "Look at <b>DHR-2026-001</b>.\nŴyr"


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe", b"Content-Type: text/plain; charset=no-such\n\n\xe9", b"x" * 999]
)
def test_what_is_no_message_breaks_nothing(client: FlaskClient, folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "odd.eml").write_bytes(content)
    assert client.get("/admin/mail").status_code == 200
    assert "It has no text" in client.get("/admin/mail/odd.eml").text or content.startswith(b"x")


@pytest.mark.parametrize("name", ["other.eml", "..", "../secret-key", "%2e%2e%2fsecret.eml", "a%00.eml", "secret-key"])
def test_nothing_else_is_read(client: FlaskClient, folder: Path, name: str) -> None:
    write(folder, "1-a.eml", "A", "B")
    for secret in (folder / "secret-key", folder.parent / "secret.eml"):
        secret.write_text("zebrafinch")
    response = client.get(f"/admin/mail/{name}")
    assert "zebrafinch" not in response.text
    assert response.status_code == 404


def test_nobody_reads_them_in_production(
    app: Flask, client: FlaskClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "1-a.eml", "A", "B")
    monkeypatch.setitem(app.config, "PRODUCTION", True)
    assert "Messages are not shown here" in client.get("/admin/mail").text
    assert "1-a.eml" not in client.get("/admin/mail").text
    assert client.get("/admin/mail/1-a.eml").status_code == 404


@pytest.mark.parametrize(
    ("url", "folder"), [("file:/srv/mail", "/srv/mail"), ("file:///srv/a%20b", "/srv/a b"), ("smtp://host:25", None)]
)
def test_where_messages_go(url: str, folder: str | None) -> None:
    assert mail_folder(url) == (Path(folder) if folder else None)
