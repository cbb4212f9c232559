"""The figures of ASB case reviews, A1 to A13. Definitions: the domain reference, section 4."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from tracker.procedures.asb_case_review import ASB_CASE_REVIEW
from tracker.procedures.clocks import Clock
from tracker.procedures.counting import COHORT, EVENT, EVENT_AND_SNAPSHOT, Figure, FollowedCase, Period, Tally
from tracker.procedures.reckoning import CANCELLED, LAPSED, MET, MET_LATE, OPEN, OVERDUE, Deadline
from tracker.procedures.state import Happened
from tracker.procedures.vocabulary import CLOSED

REVIEWED, STILL_OPEN = "reviewed", "still_open"
NOT_MET, WITHDRAWN, INVALID, RESOLVED = "not_met", "withdrawn", "invalid", "resolved"
WITHOUT_REVIEW = (NOT_MET, WITHDRAWN, INVALID, RESOLVED)
RESPONSES = ("accepted", "partly", "refused", "no_reply")
UPHELD, NOT_UPHELD = "upheld", "not_upheld"
THEMES = dict(ASB_CASE_REVIEW.themes)
TIME_LIMITS = {rule.key: rule.label for rule in ASB_CASE_REVIEW.deadlines if not rule.of_partnership}


def asb_figures(cases: Sequence[FollowedCase], period: Period) -> dict[str, Figure]:
    received = [case for case in cases if case.opened_on in period]
    reviewed = [case for case in cases if (panel := case.first("panel_held")) and panel.event.on in period]
    return {
        "A1": count(received, "ASB case review applications received (statutory a)"),
        "A2": not_met(cases, period),
        "A3": count(reviewed, "ASB case reviews carried out: first panel held (statutory c)"),
        "A4": count(
            [case for case in reviewed if made_recommendations(case)],
            "Reviews carried out that resulted in recommendations (statutory d)",
        ),
        "A5": did_not_progress(received),
        "A6": became_reviews(received),
        "A7": action_plans(cases, period),
        "A8": themes(received),
        "A9": appeals(cases, period),
        "A10": taking_part(reviewed),
        "A11": time_limits(cases, period),
        "A12": count(
            [case for case in reviewed if is_discretionary(case)],
            "Discretionary reviews: carried out although the threshold was not met",
        ),
        "A13": responses(cases, period),
    }


def count(cases: Sequence[FollowedCase], label: str) -> Figure:
    tally = Tally("")
    for case in cases:
        tally.add("", case)
    return tally.figure(label, EVENT, split=False)


def not_met(cases: Sequence[FollowedCase], period: Period) -> Figure:
    """Decisions, not cases: section 104(9)(b) asks for the number of times it was decided."""
    tally = Tally("")
    for case in cases:
        for past in case.all("threshold_not_met"):
            if past.event.on in period:
                tally.add("", case)
    return tally.figure("Decisions that the threshold was not met (statutory b)", EVENT, split=False)


def made_recommendations(case: FollowedCase) -> bool:
    """Whether there was one recommendation or more: a step without its number says that there were some."""
    return any(past.answers.get("count", "some").strip("0") for past in case.all("recommendations_made"))


# -- What became of an application ------------------------------------------------------------------------------------


def outcome(case: FollowedCase) -> str:
    """Reviewed, still open, or how it ended without a review."""
    if case.first("panel_held"):
        return REVIEWED
    if not_met_stands(case):
        return NOT_MET
    if not case.is_closed:
        return STILL_OPEN
    # An appeal that fails returns a closed case to where it was: how it had ended is still how it ended.
    endings = [past.event.step for past in case.history if past.stage_after == CLOSED != past.stage_before]
    ended = next((step for step in reversed(endings) if step != "appeal_decided"), "")
    return {"withdrawn": WITHDRAWN, "application_invalid": INVALID}.get(ended, RESOLVED)


def not_met_stands(case: FollowedCase) -> bool:
    """Whether the latest decision is “not met”, with no panel, discretionary review or open appeal after it.

    An appeal is open until it is decided or the case is closed. One that was upheld sends the case back, so the
    decision no longer ends it.
    """
    stands = appealed = False
    for past in case.history:
        match past.event.step:
            case "threshold_not_met":
                stands, appealed = True, False
            case "threshold_met" | "discretionary_review_agreed" | "panel_arranged" | "panel_held":
                stands = False
            case "appeal_requested":
                appealed = True
            case "appeal_decided":
                appealed = False
                stands = stands and past.answers.get("outcome") != UPHELD
    return stands and (case.is_closed or not appealed)


def did_not_progress(received: Sequence[FollowedCase]) -> Figure:
    tally = Tally(*WITHOUT_REVIEW)
    for case in received:
        if (ended := outcome(case)) in WITHOUT_REVIEW:
            tally.add(ended, case)
    return tally.figure("Applications received that did not progress to review", COHORT)


def became_reviews(received: Sequence[FollowedCase]) -> Figure:
    tally = Tally(REVIEWED, STILL_OPEN)
    for case in received:
        if (became := outcome(case)) in (REVIEWED, STILL_OPEN):
            tally.add(became, case)
    return tally.figure("Applications received that were reviewed; still open", COHORT, REVIEWED)


def themes(received: Sequence[FollowedCase]) -> Figure:
    """One application may have several themes: it counts in each, and once in the value."""
    tally, names = Tally(*THEMES), {label.casefold(): key for key, label in THEMES.items()}
    with_theme = Tally("")
    for case in received:
        written = (theme.strip() for theme in case.case.themes)
        found = {
            names.get(theme.casefold(), theme.casefold() if theme.casefold() in THEMES else theme) for theme in written
        }
        for theme in sorted(found - {""}):
            tally.add(theme, case)
        if found - {""}:
            with_theme.add("", case)
    label = "Applications received with a theme of the behaviour, by theme"
    return split_of(with_theme.figure(label, COHORT, split=False), tally)


# -- Action plans and appeals -----------------------------------------------------------------------------------------


def action_plans(cases: Sequence[FollowedCase], period: Period) -> Figure:
    """A case has one plan: agreed first or anew; closed by its completion, or with its case."""
    tally = Tally("agreed", "in_monitoring", "closed")
    for case in cases:
        agreed = closed = False
        monitored, waiting = False, False
        for past in case.history:
            if past.event.on > period.snapshot:
                break
            was, monitored, waiting = monitored, *plan_after(past, monitored, waiting)
            agreed |= past.event.step == "plan_agreed" and past.event.on in period
            closed |= was and not monitored and past.event.on in period
        for key, counts in {"agreed": agreed, "in_monitoring": monitored, "closed": closed}.items():
            if counts:
                tally.add(key, case)
    label = "Action plans agreed; in monitoring at the end; completed or closed with their case"
    return tally.figure(label, EVENT_AND_SNAPSHOT, "agreed")


def plan_after(past: Happened, monitored: bool, waiting: bool) -> tuple[bool, bool]:
    """Whether the plan is monitored after an event, and whether it waits for its closed case to be reopened."""
    if past.event.step == "plan_agreed":
        return True, False
    if past.event.step == "plan_completed":
        return False, False
    if past.stage_after == CLOSED != past.stage_before:
        return False, monitored
    if past.stage_before == CLOSED != past.stage_after:
        return waiting, False
    return monitored, waiting


def responses(cases: Sequence[FollowedCase], period: Period) -> Figure:
    """What bodies answered to recommendations in the period, each answer once."""
    tally = Tally(*RESPONSES)
    by_body: dict[str, dict[str, float | None]] = {}
    for case in cases:
        for answer in case.case.responses:
            if answer.on in period and answer.response in RESPONSES:
                tally.add(answer.response, case)
                line = by_body.setdefault(answer.body, dict.fromkeys(RESPONSES, 0))
                line[answer.response] = (line[answer.response] or 0) + 1
    figure = tally.figure("Responses to recommendations, by what was answered", EVENT)
    return replace(figure, lines={body: by_body[body] for body in sorted(by_body)})


def appeals(cases: Sequence[FollowedCase], period: Period) -> Figure:
    grounds, decided = Tally("threshold", "conduct", UPHELD, NOT_UPHELD), Tally("")
    for case in cases:
        for past in case.all("appeal_decided"):
            if past.event.on in period:
                decided.add("", case)
                for key in (past.answers.get("ground"), past.answers.get("outcome")):
                    if key in grounds.counted:
                        grounds.add(key, case)
    return split_of(decided.figure("Appeals decided, by ground and outcome", EVENT, split=False), grounds)


# -- The reviews carried out ------------------------------------------------------------------------------------------


def taking_part(reviewed: Sequence[FollowedCase]) -> Figure:
    """Of the first panel of each case."""
    tally = Tally("independent_chair", "attended", "represented", "statement", "invited_absent", "not_invited")
    for case in reviewed:
        panel = case.first("panel_held")
        answers = panel.answers if panel else {}
        if answers.get("independent_chair") == "yes":
            tally.add("independent_chair", case)
        if (victim := answers.get("victim")) in tally.counted:
            tally.add(victim, case)
    label = "Reviews carried out with an independent chair; how the victim took part"
    return tally.figure(label, EVENT, "independent_chair")


def is_discretionary(case: FollowedCase) -> bool:
    """Whether the decision before the first panel was “not met”; or there was none, and discretion was used.

    An appeal upheld on the threshold sets the decision aside.
    """
    met: bool | None = None
    agreed = False
    for past in case.history:
        match past.event.step:
            case "threshold_met" | "threshold_not_met":
                met = past.event.step == "threshold_met"
            case "appeal_decided" if (
                past.answers.get("outcome") == UPHELD and past.answers.get("ground") == "threshold"
            ):
                met, agreed = None, False
            case "discretionary_review_agreed":
                agreed = True
            case "panel_held":
                break
    return agreed if met is None else not met


# -- Time limits ------------------------------------------------------------------------------------------------------


def time_limits(cases: Sequence[FollowedCase], period: Period) -> Figure:
    """For each deadline that was due or met in the period and not cancelled: how it stands as at the day.

    Days run from the clock's start to the day it was met, calendar days; panel papers are sent before theirs, so their
    days are below zero. The value is all that were met in time.
    """
    met = Tally(*TIME_LIMITS)
    found: dict[str, list[Deadline]] = {key: [] for key in TIME_LIMITS}
    for case in cases:
        if not any(touches(clock, case, period) for clock in case.replay.clocks):
            continue
        for deadline in case.deadlines:
            if deadline.status != CANCELLED and (deadline.due in period or deadline.met_on in period):
                found[deadline.key].append(deadline)
                if deadline.status == MET:
                    met.add(deadline.key, case)
    label = "Time limits met, of those due or met in the period"
    figure = met.figure(label, EVENT)
    return Figure(
        label, EVENT, figure.value, figure.by, {key: time_limit_line(found[key]) for key in TIME_LIMITS},
        figure.cases, figure.cases_by, figure.joint,
    )  # fmt: skip


def touches(clock: Clock, case: FollowedCase, period: Period) -> bool:
    known = case.calendar.as_known_on(clock.met_on or clock.ended_on or case.as_at)
    return clock.met_on in period or clock.due(known) in period


def time_limit_line(deadlines: Sequence[Deadline]) -> dict[str, float | None]:
    statuses = [deadline.status for deadline in deadlines]
    days = [(deadline.met_on - deadline.started_on).days for deadline in deadlines if deadline.met_on]
    middle = median(days) if days else None
    return {
        "due_or_met": len(deadlines),
        **{status: statuses.count(status) for status in (MET, MET_LATE, OVERDUE, LAPSED, OPEN)},
        "median_days": int(middle) if middle is not None and middle == int(middle) else middle,
    }


def split_of(figure: Figure, tally: Tally) -> Figure:
    """A figure with a split that counts a case under several keys."""
    parts = tally.figure(figure.label, figure.basis)
    return Figure(figure.label, figure.basis, figure.value, parts.by, {}, figure.cases, parts.cases_by, figure.joint)
