"""The reckoning a second time, the plain way: written from the text of the domain reference, nothing of the
application used.

Events are dictionaries in the order in which they happened. Every deadline is followed by itself, by reading the
whole history from its beginning for each. Days are counted one by one (`oracle`).
"""

from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.unit import oracle

Event = dict[str, Any]
Row = dict[str, Any]

# Days that were made holidays, or were so no longer, with the day on which that was announced.
ADDED = {
    date(2020, 5, 8): date(2019, 6, 7),
    date(2022, 6, 2): date(2020, 11, 12),
    date(2022, 6, 3): date(2020, 11, 12),
    date(2022, 9, 19): date(2022, 9, 10),
    date(2023, 5, 8): date(2022, 11, 6),
}
TAKEN_AWAY = {date(2020, 5, 4): date(2019, 6, 7), date(2022, 5, 30): date(2020, 11, 12)}

ENDINGS = ["discontinued", "transferred", "merged", "closed"]

STAGES = {
    "dhr": ["referral", "decision", "home_office_scrutiny", "review", "home_office_qa", "publication", "monitoring"],
    "asb": ["application", "threshold", "review", "action_plan"],
    "owhr": ["referral", "decision", "review", "home_office", "publication", "monitoring"],
}
OPENING = {"dhr": "notification_received", "asb": "application_received", "owhr": "death_logged"}
PARTNERS = 3

# Where each step may be recorded. "*": and closed.
WHERE = {
    "dhr": {
        "agencies_scoped": "referral decision",
        "submitted_for_decision": "referral decision",
        "decided_to_review": "referral decision",
        "decided_not_to_review": "referral decision",
        "home_office_told": "decision home_office_scrutiny review home_office_qa publication monitoring *",
        "family_told": "decision home_office_scrutiny review home_office_qa publication monitoring *",
        "home_office_accepted": "home_office_scrutiny",
        "home_office_asked_to_reconsider": "home_office_scrutiny",
        "directed_to_review": "home_office_scrutiny decision *",
        "chair_appointed": "review",
        "panel_met": "review",
        "terms_agreed": "review",
        "imr_requested": "review",
        "imr_received": "review",
        "family_engaged": "review home_office_qa publication monitoring",
        "draft_shared_with_family": "review home_office_qa publication monitoring",
        "panel_signed_off": "review",
        "partnership_signed_off": "review",
        "submitted_to_qa": "review home_office_qa",
        "qa_feedback_received": "home_office_qa",
        "qa_changes_made": "home_office_qa",
        "commissioner_copied": "review home_office_qa publication monitoring *",
        "family_told_of_publication": "home_office_qa publication monitoring",
        "published": "home_office_qa publication monitoring",
        "publication_withheld": "publication monitoring",
        "home_office_told_of_publication": "publication monitoring *",
        "removed_from_site": "monitoring *",
        "action_plan_agreed": "review home_office_qa publication monitoring",
        "action_plan_updated": "review home_office_qa publication monitoring",
        "stocktake_recorded": "monitoring",
        "action_plan_completed": "review home_office_qa publication monitoring",
    },
    "asb": {
        "acknowledged": "application threshold",
        "consent_recorded": "application threshold review",
        "passed_to_bodies": "application threshold",
        "information_requested": "application threshold review",
        "information_received": "application threshold review",
        "application_invalid": "application threshold",
        "withdrawn": "application threshold review action_plan appeal",
        "threshold_met": "application threshold",
        "threshold_not_met": "application threshold",
        "applicant_told": "application threshold review action_plan appeal *",
        "discretionary_review_agreed": "application threshold",
        "panel_arranged": "application threshold review",
        "papers_sent": "review",
        "panel_held": "application threshold review",
        "recommendations_made": "review action_plan",
        "no_recommendations": "review action_plan",
        "outcome_letter_sent": "review action_plan appeal",
        "plan_agreed": "review action_plan",
        "plan_reviewed": "action_plan",
        "plan_completed": "action_plan",
        "appeal_requested": "threshold review action_plan *",
        "passed_to_appeal_body": "appeal",
        "appeal_decided": "appeal",
        "victim_told_of_closure": "threshold review action_plan *",
    },
    "owhr": {
        "partner_aware": "referral decision review",
        "partner_notified": "referral decision review *",
        "review_arranged": "decision review",
        "information_requested": "review",
        "information_received": "review",
        "panel_met": "review",
        "report_prepared": "review",
        "safety_check_passed": "review",
        "report_sent": "review",
        "persons_told": "home_office publication monitoring *",
        "published_by_secretary_of_state": "home_office publication monitoring",
        "action_plan_agreed": "review home_office publication monitoring",
        "action_plan_completed": "review home_office publication monitoring",
    },
}
# One of these must have happened before.
AFTER = {
    ("dhr", "home_office_told"): "decided_to_review decided_not_to_review deadline_extended discontinued",
    ("dhr", "family_told"): "decided_to_review decided_not_to_review",
    ("dhr", "commissioner_copied"): "panel_signed_off partnership_signed_off submitted_to_qa",
    ("dhr", "home_office_told_of_publication"): "published",
    ("dhr", "removed_from_site"): "published",
    ("dhr", "action_plan_updated"): "action_plan_agreed",
    ("dhr", "action_plan_completed"): "action_plan_agreed",
    (
        "asb",
        "applicant_told",
    ): "threshold_met threshold_not_met application_invalid withdrawn discretionary_review_agreed",
    ("asb", "appeal_requested"): "threshold_met threshold_not_met panel_held outcome_letter_sent",
    ("owhr", "persons_told"): "report_sent",
    ("owhr", "action_plan_completed"): "action_plan_agreed",
}
REPLIES = {"imr_received": "imr_requested", "information_received": "information_requested"}

