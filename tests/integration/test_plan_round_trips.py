"""An action plan goes in, out and in again, and is the same: whatever its cells hold, as a workbook and as CSV."""

from collections.abc import Sequence
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.exports.plans import SHEET, rows_of
from tracker.exports.registers import Register, as_csv, as_xlsx
from tracker.procedures.plan_columns import HEADINGS, OURS
from tracker.procedures.plan_file import RecommendationLine
from tracker.procedures.plan_read import Answers, Row
from tracker.procedures.plan_rows import read_rows
from tracker.services import plan_sheets

TODAY = date(2026, 11, 25)
COLUMNS = (*HEADINGS.values(), *OURS.values())
ANSWERS = Answers("calendar", {"june": "June 2027", "tbc or may": "by May 2027"}, date(2027, 3, 31))
WORDS = st.one_of(
    st.text("=+-@'\"\n;,\t a1.()R–ŵ|<&", max_size=12),
    st.lists(
        st.sampled_from(["Train", "staff", "R2.", "10(a)", "Recommendation 3:", "5.1", "2024", "12 weeks", "- a\n- b",
                         "Theme 1", "May", "complete", "Action", "Target date"]), max_size=4,
    ).map(" ".join),
)  # fmt: skip
TARGETS = st.sampled_from(
    ["", "June 2027", "by December 2013", "Q3 2023 -24", "Q2 2027", "3 monthly and 6 monthly", "before publication",
     "within 6 months of publication", "Ongoing", "Autumn 2024", "27th March 2014 awaiting-review", "01/02/24", "june",
     "Jan - March 2024", "2024/25", "w/c 3 June 2024", "Completed Jan 2014", "TBC or May", "=1+1", "45473", "N/A",
     "quarterly from April 2024", "after publication", "by Christmas 2024"],
)  # fmt: skip
DONE = st.sampled_from(
    ["", "Completed Jan 2014 - see minutes", "May 2024\n2014 figures", "Not yet started", "Complete", "Yes",
     "12/05/2014", "Q2 2024", "November 2026", "March 2030", "-"],
)  # fmt: skip
NUMBERS = st.sampled_from(["", "", "1.", "NEW", "R10", "10 (a)", "Recommendation Four", "(i)", "001", "5/6"])
STATUSES = st.sampled_from(["", "Complete", "In progress", "Superseded", "Stopped", "Overdue", "Verified complete"])
ROWS = st.lists(
    st.tuples(WORDS, st.sampled_from(["", "Local", "County wide"]), WORDS, WORDS, WORDS, TARGETS, DONE | WORDS, WORDS,
              st.just(""), STATUSES, st.just(""), NUMBERS), max_size=6,
)  # fmt: skip


def read(rows: Sequence[Row], answers: Answers = ANSWERS) -> list[RecommendationLine]:
    return read_rows(rows, TODAY, answers).recommendations


def out(lines: Sequence[RecommendationLine]) -> Register:
    return Register(SHEET, [("Plan", "Title"), ("As at", "today")], COLUMNS, list(rows_of(lines, TODAY)))


@settings(max_examples=120)
@given(ROWS)
def test_a_plan_that_came_in_goes_out_and_comes_in_the_same(rows: list[tuple[str, ...]]) -> None:
    table = [Row("Plan", number, tuple(cells)) for number, cells in enumerate([COLUMNS, *rows], start=1)]
    first = read(table)
    for content, name in ((as_xlsx(out(first)), "plan.xlsx"), (as_csv(out(first)), "plan.csv")):
        again = read_rows(plan_sheets.rows_of(content, name), TODAY, Answers())
        assert again.is_complete
        assert again.recommendations == first
