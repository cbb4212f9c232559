"""Clocks: every sentence of the domain reference on how they start, restart, are chased, extended, met and ended."""

import pytest

from tests.unit.reckoned import Event, all_of, day, event, latest, reckoned, statuses
from tracker.procedures.facts import NotAllowed

RECEIVED = event("notification_received", "2025-01-31")
REVIEW = [RECEIVED, event("decided_to_review", "2025-02-20")]
SCRUTINY = [RECEIVED, event("decided_not_to_review", "2025-02-20")]
QA = [*REVIEW, event("submitted_to_qa", "2025-08-20")]
CLEARED = [*QA, event("qa_feedback_received", "2026-01-19", outcome="cleared")]
PUBLISHED = [*CLEARED, event("published", "2026-02-13", form="full")]
APPLIED = event("application_received", "2025-03-03")
NOT_MET = [APPLIED, event("threshold_not_met", "2025-03-24")]


def extended(on: str, deadline: str, to: str, subject: str = "") -> Event:
    return event("deadline_extended", on, subject, deadline=deadline, to=to, reason="a trial", agreed_by="panel")


def refusal(case_type: str, *events: Event) -> NotAllowed:
    with pytest.raises(NotAllowed) as refused:
        reckoned(case_type, *events)
    return refused.value


# -- Starts and restarts ----------------------------------------------------------------------------------------------


def test_the_next_start_cancels_an_unmet_earlier_one() -> None:
    """Each start event opens an occurrence; the next start cancels an unmet earlier one."""
    told_twice = [*SCRUTINY, event("home_office_told", "2025-02-24"), event("home_office_told", "2025-03-24")]
    first, second = all_of(reckoned("dhr", *told_twice), "home_office_answer")
    assert (first.occurrence, first.status, first.started_on) == (1, "cancelled", day("2025-02-24"))
    assert (second.occurrence, second.status, second.started_on) == (2, "open", day("2025-03-24"))


def test_the_next_start_leaves_a_met_one_alone() -> None:
    reconsidered = [*SCRUTINY, event("home_office_asked_to_reconsider", "2025-05-01")]
    assert statuses(reckoned("dhr", *reconsidered), "decide") == ["met", "open"]


def test_a_meeting_step_meets_the_latest_occurrence_alone() -> None:
    rounds = [
        *QA,
        event("qa_feedback_received", "2025-10-01", outcome="resubmit"),
        event("submitted_to_qa", "2025-10-20"),
        event("qa_feedback_received", "2026-01-05", outcome="cleared"),
    ]
    answers = all_of(reckoned("dhr", *rounds), "qa_answer")
    assert [(answer.started_on, answer.met_on) for answer in answers] == [
        (day("2025-08-20"), day("2025-10-01")),
        (day("2025-10-20"), day("2026-01-05")),
    ]


def test_a_later_direction_restarts_the_report() -> None:
    """A later direction restarts the completion deadline from its own date."""
    back = [
        *SCRUTINY,
        event("home_office_asked_to_reconsider", "2025-05-01"),
        event("decided_not_to_review", "2025-05-20"),
        event("directed_to_review", "2025-08-31"),
    ]
    (report,) = all_of(reckoned("dhr", *back), "complete_report")
    assert (report.started_on, report.due) == (day("2025-08-31"), day("2026-02-28"))


@pytest.mark.parametrize(
    ("key", "history"),
    [
        ("first_panel", [*REVIEW, event("chair_appointed", "2025-03-03"), event("chair_appointed", "2025-04-03")]),
        (
            "copy_commissioner",
            [*REVIEW, event("partnership_signed_off", "2025-08-01"), event("partnership_signed_off", "2025-08-08")],
        ),
        ("stocktake_6", [*PUBLISHED, event("published", "2026-04-01", form="full")]),
        (
            "stocktake_12",
            [*CLEARED, event("publication_withheld", "2026-02-02"), event("published", "2026-04-01", form="full")],
        ),
    ],
)
def test_only_the_first_start_counts(key: str, history: list[Event]) -> None:
    """Only the first start counts for `first_panel`, `copy_commissioner`, and the stocktakes."""
    (clock,) = all_of(reckoned("dhr", *history), key)
    first = next(
        e["on"]
        for e in history
        if e["step"] in ("chair_appointed", "partnership_signed_off", "published", "publication_withheld")
    )
    assert clock.started_on == day(first)


