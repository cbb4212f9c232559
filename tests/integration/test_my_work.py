"""The first page of each role: the finding, counts that are their lists, what is next, nothing of what is hidden."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.models import Agency, Case, CaseAccess, CheckResult, Role, User
from tracker.queries.team_work import month_ends, overdue_at
from tracker.services.cases import record_step
from tracker.services.drafts import begin_draft, save_page

TODAY = date(2026, 3, 2)
AGENCY = "Teme Meadow Homes"
MOST_STATEMENTS = 12
ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _today(today_is: Callable[[date], None]) -> None:
    today_is(TODAY)


@pytest.fixture
def officer(session: Session) -> User:
    return make_user(Role.OFFICER)


def record(case: Case, by: User, step: str, on: date, subject: str = "", **answers: str) -> None:
    record_step(case, by=by, step=step, on=on, subject=subject, answers=answers)


def caseload(officer: User) -> dict[str, Case]:
    """A case of each standing, led by *officer*: due on 20 February, due on 5 March, waiting for a body, due later."""
    cases = {
        "late": make_case(officer, "dhr", date(2026, 1, 20)),
        "soon": make_case(officer, "dhr", date(2026, 2, 5)),
        "waits": make_case(officer, "asb", date(2026, 2, 27)),
        "later": make_case(officer, "dhr", date(2026, 2, 28)),
    }
    record(cases["waits"], officer, "acknowledged", date(2026, 2, 27))
    record(cases["waits"], officer, "information_requested", date(2026, 3, 1), AGENCY)
    return cases


def shown(client: FlaskClient, viewer: User) -> BeautifulSoup:
    sign_in_as(client, viewer)
    response = client.get("/")
    assert response.status_code == 200
    return page(response)


def said(soup: BeautifulSoup) -> str:
    return soup.main.get_text(" ", strip=True)


def counts(soup: BeautifulSoup) -> dict[str, str]:
    """The words of each count, and its number."""
    return {tile.get_text(" ", strip=True).partition(" ")[2]: tile.b.text for tile in soup.select(".counts a")}


# -- By role ----------------------------------------------------------------------------------------------------------


def test_an_officer_sees_what_is_due_and_by_when(client: FlaskClient, officer: User) -> None:
    cases = caseload(officer)
    make_case(make_user(Role.OFFICER), "dhr", date(2026, 1, 20))  # a colleague's
    soup = shown(client, officer)
    assert soup.h1.text == "One of your cases is overdue, and one has something due in the next 7 days"
    assert counts(soup) == {
        "case overdue": "1",
        "case with something due in the next 7 days": "1",
        "case waiting for replies": "1",
    }
    headings = [heading.text for heading in soup.select("section[aria-labelledby=next] h3")]
    assert headings == ["Overdue", "Next 7 days", "Later"]
    first = soup.select("section[aria-labelledby=next] li")[0].get_text(" ", strip=True)
    assert first == (
        f"Fri 20 Feb Decide whether to review {cases['late'].reference}, domestic homicide review, "
        "with the partnership chair 10 days overdue"
    )
    assert f"Information: {AGENCY}" in said(soup)
    assert soup.select_one(".page-head a").text == "Log a referral"


def test_changes_are_what_others_recorded_since_one_was_here(
    client: FlaskClient, officer: User, session: Session, today_is: Callable[[date], None]
) -> None:
    case, colleague = make_case(officer, "dhr", date(2026, 2, 5)), make_user(Role.OFFICER)
    today_is(date(2026, 2, 6))
    record(case, colleague, "agencies_scoped", date(2026, 2, 6))
    shown(client, officer)
    today_is(TODAY)
    record(case, colleague, "submitted_for_decision", date(2026, 3, 2))
    changes = shown(client, officer).select("section[aria-labelledby=changes] li")
    assert [change.p.text for change in changes] == ["Submitted for decision", "Agencies scoped"]
    assert ["New" in change.text for change in changes] == [True, False]
    assert f"Today, 12:00pm, {colleague.name}" in changes[0].text


def test_a_referral_that_was_begun_is_taken_up_again(client: FlaskClient, officer: User, session: Session) -> None:
    draft = begin_draft(make_partnership(), by=officer, case_type="asb")
    save_page(draft, by=officer, page="summary", answers={"summary": "Noise."})
    soup = shown(client, officer)
    begun = soup.select_one("section[aria-labelledby=unfinished] li")
    assert begun.a.text == "Referral, anti-social behaviour case review"
    assert begun.a["href"] == f"/cases/log/{draft.key}"
    assert re.fullmatch(r"Saved today, 12:00pm\. One of \w+ questions answered\.", begun.p.text)
    colleague = shown(client, make_user(Role.OFFICER))
    assert colleague.select_one("section[aria-labelledby=unfinished]") is None


def test_a_chair_sees_what_waits_for_a_decision_and_the_next_panel(
    client: FlaskClient, officer: User, session: Session
) -> None:
    chair, other = make_user(Role.CHAIR), make_user(Role.CHAIR)
    cases = caseload(officer)
    cases["late"].chair_id = chair.id
    cases["soon"].chair_id = other.id
    record(cases["waits"], officer, "panel_arranged", date(2026, 3, 2), panel_on="2026-03-20")
    cases["waits"].chair_id = chair.id
    soup = shown(client, chair)
    assert soup.h1.text == "Two cases are waiting for your decision"
    waiting = soup.select_one("section[aria-labelledby=decide]").text
    assert cases["late"].reference in waiting
    assert cases["later"].reference in waiting  # nobody chairs it yet
    assert cases["soon"].reference not in waiting
    panel = soup.select_one("section[aria-labelledby=panel]").text
    assert "Friday 20 March 2026" in panel
    assert cases["waits"].reference in panel


def test_a_manager_sees_what_is_overdue_by_person_and_holder(client: FlaskClient, officer: User) -> None:
    colleague, manager = make_user(Role.OFFICER), make_user(Role.MANAGER)
    caseload(officer)
    make_case(colleague, "dhr", date(2026, 1, 10))
    make_case(colleague, "asb", date(2026, 2, 2)).lead_id = None
    soup = shown(client, manager)
    assert soup.h1.text == "Three cases are overdue, and one has something due in the next 7 days"
    by_lead, by_holder = soup.select("section[aria-labelledby=team] > .columns > div:first-child table")
    late = {row.th.text: [row.a.contents[0], row.select("td")[1].text] for row in by_lead.select("tbody tr")}
    assert late == {officer.name: ["1", "10 days"], colleague.name: ["1", "2 weeks"], "Nobody": ["1", "3 weeks"]}
    assert {row.th.text: row.a.contents[0] for row in by_holder.select("tbody tr")} == {"Development officer": "3"}
    course = soup.select_one("section[aria-labelledby=course]")
    assert course.h3.text == "As many deadlines are overdue as at the end of February"
    assert soup.select_one(".page-head a").text == "View overdue"


def test_an_auditor_sees_whether_the_record_is_whole(client: FlaskClient, officer: User, session: Session) -> None:
    auditor = make_user(Role.AUDITOR)
    caseload(officer)
    soup = shown(client, auditor)
    assert soup.h1.text == "You may examine 4 cases, and the record of changes has not been verified yet"
    assert len(soup.select("section[aria-labelledby=newest] li")) == 4
    result = CheckResult(name="audit", passed=True, says="Intact")
    session.add(result)
    soup = shown(client, auditor)
    assert soup.h1.text == "You may examine 4 cases, and the record of changes is intact"
    assert "Intact when it was last verified, 2 March 2026, 12:00pm." in said(soup)
    result.passed, result.says = False, "Entry 3: the entry is missing"
    soup = shown(client, auditor)
    assert soup.h1.text == "The record of changes is not intact"
    assert "Entry 3: the entry is missing. Tell the administrator at once." in said(soup)
    assert shown(client, make_user(Role.ADMINISTRATOR)).h1.text.endswith("and one nightly check has failed")


def test_a_partner_sees_the_request_and_nothing_else_of_the_case(
    client: FlaskClient, officer: User, session: Session
) -> None:
    partner = make_user(Role.PARTNER)
    partner.agency = Agency(partnership_id=make_partnership().id, name=AGENCY)
    case = caseload(officer)["waits"]
    record(case, officer, "information_requested", date(2026, 3, 1), "Another Agency")
    soup = shown(client, partner)
    assert soup.h1.text == f"{AGENCY} has one request to answer"
    (request,) = soup.select("section[aria-labelledby=requests] li")
    assert request.get_text(" ", strip=True) == f"13 Mar 2026 Information {case.reference} In 11 days"
    assert "Another" not in said(soup)
    assert client.get(str(request.a["href"])).status_code == 200
    assert soup.select_one(".page-head a")["href"] == request.a["href"]
    assert client.get(f"/cases/{case.reference}").status_code == 403
    case.restricted = True
    assert shown(client, partner).h1.text == "Nothing is waiting for you"
    session.add(CaseAccess(case_id=case.id, user_id=partner.id))
    assert "one request" in shown(client, partner).h1.text
    record(case, officer, "information_received", date(2026, 3, 2), AGENCY)
    assert shown(client, partner).h1.text == "Nothing is waiting for you"


def test_somebody_with_several_roles_sees_the_sum(client: FlaskClient, session: Session) -> None:
    everything = make_user(*Role)
    caseload(everything)
    soup = shown(client, everything)
    assert len(soup.select("h1")) == 1
    assert len(counts(soup)) == 4
    parts = [str(part["aria-labelledby"]) for part in soup.select("section[aria-labelledby]")]
    wanted = ["next", "team", "requests", "record", "newest", "access"]
    assert [part for part in parts if part in wanted] == wanted


# -- Empty, and new ----------------------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize(
    ("role", "says"),
    [
        (Role.OFFICER, "Nothing of yours is overdue or due in the next 7 days"),
        (Role.CHAIR, "No case is waiting for your decision"),
        (Role.MANAGER, "Nothing is overdue or due in the next 7 days"),
        (Role.AUDITOR, "You may examine 0 cases, and the record of changes has not been verified yet"),
        (Role.ADMINISTRATOR, "2 people have access"),
        (Role.PARTNER, "Nothing is waiting for you"),
    ],
)
def test_an_empty_page_says_what_comes_next(
    client: FlaskClient, officer: User, session: Session, role: Role, says: str
) -> None:
    hidden = make_case(officer, "dhr", date(2026, 1, 20))
    hidden.restricted = True
    soup = shown(client, make_user(role))
    assert soup.h1.text == says
    assert "Three steps" not in said(soup)
    assert "appear here" in said(soup) or "are listed here" in said(soup) or role in (Role.ADMINISTRATOR, Role.OFFICER)
    assert hidden.reference not in soup.text


@ON_SQLITE
@pytest.mark.parametrize(
    ("role", "links"),
    [(Role.OFFICER, ["/cases/log"]), (Role.MANAGER, []), (Role.ADMINISTRATOR, None), (Role.AUDITOR, None)],
)
def test_a_new_installation_shows_three_steps(
    client: FlaskClient, session: Session, role: Role, links: list[str] | None
) -> None:
    steps = shown(client, make_user(role)).select_one("section[aria-labelledby=first]")
    if role is Role.AUDITOR:
        assert steps is None
        return
    assert [status.text for status in steps.select(".status")] == ["To do", "To do", "To do"]
    if links is not None:
        assert [link["href"] for link in steps.select("a")] == links
    session.add(Agency(partnership_id=make_partnership().id, name=AGENCY))
    steps = shown(client, make_user(role)).select_one("section[aria-labelledby=first]")
    assert [status.text for status in steps.select(".status")] == ["Done", "Done", "To do"]


# -- What must hold ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR, Role.MANAGER, Role.AUDITOR])
def test_every_count_is_a_link_to_exactly_that_many(
    client: FlaskClient, officer: User, session: Session, role: Role
) -> None:
    viewer = officer if role is Role.OFFICER else make_user(role)
    cases = caseload(officer)
    record(cases["later"], officer, "hold_started", date(2026, 3, 1), reason="inquest")
    cases["late"].chair_id = viewer.id
    make_case(officer, "asb", date(2026, 2, 2)).lead_id = None
    hidden = make_case(make_user(Role.OFFICER), "dhr", date(2026, 1, 20))
    hidden.restricted = True
    tiles = shown(client, viewer).select(".counts a")
    assert tiles
    for tile in tiles:
        listed = page(client.get(str(tile["href"])))
        assert len(listed.select("tbody tr")) == int(tile.b.text), tile.text
        assert hidden.reference not in listed.text
    for link in shown(client, viewer).select("section[aria-labelledby=team] td a"):
        listed = page(client.get(str(link["href"])))
        assert len(listed.select("tbody tr")) == int(str(link.contents[0])), link


@ON_SQLITE
@pytest.mark.parametrize("role", list(Role))
def test_the_page_takes_few_statements(
    client: FlaskClient,
    officer: User,
    session: Session,
    statements: Callable[[], AbstractContextManager[list[str]]],
    role: Role,
) -> None:
    viewer = make_user(role)
    viewer.agency = Agency(partnership_id=make_partnership().id, name=AGENCY)
    for case in (*caseload(officer).values(), *caseload(make_user(Role.OFFICER)).values()):
        case.chair_id = viewer.id
    make_user(role)
    shown(client, viewer)
    with statements() as made:
        client.get("/")
    assert len(made) <= MOST_STATEMENTS, made


def test_what_was_overdue_at_the_end_of_each_month(officer: User, session: Session) -> None:
    """Due 10 January and met on 5 February; due 10 February and still open; due today, which is late tomorrow."""
    met = make_case(officer, "dhr", date(2025, 12, 10))
    record(met, officer, "decided_not_to_review", date(2026, 2, 5), rationale="Not met.")
    record(met, officer, "home_office_told", date(2026, 2, 5))
    record(met, officer, "family_told", date(2026, 2, 5))
    make_case(officer, "dhr", date(2026, 1, 10))
    make_case(officer, "dhr", date(2026, 2, 2))
    ends = month_ends(TODAY)
    assert ends == [date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), TODAY][1:]
    assert overdue_at(make_user(Role.MANAGER), ends) == [0, 1, 1, 1]
