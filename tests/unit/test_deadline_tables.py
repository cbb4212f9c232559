"""Every row of the three deadline tables: what starts it, how long it runs, what meets it, whose it is, what it
rests on.

Each test quotes its row: key | deadline | clock starts | length | met by | owner | extendable | authority.
"""

from typing import Any

import pytest

from tests.unit.reckoned import Event, all_of, day, event, latest, reckoned
from tracker.procedures import PROCEDURES
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.facts import NotAllowed

LONG_AFTER = "2029-01-01"
Row = dict[str, Any]


def check_row(
    case_type: str,
    history: list[Event],
    key: str,
    *,
    starts: str,
    due: str | None,
    met_by: list[list[Event]],
    owner: str,
    authority: str,
    extendable: bool,
    subject: str = "",
    occurrence: int = 1,
) -> None:
    """After *history* the clock runs from *starts* to *due*; each of *met_by* meets it; it can be extended or not."""
    started = latest(reckoned(case_type, *history, today=history[-1]["on"]), key, subject)
    assert (started.started_on, started.occurrence, started.status) == (day(starts), occurrence, "open")
    assert started.due == started.original_due == (day(due) if due else None)
    assert (started.owner, started.authority) == (subject or owner, authority)
    assert started.source.title
    for events in met_by:
        met = reckoned(case_type, *history, *events, today=events[-1]["on"])
        found = all_of(met, key, subject)[occurrence - 1]
        in_time = due is None or events[-1]["on"] <= due
        assert (found.met_on, found.status) == (day(events[-1]["on"]), "met" if in_time else "met_late"), events
    extended = event(
        "deadline_extended",
        history[-1]["on"],
        subject,
        deadline=key,
        to=LONG_AFTER,
        reason="a trial",
        agreed_by="panel",
    )
    if extendable:
        found = latest(reckoned(case_type, *history, extended), key, subject)
        assert (found.due, found.original_due) == (day(LONG_AFTER), started.original_due)
    else:
        with pytest.raises(NotAllowed, match="cannot be extended") as refused:
            reckoned(case_type, *history, extended)
        assert refused.value.number == len(history) + 1


# -- Domestic Homicide Review -----------------------------------------------------------------------------------------

RECEIVED = event("notification_received", "2025-01-31")
TO_REVIEW = [RECEIVED, event("decided_to_review", "2025-02-20")]
NOT_TO_REVIEW = [RECEIVED, event("decided_not_to_review", "2025-02-20")]
DIRECTED = [*NOT_TO_REVIEW, event("directed_to_review", "2025-08-29")]
SUBMITTED = [*TO_REVIEW, event("submitted_to_qa", "2025-08-29")]
CLEARED = [*SUBMITTED, event("qa_feedback_received", "2025-10-31", outcome="cleared")]
PUBLISHED = [*CLEARED, event("published", "2025-11-28", form="full")]
WITHHELD = [*CLEARED, event("publication_withheld", "2025-11-30", reason="retrial", approver="chair")]


def test_decide() -> None:
    """decide | Decide whether to review | notification received; asked to reconsider | 1 month | decision, either way |
    partnership chair | no (overdue with reason) | guidance s.5, confirm
    """
    row: Row = {"owner": "partnership chair", "authority": "guidance", "extendable": False}
    either_way = [[event("decided_to_review", "2025-02-28")], [event("decided_not_to_review", "2025-03-01")]]
    check_row("dhr", [RECEIVED], "decide", starts="2025-01-31", due="2025-02-28", met_by=either_way, **row)
    asked = [*NOT_TO_REVIEW, event("home_office_asked_to_reconsider", "2025-08-31")]
    either_way = [[event("decided_to_review", "2025-09-30")], [event("decided_not_to_review", "2025-10-01")]]
    check_row("dhr", asked, "decide", starts="2025-08-31", due="2025-09-30", met_by=either_way, occurrence=2, **row)


def test_tell_home_office() -> None:
    """tell-home-office | Tell the Home Office the decision (with reasons if no) | decision; discontinued | 5 WD |
    Home Office told (about: decision, discontinuation) | officer | yes | duty guidance; length local
    """
    row: Row = {"owner": "officer", "authority": "guidance", "extendable": True}
    told = [
        [event("home_office_told", "2025-04-28")],
        [event("home_office_told", "2025-04-28", about="decision")],
        [event("home_office_told", "2025-04-29", about="discontinuation")],
    ]
    # Thursday 17 April 2025, before Good Friday and Easter Monday.
    for step in ("decided_to_review", "decided_not_to_review"):
        decided = [RECEIVED, event(step, "2025-04-17")]
        check_row("dhr", decided, "tell_home_office", starts="2025-04-17", due="2025-04-28", met_by=told, **row)
    discontinued = [*TO_REVIEW, event("home_office_told", "2025-02-21"), event("discontinued", "2025-12-19")]
    clock = latest(reckoned("dhr", *discontinued), "tell_home_office")
    assert (clock.started_on, clock.due, clock.status) == (day("2025-12-19"), day("2025-12-30"), "open")
    told_why = event("home_office_told", "2025-12-30", about="discontinuation")
    assert latest(reckoned("dhr", *discontinued, told_why), "tell_home_office").status == "met"


