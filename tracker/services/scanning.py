"""Asks clamd whether a file carries something harmful. Spoken over TCP or a local socket, as CLAMD_URL says."""

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CHUNK = 64 * 1024  # bytes
PATIENCE = 60.0  # seconds to wait for the scanner
LONGEST_ANSWER = 4096  # bytes


class ScannerUnavailable(Exception):
    """The scanner cannot be reached, or gave no answer"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner found: nothing, or something with a name."""

    found: str

    @property
    def is_clean(self) -> bool:
        return not self.found


def scan(url: str, path: Path) -> Verdict:
    """What the scanner at *url* (`tcp://host:3310` or `unix:/run/clamav/clamd.ctl`) says of the file at *path*.

    Raises:
        ScannerUnavailable: it is not there, or its answer is neither clean nor a finding.
    """
    try:
        with connected(url) as line:
            line.sendall(b"zINSTREAM\0")
            for chunk in chunks(path):
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            answer = heard(line)
    except (OSError, ValueError) as fault:
        raise ScannerUnavailable(str(fault)) from None
    if answer == "stream: OK":
        return Verdict("")
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Verdict(answer.removeprefix("stream: ").removesuffix(" FOUND") or "something harmful")
    raise ScannerUnavailable(f"the scanner answered {answer!r}")


def connected(url: str) -> socket.socket:
    """A line to the scanner. Raises OSError or ValueError where there is none."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(PATIENCE)
        line.connect(parts.path)
        return line
    if parts.scheme != "tcp" or not parts.hostname:
        raise ValueError("CLAMD_URL must be tcp://host:3310 or unix:/path/to/clamd.ctl")
    return socket.create_connection((parts.hostname, parts.port or 3310), timeout=PATIENCE)


def chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def heard(line: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (more := line.recv(CHUNK)):
        answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()
