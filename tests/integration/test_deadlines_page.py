"""The deadlines across cases: by week, by month, without a date; whose they are; and nobody else's."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.models import Case, CaseAccess, Deadline, Role, User
from tracker.queries.deadlines import MOST_COUNTED, PAGE, owned_by
from tracker.services.cases import record_step

TODAY = date(2026, 3, 4)  # a Wednesday
MOST_STATEMENTS = 8


@pytest.fixture(autouse=True)
def _today(today_is: Callable[[date], None]) -> None:
    today_is(TODAY)


@pytest.fixture
def officer(session: Session) -> User:
    return make_user(Role.OFFICER)


def record(case: Case, by: User, step: str, on: date, subject: str = "", **answers: str) -> None:
    record_step(case, by=by, step=step, on=on, subject=subject, answers=answers)


def shown(client: FlaskClient, viewer: User, address: str = "/deadlines") -> BeautifulSoup:
    sign_in_as(client, viewer)
    response = client.get(address)
    assert response.status_code == 200, address
    return page(response)


def sections(found: BeautifulSoup) -> dict[str, list[str]]:
    """The references under each heading."""
    return {
        section.h2.text: [link.text for link in section.select("td a")]
        for section in found.select("main section[aria-labelledby]")
    }


def cells(found: BeautifulSoup, title: str) -> dict[str, str]:
    row = next(row for row in found.select("tbody tr") if row.th.get_text(strip=True) == title)
    return {str(cell["data-label"]): cell.get_text(" ", strip=True) for cell in row.select("td")}


def test_what_is_due_stands_under_its_week(client: FlaskClient, officer: User) -> None:
    late, soon, following, later = (
        make_case(officer, "dhr", on)
        for on in (date(2026, 1, 20), date(2026, 2, 8), date(2026, 2, 9), date(2026, 2, 16))
    )
    found = shown(client, officer)
    assert sections(found) == {
        "Overdue": [late.reference],
        "This week, to 8 March 2026": [soon.reference],
        "Next week, to 15 March 2026": [following.reference],
        "Later": [later.reference],
    }
    assert found.h1.text == "1 deadline is overdue and 1 more is due this week"
    assert cells(found, "Decide whether to review") == {
        "Due": "20 Feb 2026",
        "Status": "12 days overdue",
        "Belongs to": f"{late.reference} Domestic homicide",
        "Whose": "Partnership chair",
    }


def test_each_leads_to_how_its_date_was_worked_out(client: FlaskClient, officer: User) -> None:
    case = make_case(officer, "dhr", date(2026, 1, 20))
    record(case, officer, "decided_to_review", date(2026, 2, 5), rationale="Met.")
    for agency in ("Police", "Health"):
        record(case, officer, "imr_requested", date(2026, 2, 10), agency)
    links = [str(link["href"]) for link in shown(client, officer).select("tbody th a")]
    assert len(links) == 6
    working = page(client.get(links[0].partition("#")[0]))
    assert all(working.find(id=link.partition("#")[2]) for link in links)


def test_a_hold_excuses_only_what_the_law_says_and_waits_have_no_date(client: FlaskClient, officer: User) -> None:
    case = make_case(officer, "dhr", date(2025, 6, 2))
    for step, on, answers in (
        ("decided_to_review", date(2025, 6, 20), {"rationale": "Met."}),
        ("home_office_told", date(2025, 6, 20), {}),
        ("family_told", date(2025, 6, 20), {}),
        ("chair_appointed", date(2025, 6, 25), {}),
        ("panel_met", date(2025, 7, 1), {}),
        ("partnership_signed_off", date(2025, 12, 1), {}),
        ("submitted_to_qa", date(2025, 12, 2), {}),
        ("qa_feedback_received", date(2026, 1, 20), {"outcome": "cleared"}),
        ("hold_started", date(2026, 1, 28), {"reason": "inquest"}),
    ):
        record(case, officer, step, on, **answers)
    assert sections(shown(client, officer)) == {}
    waiting = shown(client, officer, "/deadlines/undated")
    assert cells(waiting, "Publish")["Status"] == "Not overdue on hold"
    assert cells(waiting, "Copy to the Domestic Abuse Commissioner") == {
        "Due": "No date",
        "Status": "Waiting 93 days On hold",
        "Belongs to": f"{case.reference} Domestic homicide",
        "Whose": f"Development officer {officer.name}",
    }


def test_mine_are_those_that_my_part_in_the_case_makes_mine(
    client: FlaskClient, session: Session, officer: User
) -> None:
    chair, manager, other = make_user(Role.CHAIR), make_user(Role.MANAGER), make_user(Role.OFFICER)
    case = make_case(officer, "dhr", date(2026, 2, 16))
    case.chair_id = chair.id
    unled = make_case(officer, "dhr", date(2026, 2, 17))
    unled.lead_id = None
    record(case, officer, "decided_to_review", date(2026, 2, 20), rationale="Met.")
    owned = {person: owned_keys(session, person) for person in (officer, chair, manager, other)}
    assert owned[officer] == {"tell_home_office", "tell_family", "appoint_chair"}
    assert owned[chair] == {"complete_report"}
    assert owned[manager] == {"decide"}
    assert owned[other] == set()
    assert "Nothing here is yours" in shown(client, other, "/deadlines?whose=mine").text
    mine = shown(client, officer, "/deadlines?whose=mine")
    assert mine.h1.text == "2 deadlines of yours are overdue; nothing more is due this week"
    assert sections(mine)["Overdue"] == [case.reference] * 2


def owned_keys(session: Session, person: User) -> set[str]:
    query = select(Deadline.key).join(Deadline.case).where(owned_by(person), Deadline.state == "open")
    return set(session.scalars(query))


def test_the_month_shows_what_was_met_and_counts_what_it_leaves_out(client: FlaskClient, officer: User) -> None:
    for _ in range(7):
        make_case(officer, "dhr", date(2026, 2, 16))
    met = make_case(officer, "dhr", date(2026, 2, 2))
    record(met, officer, "decided_to_review", date(2026, 2, 27), rationale="Met.")
    found = shown(client, officer, "/deadlines/month/2026-03")
    day = {cell.p.get_text(" ", strip=True): cell for cell in found.select("td:not(.outside)")}
    assert len(day) == 31
    assert "Met, 3 days early" in day["2 Monday"].text
    assert "4, today Wednesday" in day
    crowded = day["16 Monday"]
    assert len(crowded.select(".due")) == 5
    more = crowded.select("a")[-1]
    assert more.text == "2 more on 16 Mar 2026"
    assert len(shown(client, officer, str(more["href"])).select("tbody tr")) == 7


@pytest.mark.parametrize(
    "address", ["month/2026-13", "month/1899-12", "month/2026-3", "month/x", "day/2026-02-30", "day/x%00"]
)
def test_what_is_no_month_or_day_is_not_found(client: FlaskClient, officer: User, address: str) -> None:
    sign_in_as(client, officer)
    assert client.get(f"/deadlines/{address}").status_code == 404


def test_the_calendar_ends_where_it_ends(client: FlaskClient, officer: User) -> None:
    assert not shown(client, officer, "/deadlines/month/1900-01").select("[rel=prev]")
    assert not shown(client, officer, "/deadlines/month/2100-12").select("[rel=next]")


def test_only_what_one_may_see(client: FlaskClient, officer: User) -> None:
    named, elsewhere = make_user(Role.OFFICER), make_user(Role.OFFICER, partnership=make_partnership("telford"))
    case = make_case(officer, "dhr", date(2026, 2, 16))
    case.restricted, case.access = True, [CaseAccess(user_id=named.id)]
    for viewer, count in ((officer, 1), (named, 1), (make_user(Role.MANAGER), 0), (elsewhere, 0)):
        for address in ("/deadlines", "/deadlines/month/2026-03", "/deadlines/day/2026-03-16"):
            assert shown(client, viewer, address).text.count(case.reference) == count, (viewer.name, address)


def test_any_number_of_deadlines_takes_as_many_statements(
    client: FlaskClient, session: Session, officer: User, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    case = make_case(officer, "dhr", date(2026, 2, 16))
    case.chair_id = make_user(Role.CHAIR).id
    pattern = {"case_id": case.id, "key": "tell_family", "owner": "officer", "started_on": TODAY, "state": "open"}
    pattern |= {"window": False, "held": False}
    session.execute(
        insert(Deadline),
        [
            pattern | {"position": number, "occurrence": number, "due_on": TODAY + timedelta(number % 90)}
            for number in range(2, MOST_COUNTED + 50)
        ],
    )
    for address in ("/deadlines", "/deadlines?whose=mine&page=10", "/deadlines/undated", "/deadlines/month/2026-03"):
        sign_in_as(client, officer)
        with statements() as made:
            found = page(client.get(address))
        assert len(made) <= MOST_STATEMENTS, (address, made)
    last = shown(client, officer, "/deadlines?page=99")
    assert len(last.select("tbody tr")) == PAGE
    assert "The list ends after 500 deadlines" in last.text
    assert found.h1.text == "Deadlines in March 2026"


@pytest.mark.parametrize("page_asked", ["0", "-1", "x", "1" * 400, "²", "%00"])
def test_a_page_that_cannot_be_is_the_first(client: FlaskClient, officer: User, page_asked: str) -> None:
    make_case(officer, "dhr", date(2026, 2, 16))
    assert len(shown(client, officer, f"/deadlines?page={page_asked}&whose=%00").select("tbody tr")) == 1
