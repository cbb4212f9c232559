"""How long a request takes at a real server: two in turn, so that both meet the same moments of the machine."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from tests.databases import SECRET

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 30.0  # seconds
SEEN, SENT_ON = 200, 302


class Server:
    """A server, and the one connection that asks it."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": cookie} if cookie else {}

    def ask(self, path: str, form: Mapping[str, object] | None = None) -> tuple[float, str]:
        """Seconds until the last byte of the answer, and the answer."""
        body = urlencode(form, doseq=True) if form is not None else None
        headers = self.headers | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        begun = time.perf_counter()
        self.connection.request("POST" if body else "GET", path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        taken = time.perf_counter() - begun
        if cookie := answer.getheader("Set-Cookie"):
            self.headers["Cookie"] = cookie.partition(";")[0]
        assert answer.status == (SENT_ON if body else SEEN), f"{path}: {answer.status}\n{text[:2000]}"
        return taken, text


@contextmanager
def served(application: str, port: int, **environ: str) -> Iterator[None]:
    """gunicorn with one process of one thread, serving *application* meanwhile."""
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "2", "--keep-alive", "60"]
    command += ["--log-level", "error", "--no-control-socket", application]
    environment = os.environ | {"SECRET_KEY": SECRET, "PYTHONPATH": str(ROOT)} | environ
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            wait_for(port)
            yield
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.connect()
        except OSError:
            time.sleep(0.05)
        else:
            connection.close()
            return
    raise TimeoutError(f"nothing answers on port {port}")


def medians(asks: Sequence[Callable[[int], float]], times: int, warm: int = 10) -> list[float]:
    """The median seconds of each way of asking, asked in turn *times* times after a warm-up."""
    taken: list[list[float]] = [[] for _ in asks]
    for number in range(warm + times):
        for place, ask in enumerate(asks):
            seconds = ask(number)
            if number >= warm:
                taken[place].append(seconds)
    return [median(each) for each in taken]
