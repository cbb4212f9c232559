"""The pages of plans: begun, filled, imported, reported on, verified and taken out, by those who may."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_values import INERT_TEXTS, REFUSED_TEXTS, drawn, form_of
from tests.builders import make_case, make_user, sign_in_as
from tests.integration.test_plan_imports import workbook
from tracker.models import Plan, PlannedAction, Role

TODAY = date(2026, 3, 2)
CASE = "DHR-2026-001"
DAY = ["1", "3", "2026"]


@pytest.fixture(autouse=True)
def officer(client: FlaskClient, session: Session, today_is: Callable[[date], None]) -> None:
    today_is(TODAY)
    person = make_user(Role.OFFICER)
    make_case(person, "dhr", date(2026, 1, 5))
    sign_in_as(client, person)


def send(client: FlaskClient, address: str, **answers: Any) -> Any:
    """Fills in the form of a page and sends it."""
    form = drawn(form_of(client.get(address).text))
    for name, answer in answers.items():
        form.setlist(name, answer if isinstance(answer, list) else [answer])
    return client.post(address, data=form)


def filled(client: FlaskClient, session: Session) -> tuple[Plan, PlannedAction]:
    """A plan of the case with one action, made through its pages."""
    assert send(client, f"/cases/{CASE}/plan/begin", monitored_by="The board").status_code == 302
    plan = session.scalars(select(Plan)).one()
    send(client, f"/plans/{plan.id}/recommendations/add", number="R1", text="Train.", scope="local")
    under = plan.recommendations[0].id
    address = f"/plans/{plan.id}/recommendations/{under}/actions/add"
    asked = send(client, address, text="Train all.", target="Ongoing")
    assert "Enter the day that counts: by what date should it be reviewed?" in asked.text
    wrong = send(client, address, text="Train all.", target="31/06/2026")
    assert "June has 30 days. Write a day from 1 to 30" in wrong.text
    assert send(client, address, text="Train all.", target="Ongoing", meaning="1 May 2026").status_code == 302
    session.expire_all()
    return plan, session.scalars(select(PlannedAction)).one()


def test_a_plan_is_made_reported_on_and_verified(client: FlaskClient, session: Session) -> None:
    assert "no action plan yet" in client.get(f"/cases/{CASE}/plan").text
    _, action = filled(client, session)
    shown = client.get(f"/cases/{CASE}/plan").text
    assert "1 action in the plan, 0 past target" in shown
    assert "On course for 1 May 2026" in shown
    record = f"/plans/actions/{action.id}"
    send(client, f"{record}/update", on=DAY, text="Begun.", state="blocked")
    assert "In progress, blocked" in client.get(record).text
    send(client, f"{record}/move", target="June 2026", reason="No trainer.")
    assert "From Ongoing to June 2026." in client.get(record).text
    send(client, f"{record}/claim", on=DAY, text="Done.", link="https://example.org/x")
    assert "Verify the claim" not in client.get(record).text
    assert client.get(f"{record}/verify").status_code == 302
    sign_in_as(client, make_user(Role.CHAIR))
    send(client, f"{record}/verify", on=DAY, upheld="yes", text="Seen.")
    assert "Verified complete on 1 March 2026" in client.get(record).text
    assert client.get(f"{record}/update").status_code == 302
    assert client.get(f"{record}/nothing").status_code == 404


def test_a_form_sent_twice_or_from_an_older_page_is_refused(client: FlaskClient, session: Session) -> None:
    plan, _ = filled(client, session)
    address = f"/plans/{plan.id}/recommendations/add"
    old = drawn(form_of(client.get(address).text))
    for name, answer in {"number": "R2", "text": "Do.", "scope": "local"}.items():
        old[name] = answer
    assert client.post(address, data=old).status_code == 302
    assert "sent before" in client.post(address, data=old).text
    old["submission"] = "k" * 20
    assert "has changed since" in client.post(address, data=old).text


def test_a_file_is_checked_and_then_imported(client: FlaskClient, session: Session) -> None:
    send(client, "/plans/begin", title="Prevent plan", monitored_by="Prevent Board", meets_every="every quarter")
    plan = session.scalars(select(Plan)).one()
    address = f"/plans/{plan.id}/import"

    def sent(button: str, content: bytes, **answers: Any) -> Any:
        form = {**drawn(form_of(client.get(address).text)), **answers, button: "1"}
        form.pop("check" if button == "save" else "save", None)
        return client.post(address, data=form | {"file": (io.BytesIO(content), "plan.xlsx")})

    asked = sent("check", workbook())
    assert "4 of 6 rows can be imported" in asked.text
    assert "financial or calendar quarters?" in asked.text
    assert "cannot be read as a spreadsheet" in sent("save", b"PK no").text
    assert sent("save", workbook()).status_code == 200
    answers = {"quarters": "financial", "review_by": ["1", "4", "2027"]}
    assert "Nothing is refused" in sent("check", workbook(), **answers).text
    assert sent("save", workbook(), **answers).status_code == 302
    assert "R10" in client.get(f"/plans/{plan.id}").text
    assert "Prevent plan" in client.get("/plans").text
    book = load_workbook(io.BytesIO(client.post(f"/plans/{plan.id}/export", data={"kind": "public"}).data))
    assert "Owner" not in [cell.value for row in book.active.iter_rows() for cell in row]
    assert client.post(f"/plans/{plan.id}/export", data={"kind": "pdf"}).data.startswith(b"%PDF")
    assert client.post(f"/plans/{plan.id}/export", data={"kind": "exe"}).status_code == 404


@pytest.mark.parametrize("text", REFUSED_TEXTS + INERT_TEXTS[:4])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_bad_input_is_said_and_writes_nothing(client: FlaskClient, session: Session, text: str) -> None:
    plan, action = filled(client, session)
    for address in (
        f"/plans/{plan.id}/recommendations/add",
        f"/plans/{plan.id}/recommendations/{plan.recommendations[0].id}/actions/add",
        f"/plans/actions/{action.id}/move",
        f"/plans/actions/{action.id}/claim",
        "/plans/begin",
    ):
        form = drawn(form_of(client.get(address).text))
        answers = {name: text for name in form if name not in ("version", "submission", "csrf_token")}
        assert client.post(address, data=form | answers).status_code in (200, 302)


def test_others_find_nothing(client: FlaskClient, session: Session) -> None:
    plan, action = filled(client, session)
    case = plan.case
    assert case
    case.restricted = True
    session.commit()
    sign_in_as(client, make_user(Role.MANAGER))
    addresses = (f"/cases/{CASE}/plan", f"/plans/{plan.id}/import", f"/plans/actions/{action.id}", f"/plans/{plan.id}")
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(f"/plans/{plan.id}/export", data={"kind": "xlsx"}).status_code == 404


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_page_of_a_long_plan_takes_few_statements(
    client: FlaskClient, session: Session, statements: Callable[[], Any]
) -> None:
    plan, action = filled(client, session)
    for place in range(2, 502):
        other = PlannedAction(
            plan_id=plan.id,
            partnership_id=plan.partnership_id,
            case_id=plan.case_id,
            position=place,
            text="Do.",
            recommendation_id=action.recommendation_id,
        )
        session.add(other)
    session.commit()
    with statements() as made:
        assert client.get(f"/cases/{CASE}/plan").status_code == 200
    assert len(made) <= 10
