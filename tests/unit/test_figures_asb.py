"""Figures A1 to A13. The words in quotation marks are the domain reference's, section 4."""

from datetime import date

import pytest

from tests.unit.figuring import asb, figured, values
from tracker.procedures.figures_asb import RESOLVED, REVIEWED, STILL_OPEN

RECEIVED = ("2024-05-01", "application_received")
NOT_MET = ("2024-05-20", "threshold_not_met")
MET = ("2024-05-20", "threshold_met")
PANEL = ("2024-06-17", "panel_held")
APPEAL = ("2024-06-03", "appeal_requested", {"ground": "threshold"})
CLOSED = ("2024-09-02", "closed")


def upheld(ground, day="2024-06-20"):
    return (day, "appeal_decided", {"outcome": "upheld", "ground": ground})


def became(*events, **more):
    """What became of one application, by the splits of A5 and A6."""
    found = figured(asb(RECEIVED, *events), **more)
    parts = {**found["A5"].by, **found["A6"].by}
    assert sum(parts.values()) == found["A1"].value == 1
    return next(part for part, number in parts.items() if number)


def test_applications_received():
    """A1: "ASB applications received (statutory a): received in P"."""
    first, last = asb(("2024-04-01", "application_received")), asb(("2025-03-31", "application_received"))
    before, after = asb(("2024-03-31", "application_received")), asb(("2025-04-01", "application_received"))
    assert figured(first, last, before, after)["A1"].as_json() == {
        "value": 2,
        "basis": "event",
        "label": "ASB case review applications received (statutory a)",
    }


def test_received_in_one_year_and_decided_in_the_next():
    """Pitfall: "received 28 March, decided 12 April (A1 in one year, A2 in the next, so A2 can exceed A1)"."""
    case = asb(("2024-03-28", "application_received"), ("2024-04-12", "threshold_not_met"))
    assert values(figured(case), "A1", "A2") == (0, 1)
    earlier = figured(case, since=date(2023, 4, 1), until=date(2024, 3, 31))
    assert values(earlier, "A1", "A2", "A5") == (1, 0, 1)


def test_threshold_not_met_counts_decisions():
    """A2: "threshold not met (statutory b): decided not met in P"; a decision taken again is another decision."""
    again = asb(RECEIVED, NOT_MET, APPEAL, upheld("threshold"), ("2024-07-01", "threshold_not_met"))
    assert values(figured(again), "A1", "A2", "A5") == (1, 2, 1)
    assert figured(again)["A2"].cases == ("CASE-1", "CASE-1")


def test_reviews_carried_out():
    """A3: "reviews carried out (statutory c): panel held in P (first panel of the case)"."""
    twice = asb(
        ("2023-11-01", "application_received"),
        ("2023-12-01", "threshold_met"),
        ("2024-01-10", "panel_held"),
        ("2024-02-01", "appeal_requested", {"ground": "conduct"}),
        upheld("conduct", "2024-02-20"),
        ("2024-05-01", "panel_held"),
    )
    assert figured(twice)["A3"].value == 0
    assert figured(asb(RECEIVED, MET, PANEL, ("2024-07-01", "panel_held")))["A3"].value == 1


@pytest.mark.parametrize(
    ("events", "counts"),
    [
        ((), 0),
        ([("2024-06-17", "no_recommendations")], 0),
        ([("2024-06-17", "recommendations_made", {"count": "0"})], 0),
        ([("2024-06-17", "recommendations_made", {"count": "1"})], 1),
        ([("2024-06-17", "recommendations_made", {"count": 10})], 1),
        ([("2024-06-17", "recommendations_made")], 1),
        ([("2025-05-01", "recommendations_made", {"count": "2"})], 1),
    ],
)
def test_reviews_with_recommendations(events, counts):
    """A4: "reviews that resulted in recommendations (statutory d): of A3, one or more recommendations"."""
    assert values(figured(asb(RECEIVED, MET, PANEL, *events)), "A3", "A4") == (1, counts)


def test_recommendations_of_an_earlier_review_are_not_of_this_period():
    earlier = (("2024-01-10", "application_received"), ("2024-02-01", "threshold_met"), ("2024-03-01", "panel_held"))
    assert figured(asb(*earlier, ("2024-04-10", "recommendations_made")))["A4"].value == 0