# The three tables. "step:answer=a|b@stage" is a step with one of these answers, in that stage.
# `last`: the last stage in which a step that meets it may be recorded.
DHR: dict[str, Row] = {
    "decide": {
        "length": ("months", 1),
        "starts": "notification_received home_office_asked_to_reconsider",
        "met_by": "decided_to_review decided_not_to_review",
        "last": "decision",
        "fixed": True,
    },
    "tell_home_office": {
        "length": ("working_days", 5),
        "starts": "decided_to_review decided_not_to_review discontinued",
        "met_by": "home_office_told:about=decision|discontinuation",
        "last": "closed",
    },
    "tell_family": {
        "length": ("working_days", 5),
        "starts": "decided_to_review decided_not_to_review",
        "met_by": "family_told",
        "last": "closed",
    },
    "home_office_answer": {
        "length": None,
        "starts": "home_office_told:about=decision@home_office_scrutiny",
        "met_by": "home_office_accepted home_office_asked_to_reconsider directed_to_review",
        "last": "home_office_scrutiny",
        "fixed": True,
    },
    "appoint_chair": {
        "length": ("months", 1),
        "starts": "decided_to_review directed_to_review",
        "met_by": "chair_appointed",
        "last": "review",
    },
    "first_panel": {
        "length": ("months", 1),
        "starts": "chair_appointed",
        "met_by": "panel_met",
        "last": "review",
        "first_only": True,
    },
    "imr": {
        "length": ("working_days", 40),
        "starts": "imr_requested",
        "met_by": "imr_received",
        "last": "review",
        "subject": True,
        "chased": True,
    },
    "complete_report": {
        "length": ("months", 6),
        "starts": "decided_to_review directed_to_review",
        "met_by": "partnership_signed_off submitted_to_qa",
        "last": "home_office_qa",
    },
    "copy_commissioner": {
        "length": None,
        "starts": "partnership_signed_off",
        "met_by": "commissioner_copied",
        "last": "closed",
        "first_only": True,
        "fixed": True,
    },
    "qa_answer": {
        "length": None,
        "starts": "submitted_to_qa",
        "met_by": "qa_feedback_received",
        "last": "home_office_qa",
        "fixed": True,
    },
    "qa_changes": {
        "length": ("months", 1),
        "starts": "qa_feedback_received:outcome=publish_after_changes|resubmit",
        "met_by": "qa_changes_made submitted_to_qa published",
        "last": "monitoring",
    },
    "publish": {
        "length": ("months", 1),
        "starts": "qa_feedback_received:outcome=cleared qa_changes_made",
        "met_by": "published",
        "cancelled_by": "publication_withheld",
        "last": "monitoring",
        "held": True,
    },
    "review_withholding": {
        "length": ("months", 3),
        "starts": "publication_withheld",
        "met_by": "published publication_withheld",
        "due_on": "review_on",
        "last": "monitoring",
    },
    "tell_publication": {
        "length": ("working_days", 5),
        "starts": "published",
        "met_by": "home_office_told_of_publication",
        "last": "closed",
    },
    "action_plan_update": {
        "length": ("months", 3),
        "starts": "action_plan_agreed action_plan_updated",
        "met_by": "action_plan_updated",
        "cancelled_by": "action_plan_completed",
        "last": "monitoring",
    },
    "stocktake_6": {
        "length": ("months", 6),
        "starts": "published publication_withheld",
        "met_by": "stocktake_recorded:which=|6",
        "last": "monitoring",
        "first_only": True,
    },
    "stocktake_12": {
        "length": ("months", 12),
        "starts": "published publication_withheld",
        "met_by": "stocktake_recorded:which=|12",
        "last": "monitoring",
        "first_only": True,
    },
}
ASB: dict[str, Row] = {
    "acknowledge": {
        "length": ("working_days", 5),
        "starts": "application_received",
        "met_by": "acknowledged",
        "last": "threshold",
    },
    "information": {
        "length": ("working_days", 10),
        "starts": "information_requested",
        "met_by": "information_received",
        "last": "review",
        "subject": True,
        "chased": True,
    },
    "threshold": {
        "length": ("working_days", 15),
        "starts": "application_received appeal_upheld_on_threshold",
        "met_by": "threshold_met threshold_not_met",
        "last": "threshold",
    },
    "tell_applicant": {
        "length": ("working_days", 2),
        "starts": "threshold_met threshold_not_met",
        "met_by": "applicant_told",
        "last": "closed",
    },
    "panel": {
        "length": ("working_days", 20),
        "starts": "threshold_met discretionary_review_agreed",
        "met_by": "panel_held",
        "last": "review",
    },
    "papers": {
        "length": ("working_days_before", 5),
        "starts": "panel_arranged",
        "starts_on": "panel_on",
        "met_by": "papers_sent",
        "last": "review",
    },
    "outcome": {
        "length": ("working_days", 10),
        "starts": "panel_held",
        "met_by": "outcome_letter_sent",
        "last": "action_plan",
    },
    "plan_review": {
        "length": ("days", 28),
        "starts": "plan_agreed plan_reviewed",
        "met_by": "plan_reviewed",
        "cancelled_by": "plan_completed",
        "last": "action_plan",
    },
    "appeal_window": {
        "length": ("working_days", 20),
        "starts": "threshold_not_met outcome_letter_sent",
        "met_by": "appeal_requested",
        "last": "closed",
        "window": True,
    },
    "appeal_answer": {
        "length": ("working_days", 15),
        "starts": "appeal_requested",
        "met_by": "appeal_decided",
        "last": "closed",
    },
    "whole_case": {
        "length": ("working_days", 40),
        "starts": "application_received",
        "met_by": "outcome_letter_sent",
        "last": "action_plan",
        "rests": True,
    },
}
OWHR: dict[str, Row] = {
    "notify": {
        "length": ("months_beginning", 1),
        "starts": "partner_aware",
        "met_by": "partner_notified",
        "last": "review",
        "subject": True,
        "fixed": True,
    },
    "decide_after_unable": {
        "length": None,
        "starts": "partner_notified:notice=unable",
        "met_by": "partner_notified",
        "last": "review",
        "also_closed": True,
        "subject": True,
        "fixed": True,
    },
    "arrange": {
        "length": ("months", 1),
        "starts": "partner_notified:notice=duty",
        "met_by": "review_arranged",
        "last": "review",
        "first_only": True,
    },
    "information": {
        "length": ("working_days", 20),
        "starts": "information_requested",
        "met_by": "information_received",
        "last": "review",
        "subject": True,
        "chased": True,
    },
    "report": {
        "length": ("months", 12),
        "starts": "review_arranged",
        "met_by": "report_sent",
        "last": "review",
    },
    "persons_told": {
        "length": None,
        "starts": "report_sent",
        "met_by": "persons_told",
        "last": "closed",
        "fixed": True,
    },
}
TABLES = {"dhr": DHR, "asb": ASB, "owhr": OWHR}


