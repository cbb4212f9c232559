"""Corrections: an event recorded in error no longer counts from the day its correction was recorded."""

import pytest

from tests.unit.reckoned import Event, all_of, day, event, latest, reckoned
from tracker.procedures.facts import NotAllowed

RECEIVED = event("notification_received", "2025-01-31")
REVIEW = [RECEIVED, event("decided_to_review", "2025-02-20")]


def in_error(on: str, replaces: str, subject: str = "", recorded_at: str = "", **answers: str) -> Event:
    """`recorded_in_error` (replaces: the step; `subject` and `replaces_on` choose among several, else the latest;
    reason)
    """
    return event("recorded_in_error", on, subject, recorded_at, replaces=replaces, reason="wrong case", **answers)


def refusal(*events: Event) -> NotAllowed:
    with pytest.raises(NotAllowed) as refused:
        reckoned("dhr", *events)
    return refused.value


def test_the_replaced_event_no_longer_counts() -> None:
    """the replaced event no longer counts"""
    undone = reckoned("dhr", *REVIEW, in_error("2025-03-03", "decided_to_review"))
    assert undone.stage == "referral"
    assert [deadline.key for deadline in undone.deadlines] == ["decide"]
    assert undone.corrected == {2}


def test_the_right_fact_stands_as_an_event_of_its_own() -> None:
    """the right fact stands as an event of its own"""
    wrong, right = in_error("2025-03-03", "decided_to_review"), event("decided_to_review", "2025-02-24")
    report = latest(reckoned("dhr", *REVIEW, wrong, right), "complete_report")
    assert (report.started_on, report.due) == (day("2025-02-24"), day("2025-08-24"))


def test_the_right_fact_may_be_of_the_same_day() -> None:
    feedback = event("qa_feedback_received", "2026-01-19", outcome="resubmit")
    right = event("qa_feedback_received", "2026-01-19", outcome="cleared")
    submitted = [*REVIEW, event("submitted_to_qa", "2025-08-20")]
    assert (
        reckoned("dhr", *submitted, feedback, in_error("2026-01-19", "qa_feedback_received"), right).stage
        == "publication"
    )


def test_a_correction_takes_effect_from_its_own_recording() -> None:
    """A correction takes effect from its own recording"""
    case = [*REVIEW, in_error("2025-03-10", "decided_to_review")]
    assert reckoned("dhr", *case, today="2025-03-09").stage == "review"
    assert reckoned("dhr", *case, today="2025-03-10").stage == "referral"


def test_the_latest_is_replaced() -> None:
    """else the latest"""
    panels = [
        *REVIEW,
        event("chair_appointed", "2025-03-03"),
        event("panel_met", "2025-03-24"),
        event("panel_met", "2025-05-12"),
    ]
    assert latest(reckoned("dhr", *panels, in_error("2025-06-02", "panel_met")), "first_panel").met_on == day(
        "2025-03-24"
    )
    both = [in_error("2025-06-02", "panel_met"), in_error("2025-06-02", "panel_met")]
    assert latest(reckoned("dhr", *panels, *both), "first_panel").met_on is None


def test_the_day_chooses_among_several() -> None:
    """`replaces_on` choose among several"""
    panels = [
        *REVIEW,
        event("chair_appointed", "2025-03-03"),
        event("panel_met", "2025-03-24"),
        event("panel_met", "2025-05-12"),
    ]
    corrected = reckoned("dhr", *panels, in_error("2025-06-02", "panel_met", replaces_on="2025-03-24"))
    assert latest(corrected, "first_panel").met_on == day("2025-05-12")


@pytest.mark.parametrize("beside", [True, False], ids=["beside the step", "among the answers"])
def test_the_subject_chooses_among_several(beside: bool) -> None:
    """`subject` ... choose among several"""
    requests = [event("imr_requested", "2025-04-01", "Police"), event("imr_requested", "2025-04-02", "Housing")]
    wrong = in_error("2025-05-01", "imr_requested", "Police" if beside else "")
    if not beside:
        wrong["answers"]["subject"] = "Police"
    reckoning = reckoned("dhr", *REVIEW, *requests, wrong)
    assert {d.subject for d in reckoning.deadlines if d.key == "imr"} == {"Housing"}


def test_a_correction_may_itself_be_corrected() -> None:
    case = [*REVIEW, in_error("2025-03-10", "decided_to_review"), in_error("2025-03-17", "recorded_in_error")]
    assert reckoned("dhr", *case, today="2025-03-12").stage == "referral"
    assert reckoned("dhr", *case).stage == "review"
    again = [*case, in_error("2025-03-24", "recorded_in_error")]
    assert reckoned("dhr", *again).stage == "referral", "the correction of the correction was itself wrong"