def test_telling_the_home_office_of_an_extension_does_not_tell_it_the_decision() -> None:
    told = event("home_office_told", "2025-02-21", about="extension")
    assert latest(reckoned("dhr", *TO_REVIEW, told), "tell_home_office").status == "open"


def test_tell_family() -> None:
    """tell-family | Tell the family the decision | decision | 5 WD | family told | officer | yes | guidance; length
    local
    """
    for step in ("decided_to_review", "decided_not_to_review"):
        check_row(
            "dhr",
            [RECEIVED, event(step, "2025-04-17")],
            "tell_family",
            starts="2025-04-17",
            due="2025-04-28",
            met_by=[[event("family_told", "2025-04-28")], [event("family_told", "2025-04-29")]],
            owner="officer",
            authority="guidance",
            extendable=True,
        )


def test_home_office_answer() -> None:
    """home-office-answer | Home Office's view of a decision not to review (waiting on the Home Office) | Home Office
    told of a decision not to review | none set; show age; local nudge 60 WD | accepted, asked to reconsider,
    directed | Home Office | no | none
    """
    told = [*NOT_TO_REVIEW, event("home_office_told", "2025-02-24")]
    answers = ("home_office_accepted", "home_office_asked_to_reconsider", "directed_to_review")
    check_row(
        "dhr",
        told,
        "home_office_answer",
        starts="2025-02-24",
        due=None,
        met_by=[[event(step, "2026-02-24")] for step in answers],
        owner="Home Office",
        authority="none",
        extendable=False,
    )
    assert latest(reckoned("dhr", *told, today="2029-01-01"), "home_office_answer").status == "open"
    assert latest(reckoned("dhr", *told), "home_office_answer").nudge_on == day("2025-05-22")


@pytest.mark.parametrize("about", ["extension", "discontinuation"])
def test_home_office_answer_waits_only_after_it_was_told_of_the_decision(about: str) -> None:
    assert not all_of(
        reckoned("dhr", *NOT_TO_REVIEW, event("home_office_told", "2025-02-24", about=about)), "home_office_answer"
    )
    assert not all_of(reckoned("dhr", *TO_REVIEW, event("home_office_told", "2025-02-24")), "home_office_answer")


def test_appoint_chair() -> None:
    """appoint-chair | Appoint an independent chair | decision to review, or direction | 1 month | chair appointed |
    officer | yes | local
    """
    row: Row = {"owner": "officer", "authority": "local", "extendable": True}
    for history, starts, due in ((TO_REVIEW, "2025-02-20", "2025-03-20"), (DIRECTED, "2025-08-29", "2025-09-29")):
        appointed = [[event("chair_appointed", due)], [event("chair_appointed", "2025-12-01")]]
        check_row("dhr", history, "appoint_chair", starts=starts, due=due, met_by=appointed, **row)


def test_first_panel() -> None:
    """first-panel | First panel meeting | chair appointed | 1 month | panel met (first) | panel chair | yes | local"""
    check_row(
        "dhr",
        [*TO_REVIEW, event("chair_appointed", "2025-03-31")],
        "first_panel",
        starts="2025-03-31",
        due="2025-04-30",
        met_by=[[event("panel_met", "2025-04-30")], [event("panel_met", "2025-05-01")]],
        owner="panel chair",
        authority="local",
        extendable=True,
    )


def test_first_panel_is_met_by_the_first_meeting_alone() -> None:
    met = reckoned(
        "dhr",
        *TO_REVIEW,
        event("chair_appointed", "2025-03-31"),
        event("panel_met", "2025-04-14"),
        event("panel_met", "2025-06-16"),
    )
    assert [d.met_on for d in all_of(met, "first_panel")] == [day("2025-04-14")]


def test_imr() -> None:
    """imr | Each IMR due | request to that agency | 40 WD | IMR received from that agency (or nil: no contact) |
    that agency | by chair | local
    """
    check_row(
        "dhr",
        [*TO_REVIEW, event("imr_requested", "2025-04-01", "West Mercia Police")],
        "imr",
        subject="West Mercia Police",
        starts="2025-04-01",
        due="2025-06-02",
        met_by=[
            [event("imr_received", "2025-06-02", "West Mercia Police")],
            [event("imr_received", "2025-06-03", "West Mercia Police", nil=True)],
        ],
        owner="agency",
        authority="local",
        extendable=True,
    )


def test_each_agency_has_its_own_imr() -> None:
    review = reckoned(
        "dhr",
        *TO_REVIEW,
        event("imr_requested", "2025-04-01", "West Mercia Police"),
        event("imr_requested", "2025-04-02", "Adult Social Care"),
        event("imr_received", "2025-05-01", "Adult Social Care"),
    )
    assert latest(review, "imr", "West Mercia Police").status == "open"
    assert latest(review, "imr", "Adult Social Care").status == "met"