# -- Days -------------------------------------------------------------------------------------------------------------


@cache
def holidays_known_on(day: date) -> frozenset[date]:
    known = set(oracle.bank_holidays())
    known -= {holiday for holiday, announced in ADDED.items() if announced > day}
    known |= {holiday for holiday, announced in TAKEN_AWAY.items() if announced > day}
    return frozenset(known)


@cache
def counted(length: tuple[str, int], start: date, known: frozenset[date]) -> date:
    unit, number = length
    match unit:
        case "months":
            return oracle.months_after(start, number)
        case "months_beginning":
            return oracle.months_beginning_with(start, number)
        case "days":
            return start + timedelta(days=number)
        case "working_days":
            return oracle.working_days_after(start, number, known)
    day = start
    while number:
        day -= timedelta(days=1)
        if oracle.is_working_day(day, known):
            number -= 1
    return day


# -- Stages -----------------------------------------------------------------------------------------------------------


def prepared(events: list[Event], today: date) -> list[Event]:
    """What counts on that day: no later events, none recorded in error; defaults filled in; the stage before each."""
    known = [dict(event, answers=dict(event.get("answers", {}))) for event in events if event["on"] <= today]
    for place, correction in enumerate(known):
        if correction["step"] != "recorded_in_error":
            continue
        wanted = correction["answers"]
        wrong = [
            event
            for event in known[:place]
            if event["step"] == wanted["replaces"]
            and not event.get("gone")
            and event.get("subject") == correction.get("subject")
            and wanted.get("replaces_on", event["on"].isoformat()) == event["on"].isoformat()
        ]
        wrong[-1]["gone"] = True
    counting = [event for event in known if not event.get("gone") and event["step"] != "recorded_in_error"]
    ground = ""
    for event in counting:
        answers = event["answers"]
        if event["step"] == "home_office_told":
            answers.setdefault("about", "decision")
        if event["step"] == "appeal_requested":
            ground = answers["ground"]
        if event["step"] == "appeal_decided" and (answers["outcome"], ground) == ("upheld", "threshold"):
            event["also"] = "appeal_upheld_on_threshold"
        if event["step"] == "appeal_decided":
            answers["ground"] = ground
    return counting


