"""All figures together: what is dropped, what restates, what always balances.

The words in quotation marks are the domain reference's, section 4.
"""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.figuring import asb, dhr, figured, owhr, values
from tracker.procedures import PROCEDURES
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.case_file import read_json
from tracker.procedures.counting import FiguredAction, Period
from tracker.procedures.facts import Event, Facts, NotAllowed, numbered
from tracker.procedures.figures import FiguredCase, figures
from tracker.procedures.replay import Replay
from tracker.procedures.settings import Settings
from tracker.procedures.vocabulary import CLOSED, Effect

DEMO = Path(__file__).parents[2] / "tracker" / "demo"
NOTIFIED = ("2024-05-01", "notification_received")


def pilot():
    files = [path.read_text(encoding="utf-8") for path in sorted(DEMO.glob("*.json"))]
    return [
        FiguredCase(case.reference, case.procedure, case.facts, case.settings, case.themes, bool(case.contributing))
        for text in files
        for case in read_json(text)
    ]


def test_the_pilot_year():
    """ "D6 = 1, D7 = 1, D4 = 2, D3 referred in the previous year = 2, D1 = 1; A1 = 6, A5 = 4, reviewed (A6) = 2, action
    plans developed and monitored (A7) = 2, all six about neighbours (A8)"."""
    found = figured(*pilot())
    assert values(found, "D6", "D7", "D4", "D1") == (1, 1, 2, 1)
    assert found["D3"].by["2023-24"] == 2
    assert values(found, "A1", "A5", "A6", "A7", "A8") == (6, 4, 2, 2, 6)
    assert found["A8"].by["neighbours"] == 6


def test_the_shape_that_is_printed():
    """ "Every figure says its basis"; the shape is that of the commands' reference."""
    shown = json.loads(json.dumps(figured(*pilot()).as_json()))
    assert {key: shown[key] for key in ("from", "to", "as_at", "partnership")} == {
        "from": "2024-04-01", "to": "2025-03-31", "as_at": "2026-11-01", "partnership": "shropshire",
    }  # fmt: skip
    bases = {key: figure["basis"] for key, figure in shown["figures"].items()}
    cohort, snapshot, both = ("A5", "A6", "A8"), ("D3", "D8"), ("A7", "X1", "X2")
    expected = dict.fromkeys(bases, "event")
    expected |= (
        dict.fromkeys(cohort, "cohort") | dict.fromkeys(snapshot, "snapshot") | dict.fromkeys(both, "event, snapshot")
    )
    assert bases == expected
    assert all(figure["label"] for figure in shown["figures"].values())


def test_as_at_drops_events_dated_later():
    """ "`as_at` drops events dated later; snapshots are taken at the earlier of the period's end and `as_at`"."""
    case = dhr(NOTIFIED, ("2024-05-20", "decided_to_review"), ("2024-08-01", "closed"))
    assert values(figured(case, as_at=date(2024, 4, 30)), "D1", "D2", "D3", "X2") == (0, 0, 0, 0)
    assert values(figured(case, as_at=date(2024, 5, 1)), "D1", "D2", "D3", "X2") == (1, 0, 1, 1)
    assert values(figured(case, as_at=date(2024, 7, 31)), "D1", "D2", "D3", "X2") == (1, 1, 1, 1)
    assert values(figured(case, as_at=date(2024, 8, 1)), "D1", "D2", "D3", "X2") == (1, 1, 0, 0)


def test_snapshots_are_of_the_periods_end():
    case = dhr(NOTIFIED, ("2025-04-02", "hold_started", {"reason": "inquest"}), ("2025-05-01", "closed"))
    assert values(figured(case), "D3", "D8", "X2") == (1, 0, 1)


def correction(day, step, **answers):
    return (day, "recorded_in_error", {"replaces": step, **answers})


def test_an_event_recorded_in_error_never_counts():
    case = asb(
        ("2024-05-01", "application_received"),
        ("2024-05-20", "threshold_not_met"),
        correction("2024-05-22", "threshold_not_met"),
        ("2024-05-20", "threshold_met"),
    )
    assert values(figured(case), "A1", "A2", "A5") == (1, 0, 0)
    assert figured(case)["A6"].by == {"reviewed": 0, "still_open": 1}