def test_only_the_first_start_counts_though_it_was_met() -> None:
    panels = [
        *REVIEW,
        event("chair_appointed", "2025-03-03"),
        event("panel_met", "2025-03-24"),
        event("chair_appointed", "2025-06-02"),
    ]
    assert statuses(reckoned("dhr", *panels), "first_panel") == ["met"]


def test_every_other_clock_starts_again() -> None:
    letters = [
        *PUBLISHED,
        event("home_office_told_of_publication", "2026-02-16"),
        event("published", "2026-05-01", form="full"),
    ]
    assert statuses(reckoned("dhr", *letters), "tell_publication") == ["met", "open"]


def test_months_are_added_to_the_event_and_never_to_an_earlier_due_date() -> None:
    """n months are added to the event, never to an earlier due date"""
    plan = [*REVIEW, event("action_plan_agreed", "2025-11-30"), event("action_plan_updated", "2026-02-27")]
    assert latest(reckoned("dhr", *plan), "action_plan_update").due == day("2026-05-27")


# -- Chases -----------------------------------------------------------------------------------------------------------

ASKED = [*REVIEW, event("imr_requested", "2025-04-01", "Police")]


def test_a_second_request_before_the_reply_is_a_chase() -> None:
    """A second request to the same subject before its reply is a chase and starts nothing."""
    chased = [*ASKED, event("imr_requested", "2025-05-12", "Police"), event("imr_requested", "2025-06-30", "Police")]
    (imr,) = all_of(reckoned("dhr", *chased), "imr", "Police")
    assert (imr.started_on, imr.due, imr.status) == (day("2025-04-01"), day("2025-06-02"), "overdue")
    assert imr.chases == (day("2025-05-12"), day("2025-06-30"))


def test_a_request_to_another_subject_is_not_a_chase() -> None:
    asked = reckoned("dhr", *ASKED, event("imr_requested", "2025-05-12", "Housing"))
    assert latest(asked, "imr", "Housing").started_on == day("2025-05-12")


def test_a_request_after_the_reply_starts_anew() -> None:
    again = [*ASKED, event("imr_received", "2025-05-12", "Police"), event("imr_requested", "2025-06-30", "Police")]
    first, second = all_of(reckoned("dhr", *again), "imr", "Police")
    assert (first.status, second.status, second.occurrence) == ("met", "open", 2)
    assert second.due == day("2025-08-26")


@pytest.mark.parametrize(
    ("case_type", "history"),
    [
        ("asb", [APPLIED]),
        (
            "owhr",
            [event("death_logged", "2025-03-03"), event("partner_notified", "2025-03-10", "Police", notice="duty")],
        ),
    ],
)
def test_information_is_chased_too(case_type: str, history: list[Event]) -> None:
    chased = [
        *history,
        event("information_requested", "2025-04-01", "Housing"),
        event("information_requested", "2025-04-08", "Housing"),
    ]
    (information,) = all_of(reckoned(case_type, *chased), "information", "Housing")
    assert (information.started_on, information.chases) == (day("2025-04-01"), (day("2025-04-08"),))


# -- Extensions -------------------------------------------------------------------------------------------------------


def test_an_extension_moves_the_due_date_and_keeps_the_original() -> None:
    report = latest(
        reckoned("dhr", *REVIEW, extended("2025-06-30", "complete_report", "2025-11-20")), "complete_report"
    )
    assert (report.due, report.original_due) == (day("2025-11-20"), day("2025-08-20"))
    assert (
        "Extended on 30 June 2025: from 20 August 2025 to 20 November 2025: a trial; agreed by panel" in report.working
    )


