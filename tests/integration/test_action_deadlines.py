"""Deadlines of actions among all others: on the page of deadlines, in calendars, on the first page, for who may see."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.models import Agency, Case, Deadline, PlannedAction, Role, User
from tracker.procedures.target_dates import Target
from tracker.services import actions, plans, progress, recommendations
from tracker.services.calendar_feeds import create_calendar_link

TODAY = date(2026, 3, 4)  # a Wednesday
LISTS = ("/deadlines", "/deadlines/month/2026-03", "/deadlines/day/2026-03-20", "/deadlines?whose=mine")
TRAIN, BUY = "Train the duty team", "Buy beds"


def by(on: date) -> Target:
    return Target(f"by {on}", on, on, "day")


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


@pytest.fixture
def case(officer: User) -> Case:
    return make_case(officer, "dhr", date(2026, 2, 16))


@pytest.fixture
def trained(case: Case, officer: User) -> PlannedAction:
    """An action of the case's plan, which an agency leads."""
    return planned(case, officer, TRAIN, by(date(2026, 3, 20)))


@pytest.fixture
def bought(officer: User) -> PlannedAction:
    """One of the partnership's own plan."""
    return planned(make_partnership(), officer, BUY, by(date(2026, 3, 20)))


def planned(of: object, officer: User, text: str, target: Target) -> PlannedAction:
    plan = plans.begin_plan(of, by=officer, title="Own plan")  # type: ignore[arg-type]
    asked = recommendations.add_recommendation(plan, by=officer, number="R1", text="Do it.", scope="local")
    return actions.add_action(asked, by=officer, text=text, target=target, lead_agency="Police")


def shown(client: FlaskClient, viewer: User, address: str) -> BeautifulSoup:
    sign_in_as(client, viewer)
    return page(client.get(address))


def feed(client: FlaskClient, person: User) -> dict[str, dict[str, object]]:
    response = client.get(f"/calendar/{create_calendar_link(person, by=person)}.ics")
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(response.data).walk("VEVENT")}


def test_an_action_stands_among_the_deadlines_with_its_place_and_its_working(
    client: FlaskClient, officer: User, case: Case, trained: PlannedAction, bought: PlannedAction
) -> None:
    found = shown(client, officer, "/deadlines")
    rows = {row.th.get_text(strip=True): row for row in found.select("tbody tr")}
    own = rows[f"Action 1 to be done: {BUY}"]
    assert [link["href"] for link in own.select("a")] == [f"/plans/actions/{bought.id}", f"/plans/{bought.plan_id}"]
    of_case = rows[f"Action 1 to be done: {TRAIN}"]
    assert of_case.select("a")[1].text == case.reference
    assert [cell.get_text(" ", strip=True) for cell in of_case.select("td")][-1] == "Police"
    assert f"{TRAIN}" in shown(client, officer, "/deadlines/month/2026-03").text
    assert client.get(f"/plans/actions/{trained.id}").status_code == 200
    mine = shown(client, officer, "/deadlines?whose=mine").text
    assert TRAIN in mine
    assert BUY not in mine  # nobody leads a partnership's plan: it is its managers'
    assert BUY in shown(client, make_user(Role.MANAGER), "/deadlines?whose=mine").text
    assert TRAIN in shown(client, officer, "/").text
    progress.claim_complete(trained, by=officer, on=TODAY, text="Done.")
    assert TRAIN not in shown(client, officer, "/deadlines").text
    assert "Met, 16 days early" in shown(client, officer, "/deadlines/day/2026-03-20").text


def test_nobody_sees_the_actions_of_another(
    client: FlaskClient, session: Session, case: Case, trained: PlannedAction, bought: PlannedAction
) -> None:
    case.restricted = True
    session.commit()
    elsewhere, manager = make_user(Role.MANAGER, partnership=make_partnership("telford")), make_user(Role.MANAGER)
    for address in LISTS:
        assert TRAIN not in shown(client, manager, address).text
        assert not any(text in shown(client, elsewhere, address).text for text in (TRAIN, BUY))
    assert feed(client, elsewhere) == {}
    assert list(feed(client, manager)) == ["Partnership action plan: Action 1 to be done"]
    one = "/plans/actions/{}/deadlines/action-target.ics"
    sign_in_as(client, elsewhere)
    assert [client.get(one.format(action.id)).status_code for action in (trained, bought)] == [404, 404]
    assert client.get(one.format("1").replace("action-target", "%00")).status_code == 404


