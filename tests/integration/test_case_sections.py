"""People, decisions, QA and publication: what each says of a case, and that it says what history lacks."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import make_case, make_user, sign_in_as
from tests.pages import page
from tracker.extensions import db
from tracker.models import Agency, Case, Event, Role, User
from tracker.services.cases import correct_event, record_step
from tracker.web.cases.assured import Round


@pytest.fixture
def officer(session: Session, client: FlaskClient, today_is: Callable[[date], None]) -> User:
    """A development officer, signed in, whose partnership has two agencies."""
    today_is(date(2026, 9, 1))
    officer = make_user(Role.OFFICER)
    for name in ("Fire", "Police"):
        session.add(Agency(partnership_id=officer.memberships[0].partnership_id, name=name))
    session.commit()
    sign_in_as(client, officer)
    return officer


@pytest.fixture
def review(officer: User) -> Case:
    case = make_case(officer, "dhr", date(2026, 1, 30))
    record(case, "decided_to_review", date(2026, 2, 5))
    return case


def record(case: Case, step: str, on: date, subject: str = "", **answers: str) -> None:
    record_step(case, by=None, step=step, on=on, answers=answers, subject=subject)


def shown(client: FlaskClient, case: Case, section: str) -> BeautifulSoup:
    answer = client.get(f"/cases/{case.reference}/{section}")
    assert answer.status_code == 200
    return page(answer)


def words(found: Tag | None) -> str:
    assert found
    return found.get_text(" ", strip=True)


def rows(seen: BeautifulSoup, place: int = 0) -> list[list[str]]:
    table = seen.select("main table")[place]
    return [[words(cell) for cell in row.select("th, td")] for row in table.select("tbody tr")]


# -- People -----------------------------------------------------------------------------------------------------------


def test_each_agency_says_how_it_stands(client: FlaskClient, review: Case) -> None:
    for agency, on in (("Health", 6), ("Housing", 6), ("Police", 20), ("Probation", 20), ("Council", 20)):
        record(review, "imr_requested", date(2026, 2, on), agency)
    record(review, "imr_received", date(2026, 3, 2), "Health", nil="no")
    record(review, "imr_received", date(2026, 5, 29), "Housing", nil="no")
    record(review, "imr_received", date(2026, 3, 2), "Probation", nil="yes")
    record(review, "imr_requested", date(2026, 8, 20), "Council")
    record(review, "imr_requested", date(2026, 8, 24), "Later")
    record(review, "imr_requested", date(2026, 8, 25), "Later")
    seen = shown(client, review, "people")
    assert words(seen.select_one("h1")) == "Three agencies have still to answer"
    assert {row[0]: row[1:-1] for row in rows(seen)} == {
        "Health": ["Received", "6 Feb 2026", "No", "2 Mar 2026", "7 Apr 2026"],
        "Housing": ["Received late", "6 Feb 2026", "No", "29 May 2026", "7 Apr 2026"],
        "Police": ["133 days overdue", "20 Feb 2026", "No", "Not yet", "21 Apr 2026"],
        "Probation": ["Nil return", "20 Feb 2026", "No", "2 Mar 2026", "21 Apr 2026"],
        "Council": ["133 days overdue", "20 Feb 2026", "20 Aug 2026", "Not yet", "21 Apr 2026"],
        "Later": ["Chased 1 time", "24 Aug 2026", "25 Aug 2026", "Not yet", "20 Oct 2026"],
        "Fire": ["Not asked", "Not yet", "No", "Not yet", "No date"],
    }
    assert seen.select_one("main tbody a")["href"] == f"/cases/{review.reference}/steps/imr_received?subject=Police"


def test_review_partners_say_what_they_notified(client: FlaskClient, officer: User) -> None:
    case = make_case(officer, "owhr", date(2026, 2, 2))
    record(case, "partner_aware", date(2026, 2, 4), "Local authority")
    record(case, "partner_notified", date(2026, 2, 20), "Local authority", notice="unable", reasons="Too early.")
    seen = shown(client, case, "people")
    stands = {row[0]: row[1] for row in rows(seen)}
    assert stands == {
        "Local authority": "Notified Not able to decide yet",
        "Chief officer of police": "Not aware",
        "Integrated care board": "Not aware",
    }


def test_a_new_case_says_who_runs_it_and_that_nothing_is_known(client: FlaskClient, officer: User) -> None:
    case = make_case(officer, "dhr", date(2026, 1, 30))
    seen = shown(client, case, "people")
    runs = words(seen.select_one("[aria-labelledby=runs]"))
    assert f"Lead {officer.name} Panel chair Nobody yet" in runs
    assert "Reassign" not in runs
    assert "Not recorded: no date of death and no age band." in words(seen.select_one("[aria-labelledby=concerned]"))
    assert seen.select("main table") == []


def test_every_kind_of_case_has_its_people_and_decisions_from_its_first_day(client: FlaskClient, officer: User) -> None:
    for case_type in ("asb", "dhr", "owhr"):
        case = make_case(officer, case_type, date(2026, 1, 30))
        for section in ("people", "decisions"):
            assert shown(client, case, section).select_one("h1"), (case_type, section)


# -- Decisions --------------------------------------------------------------------------------------------------------


def cards(seen: BeautifulSoup) -> list[str]:
    return [words(card) for card in seen.select("main article")]


def test_decisions_and_meetings_are_cards_the_latest_first(client: FlaskClient, review: Case) -> None:
    record(review, "panel_met", date(2026, 3, 2), agencies="Police; Health")
    record(review, "panel_met", date(2026, 4, 2), agencies="Police")
    shown_cards = cards(shown(client, review, "decisions"))
    assert [card.split(" recorded")[0] for card in shown_cards] == [
        "2 April 2026 Held Meeting. Event 4,",
        "2 March 2026 Held Meeting. Event 3,",
        "5 February 2026 Stands Decision. Event 2,",
    ]
    assert "Panel met, number 2 Which agencies attended? Police" in shown_cards[0]
    for question in ("What are the reasons for the decision?", "Who was consulted?", "Who made the decision?"):
        assert f"{question} Not recorded" in shown_cards[2]
    assert "Moves the case to Review" in shown_cards[2]


def test_a_later_decision_supersedes_and_a_correction_strikes(client: FlaskClient, officer: User) -> None:
    case = make_case(officer, "dhr", date(2026, 1, 30))
    record(case, "decided_not_to_review", date(2026, 2, 5), rationale="Not met.")
    record(case, "home_office_told", date(2026, 2, 6))
    record(case, "home_office_asked_to_reconsider", date(2026, 4, 1), reason="Think again.")
    record(case, "decided_to_review", date(2026, 4, 8), rationale="Met after all.")
    record(case, "panel_met", date(2026, 5, 1), agencies="Wrong case")
    correct_event(case, by=officer, number=6, reason="Another review’s panel.")
    seen = shown(client, case, "decisions")
    panel, later, earlier = cards(seen)
    assert "Recorded in error" in panel
    assert "Another review’s panel." in panel
    assert "Stands" in later
    assert "Superseded by Decided to review, 8 April 2026" in earlier
    assert "What are the reasons for the decision? Not met." in earlier
    assert [words(struck) for struck in seen.select("main h2 s")] == ["Panel met", "Decided not to review"]


# -- QA and publication -----------------------------------------------------------------------------------------------


def test_each_point_of_a_letter_is_beside_what_became_of_it(client: FlaskClient, review: Case) -> None:
    assert words(shown(client, review, "qa").select_one("h1")) == "Not sent to the Home Office yet"
    record(review, "partnership_signed_off", date(2026, 5, 1))
    record(review, "submitted_to_qa", date(2026, 5, 4))
    assert words(shown(client, review, "qa").select_one("h1")) == "Waiting for the Home Office since 4 May 2026"
    points = "1. Remove the date of birth\n2. Say who was consulted\nin the family\n10) Add the equality section"
    record(review, "qa_feedback_received", date(2026, 7, 1), outcome="publish_after_changes", points=points)
    record(review, "qa_changes_made", date(2026, 7, 20), points="2. Done on page 4\n1. Removed\n11. Typing mended")
    seen = shown(client, review, "qa")
    assert words(seen.select_one("h1")) == "Home Office answer: publish after changes"
    assert rows(seen) == [
        ["1", "Remove the date of birth", "Removed"],
        ["2", "Say who was consulted in the family", "Done on page 4"],
        ["3", "Add the equality section", "Not recorded"],
    ]
    assert "Typing mended" in words(seen.select_one("main"))


@pytest.mark.parametrize(
    ("letter", "done", "points", "unmatched"),
    [
        ("", "", [], []),
        ("One\nTwo", "First\nSecond", [("One", "First"), ("Two", "Second")], []),
        ("One", "First\nSecond", [("One", "First")], ["Second"]),
        ("3: Three\n1: One", "1. Yes", [("Three", ""), ("One", "Yes")], []),
    ],
)
def test_points_meet_by_number_else_by_order(
    letter: str, done: str, points: list[tuple[str, str]], unmatched: list[str]
) -> None:
    made = Round(said=letter, disposal=done)
    assert (made.points, made.unmatched) == (points, unmatched)


def test_publication_says_what_is_done_missing_and_to_do(client: FlaskClient, review: Case) -> None:
    record(review, "hold_started", date(2026, 3, 1), reason="criminal_trial")
    record(review, "hold_ended", date(2026, 4, 1), reason="criminal_trial")
    record(review, "partnership_signed_off", date(2026, 5, 1))
    record(review, "submitted_to_qa", date(2026, 5, 4))
    record(review, "qa_feedback_received", date(2026, 6, 1), outcome="cleared")
    assert words(shown(client, review, "publication").select_one("h1")) == "Not published"
    record(review, "publication_withheld", date(2026, 6, 10), reason="The family asks for time.", approver="Chair")
    withheld = shown(client, review, "publication")
    assert words(withheld.select_one("h1")) == "Publication withheld on 10 June 2026"
    assert "The family asks for time." in words(withheld.select_one("[aria-labelledby=withheld]"))
    record(review, "published", date(2026, 8, 3), form="full", link="javascript:alert(1)")
    seen = shown(client, review, "publication")
    assert words(seen.select_one("h1")) == "Published on 3 August 2026"
    assert seen.select("a[href^=javascript]") == []
    assert {row[0]: row[1:3] for row in rows(seen)} == {
        "Partnership signed off": ["Done", "1 May 2026"],
        "Copied to the Domestic Abuse Commissioner": ["Not recorded", ""],
        "Family told of publication": ["Not recorded", ""],
        "Published": ["Done", "3 Aug 2026"],
        "Home Office told of publication": ["To do", ""],
    }
    assert "Criminal trial 1 March 2026 to 1 April 2026" in words(seen.select_one("[aria-labelledby=holds]"))
    record(review, "removed_from_site", date(2026, 8, 31))
    assert words(shown(client, review, "publication").select_one("h1")) == "Removed from the site on 31 August 2026"


def test_a_kind_of_review_without_them_has_no_such_pages(client: FlaskClient, officer: User) -> None:
    case = make_case(officer, "asb", date(2026, 1, 30))
    assert [client.get(f"/cases/{case.reference}/{page}").status_code for page in ("qa", "publication")] == [404, 404]
    assert "QA" not in words(shown(client, case, "people").select_one(".case-bar"))


# -- Long cases -------------------------------------------------------------------------------------------------------


def test_a_long_case_is_shown_a_page_at_a_time(client: FlaskClient, officer: User, review: Case) -> None:
    first_day = date(2026, 2, 5)
    facts = [
        Event(case_id=review.id, number=number, step="family_engaged", happened_on=first_day + timedelta(days=number))
        for number in range(3, 208)
    ]
    db.session.add_all(facts)
    db.session.commit()
    correct_event(review, by=officer, number=5, reason="Another family.")
    first, last = shown(client, review, "history"), shown(client, review, "history?page=3")
    assert [len(seen.select("[aria-labelledby=events] tbody tr")) for seen in (first, last)] == [100, 8]
    assert "This case has 1 correction." in words(first)
    correction = first.select_one("#event-5 ~ td a[href*=event-208]")
    assert correction
    assert correction["href"] == f"/cases/{review.reference}/history?page=3#event-208"
    assert last.select_one("#event-208")
    timeline = [shown(client, review, f"timeline?page={page}") for page in ("1", "3", "99", "x")]
    assert [len(seen.select("main .rows > li")) for seen in timeline] == [100, 8, 8, 100]
    moves, corrected = (shown(client, review, f"timeline?kind={kind}") for kind in ("moves", "corrections"))
    assert [len(seen.select("main .rows > li")) for seen in (moves, corrected)] == [1, 2]
    next_page = timeline[0].select_one("[rel=next]")
    assert next_page
    assert next_page["href"] == f"/cases/{review.reference}/timeline?page=2"
