"""The figures of all kinds of review together: X1 (actions), X2 (the caseload).

Definitions: the domain reference, section 4.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from tracker.procedures.counting import EVENT_AND_SNAPSHOT, Figure, FiguredAction, FollowedCase, Period, Tally
from tracker.procedures.vocabulary import CLOSED

ACTION_MEASURES = ("actions_open", "actions_done", "actions_overdue")
CASELOAD = (
    "brought_forward", "received", "reopened", "transferred_in", "closed", "transferred_out", "carried_forward",
)  # fmt: skip


def caseload_figures(
    cases: Iterable[FollowedCase], period: Period, own_actions: Iterable[FiguredAction] = ()
) -> dict[str, Figure]:
    """X1 and X2. `own_actions`: those of the partnership's own plans, which belong to no case."""
    return {
        "X1": actions(known := list(cases), own_actions, period),
        "X2": caseload(known, period),
    }


def actions(cases: Iterable[FollowedCase], own: Iterable[FiguredAction], period: Period) -> Figure:
    """Actions of all plans, by agency; by review, where they are of one.

    Done is verified in the period; one that was claimed alone is still open.
    """
    tally, of_no_case = Tally("open", "done", "overdue"), Counter[str]()
    by_agency: dict[str, dict[str, float | None]] = {}
    of_cases = [(case, action) for case in cases for action in case.case.actions]
    for case, action in [*of_cases, *((None, action) for action in own)]:
        line = by_agency.setdefault(action.agency or "No lead agency", dict.fromkeys(ACTION_MEASURES, 0))
        for key in counts_as(action, period):
            line[f"actions_{key}"] = (line[f"actions_{key}"] or 0) + 1
            if case:
                tally.add(key, case)
            else:
                of_no_case[key] += 1
    label = "Actions of reviews and of partnership plans: open at the end, done in the period, overdue at the end"
    figure = tally.figure(label, EVENT_AND_SNAPSHOT, "open")
    by = {key: number + of_no_case[key] for key, number in figure.by.items()}
    lines = {agency: by_agency[agency] for agency in sorted(by_agency)}
    return replace(figure, value=by["open"], by=by, lines=lines, of_no_case={"": of_no_case["open"], **of_no_case})


def counts_as(action: FiguredAction, period: Period) -> list[str]:
    is_open = action.is_open_on(period.snapshot)
    counts = {
        "open": is_open,
        "done": action.verified_on is not None and action.verified_on in period,
        "overdue": is_open and action.due_on is not None and action.due_on < period.snapshot,
    }
    return [key for key, counted in counts.items() if counted]


def caseload(cases: Iterable[FollowedCase], period: Period) -> Figure:
    """An account that always balances, because its movements are the steps by which a case opened or closed.

    Brought forward is what was open at the end of the day before the period. A case that was closed and reopened in the
    period counts in both. One whose first step names where it was `transferred_from` was transferred in, not received.
    """
    tally = Tally(*CASELOAD)
    for case in cases:
        if is_open(case.stage_on(min(period.eve, period.snapshot))):
            tally.add("brought_forward", case)
        for place, past in enumerate(case.history):
            if past.event.on not in period:
                continue
            if place == 0:
                tally.add("transferred_in" if past.answers.get("transferred_from") else "received", case)
            if past.stage_before == CLOSED != past.stage_after:
                tally.add("reopened", case)
            elif past.stage_after == CLOSED != past.stage_before:
                tally.add("transferred_out" if past.event.step == "transferred" else "closed", case)
        if is_open(case.stage_on(period.snapshot)):
            tally.add("carried_forward", case)
    label = "All cases: brought forward, and received, reopened, closed or transferred since, to carried forward"
    figure = tally.figure(label, EVENT_AND_SNAPSHOT, "carried_forward")
    return replace(figure, lines=figure.by)


def is_open(stage: str | None) -> bool:
    return stage not in (None, CLOSED)
