"""The figures of homicide reviews: D1 to D8 (domestic), O1 (offensive weapons).

Definitions: the domain reference, section 4.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from tracker.procedures.common_steps import HOLD_REASONS, hold_reason
from tracker.procedures.counting import EVENT, SNAPSHOT, Figure, FollowedCase, Period, Tally

DECISIONS = ("decided_to_review", "decided_not_to_review")
QA_OUTCOMES = ("cleared", "publish_after_changes", "resubmit")
NOTICES = ("duty", "no_duty", "unable", "not_required")
# "Referral to QA": from publication on, the work on the report is done.
ONGOING = ("referral", "decision", "home_office_scrutiny", "review", "home_office_qa")
APRIL = 4


def dhr_figures(cases: Sequence[FollowedCase], period: Period) -> dict[str, Figure]:
    full, part = published(cases, period)
    return {
        "D1": opened(cases, period, "DHR referrals received"),
        "D2": each(cases, period, DECISIONS, "Decisions to review, and not to review"),
        "D3": ongoing(cases, period),
        "D4": submissions(cases, period),
        "D5": qa_answers(cases, period),
        "D6": full,
        "D7": part,
        "D8": on_hold(cases, period),
    }


def financial_year(day: date) -> str:
    """The year from April to March that holds a day: 31 March 2024 is in 2023-24."""
    return year_named(first_year(day))


def first_year(day: date) -> int:
    return day.year if day.month >= APRIL else day.year - 1


def year_named(first: int) -> str:
    return f"{first}-{(first + 1) % 100:02d}"


def opened(cases: Iterable[FollowedCase], period: Period, label: str) -> Figure:
    """Referrals, not deaths: two victims in one review are one."""
    tally = Tally("")
    for case in cases:
        if case.opened_on in period:
            tally.add("", case)
    return tally.figure(label, EVENT, split=False)


def each(cases: Iterable[FollowedCase], period: Period, steps: Sequence[str], label: str) -> Figure:
    """Every such step in the period: a decision made again is another decision."""
    tally = Tally(*steps)
    for case in cases:
        for past in case.all(*steps):
            if past.event.on in period:
                tally.add(past.event.step, case)
    return tally.figure(label, EVENT)


def ongoing(cases: Iterable[FollowedCase], period: Period) -> Figure:
    """Years from the earliest that has work, or the year before the snapshot, to the snapshot's own."""
    found = [case for case in cases if case.stage_on(period.snapshot) in ONGOING]
    latest = first_year(period.snapshot)
    earliest = min([latest - 1, *(first_year(case.opened_on) for case in found)])
    tally = Tally(*(year_named(first) for first in range(earliest, latest + 1)))
    for case in found:
        tally.add(financial_year(case.opened_on), case)
    return tally.figure("DHR work ongoing at the end, referral to QA, by financial year of referral", SNAPSHOT)


def submissions(cases: Iterable[FollowedCase], period: Period) -> Figure:
    tally = Tally("first_submission", "resubmission")
    for case in cases:
        for place, past in enumerate(case.all("submitted_to_qa")):
            if past.event.on in period:
                tally.add("resubmission" if place else "first_submission", case)
    label = "Overview reports sent to Home Office QA for the first time; resubmissions apart"
    return tally.figure(label, EVENT, "first_submission")


def qa_answers(cases: Iterable[FollowedCase], period: Period) -> Figure:
    tally = Tally(*QA_OUTCOMES)
    for case in cases:
        for past in case.all("qa_feedback_received"):
            if past.event.on in period:
                tally.add(past.answers["outcome"], case)
    return tally.figure("Home Office QA answers, by outcome", EVENT)


def published(cases: Iterable[FollowedCase], period: Period) -> tuple[Figure, Figure]:
    """In full, and in part. Reviews, not acts: one put up twice in the same form in a period counts once."""
    full, part = Tally("full"), Tally("learning", "executive_summary")
    for case in cases:
        forms = {past.answers["form"] for past in case.all("published") if past.event.on in period}
        for form in sorted(forms):
            (full if form in full.counted else part).add(form, case)
    return (
        full.figure("Reviews published in full", EVENT, split=False),
        part.figure("Reviews published as learning only or executive summary only", EVENT),
    )


def on_hold(cases: Iterable[FollowedCase], period: Period) -> Figure:
    """One review may be held for several reasons: it counts under each, and once in the value."""
    held, reasons = Tally(""), Tally(*dict(HOLD_REASONS))
    for case in cases:
        found = {hold_reason(written) for written in case.hold_reasons_on(period.snapshot)}
        for reason in sorted(found):
            reasons.add(reason, case)
        if found:
            held.add("", case)
    parts = reasons.figure("", SNAPSHOT)
    figure = held.figure("DHRs on hold at the end, by reason", SNAPSHOT, split=False)
    return replace(figure, by=parts.by, cases_by=parts.cases_by)


def owhr_figures(cases: Sequence[FollowedCase], period: Period) -> dict[str, Figure]:
    tally = Tally("referrals", *NOTICES, "reviews_arranged", "reports_sent")
    for case in cases:
        if case.opened_on in period:
            tally.add("referrals", case)
        for past in case.all("partner_notified"):
            if past.event.on in period:
                tally.add(past.answers["notice"], case)
        for step, key in {"review_arranged": "reviews_arranged", "report_sent": "reports_sent"}.items():
            if any(past.event.on in period for past in case.all(step)):
                tally.add(key, case)
    label = "OWHR referrals; notices to the Secretary of State by kind; reviews arranged; reports sent"
    return {"O1": tally.figure(label, EVENT, "referrals")}
