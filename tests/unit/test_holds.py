"""Holds: they move no date, `publish` excepted; several may overlap and are told apart by their reason."""

import pytest

from tests.unit.reckoned import Event, all_of, day, event, latest, reckoned, statuses
from tracker.procedures.facts import NotAllowed

RECEIVED = event("notification_received", "2025-01-31")
REVIEW = [RECEIVED, event("decided_to_review", "2025-02-20")]
CLEARED = [
    *REVIEW,
    event("submitted_to_qa", "2025-08-20"),
    event("qa_feedback_received", "2026-01-19", outcome="cleared"),
]


def held(on: str, reason: str = "criminal_trial", **answers: str) -> Event:
    return event("hold_started", on, reason=reason, **answers)


def released(on: str, reason: str = "") -> Event:
    return event("hold_ended", on, **({"reason": reason} if reason else {}))


def test_a_case_is_on_hold_from_its_start_to_its_end() -> None:
    assert reckoned("dhr", *REVIEW, held("2025-03-03")).on_hold
    assert not reckoned("dhr", *REVIEW, held("2025-03-03"), today="2025-03-02").on_hold
    assert not reckoned("dhr", *REVIEW, held("2025-03-03"), released("2025-04-01")).on_hold


def test_a_hold_does_not_move_a_date() -> None:
    """a hold does **not** move a date, `publish` excepted; an extension does"""
    through = [*REVIEW, held("2025-03-03"), released("2026-03-02")]
    report = latest(reckoned("dhr", *through), "complete_report")
    assert (report.due, report.status, report.occurrence) == (day("2025-08-20"), "overdue", 1)
    assert statuses(reckoned("dhr", *REVIEW, held("2025-03-03"), today="2025-08-21"), "complete_report") == ["overdue"]
    assert any("On hold from 3 March 2025 to 2 March 2026: criminal trial" in line for line in report.working)


def test_a_hold_moves_no_stage() -> None:
    assert reckoned("dhr", *REVIEW, held("2025-03-03")).stage == "review"


def test_the_holder_holds_a_case_from_the_day_it_came_to_them() -> None:
    def holding(*events: Event, today: str = "") -> tuple[str, str]:
        case = reckoned("dhr", *REVIEW, *events, today=today)
        return case.held_by, str(case.holder_since)

    trial, back = held("2025-03-03"), released("2025-04-01")
    assert holding() == ("panel chair", "2025-02-20")
    assert holding(event("panel_met", "2025-03-01")) == ("panel chair", "2025-02-20")
    assert holding(trial, event("panel_met", "2025-03-20")) == ("court", "2025-03-03")
    assert holding(trial, today="2025-03-02") == ("panel chair", "2025-02-20")
    assert holding(trial, back) == ("panel chair", "2025-04-01")
    assert holding(held("2025-03-03", "other"), released("2025-04-01")) == ("panel chair", "2025-02-20")
    assert holding(trial, held("2025-03-05", "retrial")) == ("court", "2025-03-03")
    assert holding(trial, held("2025-03-05", "inquest"), released("2025-03-09", "inquest")) == ("court", "2025-03-09")


# -- Publish ----------------------------------------------------------------------------------------------------------


def test_publish_is_never_overdue_during_a_hold() -> None:
    """1 month; never overdue during a hold"""
    assert statuses(reckoned("dhr", *CLEARED, today="2026-02-20"), "publish") == ["overdue"]
    assert statuses(reckoned("dhr", *CLEARED, held("2026-02-02"), today="2026-06-01"), "publish") == ["open"]
    assert statuses(reckoned("dhr", *CLEARED, held("2026-03-02"), today="2026-06-01"), "publish") == ["open"]


def test_publish_starts_anew_when_a_hold_that_ran_past_it_ends() -> None:
    """or the end of a hold that ran past it"""
    first, second = all_of(reckoned("dhr", *CLEARED, held("2026-02-02"), released("2026-05-31")), "publish")
    assert (first.due, first.status) == (day("2026-02-19"), "cancelled")
    assert (second.started_on, second.due, second.status) == (day("2026-05-31"), day("2026-06-30"), "open")
    assert second.occurrence == 2


@pytest.mark.parametrize(
    ("since", "until", "statuses_then"),
    [
        ("2026-01-20", "2026-02-18", ["overdue"]),  # over before the due date, 19 February
        ("2026-01-20", "2026-02-19", ["overdue"]),  # ended on the due date
        ("2026-01-20", "2026-02-20", ["cancelled", "open"]),
        ("2026-02-19", "2026-02-20", ["cancelled", "open"]),
        ("2026-02-20", "2026-03-02", ["overdue"]),  # it was overdue before the hold
        ("2025-06-02", "2026-02-20", ["cancelled", "open"]),  # the hold was there when the clock started
    ],
)
def test_only_a_hold_that_was_there_on_the_due_date_and_after_it_ran_past_it(
    since: str, until: str, statuses_then: list[str]
) -> None:
    events = sorted([*CLEARED, held(since), released(until)], key=lambda e: str(e["on"]))
    assert statuses(reckoned("dhr", *events, today="2026-03-10"), "publish") == statuses_then


def test_publish_starts_anew_when_the_last_of_several_holds_ends() -> None:
    events = [*CLEARED, held("2026-02-02"), held("2026-02-09", "inquest"), released("2026-03-02", "criminal_trial")]
    assert statuses(reckoned("dhr", *events), "publish") == ["open"]
    over = [*events, released("2026-04-30", "inquest")]
    assert [(d.started_on, d.due) for d in all_of(reckoned("dhr", *over), "publish")][1:] == [
        (day("2026-04-30"), day("2026-05-30"))
    ]