def with_stages(case_type: str, events: list[Event]) -> str:
    """Notes on each event the stage `before` and `after` it, and gives the stage after the last."""
    stage = STAGES[case_type][0]
    stage_before_closing = stage_before_appeal = ""
    for place, event in enumerate(events):
        event["before"] = stage
        step, answers = event["step"], event["answers"]
        if step in ENDINGS or step in ("withdrawn", "application_invalid", "home_office_accepted"):
            stage = "closed"
        elif step == "reopened":
            stage = stage_before_closing
        elif case_type == "dhr":
            stage = dhr_stage(step, answers, stage)
        elif case_type == "asb":
            if step == "appeal_requested":
                stage_before_appeal = stage
            stage = asb_stage(step, answers, stage, stage_before_appeal)
        else:
            stage = owhr_stage(step, answers, stage, events[: place + 1])
        if stage == "closed" and event["before"] not in ("closed", "appeal"):
            stage_before_closing = event["before"]
        if step in ENDINGS or step == "withdrawn":
            stage_before_closing = event["before"]
        event["after"] = stage
    return stage


def dhr_stage(step: str, answers: dict[str, str], stage: str) -> str:
    if step in ("submitted_for_decision", "home_office_asked_to_reconsider"):
        return "decision"
    if step in ("decided_to_review", "directed_to_review"):
        return "review"
    if step == "decided_not_to_review":
        return "home_office_scrutiny"
    if step == "submitted_to_qa":
        return "home_office_qa"
    if step == "qa_feedback_received":
        return {"cleared": "publication", "resubmit": "review"}.get(answers["outcome"], stage)
    if step == "qa_changes_made":
        return "publication"
    if step in ("published", "publication_withheld"):
        return "monitoring"
    return stage


