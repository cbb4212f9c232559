"""The list of cases as people use it: filters, order, pages, finding by reference."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.drawing import one
from tests.pages import page
from tracker.models import Case, User
from tracker.models.partnerships import Agency
from tracker.models.users import Role
from tracker.queries.cases import MOST_COUNTED
from tracker.services.cases import record_step

TODAY = date(2026, 3, 2)
MOST_STATEMENTS = 8


@pytest.fixture(autouse=True)
def _today(today_is: Callable[[date], None]) -> None:
    today_is(TODAY)


@pytest.fixture
def officer(session: Session) -> User:
    return make_user(Role.OFFICER)


def record(case: Case, by: User, step: str, on: date, subject: str = "", **answers: str) -> None:
    record_step(case, by=by, step=step, on=on, subject=subject, answers=answers)


def listed(client: FlaskClient, viewer: User, address: str = "/cases") -> BeautifulSoup:
    sign_in_as(client, viewer)
    response = client.get(address)
    assert response.status_code == 200
    return page(response)


def references(shown: BeautifulSoup) -> list[str]:
    return [link.text for link in shown.select("tbody th a")]


def cells(shown: BeautifulSoup, reference: str) -> dict[str, str]:
    row = next(row for row in shown.select("tbody tr") if one(row, "th a").text == reference)
    return {str(cell["data-label"]): cell.get_text(" ", strip=True) for cell in row.select("td")}


def test_a_case_shows_what_is_next_and_who_holds_it(client: FlaskClient, officer: User) -> None:
    case = make_case(officer, "dhr", date(2026, 1, 30))
    record(case, officer, "decided_to_review", date(2026, 2, 5), rationale="Met.")
    record(case, officer, "home_office_told", date(2026, 2, 6))
    record(case, officer, "family_told", date(2026, 2, 6))
    record(case, officer, "chair_appointed", date(2026, 2, 9))
    record(case, officer, "panel_met", date(2026, 2, 10))
    for agency in ("Police", "Health"):
        record(case, officer, "imr_requested", date(2026, 2, 10), agency)
    assert cells(listed(client, officer), case.reference) == {
        "Status": "In 5 weeks",
        "Next deadline": "Individual management review from two agencies 9 Apr 2026",
        "Held by": "Health, Police",
        "Stage": "Review",
        "Lead": officer.name,
    }


def test_the_most_pressing_comes_first_and_cases_without_a_date_last(client: FlaskClient, officer: User) -> None:
    late = make_case(officer, "dhr", date(2026, 1, 20))
    waiting = make_case(officer, "dhr", date(2026, 1, 21))
    record(waiting, officer, "decided_not_to_review", date(2026, 1, 22), rationale="Not met.")
    record(waiting, officer, "home_office_told", date(2026, 1, 23))
    record(waiting, officer, "family_told", date(2026, 1, 23))
    soon = make_case(officer, "asb", date(2026, 2, 27))
    shown = listed(client, officer)
    assert references(shown) == [late.reference, soon.reference, waiting.reference]
    assert cells(shown, late.reference)["Status"] == "10 days overdue"
    assert cells(shown, soon.reference)["Status"] == "In 4 days"
    assert cells(shown, waiting.reference)["Status"] == "Waiting 38 days"
    assert cells(shown, waiting.reference)["Held by"] == "Home Office"


def test_a_hold_is_said_and_does_not_hide_what_is_late(client: FlaskClient, officer: User) -> None:
    late, held = (make_case(officer, "dhr", on) for on in (date(2026, 1, 20), date(2026, 2, 20)))
    for case in (late, held):
        record(case, officer, "hold_started", date(2026, 2, 23), reason="inquest")
    shown = listed(client, officer, "/cases?status=on_hold")
    assert cells(shown, late.reference)["Status"] == "10 days overdue On hold"
    assert cells(shown, held.reference)["Status"] == "On hold"
    assert cells(shown, held.reference)["Held by"] == "Coroner"


def test_closed_cases_are_left_out_until_they_are_asked_for(client: FlaskClient, officer: User) -> None:
    case = make_case(officer, "asb", date(2026, 2, 2))
    record(case, officer, "withdrawn", date(2026, 2, 3), reason="Moved away.")
    assert references(listed(client, officer)) == []
    shown = cells(listed(client, officer, "/cases?status=closed"), case.reference)
    assert (shown["Status"], shown["Next deadline"], shown["Held by"]) == ("Closed", "Closed on 3 Feb 2026", "Nobody")


def test_a_case_of_others_is_not_listed_and_not_found(client: FlaskClient, officer: User) -> None:
    stranger = make_user(Role.OFFICER, partnership=make_partnership("elsewhere"))
    case = make_case(officer, "dhr", date(2026, 1, 30))
    assert references(listed(client, stranger)) == []
    shown = listed(client, stranger, f"/cases?reference={case.reference}")
    assert "No case that you may see has" in one(shown, "main").text


@pytest.mark.parametrize("typed", ["DHR-2026-001", "dhr-2026-001", "dhr 2026 001", " DHR–2026–001 "])
def test_a_whole_reference_goes_straight_to_its_case(client: FlaskClient, officer: User, typed: str) -> None:
    case = make_case(officer, "dhr", date(2026, 1, 30))
    record(case, officer, "closed", date(2026, 2, 3), reason="Logged twice.")
    sign_in_as(client, officer)
    response = client.get("/cases", query_string={"reference": typed})
    assert (response.status_code, response.location) == (302, f"/cases/{case.reference}")


def test_part_of_a_reference_finds_open_and_closed_cases(client: FlaskClient, officer: User) -> None:
    closed, open_ = make_case(officer, "dhr", date(2026, 1, 30)), make_case(officer, "dhr", date(2026, 2, 2))
    record(closed, officer, "closed", date(2026, 2, 3), reason="Logged twice.")
    assert set(references(listed(client, officer, "/cases?reference=dhr-2026"))) == {closed.reference, open_.reference}


@pytest.mark.parametrize(
    ("filter_", "finds"),
    [
        ("type=asb", ["ASB-2026-001"]),
        ("stage=review", ["DHR-2026-001"]),
        ("status=overdue", ["ASB-2026-001"]),
        ("agency=Police", ["DHR-2026-001"]),
        ("opened_from=2026-01-20", ["ASB-2026-001"]),
        ("opened_to=19&opened_to=Jan&opened_to=2026", ["DHR-2026-001"]),
        ("opened_from=2026-01-15&opened_to=2026-02-02&type=dhr", ["DHR-2026-001"]),
    ],
)
def test_a_filter_narrows_the_list_and_can_be_taken_away(
    client: FlaskClient, officer: User, session: Session, filter_: str, finds: list[str]
) -> None:
    session.add(Agency(partnership_id=officer.memberships[0].partnership_id, name="Police"))
    case = make_case(officer, "dhr", date(2026, 1, 15))
    record(case, officer, "decided_to_review", date(2026, 2, 27), rationale="Met.")
    record(case, officer, "imr_requested", date(2026, 2, 27), "Police")
    make_case(officer, "asb", date(2026, 2, 2))
    shown = listed(client, officer, f"/cases?{filter_}")
    assert references(shown) == finds
    address = f"/cases?{filter_}"
    for _ in range(6):  # each chip takes its own filter away and keeps the others
        chips = page(client.get(address)).select(".chips a[rel=nofollow]")
        if not chips:
            break
        address = str(chips[-1]["href"])
    assert len(references(page(client.get(address)))) == 2


def test_a_list_can_be_that_of_one_lead(client: FlaskClient, officer: User) -> None:
    colleague = make_user(Role.OFFICER)
    mine, theirs = make_case(officer, "asb", date(2026, 2, 2)), make_case(colleague, "asb", date(2026, 2, 3))
    shown = listed(client, officer, f"/cases?lead={colleague.id}")
    assert references(shown) == [theirs.reference]
    mine_link = next(link for link in shown.select("nav.subnav a") if link.text == "Mine")
    assert references(page(client.get(str(mine_link["href"])))) == [mine.reference]


def test_headings_sort_and_say_so(client: FlaskClient, officer: User) -> None:
    for case_type in ("dhr", "asb"):
        make_case(officer, case_type, date(2026, 2, 2))
    shown = listed(client, officer, "/cases?type=&sort=case")
    assert references(shown) == ["ASB-2026-001", "DHR-2026-001"]
    heading = one(shown, "th[aria-sort]")
    assert (heading.text, heading["aria-sort"]) == ("Case", "ascending")
    shown = page(client.get(str(one(heading, "a")["href"])))
    assert references(shown) == ["DHR-2026-001", "ASB-2026-001"]
    assert one(shown, "th[aria-sort]")["aria-sort"] == "descending"
    for key in ("due", "held", "stage", "lead", "-lead"):
        assert len(references(page(client.get(f"/cases?sort={key}")))) == 2


def many(officer: User, session: Session, number: int) -> None:
    session.add_all(
        Case(
            reference=f"ASB-2026-{place:03}",
            case_type="asb",
            edition="asb-2014",
            partnership_id=officer.memberships[0].partnership_id,
            lead_id=officer.id,
            stage="application",
            held_by="officer",
            opened_on=TODAY,
        )
        for place in range(1, number + 1)
    )


def test_there_are_25_on_a_page(client: FlaskClient, officer: User, session: Session) -> None:
    many(officer, session, 30)
    first = listed(client, officer, "/cases?sort=case&type=asb")
    assert len(references(first)) == 25
    assert one(first, "title").text.startswith("Cases (page 1 of 2)")
    assert one(first, "caption").text == "Cases 1 to 25 of 30, by reference"
    second = page(client.get(str(one(first, ".govuk-pagination__next a")["href"])))
    assert references(second) == [f"ASB-2026-{place:03}" for place in range(26, 31)]
    assert references(page(client.get("/cases?sort=case&page=9"))) == references(second)


def test_a_large_total_is_capped(client: FlaskClient, officer: User, session: Session) -> None:
    many(officer, session, MOST_COUNTED + 1)
    shown = listed(client, officer)
    assert one(shown, "main h2.govuk-heading-m").text == "More than 500 cases"
    assert len(references(page(client.get("/cases?page=9999")))) == 25


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("type=nonsense", "Kind of review must be one of those listed"),
        ("stage=%00", "Stage must be one of those listed"),
        ("status=nonsense", "Status must be one of those listed"),
        ("lead=abc", "Lead must be one of those listed"),
        ("agency=<script>", "Agency asked or waited for must be one of those listed"),
        ("opened_from=31&opened_from=2&opened_from=2026", "31 February 2026 does not exist"),
        ("opened_to=2026-13-01", "Month must be a number from 1 to 12"),
        ("opened_from=2026-02-01&opened_to=2026-01-01", "The last day must be on or after the first"),
        ("reference=" + "x" * 5000, "must be 40 characters or fewer"),
    ],
)
def test_a_bad_filter_is_shown_as_an_error_and_filters_nothing(
    client: FlaskClient, officer: User, query: str, says: str
) -> None:
    case = make_case(officer, "dhr", date(2026, 1, 30))
    shown = listed(client, officer, f"/cases?{query}")
    problem = one(shown, ".govuk-error-summary a")
    assert says in problem.text
    assert shown.select_one(str(problem["href"]))
    assert one(shown, "title").text.startswith("Error: ")
    assert "open" in one(shown, "details").attrs
    assert "last day" in says or references(shown) == [case.reference]


@pytest.mark.parametrize(
    "query", ["page=-1", "page=abc", "page=999999", "page=" + "9" * 400, "sort=evil", "sort=-", "other=1"]
)
def test_a_bad_page_or_order_is_ignored(client: FlaskClient, officer: User, query: str) -> None:
    case = make_case(officer, "dhr", date(2026, 1, 30))
    shown = listed(client, officer, f"/cases?{query}")
    assert references(shown) == [case.reference]
    assert not shown.select(".govuk-error-summary")


def test_an_empty_list_says_what_comes_next(client: FlaskClient, officer: User) -> None:
    assert "Log a referral" in one(listed(client, officer), "main p.govuk-body").text
    auditor = make_user(Role.AUDITOR)
    shown = listed(client, auditor)
    assert "when a development officer logs a referral" in one(shown, "main p.govuk-body").text
    assert "Log a referral" not in one(shown, ".page-head").text
    assert "No case matches" in one(listed(client, officer, "/cases?type=owhr"), "main").text


def test_a_name_is_shown_as_text(client: FlaskClient, officer: User, session: Session) -> None:
    officer.name = "<img src=x onerror=alert(1)>"
    session.commit()
    case = make_case(officer, "dhr", date(2026, 1, 30))
    assert cells(listed(client, officer), case.reference)["Lead"] == "<img src=x onerror=alert(1)>"


def test_a_review_without_a_duty_is_marked_as_planning(client: FlaskClient, officer: User) -> None:
    case = make_case(officer, "owhr", date(2026, 1, 30))
    row = next(row for row in listed(client, officer).select("tbody tr") if case.reference in row.text)
    assert "Planning only" in one(row, "th").text


def test_the_list_takes_few_statements(
    client: FlaskClient, officer: User, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    for case_type in ("dhr", "asb", "owhr", "asb"):
        make_case(make_user(Role.OFFICER), case_type, date(2026, 2, 2))
    listed(client, officer)
    with statements() as made:
        client.get("/cases?status=all&sort=lead")
    assert len(made) <= MOST_STATEMENTS, made
