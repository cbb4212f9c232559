"""A spreadsheet on its way to a plan: sent in once, its columns named, its dates explained, its owner's alone."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_values import drawn
from tests.builders import make_user, sign_in_as
from tests.integration.test_plan_imports import workbook
from tracker import clock
from tracker.models import Plan, PlanHeading, PlanUpload, Role, User
from tracker.services.plan_uploads import drop_idle_uploads
from tracker.services.plans import begin_plan

TODAY = date(2026, 11, 25)
THEIRS = ("Problem", "Our answer", "In charge", "Deadline", "Notes")
ROWS = (
    ("1. Train", "Find", "Police", "Q2 2027", "x"),
    ("", "Teach", "Police", "Ongoing", ""),
    ("2. Publish", "Write", "Council", "31/06/2027", ""),
    ("", "Tell", "Council", "June", ""),
)
NAMED = {"Problem": "recommendation", "Our answer": "action", "In charge": "lead_agency"}


@pytest.fixture
def officer(client: FlaskClient, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    user = make_user(Role.OFFICER)
    sign_in_as(client, user)
    return user


def new_plan(officer: User) -> int:
    number: int = begin_plan(officer.memberships[0].partnership, by=officer, title="Prevent plan").id
    return number


def upload(client: FlaskClient, plan: int, content: bytes, name: str = "plan.xlsx") -> Any:
    sent = form_with(client.get(f"/plans/{plan}/import").text, "check")
    return client.post(f"/plans/{plan}/import", data=sent | {"file": (io.BytesIO(content), name)})


def form_with(text: str, button: str) -> dict[str, str]:
    """What the form of a page that has this button sends with it."""
    forms = BeautifulSoup(text, "html.parser").find_all("form")
    form = next(form for form in forms if form.find("button", attrs={"name": button}))
    return drawn(form).to_dict() | {button: "1"}


def field_of(text: str, label: str) -> str:
    """The name of the field with this label."""
    page = BeautifulSoup(text, "html.parser")
    words = next(each for each in page.find_all("label") if label in each.text)
    field = page.find(id=words["for"])
    assert field
    return str(field["name"])


def fill(client: FlaskClient, address: str, button: str, answers: dict[str, str], **others: Any) -> Any:
    """Answers the fields of these labels and sends the form that has the button."""
    text = client.get(address).text
    sent = form_with(text, button) | {field_of(text, label): answer for label, answer in answers.items()} | others
    return client.post(address, data=sent)


def test_a_file_in_words_of_its_own_is_explained_on_pages_and_imported(
    client: FlaskClient, session: Session, officer: User
) -> None:
    plan = new_plan(officer)
    refused = upload(client, plan, b"PK no").text
    assert "cannot be read as a spreadsheet" in refused
    check = upload(client, plan, workbook(ROWS, THEIRS)).location
    assert "No sheet has the headings of an action plan" in client.get(check).text
    columns = f"{check}/columns"
    assert "For example: 1. Train" in client.get(columns).text
    twice = fill(client, columns, "keep", {"Problem": "action", "Our answer": "action"}).text
    assert "Two headings are given for" in twice
    assert fill(client, columns, "keep", {"Problem": "no such column"}).status_code == 200
    assert fill(client, columns, "keep", NAMED).location == check

    text = client.get(check).text
    assert "0 of 4 rows can be imported" in text
    assert "Not read: Notes" in text
    assert "June has 30 days" in client.get(f"{check}/refused.csv").text
    wrong = fill(client, check, "keep", {"“June”": "whenever"}, quarters="calendar")
    assert wrong.status_code == 200
    assert "Enter a date, such as 31 March 2027" in wrong.text
    assert "whenever" in wrong.text
    answers = {"“Ongoing”": "1 April 2027"}
    assert fill(client, check, "keep", answers, quarters="calendar").location == check
    text = client.get(check).text
    assert "2 of 4 rows can be imported" in text
    assert "“June”: which year?" in text

    session.expire_all()
    importing = form_with(text, "ready")
    assert client.post(check, data=importing).location == f"/plans/{plan}"
    assert "already" in client.post(check, data=importing, follow_redirects=True).text
    session.expire_all()
    stored = session.get_one(Plan, plan)
    assert [action.text for line in stored.recommendations for action in line.actions] == ["Find", "Teach"]
    assert session.scalars(select(PlanUpload)).all() == []


def test_a_file_without_questions_is_imported_as_it_is(client: FlaskClient, session: Session, officer: User) -> None:
    plan = new_plan(officer)
    check = upload(client, plan, workbook([("1. A", "", "B", "", "", "June 2027", "")])).location
    text = client.get(check).text
    assert "Nothing is refused and nothing is asked" in text
    sent = form_with(text, "save")
    assert client.post(check, data=sent | {"version": "77"}).status_code == 200
    assert client.post(check, data=sent | {"version": "1"}).location == f"/plans/{plan}"


def test_headings_are_remembered_where_they_are_columns_and_a_file_may_be_thrown_away(
    client: FlaskClient, session: Session, officer: User
) -> None:
    plan = new_plan(officer)
    check = upload(client, plan, workbook(ROWS, THEIRS)).location
    fill(client, f"{check}/columns", "keep", NAMED | {"Deadline": ""})
    kept = {each.heading: each.column for each in session.scalars(select(PlanHeading))}
    assert kept == {"problem": "recommendation", "ouranswer": "action", "incharge": "lead_agency"}
    assert "3 of 4" not in client.get(check).text
    text = client.get(check).text
    assert "Not read: Deadline, Notes" in text
    assert client.post(f"{check}/discard", data=form_with(text, "discard")).status_code == 302
    assert client.get(check).status_code == 404
    again = upload(client, plan, workbook(ROWS, THEIRS)).location
    assert "0 of 4 rows can be imported" in client.get(again).text


def test_a_file_is_its_owners_alone_and_goes_after_a_day(
    client: FlaskClient, session: Session, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = new_plan(officer)
    check = upload(client, plan, workbook(ROWS, THEIRS)).location
    other = make_user(Role.MANAGER)
    sign_in_as(client, other)
    addresses = (check, f"{check}/columns", f"{check}/refused.csv", f"/plans/{plan}/import/{'k' * 43}")
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.get(f"/plans/{plan}").status_code == 200
    sign_in_as(client, officer)
    assert drop_idle_uploads() == 0
    later: datetime = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert (drop_idle_uploads(), drop_idle_uploads()) == (1, 0)
    assert session.scalars(select(PlanUpload)).all() == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_checking_a_file_takes_few_statements(
    client: FlaskClient, officer: User, statements: Callable[[], Any]
) -> None:
    plan = new_plan(officer)
    check = upload(client, plan, workbook(ROWS * 50, THEIRS)).location
    fill(client, f"{check}/columns", "keep", NAMED)
    for address in (check, f"{check}/columns", f"{check}/refused.csv"):
        with statements() as made:
            assert client.get(address).status_code == 200
        assert len(made) <= 12
