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
from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tracker.models import (
    Addressee,
    AddresseeChange,
    Finding,
    FindingTheme,
    Membership,
    Plan,
    PlannedAction,
    Role,
    Theme,
)

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


def test_a_plan_is_given_out_in_each_way(client: FlaskClient, session: Session) -> None:
    plan, _ = filled(client, session)
    export = f"/plans/{plan.id}/export"
    book = load_workbook(io.BytesIO(client.post(export, data={"kind": "public"}).data))
    assert "Owner" not in [cell.value for row in book.active.iter_rows() for cell in row]
    assert client.post(export, data={"kind": "pdf"}).data.startswith(b"%PDF")
    assert "Recommendation,Scope" in client.post(export, data={"kind": "csv"}).text
    assert client.post(export, data={"kind": "exe"}).status_code == 404


def test_a_recommendation_is_sent_to_a_body_and_its_answer_recorded(client: FlaskClient, session: Session) -> None:
    plan, _ = filled(client, session)
    under = f"/plans/{plan.id}/recommendations/{plan.recommendations[0].id}"
    days = {"sent_on": ["1", "2", "2026"], "due_on": DAY}
    early = send(client, f"{under}/bodies/add", name="Home Office", sent_on=DAY, due_on=["1", "2", "2026"])
    assert "The answer cannot be due before it was sent" in early.text
    to_come = send(client, f"{under}/bodies/add", name="Home Office", sent_on=["3", "3", "2026"])
    assert "The date must be today or in the past" in to_come.text
    assert send(client, f"{under}/bodies/add", name="Home Office", **days).status_code == 302
    assert "It is addressed to home office already" in send(client, f"{under}/bodies/add", name="home office").text
    assert "Answer overdue" in client.get(f"/cases/{CASE}/plan").text
    answer = f"{under}/bodies/{session.scalars(select(Addressee.id)).one()}/answer"
    assert "Enter the reason that was given" in send(client, answer, response="refused", on=DAY).text
    assert send(client, answer, response="refused", on=DAY, reason="It is done <b>elsewhere</b>.").status_code == 302
    shown = client.get(f"/cases/{CASE}/plan").text
    assert "Refused" in shown
    assert "It is done &lt;b&gt;elsewhere&lt;/b&gt;." in shown
    assert 'value="refused" checked' in client.get(answer).text
    assert client.get(f"/plans/{plan.id}/recommendations/999/bodies/1/answer").status_code == 404


def test_what_stood_of_a_body_before_stays_on_record(client: FlaskClient, session: Session) -> None:
    plan, _ = filled(client, session)
    under = f"/plans/{plan.id}/recommendations/{plan.recommendations[0].id}"
    assert send(client, f"{under}/bodies/add", name="Home Office", sent_on=["1", "2", "2026"]).status_code == 302
    body = f"{under}/bodies/{session.scalars(select(Addressee.id)).one()}"
    days = {"sent_on": ["1", "2", "2026"], "due_on": ["1", "3", "2026"]}
    assert "Enter why the dates change" in send(client, f"{body}/dates", **days).text
    unchanged = send(client, f"{body}/dates", sent_on=["1", "2", "2026"], why="A slip")
    assert "These are the dates on record" in unchanged.text
    assert "On record before" not in unchanged.text
    assert send(client, f"{body}/dates", **days, why="They asked for <b>a month</b>").status_code == 302
    shown = client.get(f"{body}/dates").text
    assert "Sent 1 February 2026; answer due without a date" in shown
    assert "They asked for &lt;b&gt;a month&lt;/b&gt;" in shown
    for answer in ("refused", "accepted"):
        sent = send(client, f"{body}/answer", response=answer, on=["2", "2", "2026"], reason="No money.")
        assert sent.status_code == 302
    assert "answer due 1 March 2026; refused on 2 February 2026: No money." in client.get(f"{body}/answer").text
    late = send(client, f"{body}/dates", sent_on=["3", "2", "2026"], why="A slip")
    assert "It was answered on 2 February 2026, before it was sent" in late.text
    assert [change.why for change in session.scalars(select(AddresseeChange).order_by(AddresseeChange.id))] == [
        "They asked for <b>a month</b>", "",
    ]  # fmt: skip


def test_findings_have_themes_of_the_list(client: FlaskClient, session: Session) -> None:
    plan, _ = filled(client, session)
    finding = f"/plans/{plan.id}/findings"
    assert "Which themes" not in client.get(f"{finding}/add").text
    session.add_all(Theme(partnership_id=plan.partnership_id, name=name) for name in ("Health", "Routine enquiry"))
    session.add(Theme(partnership_id=plan.partnership_id, name="Old one", retired_on=TODAY))
    session.commit()
    assert "Old one" not in client.get(f"{finding}/add").text
    both = ["Health", "Routine enquiry"]
    assert send(client, f"{finding}/add", text="Nobody asked.", themes=both).status_code == 302
    assert "must be one of those listed" in send(client, f"{finding}/add", text="So.", themes="Old one").text
    session.expire_all()
    [first] = plan.findings
    assert [each.theme for each in first.themes] == both
    first.themes.append(FindingTheme(theme="From a file"))
    session.commit()
    kept = ["Health", "From a file"]
    assert send(client, f"{finding}/{first.id}/change", text="Nor later on.", themes=kept).status_code == 302
    change = f"/plans/{plan.id}/recommendations/{plan.recommendations[0].id}/change"
    send(client, change, number="R1.1", text="Train.", scope="national", multi_agency="yes", finding=str(first.id))
    session.expire_all()
    assert [each.theme for each in first.themes] == sorted(kept)
    line = plan.recommendations[0]
    assert (line.number, line.scope, line.multi_agency, line.finding) == ("R1.1", "national", True, first)
    assert "From finding 1" in client.get(f"/cases/{CASE}/plan").text