@pytest.mark.parametrize(
    ("events", "ended"),
    [
        ([], STILL_OPEN),
        ([MET], STILL_OPEN),
        ([NOT_MET], "not_met"),
        ([NOT_MET, CLOSED], "not_met"),
        ([("2024-05-02", "withdrawn")], "withdrawn"),
        ([("2024-05-02", "application_invalid", {"reason": "anonymous"})], "invalid"),
        ([MET, ("2024-06-01", "withdrawn")], "withdrawn"),
        ([CLOSED], RESOLVED),
        ([MET, CLOSED], RESOLVED),
        ([("2024-06-01", "transferred", {"to": "telford"})], RESOLVED),
        ([("2024-06-01", "discontinued")], RESOLVED),
        ([("2024-06-01", "merged", {"into": "ASB-2024-009"})], RESOLVED),
        ([MET, PANEL], REVIEWED),
        ([MET, PANEL, CLOSED], REVIEWED),
        ([MET, PANEL, ("2024-07-01", "withdrawn")], REVIEWED),
        ([("2024-05-02", "withdrawn"), ("2024-05-10", "reopened")], STILL_OPEN),
        ([("2024-05-02", "withdrawn"), ("2024-05-10", "reopened"), CLOSED], RESOLVED),
    ],
)
def test_what_became_of_an_application(events, ended):
    """A5: "of A1, ended without review, split: not met, withdrawn, invalid, resolved"; A6: "reviewed; still open"."""
    assert became(*events) == ended


@pytest.mark.parametrize(
    ("events", "ended"),
    [
        ([PANEL], REVIEWED),
        ([("2024-06-01", "panel_arranged", {"panel_on": "2024-07-01"})], STILL_OPEN),
        ([("2024-06-01", "discretionary_review_agreed")], STILL_OPEN),
        ([("2024-06-01", "discretionary_review_agreed"), CLOSED], RESOLVED),
        ([APPEAL], STILL_OPEN),
        ([APPEAL, ("2024-06-20", "appeal_decided", {"outcome": "not_upheld"})], "not_met"),
        ([CLOSED, ("2024-09-03", "appeal_requested", {"ground": "threshold"})], STILL_OPEN),
        ([APPEAL, upheld("threshold")], STILL_OPEN),
        ([APPEAL, upheld("threshold"), ("2024-07-01", "threshold_not_met")], "not_met"),
        ([APPEAL, upheld("threshold"), ("2024-07-01", "threshold_met")], STILL_OPEN),
        ([APPEAL, upheld("threshold"), ("2024-07-01", "threshold_met"), ("2024-08-01", "panel_held")], REVIEWED),
        ([("2024-06-10", "threshold_met")], STILL_OPEN),
        ([APPEAL, CLOSED], "not_met"),
        ([CLOSED, ("2024-10-01", "reopened")], "not_met"),
    ],
)
def test_not_met_counts_from_the_decision(events, ended):
    """ "A5 `not_met` counts from the decision unless a panel, a discretionary review or an open appeal follows"."""
    assert became(NOT_MET, *events) == ended


def test_a_failed_appeal_leaves_a_withdrawn_case_withdrawn():
    events = [
        MET,
        ("2024-06-01", "withdrawn"),
        APPEAL,
        ("2024-06-20", "appeal_decided", {"outcome": "not_upheld"}),
    ]
    assert became(*events) == "withdrawn"


def test_the_cohort_is_followed_to_the_as_at_day():
    """ "*Cohort basis*: the referrals received in the period, followed to the "as at" date"."""
    case = asb(("2025-03-28", "application_received"), ("2025-04-10", "threshold_met"), ("2025-05-06", "panel_held"))
    at_the_end, later = figured(case, as_at=date(2025, 3, 31)), figured(case, as_at=date(2025, 6, 1))
    assert (at_the_end["A6"].by, later["A6"].by) == ({"reviewed": 0, "still_open": 1}, {"reviewed": 1, "still_open": 0})
    assert (later["A3"].value, later["A6"].value) == (0, 1)


def test_withdrawn_before_acknowledgement():
    """Pitfall: "an application withdrawn before acknowledgement still counts in A1"."""
    case = asb(RECEIVED, ("2024-05-02", "withdrawn"))
    assert values(figured(case), "A1", "A2", "A3", "A5") == (1, 0, 0, 1)


