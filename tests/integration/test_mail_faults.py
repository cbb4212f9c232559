"""What mail servers do: refuse, put off, break off, be away or be another. Nothing is lost, and the rest flows."""

import asyncio
import socketserver
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_user
from tests.storm import free_port
from tracker import clock
from tracker.emails import tell
from tracker.mail import smtp
from tracker.models import Message, Role
from tracker.models.messages import MessageState
from tracker.services.outbox import deliver

SAID = {"421": "421 closing", "450": "450 mailbox busy", "550": "550 no such person"}


class Moody:
    """A mail server that answers by whom a message is for, until it is mended."""

    def __init__(self) -> None:
        self.mended = self.refuses_sender = False
        self.received: list[str] = []

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's names)
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        answer = SAID.get(address.partition("@")[0])
        if answer and not self.mended:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(  # noqa: N802
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        if self.refuses_sender:
            return "553 sender not allowed"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: object, envelope: Any) -> str:  # noqa: N802
        mood = envelope.rcpt_tos[0].partition("@")[0]
        if mood == "slow":
            await asyncio.sleep(0.4)
        elif mood == "dropped" and not self.mended:
            server.transport.abort()
            return ""
        elif mood == "crawling" and not self.mended:
            while not server.transport.is_closing():
                server.transport.write(b"2")
                await asyncio.sleep(0.05)
            return ""
        self.received += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def moody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moody]:
    server = Moody()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{controller.port}?tls=none")
    yield server
    controller.stop()


class Crawling(socketserver.BaseRequestHandler):
    """A mail server that never comes to the end of its first word."""

    def handle(self) -> None:
        with suppress(OSError):
            while True:
                self.request.sendall(b"2")
                time.sleep(0.05)


@pytest.fixture
def troubles(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Gives the MAIL_URL of a server that cannot be used, by what is wrong with it."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    with ExitStack() as servers:

        def trouble(kind: str) -> str:
            port, options, context = free_port(), "tls=none", None
            if kind == "crawls":
                server = servers.enter_context(socketserver.ThreadingTCPServer(("127.0.0.1", port), Crawling))
                server.daemon_threads = True
                Thread(target=server.serve_forever, daemon=True).start()
                servers.callback(server.shutdown)
            elif kind != "is away":
                handler = Moody()
                handler.refuses_sender = kind == "refuses the sender"
                if kind == "has a bad certificate":
                    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
                    context, options = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), "tls=starttls"
                    context.load_cert_chain(certificate, key)
                controller = Controller(handler, hostname="127.0.0.1", port=port, tls_context=context)
                controller.start()
                servers.callback(controller.stop)
            signing_in = "user:wrong@" if kind == "refuses us" else ""
            return f"smtp://{signing_in}127.0.0.1:{port}?{options}"

        yield trouble


def told(session: Session, *names: str) -> None:
    tell("referral_logged", to=[make_user(Role.OFFICER, email=f"{name}@example.gov.uk") for name in names])
    session.commit()


def states(session: Session) -> dict[str, MessageState]:
    session.expire_all()
    found = session.scalars(select(Message)).all()
    return {message.user.email.partition("@")[0]: message.state for message in found if message.user}


def test_an_hour_of_trouble_is_over_five_minutes_after_the_server_is_well(
    session: Session, moody: Moody, pass_minutes: Callable[[float], None]
) -> None:
    told(session, "421", "450", "dropped")
    for _ in range(6):
        deliver()
        pass_minutes(11)
    assert set(states(session).values()) == {MessageState.WAITING}
    moody.mended = True
    pass_minutes(5)
    deliver()
    assert set(states(session).values()) == {MessageState.SENT}


