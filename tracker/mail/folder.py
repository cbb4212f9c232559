"""Mail into a folder, a file each: what a trial needs, and a test can read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tracker.mail import Letter, Send, Unavailable


def folder_of(mail_url: str) -> Path:
    return Path(unquote(urlsplit(mail_url).path))


@contextmanager
def into_folder(mail_url: str) -> Iterator[Send]:
    """Writes each letter as KEY.eml, whole or not at all; a second copy takes the place of the first."""
    folder = folder_of(mail_url)

    def send(letter: Letter) -> None:
        written = letter.as_email().as_bytes()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            begun = folder / f".{letter.key}.{os.getpid()}"
            begun.write_bytes(written)
            begun.replace(folder / f"{letter.key}.eml")
        except OSError as fault:
            raise Unavailable(f"{folder}: {fault.strerror}", wrongly_set=True) from None

    yield send
