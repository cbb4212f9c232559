"""The journey picture and the list beside it, for every demo case along its life and for random histories."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from flask import render_template_string
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawing import drawing_app, one, sound
from tests.unit.histories import histories
from tracker.procedures import CASE_TYPES, PROCEDURES
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.case_file import CaseFile, read_cases, read_json
from tracker.procedures.reckoning import Reckoning, reckon
from tracker.procedures.settings import Settings
from tracker.web.cases.headline import headline
from tracker.web.journey import Journey, journey
from tracker.web.picture_lanes import NARROW, WIDE
from tracker.web.picture_shapes import Words
from tracker.web.text_width import text_width

DEMO = sorted((Path(__file__).parents[2] / "tracker" / "demo").glob("*.json"))
BASELINES = 9  # pixels: two lines of text nearer than this touch
RADIUS = 6
OVERLAP = 4  # pixels that an estimate may be out by


def reckoned(case: CaseFile, today: date) -> Reckoning:
    return reckon(case.procedure, case.facts, case.settings, ENGLAND_AND_WALES, today)


def journey_of(case: CaseFile, today: date) -> Journey:
    return journey(reckoned(case, today), case.settings)


def dhr(*events: tuple[str, str] | tuple[str, str, dict[str, str]] | tuple[str, str, dict[str, str], str]) -> CaseFile:
    return case_of("dhr", *events)


def case_of(kind: str, *events: tuple) -> CaseFile:
    rows = []
    for step, on, *rest in events:
        row: dict[str, object] = {"step": step, "on": on}
        row |= {"answers": rest[0]} if rest else {}
        row |= {"subject": rest[1]} if len(rest) > 1 else {}
        rows.append(row)
    return read_cases({"reference": "X-1", "type": kind, "partnership": "north", "events": rows})[0]


def edges(words: Words, width: int) -> tuple[float, float]:
    text = words.text + (words.more if width == WIDE else "")
    long = text_width(text, bold=words.kind in ("t-bold", "t-late"))
    at = words.x * width / 100 + words.dx
    start = at - long if words.anchor == "end" else at - long / 2 if words.anchor == "middle" else at
    return start, start + long


def clashes(drawn: Journey, width: int) -> Iterator[str]:
    """Words that leave the picture or run into each other, at a width of it in pixels."""
    shown = [words for words in drawn.picture.words if width == WIDE or words.kind != "t-minor"]
    for words in shown:
        start, end = edges(words, width)
        if start < -OVERLAP or end > width + OVERLAP:
            yield f"“{words.text}” runs from {start:.0f} to {end:.0f} of {width}"
    for one_, other in combinations(shown, 2):
        if abs(one_.y - other.y) < BASELINES:
            (start, end), (other_start, other_end) = edges(one_, width), edges(other, width)
            if start < other_end - OVERLAP and other_start < end - OVERLAP:
                yield f"“{one_.text}” and “{other.text}” overlap at {width}"
    for symbol in drawn.picture.symbols:
        for words in shown:
            start, end = edges(words, width)
            if abs(words.y - 5 - symbol.y) < BASELINES and start - RADIUS < symbol.x * width / 100 < end + RADIUS:
                yield f"“{words.text}” runs over a symbol at {width}"


def assert_sound(drawn: Journey, reckoning: Reckoning) -> None:
    for width in (NARROW, WIDE):
        assert list(clashes(drawn, width)) == []
    picture = drawn.picture
    places = [line.x1 for line in picture.lines] + [symbol.x for symbol in picture.symbols]
    assert all(0 <= x <= 100 for x in places + [block.x for block in picture.blocks])
    assert max(words.y for words in picture.words) <= picture.height
    states = [stage.state for stage in drawn.stages]
    assert states.count("current") == (0 if reckoning.is_closed else 1)
    assert all(stage.lines for stage in drawn.stages)
    assert headline(reckoning)


def life_of(case: CaseFile) -> Iterator[date]:
    """Days along a case's life: every third event, and some time after the last."""
    days = sorted({event.on for event in case.events})
    yield from days[::3]
    yield from (days[-1], days[-1] + timedelta(days=20), days[-1] + timedelta(days=400))


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_every_demo_case_is_drawn_soundly_along_its_life(path: Path) -> None:
    for case in read_json(path.read_text()):
        for today in life_of(case):
            answer = reckoned(case, today)
            assert_sound(journey(answer, case.settings), answer)


