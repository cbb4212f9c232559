"""Brings the database up to date, fills an empty one with the demo, and serves the tracker: what `make run` does."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication
from sqlalchemy import func, inspect, select, table

ROOT = Path(__file__).resolve().parent.parent
HIGHEST_PORT = 65_535
WRONG_USE = 2


def main() -> None:
    """Serves until it is stopped."""
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    port = asked_port()
    from tracker.extensions import db  # noqa: PLC0415
    from wsgi import app  # noqa: PLC0415 (a wrong setting says so here and ends it)

    with app.app_context():
        upgrade()
        if not app.config["PRODUCTION"] and is_empty():
            fill(app)
        kept = sign_ins(app)
        db.engine.dispose()  # a connection must not be shared by the processes to come
    with timetable():
        Server(app, port, lambda: announce(port, kept)).run()


@contextmanager
def timetable() -> Iterator[None]:
    """Reminders and mail, in a process of its own that ends with this one, however this one ends."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi:app", "jobs", "run", "--beside", str(os.getpid())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            yield
        finally:
            process.terminate()


def asked_port() -> int:
    """The port to serve on, which nothing else is using."""
    text = os.environ.get("PORT") or "5000"
    if not text.isdecimal() or not 0 < int(text) <= HIGHEST_PORT:
        stop(f"PORT must be a number from 1 to {HIGHEST_PORT}")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", int(text)))
        except OSError as fault:
            stop(f"Port {text} cannot be had ({fault.strerror}): choose another with PORT=")
    return int(text)


def stop(why: str) -> NoReturn:
    """Ends with a sentence for whoever started it."""
    print(why, file=sys.stderr)
    raise SystemExit(WRONG_USE)


def is_empty() -> bool:
    """Whether nobody has put anything into the database yet."""
    from tracker.extensions import db, reads  # noqa: PLC0415

    there = set(inspect(db.engine).get_table_names()) & {"case", "user"}
    with reads(), db.engine.connect() as connection:
        return not any(connection.scalar(select(func.count()).select_from(table(name))) for name in there)


def fill(app: Flask) -> None:
    """Fills the database with the demo and keeps its sign-ins where only their owner can read them."""
    if "demo" not in app.cli.commands:
        return
    print("Filling the empty database with the demo ...", flush=True)
    flask = [sys.executable, "-m", "flask", "--app", "wsgi:app", "demo"]
    ended = subprocess.run(flask, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if ended.returncode:
        stop(f"flask demo failed:\n{ended.stdout}{ended.stderr}")
    path = sign_ins_path(app)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{database_name(app)}\n{table_of(json.loads(ended.stdout)['sign_ins'])}\n")


def table_of(accounts: list[dict[str, str]]) -> str:
    """A line for each role: who, and with which password."""
    lines = [f"{account['role']:<15} {account['email']:<34} {account['password']}" for account in accounts]
    return "\n".join(["Sign in as", *(f"  {line}" for line in lines)])


def sign_ins_path(app: Flask) -> Path:
    """Where the demo's sign-ins are kept."""
    return Path(app.instance_path) / "demo-sign-ins.txt"


def database_name(app: Flask) -> str:
    """Which database the sign-ins are good for."""
    return str(app.config["SQLALCHEMY_DATABASE_URI"].render_as_string(hide_password=True))


def sign_ins(app: Flask) -> str:
    """What the demo said of its sign-ins, if this database was filled by it."""
    path = sign_ins_path(app)
    if not path.exists():
        return ""
    name, _, kept = path.read_text().partition("\n")
    return kept if name == database_name(app) else ""


def announce(port: int, kept: str) -> None:
    """Says where the tracker is and how to get in."""
    print(f"{kept}\nThe tracker is at http://127.0.0.1:{port} (Ctrl-C stops it)".lstrip(), flush=True)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn around an application that is loaded already: two processes of eight threads."""

    def __init__(self, app: Flask, port: int, when_ready: Callable[[], None]) -> None:
        """Serves *app* on *port* of this machine only, and calls *when_ready* once it listens."""
        self.served = app
        self.settings: dict[str, Any] = {
            "bind": f"127.0.0.1:{port}",
            "workers": 2,
            "threads": 8,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": lambda _server: when_ready(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Takes our settings, and none from the command line."""
        for name, setting in self.settings.items():
            self.cfg.set(name, setting)

    def load(self) -> Flask:
        """The application."""
        return self.served


if __name__ == "__main__":
    main()
