"""Random case histories that the plain model allows: of any type, at any pace, over awkward dates."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

from hypothesis import strategies as st

from tests.unit import plain_model
from tests.unit.plain_model import ENDINGS, OPENING, Event

FIRST, LAST = date(2015, 1, 1), date(2028, 6, 30)
MOST_EVENTS = 24
SUBJECTS = ["Chief officer of police", "Local authority", "Integrated care board"]
REASONS = ["criminal_trial", "inquest", "safety"]
PLAIN = st.dates(FIRST, date(2026, 12, 31))
# Month ends, leap days, Easter, Christmas in lieu, the one-off holidays of 2020, 2022 and 2023 and what led up to them.
AWKWARD = st.sampled_from(
    [
        *(
            date(year, month, day)
            for year in (2015, 2019, 2023)
            for month, day in ((1, 28), (1, 31), (8, 31), (12, 31))
        ),
        *(date(year, month, day) for year in (2016, 2020, 2024) for month, day in ((1, 29), (1, 30), (2, 29), (8, 29))),
        *(
            date(2018, 3, 29),
            date(2024, 3, 28),
            date(2025, 4, 17),
            date(2016, 12, 23),
            date(2020, 12, 24),
            date(2021, 12, 24),
        ),
        *(date(2020, 4, 30), date(2020, 5, 7), date(2022, 5, 27), date(2022, 9, 1), date(2022, 9, 9), date(2023, 5, 5)),
    ]
)
STARTS = st.one_of(PLAIN, AWKWARD)
GAPS = [0, 0, 1, 1, 2, 3, 5, 7, 12, 20, 28, 31, 45, 80, 150]
ANSWERS: dict[str, dict[str, list[str]]] = {
    "home_office_told": {"about": ["decision", "", "extension", "discontinuation"]},
    "qa_feedback_received": {"outcome": ["cleared", "publish_after_changes", "resubmit"]},
    "published": {"form": ["full", "executive_summary", "learning"]},
    "stocktake_recorded": {"which": ["", "6", "12"]},
    "appeal_requested": {"ground": ["threshold", "conduct"]},
    "appeal_decided": {"outcome": ["upheld", "not_upheld"]},
    "partner_notified": {"notice": ["no_duty", "unable", "not_required", "duty"]},
    "published_by_secretary_of_state": {"form": ["full", "part"]},
}
WITH_SUBJECT = {
    "imr_requested",
    "imr_received",
    "information_requested",
    "information_received",
    "partner_aware",
    "partner_notified",
}
# Steps that take a case on, drawn most often, and steps that end it or change nothing, drawn seldom.
LEADS_ON = {
    *(
        "decided_to_review",
        "directed_to_review",
        "submitted_to_qa",
        "qa_feedback_received",
        "qa_changes_made",
        "published",
    ),
    *(
        "publication_withheld",
        "action_plan_updated",
        "threshold_not_met",
        "panel_arranged",
        "panel_held",
        "plan_agreed",
    ),
    *("outcome_letter_sent", "appeal_decided", "plan_reviewed", "review_arranged", "report_sent", "persons_told"),
    *("published_by_secretary_of_state", "partner_notified", "reopened", "hold_started", "hold_ended"),
}
# Where a history may begin, so that the far stages are as well searched as the near ones.
BEGINNINGS: dict[str, list[list[tuple[str, str, str]]]] = {
    "dhr": [
        [],
        [("decided_not_to_review", "", ""), ("home_office_told", "", "")],
        [("decided_to_review", "", ""), ("chair_appointed", "", "")],
        [("decided_to_review", "", ""), ("submitted_to_qa", "", ""), ("qa_feedback_received", "outcome", "cleared")],
        [("decided_to_review", "", ""), ("submitted_to_qa", "", ""), ("qa_feedback_received", "outcome", "resubmit")],
        [
            *(
                ("decided_to_review", "", ""),
                ("submitted_to_qa", "", ""),
                ("qa_feedback_received", "outcome", "cleared"),
            ),
            ("hold_started", "reason", "criminal_trial"),
        ],
    ],
    "asb": [
        [],
        [("threshold_not_met", "", "")],
        [("threshold_met", "", "")],
        [("panel_held", "", ""), ("plan_agreed", "", "")],
    ],
    "owhr": [[], [("review_arranged", "", "")], [("review_arranged", "", ""), ("report_sent", "", "")]],
}
LEADS_NOWHERE = {"application_invalid", "withdrawn", "removed_from_site", "terms_agreed", "consent_recorded"}
LEADS_NOWHERE |= {"agencies_scoped", "draft_shared_with_family", "family_engaged", "family_told_of_publication"}
LEADS_NOWHERE |= {"passed_to_bodies", "passed_to_appeal_body", "victim_told_of_closure", "no_recommendations"}
LEADS_NOWHERE |= {"recommendations_made", "report_prepared", "safety_check_passed", "home_office_accepted", *ENDINGS}


COUNT = st.integers(6, MOST_EVENTS)
CHOICE = st.integers(0, 9_999)
T = TypeVar("T")


def pick(draw: st.DrawFn, several: Sequence[T]) -> T:
    """One of them. Much quicker than a strategy made anew for every list."""
    return several[draw(CHOICE) % len(several)]


@st.composite
def histories(draw: st.DrawFn, case_type: str) -> tuple[list[Event], date]:
    """Events in the order in which they happened, and the day of the reckoning."""
    day = draw(STARTS)
    events: list[Event] = [{"step": OPENING[case_type], "on": day}]
    if case_type == "owhr":
        events.append({"step": "partner_aware", "on": day, "subject": SUBJECTS[0]})
    for step, answer, value in pick(draw, BEGINNINGS[case_type]):
        day += timedelta(days=pick(draw, GAPS))
        events.append({"step": step, "on": day, "answers": {answer: value} if answer else {}})
    for _ in range(draw(COUNT)):
        day = min(day + timedelta(days=pick(draw, GAPS)), LAST)
        if event := next_event(draw, case_type, events, day):
            events.append(event)
    reckoning = plain_model.reckoned(case_type, events, day)
    # The due date, and the day after it, are where answers change.
    dues = [row["due"] for row in reckoning["deadlines"] if row["due"]]
    turning = [due + timedelta(days=more) for due in dues for more in (0, 1)]
    todays = [each for each in (day, events[len(events) // 2]["on"], *turning) if FIRST <= each <= date(2029, 12, 31)]
    return events, pick(draw, todays)


def next_event(draw: st.DrawFn, case_type: str, events: list[Event], day: date) -> Event | None:
    """Something that the plain model allows next, or nothing."""
    counting = plain_model.prepared(events, day)
    stage = plain_model.with_stages(case_type, counting)
    allowed = sorted(plain_model.open_steps(case_type, counting, stage))
    times = {step: 24 if step in LEADS_ON else 1 if step in LEADS_NOWHERE else 6 for step in allowed}
    drawn = [step for step in allowed for _ in range(times[step])]
    step = pick(draw, [*drawn, *(["deadline_extended"] * 8)])
    answers = {key: pick(draw, values) for key, values in ANSWERS.get(step, {}).items()}
    event: Event = {"step": step, "on": day, "answers": {key: value for key, value in answers.items() if value}}
    if step == "deadline_extended":
        return extension(draw, case_type, counting, stage, day)
    if step == "recorded_in_error":
        return correction(case_type, counting, day)
    if step == "hold_started":
        free = [reason for reason in REASONS if reason not in plain_model.active_holds(counting)]
        if not free:
            return None
        event["answers"]["reason"] = pick(draw, free)
    if step == "hold_ended":
        event["answers"]["reason"] = pick(draw, plain_model.active_holds(counting))
    if step in plain_model.REPLIES:
        asked = {each["subject"] for each in counting if each["step"] == plain_model.REPLIES[step]}
        event["subject"] = pick(draw, sorted(asked))
    elif step in WITH_SUBJECT:
        event["subject"] = pick(draw, SUBJECTS)
    if step == "partner_aware" and not is_aware_in_time(counting, event["subject"]):
        return None
    if step == "panel_arranged" and draw(CHOICE) % 2:
        event["answers"]["panel_on"] = (day + timedelta(days=draw(CHOICE) % 61)).isoformat()
    if step == "publication_withheld" and draw(CHOICE) % 2:
        event["answers"]["review_on"] = (day + timedelta(days=1 + draw(CHOICE) % 200)).isoformat()
    return event


def is_aware_in_time(counting: list[Event], partner: str) -> bool:
    """A partner that gave notice without it being recorded when it became aware did not become so only later."""
    first = next((each["step"] for each in counting if each.get("subject") == partner), "partner_aware")
    return first == "partner_aware"


def extension(draw: st.DrawFn, case_type: str, counting: list[Event], stage: str, day: date) -> Event | None:
    table = plain_model.TABLES[case_type]
    running = [
        row
        for row in plain_model.deadlines_of(case_type, counting, stage, day)
        if row["status"] in ("open", "overdue") and row["due"] and not table[row["key"]].get("fixed")
    ]
    if not running or stage == "closed":
        return None
    row = pick(draw, running)
    to = row["due"] + timedelta(days=pick(draw, [1, 14, 90]))
    event: Event = {"step": "deadline_extended", "on": day, "answers": {"deadline": row["key"], "to": to.isoformat()}}
    return event | ({"subject": row["subject"]} if row["subject"] else {})


def correction(case_type: str, counting: list[Event], day: date) -> Event | None:
    """The latest fact was recorded in error; the first of a case stays."""
    if len(counting) < 2:
        return None
    wrong = counting[-1]
    answers = {"replaces": wrong["step"], "replaces_on": wrong["on"].isoformat()}
    event: Event = {"step": "recorded_in_error", "on": day, "answers": answers}
    return event | ({"subject": wrong["subject"]} if wrong.get("subject") else {})