def asb_stage(step: str, answers: dict[str, str], stage: str, before_appeal: str) -> str:
    if step in ("threshold_met", "discretionary_review_agreed", "panel_arranged", "panel_held"):
        return "review"
    if step == "threshold_not_met":
        return "threshold"
    if step == "plan_agreed":
        return "action_plan"
    if step == "appeal_requested":
        return "appeal"
    if step == "appeal_decided" and answers["outcome"] == "upheld":
        return {"threshold": "application", "conduct": "review"}[answers["ground"]]
    if step == "appeal_decided":
        return before_appeal
    return stage


def owhr_stage(step: str, answers: dict[str, str], stage: str, so_far: list[Event]) -> str:
    if step == "partner_aware" and stage == "referral":
        return "decision"
    if step == "partner_notified":
        latest = {
            event["subject"]: event["answers"]["notice"] for event in so_far if event["step"] == "partner_notified"
        }
        partners = {event["subject"] for event in so_far if event["step"] in ("partner_notified", "partner_aware")}
        out = {partner for partner in partners if latest.get(partner) in ("no_duty", "not_required")}
        if len(partners) >= PARTNERS and out == partners:
            return "closed"
        if answers["notice"] == "duty":
            return "review"
        return "decision" if stage == "referral" else stage
    if step == "review_arranged":
        return "review"
    if step == "report_sent":
        return "home_office"
    if step == "published_by_secretary_of_state" and stage == "home_office":
        return "publication"
    if step in ("persons_told", "action_plan_agreed") and stage == "publication":
        return "monitoring"
    return stage


# -- What may be recorded ---------------------------------------------------------------------------------------------


def active_holds(events: list[Event]) -> list[str]:
    active: list[str] = []
    for event in events:
        if event["step"] == "hold_started":
            active.append(event["answers"]["reason"])
        if event["step"] == "hold_ended":
            active.remove(event["answers"]["reason"])
    return active


def latest_of(events: list[Event], *steps: str) -> str:
    return next((event["step"] for event in reversed(events) if event["step"] in steps), "")


def open_steps(case_type: str, events: list[Event], stage: str) -> set[str]:
    """What may be recorded next, an extension apart. *events* are prepared."""
    if not events:
        return {OPENING[case_type]}
    happened = {event["step"] for event in events}
    found = {
        step
        for step, stages in WHERE[case_type].items()
        if ("*" if stage == "closed" else stage) in stages.split()
        and ((case_type, step) not in AFTER or happened & set(AFTER[case_type, step].split()))
        and (step not in REPLIES or REPLIES[step] in happened)
    }
    if (
        stage != "home_office_scrutiny"
        and latest_of(events, "decided_to_review", "decided_not_to_review", "directed_to_review")
        != "decided_not_to_review"
    ):
        found.discard("directed_to_review")
    if stage == "home_office_qa":
        if latest_of(events, "submitted_to_qa", "qa_feedback_received") == "submitted_to_qa":
            found.discard("submitted_to_qa")
        outcomes = [event["answers"]["outcome"] for event in events if event["step"] == "qa_feedback_received"]
        if outcomes[-1:] != ["publish_after_changes"]:
            found -= {"qa_changes_made", "published"}
    found.add("recorded_in_error")
    found |= {"reopened"} if stage == "closed" else {*ENDINGS, "hold_started"}
    if stage != "closed" and active_holds(events):
        found.add("hold_ended")
    return found


# -- Deadlines --------------------------------------------------------------------------------------------------------


