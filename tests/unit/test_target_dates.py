"""Dates as real plans write them: what each means, what is asked, what is refused, and that nothing is guessed."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.procedures.date_spans import WHICH_DAY, WHICH_FINANCIAL_YEAR, WHICH_WINTER, WHICH_YEAR, YEAR_OR_MONTH
from tracker.procedures.target_dates import (
    COUNTED_FROM,
    HOW_LONG_AFTER,
    REVIEW_BY,
    WHICH_DATE,
    WHICH_QUARTERS,
    Asked,
    Impossible,
    Target,
    read_target,
)
from tracker.procedures.target_words import target_from_words, target_in_words

READ = (
    ("June 2023", "2023-06-01", "2023-06-30", "month"),
    ("by December 2013", None, "2013-12-31", "month"),
    ("By end of December 2013", None, "2013-12-31", "month"),
    ("end of March 2024", None, "2024-03-31", "month"),
    ("End March 2024", None, "2024-03-31", "month"),
    ("Mar-24", "2024-03-01", "2024-03-31", "month"),
    ("Sept ’24", "2024-09-01", "2024-09-30", "month"),
    ("Dec 23", "2023-12-01", "2023-12-31", "month"),
    ("06/2024", "2024-06-01", "2024-06-30", "month"),
    ("06/24", "2024-06-01", "2024-06-30", "month"),
    ("2024-06", "2024-06-01", "2024-06-30", "month"),
    ("FEBRUARY 2024.", "2024-02-01", "2024-02-29", "month"),
    ("before June 2024", None, "2024-05-31", "month"),
    ("Completed March 2014", "2014-03-01", "2014-03-31", "month"),
    ("27th March 2014 awaiting-review", "2014-03-27", "2014-03-27", "day"),
    ("01/02/24", "2024-02-01", "2024-02-01", "day"),
    ("31.03.2024", "2024-03-31", "2024-03-31", "day"),
    ("1-4-2024", "2024-04-01", "2024-04-01", "day"),
    ("30th Sept 2023", "2023-09-30", "2023-09-30", "day"),
    ("30 June, 2024", "2024-06-30", "2024-06-30", "day"),
    ("June 3rd, 2024", "2024-06-03", "2024-06-03", "day"),
    ("Friday 7th of June 2024", "2024-06-07", "2024-06-07", "day"),
    ("7-Jun-24", "2024-06-07", "2024-06-07", "day"),
    ("2024-06-30", "2024-06-30", "2024-06-30", "day"),
    ("2024-06-30 00:00:00", "2024-06-30", "2024-06-30", "day"),
    ("by 1 April 2024", None, "2024-04-01", "day"),
    ("complete - 3/4/2023", "2023-04-03", "2023-04-03", "day"),
    ("29 February 2024", "2024-02-29", "2024-02-29", "day"),
    ("45473", "2024-06-30", "2024-06-30", "day"),
    ("Q3 2023 -24", "2023-10-01", "2023-12-31", "quarter"),
    ("Q4 2023/24", "2024-01-01", "2024-03-31", "quarter"),
    ("2023-24 Q1", "2023-04-01", "2023-06-30", "quarter"),
    ("Quarter 2 of 2024/2025", "2024-07-01", "2024-09-30", "quarter"),
    ("Q1-Q2 24/25", "2024-04-01", "2024-09-30", "quarter"),
    ("by Q2 2024 (calendar)", None, "2024-06-30", "quarter"),
    ("first quarter of financial year 2024/25", "2024-04-01", "2024-06-30", "quarter"),
    ("Autumn 2024", "2024-09-01", "2024-11-30", "season"),
    ("Spring/Summer 2024", "2024-03-01", "2024-08-31", "season"),
    ("Winter 2023/24", "2023-12-01", "2024-02-29", "season"),
    ("2024", "2024-01-01", "2024-12-31", "year"),
    ("end of 2024", None, "2024-12-31", "year"),
    ("2024/25", "2024-04-01", "2025-03-31", "year"),
    ("Financial year 2023-24", "2023-04-01", "2024-03-31", "year"),
    ("23/24", "2023-04-01", "2024-03-31", "year"),
    ("w/c 3 June 2024", "2024-06-03", "2024-06-09", "range"),
    ("week ending 7 June 2024", "2024-06-01", "2024-06-07", "range"),
    ("May – July 2024", "2024-05-01", "2024-07-31", "range"),
    ("November - January 2024", "2023-11-01", "2024-01-31", "range"),
    ("1 April 2024 to 30 June 2024", "2024-04-01", "2024-06-30", "range"),
    ("3rd-7th June 2024", "2024-06-03", "2024-06-07", "range"),
    ("between March 2024 and May 2024", "2024-03-01", "2024-05-31", "range"),
    ("2023-2026", "2023-01-01", "2026-12-31", "range"),
    ("01/04/24-31/03/25", "2024-04-01", "2025-03-31", "range"),
    ("1 Apr 24 - 31 Mar 25", "2024-04-01", "2025-03-31", "range"),
    ("From Jan 24 to Mar 24", "2024-01-01", "2024-03-31", "range"),
    ("December 2023/January 2024", "2023-12-01", "2024-01-31", "range"),
    ("January/February 2024", "2024-01-01", "2024-02-29", "range"),
    ("end of June/July 2024", None, "2024-07-31", "range"),
    ("1-5 May 2024", "2024-05-01", "2024-05-05", "range"),
    ("Last week of June 2024", "2024-06-01", "2024-06-30", "month"),
    ("31MARCH2024", "2024-03-31", "2024-03-31", "day"),
    ("by Christmas 2024", None, "2024-12-25", "day"),
    ("31 Mawrth 2024", "2024-03-31", "2024-03-31", "day"),
    ("erbyn diwedd Tachwedd 2024", None, "2024-11-30", "month"),
    ("Completed Jan 2014 - see minutes", "2014-01-01", "2014-01-31", "month"),
    ("23-24", "2023-04-01", "2024-03-31", "year"),
    ("late 2024", "2024-01-01", "2024-12-31", "year"),
    ("Annual review", None, None, "recurring"),
    ("3/6 monthly", None, None, "recurring"),
    ("3 monthly and 6 monthly", None, None, "recurring"),
    ("Quarterly", None, None, "recurring"),
    ("Annually until March 2026", None, "2026-03-31", "recurring"),
    ("N/A", None, None, "none"),
    ("", None, None, "none"),
    ("Completed", None, None, "none"),
)
WAITING = (
    ("before publication", "published", 0, 0),
    ("within 6 months of publication", "published", 6, 0),
    ("Within six weeks of the report being published", "published", 0, 42),
    ("1 year after publication", "published", 12, 0),
    ("3 months post sign-off", "partnership_signed_off", 3, 0),
    ("prior to submission to the Home Office", "submitted_to_qa", 0, 0),
)
ASKED = (
    ("Q2 2024", WHICH_QUARTERS),
    ("2024 Q2", WHICH_QUARTERS),
    ("by the second quarter of 2024", WHICH_QUARTERS),
    ("Q3", WHICH_YEAR),
    ("June", WHICH_YEAR),
    ("June 31", WHICH_YEAR),
    ("3/6", WHICH_YEAR),
    ("end of year", WHICH_YEAR),
    ("Q3 FY24", WHICH_FINANCIAL_YEAR),
    ("end Q2 FY24", WHICH_FINANCIAL_YEAR),
    ("first quarter of financial year 2024", WHICH_FINANCIAL_YEAR),
    ("Easter 2024", WHICH_DAY),
    ("early 2024", WHICH_DAY),
    ("6 months from 1 April 2024", WHICH_DAY),
    ("Academic year 2024/25", WHICH_DAY),
    ("Within 3 months", COUNTED_FROM),
    ("12/18 months", COUNTED_FROM),
    ("April 2024 onwards", REVIEW_BY),
    ("with immediate effect", REVIEW_BY),
    ("next board meeting", REVIEW_BY),
    ("?", REVIEW_BY),
    ("31 March", WHICH_YEAR),
    ("Dec 5", WHICH_YEAR),
    ("May 12", WHICH_YEAR),
    ("06/07", WHICH_YEAR),
    ("Spring", WHICH_YEAR),
    ("Winter 2024", WHICH_WINTER),
    ("2011-12", YEAR_OR_MONTH),
    ("FY24", WHICH_FINANCIAL_YEAR),
    ("Ongoing", REVIEW_BY),
    ("TBC", REVIEW_BY),
    ("Immediate", REVIEW_BY),
    ("ASAP", REVIEW_BY),
    ("From April 2024", REVIEW_BY),
    ("when resources allow", REVIEW_BY),
    ("after publication", HOW_LONG_AFTER),
    ("June 2023 revised to March 2024", WHICH_DATE),
    ("March 2024, September 2024", WHICH_DATE),
    ("March, June and September 2024", WHICH_DATE),
    ("Q3 (Oct-Dec 2024)", WHICH_DATE),
)
REFUSED = (
    ("31/06/2024", "June has 30 days"),
    ("29/02/2023", "February 2023 has 28 days"),
    ("30 February 2024", "February 2024 has 29 days"),
    ("31st September 2024", "September has 30 days"),
    ("06/30/2024", "There is no month 30"),
    ("0/1/2024", "January has 31 days"),
    ("1 June 2024 to 1 May 2024", "The range ends before it begins"),
    ("2024-13-01", "There is no month 13"),
    ("01/13/2024", "There is no month 13"),
    ("31st June 2024", "June has 30 days"),
    ("01/04/2024 to 31/06/2024", "June has 30 days"),
    ("Q5 2024", "There is no quarter 5"),
    ("31/03/85", "“85” is not a year of a plan"),
)


@pytest.mark.parametrize(("text", "since", "until", "precision"), READ, ids=[row[0] for row in READ])
def test_a_date_is_read_as_the_days_it_spans(text, since, until, precision):
    found = read_target(f"  {text}\n")
    assert isinstance(found, Target), found
    days = tuple(day and day.isoformat() for day in (found.since, found.until))
    assert (found.text, *days, found.precision) == (text, since, until, precision)


@pytest.mark.parametrize(("text", "event", "months", "days"), WAITING)
def test_a_relative_date_waits_on_its_event(text, event, months, days):
    assert read_target(text) == Target(text, precision="event", event=event, months=months, days=days)


@pytest.mark.parametrize(("text", "ask"), ASKED)
def test_what_is_not_known_is_asked(text, ask):
    assert read_target(text) == Asked(text, ask)


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_a_date_that_no_calendar_has_is_refused_with_a_mend(text, why):
    found = read_target(text)
    assert isinstance(found, Impossible), found
    assert found.why == why
    assert found.mend


def test_an_answer_counts_for_the_text_it_was_asked_of_and_the_text_is_kept():
    assert read_target("Q2 2024", quarters="financial") == Target(
        "Q2 2024", date(2024, 7, 1), date(2024, 9, 30), "quarter"
    )
    assert read_target("Q2 2024", quarters="calendar").until == date(2024, 6, 30)
    answers = {"ongoing": "31 March 2027", "june": "June 2026", "tbc": "soon"}
    ongoing = read_target("Ongoing", answers=answers)
    assert (ongoing.text, ongoing.precision, ongoing.review_by) == ("Ongoing", "review_by", date(2027, 3, 31))
    assert read_target("June", answers=answers).until == date(2026, 6, 30)
    assert read_target("TBC", answers=answers) == Asked("TBC", REVIEW_BY)
    reviewed = read_target("Ongoing - review March 2025")
    assert (reviewed.precision, reviewed.review_by) == ("review_by", date(2025, 3, 31))


FACTS = st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2100, 12, 31)))


@given(FACTS, FACTS, st.sampled_from(["day", "month", "season", "recurring", "range", "none"]), st.integers(0, 40))
def test_a_target_in_words_reads_back_the_same(since, until, precision, months):
    if since and until and until < since:
        since, until = until, since
    for target in (
        Target("", since, until, precision),
        Target("", precision="review_by", review_by=until),
        Target("", precision="event", event="published", months=months, days=40 - months),
    ):
        assert target_from_words(target_in_words(target)) == target
    assert target_from_words("June 2024, perhaps") is None


WORDS = st.sampled_from(
    [row[0] for row in (*READ, *WAITING, *ASKED, *REFUSED)]
    + ["to", "by", "-", "/", "and", "from", "31", "2024", "Q1", "24", "of", "before", "\n", "٣", "\x00", "(", "’"]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=5).map(" ".join)))
def test_no_text_raises_and_no_year_is_made_up(text):
    found = read_target(text)
    if isinstance(found, Target):
        written = {int(figures) % 100 for figures in re.findall(r"(?=(\d\d))", text)}
        near = written | {year - 1 for year in written} | {year + 1 for year in written}
        for day in (found.since, found.until, found.review_by):
            assert day is None or day.year % 100 in {year % 100 for year in near} or re.search(r"\d{5}", text)
        assert not (found.since and found.until) or found.since <= found.until