def test_a_second_extension_starts_from_the_first() -> None:
    twice = [
        extended("2025-06-30", "complete_report", "2025-11-20"),
        extended("2025-11-03", "complete_report", "2026-02-20"),
    ]
    report = latest(reckoned("dhr", *REVIEW, *twice), "complete_report")
    assert (report.due, report.original_due) == (day("2026-02-20"), day("2025-08-20"))
    assert [(e.old_due, e.new_due) for e in report.extensions] == [
        (day("2025-08-20"), day("2025-11-20")),
        (day("2025-11-20"), day("2026-02-20")),
    ]


def test_an_extension_that_is_still_to_come_does_not_count() -> None:
    report = [*REVIEW, extended("2025-09-01", "complete_report", "2025-11-20")]
    assert latest(reckoned("dhr", *report, today="2025-08-31"), "complete_report").status == "overdue"
    assert latest(reckoned("dhr", *report, today="2025-09-01"), "complete_report").status == "open"


def test_an_extension_applies_to_the_latest_occurrence_started_by_its_date() -> None:
    """An extension applies to the latest occurrence started by its date"""
    plan = [
        *REVIEW,
        event("action_plan_agreed", "2025-03-03"),
        extended("2025-03-10", "action_plan_update", "2025-07-01"),
        event("action_plan_updated", "2025-06-02"),
        extended("2025-06-02", "action_plan_update", "2025-10-01"),
        event("action_plan_updated", "2025-10-06"),
    ]
    assert [clock.due for clock in all_of(reckoned("dhr", *plan), "action_plan_update")] == [
        day("2025-07-01"),
        day("2025-10-01"),
        day("2026-01-06"),
    ]


def test_an_extension_of_the_day_of_a_restart_is_of_the_new_occurrence_in_whatever_order() -> None:
    started = event("panel_arranged", "2025-04-01", panel_on="2025-04-25")
    again = event("panel_arranged", "2025-04-08", panel_on="2025-05-30")
    longer = extended("2025-04-08", "papers", "2025-05-27")
    for of_the_day in ([again, longer], [longer, again]):
        papers = all_of(reckoned("asb", APPLIED, started, *of_the_day), "papers")
        assert [(clock.due, clock.original_due) for clock in papers] == [
            (day("2025-04-16"), day("2025-04-16")),
            (day("2025-05-27"), day("2025-05-22")),
        ]


def test_an_extension_of_a_subject_is_of_that_subject() -> None:
    two = [
        *ASKED,
        event("imr_requested", "2025-04-01", "Housing"),
        extended("2025-05-01", "imr", "2025-08-01", "Housing"),
    ]
    reckoning = reckoned("dhr", *two)
    assert latest(reckoning, "imr", "Housing").due == day("2025-08-01")
    assert latest(reckoning, "imr", "Police").due == day("2025-06-02")


def test_whose_deadline_is_extended_must_be_said_where_there_are_several() -> None:
    two = [*ASKED, event("imr_requested", "2025-04-01", "Housing"), extended("2025-05-01", "imr", "2025-08-01")]
    assert refusal("dhr", *two).field == "subject"
    assert latest(reckoned("dhr", *ASKED, extended("2025-05-01", "imr", "2025-08-01")), "imr", "Police").due == day(
        "2025-08-01"
    )


@pytest.mark.parametrize("key", ["decide", "copy_commissioner", "home_office_answer", "qa_answer"])
def test_one_on_a_deadline_that_cannot_be_extended_is_refused(key: str) -> None:
    """one on a deadline that cannot be extended is refused."""
    refused = refusal("dhr", RECEIVED, extended("2025-02-03", key, "2025-06-01"))
    assert "cannot be extended" in str(refused)
    assert (refused.number, refused.field) == (2, "deadline")


