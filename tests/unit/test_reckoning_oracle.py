"""The reckoning agrees with a plain model of the domain reference, for every history that the model allows."""

import json
from datetime import date
from itertools import takewhile
from typing import Any

from hypothesis import given, settings

from tests.unit import plain_model
from tests.unit.histories import histories
from tests.unit.plain_model import Event
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.case_file import read_json
from tracker.procedures.reckoning import Reckoning, reckon

EXAMPLES = 90
COMPARED = ("key", "subject", "occurrence", "started_on", "due", "original_due", "met_on", "status")


def reckoned(case_type: str, events: list[Event], today: date, **fields: str) -> Reckoning:
    as_text = [dict(event, on=event["on"].isoformat()) for event in events]
    (case,) = read_json(json.dumps({"type": case_type, "events": as_text, **fields}))
    return reckon(case.procedure, case.facts, case.settings, ENGLAND_AND_WALES, today)


def shown(reckoning: Reckoning) -> dict[str, Any]:
    """What the model says too; whether a deadline can be extended depends on each, and has its own tests."""
    return {
        "stage": reckoning.stage,
        "on_hold": reckoning.on_hold,
        "open_steps": set(reckoning.open_steps) - {"deadline_extended"},
        "deadlines": [{key: getattr(deadline, key) for key in COMPARED} for deadline in reckoning.deadlines],
    }


def agree(case_type: str, events: list[Event], today: date) -> None:
    assert shown(reckoned(case_type, events, today)) == plain_model.reckoned(case_type, events, today)


@settings(max_examples=EXAMPLES)
@given(histories("dhr"))
def test_a_domestic_homicide_review_agrees(history: tuple[list[Event], date]) -> None:
    agree("dhr", *history)


@settings(max_examples=EXAMPLES)
@given(histories("asb"))
def test_an_asb_case_review_agrees(history: tuple[list[Event], date]) -> None:
    agree("asb", *history)


@settings(max_examples=EXAMPLES)
@given(histories("owhr"))
def test_an_offensive_weapons_homicide_review_agrees(history: tuple[list[Event], date]) -> None:
    agree("owhr", *history)


@settings(max_examples=EXAMPLES // 3)
@given(histories("dhr"))
def test_a_domestic_abuse_related_death_review_differs_only_in_what_is_new(history: tuple[list[Event], date]) -> None:
    """a second, versioned DHR procedure"""
    events, today = history
    new, old = reckoned("dhr", events, today, edition="dardr-2024"), reckoned("dhr", events, today)
    kept = [deadline for deadline in shown(new)["deadlines"] if deadline["key"] != "copy_secretary_of_state"]
    assert kept == shown(old)["deadlines"]
    assert new.stage == old.stage
    assert set(old.open_steps) <= set(new.open_steps)
    assert set(new.open_steps) - set(old.open_steps) <= {"scoping_review_completed", "secretary_of_state_copied"}


@settings(max_examples=EXAMPLES // 3)
@given(histories("asb"))
def test_events_entered_late_come_to_the_same(history: tuple[list[Event], date]) -> None:
    """late entry is normal: the day it happened decides, not the place in the file"""
    events, today = history
    # A correction means what was recorded before it.
    facts = list(takewhile(lambda event: event["step"] != "recorded_in_error", events))
    latest_day_first = sorted(facts, key=lambda event: event["on"], reverse=True)
    assert shown(reckoned("asb", latest_day_first, today)) == shown(reckoned("asb", facts, today))
