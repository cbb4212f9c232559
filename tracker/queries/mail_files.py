"""Messages that were written to a folder instead of being sent: what MAIL_URL=file:DIR does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import unquote, urlsplit

MOST = 100
NAME = re.compile(r"[\w.@+=-]{1,200}\.eml")


@dataclass(frozen=True, slots=True)
class MailFile:
    """A message as somebody would read it."""

    name: str
    written_at: datetime
    to: str
    subject: str
    text: str


def mail_folder(url: str) -> Path | None:
    """Where messages are written; None where they are sent."""
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def newest_mail(folder: Path) -> list[MailFile]:
    """The messages written last, the newest first."""
    found = sorted(mail_paths(folder), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [read_mail(path) for path in found[:MOST]]


def find_mail(folder: Path, name: str) -> MailFile | None:
    """The message in the file of that name."""
    return next((read_mail(path) for path in mail_paths(folder) if path.name == name), None)


def mail_paths(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if NAME.fullmatch(path.name) and path.is_file())


def read_mail(path: Path) -> MailFile:
    written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    message = message_from_bytes(path.read_bytes(), policy=default)
    return MailFile(path.name, written_at, str(message["To"] or ""), str(message["Subject"] or ""), plain_text(message))


def plain_text(message: EmailMessage) -> str:
    """The words of a message; nothing where it cannot be read."""
    body = message.get_body(preferencelist=("plain",))
    try:
        return str(body.get_content()) if body else ""
    except (LookupError, MessageError):
        return ""