def test_complete_report() -> None:
    """complete-report | Complete the overview report | decision to review, or direction | 6 months | partnership signed
    off (a setting: panel sign-off, partnership sign-off, submission), or a later step of that list | panel chair |
    panel agrees with the partnership, Home Office told | guidance s.5, confirm start
    """
    row: Row = {"owner": "panel chair", "authority": "guidance", "extendable": True}
    for history, starts, due in ((TO_REVIEW, "2025-02-20", "2025-08-20"), (DIRECTED, "2025-08-29", "2026-02-28")):
        done = [
            [event(step, on)] for step in ("partnership_signed_off", "submitted_to_qa") for on in (due, "2026-03-02")
        ]
        check_row("dhr", history, "complete_report", starts=starts, due=due, met_by=done, **row)


@pytest.mark.parametrize(
    ("setting", "meets"),
    [
        ("panel_signed_off", {"panel_signed_off", "partnership_signed_off", "submitted_to_qa"}),
        ("partnership_signed_off", {"partnership_signed_off", "submitted_to_qa"}),
        ("submitted_to_qa", {"submitted_to_qa"}),
    ],
)
def test_what_completes_the_report_is_a_setting(setting: str, meets: set[str]) -> None:
    """partnership signed off (a setting: panel sign-off, partnership sign-off, submission), or a later step of that
    list
    """
    settings = {"complete_report": {"met_by": setting}}
    for step in ("panel_signed_off", "partnership_signed_off", "submitted_to_qa"):
        report = latest(reckoned("dhr", *TO_REVIEW, event(step, "2025-08-01"), settings=settings), "complete_report")
        assert report.status == ("met" if step in meets else "open"), step


def test_copy_commissioner() -> None:
    """copy-commissioner | Copy to the Domestic Abuse Commissioner | partnership signed off | as soon as practicable |
    copied | officer | no | statute s.9(3C)
    """
    check_row(
        "dhr",
        [*TO_REVIEW, event("partnership_signed_off", "2025-08-20")],
        "copy_commissioner",
        starts="2025-08-20",
        due=None,
        met_by=[[event("commissioner_copied", "2025-08-20")], [event("commissioner_copied", "2028-08-20")]],
        owner="officer",
        authority="statute",
        extendable=False,
    )


def test_qa_answer() -> None:
    """qa-answer | Home Office QA answer (waiting on Home Office) | submitted | none set; show age; local nudge 60 WD |
    feedback received | Home Office | no | none
    """
    outcomes = ("cleared", "publish_after_changes", "resubmit")
    check_row(
        "dhr",
        SUBMITTED,
        "qa_answer",
        starts="2025-08-29",
        due=None,
        met_by=[[event("qa_feedback_received", "2026-01-19", outcome=outcome)] for outcome in outcomes],
        owner="Home Office",
        authority="none",
        extendable=False,
    )
    assert latest(reckoned("dhr", *SUBMITTED), "qa_answer").nudge_on == day("2025-11-21")


def test_qa_changes() -> None:
    """qa-changes | Make the QA changes | feedback `publish_after_changes` or `resubmit` | 1 month | changes made,
    resubmitted, or published | panel chair | yes | local
    """
    row: Row = {"owner": "panel chair", "authority": "local", "extendable": True}
    after_changes = [*SUBMITTED, event("qa_feedback_received", "2026-01-31", outcome="publish_after_changes")]
    done = [
        [event("qa_changes_made", "2026-02-28")],
        [event("submitted_to_qa", "2026-02-28")],
        [event("published", "2026-03-01", form="full")],
    ]
    check_row("dhr", after_changes, "qa_changes", starts="2026-01-31", due="2026-02-28", met_by=done, **row)
    resubmit = [*SUBMITTED, event("qa_feedback_received", "2026-01-31", outcome="resubmit")]
    again = [[event("submitted_to_qa", "2026-02-28")], [event("submitted_to_qa", "2026-03-01")]]
    check_row("dhr", resubmit, "qa_changes", starts="2026-01-31", due="2026-02-28", met_by=again, **row)
    assert not all_of(reckoned("dhr", *CLEARED), "qa_changes")


def test_publish() -> None:
    """publish | Publish | cleared, or changes made; or the end of a hold that ran past it | 1 month; never overdue
    during a hold; cancelled by withheld | published | officer | yes | guidance; length local
    """
    row: Row = {"owner": "officer", "authority": "guidance", "extendable": True}
    published = [[event("published", on, form="full")] for on in ("2025-11-30", "2025-12-01")]
    check_row("dhr", CLEARED, "publish", starts="2025-10-31", due="2025-11-30", met_by=published, **row)
    changed = [
        *SUBMITTED,
        event("qa_feedback_received", "2026-01-19", outcome="publish_after_changes"),
        event("qa_changes_made", "2026-01-31"),
    ]
    published = [[event("published", on, form="learning")] for on in ("2026-02-28", "2026-03-01")]
    check_row("dhr", changed, "publish", starts="2026-01-31", due="2026-02-28", met_by=published, **row)
    held = [*CLEARED, event("hold_started", "2025-11-10"), event("hold_ended", "2026-01-31")]
    check_row("dhr", held, "publish", starts="2026-01-31", due="2026-02-28", met_by=published, occurrence=2, **row)
    withheld = event("publication_withheld", "2025-11-03")
    assert latest(reckoned("dhr", *CLEARED, withheld), "publish").status == "cancelled"


