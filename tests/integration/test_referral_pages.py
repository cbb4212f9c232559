"""Logging a referral: a page for each kind of review, a page to check it on, and a case; a form counts once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.bad_values import drawn, form_of, written
from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.extensions import db
from tracker.models import Case, Membership, Role, User

TODAY = date(2026, 3, 2)
ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ANSWERS: dict[str, dict[str, Any]] = {
    "dhr": {"answer_from": "police", "answer_summary": "Adult A died at home."},
    "asb": {"answer_how": "online", "answer_applicant": "victim", "answer_summary": "Noise at night."},
    "owhr": {"answer_from": "police", "answer_summary": "Adult B died in the street."},
}
COMPLAINTS = {
    "complaint_1_behaviour_on": ["5", "1", "2026"],
    "complaint_1_reported_on": ["6", "1", "2026"],
    "complaint_1_body": "Council",
    "complaint_1_incident": "Shouting",
    "complaint_2_behaviour_on": ["12", "Jan", "2026"],
    "complaint_2_reported_on": ["12", "January", "2026"],
    "complaint_2_hate": "yes",
}


@pytest.fixture
def officer(session: Session, client: FlaskClient, today_is: Callable[[date], None]) -> User:
    """Somebody who logs referrals, signed in."""
    today_is(TODAY)
    officer = make_user(Role.OFFICER)
    sign_in_as(client, officer)
    return officer


def fill(client: FlaskClient, kind: str, **answers: Any) -> MultiDict[str, str]:
    """What a browser sends of the form, once it is filled in."""
    sent = drawn(form_of(client.get(f"/cases/log/{kind}").text))
    for name, value in {"on": ["30", "1", "2026"], **ANSWERS[kind], **answers}.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


def send(client: FlaskClient, kind: str, **answers: Any) -> TestResponse:
    return client.post(f"/cases/log/{kind}", data=fill(client, kind, **answers))


def carried(checked: TestResponse, button: str) -> MultiDict[str, str]:
    """What the check page sends by one of its buttons."""
    form = BeautifulSoup(checked.text, "html.parser").select("form[method=post]")[-1]
    return drawn(form) | MultiDict({button: "yes"})


def said(response: TestResponse) -> dict[str, str]:
    """Each error with the input its link lands on."""
    found = page(response)
    links = {str(link["href"]): link.text for link in found.select(".govuk-error-summary a")}
    assert all(found.select_one(target) for target in links)
    return links


def only_case() -> Case:
    db.session.expire_all()
    return db.session.scalars(select(Case)).one()


# -- From the first page to the case -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["dhr", "asb", "owhr"])
def test_a_referral_is_checked_then_logged(client: FlaskClient, officer: User, kind: str) -> None:
    chosen = client.post("/cases/log", data={"kind": kind})
    assert chosen.location == f"/cases/log/{kind}"
    sent = fill(client, kind)
    before = written()
    checked = client.post(chosen.location, data=sent)
    assert written() == before
    assert str(sent["answer_summary"]) in page(checked).select_one("dl.given").text
    logged = client.post(chosen.location, data=carried(checked, "confirmed"))
    case = only_case()
    assert logged.location == f"/cases/{case.reference}"
    assert (case.case_type, case.opened_on, case.lead) == (kind, date(2026, 1, 30), officer)
    assert {f"answer_{key}": text for key, text in case.events[0].answers.items()} == ANSWERS[kind]
    assert f"Logged as {case.reference}" in client.get(logged.location).text


def test_the_answers_come_back_to_be_changed(client: FlaskClient, officer: User) -> None:
    sent = fill(client, "asb", **COMPLAINTS, themes=["neighbours"])
    checked = client.post("/cases/log/asb", data=sent)
    again = drawn(form_of(client.post("/cases/log/asb", data=carried(checked, "change")).text))
    assert {name: again.getlist(name) for name in sent} == {name: sent.getlist(name) for name in sent}


def test_complaints_are_kept_in_order_and_tested(client: FlaskClient, officer: User) -> None:
    checked = send(client, "asb", **COMPLAINTS)
    assert "Statutory test: 2 of 3 needed." in checked.text
    client.post("/cases/log/asb", data=carried(checked, "confirmed"))
    kept = [(row.behaviour_on, row.reported_on, row.body, row.incident, row.hate) for row in only_case().complaints]
    assert kept == [
        (date(2026, 1, 5), date(2026, 1, 6), "Council", "Shouting", False),
        (date(2026, 1, 12), date(2026, 1, 12), "", "", True),
    ]


def test_more_rows_keep_what_was_typed(client: FlaskClient, officer: User) -> None:
    sent = fill(client, "asb", complaint_3_incident="Half a complaint")
    more = client.post("/cases/log/asb", data=sent | MultiDict({"more": "yes"}))
    assert len(page(more).select("section.together")) == 6
    assert drawn(form_of(more.text))["complaint_3_incident"] == "Half a complaint"
    assert not said(more)


def test_what_the_law_asks_of_a_death_is_kept(client: FlaskClient, officer: User) -> None:
    answers = {
        "death_on": ["", "Jan", "2026"],
        "age_band": "35-44",
        "criterion_death": "met",
        "evidence_death": "The certificate.",
        "criterion_relationship": "unclear",
    }
    client.post("/cases/log/dhr", data=carried(send(client, "dhr", **answers), "confirmed"))
    case = only_case()
    assert case.deaths == [{"on": "2026-01", "age_band": "35-44"}]
    assert case.criteria == [
        {"key": "death", "met": "met", "evidence": "The certificate."},
        {"key": "relationship", "met": "unclear"},
    ]


def test_each_review_partner_s_day_starts_its_own_clock(client: FlaskClient, officer: User) -> None:
    days = {
        "partner_1_name": "West Mercia Police",
        "partner_1_on": ["2", "2", "2026"],
        "partner_3_on": ["9", "2", "2026"],
    }
    checked = send(client, "owhr", **days)
    assert "No statutory duty applies here" in client.get("/cases/log/owhr").text
    client.post("/cases/log/owhr", data=carried(checked, "confirmed"))
    case = only_case()
    assert [(event.subject, event.happened_on) for event in case.events[1:]] == [
        ("West Mercia Police", date(2026, 2, 2)),
        (case.procedure.subjects[2], date(2026, 2, 9)),
    ]


# -- What is wrong ----------------------------------------------------------------------------------------------------

WRONG = (
    ("dhr", {"on": ["30", "2", "2026"]}, "#on", "30 February 2026 does not exist"),
    ("dhr", {"on": ["3", "3", "2026"]}, "#on", "must be today or in the past"),
    ("dhr", {"on": ["", "", ""]}, "#on", "Enter the date"),
    ("dhr", {"answer_summary": "x" * 20_001}, "#answer_summary", "20,000 characters or fewer"),
    ("dhr", {"answer_summary": ""}, "#answer_summary", "Answer ‘"),
    ("dhr", {"death_on": ["31", "", "2026"]}, "#death_on-month", "Date must include a month"),
    ("dhr", {"death_on": ["29", "2", "2025"]}, "#death_on", "does not exist"),
    ("dhr", {"age_band": "150"}, "#age_band", "must be one of those listed"),
    ("dhr", {"criterion_death": "perhaps"}, "#criterion_death", "must be one of those listed"),
    ("dhr", {"evidence_death": "a\x1bb"}, "#evidence_death", "control character"),
    ("asb", {"themes": ["neighbours", "no such theme"]}, "#themes", "must be one of those listed"),
    ("asb", {"answer_how": "telepathy"}, "#answer_how", "Select an answer"),
    ("asb", {**COMPLAINTS, "complaint_1_reported_on": ["", "", ""]}, "#complaint_1_reported_on", "it was reported"),
    ("asb", {**COMPLAINTS, "complaint_1_behaviour_on": ["", "", ""]}, "#complaint_1_behaviour_on", "when it happened"),
    ("asb", {**COMPLAINTS, "complaint_1_reported_on": ["4", "1", "2026"]}, "#complaint_1_reported_on", "before the"),
    ("asb", {**COMPLAINTS, "complaint_2_reported_on": ["3", "3", "2026"]}, "#complaint_2_reported_on", "in the past"),
    ("asb", {**COMPLAINTS, "complaint_2_hate": "very"}, "#complaint_2_hate", "must be one of those listed"),
    ("asb", {**COMPLAINTS, "complaint_2_body": "x" * 201}, "#complaint_2_body", "200 characters or fewer"),
    ("owhr", {"partner_2_on": ["32", "1", "2026"]}, "#partner_2_on", "Day must be a number from 1 to 31"),
    ("owhr", {"partner_2_on": ["3", "3", "2026"]}, "#partner_2_on", "today or in the past"),
    ("owhr", {"partner_2_on": ["29", "1", "2026"]}, "#partner_2_on", "30 January 2026 or later"),
)  # fmt: skip


@ON_SQLITE
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(client: FlaskClient, officer: User) -> None:
    before = written()
    for kind, wrong, target, says in WRONG:
        sent = fill(client, kind, **wrong)
        response = client.post(f"/cases/log/{kind}", data=sent | MultiDict({"confirmed": "yes"}))
        assert response.status_code == 200
        assert [*said(response)] == [target], (kind, wrong, said(response))
        assert says in said(response)[target], (kind, wrong)
        kept = drawn(form_of(response.text))
        for name in sent:
            unkept = name in wrong and (name.startswith(("criterion", "answer_how", "age", "theme")) or "hate" in name)
            if not unkept and "\x1b" not in sent[name]:
                assert kept.getlist(name) == sent.getlist(name), (kind, name)
    assert written() == before


@ON_SQLITE
@pytest.mark.parametrize("rows", ["999999", "-1", "0", "1e3", "٣", "", "\x00", "60"])
def test_no_number_of_rows_breaks_the_page(client: FlaskClient, officer: User, rows: str) -> None:
    sent = fill(client, "asb", rows=rows, on=["30", "2", "2026"])
    assert 1 <= len(page(client.post("/cases/log/asb", data=sent)).select("section.together")) <= 60


@pytest.mark.parametrize("key", ["", "short", "\x00" * 20, "\ud800" * 20, "x" * 5000, None])
def test_without_a_whole_key_nothing_is_logged(client: FlaskClient, officer: User, key: str | None) -> None:
    elsewhere = make_user(Role.OFFICER, partnership=make_partnership("telford"))
    hidden = make_case(elsewhere, "asb", date(2026, 1, 30))
    hidden.events[0].submission_key = ""
    sent = fill(client, "asb", confirmed="yes")
    raw = {name: sent.getlist(name) for name in sent if name != "submission"}
    if key is not None:
        raw["submission"] = [key.encode("utf-8", "surrogatepass")]  # type: ignore[list-item]
    before = written()
    response = client.post("/cases/log/asb", data=raw)
    assert response.status_code == 200
    assert "This page was damaged or out of date" in response.text
    assert hidden.reference not in response.text
    assert written() == before
    assert client.post("/cases/log/asb", data=drawn(form_of(response.text)) | MultiDict({"confirmed": "yes"})).location


def test_a_partnership_of_others_cannot_be_chosen(client: FlaskClient, officer: User, session: Session) -> None:
    mine, theirs = make_partnership("mine"), make_partnership("theirs")
    session.add(Membership(user=officer, partnership=mine, role=Role.OFFICER))
    session.add(Membership(user=officer, partnership=theirs, role=Role.AUDITOR))
    before = written()
    for chosen in (str(theirs.id), "", "0", "-1", "1.0", "\x00", "9" * 30):
        response = send(client, "asb", partnership=chosen, confirmed="yes")
        assert [*said(response)] == ["#partnership"], chosen
    assert written() == before
    assert send(client, "asb", partnership=str(mine.id), confirmed="yes").status_code == 302
    assert only_case().partnership == mine


# -- Twice ------------------------------------------------------------------------------------------------------------


def test_a_referral_sent_twice_is_one_case_and_leads_to_it(client: FlaskClient, officer: User) -> None:
    sent = fill(client, "asb", **COMPLAINTS, confirmed="yes")
    first = client.post("/cases/log/asb", data=sent)
    before = written()
    second = client.post("/cases/log/asb", data=sent)
    assert (second.status_code, second.location) == (302, first.location)
    assert written() == before
    assert "This form was sent before" in client.get(second.location).text
    other_kind = client.post("/cases/log/dhr", data=fill(client, "dhr", submission=sent["submission"], confirmed="yes"))
    assert other_kind.location == first.location
    assert written() == before
