"""Requests to agencies: answered by a contact who has signed in, or through a link that opens this one request."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.hostile import HOSTILE, PDF
from tests.pages import page
from tracker import clock
from tracker.emails import told_mail
from tracker.errors import NotFound, NotPermitted, Refused
from tracker.models import (
    Agency,
    Attachment,
    Case,
    Deadline,
    ItemLink,
    ItemLinkUse,
    LinkAsk,
    Message,
    Role,
    TimeRequest,
    User,
)
from tracker.models.facts import reckoned
from tracker.models.projection import differences
from tracker.services.case_access import restrict_case
from tracker.services.cases import record_step
from tracker.services.item_links import (
    MOST_ASKS,
    MOST_RENEWALS,
    MOST_USES,
    ask_for_link,
    make_item_link,
    revoke_item_link,
)
from tracker.services.requests import answer_request
from tracker.services.time_requests import ask_for_time, grant_time, refuse_time

DAY = date(2026, 2, 2)
TODAY = date(2026, 2, 9)
EMAIL = "contact@police.example.uk"
SENT = {"version": "1", "submission": "k" * 24, "sent": "sent", "note": "Sent by post", "save": "yes"}


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


@pytest.fixture
def request_(officer: User) -> Deadline:
    return asked(officer, "West Mercia Police")


def asked(officer: User, agency: str) -> Deadline:
    """A request to *agency* in a case of its own."""
    case = make_case(officer, "asb", DAY)
    record_step(case, by=officer, step="information_requested", on=DAY, answers={}, subject=agency)
    return case.deadlines[[row.subject for row in case.deadlines].index(agency)]


def contact_of(session: Session, name: str) -> User:
    """A partner contact who speaks for the agency of that name."""
    contact = make_user(Role.PARTNER)
    contact.agency = Agency(partnership_id=contact.memberships[0].partnership_id, name=name)
    session.commit()
    return contact


def let_in(client: FlaskClient, token: str) -> TestResponse:
    """The request, as it shows after the button was pressed."""
    return client.post(f"/item/{token}?open=1", data={"save": "yes"}, follow_redirects=True)


def has_no_trace_of(case: Case, text: str) -> bool:
    return f"/cases/{case.reference}" not in text and case.lead.name not in text


def test_a_contact_answers_what_their_agency_was_asked(
    client: FlaskClient, session: Session, request_: Deadline
) -> None:
    case = request_.known_case
    assert case.lead
    sign_in_as(client, contact_of(session, "West Mercia Police"))
    listed = client.get("/partner")
    assert case.reference in listed.text
    assert has_no_trace_of(case, listed.text)
    address = f"/partner/requests/{request_.id}"
    assert has_no_trace_of(case, client.get(address).text)
    answer = client.post(address, data={**SENT, "file": (BytesIO(PDF), "Jane Doe.pdf")}, follow_redirects=True)
    assert "Your answer is recorded" in answer.text
    assert case.reference not in answer.text
    event = case.events[-1]
    assert (event.step, event.subject, event.answers["nil"]) == ("information_received", "West Mercia Police", "no")
    attachment = session.scalars(select(Attachment)).one()
    assert (attachment.event_id, attachment.agency) == (event.id, "West Mercia Police")
    assert client.get(address).status_code == 404
    assert differences(case, reckoned(case, TODAY)) == []
    sign_in_as(client, case.lead)
    assert "Jane Doe.pdf" in client.get(f"/cases/{case.reference}/files").text
    assert "Answered on 9 February 2026" in client.get(f"/cases/{case.reference}/requests").text


def test_a_form_sent_twice_answers_once(client: FlaskClient, session: Session, request_: Deadline) -> None:
    contact = contact_of(session, "West Mercia Police")
    answer_request(request_, by=contact, nil=True, note="", submission_key="k" * 24)
    with pytest.raises(Refused, match="sent before"):
        answer_request(request_, by=contact, nil=True, note="", submission_key="k" * 24)
    with pytest.raises(NotFound):
        answer_request(request_, by=contact, nil=True, note="")


@pytest.mark.parametrize("why", ["other agency", "other partnership", "restricted", "disabled", "no agency"])
def test_a_request_opens_to_nobody_else(client: FlaskClient, session: Session, request_: Deadline, why: str) -> None:
    contact = contact_of(session, "Fire and Rescue" if why == "other agency" else "West Mercia Police")
    if why == "other partnership":
        contact.memberships[0].partnership = make_partnership("telford")
    if why == "no agency":
        contact.agency = None
    request_.known_case.restricted = why == "restricted"
    sign_in_as(client, contact)
    if why == "disabled":
        contact.disabled_at = clock.now()
    session.commit()
    for address in (f"/partner/requests/{request_.id}", f"/partner/requests/{request_.id}/more-time"):
        assert {client.get(address).status_code, client.post(address, data=SENT).status_code} <= {302, 404}
    assert request_.known_case.reference not in client.get("/partner", follow_redirects=True).text
    with pytest.raises(NotFound):
        answer_request(request_, by=contact, nil=True, note="")
    with pytest.raises(NotFound):
        ask_for_time(request_, by=contact, until=date(2027, 1, 1), reason="Because")


def test_two_windows_with_one_link_answer_once(session: Session, officer: User, request_: Deadline) -> None:
    """The second has read the link before the first answered, and comes to use it up afterwards."""
    make_item_link(request_, by=officer, email=EMAIL)
    link = session.scalars(select(ItemLink)).one()
    facts = len(request_.known_case.events)
    first = update(ItemLink).values(used_up_at=clock.now()).execution_options(synchronize_session=False)
    session.execute(first)
    assert link.used_up_at is None
    with pytest.raises(NotFound):
        answer_request(request_, by=None, nil=True, note="", link=link)
    session.rollback()
    assert len(request_.known_case.events) == facts


def test_a_link_opens_one_request_and_is_used_up_by_the_answer(
    client: FlaskClient, session: Session, officer: User, request_: Deadline
) -> None:
    token = make_item_link(request_, by=officer, email=EMAIL)
    other = asked(officer, "Fire and Rescue")
    before = client.get(f"/item/{token}")
    assert "Open it" in before.text
    assert request_.known_case.reference not in before.text
    assert session.scalars(select(ItemLinkUse)).all() == []
    opened = let_in(client, token)
    assert "West Mercia Police" in opened.text
    assert has_no_trace_of(request_.known_case, opened.text)
    assert other.case.reference not in opened.text
    assert opened.headers["Referrer-Policy"] == "strict-origin"
    assert opened.headers["Cache-Control"] == "no-store"
    hostile = HOSTILE["a macro"]
    refused = client.post(f"/item/{token}", data={**SENT, "file": (BytesIO(hostile[1]), hostile[0])})
    assert page(refused).select_one(".govuk-error-summary a")["href"] == "#file"
    assert "Sent by post" in refused.text
    answered = client.post(f"/item/{token}", data={**SENT, "sent": "nil"}, follow_redirects=True)
    assert "Your answer is recorded" in answered.text
    assert "Your answer is recorded" in client.post(f"/item/{token}", data=SENT, follow_redirects=True).text
    assert request_.known_case.events[-1].answers["nil"] == "yes"
    assert request_.known_case.events[-1].recorded_by_id is None
    assert client.get(f"/item/{token}").status_code == 404
    sign_in_as(client, officer)
    assert "answered on 9 February 2026" in client.get(f"/cases/{request_.known_case.reference}/requests").text


@pytest.mark.parametrize(
    "what", ["altered", "short", "empty", "expired", "ended", "replaced", "restricted", "passed on", "too often"]
)
def test_a_link_that_does_not_work_says_the_same_whatever_the_reason(
    app: Flask, client: FlaskClient, session: Session, officer: User, request_: Deadline, what: str
) -> None:
    token = make_item_link(request_, by=officer, email=EMAIL)
    link = session.scalars(select(ItemLink)).one()
    match what:
        case "altered":
            token = token[:-1] + ("A" if token[-1] != "A" else "B")
        case "short" | "empty":
            token = {"short": token[:20], "empty": "%00"}[what]
        case "expired":
            link.expires_at = clock.now()
        case "ended":
            revoke_item_link(link, by=officer)
        case "replaced":
            make_item_link(request_, by=officer, email=EMAIL.upper())
        case "restricted":
            restrict_case(request_.known_case, by=officer, reason="The person asked about works for the agency.")
        case "passed on":
            for _ in range(3):
                assert "West Mercia Police" in let_in(app.test_client(), token).text
        case "too often":
            assert "West Mercia Police" in let_in(client, token).text
            session.add_all([ItemLinkUse(link_id=link.id, browser="x", at=clock.now()) for _ in range(MOST_USES)])
    session.commit()
    gone = let_in(client, token)
    assert gone.status_code == 404
    assert gone.request.path == f"/item/{token}".replace("%00", "\x00")
    assert page(gone).h1.text == "This link does not work"
    for text in (request_.known_case.reference, "West Mercia", EMAIL):
        assert text not in gone.text
    assert client.post(f"/item/{token}", data=SENT).status_code == 404
    assert client.get(f"/item/{token}/more-time").status_code == 404
    assert len(request_.known_case.events) == 2


def test_the_page_of_a_link_names_the_partnership_that_asks_once_it_is_open(
    client: FlaskClient, officer: User, request_: Deadline
) -> None:
    make_partnership("telford")
    token = make_item_link(request_, by=officer, email=EMAIL)
    answers = (client.get(f"/item/{token}"), let_in(client, token), client.get(f"/item/{token}/more-time"))
    names = [page(answer).select_one(".govuk-generic-header a").text for answer in answers]
    assert names == ["Case review tracker", "Shropshire", "Shropshire"]


def test_a_link_is_not_renewed_for_ever(
    session: Session, officer: User, request_: Deadline, today_is: Callable[[date], None]
) -> None:
    make_item_link(request_, by=officer, email=EMAIL)
    for days in range(1, MOST_RENEWALS + 4):
        today_is(TODAY + timedelta(days=2 * days))
        ask_for_link(EMAIL)
    assert len(session.scalars(select(ItemLink)).all()) == 1 + MOST_RENEWALS
    told = session.scalars(select(Message).where(Message.kind == "new_link_asked")).one()
    assert (told.user, told.case) == (officer, request_.case)
    assert f"/cases/{request_.known_case.reference}/requests" in told_mail(told).text
    make_item_link(request_, by=officer, email=EMAIL)
    today_is(TODAY + timedelta(days=30))
    ask_for_link(EMAIL)
    latest = session.scalars(select(ItemLink).order_by(ItemLink.id.desc()).limit(1)).one()
    assert (latest.renewals, latest.revoked_at) == (1, None)


def test_a_link_reaches_no_other_page(client: FlaskClient, officer: User, request_: Deadline) -> None:
    let_in(client, make_item_link(request_, by=officer, email=EMAIL))
    reference = request_.known_case.reference
    for address in ("/", "/cases", f"/cases/{reference}", f"/cases/{reference}/files", "/partner", "/files/x"):
        assert client.get(address).location.startswith("/sign-in")


def test_whoever_asks_for_a_new_link_is_told_nothing(
    client: FlaskClient, session: Session, officer: User, request_: Deadline
) -> None:
    make_item_link(request_, by=officer, email=EMAIL, days=1)
    link = session.scalars(select(ItemLink)).one()
    said = {client.post("/item/new-link", data={"email": email}).text.split("<main")[1] for email in (EMAIL, "a@b.uk")}
    assert len(said) == 1
    session.refresh(link)
    assert link.revoked_at is not None
    renewed = session.scalars(select(ItemLink).where(ItemLink.revoked_at.is_(None))).one()
    assert (renewed.email, renewed.case_id, renewed.subject) == (link.email, link.case_id, link.subject)
    mails = session.scalars(select(Message).where(Message.kind == "item_link").order_by(Message.made_at)).all()
    assert [mail.address for mail in mails] == [EMAIL, EMAIL]
    token = told_mail(mails[-1]).text.partition("/item/")[2][:43]
    assert token not in str(mails[-1].about)
    assert "West Mercia Police" in let_in(client, token).text
    revoke_item_link(renewed, by=officer)
    for _ in range(5):
        client.post("/item/new-link", data={"email": EMAIL})
    session.refresh(renewed)
    assert renewed.asked_again_at is not None
    assert len(session.scalars(select(Message).where(Message.kind == "item_link")).all()) == 2
    assert len(session.scalars(select(LinkAsk)).all()) == MOST_ASKS + 1
    assert "Enter an email address" in client.post("/item/new-link", data={"email": "nobody"}).text
    sign_in_as(client, officer)
    assert "A new link is asked for" in client.get(f"/cases/{request_.known_case.reference}/requests").text


def test_more_time_is_asked_for_and_agreed_or_not(
    client: FlaskClient, session: Session, officer: User, request_: Deadline
) -> None:
    due = request_.due_on
    assert due is not None
    token = make_item_link(request_, by=officer, email=EMAIL)
    let_in(client, token)
    later = {"version": "1", "submission": "t" * 24, "reason": "The file is in the archive"}
    too_early = client.post(f"/item/{token}/more-time", data={**later, "until": [str(due.day), str(due.month), "2026"]})
    assert "must be after the date it is due" in too_early.text
    answer = client.post(f"/item/{token}/more-time", data={**later, "until": ["1", "6", "2026"]}, follow_redirects=True)
    assert "Nobody has answered yet" in answer.text
    again = client.post(f"/item/{token}/more-time", data={**later, "until": ["1", "6", "2026"]})
    assert "You have asked for more time already" in again.text
    wish = session.scalars(select(TimeRequest)).one()
    for person in (make_user(Role.AUDITOR), make_user(Role.OFFICER, partnership=make_partnership("telford"))):
        with pytest.raises((NotPermitted, NotFound)):
            grant_time(wish, by=person)
    with pytest.raises(Refused, match="what to tell"):
        refuse_time(wish, by=officer, answer=" ")
    sign_in_as(client, officer)
    client.post(f"/requests/more-time/{wish.id}", data={"decision": "grant", "answer": "By June, please"})
    session.refresh(request_)
    assert (request_.due_on, request_.original_due_on) == (date(2026, 6, 1), due)
    assert request_.known_case.events[-1].step == "deadline_extended"
    assert differences(request_.known_case, reckoned(request_.known_case, TODAY)) == []
    with pytest.raises(Refused, match="answered already"):
        refuse_time(wish, by=officer, answer="No")
    told = let_in(client, token).text
    assert "This was agreed. By June, please." in told


def test_only_those_who_run_the_case_make_and_end_links(
    client: FlaskClient, session: Session, officer: User, request_: Deadline
) -> None:
    for person in (make_user(Role.AUDITOR), make_user(Role.OFFICER, partnership=make_partnership("telford"))):
        with pytest.raises((NotPermitted, NotFound)):
            make_item_link(request_, by=person, email=EMAIL)
    sign_in_as(client, officer)
    address = f"/requests/{request_.id}/link"
    assert "Enter an email address" in client.post(address, data={"email": "nobody", "days": "14"}).text
    assert "must be 90 or fewer" in client.post(address, data={"email": EMAIL, "days": "91"}).text
    made = page(client.post(address, data={"email": EMAIL, "days": "14"}))
    token = made.select_one("#address")["value"].rpartition("/")[2]
    link = session.scalars(select(ItemLink)).one()
    assert token not in link.token_hash
    assert link.expires_at == clock.now() + timedelta(days=14)
    client.post(f"/requests/links/{link.id}/end", data={"save": "yes"})
    assert client.get(f"/item/{token}").status_code == 404


def test_a_page_of_requests_takes_few_statements(
    client: FlaskClient,
    session: Session,
    officer: User,
    request_: Deadline,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    for number in range(12):
        agency = f"Agency {number}"
        record_step(request_.known_case, by=officer, step="information_requested", on=DAY, answers={}, subject=agency)
    for row in request_.known_case.deadlines[-12:]:
        make_item_link(row, by=officer, email=EMAIL)
    sign_in_as(client, officer)
    address = f"/cases/{request_.known_case.reference}/requests"
    with statements() as made:
        client.get(address)
    assert len(made) <= 10
    sign_in_as(client, contact_of(session, "West Mercia Police"))
    with statements() as made:
        client.get("/partner")
    assert len(made) <= 8


def test_a_large_file_is_taken_where_files_are_and_nowhere_else(
    client: FlaskClient, session: Session, request_: Deadline
) -> None:
    sign_in_as(client, contact_of(session, "West Mercia Police"))
    name, content = HOSTILE["one byte too many"]
    address = f"/partner/requests/{request_.id}"
    assert "The file must be 25 MB or smaller" in send(client, address, content, name).text
    assert send(client, address, content * 2, name).status_code == 413
    assert send(client, f"{address}/more-time", content, name).status_code == 413


def send(client: FlaskClient, address: str, content: bytes, name: str) -> TestResponse:
    """The form with a large file, as one body."""
    boundary, body = encode_multipart({**SENT, "file": FileStorage(BytesIO(content), name)})
    return client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")
