"""What administrators see of the mail, and do about it: what failed, in the server's words, and never of which case."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_values import NOT_OFFERED
from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.models import AuditEntry, Heartbeat, Message, MessageState, Role, User
from tracker.services.outbox import DELIVERY
from tracker.services.reminders import SWEEP

TODAY = date(2026, 3, 4)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SAID = "550 5.1.1 <no such user>"


@pytest.fixture(autouse=True)
def _today(today_is: Callable[[date], None]) -> None:
    today_is(TODAY)


@pytest.fixture
def administrator(session: Session) -> User:
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture
def failed(session: Session, administrator: User) -> Message:
    """A message that the server refused."""
    return message(session, state=MessageState.FAILED, said=SAID, tries=3)


def message(session: Session, **columns: object) -> Message:
    made = Message(kind="digest", user_id=make_user(Role.OFFICER).id, partnership_id=make_partnership().id, **columns)
    session.add(made)
    session.commit()
    return made


def test_what_failed_is_listed_with_the_servers_words(
    client: FlaskClient, administrator: User, failed: Message
) -> None:
    sign_in_as(client, administrator)
    assert "No message is waiting" in client.get("/admin/messages").text
    shown = page(client.get("/admin/messages?state=failed"))
    assert shown.h1.text == "1 message could not be sent"
    assert [link.text for link in shown.select(".subnav a")] == [
        "Waiting (0)",
        "Failed (1)",
        "Sent (0)",
        "Cancelled (0)",
    ]
    assert shown.select_one("td[data-label='What was said']").get_text(strip=True) == SAID


@pytest.mark.parametrize(("what", "state"), [("retry", MessageState.WAITING), ("cancel", MessageState.CANCELLED)])
def test_a_failed_message_is_tried_again_or_never_sent(
    client: FlaskClient, session: Session, administrator: User, failed: Message, what: str, state: MessageState
) -> None:
    sign_in_as(client, administrator)
    address = f"/admin/messages/{failed.id}"
    assert SAID in page(client.get(address)).main.text
    sent = client.post(address, data={"what": what, "reason": "The box was full."})
    assert sent.status_code == 302
    session.refresh(failed)
    assert failed.state is state
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)).one()
    assert (entry.action, entry.actor_id) == (f"{what}_message", administrator.id)
    assert "The box was full." in entry.detail
    again = client.post(address, data={"what": "cancel", "reason": "Twice."})
    assert again.status_code == (302 if what == "retry" else 200)


def test_it_takes_a_reason_and_a_choice(
    client: FlaskClient, session: Session, administrator: User, failed: Message
) -> None:
    sign_in_as(client, administrator)
    for sent in ({}, {"what": "retry"}, {"reason": "x"}, *({"what": wrong, "reason": "x"} for wrong in NOT_OFFERED)):
        response = client.post(f"/admin/messages/{failed.id}", data=sent)
        assert page(response).select(".govuk-error-summary a"), sent
    session.refresh(failed)
    assert failed.state is MessageState.FAILED


def test_another_partnerships_message_is_not_there(client: FlaskClient, session: Session, failed: Message) -> None:
    elsewhere = make_user(Role.ADMINISTRATOR, partnership=make_partnership("telford"))
    sign_in_as(client, elsewhere)
    assert SAID not in client.get("/admin/messages?state=failed").text
    for number in (failed.id, failed.id[:-1], "x", "%00", "a" * 32):
        for answer in (client.get, client.post):
            assert answer(f"/admin/messages/{number}", data={"what": "cancel", "reason": "x"}).status_code == 404
    session.refresh(failed)
    assert failed.state is MessageState.FAILED


@pytest.mark.parametrize("query", ["state=x&page=x", "state=failed&page=99999", "state=%00&page=-1", "page=9999"])
def test_what_cannot_be_asked_for_is_as_if_it_were_not(client: FlaskClient, administrator: User, query: str) -> None:
    sign_in_as(client, administrator)
    assert client.get(f"/admin/messages?{query}").status_code == 200


def test_tomorrow_is_shown_without_a_case(client: FlaskClient, administrator: User) -> None:
    officer = make_user(Role.OFFICER)
    case = make_case(officer, "dhr", date(2026, 2, 19))  # to be decided in 14 days from tomorrow
    sign_in_as(client, administrator)
    shown = page(client.get("/admin/messages/tomorrow"))
    assert [cell.get_text(strip=True) for cell in shown.select("tbody tr > *")] == [officer.name, "1", "1"]
    assert case.reference not in shown.text
    elsewhere = make_user(Role.ADMINISTRATOR, partnership=make_partnership("telford"))
    sign_in_as(client, elsewhere)
    assert "Nobody would be reminded" in client.get("/admin/messages/tomorrow").text


def test_any_number_of_messages_takes_as_many_statements(
    client: FlaskClient,
    session: Session,
    administrator: User,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    officer = make_user(Role.OFFICER)
    held = {"kind": "digest", "user_id": officer.id, "partnership_id": make_partnership().id}
    session.add_all(Message(**held, state=MessageState.SENT) for _ in range(120))
    sign_in_as(client, administrator)
    with statements() as made:
        shown = page(client.get("/admin/messages?state=sent&page=3"))
    assert len(shown.select("tbody tr")) == 20
    assert len(made) <= 6, made


# -- What is late -----------------------------------------------------------------------------------------------------


def banner(client: FlaskClient, viewer: User) -> str:
    sign_in_as(client, viewer)
    late = page(client.get("/account")).select_one(".notice--late")
    return late.get_text(" ", strip=True) if late else ""


def test_managers_are_told_when_reminders_are_late(client: FlaskClient, session: Session) -> None:
    manager, officer = make_user(Role.MANAGER), make_user(Role.OFFICER)
    session.add(Heartbeat(name=SWEEP, at=NOON - timedelta(hours=25)))
    session.commit()
    assert banner(client, manager) == ""
    session.get_one(Heartbeat, SWEEP).at = NOON - timedelta(hours=27)
    session.commit()
    assert banner(client, manager).startswith("No reminders have been prepared since 3 March 2026, 9:00am.")
    assert banner(client, officer) == ""


def test_managers_are_told_when_mail_is_late(
    client: FlaskClient,
    session: Session,
    administrator: User,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    waiting = message(session, made_at=NOON - timedelta(minutes=59))
    assert banner(client, administrator) == ""
    waiting.made_at = NOON - timedelta(minutes=61)
    session.add(Heartbeat(name=DELIVERY, at=NOON, stopped_until=NOON + timedelta(minutes=5), says="535 refused"))
    session.commit()
    assert banner(client, administrator).startswith("Messages have not gone out since 4 March 2026, 10:59am.")
    assert page(client.get("/admin/messages")).h1.text == "Mail is stopped: the server refuses us"
    with statements() as told:
        client.get("/account")
    waiting.state = MessageState.SENT
    sign_in_as(client, make_user(Role.OFFICER))
    with statements() as untold:
        client.get("/account")
    assert len(told) == len(untold) + 1


def test_managers_are_told_of_a_message_that_could_not_be_sent(
    client: FlaskClient, administrator: User, failed: Message
) -> None:
    manager, elsewhere = make_user(Role.MANAGER), make_user(Role.MANAGER, partnership=make_partnership("telford"))
    assert failed.user
    assert banner(client, manager) == "1 message could not be sent: somebody has not been told by mail. Who it was for"
    untold = page(client.get("/")).select_one("[aria-labelledby=untold]")
    assert failed.user.name in untold.text
    assert SAID in untold.text
    assert banner(client, administrator).endswith("Try again or cancel")
    for outsider in (elsewhere, make_user(Role.OFFICER)):
        assert banner(client, outsider) == ""
        assert SAID not in client.get("/").text
    sign_in_as(client, administrator)
    client.post(f"/admin/messages/{failed.id}", data={"what": "cancel", "reason": "They have left."})
    assert banner(client, manager) == ""
    assert SAID not in client.get("/").text
