"""Figures in words, in tables, and with small numbers held back."""

import csv
import io
from itertools import count as numbers

from tests.unit.figuring import asb, dhr, figured
from tracker.procedures.figures_printed import (
    as_csv,
    as_text,
    reconciliation,
    reconciliation_heading,
    rows,
    small_numbers,
)

NUMBERS = numbers(1)
RECEIVED, EARLIER = ("2024-05-01", "application_received"), ("2024-03-10", "application_received")
NOT_MET, MET = ("2024-05-20", "threshold_not_met"), ("2024-05-20", "threshold_met")
PANEL = ("2024-06-17", "panel_held", {"victim": "attended"})


def named(count, *events, **more):
    return [asb(*events, reference=f"ASB-{next(NUMBERS)}", **more) for _ in range(count)]


def test_why_the_sum_does_not_hold():
    """Pitfall: "(a) = (b) + (c) often fails and is never forced, a reconciliation line explains it"."""
    cases = [
        *named(1, EARLIER, NOT_MET),
        *named(1, EARLIER, MET, PANEL),
        *named(7, RECEIVED, NOT_MET),
        *named(7, RECEIVED, MET, PANEL),
        *named(2, RECEIVED, MET, ("2025-05-06", "panel_held")),
        *named(3, RECEIVED, ("2024-05-03", "withdrawn")),
        *named(1, RECEIVED, ("2024-05-03", "application_invalid")),
        *named(1, RECEIVED, ("2024-05-03", "closed")),
        *named(2, RECEIVED),
    ]
    found = figured(*cases)
    assert reconciliation_heading(found) == "Why 23 is not 8 and 8 together"
    assert reconciliation(found) == (
        "1 of the 8 decisions “not met” and 1 of the 8 reviews came from applications received before 1 April 2024.",
        "Of the 23 received, 9 are reviewed (2 of them after 31 March 2025), 7 are not met, 3 are withdrawn, "
        "1 is not valid, 1 is resolved without a review and 2 are still open.",
    )


def test_what_counts_in_both():
    found = figured(asb(RECEIVED, NOT_MET, PANEL))
    assert reconciliation(found)[0] == "1 application is counted in both: not met, and reviewed nevertheless."


def test_nothing_to_explain():
    assert reconciliation(figured(dhr(("2024-05-01", "notification_received")))) == ()


def test_small_numbers_are_pointed_out():
    """Pitfall: "small numbers with a place and theme can identify people (warn ...)"."""
    few = figured(*named(4, RECEIVED, themes=("noise",)), *named(5, RECEIVED, NOT_MET, themes=("youth",)))
    (warning,) = small_numbers(few)
    assert warning.startswith("Themes of the behaviour: fewer than 5 for noise. So few, with the place,")
    assert small_numbers(figured(*named(5, RECEIVED, themes=("noise",)))) == ()


def test_small_numbers_can_be_held_back():
    """Pitfall: "suppression below 5 is an option on export"."""
    found = figured(*named(4, RECEIVED, themes=("noise",)), *named(5, RECEIVED, NOT_MET, themes=("youth",)))
    shown = {(row.key, row.part): row.number for row in rows(found, suppress=True)}
    assert shown["A8", "Noise"] == "fewer than 5"
    assert (shown["A8", "Youth"], shown["A8", ""]) == ("withheld with it", "9")  # else 9 less 5 would give it away
    assert shown["A1", ""] == "9"
    assert shown["A8", "Vehicles"] == "0"
    small = {row.number for row in rows(found, suppress=True)} & {"1", "2", "3", "4"}
    assert small == set()


def test_a_table_for_a_spreadsheet():
    table = list(csv.reader(io.StringIO(as_csv(figured(asb(RECEIVED, NOT_MET))))))
    assert table[0] == ["Figure", "Name", "Basis", "Part", "Number", "From", "To", "Data as at", "Partnership"]
    ended = next(row for row in table if row[0] == "A5" and row[3] == "Threshold not met")
    assert ended[4:] == ["1", "2024-04-01", "2025-03-31", "2026-11-01", "shropshire"]
    assert {len(row) for row in table} == {9}


def test_cells_are_inert():
    found = figured(asb(RECEIVED, themes=('=HYPERLINK("http://example.org")', "+1", "-1", "@x")))
    parts = [row[3] for row in csv.reader(io.StringIO(as_csv(found))) if row[0] == "A8"]
    assert {'\'=HYPERLINK("http://example.org")', "'+1", "'-1", "'@x"} <= set(parts)


def test_a_page_for_a_terminal():
    text = as_text(figured(asb(RECEIVED, NOT_MET, themes=("noise",))))
    assert text.startswith("Figures for 1 April 2024 to 31 March 2025, shropshire\nData as at 1 November 2026\n")
    assert (
        "\nA5      1  Applications received that did not progress to review [cohort]\n        1    Threshold not met\n"
        in text
    )
    assert "        0    Withdrawn\n" in text
    assert "Themes of the behaviour: fewer than 5 for noise." in text