def test_a_correction_after_the_period_restates_its_snapshot():
    """Pitfall: "a late entry after publication of the figures restates and does not rewrite"."""
    case = dhr(NOTIFIED, ("2025-03-20", "closed"), correction("2025-04-05", "closed"))
    published = figured(case, as_at=date(2025, 3, 31))
    restated = figured(case, as_at=date(2025, 4, 5))
    assert (values(published, "D3", "X2"), values(restated, "D3", "X2")) == ((0, 0), (1, 1))
    assert published.as_json()["as_at"] == "2025-03-31"


def test_figures_for_a_day_before_a_correction_are_not_refused():
    case = dhr(
        NOTIFIED, ("2025-03-20", "decided_to_review"), correction("2025-04-05", "decided_to_review"),
        ("2025-03-10", "decided_to_review"),
    )  # fmt: skip
    assert figured(case, as_at=date(2025, 3, 31))["D2"].value == 1


def test_a_corrected_first_day_moves_the_referral():
    case = asb(
        ("2024-04-02", "application_received"),
        ("2024-03-28", "application_received"),
        correction("2024-04-10", "application_received", replaces_on="2024-04-02"),
    )
    assert figured(case)["A1"].value == 0
    assert figured(case, since=date(2023, 4, 1), until=date(2024, 3, 31))["A1"].value == 1


def test_a_late_entry_restates():
    """The same question, asked after an event of the period was recorded, has another answer."""
    case = asb(("2024-05-01", "application_received"))
    late = Event("threshold_not_met", date(2024, 5, 20), recorded_at=datetime(2025, 6, 1, tzinfo=UTC))
    later = replace(case, facts=Facts(numbered((*case.facts.events, late))))
    before, after = (figured(known, as_at=date(2025, 5, 1)) for known in (case, later))
    assert values(before, "A2", "A5") == (0, 0)
    assert values(after, "A2", "A5") == (1, 1)


def test_a_joint_review_is_flagged():
    """Pitfall: "a joint review counts once in each partnership and is flagged"."""
    found = figured(dhr(NOTIFIED, contributing=["telford"]), dhr(NOTIFIED))
    assert (found["D1"].value, found["D1"].joint) == (2, 1)
    assert found.as_json()["figures"]["D1"]["joint"] == 1
    assert "joint" not in found.as_json()["figures"]["D6"]


def test_the_sum_is_never_forced():
    """Pitfall: "(a) = (b) + (c) often fails and is never forced"."""
    found = figured(
        asb(("2024-03-28", "application_received"), ("2024-04-12", "threshold_not_met")),
        asb(("2024-05-01", "application_received")),
        asb(("2024-05-01", "application_received"), ("2024-05-10", "threshold_not_met"), ("2024-06-03", "panel_held")),
    )
    assert values(found, "A1", "A2", "A3") == (2, 2, 1)


def test_the_caseload():
    """ "X2 has lines brought_forward, received, reopened, transferred_in, closed, transferred_out, carried_forward"."""
    cases = [
        dhr(("2024-03-31", "notification_received")),
        dhr(NOTIFIED, ("2024-06-01", "closed"), ("2024-07-01", "reopened"), ("2024-08-01", "closed")),
        dhr(("2023-05-01", "notification_received"), ("2023-06-01", "closed"), ("2024-07-01", "reopened")),
        dhr(NOTIFIED, ("2024-06-01", "transferred", {"to": "telford"})),
        dhr((NOTIFIED[0], NOTIFIED[1], {"transferred_from": "telford"})),
        asb(("2024-05-01", "application_received"), ("2024-05-01", "withdrawn")),
        owhr(("2024-05-01", "death_logged")),
        dhr(("2023-05-01", "notification_received"), ("2024-03-31", "closed")),
        dhr(("2025-04-01", "notification_received")),
    ]
    found = figured(*cases)["X2"]
    assert found.by == {
        "brought_forward": 1, "received": 4, "reopened": 2, "transferred_in": 1,
        "closed": 3, "transferred_out": 1, "carried_forward": 4,
    }  # fmt: skip
    assert found.value == 4
    assert found.as_json()["lines"] == found.by


