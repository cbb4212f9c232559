"""Signing in and out, as a browser sees it."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2.exceptions import VerificationError
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.builders import PASSWORD, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models import Membership, Role, SignInTry, User, UserSession
from tracker.queries.users import running_session
from tracker.services import passwords, sign_in, users
from tracker.tokens import digest
from tracker.web.access import local_path

Collecting = Callable[[], AbstractContextManager[list[str]]]
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def time_is(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Sets how long after START it is."""

    def set_time(later: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: START + later)

    set_time(timedelta())
    return set_time


@pytest.fixture
def officer(session: Session) -> User:
    return make_user(Role.OFFICER, email="sam@example.gov.uk")


def send(
    client: FlaskClient, email: str = "sam@example.gov.uk", password: str = PASSWORD, to: str = "/sign-in"
) -> TestResponse:
    return client.post(to, data={"email": email, "password": password})


def token_of(client: FlaskClient) -> str:
    with client.session_transaction() as cookie:
        return str(cookie.get("_user_id", ""))


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/", follow_redirects=False).location != "/sign-in"


def problems(response: TestResponse) -> list[str]:
    return [item.text.strip() for item in page(response).select(".govuk-error-summary__list li")]


def test_somebody_signs_in_and_out(client: FlaskClient, officer: User, session: Session) -> None:
    assert client.get("/").location == "/sign-in"
    response = send(client)
    assert (response.status_code, response.location) == (302, "/")
    assert is_signed_in(client)
    token = token_of(client)
    assert client.post("/sign-out").location == "/sign-in"
    assert not is_signed_in(client)
    row = session.scalars(select(UserSession)).one()
    assert row.ended_at
    assert row.token_hash == digest(token) != token


def test_the_address_may_be_typed_in_any_case(client: FlaskClient, officer: User) -> None:
    assert send(client, email=" SAM@Example.GOV.uk ").location == "/"


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(client: FlaskClient, officer: User) -> None:
    disabled = make_user(Role.OFFICER, email="disabled@example.gov.uk")
    disabled.disabled_at = clock.now()
    without_password = make_user(Role.OFFICER, email="new@example.gov.uk")
    without_password.password_hash = None
    answers = {
        send(client, email=email, password=password).text.replace(email, "EMAIL")
        for email, password in [
            ("sam@example.gov.uk", "wrong otter canopy"),
            ("nobody@example.gov.uk", PASSWORD),
            ("disabled@example.gov.uk", PASSWORD),
            ("new@example.gov.uk", PASSWORD),
        ]
    }
    (answer,) = {without_nonce(text) for text in answers}
    assert sign_in.WRONG in answer
    assert PASSWORD not in answer


def without_nonce(text: str) -> str:
    soup = BeautifulSoup(text, "html5lib")
    for script in soup.select("script"):
        script.decompose()
    return str(soup.body)


