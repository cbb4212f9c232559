"""Several processes that sweep and deliver at once, killed at any moment, before a mail server that counts."""

import os
import random
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import insert

from tests.builders import make_partnership, make_user
from tracker.extensions import db
from tracker.models import Case, Deadline, Role
from tracker.services.outbox import deliver
from tracker.services.reminders import queue_reminders


class Post:
    """A mail server's mind: how often each message came in."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        self.received[message_from_bytes(envelope.content)["Message-ID"]] += 1
        return "250 OK"


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@contextmanager
def post_office() -> Iterator[tuple[Post, str]]:
    """A mail server on this machine, and the MAIL_URL that leads to it."""
    post = Post()
    port = free_port()
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield post, f"smtp://127.0.0.1:{port}?tls=none"
    finally:
        controller.stop()


def fill(due_on: date, deadlines: int, people: int) -> None:
    """Cases with one open deadline each, all due on one day, shared out among that many officers."""
    partnership = make_partnership()
    officers = [make_user(Role.OFFICER, partnership=partnership).id for _ in range(people)]
    cases: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for number in range(1, deadlines + 1):
        cases.append(
            {
                "id": number,
                "reference": f"DHR-2026-{number:05}",
                "case_type": "dhr",
                "edition": "dhr-2016",
                "partnership_id": partnership.id,
                "lead_id": officers[number % people],
            }
        )
        rows.append(open_deadline(number, due_on))
    connection = db.session.connection()
    connection.execute(insert(Case), cases)
    connection.execute(insert(Deadline), rows)
    db.session.commit()


def open_deadline(case_id: int, due_on: date, **columns: object) -> dict[str, Any]:
    """A row that is due then and has never been looked at."""
    started_on = due_on - timedelta(days=90)
    return {
        "case_id": case_id,
        "position": 1,
        "key": "decide",
        "subject": "",
        "occurrence": 1,
        "owner": "officer",
        "started_on": started_on,
        "due_on": due_on,
        "original_due_on": due_on,
        "state": "open",
        "window": False,
        "held": False,
        "known_on": started_on,
        "remind_on": due_on - timedelta(days=60),
        **columns,
    }


def works(app: Flask, on: date) -> None:
    """One process: it sweeps, and delivers until nothing waits that it may take."""
    with app.app_context():
        queue_reminders("reminders", by=None, on=on)
        while deliver().waiting:
            time.sleep(0.02)


def started(work: Callable[[], None]) -> int:
    """A process of its own that does *work* and ends. Its number."""
    number = os.fork()
    if number == 0:
        try:
            work()
        finally:
            os._exit(0)
    return number


def storm(app: Flask, on: date, *, processes: int, kills: int, seed: int = 1) -> int:
    """Lets that many processes work at once, each killed one replaced, until all is done. How many were killed."""
    chance = random.Random(seed)  # noqa: S311 (a storm, not a secret)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()  # no connection is shared with the processes to come
    running = {started(lambda: works(app, on)) for _ in range(processes)}
    killed = 0
    while running:
        if killed < kills:
            time.sleep(chance.uniform(0.01, 0.15))
            victim = chance.choice(sorted(running))
            os.kill(victim, signal.SIGKILL)
            os.waitpid(victim, 0)
            running.remove(victim)
            killed += 1
            running.add(started(lambda: works(app, on)))
        else:
            ended, _ = os.waitpid(-1, os.WNOHANG)
            running.discard(ended)
            time.sleep(0.02)
    return killed