def test_every_split_prints_all_its_keys():
    """ "Every split prints all its keys, zeros too"; "Zero prints as 0"."""
    found = figured().as_json()["figures"]
    assert list(found) == [*(f"A{n}" for n in range(1, 14)), *(f"D{n}" for n in range(1, 9)), "O1", "X1", "X2"]
    assert found["A5"]["by"] == {"not_met": 0, "withdrawn": 0, "invalid": 0, "resolved": 0}
    assert found["A9"]["by"] == {"threshold": 0, "conduct": 0, "upheld": 0, "not_upheld": 0}
    assert found["D8"]["by"] == {"criminal_trial": 0, "retrial": 0, "inquest": 0, "safety": 0, "other": 0}
    assert all(figure["value"] == 0 for figure in found.values())
    assert all(not any(figure.get("by", {}).values()) for figure in found.values())


PLAN = [MET, PANEL, ("2024-07-01", "plan_agreed")]


@pytest.mark.parametrize(
    ("events", "by"),
    [
        (PLAN, {"agreed": 1, "in_monitoring": 1, "closed": 0}),
        ([*PLAN, ("2024-07-29", "plan_reviewed")], {"agreed": 1, "in_monitoring": 1, "closed": 0}),
        ([*PLAN, ("2024-08-01", "plan_agreed")], {"agreed": 1, "in_monitoring": 1, "closed": 0}),
        ([*PLAN, ("2025-02-01", "plan_completed")], {"agreed": 1, "in_monitoring": 0, "closed": 1}),
        (
            [*PLAN, ("2025-02-01", "plan_completed"), ("2025-02-02", "closed")],
            {"agreed": 1, "in_monitoring": 0, "closed": 1},
        ),
        ([*PLAN, CLOSED], {"agreed": 1, "in_monitoring": 0, "closed": 1}),
        ([*PLAN, CLOSED, ("2024-10-01", "reopened")], {"agreed": 1, "in_monitoring": 1, "closed": 1}),
        ([*PLAN, ("2025-04-01", "plan_completed")], {"agreed": 1, "in_monitoring": 1, "closed": 0}),
        (
            [*PLAN, ("2025-03-01", "appeal_requested", {"ground": "conduct"})],
            {"agreed": 1, "in_monitoring": 1, "closed": 0},
        ),
        ([MET, PANEL, CLOSED], {"agreed": 0, "in_monitoring": 0, "closed": 0}),
    ],
)
def test_action_plans(events, by):
    """A7: "action plans agreed in P; in monitoring at end; closed in P"; "the `value` ... of A7 agreed"."""
    found = figured(asb(RECEIVED, *events))["A7"]
    assert (found.value, found.by, found.basis) == (by["agreed"], by, "event, snapshot")


def test_themes_of_the_behaviour():
    """A8: "themes of the behaviour (neighbours, youth, noise, vehicles ...): of A1"; value "cases with a theme"."""
    several = asb(RECEIVED, themes=("neighbours", "Noise"))
    own = asb(RECEIVED, themes=("Neighbours", "fireworks"))
    found = figured(several, own, asb(RECEIVED), asb(("2023-05-01", "application_received"), themes=("youth",)))["A8"]
    assert found.value == 2
    assert {part: number for part, number in found.by.items() if number} == {
        "neighbours": 2,
        "noise": 1,
        "fireworks": 1,
    }
    assert found.by["vehicles"] == found.by["youth"] == 0


def test_appeals():
    """A9: "appeals: threshold, conduct; upheld: decided in P"; "the `value` ... of A9 decided"."""
    threshold = asb(RECEIVED, NOT_MET, APPEAL, upheld("threshold"))
    # The ground may be left to the request.
    conduct = asb(
        RECEIVED, MET, PANEL, ("2024-07-01", "appeal_requested", {"ground": "conduct"}),
        ("2024-07-20", "appeal_decided", {"outcome": "not_upheld"}),
    )  # fmt: skip
    waiting = asb(RECEIVED, NOT_MET, APPEAL)
    found = figured(threshold, conduct, waiting)["A9"]
    assert (found.value, found.by) == (2, {"threshold": 1, "conduct": 1, "upheld": 1, "not_upheld": 1})


def test_who_took_part():
    """A10: "independent chair; victim attended, represented, statement read: of A3", at the first panel."""
    held = asb(
        RECEIVED, MET, ("2024-06-17", "panel_held", {"independent_chair": "yes", "victim": "attended"}),
        ("2024-07-17", "panel_held", {"independent_chair": "no", "victim": "represented"}),
    )  # fmt: skip
    read = asb(RECEIVED, MET, ("2024-06-17", "panel_held", {"independent_chair": False, "victim": "statement"}))
    found = figured(held, read, asb(RECEIVED, MET, PANEL))["A10"]
    assert found.value == 1
    assert {part for part, number in found.by.items() if number == 1} == {"independent_chair", "attended", "statement"}
    assert sum(found.by.values()) == 3