def test_each_of_them_takes_the_time_of_one_hash(app: Flask, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    class Counting:
        def verify(self, password_hash: str, password: str) -> bool:
            checked.append(password_hash)
            raise VerificationError

    officer.password_hash = passwords.hashed(PASSWORD)
    db.session.commit()
    passwords.matches(None, PASSWORD)
    monkeypatch.setattr(passwords, "hasher", Counting())
    for email in ("sam@example.gov.uk", "nobody@example.gov.uk"):
        with pytest.raises(Refused):
            sign_in.authenticate(email, PASSWORD)
    assert len(checked) == 2
    assert len({password_hash.rpartition("$")[0].rpartition("$")[0] for password_hash in checked}) == 1


@pytest.mark.parametrize("email", ["sam@example.gov.uk", "nobody@example.gov.uk"])
def test_ten_tries_lock_an_address_for_fifteen_minutes(
    client: FlaskClient, officer: User, time_is: Callable[[timedelta], None], email: str
) -> None:
    assert problems(send(client, email=email, password="wrong otter canopy")) == [sign_in.WRONG]
    for minute in range(1, 9):
        time_is(timedelta(minutes=minute))
        sign_in.count_try(email)
    assert problems(send(client, email=email, password="wrong otter canopy")) == [sign_in.WRONG]
    assert problems(send(client, email=email)) == [sign_in.LOCKED]
    assert problems(send(client, email=email.upper())) == [sign_in.LOCKED]
    assert not is_signed_in(client)
    time_is(timedelta(minutes=14, seconds=59))
    assert problems(send(client, email=email)) == [sign_in.LOCKED]
    time_is(timedelta(minutes=15))
    assert is_locked(send(client, email=email)) is False


def is_locked(response: TestResponse) -> bool:
    return sign_in.LOCKED in response.text


def test_one_address_does_not_lock_another(client: FlaskClient, officer: User) -> None:
    for _ in range(10):
        sign_in.count_try("nobody@example.gov.uk")
    assert is_locked(send(client, email="nobody@example.gov.uk"))
    assert send(client).location == "/"


def test_a_sign_in_forgets_the_tries_before_it(client: FlaskClient, officer: User, session: Session) -> None:
    for _ in range(9):
        sign_in.count_try(officer.email)
    assert send(client).location == "/"
    assert session.scalar(select(func.count()).select_from(SignInTry)) == 0


def test_tries_name_nobody(client: FlaskClient, session: Session) -> None:
    send(client, email="nobody@example.gov.uk")
    assert session.scalars(select(SignInTry.email_hash)).all() == [digest("nobody@example.gov.uk")]


def test_tries_at_the_same_moment_do_not_slip_past_the_count(own_app: Flask) -> None:
    passed: list[int] = []

    def work(thread: int) -> None:
        with own_app.app_context():
            for _ in range(4):
                try:
                    sign_in.count_try("sam@example.gov.uk")
                except Refused:
                    continue
                passed.append(thread)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(passed) <= 10
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInTry)) == len(passed)


def test_a_new_sign_in_has_a_new_token(client: FlaskClient, officer: User, session: Session) -> None:
    send(client)
    first = token_of(client)
    send(client)
    assert token_of(client) not in ("", first)
    assert running_session(first) is None


def test_a_planted_cookie_does_not_survive_signing_in(client: FlaskClient, officer: User) -> None:
    planted = sign_in_as(client, make_user(Role.OFFICER, email="attacker@example.gov.uk"))
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "planted"
    send(client)
    assert token_of(client) != planted
    with client.session_transaction() as cookie:
        assert cookie.get("csrf_token") != "planted"
    assert running_session(planted) is None


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Flask, client: FlaskClient, officer: User) -> None:
    token = sign_in_as(client, officer)
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert is_signed_in(thief)
    client.post("/sign-out")
    assert not is_signed_in(thief)


@pytest.mark.parametrize("made_up", ["", "1", "sam@example.gov.uk", "x" * 43])
def test_a_made_up_token_lets_nobody_in(client: FlaskClient, officer: User, made_up: str) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = made_up
    assert not is_signed_in(client)


def test_the_stored_hash_is_no_token(client: FlaskClient, officer: User) -> None:
    token = sign_in_as(client, officer)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = digest(token)
    assert not is_signed_in(client)


@pytest.mark.parametrize(("minutes", "still"), [(29, True), (30, False)])
def test_a_session_ends_after_thirty_idle_minutes(
    client: FlaskClient, officer: User, time_is: Callable[[timedelta], None], minutes: int, still: bool
) -> None:
    sign_in_as(client, officer)
    time_is(timedelta(minutes=10))
    assert is_signed_in(client)
    time_is(timedelta(minutes=10 + minutes))
    assert is_signed_in(client) is still