@pytest.mark.parametrize(
    ("extension", "why"),
    [
        (extended("2025-03-03", "publish", "2026-06-01"), "had not started"),
        (extended("2025-03-03", "lunch", "2026-06-01"), "no deadline “lunch”"),
        (extended("2025-03-03", "complete_report", "2025-08-20"), "must be after 20 August 2025"),
        (extended("2025-03-03", "complete_report", "2025-08-01"), "must be after 20 August 2025"),
    ],
)
def test_an_extension_of_nothing_or_to_no_later_day_is_refused(extension: Event, why: str) -> None:
    assert why in str(refusal("dhr", *REVIEW, extension))


def test_a_met_deadline_is_not_extended() -> None:
    told = event("family_told", "2025-02-24")
    assert "no longer open" in str(refusal("dhr", *REVIEW, told, extended("2025-02-25", "tell_family", "2025-06-02")))


# -- Met, met late, overdue -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "status"),
    [("2025-08-19", "met"), ("2025-08-20", "met"), ("2025-08-21", "met_late")],
)
def test_met_on_or_before_the_due_date_and_late_after_it(on: str, status: str) -> None:
    """`met` = on or before `due`, or `due` is null; `met_late` after it"""
    signed = reckoned("dhr", *REVIEW, event("partnership_signed_off", on))
    assert statuses(signed, "complete_report") == [status]


def test_what_has_no_due_date_is_met_however_late() -> None:
    signed = [*REVIEW, event("partnership_signed_off", "2025-08-01"), event("commissioner_copied", "2028-08-01")]
    assert statuses(reckoned("dhr", *signed), "copy_commissioner") == ["met"]


@pytest.mark.parametrize(
    ("today", "status"), [("2025-08-19", "open"), ("2025-08-20", "open"), ("2025-08-21", "overdue")]
)
def test_overdue_from_the_day_after(today: str, status: str) -> None:
    """`overdue` from the day after `due`."""
    assert statuses(reckoned("dhr", *REVIEW, today=today), "complete_report") == [status]


def test_met_as_extended() -> None:
    """Signed off and submitted Thu 20 Nov 2025: met as extended"""
    longer = [*REVIEW, extended("2025-06-30", "complete_report", "2025-11-20")]
    for on, status in (("2025-11-20", "met"), ("2025-11-21", "met_late")):
        assert statuses(reckoned("dhr", *longer, event("partnership_signed_off", on)), "complete_report") == [status]


def test_a_due_date_does_not_roll() -> None:
    """a due date that falls on a weekend or holiday stays there; show "last working day on or before" as a hint"""
    decided = [event("notification_received", "2025-12-31"), event("decided_to_review", "2025-12-31")]
    chair = latest(reckoned("dhr", *decided, today="2026-01-31"), "appoint_chair")
    assert (chair.due, chair.status, chair.last_working_day) == (day("2026-01-31"), "open", day("2026-01-30"))
    assert statuses(reckoned("dhr", *decided, today="2026-02-01"), "appoint_chair") == ["overdue"]


def test_events_dated_after_today_do_not_exist() -> None:
    """Events dated after `today` do not exist for a reckoning"""
    signed = [*REVIEW, event("partnership_signed_off", "2025-08-20")]
    assert statuses(reckoned("dhr", *signed, today="2025-08-19"), "complete_report") == ["open"]
    assert all_of(reckoned("dhr", *signed, today="2025-02-19"), "complete_report") == []


# -- Windows ----------------------------------------------------------------------------------------------------------


def test_a_window_lapses_the_day_after_and_is_never_overdue() -> None:
    """appeal requested; else `lapsed` the day after"""
    assert statuses(reckoned("asb", *NOT_MET, today="2025-04-23"), "appeal_window") == ["open"]
    assert statuses(reckoned("asb", *NOT_MET, today="2025-04-24"), "appeal_window") == ["lapsed"]


