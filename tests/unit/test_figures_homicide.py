"""Figures D1 to D8 and O1. The words in quotation marks are the domain reference's, section 4."""

from datetime import date

import pytest

from tests.unit.figuring import dhr, figured, owhr, values
from tracker.procedures.case_file import read_case
from tracker.procedures.common_steps import hold_reason
from tracker.procedures.figures import FiguredCase
from tracker.procedures.figures_homicide import financial_year

NOTIFIED = ("2024-05-01", "notification_received")
DECIDED = ("2024-05-20", "decided_to_review")
SUBMITTED = ("2024-11-04", "submitted_to_qa")


def answer(day, outcome):
    return (day, "qa_feedback_received", {"outcome": outcome})


CLEARED = [NOTIFIED, DECIDED, SUBMITTED, answer("2024-12-02", "cleared")]


def test_referrals_received():
    """D1: "DHR referrals received: notification in P"."""
    assert figured(dhr(NOTIFIED), dhr(("2024-03-31", "notification_received")))["D1"].value == 1


def test_two_victims_are_one_review():
    """Pitfall: "two victims, one review"."""
    read = read_case(
        {
            "type": "dhr",
            "deaths": [{"on": "2024-04"}, {"on": "2024-04"}],
            "events": [{"step": "notification_received", "on": "2024-05-01"}],
        }
    )
    assert len(read.deaths) == 2
    found = figured(FiguredCase("DHR-2024-001", read.procedure, read.facts, read.settings))
    assert values(found, "D1", "D3", "X2") == (1, 1, 1)


def test_decisions():
    """D2: "decided to review / not: decision in P"; "the `value` ... of D2 all decisions"."""
    reversed_on_request = dhr(
        NOTIFIED,
        ("2024-05-20", "decided_not_to_review"),
        ("2024-05-21", "home_office_told"),
        ("2024-07-01", "home_office_asked_to_reconsider"),
        ("2024-07-20", "decided_to_review"),
    )
    found = figured(reversed_on_request)["D2"]
    assert (found.value, found.by) == (2, {"decided_to_review": 1, "decided_not_to_review": 1})


def test_a_direction_is_not_the_partnerships_decision():
    directed = dhr(NOTIFIED, ("2024-05-20", "decided_not_to_review"), ("2024-07-01", "directed_to_review"))
    assert figured(directed)["D2"].by == {"decided_to_review": 0, "decided_not_to_review": 1}


@pytest.mark.parametrize(
    ("events", "ongoing"),
    [
        ([NOTIFIED], 1),
        ([NOTIFIED, ("2024-05-02", "submitted_for_decision")], 1),
        ([NOTIFIED, ("2024-05-20", "decided_not_to_review")], 1),
        ([NOTIFIED, ("2024-05-20", "decided_not_to_review"), ("2024-08-01", "home_office_accepted")], 0),
        ([NOTIFIED, DECIDED], 1),
        ([NOTIFIED, DECIDED, SUBMITTED], 1),
        (CLEARED, 0),
        ([NOTIFIED, DECIDED, SUBMITTED, answer("2025-04-01", "cleared")], 1),
        ([NOTIFIED, DECIDED, SUBMITTED, answer("2025-03-31", "cleared")], 0),
        ([NOTIFIED, ("2024-09-01", "closed")], 0),
        ([NOTIFIED, ("2025-04-01", "closed")], 1),
        ([NOTIFIED, DECIDED, ("2024-09-01", "closed"), ("2025-01-01", "reopened")], 1),
    ],
)
def test_work_ongoing(events, ongoing):
    """D3: "work ongoing at end of P, by financial year of referral: open at end (referral to QA)"."""
    found = figured(dhr(*events))["D3"]
    assert (found.value, found.by) == (ongoing, {"2023-24": 0, "2024-25": ongoing})


def test_work_ongoing_by_year_of_referral():
    cases = [dhr((day, "notification_received")) for day in ("2021-04-01", "2024-03-31", "2024-04-01", "2025-03-31")]
    assert figured(*cases)["D3"].as_json()["by"] == {"2021-22": 1, "2022-23": 0, "2023-24": 1, "2024-25": 2}


@pytest.mark.parametrize(
    ("day", "year"),
    [("2024-03-31", "2023-24"), ("2024-04-01", "2024-25"), ("2000-01-01", "1999-00"), ("2009-12-31", "2009-10")],
)
def test_financial_years(day, year):
    assert financial_year(date.fromisoformat(day)) == year


def test_a_resubmission_is_not_a_second_submission():
    """D4: "first submission; resubmissions apart". Pitfall: "a QA resubmission is not a second D4"."""
    case = dhr(
        NOTIFIED, DECIDED, SUBMITTED, answer("2024-12-02", "resubmit"), ("2025-01-13", "submitted_to_qa"),
        answer("2025-02-20", "resubmit"), ("2025-04-10", "submitted_to_qa"),
    )  # fmt: skip
    found = figured(case)["D4"]
    assert (found.value, found.by) == (1, {"first_submission": 1, "resubmission": 1})
    next_year = figured(case, since=date(2025, 4, 1), until=date(2026, 3, 31))["D4"]
    assert (next_year.value, next_year.by) == (0, {"first_submission": 0, "resubmission": 1})