@pytest.mark.parametrize("case_type", CASE_TYPES)
@settings(max_examples=30)
@given(data=st.data())
def test_any_history_is_drawn_soundly(case_type: str, data: st.DataObject) -> None:
    events, today = data.draw(histories(case_type))
    rows = [event | {"on": event["on"].isoformat()} for event in events]
    case = read_cases({"reference": "X-1", "type": case_type, "partnership": "north", "events": rows})[0]
    answer = reckoned(case, today)
    if answer.history:
        assert_sound(journey(answer, case.settings), answer)


def test_every_deadline_has_words_for_a_picture_and_a_sentence() -> None:
    rules = [rule for procedure in PROCEDURES.values() for rule in procedure.deadlines]
    assert [rule.key for rule in rules if not (rule.name and rule.name.mark and rule.name.subject)] == []


REVIEW = dhr(
    ("notification_received", "2025-01-31"),
    ("submitted_for_decision", "2025-02-13"),
    ("decided_to_review", "2025-02-20"),
    ("imr_requested", "2025-04-10", {}, "Police"),
    ("imr_requested", "2025-04-10", {}, "Health"),
    ("imr_received", "2025-06-02", {"nil": "no"}, "Police"),
    ("imr_received", "2025-06-12", {"nil": "no"}, "Health"),
    ("deadline_extended", "2025-06-30", {"deadline": "complete_report", "to": "2025-11-20", "reason": "trial listed"}),
    ("hold_started", "2025-06-30", {"reason": "criminal_trial"}),
    ("imr_requested", "2025-07-18", {}, "Housing"),
    ("hold_ended", "2025-09-05", {"reason": "criminal_trial"}),
)
TODAY = date(2025, 9, 18)


def test_the_picture_is_that_of_the_worked_example() -> None:
    drawn = journey_of(REVIEW, TODAY)
    said = {words.text for words in drawn.picture.words}
    assert {
        "Today, 18 September",
        "31 January to 13 February",
        "Decision 20 February, due 28 February",
        "On hold 30 June to 5 September: criminal trial",
        "30 weeks so far",
        "9 weeks left",
        "2 of 3 replies, 1 late",
        "Housing late",
        "Report due 20 August, extended to 20 November",
    } <= said
    assert [row.label for row in drawn.rows] == [
        "Referral", "Decision", "Review", "Home Office QA", "Publication", "Monitoring",
    ]  # fmt: skip
    hatched = [block for block in drawn.picture.blocks if block.kind == "hatch"]
    bar = next(block for block in drawn.picture.blocks if block.kind == "p-bar" and block.y == hatched[0].y)
    assert bar.x < hatched[0].x


def test_an_extension_is_an_arrow_from_the_first_date_struck_through() -> None:
    picture = journey_of(REVIEW, TODAY).picture
    moved = next(symbol for symbol in picture.symbols if symbol.name == "moved")
    arrow = next(symbol for symbol in picture.symbols if symbol.name == "arrow")
    line = next(line for line in picture.lines if line.y1 == line.y2)
    assert (line.x1, line.x2) == (moved.x, arrow.x)
    assert moved.x < arrow.x


def test_the_list_says_what_the_picture_shows() -> None:
    stages = {stage.label: stage for stage in journey_of(REVIEW, TODAY).stages}
    review = "\n".join(words for _, words in stages["Review"].lines)
    assert "Since 20 February 2025: 30 weeks so far, 9 weeks left. Today is 18 September 2025." in review
    assert "On hold 30 June to 5 September 2025: criminal trial." in review
    assert "Complete the overview report: due 20 August 2025, extended to 20 November 2025." in review
    assert "2 of 3 replies, 1 late" in review
    assert "Individual management review: Housing, due 15 September 2025: 3 days overdue" in review
    assert stages["Home Office QA"].lines == (("quiet", "Not started. No time limit set."),)
    assert stages["Publication"].lines == (("quiet", "Not started. 1 month from when it is reached."),)


def test_a_branch_that_was_not_taken_is_not_ahead() -> None:
    labels = [row.label for row in journey_of(dhr(("notification_received", "2025-01-31")), date(2025, 2, 3)).rows]
    assert "Home Office scrutiny" not in labels