@pytest.mark.parametrize(
    ("events", "counts"),
    [
        ([MET, PANEL], 0),
        ([("2024-05-20", "threshold_met", {"basis": "discretionary"}), PANEL], 0),
        ([NOT_MET, PANEL], 1),
        ([NOT_MET, ("2024-06-01", "discretionary_review_agreed"), PANEL], 1),
        ([("2024-06-01", "discretionary_review_agreed"), PANEL], 1),
        ([PANEL], 0),
        ([NOT_MET, APPEAL, upheld("threshold"), ("2024-07-01", "threshold_met"), ("2024-08-01", "panel_held")], 0),
        ([NOT_MET, ("2024-06-01", "threshold_met"), PANEL], 0),
        ([NOT_MET, ("2024-06-01", "discretionary_review_agreed")], 0),
    ],
)
def test_discretionary_reviews(events, counts):
    """A12: "discretionary reviews: of A3, threshold not met". Pitfall: "a review held with the threshold not met"."""
    assert figured(asb(RECEIVED, *events))["A12"].value == counts


def test_a_review_with_the_threshold_not_met_counts_in_both():
    found = figured(asb(RECEIVED, NOT_MET, PANEL))
    assert values(found, "A1", "A2", "A3", "A5", "A6", "A12") == (1, 1, 1, 0, 1, 1)


def test_time_limits():
    """A11: "time limits met per deadline; median days: due or met in P"."""
    in_time = asb(RECEIVED, ("2024-05-03", "acknowledged"))
    late = asb(RECEIVED, ("2024-05-13", "acknowledged"))
    never = asb(RECEIVED)
    found = figured(in_time, late, never)["A11"]
    assert found.lines["acknowledge"] == {
        "due_or_met": 3, "met": 1, "met_late": 1, "overdue": 1, "lapsed": 0, "open": 0, "median_days": 7,
    }  # fmt: skip
    assert (found.value, found.by["acknowledge"]) == (1, 1)
    assert list(found.by) == [
        "acknowledge", "information", "threshold", "tell_applicant", "panel", "papers", "outcome", "plan_review",
        "appeal_window", "appeal_answer", "whole_case",
    ]  # fmt: skip


def test_a_time_limit_counts_where_it_was_due_and_where_it_was_met():
    received_late_in_march = asb(("2025-03-28", "application_received"), ("2025-04-03", "acknowledged"))
    assert figured(received_late_in_march)["A11"].lines["acknowledge"]["due_or_met"] == 0
    due_in_march_met_in_april = asb(("2025-03-20", "application_received"), ("2025-04-03", "acknowledged"))
    assert figured(due_in_march_met_in_april)["A11"].lines["acknowledge"]["met_late"] == 1
    assert figured(due_in_march_met_in_april, as_at=date(2025, 3, 31))["A11"].lines["acknowledge"]["overdue"] == 1
    assert figured(due_in_march_met_in_april, as_at=date(2025, 3, 27))["A11"].lines["acknowledge"]["open"] == 1


def test_a_cancelled_time_limit_is_nobodys_failure():
    withdrawn = asb(RECEIVED, ("2024-05-02", "withdrawn"))
    assert all(line["due_or_met"] == 0 for line in figured(withdrawn)["A11"].lines.values())


def test_an_appeal_window_that_passes_is_not_late():
    line = figured(asb(RECEIVED, NOT_MET, CLOSED))["A11"].lines["appeal_window"]
    assert (line["due_or_met"], line["lapsed"], line["overdue"]) == (1, 1, 0)


def test_median_of_an_even_number_of_days():
    cases = [asb(RECEIVED, (f"2024-05-0{day}", "acknowledged")) for day in (2, 3)]
    assert figured(*cases)["A11"].lines["acknowledge"]["median_days"] == 1.5


def test_responses_to_recommendations_are_none_yet():
    """A13: "recommendations accepted / partly / refused / no reply, by body"; zero without a plan."""
    found = figured(asb(RECEIVED, MET, PANEL, ("2024-06-17", "recommendations_made")))["A13"]
    assert (found.value, found.by) == (0, {"accepted": 0, "partly": 0, "refused": 0, "no_reply": 0})