def test_a_correction_that_is_still_to_be_corrected_takes_effect_until_then() -> None:
    case = [*REVIEW, in_error("2025-03-10", "decided_to_review"), in_error("2025-03-17", "recorded_in_error")]
    assert [reckoned("dhr", *case, today=f"2025-03-{on}").stage for on in ("09", "10", "16", "17")] == [
        "review",
        "referral",
        "referral",
        "review",
    ]


def test_corrections_are_read_in_the_order_of_recording() -> None:
    """The first takes the second panel meeting; the right fact is of an earlier day; the second takes that."""
    case = [
        *REVIEW,
        event("chair_appointed", "2025-03-03"),
        event("panel_met", "2025-03-24"),
        event("panel_met", "2025-05-12"),
        in_error("2025-06-02", "panel_met"),
        event("panel_met", "2025-05-05"),
        in_error("2025-06-09", "panel_met"),
    ]
    assert reckoned("dhr", *case).corrected == {5, 7}


def test_a_correction_of_what_was_recorded_later_stands_on_the_times_of_recording() -> None:
    wrong = event("panel_met", "2025-03-24", recorded_at="2025-03-25T09:00:00Z")
    right = event("panel_met", "2025-03-31", recorded_at="2025-04-08T09:01:00Z")
    correction = in_error("2025-04-08", "panel_met", recorded_at="2025-04-08T09:00:00Z")
    chair = event("chair_appointed", "2025-03-03", recorded_at="2025-03-03T09:00:00Z")
    for events in ([wrong, correction, right], [wrong, right, correction]):
        assert latest(reckoned("dhr", *REVIEW, chair, *events), "first_panel").met_on == day("2025-03-31")


def test_the_day_of_referral_can_be_corrected() -> None:
    right = event("notification_received", "2025-01-28")
    case = [RECEIVED, in_error("2025-02-03", "notification_received", replaces_on="2025-01-31"), right]
    assert [d.due for d in all_of(reckoned("dhr", *case), "decide")] == [day("2025-02-28")]
    assert latest(reckoned("dhr", *case), "decide").started_on == day("2025-01-28")


def test_before_the_correction_of_what_can_only_be_once_the_right_fact_is_read() -> None:
    right = event("decided_to_review", "2025-02-24")
    case = [*REVIEW, in_error("2025-03-10", "decided_to_review", replaces_on="2025-02-20"), right]
    assert latest(reckoned("dhr", *case, today="2025-03-03"), "complete_report").started_on == day("2025-02-24")
    opened_twice = [RECEIVED, in_error("2025-02-10", "notification_received", replaces_on="2025-01-31")]
    opened_twice += [event("notification_received", "2025-01-28")]
    assert latest(reckoned("dhr", *opened_twice, today="2025-02-03"), "decide").started_on == day("2025-01-28")


@pytest.mark.parametrize(
    "correction",
    [
        in_error("2025-03-03", "panel_met"),
        in_error("2025-03-03", "published"),
        in_error("2025-03-03", "no_such_step"),
        in_error("2025-03-03", "decided_to_review", replaces_on="2025-02-21"),
        in_error("2025-02-19", "decided_to_review"),
        in_error("2025-03-03", "decided_to_review", "Police"),
        in_error("2025-03-03", "recorded_in_error"),
    ],
)
def test_there_must_be_something_to_correct(correction: Event) -> None:
    refused = refusal(*REVIEW, correction)
    assert (refused.number, refused.field) == (3, "replaces")


def test_what_follows_from_the_replaced_event_must_still_stand() -> None:
    case = [*REVIEW, event("chair_appointed", "2025-03-03"), in_error("2025-03-10", "decided_to_review")]
    assert refusal(*case).number == 3, "a chair cannot be appointed to a review that nobody decided on"


def test_extensions_holds_and_closings_can_be_corrected() -> None:
    longer = event(
        "deadline_extended", "2025-06-30", deadline="complete_report", to="2025-11-20", reason="x", agreed_by="y"
    )
    corrected = reckoned("dhr", *REVIEW, longer, in_error("2025-07-01", "deadline_extended"))
    assert latest(corrected, "complete_report").due == day("2025-08-20")
    assert not reckoned(
        "dhr", *REVIEW, event("hold_started", "2025-03-03"), in_error("2025-03-04", "hold_started")
    ).on_hold
    assert reckoned("dhr", *REVIEW, event("closed", "2025-03-03"), in_error("2025-03-04", "closed")).stage == "review"
