"""Lists of cases under a name: private, or shared with a partnership."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.models import AuditEntry, Role, SavedView, User
from tracker.services.saved_views import MOST_VIEWS, save_view

TODAY = date(2026, 3, 2)
LATE = "/cases/views?status=overdue&sort=-case"


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


def save(client: FlaskClient, address: str = LATE, name: str = "Late ones", shared: str = "only me") -> str:
    answer = client.post(address, data={"name": name, "shared": shared})
    assert answer.status_code == 302, page(answer).select_one(".govuk-error-summary")
    return str(answer.location)


def views(client: FlaskClient, viewer: User) -> list[str]:
    sign_in_as(client, viewer)
    return [link.text for link in page(client.get("/cases")).select("nav.subnav a")]


def said(client: FlaskClient, **data: str) -> list[str]:
    answer = client.post(LATE, data={"shared": "only me"} | data)
    assert answer.status_code == 200
    return [link.text for link in page(answer).select(".govuk-error-summary a")]


def test_a_saved_list_comes_back_with_its_filters_and_order(client: FlaskClient, officer: User) -> None:
    late = make_case(officer, "dhr", date(2026, 1, 20))
    make_case(officer, "asb", date(2026, 2, 27))
    sign_in_as(client, officer)
    assert "Status: overdue" in page(client.get(LATE)).main.text
    shown = page(client.get(save(client)))
    assert [link.text for link in shown.select("tbody th a")] == [late.reference]
    assert shown.select_one("nav.subnav [aria-current]").text == "Overdue"  # the same list, under its usual name
    assert "Late ones" in [link.text for link in shown.select("nav.subnav a")]
    assert shown.select_one("th[aria-sort]")["aria-sort"] == "descending"


def test_a_private_list_is_its_owners_and_a_shared_one_the_partnerships(client: FlaskClient, officer: User) -> None:
    colleague, stranger = make_user(Role.AUDITOR), make_user(Role.OFFICER, partnership=make_partnership("telford"))
    sign_in_as(client, officer)
    save(client)
    save(client, name="For everybody", shared=str(make_partnership().id))
    assert {"Late ones", "For everybody"} <= set(views(client, officer))
    assert {"Late ones", "For everybody"} & set(views(client, colleague)) == {"For everybody"}
    assert {"Late ones", "For everybody"}.isdisjoint(views(client, stranger))
    sign_in_as(client, stranger)
    assert len(said(client, name="Mine", shared=str(make_partnership().id))) == 1


def test_a_list_is_deleted_by_its_owner_alone(client: FlaskClient, officer: User, session: Session) -> None:
    sign_in_as(client, officer)
    save(client, shared=str(make_partnership().id))
    view = session.scalars(select(SavedView)).one()
    address = f"/cases/views/{view.id}/delete"
    sign_in_as(client, make_user(Role.MANAGER))
    assert client.get(address).status_code == client.post(address).status_code == 404
    sign_in_as(client, officer)
    assert "Delete the list" in page(client.get(address)).h1.text
    assert client.post(address).status_code == 302
    assert "Late ones" not in views(client, officer)
    assert client.post(address).status_code == 404
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert [action for action in actions if "view" in action] == ["save_view", "delete_view"]


def test_a_form_sent_twice_saves_once(client: FlaskClient, officer: User, session: Session) -> None:
    sign_in_as(client, officer)
    assert save(client) == save(client)
    assert len(session.scalars(select(SavedView)).all()) == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Enter a name for this list"),
        ("x" * 61, "What do you want to call this list must be 60 characters or fewer"),
        ("a\x00b", ""),
        ("Taken", "You already have a list called Taken"),
    ],
)
def test_a_name_is_checked(client: FlaskClient, officer: User, session: Session, name: str, message: str) -> None:
    save_view("Taken", by=officer, filters={"status": "closed"})
    sign_in_as(client, officer)
    (told,) = said(client, name=name)
    assert message in told or "60 characters" in told
    assert len(session.scalars(select(SavedView)).all()) == 1


def test_there_is_an_end_to_saving(client: FlaskClient, officer: User) -> None:
    for number in range(MOST_VIEWS):
        save_view(f"List {number}", by=officer, filters={"status": "closed"})
    sign_in_as(client, officer)
    assert said(client, name="One more") == [f"You have {MOST_VIEWS} saved lists. Delete one before you save another"]


def test_saved_lists_cost_one_statement(
    client: FlaskClient, officer: User, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    for case_type in ("dhr", "asb", "owhr"):
        make_case(make_user(Role.OFFICER), case_type, date(2026, 2, 2))
    for number in range(3):
        save_view(f"List {number}", by=officer, filters={"status": "closed"})
    views(client, officer)
    with statements() as made:
        client.get("/cases?status=all&sort=lead&held=officer")
    assert len(made) <= 8, made