def test_review_withholding() -> None:
    """review-withholding | Review the decision to withhold | publication withheld | its `review_on` (default 3
    months) | published, or withheld again | manager | yes | local
    """
    row: Row = {"owner": "manager", "authority": "local", "extendable": True}
    done = [[event("published", "2026-02-28", form="full")], [event("publication_withheld", "2026-03-01")]]
    check_row("dhr", WITHHELD, "review_withholding", starts="2025-11-30", due="2026-02-28", met_by=done, **row)
    stated = [*CLEARED, event("publication_withheld", "2025-11-30", review_on="2026-01-15")]
    done = [[event("published", "2026-01-15", form="full")], [event("publication_withheld", "2026-01-16")]]
    check_row("dhr", stated, "review_withholding", starts="2025-11-30", due="2026-01-15", met_by=done, **row)
    again = reckoned("dhr", *WITHHELD, event("publication_withheld", "2026-02-01", review_on="2026-07-01"))
    assert [(d.status, d.due) for d in all_of(again, "review_withholding")] == [
        ("met", day("2026-02-28")),
        ("open", day("2026-07-01")),
    ]


def test_tell_publication() -> None:
    """tell-publication | Tell the Home Office the link | published | 5 WD | told | officer | yes | guidance; length
    local
    """
    check_row(
        "dhr",
        [*CLEARED, event("published", "2025-12-19", form="full")],
        "tell_publication",
        starts="2025-12-19",
        due="2025-12-30",
        met_by=[[event("home_office_told_of_publication", on)] for on in ("2025-12-30", "2025-12-31")],
        owner="officer",
        authority="guidance",
        extendable=True,
    )


def test_action_plan_update() -> None:
    """action-plan-update | Action plan progress | plan agreed, then each update | 3 months, repeating until complete |
    update recorded | officer | yes | local
    """
    row: Row = {"owner": "officer", "authority": "local", "extendable": True}
    agreed = [*TO_REVIEW, event("action_plan_agreed", "2025-11-30")]
    updated = [[event("action_plan_updated", on)] for on in ("2026-02-28", "2026-03-01")]
    check_row("dhr", agreed, "action_plan_update", starts="2025-11-30", due="2026-02-28", met_by=updated, **row)
    once = [*agreed, event("action_plan_updated", "2026-02-28")]
    updated = [[event("action_plan_updated", on)] for on in ("2026-05-28", "2026-05-29")]
    check_row(
        "dhr", once, "action_plan_update", starts="2026-02-28", due="2026-05-28", met_by=updated, occurrence=2, **row
    )
    complete = [*once, event("action_plan_completed", "2026-04-01")]
    assert latest(reckoned("dhr", *complete), "action_plan_update").status == "cancelled"
    late_word = reckoned("dhr", *complete, event("action_plan_updated", "2026-05-01"))
    assert len(all_of(late_word, "action_plan_update")) == 2, "it repeats until complete, and no longer"


def test_stocktakes() -> None:
    """stocktake-6, stocktake-12 | Stocktake of learning | published (or withheld) | 6 and 12 months | stocktake
    recorded (`which`: 6 or 12; else the earliest unmet) | manager | yes | local
    """
    row: Row = {"owner": "manager", "authority": "local", "extendable": True}
    published = [*CLEARED, event("published", "2025-08-31", form="full")]
    published[-2] = event("qa_feedback_received", "2025-08-30", outcome="cleared")
    withheld = [*published[:-1], event("publication_withheld", "2025-08-31")]
    for history in (published, withheld):
        six = [[event("stocktake_recorded", on, which=6)] for on in ("2026-02-28", "2026-03-01")]
        six += [[event("stocktake_recorded", "2026-02-28")]]
        check_row("dhr", history, "stocktake_6", starts="2025-08-31", due="2026-02-28", met_by=six, **row)
        twelve = [[event("stocktake_recorded", on, which="12")] for on in ("2026-08-31", "2026-09-01")]
        twelve += [[event("stocktake_recorded", "2026-02-28"), event("stocktake_recorded", "2026-08-31")]]
        check_row("dhr", history, "stocktake_12", starts="2025-08-31", due="2026-08-31", met_by=twelve, **row)


def test_a_stocktake_without_a_number_meets_the_earliest_unmet() -> None:
    """stocktake recorded (`which`: 6 or 12; else the earliest unmet)"""
    twelve_first = [*PUBLISHED, event("stocktake_recorded", "2026-04-01", which=12)]
    reckoning = reckoned("dhr", *twelve_first, event("stocktake_recorded", "2026-05-01"))
    assert latest(reckoning, "stocktake_12").met_on == day("2026-04-01")
    assert latest(reckoning, "stocktake_6").met_on == day("2026-05-01")


def test_a_stocktake_with_a_number_leaves_the_other_alone() -> None:
    reckoning = reckoned("dhr", *PUBLISHED, event("stocktake_recorded", "2026-04-01", which=12))
    assert latest(reckoning, "stocktake_6").status == "open"