def test_a_branch_that_was_taken_is_drawn_and_nothing_is_guessed_after_it() -> None:
    case = dhr(("notification_received", "2025-01-31"), ("decided_not_to_review", "2025-02-20"))
    rows = journey_of(case, date(2025, 3, 3)).rows
    assert [(row.label, row.state) for row in rows] == [("Referral", "past"), ("Home Office scrutiny", "current")]


def test_an_appeal_comes_back_to_the_stage_it_left() -> None:
    case = case_of(
        "asb",
        ("application_received", "2025-03-03"),
        ("threshold_not_met", "2025-03-10"),
        ("appeal_requested", "2025-03-14", {"ground": "threshold"}),
        ("appeal_decided", "2025-03-28", {"outcome": "upheld"}),
    )
    rows = {row.label: row for row in journey_of(case, date(2025, 4, 1)).rows}
    assert (rows["Application"].state, len(rows["Application"].bars)) == ("current", 2)
    assert [rows[name].state for name in ("Threshold", "Appeal", "Review")] == ["past", "past", "ahead"]


def test_a_closed_case_ends_at_its_closing_and_a_reopened_one_shows_the_gap() -> None:
    closed = (
        ("notification_received", "2025-01-31"),
        ("decided_to_review", "2025-02-20"),
        ("closed", "2025-05-06", {"reason": "merged elsewhere"}),
    )
    said = [words.text for words in journey_of(dhr(*closed), date(2026, 1, 5)).picture.words]
    assert "Closed, 6 May 2025" in said
    assert not any(words.startswith("Today") for words in said)
    again = dhr(*closed, ("reopened", "2025-09-01", {"reason": "new facts"}))
    rows = {row.label: row for row in journey_of(again, date(2026, 1, 5)).rows}
    assert rows["Closed"].bars[0].until == date(2025, 9, 1)
    assert [bar.until for bar in rows["Review"].bars] == [date(2025, 5, 6), None]


def test_a_day_in_a_stage_is_seen_in_a_picture_of_years() -> None:
    case = dhr(
        ("notification_received", "2021-01-04"),
        ("submitted_for_decision", "2021-01-04"),
        ("decided_to_review", "2021-01-04"),
    )
    picture = journey_of(case, date(2026, 1, 5)).picture
    assert [block.width for block in picture.blocks[:2]] == ["4", "4"]
    assert {"2022", "2023", "2024", "2025", "2026"} <= {words.text for words in picture.words}


def test_the_markup_has_no_style_and_no_script_and_takes_any_text() -> None:
    app = drawing_app()
    case = case_of(
        "asb",
        ("application_received", "2025-03-03"),
        ("information_requested", "2025-03-05", {}, '<b onload="x">&'),
        ("hold_started", "2025-03-05", {"reason": "other", "held_by": "<i>court</i>"}),
    )
    template = '{% from "cases/journey.html" import journey_section %}{{ journey_section(journey) }}'
    with app.test_request_context():
        markup = render_template_string(template, journey=journey_of(case, date(2025, 4, 1)))
    page = sound(f"<!DOCTYPE html><html lang=en><title>x</title><body><main>{markup}</main>")
    assert not re.search(r"style=|<script|<b onload|<i>court", markup)
    assert one(page, "svg")["aria-hidden"] == "true"
    assert one(page, "ol.steps li[aria-current=step] b").text == "Application"
    assert all(re.fullmatch(r"[0-9.]+%", str(rect["x"])) for rect in page.select("svg rect"))


def test_settings_of_a_partnership_decide_the_time_of_a_stage_ahead() -> None:
    case = read_cases(
        {
            "type": "dhr",
            "settings": {"publish": {"length": 3, "unit": "months"}},
            "events": [{"step": "notification_received", "on": "2025-01-31"}],
        }
    )[0]
    rows = {row.label: row.then for row in journey(reckoned(case, date(2025, 2, 3)), case.settings).rows}
    assert (rows["Publication"], rows["Review"]) == ("3 months", "6 months")
    assert {row.label: row.then for row in journey(reckoned(case, date(2025, 2, 3)), Settings()).rows}[
        "Publication"
    ] == "1 month"