def test_a_window_that_has_lapsed_is_not_extended() -> None:
    done = [event("acknowledged", "2025-03-04"), event("applicant_told", "2025-03-25")]
    for on, may in (("2025-04-23", True), ("2025-04-24", False)):
        assert ("deadline_extended" in reckoned("asb", *NOT_MET, *done, today=on).open_steps) is may
    in_time = reckoned("asb", *NOT_MET, extended("2025-04-23", "appeal_window", "2025-06-02"))
    assert latest(in_time, "appeal_window").due == day("2025-06-02")
    late = refusal("asb", *NOT_MET, extended("2025-04-24", "appeal_window", "2025-06-02"))
    assert "no longer open" in str(late)


def test_a_window_in_use_is_met() -> None:
    appealed = event("appeal_requested", "2025-04-23", ground="threshold")
    assert statuses(reckoned("asb", *NOT_MET, appealed), "appeal_window") == ["met"]


def test_a_second_window_replaces_the_first_unless_that_has_lapsed() -> None:
    for on, first in (("2025-04-23", "cancelled"), ("2025-04-24", "lapsed")):
        again = reckoned("asb", *NOT_MET, event("threshold_not_met", on))
        assert statuses(again, "appeal_window") == [first, "open"]


def test_closing_does_not_close_the_appeal_window() -> None:
    """Closing cancels what is unmet (the appeal window excepted)"""
    closed = [*NOT_MET, event("closed", "2025-03-31")]
    assert statuses(reckoned("asb", *closed, today="2025-04-23"), "appeal_window") == ["open"]
    assert statuses(reckoned("asb", *closed, today="2025-04-24"), "appeal_window") == ["lapsed"]
    assert statuses(
        reckoned("asb", *closed, event("appeal_requested", "2025-04-08", ground="threshold")), "appeal_window"
    ) == ["met"]


# -- Closing and reopening --------------------------------------------------------------------------------------------


def test_closing_cancels_what_is_unmet_and_reopening_revives_it() -> None:
    """Closing cancels what is unmet (the appeal window excepted), reopening revives it."""
    closed = [*REVIEW, event("family_told", "2025-02-24"), event("closed", "2025-03-03")]
    reckoning = reckoned("dhr", *closed, today="2025-12-01")
    assert statuses(reckoning, "complete_report") == statuses(reckoning, "appoint_chair") == ["cancelled"]
    assert statuses(reckoning, "decide") == statuses(reckoning, "tell_family") == ["met"]
    reopened = reckoned("dhr", *closed, event("reopened", "2025-12-01"))
    assert statuses(reopened, "complete_report") == ["overdue"]
    assert latest(reopened, "complete_report").due == day("2025-08-20")


@pytest.mark.parametrize("step", ["discontinued", "transferred", "merged", "closed"])
def test_every_ending_cancels_what_is_unmet(step: str) -> None:
    assert statuses(reckoned("dhr", *REVIEW, event(step, "2025-03-03")), "complete_report") == ["cancelled"]


def test_what_an_ending_itself_starts_stays_open() -> None:
    """Clock starts: decision; discontinued"""
    ended = [*REVIEW, event("discontinued", "2025-03-03")]
    assert statuses(reckoned("dhr", *ended), "tell_home_office") == ["cancelled", "open"]
    assert statuses(reckoned("dhr", *ended, today="2025-03-11"), "tell_home_office") == ["cancelled", "overdue"]
    told = event("home_office_told", "2025-03-10", about="discontinuation")
    assert statuses(reckoned("dhr", *ended, told), "tell_home_office") == ["cancelled", "met"]


def test_what_was_cancelled_by_a_restart_is_not_revived() -> None:
    told_twice = [*SCRUTINY, event("home_office_told", "2025-02-24"), event("home_office_told", "2025-03-24")]
    back = [event("closed", "2025-04-01"), event("reopened", "2025-04-02")]
    assert statuses(reckoned("dhr", *told_twice, *back), "home_office_answer") == ["cancelled", "open"]