def test_a_direction_reopens_a_closed_case():
    case = dhr(
        ("2023-05-01", "notification_received"), ("2023-05-20", "decided_not_to_review"),
        ("2023-08-01", "home_office_accepted"), ("2024-05-01", "directed_to_review"),
    )  # fmt: skip
    assert figured(case)["X2"].by["reopened"] == figured(case)["X2"].value == 1


def test_actions_of_reviews_and_of_partnership_plans():
    """X1: "actions open, done in P, overdue at end, by agency and review"; zero without a plan."""
    assert figured(dhr(NOTIFIED))["X1"].as_json()["by"] == {"open": 0, "done": 0, "overdue": 0}
    added, due = date(2024, 5, 1), date(2025, 3, 30)
    actions = (
        FiguredAction("Police", added, due),
        FiguredAction("Police", added, date(2025, 3, 31)),
        FiguredAction("Police", added, due, verified_on=date(2025, 3, 31)),
        FiguredAction("Council", added, due, verified_on=date(2025, 4, 1)),
        FiguredAction("", added, due, ended_on=date(2024, 6, 1)),
        FiguredAction("", date(2025, 4, 1)),
    )
    found = figured(replace(dhr(NOTIFIED), actions=actions))["X1"]
    assert (found.value, found.by) == (3, {"open": 3, "done": 1, "overdue": 2})
    assert found.lines["Police"] == {"actions_open": 2, "actions_done": 1, "actions_overdue": 1}
    both = figured(replace(dhr(NOTIFIED), actions=actions), own_actions=actions[:3])["X1"]
    assert (both.value, both.by) == (5, {"open": 5, "done": 2, "overdue": 3})
    assert both.lines["Police"] == {"actions_open": 4, "actions_done": 2, "actions_overdue": 2}
    assert (len(both.cases), both.of_no_case) == (3, {"": 2, "open": 2, "done": 1, "overdue": 1})


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends before it begins"):
        figured(since=date(2025, 4, 1), until=date(2025, 3, 31))


def test_the_earliest_period_of_all():
    assert Period(date.min, date.min, date.min).eve == date.min


# -- What is always true ----------------------------------------------------------------------------------------------

FIRST = date(2023, 1, 2)
NUMBERS = count(1)


@st.composite
def any_case(draw):
    """A case driven by what its procedure allows, some days apart, its questions answered with anything on offer."""
    procedure = draw(st.sampled_from(list(PROCEDURES.values())))
    day = FIRST + timedelta(days=draw(st.integers(0, 800)))
    events = [Event(procedure.opening.key, day, number=1)]
    replay = Replay(procedure, Settings(), ENGLAND_AND_WALES).run(events)
    for _ in range(draw(st.integers(0, 14))):
        day += timedelta(days=draw(st.integers(0, 120)))
        steps = [step for step in procedure.steps if any(replay.stands_at(at) for at in step.at)]
        steps = [step for step in steps if step.effect not in (Effect.EXTENDED, Effect.CORRECTED)]
        # Every other step moves the case, so that the far stages are reached.
        step = draw(st.sampled_from([step for step in steps if step.moves] if draw(st.booleans()) else steps))
        answers = {
            question.key: draw(st.sampled_from(question.admits)) for question in step.questions if question.admits
        }
        if step.key == "panel_arranged":
            answers["panel_on"] = (day + timedelta(days=21)).isoformat()
        subject = draw(st.sampled_from(["Police", "Council", "ICB"])) if step.subject else ""
        event = Event(step.key, day, subject, answers, number=len(events) + 1)
        try:
            replay = Replay(procedure, Settings(), ENGLAND_AND_WALES).run([*events, event])
        except NotAllowed:
            replay = Replay(procedure, Settings(), ENGLAND_AND_WALES).run(events)
        else:
            events.append(event)
    theme = draw(st.sampled_from([(), ("neighbours",), ("noise", "youth")]))
    return FiguredCase(f"CASE-{next(NUMBERS)}", procedure, Facts(tuple(events)), themes=theme)