def test_the_worked_example() -> None:
    """Death Sat 25 Jan 2025; notification received Fri 31 Jan 2025 -> decide by Fri 28 Feb 2025. Decided to review
    Thu 20 Feb -> report due Wed 20 Aug 2025. Extension agreed Mon 30 Jun to 20 Nov 2025 (trial listed), Home Office
    told. Signed off and submitted Thu 20 Nov 2025: met as extended, three months after the original. QA letter Mon
    19 Jan 2026 (publish after changes); published Fri 13 Feb 2026; monitoring goes on.
    """
    extended = event(
        "deadline_extended", "2025-06-30", deadline="complete_report", to="2025-11-20", reason="trial listed"
    )
    reckoning = reckoned(
        "dhr",
        *TO_REVIEW,
        extended,
        event("home_office_told", "2025-06-30", about="extension"),
        event("partnership_signed_off", "2025-11-20"),
        event("submitted_to_qa", "2025-11-20"),
        event("qa_feedback_received", "2026-01-19", outcome="publish_after_changes"),
        event("published", "2026-02-13", form="full"),
    )
    decide, report = latest(reckoning, "decide"), latest(reckoning, "complete_report")
    assert (decide.due, decide.status) == (day("2025-02-28"), "met")
    assert (report.original_due, report.due, report.status) == (day("2025-08-20"), day("2025-11-20"), "met")
    assert (latest(reckoning, "qa_changes").status, reckoning.stage) == ("met", "monitoring")


# -- Domestic Abuse Related Death Review ------------------------------------------------------------------------------


def test_a_domestic_abuse_related_death_review_copies_both() -> None:
    """the report is copied to the Secretary of State **and** the Commissioner"""
    signed = [*TO_REVIEW, event("partnership_signed_off", "2025-08-20")]
    waiting = reckoned("dhr", *signed, edition="dardr-2024")
    copies = ("copy_secretary_of_state", "copy_commissioner")
    assert [latest(waiting, key).status for key in copies] == ["open", "open"]
    assert {latest(waiting, key).authority for key in copies} == {"statute"}
    one = reckoned("dhr", *signed, event("secretary_of_state_copied", "2025-08-21"), edition="dardr-2024")
    assert [latest(one, key).status for key in copies] == ["met", "open"]


@pytest.mark.parametrize(("months", "due"), [(6, "2025-08-20"), (12, "2026-02-20")])
def test_its_completion_length_is_a_setting(months: int, due: str) -> None:
    """completion length is a setting (6 or 12 months)"""
    settings = {"complete_report": {"length": months, "unit": "months"}}
    review = reckoned("dhr", *TO_REVIEW, edition="dardr-2024", settings=settings)
    assert latest(review, "complete_report").due == day(due)


def test_a_scoping_review_may_come_before_the_decision() -> None:
    """an optional scoping review before the decision"""
    scoped = event("scoping_review_completed", "2025-02-10")
    review = reckoned("dhr", RECEIVED, scoped, event("decided_to_review", "2025-02-20"), edition="dardr-2024")
    assert review.stage == "review"


# -- ASB Case Review --------------------------------------------------------------------------------------------------
# All local settings; owner as in the table; all may be extended ("extension (applicant told why and the new date)").

APPLIED = event("application_received", "2025-03-03")
MET = [APPLIED, event("threshold_met", "2025-03-24")]
NOT_MET = [APPLIED, event("threshold_not_met", "2025-03-24")]
HELD = [*MET, event("panel_held", "2025-04-23")]
LOCAL: Row = {"authority": "local", "extendable": True}


def test_acknowledge() -> None:
    """acknowledge | Acknowledge | application received | 5 WD | acknowledged | officer"""
    check_row(
        "asb",
        [event("application_received", "2025-04-17")],
        "acknowledge",
        starts="2025-04-17",
        due="2025-04-28",
        met_by=[[event("acknowledged", "2025-04-28")], [event("acknowledged", "2025-04-29")]],
        owner="officer",
        **LOCAL,
    )


def test_information() -> None:
    """information | Information from each body | request to that body | 10 WD | received or nil return | that body"""
    check_row(
        "asb",
        [APPLIED, event("information_requested", "2025-04-25", "Housing Plus")],
        "information",
        subject="Housing Plus",
        starts="2025-04-25",
        due="2025-05-12",
        met_by=[
            [event("information_received", "2025-05-12", "Housing Plus")],
            [event("information_received", "2025-05-13", "Housing Plus", nil="yes")],
        ],
        owner="relevant body",
        **LOCAL,
    )


def test_threshold() -> None:
    """threshold | Decide the threshold | application received; appeal upheld on the threshold | 15 WD | threshold
    decision | officer / chair
    """
    row: Row = {"owner": "officer / chair", **LOCAL}
    decided = [[event("threshold_met", "2025-03-24")], [event("threshold_not_met", "2025-03-25")]]
    check_row("asb", [APPLIED], "threshold", starts="2025-03-03", due="2025-03-24", met_by=decided, **row)
    upheld = [
        *NOT_MET,
        event("appeal_requested", "2025-04-01", ground="threshold"),
        event("appeal_decided", "2025-04-17", outcome="upheld"),
    ]
    decided = [[event("threshold_met", "2025-05-13")], [event("threshold_not_met", "2025-05-14")]]
    check_row("asb", upheld, "threshold", starts="2025-04-17", due="2025-05-13", met_by=decided, occurrence=2, **row)