def test_a_session_ends_after_ten_hours_however_busy(
    client: FlaskClient, officer: User, time_is: Callable[[timedelta], None]
) -> None:
    sign_in_as(client, officer)
    for minutes in range(20, 600, 20):
        time_is(timedelta(minutes=minutes))
        assert is_signed_in(client)
    time_is(timedelta(hours=10))
    assert not is_signed_in(client)


def test_somebody_timed_out_comes_back_to_the_page_asked_for(
    client: FlaskClient, officer: User, time_is: Callable[[timedelta], None]
) -> None:
    sign_in_as(client, officer)
    time_is(timedelta(hours=1))
    response = client.get("/?sort=due&page=2")
    assert response.location == "/sign-in?next=/?sort%3Ddue%26page%3D2"
    signing_in = client.get(response.location)
    assert "You have been signed out" in page(signing_in).select_one(".notice").text
    assert send(client, to=response.location).location == "/?sort=due&page=2"


def test_a_stranger_is_not_told_of_being_signed_out(client: FlaskClient) -> None:
    assert "signed out" not in client.get(client.get("/").location).text


def test_use_of_a_session_is_noted_once_a_minute(
    client: FlaskClient, officer: User, session: Session, time_is: Callable[[timedelta], None], statements: Collecting
) -> None:
    sign_in_as(client, officer)
    for seconds, noted in [(59, 0), (60, 60), (119, 60), (120, 120)]:
        time_is(timedelta(seconds=seconds))
        with statements() as made:
            client.get("/sign-in")
        assert session.scalars(select(UserSession.last_seen_at)).one() == START + timedelta(seconds=noted)
        assert sum("user_session" in statement for statement in made) == (3 if seconds == noted else 1)


def test_a_request_reads_session_user_and_roles_in_one_statement(
    app: Flask, officer: User, statements: Collecting
) -> None:
    token = sign_in.sign_in(officer, by=officer)
    db.session.commit()
    with statements() as made:
        found = running_session(token)
        assert found
        assert [held.partnership.key for held in found.user.memberships] == ["shropshire"]
    assert len(made) == 1


def be_impatient(connection: Any, _record: object) -> None:
    """Makes a new connection wait a tenth of a second for a lock, and no longer."""
    is_sqlite = isinstance(connection, sqlite3.Connection)
    connection.execute("PRAGMA busy_timeout = 100" if is_sqlite else "SET lock_timeout = 100")
    connection.commit()


