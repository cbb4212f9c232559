"""Deadlines in people's own calendars: read back as a calendar reads them, and gone once one may not see them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker import clock
from tracker.errors import NotPermitted
from tracker.models import Agency, AuditEntry, CalendarFeed, Case, CaseAccess, LocalSetting, Role, User
from tracker.services.calendar_feeds import create_calendar_link, revoke_calendar_link
from tracker.services.cases import record_step
from tracker.services.users import disable_user, remove_role

TODAY = date(2026, 3, 4)
DECIDE = "Decide whether to review"


@pytest.fixture(autouse=True)
def _today(today_is: Callable[[date], None]) -> None:
    today_is(TODAY)


@pytest.fixture
def officer(session: Session) -> User:
    return make_user(Role.OFFICER)


@pytest.fixture
def case(officer: User) -> Case:
    return make_case(officer, "dhr", date(2026, 2, 16))


def record(case: Case, by: User, step: str, on: date, **answers: str) -> None:
    record_step(case, by=by, step=step, on=on, answers=answers)


def fetched(client: FlaskClient, token: str) -> dict[str, dict[str, Any]]:
    """The events of a feed by their summaries, as the library reads them."""
    response = client.get(f"/calendar/{token}.ics")
    assert (response.status_code, response.mimetype) == (200, "text/calendar")
    return {str(event["SUMMARY"]): event for event in events(response.data)}


def events(content: bytes) -> Iterator[dict[str, Any]]:
    calendar = Calendar.from_ical(content)
    assert calendar["VERSION"] == "2.0"
    yield from calendar.walk("VEVENT")


def test_a_feed_holds_the_persons_deadlines_and_no_names(client: FlaskClient, officer: User, case: Case) -> None:
    make_case(make_user(Role.OFFICER), "dhr", date(2026, 2, 17))
    found = fetched(client, create_calendar_link(officer, by=officer))
    assert list(found) == [f"{case.reference}: {DECIDE}"]
    event = found[f"{case.reference}: {DECIDE}"]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 3, 16), date(2026, 3, 17))
    assert (event["STATUS"], event["CLASS"], event["TRANSP"]) == ("CONFIRMED", "CONFIDENTIAL", "TRANSPARENT")
    assert str(event["UID"]).endswith("@127.0.0.1")
    assert str(event["URL"]) == f"http://127.0.0.1:5000/cases/{case.reference}/deadlines#decide-1"
    assert officer.name not in str(event)


def test_what_moves_keeps_its_identity_and_raises_its_sequence(
    client: FlaskClient, session: Session, officer: User, case: Case
) -> None:
    record(case, officer, "decided_to_review", date(2026, 2, 20), rationale="Met.")
    record(case, officer, "chair_appointed", date(2026, 2, 20))
    token, report = create_calendar_link(officer, by=officer), f"{case.reference}: Complete the overview report"
    before = fetched(client, token)[report]
    assert fetched(client, token)[report] == before
    extended = {"deadline": "complete_report", "to": "2026-11-20", "reason": "trial", "agreed_by": "panel"}
    record(case, officer, "deadline_extended", date(2026, 3, 1), **extended)
    moved = fetched(client, token)[report]
    assert moved["UID"] == before["UID"]
    assert moved["DTSTART"].dt == date(2026, 11, 20)
    assert moved["SEQUENCE"] > before["SEQUENCE"]
    session.add(LocalSetting(partnership_id=case.partnership_id, key="dhr.imr", value="{}", takes_effect_on=TODAY))
    session.commit()
    assert fetched(client, token)[report]["SEQUENCE"] > moved["SEQUENCE"]


def test_what_is_met_is_said_to_be_cancelled_for_ninety_days(
    client: FlaskClient, today_is: Callable[[date], None], officer: User, case: Case
) -> None:
    token = create_calendar_link(officer, by=officer)
    ((summary, before),) = fetched(client, token).items()
    record(case, officer, "decided_to_review", date(2026, 3, 2), rationale="Met.")
    met = fetched(client, token)[summary]
    assert (met["STATUS"], met["UID"]) == ("CANCELLED", before["UID"])
    assert met["SEQUENCE"] > before["SEQUENCE"]
    today_is(date(2026, 3, 16) + timedelta(days=90))
    assert summary in fetched(client, token)
    today_is(date(2026, 3, 16) + timedelta(days=91))
    assert summary not in fetched(client, token)
    assert f"{case.reference}: Tell the family the decision" in fetched(client, token)  # still open, however old


def test_access_is_asked_at_every_fetch(client: FlaskClient, session: Session, officer: User, case: Case) -> None:
    manager = make_user(Role.MANAGER)
    case.lead_id = None
    token = create_calendar_link(manager, by=manager)
    assert len(fetched(client, token)) == 1
    case.restricted = True
    assert fetched(client, token) == {}
    case.access = [CaseAccess(user_id=manager.id)]
    assert len(fetched(client, token)) == 1
    remove_role(manager, by=None, partnership=make_partnership(), role=Role.MANAGER)
    assert fetched(client, token) == {}


def test_a_partner_sees_what_their_agency_is_asked_for(
    client: FlaskClient, session: Session, officer: User, case: Case
) -> None:
    partner = make_user(Role.PARTNER)
    partner.agency = Agency(partnership_id=case.partnership_id, name="Police")
    record(case, officer, "decided_to_review", date(2026, 2, 20), rationale="Met.")
    for agency in ("Police", "Health"):
        record_step(case, by=officer, step="imr_requested", on=date(2026, 2, 20), answers={}, subject=agency)
    session.commit()
    (found,) = fetched(client, create_calendar_link(partner, by=partner)).values()
    assert str(found["SUMMARY"]) == f"{case.reference}: Individual management review"
    assert str(found["URL"]) == "http://127.0.0.1:5000/"


def test_every_link_that_does_not_work_looks_the_same(client: FlaskClient, officer: User) -> None:
    revoked = create_calendar_link(officer, by=officer)
    replaced = create_calendar_link(officer, by=officer)
    working = create_calendar_link(officer, by=officer)
    other = make_user(Role.OFFICER)
    disabled = create_calendar_link(other, by=other)
    disable_user(other, by=None)
    wrong = (revoked, replaced, disabled, working[:-1], working.upper(), "x", "x" * 20_001, "%00", "..", "’")
    told = set()
    for token in wrong:
        response = client.get(f"/calendar/{token}.ics")
        told.add((response.status_code, response.headers.get("ETag"), page(response).main.text))
    assert len(told) == 1
    assert next(iter(told))[0] == 404
    assert fetched(client, working) == {}
    revoke_calendar_link(officer, by=officer)
    assert client.get(f"/calendar/{working}.ics").status_code == 404


def test_only_a_hash_of_the_token_is_kept(session: Session, officer: User) -> None:
    token = create_calendar_link(officer, by=officer)
    feed = session.scalars(select(CalendarFeed)).one()
    assert len(feed.token_hash) == 64
    kept = session.scalars(select(AuditEntry.detail)).all()
    assert not any(token in text for text in (feed.token_hash, *kept))


def test_nobody_makes_or_ends_a_link_for_another(officer: User) -> None:
    administrator = make_user(Role.ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        create_calendar_link(officer, by=administrator)
    with pytest.raises(NotPermitted):
        revoke_calendar_link(officer, by=administrator)
    with pytest.raises(NotPermitted):
        create_calendar_link(administrator, by=administrator)


def test_an_unchanged_calendar_is_not_sent_again(client: FlaskClient, officer: User, case: Case) -> None:
    address = f"/calendar/{create_calendar_link(officer, by=officer)}.ics"
    seen = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": seen})
    assert (again.status_code, again.data) == (304, b"")
    case.restricted, case.lead_id = True, None  # no fact is added, and yet it must go
    assert client.get(address, headers={"If-None-Match": seen}).status_code == 200


def test_a_deadline_is_added_to_a_calendar_by_itself(client: FlaskClient, officer: User, case: Case) -> None:
    sign_in_as(client, officer)
    offered = page(client.get(f"/cases/{case.reference}/deadlines")).select("article a[href$='.ics']")
    response = client.get(str(offered[0]["href"]))
    assert response.headers["Content-Disposition"] == f'attachment; filename="{case.reference}-decide.ics"'
    (event,) = events(response.data)
    (in_feed,) = fetched(client, create_calendar_link(officer, by=officer)).values()
    assert event == in_feed
    assert Calendar.from_ical(response.data)["METHOD"] == "PUBLISH"
    for wrong in ("decide-2", "publish-1", "decide-99999999999999999999", "x-1", "x%00-1", "é-1"):
        assert client.get(f"/cases/{case.reference}/deadlines/{wrong}.ics").status_code == 404, wrong


def test_a_link_is_made_shown_once_and_ended(client: FlaskClient, officer: User, case: Case) -> None:
    sign_in_as(client, officer)
    made = page(client.post("/account/calendar", data={"link": "new"}))
    address = made.find(id="address")["value"]
    token = address.removeprefix("http://127.0.0.1:5000/calendar/").removesuffix(".ics")
    assert len(fetched(client, token)) == 1
    assert token not in client.get("/account/calendar").text
    assert "Your link was made on" in client.get("/account/calendar").text
    assert client.post("/account/calendar", data={"link": "none"}).status_code == 302
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_any_number_of_deadlines_takes_as_many_statements(
    client: FlaskClient, officer: User, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    token = create_calendar_link(officer, by=officer)
    for day in range(1, 8):
        make_case(officer, "asb", date(2026, 2, day))
    with statements() as made:
        assert len(fetched(client, token)) > 10
    assert len(made) <= 4, made


def test_the_stamp_is_when_the_last_fact_was_recorded(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, officer: User, case: Case
) -> None:
    token = create_calendar_link(officer, by=officer)
    at = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: at)
    record(case, officer, "agencies_scoped", date(2026, 3, 4))
    (event,) = fetched(client, token).values()
    assert event["DTSTAMP"].dt == at