@pytest.mark.parametrize(("ground", "outcome"), [("threshold", "not_upheld"), ("conduct", "upheld")])
def test_only_an_appeal_upheld_on_the_threshold_asks_for_a_new_decision(ground: str, outcome: str) -> None:
    appealed = event("appeal_requested", "2025-04-01", ground=ground)
    decided = event("appeal_decided", "2025-04-17", outcome=outcome)
    assert len(all_of(reckoned("asb", *NOT_MET, appealed, decided), "threshold")) == 1


def test_tell_applicant() -> None:
    """tell-applicant | Tell the applicant the decision | threshold decision | 2 WD | applicant told | officer"""
    for step in ("threshold_met", "threshold_not_met"):
        check_row(
            "asb",
            [APPLIED, event(step, "2025-04-17")],
            "tell_applicant",
            starts="2025-04-17",
            due="2025-04-23",
            met_by=[[event("applicant_told", "2025-04-23")], [event("applicant_told", "2025-04-24")]],
            owner="officer",
            **LOCAL,
        )


def test_panel() -> None:
    """panel | Hold the panel | threshold met, or discretionary review agreed | 20 WD | panel held | chair"""
    for step in ("threshold_met", "discretionary_review_agreed"):
        check_row(
            "asb",
            [APPLIED, event(step, "2025-03-24")],
            "panel",
            starts="2025-03-24",
            due="2025-04-23",
            met_by=[[event("panel_held", "2025-04-23")], [event("panel_held", "2025-04-24", victim="attended")]],
            owner="chair",
            **LOCAL,
        )


def test_papers() -> None:
    """papers | Send panel papers | panel date (`started_on`; each `panel_arranged` replaces the last) | 5 WD
    **before**, but not before the day it was arranged | papers sent | officer
    """
    row: Row = {"owner": "officer", **LOCAL}
    arranged = [*MET, event("panel_arranged", "2025-03-26", panel_on="2025-04-25")]
    sent = [[event("papers_sent", "2025-04-16")], [event("papers_sent", "2025-04-17")]]
    check_row("asb", arranged, "papers", starts="2025-04-25", due="2025-04-16", met_by=sent, **row)
    at_short_notice = [*MET, event("panel_arranged", "2025-04-22", panel_on="2025-04-25")]
    sent = [[event("papers_sent", "2025-04-22")], [event("papers_sent", "2025-04-23")]]
    check_row("asb", at_short_notice, "papers", starts="2025-04-25", due="2025-04-22", met_by=sent, **row)
    again = reckoned("asb", *arranged, event("panel_arranged", "2025-04-01", panel_on="2025-05-30"))
    assert [(d.started_on, d.due, d.status) for d in all_of(again, "papers")] == [
        (day("2025-04-25"), day("2025-04-16"), "cancelled"),
        (day("2025-05-30"), day("2025-05-22"), "open"),
    ]


@pytest.mark.parametrize(("length", "unit", "due"), [(3, "working_days", "2025-04-22"), (7, "days", "2025-04-18")])
def test_a_local_length_of_papers_is_counted_back_too(length: int, unit: str, due: str) -> None:
    arranged = event("panel_arranged", "2025-03-26", panel_on="2025-04-25")
    settings = {"papers": {"length": length, "unit": unit}}
    assert latest(reckoned("asb", *MET, arranged, settings=settings), "papers").due == day(due)


def test_outcome() -> None:
    """outcome | Outcome letter | panel held | 10 WD | outcome letter sent | officer"""
    check_row(
        "asb",
        HELD,
        "outcome",
        starts="2025-04-23",
        due="2025-05-08",
        met_by=[[event("outcome_letter_sent", "2025-05-08")], [event("outcome_letter_sent", "2025-05-09")]],
        owner="officer",
        **LOCAL,
    )


def test_plan_review() -> None:
    """plan-review | Review the action plan | plan agreed, then each review | 28 days, repeating | plan reviewed |
    officer
    """
    row: Row = {"owner": "officer", **LOCAL}
    agreed = [*HELD, event("plan_agreed", "2025-05-01")]
    reviewed = [[event("plan_reviewed", on)] for on in ("2025-05-29", "2025-05-30")]
    check_row("asb", agreed, "plan_review", starts="2025-05-01", due="2025-05-29", met_by=reviewed, **row)
    once = [*agreed, event("plan_reviewed", "2025-05-29")]
    reviewed = [[event("plan_reviewed", on)] for on in ("2025-06-26", "2025-06-27")]
    check_row("asb", once, "plan_review", starts="2025-05-29", due="2025-06-26", met_by=reviewed, occurrence=2, **row)
    assert latest(reckoned("asb", *once, event("plan_completed", "2025-06-02")), "plan_review").status == "cancelled"