def test_a_page_can_be_read_while_somebody_else_holds_the_lock(
    own_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    client = own_app.test_client()
    with own_app.app_context():
        user = make_user(Role.ADMINISTRATOR)
        token = sign_in.sign_in(user, by=user)
        long_ago = update(UserSession).values(last_seen_at=clock.now() - timedelta(minutes=5))
        db.session.execute(long_ago)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
        event.listen(db.engine, "connect", be_impatient)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        with db.engine.connect() as somebody_else:
            somebody_else.execute(long_ago)
            assert client.get("/").status_code == 200
    assert "use could not be recorded" in caplog.text


def test_somebody_disabled_is_out_on_the_next_request(client: FlaskClient, officer: User, session: Session) -> None:
    sign_in_as(client, officer)
    assert is_signed_in(client)
    officer.disabled_at = clock.now()
    assert not is_signed_in(client)


def test_a_session_ended_by_disabling_does_not_come_back(client: FlaskClient, officer: User) -> None:
    sign_in_as(client, officer)
    users.disable_user(officer, by=None)
    users.enable_user(officer, by=None)
    assert not is_signed_in(client)


def test_roles_count_from_the_next_request_on(client: FlaskClient, officer: User, session: Session) -> None:
    sign_in_as(client, officer)
    assert "have access" not in client.get("/").text
    officer.memberships = [Membership(partnership_id=make_partnership().id, role=Role.ADMINISTRATOR)]
    assert page(client.get("/")).h1.text == "1 person has access"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\tevil",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "http:/evil.example",
        "evil.example",
        "/no-such-page",
        "/sign-out",
        "",
        "//[",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(client: FlaskClient, officer: User, elsewhere: str) -> None:
    response = client.post(
        "/sign-in", query_string={"next": elsewhere}, data={"email": officer.email, "password": PASSWORD}
    )
    assert response.location == "/"
    assert client.get("/sign-in", query_string={"next": elsewhere}).location == "/"


def test_a_page_of_ours_is_returned_to(app: Flask) -> None:
    with app.test_request_context():
        assert local_path("/?sort=due&type=dhr") == "/?sort=due&type=dhr"
        assert local_path("/sign-in") == "/sign-in"


def test_what_is_missing_is_asked_for(client: FlaskClient) -> None:
    assert problems(send(client, email="", password="")) == ["Enter your email address", "Enter your password"]


def test_what_was_typed_is_kept_except_the_password(client: FlaskClient) -> None:
    answer = page(send(client, email="nobody@example.gov.uk", password="canary otter canopy"))
    assert answer.select_one("#email")["value"] == "nobody@example.gov.uk"
    assert "canary otter canopy" not in str(answer)
    assert answer.title.text.startswith("Error: ")


def test_forms_need_their_token(own_app: Flask) -> None:
    client = own_app.test_client()
    assert client.post("/sign-in", data={"email": "sam@example.gov.uk", "password": PASSWORD}).status_code == 400
    assert client.post("/sign-out").status_code == 400
    assert client.post("/set-password/x", data={"password": PASSWORD, "again": PASSWORD}).status_code == 400


def test_a_browser_signs_in_with_the_forms_own_token(own_app: Flask) -> None:
    with own_app.app_context():
        make_user(Role.ADMINISTRATOR, email="sam@example.gov.uk")
    client = own_app.test_client()
    token = page(client.get("/sign-in")).select_one("input[name=csrf_token]")["value"]
    answer = client.post("/sign-in", data={"email": "sam@example.gov.uk", "password": PASSWORD, "csrf_token": token})
    assert answer.location == "/"
    first_page = page(client.get("/"))
    assert first_page.h1.text == "1 person has access"
    token = first_page.select_one("form[action='/sign-out'] input[name=csrf_token]")["value"]
    assert client.post("/sign-out", data={"csrf_token": token}).location == "/sign-in"
    assert not is_signed_in(client)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient, officer: User) -> None:
    cookie = send(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie


def test_a_password_is_chosen_from_a_link(client: FlaskClient, session: Session) -> None:
    _, token = users.add_user(make_partnership(), by=None, email="sam@example.gov.uk", role=Role.OFFICER)
    assert page(client.get(f"/set-password/{token}")).h1.text == "Choose a password"
    unlike = client.post(f"/set-password/{token}", data={"password": PASSWORD, "again": "another otter canopy"})
    assert problems(unlike) == ["Enter the same password twice"]
    weak = client.post(f"/set-password/{token}", data={"password": "password1234", "again": "password1234"})
    assert "harder to guess" in problems(weak)[0]
    done = client.post(f"/set-password/{token}", data={"password": PASSWORD, "again": PASSWORD})
    assert done.location == "/sign-in"
    assert send(client).location == "/"
    for again in (
        client.get(f"/set-password/{token}"),
        client.post(f"/set-password/{token}", data={"password": PASSWORD, "again": PASSWORD}),
    ):
        assert again.status_code == 404
        assert page(again).h1.text == "This link no longer works"


@pytest.mark.parametrize(
    ("role", "says"),
    [(Role.PARTNER, "Nothing is waiting for you"), (Role.ADMINISTRATOR, "1 person has access")],
)
def test_the_first_page_suits_the_role(client: FlaskClient, session: Session, role: Role, says: str) -> None:
    sign_in_as(client, make_user(role))
    assert page(client.get("/")).h1.text == says


def test_somebody_with_a_role_nowhere_is_told_so(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, make_user())
    assert "You have no role in any partnership" in client.get("/").text
