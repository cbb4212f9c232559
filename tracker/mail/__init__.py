"""How mail leaves: into a folder, by SMTP, or through GOV.UK Notify, as MAIL_URL says."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import urlsplit


class Later(Exception):
    """This message was not taken now and may be tried again; the words are the server's."""


class Rejected(Exception):
    """This message will never be taken; the words are the server's."""


class Unavailable(Exception):
    """Nothing can be sent at present. `wrongly_set`: signing in or TLS failed, so somebody must mend it."""

    def __init__(self, words: str, *, wrongly_set: bool = False) -> None:
        super().__init__(words)
        self.wrongly_set = wrongly_set


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way: to one address. `key` is the same for each copy of it."""

    key: str
    to: str
    subject: str
    text: str
    html: str
    sender: str

    def as_email(self) -> EmailMessage:
        """Raises ValueError: an address or subject that no header can hold."""
        email = EmailMessage()
        email["Subject"] = self.subject
        email["From"] = self.sender
        email["To"] = self.to
        email["Date"] = formatdate(usegmt=True)
        email["Message-ID"] = f"<{self.key}@{self.sender.rpartition('@')[2].rstrip('>')}>"
        email["Auto-Submitted"] = "auto-generated"
        email["X-Auto-Response-Suppress"] = "All"
        email.set_content(self.text)
        email.add_alternative(self.html, subtype="html")
        return email


Send = Callable[[Letter], None]


def transport(mail_url: str, notify_key: str = "") -> AbstractContextManager[Send]:
    """`with transport(url) as send: send(letter)`. Sending raises Later, Rejected or Unavailable."""
    match urlsplit(mail_url).scheme:
        case "file":
            from tracker.mail.folder import into_folder  # noqa: PLC0415 (each kind loads what it needs, and no more)

            return into_folder(mail_url)
        case "notify":
            from tracker.mail.notify import through_notify  # noqa: PLC0415

            return through_notify(mail_url, notify_key)
    from tracker.mail.smtp import by_smtp  # noqa: PLC0415

    return by_smtp(mail_url)