def test_appeal_window() -> None:
    """appeal-window | Applicant may appeal until | threshold not met, or outcome letter sent | 20 WD | appeal
    requested; else `lapsed` the day after (closing does not cancel it) | applicant
    """
    row: Row = {"owner": "applicant", **LOCAL}
    appealed = [[event("appeal_requested", "2025-04-23", ground="threshold")]]
    check_row("asb", NOT_MET, "appeal_window", starts="2025-03-24", due="2025-04-23", met_by=appealed, **row)
    letter = [*HELD, event("outcome_letter_sent", "2025-05-01")]
    appealed = [[event("appeal_requested", "2025-06-02", ground="conduct")]]
    check_row("asb", letter, "appeal_window", starts="2025-05-01", due="2025-06-02", met_by=appealed, **row)
    for history in (NOT_MET, [*NOT_MET, event("closed", "2025-03-31", reason="no review")]):
        assert latest(reckoned("asb", *history, today="2025-04-23"), "appeal_window").status == "open"
        assert latest(reckoned("asb", *history, today="2025-04-24"), "appeal_window").status == "lapsed"


def test_appeal_answer() -> None:
    """appeal-answer | Answer the appeal | appeal requested | 15 WD | appeal decided | appeal body"""
    check_row(
        "asb",
        [*NOT_MET, event("appeal_requested", "2025-04-17", ground="threshold")],
        "appeal_answer",
        starts="2025-04-17",
        due="2025-05-13",
        met_by=[
            [event("appeal_decided", "2025-05-13", outcome="upheld")],
            [event("appeal_decided", "2025-05-14", outcome="not_upheld")],
        ],
        owner="appeal body",
        **LOCAL,
    )


def test_whole_case() -> None:
    """whole-case | Warn that the case is long | application received | 40 WD; cancelled while the decision is "not
    met" and no review is agreed | outcome letter sent | manager
    """
    received = event("application_received", "2025-04-01")
    panel = event("panel_held", "2025-05-01")
    check_row(
        "asb",
        [received],
        "whole_case",
        starts="2025-04-01",
        due="2025-06-02",
        met_by=[
            [panel, event("outcome_letter_sent", "2025-06-02")],
            [panel, event("outcome_letter_sent", "2025-06-03")],
        ],
        owner="manager",
        **LOCAL,
    )
    not_met = [received, event("threshold_not_met", "2025-04-22")]
    assert latest(reckoned("asb", *not_met, today="2025-07-01"), "whole_case").status == "cancelled"
    for agreed in ("threshold_met", "discretionary_review_agreed", "panel_arranged", "panel_held"):
        review = reckoned("asb", *not_met, event(agreed, "2025-05-06"))
        assert (latest(review, "whole_case").status, latest(review, "whole_case").due) == ("open", day("2025-06-02"))
    assert latest(reckoned("asb", received, today="2025-06-03"), "whole_case").status == "overdue"


def test_publish_figures() -> None:
    """publish-figures | Publish the year's four figures (the partnership's deadline, not a case's) | end of the
    reporting year (31 March) | 6 months | figures published | manager
    """
    rule = PROCEDURES["asb-2014"].deadline("publish_figures")
    assert rule is not None
    assert rule.period.due(day("2025-03-31"), ENGLAND_AND_WALES) == day("2025-09-30")
    assert (rule.owner, rule.source.authority, rule.extendable, rule.of_partnership) == ("manager", "local", True, True)
    assert not all_of(reckoned("asb", *HELD, today="2026-12-31"), "publish_figures")


# -- Offensive Weapons Homicide Review --------------------------------------------------------------------------------

POLICE, COUNCIL, BOARD = "Chief officer of police", "Local authority", "Integrated care board"
LOGGED = event("death_logged", "2026-09-04")
AWARE = [LOGGED, event("partner_aware", "2026-09-07", POLICE)]
DUTY = [*AWARE, event("partner_notified", "2026-10-05", POLICE, notice="duty")]
ARRANGED = [*DUTY, event("review_arranged", "2026-10-30")]
SENT = [*ARRANGED, event("report_sent", "2027-10-29")]


def test_notify() -> None:
    """notify | Each partner notifies the Secretary of State | that partner became aware | 1 month **beginning with**
    that day | any of its notices, or no notice required | that partner | **no** | statute s.27(1), (8)
    """
    notices = ("duty", "no_duty", "unable", "not_required")
    met_by = [[event("partner_notified", "2026-10-06", POLICE, notice=notice)] for notice in notices]
    met_by += [[event("partner_notified", "2026-10-07", POLICE, notice="duty")]]
    check_row(
        "owhr",
        AWARE,
        "notify",
        subject=POLICE,
        starts="2026-09-07",
        due="2026-10-06",
        met_by=met_by,
        owner="review partner",
        authority="statute",
        extendable=False,
    )


