"""What mail servers do: refuse, put off, break off, be away or be another. Nothing is lost, and the rest flows."""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_user
from tests.storm import free_port
from tracker import clock
from tracker.emails import tell
from tracker.mail.smtp import connected
from tracker.models import Message, Role
from tracker.models.messages import MessageState
from tracker.services.outbox import deliver

SAID = {"421": "421 closing", "450": "450 mailbox busy", "550": "550 no such person"}


class Moody:
    """A mail server that answers by whom a message is for, until it is mended."""

    def __init__(self) -> None:
        self.mended = False
        self.received: list[str] = []

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's names)
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        answer = SAID.get(address.partition("@")[0])
        if answer and not self.mended:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: object, envelope: Any) -> str:  # noqa: N802
        if envelope.rcpt_tos[0].startswith("dropped") and not self.mended:
            server.transport.abort()
        else:
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


@pytest.fixture
def pass_minutes(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the clock on."""

    def move(minutes: float) -> None:
        then = clock.now() + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda: then)

    return move


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


@pytest.mark.parametrize("mood", ["421", "450", "dropped"])
def test_one_that_is_put_off_holds_nobody_up_and_goes_out_later(
    session: Session, moody: Moody, pass_minutes: Callable[[float], None], mood: str
) -> None:
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


def test_a_server_that_is_away_costs_no_try_and_all_goes_out_when_it_is_back(
    session: Session, app: Flask, moody: Moody, pass_minutes: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(session, "first", "second")
    there = app.config["MAIL_URL"]
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{free_port()}?tls=none")
    for _ in range(3):
        assert deliver().as_json() == {"sent": 0, "failed": 0, "waiting": 2}
        pass_minutes(1.1)
    assert not any(session.scalars(select(Message.tries)))
    monkeypatch.setitem(app.config, "MAIL_URL", there)
    assert deliver().sent == 2


def test_a_refused_login_stops_all_for_five_minutes(
    session: Session, app: Flask, moody: Moody, pass_minutes: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(session, "first", "second")
    there = app.config["MAIL_URL"]
    monkeypatch.setitem(app.config, "MAIL_URL", there.replace("127", "user:wrong@127"))
    assert deliver().waiting == 2
    monkeypatch.setitem(app.config, "MAIL_URL", there)
    pass_minutes(4)
    assert deliver().waiting == 2
    pass_minutes(1.1)
    assert deliver().as_json() == {"sent": 2, "failed": 0, "waiting": 0}


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(session: Session, app: Flask, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = Moody()
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), server_hostname="x", tls_context=context)
    controller.start()
    try:
        with pytest.raises(ssl.SSLError):
            connected(urlsplit(f"smtp://127.0.0.1:{controller.port}?tls=starttls"))
    finally:
        controller.stop()
    assert server.received == []
