"""Tables of plans as people make them: found, read row by row, refused with a reason, asked once."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.procedures.case_file import WrongFile, read_json
from tracker.procedures.numbering import natural_order
from tracker.procedures.plan_cells import (
    joined_completion,
    joined_number,
    plain_scope,
    split_completion,
    split_number,
)
from tracker.procedures.plan_columns import HEADINGS, columns_in
from tracker.procedures.plan_read import Answers, Row
from tracker.procedures.plan_rows import read_rows
from tracker.procedures.plan_status import Happened, Happening, Standing, Status, rate, standing

TODAY = date(2026, 11, 25)
NOTHING = Answers()
TEMPLATE = tuple(HEADINGS.values())


def read(*rows, answers=NOTHING, headings=TEMPLATE):
    table = [Row("Plan", number, tuple(cells)) for number, cells in enumerate([headings, *rows], start=1)]
    return read_rows(table, TODAY, answers)


def test_a_cell_left_empty_belongs_to_the_recommendation_above():
    found = read(
        ("1. Train", "Local", "Find a trainer", "Police", "", "June 2027", ""),
        ("", "", "Train", "Police", "", "July 2027", ""),
        ("1. Train", "Local", "Train again", "Police", "", "July 2028", ""),
        ("2. Publish", "National", "", "", "", "", ""),
    )
    assert [(line.number, line.text, line.scope, len(line.actions)) for line in found.recommendations] == [
        ("1", "Train", "local", 3), ("2", "Publish", "national", 0),
    ]  # fmt: skip
    assert (found.rows, found.ready, found.refused, found.questions) == (4, 4, [], [])


def test_headings_in_two_rows_and_a_priority_over_its_rows_are_no_recommendations():
    found = read(
        ("No.", "Text", "What", "Who leads", "Target", "Completed", "Update"),
        ("PRIORITY 1: TRAINING",),
        ("1", "Train", "Find a trainer", "Police", "June 2027", "", "Begun"),
        headings=("Recommendation", "", "Action", "", "Dates", "", "Progress"),
    )
    (line,) = found.recommendations
    (action,) = line.actions
    assert (line.number, line.text, action.lead_agency, action.milestones) == ("1", "Train", "Police", "Begun")
    assert action.target.until == date(2027, 6, 30)
    assert "PRIORITY 1: TRAINING" in found.left_out[0]


def test_a_cell_that_shows_an_error_is_refused():
    found = read(("1. Train", "", "Find a trainer", "#REF!", "", "#N/A", ""), ("", "", "#1 of many", "", "", "", ""))
    assert [(cell.row, cell.column, cell.value) for cell in found.refused] == [
        (2, "Lead agency", "#REF!"), (2, "Target date", "#N/A"), (3, "Recommendation", ""),
    ]  # fmt: skip


def test_what_cannot_be_read_is_named_with_its_row_and_a_mend_and_asked_once():
    found = read(
        ("", "", "Nobody's", "", "", "", ""),
        ("1. Train", "", "A", "", "", "31/06/2024", ""),
        ("", "", "B", "", "", "Q2 2024", ""),
        ("", "", "C", "", "", "Q3 2024", ""),
        ("", "", "D", "", "", "Ongoing", ""),
        ("", "", "E", "", "", " ongoing", ""),
        ("", "", "", "Police", "", "June 2024", ""),
        ("2. \x00", "", "F", "", "", "", ""),
        ("", "", "G", "", "", "", ""),
    )
    assert [(cell.row, cell.column) for cell in found.refused] == [
        (2, "Recommendation"), (3, "Target date"), (8, "Action to take"), (9, "Recommendation"), (10, "Recommendation"),
    ]  # fmt: skip
    assert all(cell.why and cell.mend for cell in found.refused)
    assert [(question.value, question.rows) for question in found.questions] == [
        ("Q2 2024", (4, 5)), ("Ongoing", (6, 7)),
    ]  # fmt: skip
    assert found.ready == 0
    answers = Answers("calendar", {"ongoing": "31 March 2027"})
    again = read(("1. Train", "", "B", "", "", "Q2 2024", ""), ("", "", "D", "", "", "Ongoing", ""), answers=answers)
    assert [action.target.until or action.target.review_by for action in again.recommendations[0].actions] == [
        date(2024, 6, 30), date(2027, 3, 31),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "headings",
    [
        ("Rec No", "RECOMMENDATIONS", " scope ", "Action Required", "Lead", "Owner", "Progress", "By when", "RAG"),
        ("Ref.", "Recommendation text", "Scope of recommendation", "Actions", "Lead Agency / Agencies", "Lead officer",
         "Key milestones", "Due date", "Status"),
    ],
)  # fmt: skip
def test_other_headings_are_known_in_any_order(headings):
    row = ("R2", "Train", "Local", "Find a trainer", "Police", "DCI", "Found", "June 2027", "Green")
    order = (8, 3, 0, 1, 5, 2, 7, 4, 6)
    found = read(tuple(row[place] for place in order), headings=tuple(headings[place] for place in order))
    action = found.recommendations[0].actions[0]
    assert (found.recommendations[0].number, found.recommendations[0].scope) == ("R2", "local")
    assert (action.text, action.lead_agency, action.owner, action.milestones) == (
        "Find a trainer", "Police", "DCI", "Found",
    )  # fmt: skip
    assert action.target.until == date(2027, 6, 30)
    assert action.status is Status.IN_PROGRESS


@pytest.mark.parametrize(
    "headings",
    [
        ("What did we learn? / Recommendation", "Action required by agency", "Implementation lead",
         "Timescale for completion", "Date action completed", "Evidence / outcome", "Latest position"),
        ("DHR recommendation", "Specific actions", "Agency responsible", "By when?", "Completed (date)", "Outcomes",
         "Progress update to date"),
    ],
)  # fmt: skip
def test_headings_in_other_words_are_known_where_one_is_plain(headings):
    headings = (
        ("Recommendation", *headings[1:]) if "DHR" in headings[0] else (headings[0], "Action to take", *headings[2:])
    )
    found = read(("Train", "Find", "Police", "June 2024", "May 2024", "Better", "Going well"), headings=headings)
    assert found.is_complete
    action = found.recommendations[0].actions[0]
    assert (action.text, action.lead_agency, action.target.until) == ("Find", "Police", date(2024, 6, 30))
    assert (action.completed_on, action.outcome, action.milestones) == (date(2024, 5, 31), "Better", "Going well")


def test_a_column_that_somebody_named_counts_for_what_they_said():
    row = ("Train", "Find", "Police", "June 2024", "x")
    headings = ("Issue", "What we do", "Champion", "Deadline", "Action")
    assert [cell.column for cell in read(row, headings=headings).refused] == [""]
    assert read(row, headings=headings).tables[0].samples == row
    named = {"issue": "recommendation", "whatwedo": "action", "champion": "lead_agency", "action": ""}
    found = read(row, headings=headings, answers=Answers(columns=named))
    action = found.recommendations[0].actions[0]
    assert (found.recommendations[0].text, action.text, action.lead_agency) == ("Train", "Find", "Police")
    assert found.tables[0].taken == ("recommendation", "action", "lead_agency", "target", "")


def test_every_sheet_and_every_table_of_it_is_read_and_what_is_left_out_is_named():
    head = [Row("Training", 1, TEMPLATE), Row("Training", 2, ("1. Train", "", "Find", "", "", "", ""))]
    rows = [
        Row("Read me", 1, ("This is how to fill it in",)),
        *head,
        Row("Training", 3, ("Theme 2: Health", "", "", "", "", "", "")),
        Row("Training", 4, ("Action to take", "Target date", "Recommendation")),
        Row("Training", 5, ("Write", "June 2024", "2. Publish")),
        Row("Training", 6, ("", "", "3. No action yet")),
        Row("Health", 1, TEMPLATE),
        Row("Health", 2, ("4. Meet", "", "Invite", "", "", "", "")),
    ]
    found = read_rows(rows, TODAY, NOTHING)
    assert [(line.number, len(line.actions)) for line in found.recommendations] == [
        ("1", 1), ("2", 1), ("3", 0), ("4", 1),
    ]  # fmt: skip
    assert [words.partition(":")[0] for words in found.left_out] == ["The sheet “Read me”", "Training row 3"]


def test_headings_in_two_rows_and_over_two_columns_are_one():
    rows = (
        ("", "", "", "", "Target date", "Date completed"),
        ("1", "Train", "Find", "Police", "June 2024", "May 2024"),
        ("", "", "Train", "Police", "July 2024", ""),
    )
    found = read(*rows, headings=("Recommendation", "", "Action", "Lead", "Dates", ""))
    assert [(line.number, line.text, len(line.actions)) for line in found.recommendations] == [("1", "Train", 2)]
    assert found.recommendations[0].actions[0].completed_on == date(2024, 5, 31)


def test_a_recommendation_may_stand_above_its_own_table():
    head = ("Action", "Lead", "Target date", "Status")
    rows = (("Find", "Police", "June 2024", "Complete"), ("Recommendation 2: Publish",), head, ("Write", "", "", ""))
    table = [Row("Plan", 1, ("Recommendation 1. Train",)), Row("Plan", 2, head)]
    found = read_rows([*table, *(Row("Plan", 3 + place, row) for place, row in enumerate(rows))], TODAY, NOTHING)
    assert [(line.number, line.text, [action.text for action in line.actions]) for line in found.recommendations] == [
        ("1", "Train", ["Find"]), ("2", "Publish", ["Write"]),
    ]  # fmt: skip
    assert (found.rows, found.ready, found.is_complete) == (2, 2, True)


@pytest.mark.parametrize(
    ("target", "completion", "status", "begun", "on"),
    [
        ("27th March 2014 awaiting-review", "", "", Status.NOT_STARTED, None),
        ("Completed March 2014", "", "", Status.CLAIMED, date(2014, 3, 31)),
        ("June 2024", "Completed Jan 2014 - see minutes", "", Status.CLAIMED, date(2014, 1, 31)),
        ("June 2024", "", "Complete", Status.CLAIMED, None),
        ("June 2024", "", "Completed May 2024", Status.CLAIMED, date(2024, 5, 31)),
        ("June 2024", "", "Verified complete", Status.CLAIMED, None),
        ("June 2024", "", "Ongoing", Status.IN_PROGRESS, None),
        ("June 2024", "", "Overdue", Status.NOT_STARTED, None),
        ("June 2024", "Not yet started", "", Status.NOT_STARTED, None),
        ("June 2024", "May 2024", "Superseded", Status.SUPERSEDED, date(2024, 5, 31)),
        ("June 2024", "", "No longer required", Status.STOPPED, None),
    ],
)
def test_how_far_an_action_has_come_is_what_its_row_says(target, completion, status, begun, on):
    found = read(("1. A", "", "B", "", "", target, completion, status), headings=(*TEMPLATE, "Status"))
    action = found.recommendations[0].actions[0]
    assert (action.status, action.completed_on, action.target.text) == (begun, on, target)


def test_a_revised_target_counts_and_the_first_is_kept_in_its_words():
    headings = ("Recommendation", "Action", "Target date", "Revised target date")
    found = read(("A", "B", "June 2024", "March 2025"), ("", "C", "TBC", "31/06/2025"), headings=headings)
    target = found.recommendations[0].actions[0].target
    assert (target.text, target.until) == ("June 2024 (revised: March 2025)", date(2025, 3, 31))
    assert [(cell.column, cell.value) for cell in found.refused] == [("Revised target date", "31/06/2025")]


def test_a_table_without_headings_is_refused_whole():
    found = read(("a", "b", "c"), headings=("x", "y", "z"))
    assert [cell.why for cell in found.refused] == ["No sheet has the headings of an action plan"]
    found = read(("Train", "Police", "June 2024"), headings=("Recommendation", "Lead agency", "Target date"))
    assert [(cell.column, cell.why) for cell in found.refused] == [("Action to take", "This column is missing")]
    assert not columns_in(("Recommendation", "", ""))


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("12 November 2013. Policy in use.", ("12 November 2013", date(2013, 11, 12), "Policy in use.")),
        ("Completed March 2014 – 120 trained", ("Completed March 2014", date(2014, 3, 31), "120 trained")),
        ("Complete", ("Complete", None, "")),
        ("Completed; see the report of 2 May 2014", ("Completed", None, "see the report of 2 May 2014")),
        ("Not yet complete", ("", None, "Not yet complete")),
        ("Training goes on since May 2014", ("", None, "Training goes on since May 2014")),
        ("March 2030 expected", ("", None, "March 2030 expected")),
        ("Done 31/06/2024", ("Done", None, "31/06/2024")),
        ("Partially complete", ("", None, "Partially complete")),
        ("\n2014 figures are better", ("", None, "2014 figures are better")),
        ("", ("", None, "")),
    ],
)
def test_completion_and_outcome_share_a_cell(cell, parts):
    assert split_completion(cell, TODAY) == parts
    words, _, outcome = parts
    assert split_completion(joined_completion(words, outcome, TODAY), TODAY) == parts


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("1. Train", ("1", "Train")),
        ("R10: Train", ("R10", "Train")),
        ("Recommendation 5.1 Train", ("5.1", "Train")),
        ("10(a) - Train", ("10(a)", "Train")),
        ("Rec. 3\nTrain", ("3", "Train")),
        ("Priority 2\nTrain", ("Priority 2", "Train")),
        ("Recommendation No. 6 Train", ("6", "Train")),
        ("7.1 Train", ("7.1", "Train")),
        ("R2 Train", ("R2", "Train")),
        ("(10) Train", ("10", "Train")),
        ("R10", ("R10", "R10")),
        ("10(a)", ("10(a)", "10(a)")),
        ("Recommendation 2:", ("2", "Recommendation 2:")),
        ("2024", ("", "2024")),
        ("10(a) Train", ("10(a)", "Train")),
        ("1a Train", ("1a", "Train")),
        ("R1.2b Train", ("R1.2b", "Train")),
        ("Recommendations 3 & 4 are one", ("", "Recommendations 3 & 4 are one")),
        ("Recommendation for 3 agencies", ("", "Recommendation for 3 agencies")),
        ("12 weeks of notice should be given", ("", "12 weeks of notice should be given")),
        ("2.5 million should be found", ("", "2.5 million should be found")),
        ("Train 3. people", ("", "Train 3. people")),
    ],
)
def test_a_recommendation_begins_with_its_number(cell, parts):
    assert split_number(cell) == parts
    assert split_number(joined_number(*parts)) == parts


def test_a_number_of_its_own_column_is_plain_and_one_recommendation_written_twice_is_one():
    headings = ("No", "Recommendation", "Action", "Target date")
    found = read(
        ("1.", "Train", "A", ""), ("Rec 1", "Train", "B", ""), ("No. 2)", "Tell", "C", ""), ("10 (a).", "Ask", "D", ""),
        ("NEW", "Look", "\x07", ""), ("NEW", "Look", "E", ""), ("NEW", "Look", "\x07", ""), ("", "", "F", ""),
        ("Total", "4", "", ""), headings=headings,
    )  # fmt: skip
    assert [(line.number, line.text, [each.text for each in line.actions]) for line in found.recommendations] == [
        ("1", "Train", ["A", "B"]), ("2", "Tell", ["C"]), ("10 (a)", "Ask", ["D"]), ("NEW", "Look", ["E", "F"]),
    ]  # fmt: skip
    assert [cell.row for cell in found.refused] == [6, 8]
    assert found.left_out == ["Plan row 10: “4”, which is no recommendation"]


@given(st.text("1R.a( )\n-2024May", max_size=20))
def test_what_is_joined_splits_into_the_same(text):
    kept = text.strip()
    assert split_number(joined_number(*split_number(kept))) == split_number(kept)
    words, on, outcome = split_completion(kept, TODAY)
    assert split_completion(joined_completion(words, outcome, TODAY), TODAY) == (words, on, outcome)


def test_scopes_and_numbers():
    assert [plain_scope(words) for words in ("LOCAL", "National level", "Regionally", "County wide")] == [
        "local", "national", "regional", "County wide",
    ]  # fmt: skip
    numbers = ["R10", "10(b)", "5.10", "R2", "10(a)", "5.2"]
    assert sorted(numbers, key=natural_order) == ["5.2", "5.10", "10(a)", "10(b)", "R2", "R10"]


def test_a_target_whose_length_was_asked_keeps_it_in_a_case_file():
    target = {"text": "after publication", "from": None, "to": None, "precision": "event", "event": "published"}
    action = {"text": "A", "target": target | {"months": 6, "days": 0}}
    file = {"reference": "DHR-1", "type": "dhr", "partnership": "x",
            "recommendations": [{"text": "A", "actions": [action]}],
            "events": [{"step": "notification_received", "on": "2024-01-05"}]}  # fmt: skip
    (read_back,) = read_json(json.dumps(file))
    assert read_back.recommendations[0].actions[0].target.months == 6
    assert read_back.as_json()["recommendations"][0]["actions"][0]["target"] == action["target"]
    action["target"]["months"] = -1
    with pytest.raises(WrongFile, match="months"):
        read_json(json.dumps(file))


ADDED, DUE = date(2026, 10, 1), date(2027, 3, 31)
OPEN = Standing(Status.IN_PROGRESS, heard_on=date(2026, 11, 1))


@pytest.mark.parametrize(
    ("now", "due", "today", "rating", "reason"),
    [
        (OPEN, DUE, TODAY, "green", "On course for 31 March 2027"),
        (OPEN, date(2026, 11, 25), TODAY, "amber", "Due today, on 25 November 2026"),
        (OPEN, date(2026, 12, 23), TODAY, "amber", "Due in 28 days, on 23 December 2026"),
        (OPEN, date(2026, 12, 24), TODAY, "green", "On course for 24 December 2026"),
        (OPEN, date(2026, 11, 24), TODAY, "red", "1 day past its target of 24 November 2026, not complete"),
        (OPEN, DUE, date(2027, 2, 1), "green", "On course for 31 March 2027"),
        (OPEN, DUE, date(2027, 2, 2), "amber", "No update since 1 November 2026"),
        (Standing(Status.NOT_STARTED), DUE, date(2027, 1, 2), "amber", "No update since 1 October 2026"),
        (Standing(Status.IN_PROGRESS, slips=2, heard_on=TODAY), DUE, TODAY, "amber", "Its target has moved twice"),
        (Standing(Status.CLAIMED, claimed_on=DUE, heard_on=DUE), DUE, date(2027, 4, 2), "green",
         "Claimed complete, waiting to be verified"),
        (Standing(Status.CLAIMED, claimed_on=date(2027, 4, 1)), DUE, date(2027, 4, 2), "red",
         "2 days past its target of 31 March 2027, claimed complete but not verified"),
        (Standing(Status.VERIFIED, verified_on=TODAY), DUE, date(2030, 1, 1), "blue",
         "Verified complete on 25 November 2026"),
        (Standing(Status.STOPPED), DUE, date(2030, 1, 1), None, "Stopped"),
    ],
)  # fmt: skip
def test_a_rating_is_computed_and_gives_its_reason(now, due, today, rating, reason):
    rated = rate(now, due, ADDED, today)
    assert (rated.rating, rated.reason) == (rating, reason)


def test_what_cannot_happen_is_a_fault():
    with pytest.raises(ValueError, match="cannot be verified"):
        standing(Status.NOT_STARTED, None, [Happened(Happening.VERIFIED, TODAY)])