def test_answers_of_the_home_office():
    """D5: "QA answers by outcome: letter in P"."""
    case = dhr(NOTIFIED, DECIDED, SUBMITTED, answer("2024-12-02", "resubmit"), ("2025-01-13", "submitted_to_qa"),
               answer("2025-02-20", "publish_after_changes"))  # fmt: skip
    found = figured(case, dhr(*CLEARED))["D5"]
    assert (found.value, found.by) == (3, {"cleared": 1, "publish_after_changes": 1, "resubmit": 1})


def test_publications():
    """D6: "fully published: published in full in P"; D7: "learning only (or executive summary only) published"."""
    forms = ("full", "executive_summary", "learning", "learning")
    cases = [dhr(*CLEARED, ("2025-01-10", "published", {"form": form})) for form in forms]
    later = dhr(*CLEARED, ("2025-04-01", "published", {"form": "full"}))
    found = figured(*cases, later)
    assert values(found, "D6", "D7") == (1, 3)
    assert found["D7"].by == {"learning": 2, "executive_summary": 1}


def test_a_review_put_up_twice_is_one_review():
    twice = dhr(*CLEARED, *((day, "published", {"form": "full"}) for day in ("2025-01-10", "2025-02-10")))
    summary_first = dhr(
        *CLEARED,
        ("2025-01-10", "published", {"form": "executive_summary"}),
        ("2025-02-10", "published", {"form": "full"}),
    )
    assert values(figured(twice), "D6", "D7") == (1, 0)
    assert values(figured(summary_first), "D6", "D7") == (1, 1)


def held(day, reason, step="hold_started"):
    return (day, step, {"reason": reason} if reason else {})


@pytest.mark.parametrize(
    ("events", "reasons"),
    [
        ([], []),
        ([held("2024-06-01", "criminal_trial")], ["criminal_trial"]),
        ([held("2024-06-01", "criminal trial")], ["criminal_trial"]),
        ([held("2024-06-01", "Criminal Trial")], ["criminal_trial"]),
        ([held("2024-06-01", "the chair is ill")], ["other"]),
        ([held("2024-06-01", "")], ["other"]),
        ([held("2024-06-01", "inquest"), held("2025-03-31", "inquest", "hold_ended")], []),
        ([held("2024-06-01", "inquest"), held("2025-04-01", "inquest", "hold_ended")], ["inquest"]),
        ([held("2025-03-31", "safety")], ["safety"]),
        ([held("2025-04-01", "safety")], []),
        ([held("2024-06-01", "retrial"), held("2024-07-01", "inquest")], ["retrial", "inquest"]),
        (
            [held("2024-06-01", "retrial"), held("2024-07-01", "inquest"), held("2024-08-01", "retrial", "hold_ended")],
            ["inquest"],
        ),
        ([held("2024-06-01", "retrial"), ("2024-07-01", "closed")], []),
    ],
)  # fmt: skip
def test_on_hold(events, reasons):
    """D8: "on hold at end of P, by reason"."""
    found = figured(dhr(NOTIFIED, DECIDED, *events))["D8"]
    assert found.value == bool(reasons)
    assert found.by == {key: int(key in reasons) for key in ("criminal_trial", "retrial", "inquest", "safety", "other")}


@pytest.mark.parametrize("written", ["criminal-trial", " CRIMINAL  trial ", "criminal_trial"])
def test_reasons_in_words(written):
    assert hold_reason(written) == "criminal_trial"


def notice(day, partner, kind):
    return (day, "partner_notified", {"subject": partner, "notice": kind})


def test_offensive_weapons_homicide_reviews():
    """O1: "OWHR referrals; notices by kind; reviews arranged; reports sent: in P"."""
    case = owhr(
        ("2024-06-03", "death_logged"),
        notice("2024-06-20", "Police", "unable"),
        notice("2024-06-25", "ICB", "not_required"),
        notice("2024-07-20", "Police", "duty"),
        ("2024-08-01", "review_arranged"),
        ("2024-08-02", "review_arranged"),
        ("2025-03-31", "report_sent"),
    )
    ended = owhr(("2024-03-03", "death_logged"), *(notice("2024-04-02", who, "no_duty") for who in ("A", "B", "C")))
    found = figured(case, ended)["O1"]
    assert found.value == 1
    assert found.by == {
        "referrals": 1, "duty": 1, "no_duty": 3, "unable": 1, "not_required": 1,
        "reviews_arranged": 1, "reports_sent": 1,
    }  # fmt: skip
    assert values(figured(case), "D1", "D2", "D3", "A1") == (0, 0, 0, 0)