days = st.dates(date(2022, 10, 1), date(2027, 12, 31))


@settings(max_examples=100)
@given(cases=st.lists(any_case(), max_size=5), since=days, length=st.integers(0, 900), as_at=days)
def test_what_always_balances(cases, since, length, as_at):
    """ "always A1 = A5 + A6 reviewed + A6 still open"; "X2 ... always reconciles"; and a plain count agrees."""
    until = since + timedelta(days=length)
    found = figures(cases, since, until, as_at, ENGLAND_AND_WALES)
    assert found["A1"].value == found["A5"].value + found["A6"].by["reviewed"] + found["A6"].by["still_open"]
    assert sum(found["A5"].by.values()) == found["A5"].value
    account = found["X2"].by
    came = account["brought_forward"] + account["received"] + account["reopened"] + account["transferred_in"]
    assert came == account["closed"] + account["transferred_out"] + account["carried_forward"]
    assert found["A4"].value <= found["A3"].value
    assert found["A12"].value <= found["A3"].value
    assert sum(found["D3"].by.values()) == found["D3"].value
    assert {key: found[key].value for key in plainly(cases, since, until, as_at)} == plainly(cases, since, until, as_at)


def plainly(cases, since, until, as_at):
    """Some figures counted from the events alone, by somebody who knows nothing of stages and clocks."""
    counts = Counter(dict.fromkeys(("A1", "A2", "A3", "A9", "D1", "D2", "D4", "D5", "O1"), 0))
    of_step = {
        "application_received": "A1", "threshold_not_met": "A2", "appeal_decided": "A9", "notification_received": "D1",
        "decided_to_review": "D2", "decided_not_to_review": "D2", "qa_feedback_received": "D5", "death_logged": "O1",
    }  # fmt: skip
    for case in cases:
        events = [event for event in case.facts.events if event.on <= as_at]
        for event in events:
            if since <= event.on <= until and event.step in of_step:
                counts[of_step[event.step]] += 1
        for step, key in {"panel_held": "A3", "submitted_to_qa": "D4"}.items():
            first = min((event.on for event in events if event.step == step), default=None)
            counts[key] += bool(first and since <= first <= until)
    return dict(counts)


@settings(max_examples=40)
@given(cases=st.lists(any_case(), max_size=4), day=days)
def test_a_period_is_the_sum_of_its_parts(cases, day):
    """What is counted by its own day is counted once, however a period is cut; and the account runs on."""
    since, until, as_at = day - timedelta(days=300), day + timedelta(days=300), date(2028, 6, 1)
    whole = figures(cases, since, until, as_at, ENGLAND_AND_WALES)
    first = figures(cases, since, day, as_at, ENGLAND_AND_WALES)
    second = figures(cases, day + timedelta(days=1), until, as_at, ENGLAND_AND_WALES)
    for key in ("A1", "A2", "A3", "A4", "A5", "A6", "A8", "A9", "A10", "A12", "D1", "D2", "D4", "D5", "O1"):
        assert whole[key].value == first[key].value + second[key].value
    assert first["X2"].value == second["X2"].by["brought_forward"]
    assert whole["X2"].value == second["X2"].value


def test_the_random_cases_reach_the_far_stages():
    """So that the properties above are not about empty cases only."""
    seen: set[tuple[str, str]] = set()

    @settings(max_examples=120, database=None, derandomize=True)
    @given(case=any_case())
    def look(case):
        replay = Replay(case.procedure, Settings(), ENGLAND_AND_WALES).run(case.facts.events)
        seen.update((case.procedure.case_type, past.stage_after) for past in replay.history)

    look()
    assert {("asb", "review"), ("asb", "appeal"), ("asb", CLOSED)} <= seen
    assert {("dhr", "review"), ("dhr", CLOSED), ("owhr", "review")} <= seen