def test_holds_that_follow_one_another_without_a_gap_are_one() -> None:
    events = [*CLEARED, held("2026-02-02"), held("2026-02-18", "inquest"), released("2026-02-18", "criminal_trial")]
    over = [*events, released("2026-03-31", "inquest")]
    assert latest(reckoned("dhr", *over), "publish").due == day("2026-04-30")


def test_what_was_extended_past_the_hold_does_not_start_anew() -> None:
    longer = event(
        "deadline_extended", "2026-02-02", deadline="publish", to="2026-09-01", reason="trial", agreed_by="chair"
    )
    (publish,) = all_of(reckoned("dhr", *CLEARED, longer, held("2026-02-03"), released("2026-05-31")), "publish")
    assert (publish.due, publish.status) == (day("2026-09-01"), "open")


def test_what_is_published_or_withheld_during_a_hold_does_not_start_anew() -> None:
    for step, status in (("published", "met"), ("publication_withheld", "cancelled")):
        answers = {"form": "full"} if step == "published" else {}
        events = [*CLEARED, held("2026-02-02"), event(step, "2026-02-16", **answers), released("2026-05-31")]
        assert statuses(reckoned("dhr", *events), "publish") == [status]


# -- Several holds ----------------------------------------------------------------------------------------------------


def test_overlapping_holds_are_told_apart_by_their_reason() -> None:
    """overlapping holds are told apart by their reason"""
    both = [*REVIEW, held("2025-03-03"), held("2025-03-10", "inquest")]
    one = reckoned("dhr", *both, released("2025-04-01", "criminal_trial"))
    assert one.on_hold
    assert [(hold.reason, hold.until) for hold in one.holds] == [
        ("criminal_trial", day("2025-04-01")),
        ("inquest", None),
    ]
    assert not reckoned("dhr", *both, released("2025-04-01", "criminal_trial"), released("2025-05-01")).on_hold


def test_a_reason_in_a_file_may_be_spelled_in_words() -> None:
    """reason: criminal trial, retrial, inquest, safety, other"""
    both = [*REVIEW, held("2025-03-03", "Criminal trial"), held("2025-03-10", "inquest")]
    assert reckoned("dhr", *both[:-1]).held_by == "court"
    one = reckoned("dhr", *both, released("2025-04-01", "criminal_trial"))
    assert [hold.until for hold in one.holds] == [day("2025-04-01"), None]


def test_reasons_that_are_not_on_the_list_are_told_apart_too() -> None:
    both = [*REVIEW, held("2025-03-03", "parallel inquiry"), held("2025-03-10", "illness of the chair")]
    one = reckoned("dhr", *both, released("2025-04-01", "Parallel inquiry"))
    assert [hold.until for hold in one.holds] == [day("2025-04-01"), None]


@pytest.mark.parametrize(
    ("events", "field"),
    [
        ([released("2025-03-03")], "step"),
        ([held("2025-03-03"), held("2025-03-04")], "reason"),
        ([held("2025-03-03"), held("2025-03-04", "inquest"), released("2025-03-05")], "reason"),
        ([held("2025-03-03"), held("2025-03-04", "inquest"), released("2025-03-05", "safety")], "reason"),
        ([held("2025-03-03"), released("2025-03-05"), released("2025-03-06")], "step"),
    ],
)
def test_a_hold_that_is_not_there_cannot_end_nor_one_start_twice(events: list[Event], field: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        reckoned("dhr", *REVIEW, *events)
    assert (refused.value.field, refused.value.number) == (field, len(REVIEW) + len(events))


def test_the_only_hold_ends_without_its_reason() -> None:
    """`hold_ended` (reason: which hold, where several)"""
    assert not reckoned("dhr", *REVIEW, held("2025-03-03"), released("2025-03-10")).on_hold


@pytest.mark.parametrize(
    ("hold", "holder"),
    [
        (held("2025-03-03"), "court"),
        (held("2025-03-03", "retrial"), "court"),
        (held("2025-03-03", "inquest"), "coroner"),
        (held("2025-03-03", "safety"), "panel chair"),
        (held("2025-03-03", "other", held_by="NHS England"), "NHS England"),
    ],
)
def test_the_holder_of_the_hold_holds_the_case(hold: Event, holder: str) -> None:
    """`held_by`: ... the hold's holder while on hold"""
    assert reckoned("dhr", *REVIEW, hold).held_by == holder
    assert reckoned("dhr", *REVIEW, hold, released("2025-03-10")).held_by == "panel chair"


def test_a_hold_is_offered_to_end_only_while_there_is_one() -> None:
    assert "hold_ended" not in reckoned("dhr", *REVIEW).open_steps
    assert "hold_ended" in reckoned("dhr", *REVIEW, held("2025-03-03")).open_steps


def test_a_closed_case_is_not_on_hold_and_a_reopened_one_is_again() -> None:
    closed = [*REVIEW, held("2025-03-03"), event("closed", "2025-03-10")]
    assert not reckoned("dhr", *closed).on_hold
    assert reckoned("dhr", *closed, event("reopened", "2025-03-11")).on_hold


@pytest.mark.parametrize(
    ("case_type", "opening"),
    [("asb", "application_received"), ("owhr", "death_logged"), ("dhr", "notification_received")],
)
def test_any_case_may_be_held(case_type: str, opening: str) -> None:
    assert reckoned(case_type, event(opening, "2025-03-03"), held("2025-03-03", "safety")).on_hold