@cache
def triggers(written: str) -> tuple[tuple[str, str, tuple[str, ...], str], ...]:
    """Each as step, answer, values, stage."""
    found = []
    for each in written.split():
        rest, _, stage = each.partition("@")
        step, _, condition = rest.partition(":")
        answer, _, values = condition.partition("=")
        found.append((step, answer, tuple(values.split("|")), stage))
    return tuple(found)


def is_one_of(event: Event, written: str) -> bool:
    return any(
        step in (event["step"], event.get("also"))
        and (not answer or event["answers"].get(answer, "") in values)
        and stage in ("", event["before"])
        for step, answer, values, stage in triggers(written)
    )


def due_of(row: Row, rule: Row, known: frozenset[date], *, original: bool = False) -> date | None:
    if row["extensions"] and not original:
        return row["extensions"][-1]
    if row["due_on"]:
        return date.fromisoformat(row["due_on"])
    if rule["length"] is None:
        return None
    due = counted(rule["length"], row["started_on"], known)
    if rule["length"][0] == "working_days_before":
        return max(due, row["set_on"])
    return due


def followed(key: str, rule: Row, events: list[Event], subject: str | None) -> list[Row]:
    """Every occurrence of one deadline for one subject."""
    rows: list[Row] = []
    complete = False
    for place, event in enumerate(events):
        day, known = event["on"], holidays_known_on(event["on"])
        mine = not rule.get("subject") or event.get("subject") == subject
        running = rows[-1] if rows and rows[-1]["met_on"] is None and rows[-1]["ended"] is None else None

        if running and mine and not running["closed"] and meets(key, rule, event, events[:place]):
            running["met_on"] = day
            running = None
        if is_one_of(event, rule.get("cancelled_by", "")):
            complete = True
            if running:
                running["ended"] = day
                running = None
        if running and mine and event["step"] == "deadline_extended" and event["answers"]["deadline"] == key:
            running["extensions"].append(date.fromisoformat(event["answers"]["to"]))
            running["extended_on"].append(day)
        if running and event["after"] == "closed" != event["before"] and not rule.get("window"):
            running["closed"], running["closed_on"] = True, day
        if running and event["before"] == "closed" != event["after"]:
            running["closed"] = False

        due = due_of(running, rule, known) if running and not running["closed"] else None
        started = mine and is_one_of(event, rule["starts"])
        started = started or (bool(rule.get("held")) and ran_past(due, events[: place + 1]))
        # Only the first start counts; a request before the reply is a chase; an update after the end is no start.
        only_first = bool(rows) and rule.get("first_only")
        chase = bool(running) and rule.get("chased")
        over = complete and "cancelled_by" in rule and is_one_of(event, rule["met_by"])
        undated = "starts_on" in rule and not event["answers"].get(rule["starts_on"])
        if not started or only_first or chase or over or undated:
            continue
        complete = False
        rows.append(new_row(rule, event))
        if running:
            running["ended"] = day
            belated(running, rows[-1], rule, known)
    return rows


def new_row(rule: Row, event: Event) -> Row:
    stated = event["answers"].get(rule.get("starts_on", ""))
    return {
        "started_on": date.fromisoformat(stated) if stated else event["on"],
        "set_on": event["on"],
        "due_on": event["answers"].get(rule.get("due_on", ""), ""),
        "met_on": None,
        "ended": None,
        "closed": False,
        "closed_on": None,
        "extensions": [],
        "extended_on": [],
    }


def meets(key: str, rule: Row, event: Event, before: list[Event]) -> bool:
    if not is_one_of(event, rule["met_by"]):
        return False
    if key == "stocktake_12" and "which" not in event["answers"]:
        # A stocktake without a number is of the earliest unmet: the first of them, until there has been one.
        return any(e["step"] == "stocktake_recorded" and e["answers"].get("which") != "12" for e in before)
    return True


def ran_past(due: date | None, events: list[Event]) -> bool:
    """Whether the last event ends a hold (the last, where several overlap) that was there on the due date, and after
    it.
    """
    if due is None or events[-1]["step"] != "hold_ended" or active_holds(events):
        return False
    since = None
    for place in range(1, len(events)):
        if active_holds(events[:place]) and not active_holds(events[: place - 1]):
            since = events[place - 1]["on"]
    return since is not None and since <= due < events[-1]["on"]