# -- Not recorded -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case_type", "history", "key", "subject"),
    [
        ("dhr", QA, "appoint_chair", ""),
        (
            "dhr",
            [*REVIEW, event("chair_appointed", "2025-03-03"), event("submitted_to_qa", "2025-08-20")],
            "first_panel",
            "",
        ),
        ("dhr", [*ASKED, event("submitted_to_qa", "2025-08-20")], "imr", "Police"),
        (
            "dhr",
            [
                *SCRUTINY,
                event("home_office_asked_to_reconsider", "2025-05-01"),
                event("directed_to_review", "2025-06-02"),
            ],
            "decide",
            "",
        ),
        ("asb", [APPLIED, event("threshold_met", "2025-03-24")], "acknowledge", ""),
        ("asb", [APPLIED, event("panel_held", "2025-03-24")], "threshold", ""),
        ("asb", [APPLIED, event("threshold_met", "2025-03-24"), event("plan_agreed", "2025-04-01")], "panel", ""),
        (
            "owhr",
            [
                event("death_logged", "2026-09-04"),
                event("partner_aware", "2026-09-07", "Police"),
                event("review_arranged", "2026-10-01"),
                event("report_sent", "2027-01-04"),
            ],
            "notify",
            "Police",
        ),
    ],
)
def test_what_can_no_longer_be_recorded_is_not_overdue_for_ever(
    case_type: str, history: list[Event], key: str, subject: str
) -> None:
    """A deadline whose meeting step can no longer be recorded (history brought in with gaps) is cancelled and shown as
    "not recorded", not overdue for ever.
    """
    clock = latest(reckoned(case_type, *history, today="2028-01-03"), key, subject)
    assert (clock.status, clock.not_recorded) == ("cancelled", True)
    assert clock.working[-1] == "No longer applies: not recorded: the case has moved past it"


def test_what_can_be_recorded_again_is_open_again() -> None:
    back = [*QA, event("qa_feedback_received", "2025-10-01", outcome="resubmit")]
    assert statuses(reckoned("dhr", *back), "appoint_chair") == ["overdue"]


def test_what_can_only_be_recorded_in_a_stage_ahead_runs_on() -> None:
    """whole-case | application received | 40 WD | outcome letter sent: the letter comes in the review"""
    assert statuses(reckoned("asb", APPLIED), "whole_case") == ["open"]
    assert statuses(reckoned("asb", APPLIED, today="2026-01-05"), "whole_case") == ["overdue"]


def test_an_appeal_does_not_hide_what_waits_in_the_stage_before() -> None:
    appealed = [
        APPLIED,
        event("threshold_met", "2025-03-24"),
        event("appeal_requested", "2025-04-01", ground="threshold"),
    ]
    reckoning = reckoned("asb", *appealed)
    assert statuses(reckoning, "panel") == ["open"]
    assert statuses(reckoning, "acknowledge") == ["cancelled"]


# -- The whole case and its decision ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([], "cancelled"),
        ([event("closed", "2025-04-01")], "cancelled"),
        ([event("appeal_requested", "2025-04-01", ground="threshold")], "cancelled"),
        (
            [
                event("appeal_requested", "2025-04-01", ground="threshold"),
                event("appeal_decided", "2025-04-07", outcome="not_upheld"),
            ],
            "cancelled",
        ),
        (
            [
                event("appeal_requested", "2025-04-01", ground="threshold"),
                event("appeal_decided", "2025-04-07", outcome="upheld"),
            ],
            "open",
        ),
        ([event("discretionary_review_agreed", "2025-04-07")], "open"),
        ([event("threshold_met", "2025-04-07")], "open"),
        ([event("threshold_met", "2025-04-07"), event("outcome_letter_sent", "2025-04-14")], "met"),
    ],
)
def test_the_whole_case_warning_rests_while_the_decision_is_not_met(events: list[Event], status: str) -> None:
    """40 WD; cancelled while the decision is "not met" and no review is agreed"""
    assert statuses(reckoned("asb", *NOT_MET, *events, today="2025-04-14"), "whole_case") == [status]


# -- Settings and holidays --------------------------------------------------------------------------------------------