def test_three_partners_have_three_clocks() -> None:
    """Worked: police aware Mon 7 Sep 2026 -> Tue 6 Oct; council aware Wed 9 Sep -> Thu 8 Oct; ICB aware Mon 14 Sep
    -> Tue 13 Oct.
    """
    aware = [
        *AWARE,
        event("partner_aware", "2026-09-09", COUNCIL),
        event("partner_aware", "2026-09-14", BOARD),
        event("partner_notified", "2026-10-06", POLICE, notice="unable"),
        event("partner_notified", "2026-10-09", COUNCIL, notice="no_duty"),
    ]
    reckoning = reckoned("owhr", *aware, today="2026-10-14")
    found = {d.subject: (d.due, d.status, d.owner) for d in reckoning.deadlines if d.key == "notify"}
    assert found == {
        POLICE: (day("2026-10-06"), "met", POLICE),
        COUNCIL: (day("2026-10-08"), "met_late", COUNCIL),
        BOARD: (day("2026-10-13"), "overdue", BOARD),
    }


def test_decide_after_unable() -> None:
    """decide-after-unable | Notify the decision after an "unable" notice | "not able to decide" notice | no period set;
    local nudge monthly | a later notice of the same partner | that partner | no | statute s.27(3)
    """
    unable = [*AWARE, event("partner_notified", "2026-10-05", POLICE, notice="unable")]
    check_row(
        "owhr",
        unable,
        "decide_after_unable",
        subject=POLICE,
        starts="2026-10-05",
        due=None,
        met_by=[[event("partner_notified", "2027-03-01", POLICE, notice=n)] for n in ("duty", "no_duty", "unable")],
        owner="review partner",
        authority="statute",
        extendable=False,
    )
    of_another = reckoned("owhr", *unable, event("partner_notified", "2026-11-02", COUNCIL, notice="no_duty"))
    assert latest(of_another, "decide_after_unable", POLICE).status == "open"


def test_arrange() -> None:
    """arrange | Arrange the review | first duty notice | 1 month | review arranged | officer | yes | local"""
    two = [*DUTY, event("partner_notified", "2026-10-20", COUNCIL, notice="duty")]
    check_row(
        "owhr",
        two,
        "arrange",
        starts="2026-10-05",
        due="2026-11-05",
        met_by=[[event("review_arranged", "2026-11-05")], [event("review_arranged", "2026-11-06")]],
        owner="officer",
        authority="local",
        extendable=True,
    )


def test_an_answer_to_an_information_request() -> None:
    """information | Answer an information request | request | 20 WD | answer | that body | yes | duty statute s.29(5);
    length local
    """
    check_row(
        "owhr",
        [*ARRANGED, event("information_requested", "2026-12-01", "Ambulance service")],
        "information",
        subject="Ambulance service",
        starts="2026-12-01",
        due="2026-12-31",
        met_by=[[event("information_received", on, "Ambulance service")] for on in ("2026-12-31", "2027-01-04")],
        owner="recipient",
        authority="statute",
        extendable=True,
    )
    local = {"information": {"length": 10, "unit": "working_days"}}
    request = event("information_requested", "2026-12-01", "Ambulance service")
    shorter = reckoned("owhr", *ARRANGED, request, settings=local)
    assert latest(shorter, "information", "Ambulance service").due == day("2026-12-15")


def test_report() -> None:
    """report | Prepare and send the report | review arranged | 12 months (planning) | report sent | panel chair | yes |
    local
    """
    check_row(
        "owhr",
        ARRANGED,
        "report",
        starts="2026-10-30",
        due="2027-10-30",
        met_by=[[event("report_sent", "2027-10-30")], [event("report_sent", "2027-10-31")]],
        owner="panel chair",
        authority="local",
        extendable=True,
    )


def test_persons_told() -> None:
    """persons-told | Tell persons who should act | report sent | as soon as practicable | told | officer | no | statute
    s.28(3)
    """
    check_row(
        "owhr",
        SENT,
        "persons_told",
        starts="2027-10-29",
        due=None,
        met_by=[[event("persons_told", "2028-06-01")]],
        owner="officer",
        authority="statute",
        extendable=False,
    )


# -- The tables as a whole --------------------------------------------------------------------------------------------

DHR_KEYS = (
    "decide tell_home_office tell_family home_office_answer appoint_chair first_panel imr complete_report"
    " copy_commissioner qa_answer qa_changes publish review_withholding tell_publication action_plan_update"
    " stocktake_6 stocktake_12"
)
ASB_KEYS = (
    "acknowledge information threshold tell_applicant panel papers outcome plan_review appeal_window appeal_answer"
    " whole_case publish_figures"
)
OWHR_KEYS = "notify decide_after_unable arrange information report persons_told"


@pytest.mark.parametrize(
    ("edition", "keys"), [("dhr-2016", DHR_KEYS), ("asb-2014", ASB_KEYS), ("owhr-2022", OWHR_KEYS)]
)
def test_the_deadlines_are_those_of_the_table_in_its_order(edition: str, keys: str) -> None:
    assert [rule.key for rule in PROCEDURES[edition].deadlines] == keys.split()


def test_what_was_not_checked_against_the_primary_text_says_so() -> None:
    """`confirm` = widely stated, but the paragraph number was not checked: keep the tag in the data
    (`verified=False`)
    """
    unverified = {rule.key for rule in PROCEDURES["dhr-2016"].deadlines if not rule.source.verified}
    assert unverified == {"decide", "complete_report"}
