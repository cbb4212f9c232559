"""The pages of one case as people read them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.drawing import one
from tests.pages import page
from tracker.models import Case, CaseContributing, Event, User
from tracker.models.partnerships import LocalSetting
from tracker.models.users import Role
from tracker.procedures.threshold import Complaint
from tracker.services.cases import correct_event, log_referral, record_step

SECTIONS = ("", "/timeline", "/deadlines", "/people", "/decisions", "/history")
MOST_STATEMENTS = 10
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _today(today_is: Callable[[date], None]) -> None:
    today_is(TODAY)


@pytest.fixture
def officer(session: Session) -> User:
    return make_user(Role.OFFICER, email="ruth@example.gov.uk")


@pytest.fixture
def case(officer: User) -> Case:
    return make_case(officer, "dhr", date(2026, 1, 30))


@pytest.fixture
def review(case: Case, officer: User) -> Case:
    """A review with two agencies asked, one of which has replied."""
    record(case, officer, "decided_to_review", date(2026, 2, 5), rationale="The criteria are met.")
    for agency in ("Police", "Health"):
        record(case, officer, "imr_requested", date(2026, 2, 6), agency)
    record(case, officer, "imr_received", date(2026, 2, 20), "Police", nil="no")
    return case


def record(case: Case, by: User, step: str, on: date, subject: str = "", **answers: str) -> Event:
    return record_step(case, by=by, step=step, on=on, subject=subject, answers=answers)


def shown(client: FlaskClient, viewer: User, case: Case, section: str = "") -> BeautifulSoup:
    sign_in_as(client, viewer)
    response = client.get(f"/cases/{case.reference}{section}")
    assert response.status_code == 200
    return page(response)


def answers(shown: Tag) -> dict[str, str]:
    """The four answers of the case bar."""
    return {one(pair, "dt").text: one(pair, "dd").get_text(" ", strip=True) for pair in shown.select(".answers > div")}


def article(shown: Tag, title: str) -> Tag:
    return next(each for each in shown.select("article.working") if one(each, "h3").text == title)


def told(shown: Tag) -> dict[str, str]:
    """The terms of a working and what it says of each."""
    terms = shown.select("dl.wide dt")
    return {term.text: term.find_next_sibling("dd").get_text(" ", strip=True) for term in terms}


def rows(shown: Tag, heading: str) -> list[list[str]]:
    table = one(shown, f"section[aria-labelledby={heading}] table")
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")]


def event_shown(shown: Tag, number: int) -> str:
    return one(shown, f"#event-{number}").get_text(" ", strip=True)


# -- Who sees them ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR, Role.MANAGER, Role.AUDITOR])
def test_whoever_reads_cases_sees_every_section(client: FlaskClient, review: Case, role: Role, section: str) -> None:
    seen = shown(client, make_user(role), review, section)
    assert one(seen, ".case-bar__ref").text == review.reference
    assert len(seen.select("h1")) == 1


@pytest.mark.parametrize("section", [*SECTIONS, "/threshold"])
def test_a_case_of_others_is_not_found_like_one_that_is_not_there(
    client: FlaskClient, review: Case, section: str, session: Session
) -> None:
    stranger = make_user(Role.OFFICER, partnership=make_partnership("elsewhere"))
    sign_in_as(client, stranger)
    theirs, none = client.get(f"/cases/{review.reference}{section}"), client.get(f"/cases/DHR-1999-999{section}")
    assert theirs.status_code == none.status_code == 404
    assert one(page(theirs), "main").text == one(page(none), "main").text
    session.add(CaseContributing(case_id=review.id, partnership_id=stranger.memberships[0].partnership_id))
    session.commit()
    assert client.get(f"/cases/{review.reference}{section}").status_code == (404 if section == "/threshold" else 200)


def test_a_restricted_case_is_for_those_named_on_it(client: FlaskClient, case: Case, officer: User) -> None:
    case.restricted = True
    colleague = make_user(Role.OFFICER)
    sign_in_as(client, colleague)
    assert client.get(f"/cases/{case.reference}").status_code == 404
    assert "Restricted" in one(shown(client, officer, case), ".case-bar__kind").text


@pytest.mark.parametrize("section", [*SECTIONS, "/access"])
@pytest.mark.parametrize("case_type", ["dhr", "asb", "owhr"])
def test_a_page_takes_few_statements(
    client: FlaskClient,
    officer: User,
    case_type: str,
    section: str,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    case = make_case(officer, case_type, date(2026, 1, 30))
    colleague = make_user(Role.OFFICER, Role.CHAIR)
    for week in (2, 9, 16):  # each recorded by somebody else, whose name must not cost a statement
        by = make_user(Role.OFFICER)
        record(case, by, "hold_started", date(2026, 2, week), reason="other")
        record(case, by, "hold_ended", date(2026, 2, week + 1), reason="other")
    case.chair_id = officer.id
    shown(client, colleague, case, section)
    with statements() as made:
        client.get(f"/cases/{case.reference}{section}")
    assert len(made) <= MOST_STATEMENTS, made


# -- The case bar and the overview ------------------------------------------------------------------------------------


def test_every_page_begins_with_four_answers(client: FlaskClient, review: Case, officer: User) -> None:
    for section in SECTIONS:
        seen = shown(client, officer, review, section)
        assert answers(seen) == {
            "Where": "Review since 5 February 2026, 3 weeks",
            "Next due": "18 days overdue Tell the Home Office the decision, due 12 February 2026",
            "Held by": "Panel chair for 3 weeks, since 5 February 2026",
            "Under": "2004 Act, section 9 Domestic Violence, Crime and Victims Act 2004",
        }
        assert [link.text for link in seen.select(".case-bar .subnav a")] == [
            "Overview",
            "Timeline",
            "Deadlines",
            "People",
            "Decisions",
            "QA",
            "Publication",
            "Action plan",
            "Requests",
            "Files",
            "History",
        ]
        assert str(one(seen, ".case-bar .subnav a[aria-current]")["href"]) == f"/cases/{review.reference}{section}"


def test_the_case_is_held_by_the_agency_that_must_answer_next(client: FlaskClient, review: Case, officer: User) -> None:
    for step in ("home_office_told", "family_told", "chair_appointed"):
        record(review, officer, step, date(2026, 2, 24))
    record(review, officer, "panel_met", date(2026, 2, 25))
    assert answers(shown(client, officer, review))["Held by"].startswith("Health for 3 weeks, since “individual")


def test_a_named_holder_has_held_it_for_a_time_too(client: FlaskClient, review: Case, officer: User) -> None:
    review.chair = make_user(Role.CHAIR)
    assert answers(shown(client, officer, review))["Held by"] == (
        f"Panel chair {review.chair.name}, for 3 weeks, since 5 February 2026"
    )


def test_on_hold_the_holder_and_the_reason_are_said(client: FlaskClient, review: Case, officer: User) -> None:
    record(review, officer, "hold_started", date(2026, 2, 23), reason="inquest")
    assert answers(shown(client, officer, review))["Held by"] == (
        "Coroner on hold for 7 days, since 23 February 2026: inquest"
    )


def test_the_overview_leads_from_the_finding_to_each_deadline(client: FlaskClient, review: Case, officer: User) -> None:
    seen = shown(client, officer, review)
    heading = one(seen, "h1").text.replace("\N{NO-BREAK SPACE}", " ")
    assert heading == "In review: the report is due on 5 August 2026, and two other deadlines are overdue"
    links = seen.select("section[aria-labelledby=due] .rows a")
    assert [link.text for link in links] == [
        "Tell the Home Office the decision",
        "Tell the family the decision",
        "Appoint an independent chair",
    ]
    address, _, anchor = str(links[0]["href"]).partition("#")
    assert one(page(client.get(address)), f"article#{anchor} h3").text == "Tell the Home Office the decision"
    assert [term.text for term in seen.select("section[aria-labelledby=people] dt")] == [
        "Lead", "Panel chair", "Partnership", "Agencies",
    ]  # fmt: skip
    assert "1 of 2 replies in" in one(seen, "section[aria-labelledby=people]").text
    last = [item.text for item in seen.select("section[aria-labelledby=last] .rows b")]
    assert last[0] == "Individual management review received: Police"
    assert len(last) == 5


def test_what_may_be_recorded_begins_with_what_is_due_next(client: FlaskClient, review: Case, officer: User) -> None:
    box = one(shown(client, officer, review), "section[aria-labelledby=record]")
    assert [button.text for button in box.select("a.govuk-button")] == ["Home Office told"]
    links = {link.text: str(link["href"]) for link in box.select("li a")}
    assert links["Family told of the decision"] == f"/cases/{review.reference}/steps/family_told"
    received = links["Individual management review received: Health"]
    assert received.endswith("/steps/imr_received?subject=Health")
    assert list(links)[-1] == "Something else"
    for address in (*links.values(), str(one(box, "a.govuk-button")["href"])):
        assert client.get(address).status_code == 200


def test_a_decision_offers_every_outcome_to_the_chair(client: FlaskClient, case: Case) -> None:
    seen = shown(client, make_user(Role.CHAIR), case)
    buttons = [button.text for button in seen.select("section[aria-labelledby=record] a.govuk-button")]
    assert buttons == ["Decided to review", "Decided not to review"]


def test_whoever_may_not_record_is_told_who_does(client: FlaskClient, review: Case) -> None:
    seen = one(shown(client, make_user(Role.AUDITOR), review), "section[aria-labelledby=record]")
    assert not seen.select("a")
    assert "Nothing is for you to record" in seen.text
    seen = one(shown(client, make_user(Role.MANAGER), review), "section[aria-labelledby=record]")
    assert "“Home Office told” is recorded by the development officer." in seen.text


def test_a_ready_case_offers_to_be_closed(client: FlaskClient, officer: User, today_is: Callable[[date], None]) -> None:
    case = make_case(officer, "asb", date(2026, 1, 30))
    record(case, officer, "acknowledged", date(2026, 1, 30))
    record(case, officer, "threshold_not_met", date(2026, 2, 2), reasons="x")
    record(case, officer, "applicant_told", date(2026, 2, 2), how="Letter")
    today_is(date(2026, 4, 1))
    seen = shown(client, officer, case)
    assert one(seen, "h1").text == "Ready to close: nothing is open and nothing is due"
    assert one(seen, "section[aria-labelledby=record] a.govuk-button").text == "Closed"
    assert answers(seen)["Next due"] == "Ready to close Nothing is open"


def test_where_no_duty_applies_every_page_says_so(client: FlaskClient, officer: User, session: Session) -> None:
    case = make_case(officer, "owhr", date(2026, 1, 30))
    for section in SECTIONS:
        seen = shown(client, officer, case, section)
        assert "No statutory duty applies here." in one(seen, "main .notice").text
        assert answers(seen)["Under"].endswith("No duty is in force in this area")
    session.add(
        LocalSetting(
            partnership_id=case.partnership_id,
            key="owhr.in_force_from",
            value='"2026-01-01"',
            takes_effect_on=date(2026, 1, 1),
        )
    )
    session.commit()
    seen = shown(client, officer, case)
    assert not seen.select("main .notice")
    assert answers(seen)["Under"].endswith("Police, Crime, Sentencing and Courts Act 2022")


@pytest.mark.parametrize("case_type", ["dhr", "asb"])
def test_where_a_duty_always_applies_there_is_no_banner(client: FlaskClient, officer: User, case_type: str) -> None:
    assert not shown(client, officer, make_case(officer, case_type, date(2026, 1, 30))).select("main .notice")


# -- Timeline and history ---------------------------------------------------------------------------------------------


def test_an_event_has_both_times_and_what_it_did(client: FlaskClient, review: Case, officer: User) -> None:
    said = event_shown(shown(client, officer, review, "/timeline"), 2)
    assert said.startswith("5 Feb 2026 Decided to review What are the reasons for the decision? The criteria are met.")
    assert "Moves the case to Review" in said
    assert "Starts “Complete the overview report”, due 5 August 2026" in said
    assert "Event 2, recorded by Ruth on 2 March 2026, 12:00pm, 25\u00a0days\u00a0later." in said


def test_a_corrected_event_is_struck_with_the_reason(client: FlaskClient, review: Case, officer: User) -> None:
    correct_event(review, by=officer, number=5, reason="That was Health’s letter.", on=None)
    for section in ("/history", "/timeline"):
        seen = shown(client, officer, review, section)
        struck = seen.find("s", string="Individual management review received: Police")
        assert isinstance(struck, Tag)
        row = struck.find_parent(["li", "tr"])
        assert isinstance(row, Tag)
        said = row.get_text(" ", strip=True)
        assert "Recorded in error" in said
        assert "That was Health’s letter." in said
        assert one(seen, str(one(row, "a[href^='#event-']")["href"]))
    assert "Health’s letter" in event_shown(seen, 6)


def test_correcting_is_offered_to_those_who_may(client: FlaskClient, review: Case, officer: User) -> None:
    seen = shown(client, officer, review, "/history")
    address = str(one(seen, f"a[href='/cases/{review.reference}/events/2/correct']")["href"])
    assert client.get(address).status_code == 200
    assert not shown(client, make_user(Role.AUDITOR), review, "/history").select("a[href$='/correct']")


def test_the_timeline_can_be_of_one_kind(client: FlaskClient, review: Case, officer: User) -> None:
    seen = shown(client, officer, review, "/timeline")
    kinds = {link.text: str(link["href"]) for link in seen.select("nav[aria-label='Kinds of event'] a")}
    assert list(kinds) == ["Everything", "Decisions", "Changes of stage", "Requests and replies"]
    requests = page(client.get(kinds["Requests and replies"]))
    assert [str(row["id"]) for row in requests.select("section[aria-labelledby=events] .rows > li")] == [
        "event-5", "event-4", "event-3",
    ]  # fmt: skip
    everything = page(client.get(f"/cases/{review.reference}/timeline?kind=%3Cb%3E"))
    assert len(everything.select("section[aria-labelledby=events] .rows > li")) == 5


def test_the_case_as_it_was_known_on_a_past_day(
    client: FlaskClient, case: Case, officer: User, today_is: Callable[[date], None]
) -> None:
    today_is(date(2026, 3, 9))
    record(case, officer, "decided_to_review", date(2026, 2, 27), rationale="The criteria are met.")
    seen = shown(client, officer, case, "/timeline?known_on=5&known_on=March&known_on=2026")
    assert one(seen, "h1").text == "What was known on 5 March 2026"
    said = one(seen, "h1 + p").text
    assert "1 event had been recorded, and the case was at the stage Referral." in said
    assert "1 event that had happened by then was recorded later and is left out." in said
    stood = one(seen, "section[aria-labelledby=stood]").get_text(" ", strip=True)
    assert "28 Feb 2026 Decide whether to review" in stood
    assert "5 days overdue" in stood
    assert "Decided to review" not in one(seen, "section[aria-labelledby=events]").text


def test_before_the_first_record_nothing_was_known(client: FlaskClient, case: Case, officer: User) -> None:
    seen = shown(client, officer, case, "/timeline?known_on=2026-02-01")
    assert "Nothing had been recorded by then. The first event was recorded on 2 March 2026." in one(seen, "main").text


def test_what_was_known_may_be_no_whole_case(client: FlaskClient, case: Case, officer: User, session: Session) -> None:
    record(case, officer, "decided_to_review", date(2026, 2, 5), rationale="The criteria are met.")
    case.events[0].recorded_at, case.events[1].recorded_at = (
        case.events[0].recorded_at.replace(day=2),
        case.events[1].recorded_at.replace(month=2, day=6),
    )
    session.commit()
    assert "is no whole case" in one(shown(client, officer, case, "/timeline?known_on=2026-02-20"), "main").text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("31", "2", "2026"), "31 February 2026 does not exist"),
        (("3", "3", "2026"), "The day must be today or in the past"),
        (("", "3", "2026"), "Date must include a day"),
        (("1", "1", "26"), "Year must include 4 numbers"),
    ],
)
def test_a_wrong_past_day_is_said_beside_the_boxes(
    client: FlaskClient, case: Case, officer: User, typed: tuple[str, str, str], says: str
) -> None:
    query = "&".join(f"known_on={part}" for part in typed)
    seen = shown(client, officer, case, f"/timeline?{query}")
    problem = one(seen, ".govuk-error-summary a")
    assert says in problem.text
    assert one(seen, str(problem["href"])).name == "input"
    assert one(seen, "title").text.startswith("Error: ")
    assert one(seen, "h1").text == "Timeline"


def test_the_history_is_in_the_order_of_recording_with_who_did_what(
    client: FlaskClient, review: Case, officer: User
) -> None:
    seen = shown(client, officer, review, "/history")
    assert [row[-1] for row in rows(seen, "events")] == ["1", "2", "3", "4", "5"]
    assert rows(seen, "events")[1][2] == "2 Mar 2026, 12:00pm Ruth 25 days later"
    entries = [row[2:] for row in rows(seen, "entries")]
    assert entries == [["Ruth", "Logged the referral"], *[["Ruth", "Recorded a step"]] * 4]
    exports = [str(link["href"]) for link in seen.select("main p a[href*='/export.']")]
    assert exports == [f"/cases/{review.reference}/history/export.{kind}" for kind in ("html", "pdf", "json")]


def test_what_people_typed_is_text(client: FlaskClient, case: Case, officer: User) -> None:
    typed = '<script>alert(1)</script>\n<img src=x onerror="y">{{ 7 * 7 }}'
    record(case, officer, "decided_to_review", date(2026, 2, 5), rationale=typed)
    record(case, officer, "imr_requested", date(2026, 2, 6), "<b>Agency</b>")
    record(case, officer, "hold_started", date(2026, 2, 6), reason="other", held_by="<i>court</i>")
    for section in SECTIONS:
        seen = shown(client, officer, case, section)
        main = one(seen, "body")
        assert not main.select("img, main script, i, b b")
        assert ("<b>Agency</b>" in main.text) == (section != "/decisions")  # which speaks of no agency here
    assert "{{ 7 * 7 }}" in event_shown(shown(client, officer, case, "/timeline"), 2)


# -- Deadlines --------------------------------------------------------------------------------------------------------


def test_a_deadline_shows_its_working(
    client: FlaskClient, review: Case, officer: User, today_is: Callable[[date], None]
) -> None:
    record(review, officer, "hold_started", date(2026, 2, 23), reason="criminal_trial")
    extension = {
        "deadline": "complete_report",
        "to": "2026-11-05",
        "reason": "trial <listed>",
        "agreed_by": "the panel",
    }
    record(review, officer, "deadline_extended", date(2026, 2, 27), **extension)
    today_is(date(2026, 3, 2))
    report = article(shown(client, officer, review, "/deadlines"), "Complete the overview report")
    assert one(report, ".big").text == "5 November 2026"
    assert told(report) == {
        "Held by": "Panel chair",
        "Started by": "Decided to review, Thursday 5 February 2026",
        "Rule": "6 months. The day itself is not counted. That gave Wednesday 5 August 2026.",
        "Source": "Guidance Multi-agency statutory guidance for the conduct of domestic homicide reviews, December"
        " 2016, section 5. The paragraph is not checked: confirm with your legal adviser.",
        "Pauses": "On hold since 23 February 2026: criminal trial. A hold does not move this date.",
        "Extensions": "From 5 August 2026 to 5 November 2026. Reason: trial <listed>."
        " Agreed by the panel on 27 February 2026.",
        "So it is due": "Thursday 5 November 2026 , 13 weeks after the first date",
    }
    assert [link.text for link in report.select(".links a")] == [
        "Extend: Complete the overview report",
        "Record as met: Complete the overview report",
        "Add to calendar: Complete the overview report",
    ]
    for link in report.select(".links a"):
        assert client.get(str(link["href"])).status_code == 200


def test_a_count_of_working_days_names_the_holidays_and_the_chases(
    client: FlaskClient, review: Case, officer: User, today_is: Callable[[date], None]
) -> None:
    record(review, officer, "imr_requested", date(2026, 2, 25), "Health")
    today_is(date(2026, 4, 7))
    health = told(article(shown(client, officer, review, "/deadlines"), "Individual management review: Health"))
    assert health["Held by"] == "Health, for 8 weeks. Chased on 25 February 2026."
    assert health["Rule"].startswith("40 working days. The day itself is not counted. 2 bank holidays fell in between:")
    assert "Friday 3 April and Monday 6 April" in health["Rule"]


def test_a_date_at_a_weekend_stays_and_says_the_last_working_day(client: FlaskClient, officer: User) -> None:
    case = make_case(officer, "dhr", date(2026, 2, 28))
    decide = article(shown(client, officer, case, "/deadlines"), "Decide whether to review")
    assert "A Saturday, and it stays there. Last working day: Friday 27 March." in decide.text
    assert told(decide)["Extensions"] == "It cannot be extended."
    assert "Extend" not in [link.text for link in decide.select(".links a")]


def test_what_has_not_started_says_when_it_will(client: FlaskClient, review: Case, officer: User) -> None:
    to_come = {row[0]: row[1:] for row in rows(shown(client, officer, review, "/deadlines"), "to-come")}
    assert to_come["Copy to the Domestic Abuse Commissioner"] == [
        "“Partnership signed off”",
        "As soon as practicable.",
        "Statute Domestic Violence, Crime and Victims Act 2004, section 9(3C)",
    ]
    assert "First panel meeting" in to_come
    assert not {"Decide whether to review", "Home Office’s view of the decision not to review"} & set(to_come)


def test_what_was_met_is_listed_with_how(client: FlaskClient, review: Case, officer: User) -> None:
    record(review, officer, "closed", date(2026, 2, 27), reason="Merged elsewhere.")
    seen = shown(client, officer, review, "/deadlines")
    past = {row[0]: row[1:] for row in rows(seen, "past")}
    assert past["Decide whether to review"] == [
        "28 Feb 2026", "5 Feb 2026", "Met, 23 days early",
        "Guidance 1 month from “notification received” on 30 January 2026",
    ]  # fmt: skip
    assert past["Complete the overview report"][2] == "No longer applies The case was closed."
    assert "No deadline is open. The case is closed." in one(seen, "main").text
    assert not seen.select("#to-come")


# -- The threshold ----------------------------------------------------------------------------------------------------


@pytest.fixture
def application(officer: User) -> Case:
    """The worked example: five complaints about four incidents; one late, one by a neighbour, one a repeat."""
    complaints = [
        Complaint(date(2025, 1, 10), date(2025, 2, 12), "Council", "Noise at night"),
        Complaint(date(2025, 6, 12), date(2025, 6, 16), "Police", "Threats at the door"),
        Complaint(date(2025, 7, 3), date(2025, 7, 3), "Council", "Noise in July", "a neighbour"),
        Complaint(date(2025, 7, 19), date(2025, 7, 21), "Police", "Damage to the fence"),
        Complaint(date(2025, 7, 19), date(2025, 7, 30), "Housing", "Damage to the fence"),
    ]
    return log_referral(
        officer.memberships[0].partnership,
        by=officer,
        edition="asb-2014",
        on=date(2025, 9, 8),
        answers={},
        complaints=complaints,
    )


def test_the_threshold_page_says_why_each_complaint_counts(
    client: FlaskClient, application: Case, officer: User
) -> None:
    seen = shown(client, officer, application, "/threshold")
    assert one(seen, "h1").text == "The statutory test is met. The local test is not met."
    assert [score.get_text(" ", strip=True) for score in seen.select(".score")] == [
        "3 of 3 needed", "2 of 3 needed, or 0 of 1 needed",
    ]  # fmt: skip
    complaints = rows(seen, "complaints")
    assert complaints[0] == [
        "1. Noise at night",
        "10 January 2025",
        "12 February 2025 to Council",
        "Does not count Complained too late: the last day was 9 February 2025",
        "Does not count Before 8 March 2025: outside the 6 months",
    ]
    assert complaints[2][0] == "3. Noise in July Made by a neighbour"
    assert complaints[4][3] == "Counted once Qualifies, but the same incident as complaint 4"
    assert complaints[-1] == ["Incidents counted", "", "", "3: met", "2 or 0: not met"]
    assert [link.text for link in seen.select("main p.links a")] == ["Threshold met", "Threshold not met"]
    assert [link.text for link in seen.select(".case-bar .subnav a")][3] == "Threshold"


def test_an_auditor_reads_the_threshold_and_decides_nothing(client: FlaskClient, application: Case) -> None:
    assert not shown(client, make_user(Role.AUDITOR), application, "/threshold").select("main p.links a")


def test_only_a_case_with_complaints_has_a_threshold(client: FlaskClient, case: Case, officer: User) -> None:
    sign_in_as(client, officer)
    assert client.get(f"/cases/{case.reference}/threshold").status_code == 404


def test_an_application_without_complaints_meets_neither_test(client: FlaskClient, officer: User) -> None:
    case = make_case(officer, "asb", date(2026, 2, 2))
    seen = shown(client, officer, case, "/threshold")
    assert one(seen, "h1").text == "The statutory test is not met. The local test is not met."
    assert "names no complaint" in one(seen, "main").text