def test_a_change_to_what_has_changed_meanwhile_shows_what_is_there(client: FlaskClient, session: Session) -> None:
    plan, _ = filled(client, session)
    change = f"/plans/{plan.id}/change"
    old = drawn(form_of(client.get(change).text))
    assert send(client, change, title="Our plan", monitored_by="The new board").status_code == 302
    old["title"] = "My plan"
    late = client.post(change, data=old)
    assert late.status_code == 409
    assert "The new board" in late.text
    assert 'value="My plan"' in late.text
    session.expire_all()
    assert (plan.title, plan.monitored_by) == ("Our plan", "The new board")


def test_an_action_is_put_in_other_words_and_superseded(client: FlaskClient, session: Session) -> None:
    plan, action = filled(client, session)
    record = f"/plans/actions/{action.id}"
    words = {"text": "Train everybody.", "lead_agency": "West Mercia Police", "owner": "A lead", "milestones": "Booked"}
    assert send(client, f"{record}/change", **words).status_code == 302
    assert "Choose the action that takes its place" in send(client, f"{record}/supersede", reason="Wider.").text
    under = f"/plans/{plan.id}/recommendations/{action.recommendation_id}"
    send(client, f"{under}/actions/add", text="Train the region.", target="June 2026")
    other = session.scalars(select(PlannedAction).where(PlannedAction.id != action.id)).one()
    assert "Choose the action" in send(client, f"{record}/supersede", superseded_by=str(action.id), reason="No.").text
    assert send(client, f"{record}/supersede", superseded_by=str(other.id), reason="Wider.").status_code == 302
    shown = client.get(record).text
    assert "In its place" in shown
    assert "Train everybody." in shown
    assert client.get(f"{record}/change").headers["Location"] == record
    session.expire_all()
    assert (action.lead_agency, action.owner, action.milestones) == ("West Mercia Police", "A lead", "Booked")


def test_who_keeps_the_plans_of_several_partnerships_says_whose_it_is(client: FlaskClient, session: Session) -> None:
    assert "Which partnership" not in client.get("/plans/begin").text
    person = make_user(Role.OFFICER)
    telford, other = make_partnership("telford"), make_partnership("herefordshire")
    person.memberships.append(Membership(partnership_id=telford.id, role=Role.MANAGER))
    person.memberships.append(Membership(partnership_id=other.id, role=Role.AUDITOR))
    session.commit()
    sign_in_as(client, person)
    assert "Herefordshire" not in client.get("/plans/begin").text
    unsaid = send(client, "/plans/begin", title="Drugs and alcohol")
    assert unsaid.text.count("Select the partnership") == 2  # in the summary, and beside the question
    assert 'value="Drugs and alcohol"' in unsaid.text
    for elsewhere in ("herefordshire", "nowhere"):
        assert "Select the partnership" in send(client, "/plans/begin", title="Prevent", partnership=elsewhere).text
    assert not session.scalars(select(Plan)).all()
    assert send(client, "/plans/begin", title="Prevent", partnership="telford").status_code == 302
    assert session.scalars(select(Plan.partnership_id)).all() == [telford.id]
    assert "Telford" not in client.get("/plans").text
    send(client, "/plans/begin", title="Drugs and alcohol", partnership="shropshire")
    assert "Telford" in client.get("/plans").text


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


@pytest.mark.parametrize("text", ["a\x00b", "x" * 20_001, INERT_TEXTS[0]], ids=["unfit", "long", "script"])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_bad_words_change_nothing(client: FlaskClient, session: Session, text: str) -> None:
    plan, action = filled(client, session)
    for address in (
        f"/plans/{plan.id}/change",
        f"/plans/{plan.id}/findings/add",
        f"/plans/{plan.id}/recommendations/{plan.recommendations[0].id}/change",
        f"/plans/{plan.id}/recommendations/{plan.recommendations[0].id}/bodies/add",
        f"/plans/actions/{action.id}/change",
        f"/plans/actions/{action.id}/supersede",
    ):
        form = drawn(form_of(client.get(address).text))
        answers = {name: text for name in form if name not in ("version", "submission", "csrf_token")}
        assert client.post(address, data=form | answers).status_code in (200, 302)
        assert "<script>canary" not in client.get(f"/cases/{CASE}/plan").text
    session.expire_all()
    assert "a\x00b" not in (plan.title, plan.recommendations[0].text, action.text)
    assert len(action.text) < 20_000


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
    for place in range(1, 101):
        session.add(Finding(plan_id=plan.id, position=place, text="So.", themes=[FindingTheme(theme="Health")]))
        session.add(Addressee(recommendation_id=action.recommendation_id, name=f"Body {place}"))
    session.commit()
    with statements() as made:
        assert client.get(f"/cases/{CASE}/plan").status_code == 200
    assert len(made) <= 12
    for kind in ("", "/change", "/supersede"):
        with statements() as made:
            assert client.get(f"/plans/actions/{action.id}{kind}").status_code == 200
        assert len(made) <= 12