def belated(earlier: Row, latest: Row, rule: Row, known: frozenset[date]) -> None:
    """An extension applies to the latest occurrence started by its date: one of that very day to the one that
    starts.
    """
    for to, on in list(zip(earlier["extensions"], earlier["extended_on"], strict=True)):
        due = due_of(latest, rule, known)
        if on == latest["set_on"] and due is not None and to > due:
            earlier["extensions"].remove(to)
            earlier["extended_on"].remove(on)
            latest["extensions"].append(to)
            latest["extended_on"].append(on)


def rests(events: list[Event]) -> bool:
    """While the decision is "not met" and no review is agreed."""
    for event in reversed(events):
        if event["step"] == "threshold_not_met":
            return True
        if event["step"] in ("threshold_met", "discretionary_review_agreed", "panel_arranged", "panel_held"):
            return False
        if event["step"] == "appeal_decided" and event["answers"]["outcome"] == "upheld":
            return False
    return False


def has_moved_past(case_type: str, rule: Row, events: list[Event], stage: str) -> bool:
    if stage == "appeal":
        if any("appeal" in WHERE[case_type][step].split() for step, *_ in triggers(rule["met_by"])):
            return False
        stage = next(event["before"] for event in reversed(events) if event["step"] == "appeal_requested")
    order = [*STAGES[case_type], "closed"]
    if stage == "closed" and rule.get("also_closed"):
        return False
    return order.index(stage) > order.index(rule["last"])


def status_of(
    row: Row, due: date | None, rule: Row, today: date, *, held: bool, resting: bool, moved_past: bool
) -> str:
    if row["met_on"]:
        return "met" if due is None or row["met_on"] <= due else "met_late"
    if rule.get("window") and due is not None and due < (row["ended"] or today):
        return "lapsed"
    if row["ended"] or row["closed"]:
        return "cancelled"
    if resting and rule.get("rests"):
        return "cancelled"
    if moved_past and not rule.get("window"):
        return "cancelled"
    if due is None or today <= due or (held and rule.get("held")):
        return "open"
    return "overdue"


def reckoned(case_type: str, events: list[Event], today: date) -> dict[str, Any]:
    """The stage, the steps that may be recorded, and the deadlines as they stand on that day."""
    counting = prepared(events, today)
    stage = with_stages(case_type, counting)
    return {
        "stage": stage,
        "on_hold": bool(active_holds(counting)) and stage != "closed",
        "open_steps": open_steps(case_type, counting, stage),
        "deadlines": deadlines_of(case_type, counting, stage, today),
    }


def deadlines_of(case_type: str, counting: list[Event], stage: str, today: date) -> list[Row]:
    """Every occurrence of every deadline, in the order of the tables, then by subject. *counting* has its stages
    noted.
    """
    held = bool(active_holds(counting))
    deadlines = []
    for key, rule in TABLES[case_type].items():
        subjects = {event["subject"] for event in counting if event.get("subject")} if rule.get("subject") else {None}
        for subject in sorted(subjects, key=str):
            for occurrence, row in enumerate(followed(key, rule, counting, subject), start=1):
                # What became known after it was met or ended does not touch it.
                closed_on = row["closed_on"] if row["closed"] else None
                known = holidays_known_on(row["met_on"] or row["ended"] or closed_on or today)
                due = due_of(row, rule, known)
                deadlines.append(
                    {
                        "key": key,
                        "subject": subject,
                        "occurrence": occurrence,
                        "started_on": row["started_on"],
                        "due": due,
                        "original_due": due_of(row, rule, known, original=True),
                        "met_on": row["met_on"],
                        "status": status_of(
                            row,
                            due,
                            rule,
                            today,
                            held=held,
                            resting=rests(counting),
                            moved_past=has_moved_past(case_type, rule, counting, stage),
                        ),
                    }
                )
    return deadlines