@pytest.mark.parametrize("mood", ["421", "450", "dropped", "crawling"])
def test_one_that_is_put_off_holds_nobody_up_and_goes_out_later(
    session: Session,
    moody: Moody,
    pass_minutes: Callable[[float], None],
    monkeypatch: pytest.MonkeyPatch,
    mood: str,
) -> None:
    monkeypatch.setattr(smtp, "TAKES_WITHIN", 0.3)
    told(session, mood, "first", "second")
    assert deliver().as_json() == {"sent": 2, "failed": 0, "waiting": 1}
    moody.mended = True
    assert deliver().sent == 0  # not before its time
    pass_minutes(1.1)
    assert deliver().as_json() == {"sent": 1, "failed": 0, "waiting": 0}
    assert sorted(moody.received) == sorted(f"{name}@example.gov.uk" for name in (mood, "first", "second"))


def test_one_that_is_refused_fails_at_once_with_the_servers_words(session: Session, moody: Moody) -> None:
    told(session, "550", "first")
    assert deliver().as_json() == {"sent": 1, "failed": 1, "waiting": 0}
    assert states(session) == {"550": MessageState.FAILED, "first": MessageState.SENT}
    words = session.scalars(select(Message.said).where(Message.state == MessageState.FAILED)).one()
    assert words == "550 no such person"


def test_one_that_is_put_off_for_two_days_is_given_up(
    session: Session, moody: Moody, pass_minutes: Callable[[float], None]
) -> None:
    told(session, "450")
    failed = []
    for _ in range(4):
        failed.append(deliver().failed)
        pass_minutes(24 * 60)
    assert failed == [0, 0, 1, 0]


@pytest.mark.parametrize("trouble", ["is away", "crawls", "refuses us", "has a bad certificate", "refuses the sender"])
def test_a_server_that_takes_nothing_costs_no_try_and_all_goes_out_when_it_is_well(
    session: Session,
    app: Flask,
    moody: Moody,
    troubles: Callable[[str], str],
    pass_minutes: Callable[[float], None],
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    monkeypatch.setattr(smtp, "SIGNS_IN_WITHIN", 0.2)
    told(session, "first", "second")
    well = app.config["MAIL_URL"]
    monkeypatch.setitem(app.config, "MAIL_URL", troubles(trouble))
    for _ in range(3):
        assert deliver().as_json() == {"sent": 0, "failed": 0, "waiting": 2}
        pass_minutes(5)
    deliver()
    assert not any(session.scalars(select(Message.tries)))
    monkeypatch.setitem(app.config, "MAIL_URL", well)
    for _ in range(5):
        pass_minutes(1)
        deliver()
    assert set(states(session).values()) == {MessageState.SENT}
    assert len(moody.received) == 2


def test_a_refused_login_is_tried_again_only_after_five_minutes(
    session: Session,
    app: Flask,
    moody: Moody,
    troubles: Callable[[str], str],
    pass_minutes: Callable[[float], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told(session, "first")
    well = app.config["MAIL_URL"]
    monkeypatch.setitem(app.config, "MAIL_URL", troubles("refuses us"))
    deliver()
    monkeypatch.setitem(app.config, "MAIL_URL", well)
    pass_minutes(4)
    assert deliver().waiting == 1
    pass_minutes(1.1)
    assert deliver().sent == 1


def test_a_slow_server_is_waited_for_and_gets_one_copy(
    session: Session, moody: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "GREETS_WITHIN", 0.2)
    told(session, "slow", "second")
    assert deliver().sent == 2
    assert sorted(moody.received) == ["second@example.gov.uk", "slow@example.gov.uk"]


def test_one_that_cannot_be_made_delays_the_next_by_under_a_second(session: Session, moody: Moody) -> None:
    nobody = Message(kind="no such kind", address="nobody@example.gov.uk", made_at=clock.now() - timedelta(hours=1))
    split = Message(kind="referral_logged", address="a@example.gov.uk\nBcc: b", made_at=nobody.made_at)
    session.add_all([nobody, split])
    told(session, "first")
    begun = time.perf_counter()
    assert deliver().as_json() == {"sent": 1, "failed": 2, "waiting": 0}
    assert time.perf_counter() - begun < 1
    assert moody.received == ["first@example.gov.uk"]