def test_calendars_follow_an_action_and_name_nobody(
    client: FlaskClient, officer: User, case: Case, trained: PlannedAction
) -> None:
    name = f"{case.reference}: Action 1 to be done"
    before = feed(client, officer)[name]
    assert (before["DTSTART"].dt, before["STATUS"]) == (date(2026, 3, 20), "CONFIRMED")  # type: ignore[attr-defined]
    assert "Police" not in str(before)
    actions.move_target(trained, by=officer, target=by(date(2026, 4, 20)), reason="No trainer.")
    moved = feed(client, officer)[name]
    assert moved["UID"] == before["UID"]
    assert moved["DTSTART"].dt == date(2026, 4, 20)  # type: ignore[attr-defined]
    assert int(str(moved["SEQUENCE"])) > int(str(before["SEQUENCE"]))
    sign_in_as(client, officer)
    link = page(client.get(f"/plans/actions/{trained.id}")).select_one("a[href$='.ics']")
    assert link
    assert "Add 20 April 2026 to calendar" in link.text
    alone = client.get(str(link["href"]))
    assert f'filename="action-{trained.id}-action-target.ics"' in alone.headers["Content-Disposition"]
    assert [event["UID"] for event in Calendar.from_ical(alone.data).walk("VEVENT")] == [moved["UID"]]
    progress.claim_complete(trained, by=officer, on=TODAY, text="Done.")
    assert feed(client, officer)[name]["STATUS"] == "CANCELLED"


def test_a_partner_has_the_actions_of_their_agency_and_no_other(
    client: FlaskClient, session: Session, case: Case, officer: User
) -> None:
    partner = make_user(Role.PARTNER)
    partner.agency = Agency(partnership_id=case.partnership_id, name="Police")
    session.commit()
    action = planned(case, officer, TRAIN, by(date(2026, 3, 2)))
    asked = action.recommendation
    actions.add_action(asked, by=officer, text=BUY, target=by(date(2026, 3, 20)), lead_agency="Fire")
    found = feed(client, partner)
    assert list(found) == [f"{case.reference}: Action 1 to be done"]
    assert str(found[f"{case.reference}: Action 1 to be done"]["URL"]) == "http://127.0.0.1:5000/"
    first = shown(client, partner, "/")
    assert first.h1.text == "Police has one action to carry out, 2 days overdue"
    assert first.select_one("main a.govuk-button")["href"] == f"/partner/actions/{action.id}"
    assert BUY not in first.text
    assert client.get("/deadlines").status_code in (403, 404)


def test_the_first_page_counts_late_actions_as_their_list_does(
    client: FlaskClient, session: Session, officer: User, case: Case
) -> None:
    planned(case, officer, TRAIN, by(date(2026, 3, 2)))
    first = shown(client, make_user(Role.MANAGER), "/")
    tile = next(link for link in first.select("main a") if link["href"] == "/actions?kind=late")
    assert tile.get_text(" ", strip=True) == "1 action late"
    assert "Late: 1 action" in page(client.get("/actions?kind=late")).text
    assert [cell.text for cell in first.select("#team ~ .columns td")][-1] == "1"


def test_any_number_of_actions_takes_as_many_statements(
    client: FlaskClient,
    session: Session,
    officer: User,
    case: Case,
    trained: PlannedAction,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    action = session.scalars(select(PlannedAction)).one()
    row = {name: getattr(action, name) for name in ("plan_id", "partnership_id", "case_id", "recommendation_id")}
    numbers = range(action.id + 1, action.id + 61)
    more = [row | {"id": n, "position": n, "text": f"More {n}", "due_on": action.due_on} for n in numbers]
    session.execute(insert(PlannedAction), more)
    deadline = {column: getattr(action.deadlines[0], column) for column in Deadline.__table__.columns.keys()}  # noqa: SIM118
    del deadline["id"]
    session.execute(insert(Deadline), [deadline | {"action_id": n, "occurrence": n, "position": n} for n in numbers])
    session.commit()
    token = create_calendar_link(officer, by=officer)
    sign_in_as(client, officer)
    for address, most in {**dict.fromkeys(LISTS, 8), "/": 12, f"/calendar/{token}.ics": 8}.items():
        with statements() as made:
            assert client.get(address).status_code == 200
        assert len(made) <= most, (address, made)
