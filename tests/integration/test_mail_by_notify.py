"""GOV.UK Notify, by its own client, against a server of ours that answers as it is told to."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_user
from tracker.emails import tell
from tracker.models import Message, Role
from tracker.models.messages import MessageState
from tracker.services.outbox import deliver

SERVICE, SECRET = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
TEMPLATE = "33333333-3333-4333-8333-333333333333"
WRONG_ADDRESS = (400, [{"error": "ValidationError", "message": "email_address Not a valid email address"}])


class Stub(ThreadingHTTPServer):
    """`answers`: what comes back, by the address that a message is for; else it is taken. `asked`: what came in."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, object]] = {}
        self.asked: list[dict[str, Any]] = []
        super().__init__(("127.0.0.1", 0), Answerer)


class Answerer(BaseHTTPRequestHandler):
    server: Stub

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        claims = jwt.decode(self.headers["Authorization"].removeprefix("Bearer "), SECRET, algorithms=["HS256"])
        self.server.asked.append(body | {"path": self.path, "by": claims["iss"]})
        name = body["email_address"].partition("@")[0]
        status, said = self.server.answers.get(name, (201, {"id": "x"}))
        self.send_response(status)
        self.end_headers()
        errors = {"status_code": status, "errors": said} if status >= 400 else said
        self.wfile.write(json.dumps(errors).encode() if said is not None else b"<p>Not Notify</p>")

    def log_message(self, *_said: object) -> None:
        """Says nothing."""


@pytest.fixture
def stub(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    with Stub() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setitem(app.config, "MAIL_URL", f"notify:{TEMPLATE}?at=http://127.0.0.1:{server.server_port}")
        monkeypatch.setitem(app.config, "NOTIFY_KEY", f"tracker-{SERVICE}-{SECRET}")
        yield server
        server.shutdown()


def told(session: Session, *names: str) -> None:
    people = [make_user(Role.OFFICER, email=f"{name}@example.gov.uk") for name in names]
    tell("referral_logged", to=people, reference="DHR-2026-001")
    session.commit()


def test_a_message_goes_out_by_our_template_with_its_own_reference(session: Session, stub: Stub) -> None:
    told(session, "first")
    assert deliver().sent == 1
    (asked,) = stub.asked
    message = session.scalars(select(Message)).one()
    assert asked["path"] == "/v2/notifications/email"
    assert (asked["by"], asked["template_id"], asked["reference"]) == (SERVICE, TEMPLATE, message.id)
    assert asked["personalisation"]["subject"] == "DHR-2026-001: a referral was logged"
    assert "http://" in asked["personalisation"]["body"]


def test_one_that_notify_refuses_fails_at_once_in_its_words_and_the_rest_go(session: Session, stub: Stub) -> None:
    stub.answers["first"] = WRONG_ADDRESS
    told(session, "first", "second")
    assert deliver().as_json() == {"sent": 1, "failed": 1, "waiting": 0}
    failed = session.scalars(select(Message).where(Message.state == MessageState.FAILED)).one()
    assert failed.said == "400 email_address Not a valid email address"


def test_one_over_the_limit_goes_out_later(session: Session, stub: Stub, pass_minutes: Callable[[float], None]) -> None:
    stub.answers["first"] = (429, [{"error": "RateLimitError", "message": "Exceeded rate limit"}])
    told(session, "first", "second")
    assert deliver().as_json() == {"sent": 1, "failed": 0, "waiting": 1}
    stub.answers.clear()
    pass_minutes(1.1)
    assert deliver().as_json() == {"sent": 1, "failed": 0, "waiting": 0}


@pytest.mark.parametrize(
    "answer",
    [
        (500, [{"error": "Exception", "message": "Internal server error"}]),
        (403, [{"error": "AuthError", "message": "Invalid token: API key not found"}]),
        (400, [{"error": "BadRequestError", "message": "Template not found"}]),
        (200, None),
    ],
    ids=["in trouble", "wrong key", "wrong template", "another server"],
)
def test_where_notify_takes_nothing_all_wait_and_go_out_within_five_minutes_of_recovery(
    session: Session, stub: Stub, pass_minutes: Callable[[float], None], answer: tuple[int, object]
) -> None:
    stub.answers |= {"first": answer, "second": answer}
    told(session, "first", "second")
    for _ in range(3):
        assert deliver().as_json() == {"sent": 0, "failed": 0, "waiting": 2}
        pass_minutes(5)
    assert len(stub.asked) == 3  # one is tried, and stands for all
    assert not any(session.scalars(select(Message.tries)))
    stub.answers.clear()
    deliver()
    pass_minutes(5)
    deliver()
    assert set(session.scalars(select(Message.state))) == {MessageState.SENT}


def test_where_nobody_answers_all_wait(session: Session, stub: Stub) -> None:
    stub.server_close()
    told(session, "first")
    assert deliver().as_json() == {"sent": 0, "failed": 0, "waiting": 1}
