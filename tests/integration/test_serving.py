"""What `make run` starts: the tracker on a real server, with a demo to look at and a sign-in for every role."""

import http.client
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import ROOT
from tracker.models.users import Role

PATIENCE = 120  # seconds for a start on a busy machine


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def environment(folder: Path, port: int) -> dict[str, str]:
    """A shell that sets nothing but where to keep things and where to serve."""
    return {"PATH": os.environ["PATH"], "INSTANCE_PATH": str(folder), "PORT": str(port)}


@contextmanager
def serving(folder: Path, port: int) -> Iterator[str]:
    """What was said up to the address, while the tracker serves."""
    command = [sys.executable, "setup/serve.py"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(folder, port), stdout=subprocess.PIPE, text=True
    ) as process:
        said = ""
        try:
            assert process.stdout
            for line in process.stdout:
                said += line
                if f"http://127.0.0.1:{port}" in line:
                    break
            yield said
        finally:
            process.terminate()
            assert process.wait(PATIENCE) == 0


def status(port: int, address: str) -> int:
    """What the server answers at *address*."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", address)
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_first_start_fills_the_demo_and_the_second_is_quick(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as said:
        assert "Filling the empty database with the demo" in said
        sign_ins = said[said.index("Sign in as") :]
        assert all(f"  {role.value} " in sign_ins for role in Role)
        assert status(port, "/sign-in") == 200
        assert status(port, "/") == 302
    assert stat.S_IMODE((tmp_path / "demo-sign-ins.txt").stat().st_mode) == 0o600
    began = time.monotonic()
    with serving(tmp_path, port) as said:
        assert said == sign_ins
    assert time.monotonic() - began < PATIENCE / 2


def test_a_port_in_use_is_named_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "setup/serve.py"],
            cwd=ROOT,
            env=environment(tmp_path, port),
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 2
    assert f"Port {port} cannot be had" in ended.stderr
    assert not (tmp_path / "tracker.sqlite").exists()


def test_the_timetable_ends_with_whoever_started_it_however_that_ends(tmp_path: Path) -> None:
    start = (
        "import os, subprocess, sys; "
        "jobs = [sys.executable, '-m', 'flask', '--app', 'wsgi:app', 'jobs', 'run', '--beside', str(os.getpid())]; "
        "subprocess.Popen(jobs); print('started', flush=True); sys.stdin.read()"
    )
    pipe, environ = subprocess.PIPE, environment(tmp_path, 1)
    with subprocess.Popen([sys.executable, "-c", start], cwd=ROOT, env=environ, stdin=pipe, stdout=pipe) as starter:
        assert starter.stdout
        assert starter.stdout.readline() == b"started\n"
        starter.kill()
        starter.communicate(timeout=PATIENCE)  # the timetable holds the same line open until it ends