def test_a_setting_gives_number_unit_and_starting_event() -> None:
    """councils differ in number, unit and starting event, so all three are data"""
    settings = {"threshold": {"length": 10, "unit": "working_days", "from": "acknowledged"}}
    assert all_of(reckoned("asb", APPLIED, settings=settings), "threshold") == []
    clock = latest(reckoned("asb", APPLIED, event("acknowledged", "2025-03-05"), settings=settings), "threshold")
    assert (clock.started_on, clock.due) == (day("2025-03-05"), day("2025-03-19"))


@pytest.mark.parametrize(
    ("unit", "due"),
    [
        ("months", "2025-05-03"),
        ("months_beginning", "2025-05-02"),
        ("working_days", "2025-03-05"),
        ("days", "2025-03-05"),
    ],
)
def test_the_units_of_a_setting(unit: str, due: str) -> None:
    """units `months`, `months_beginning`, `working_days`, `days`"""
    settings = {"threshold": {"length": 2, "unit": unit}}
    assert latest(reckoned("asb", APPLIED, settings=settings), "threshold").due == day(due)


def test_a_setting_of_the_start_leaves_the_restart() -> None:
    settings = {"threshold": {"from": "acknowledged"}}
    upheld = [
        *NOT_MET,
        event("appeal_requested", "2025-04-01", ground="threshold"),
        event("appeal_decided", "2025-04-17", outcome="upheld"),
    ]
    (clock,) = all_of(reckoned("asb", *upheld, settings=settings), "threshold")
    assert (clock.started_on, clock.due) == (day("2025-04-17"), day("2025-05-13"))


def test_a_deadline_met_before_a_holiday_was_known_ignores_it() -> None:
    """every calendar entry ... carries the day it became known ..., and a deadline met before that day ignores it"""
    # The holiday of 19 September 2022 became known on 10 September.
    for met, due in (("2022-09-09", "2022-09-22"), ("2022-09-12", "2022-09-23")):
        case = [event("application_received", "2022-09-01"), event("threshold_met", met)]
        assert latest(reckoned("asb", *case, today="2023-01-03"), "threshold").due == day(due)
    waiting = event("application_received", "2022-09-01")
    assert latest(reckoned("asb", waiting, today="2022-09-09"), "threshold").due == day("2022-09-22")
    assert latest(reckoned("asb", waiting, today="2022-09-10"), "threshold").due == day("2022-09-23")


def test_deadlines_come_in_the_order_of_the_tables_then_subject_then_occurrence() -> None:
    """`deadlines`: in the tables' order, then subject, then occurrence"""
    busy = [
        *ASKED,
        event("imr_requested", "2025-04-02", "Ambulance"),
        event("imr_received", "2025-04-03", "Police"),
        event("imr_requested", "2025-04-04", "Police"),
        event("action_plan_agreed", "2025-04-04"),
    ]
    found = [(d.key, d.subject, d.occurrence) for d in reckoned("dhr", *busy).deadlines]
    assert found == [
        ("decide", None, 1),
        ("tell_home_office", None, 1),
        ("tell_family", None, 1),
        ("appoint_chair", None, 1),
        ("imr", "Ambulance", 1),
        ("imr", "Police", 1),
        ("imr", "Police", 2),
        ("complete_report", None, 1),
        ("action_plan_update", None, 1),
    ]


def test_the_reckoning_as_json_is_that_of_the_commands() -> None:
    signed = reckoned("dhr", *REVIEW, today="2025-02-20").as_json()
    assert list(signed) == ["type", "edition", "stage", "on_hold", "held_by", "open_steps", "deadlines", "threshold"]
    deadlines = signed["deadlines"]
    assert isinstance(deadlines, list)
    decide = deadlines[0]
    assert {key: decide[key] for key in decide if key not in ("source", "working")} == {
        "key": "decide",
        "subject": None,
        "occurrence": 1,
        "started_on": "2025-01-31",
        "due": "2025-02-28",
        "original_due": "2025-02-28",
        "met_on": "2025-02-20",
        "status": "met",
        "owner": "partnership chair",
        "authority": "guidance",
    }
    assert decide["working"][0] == "31 January 2025: notification received"
