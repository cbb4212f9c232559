"""The scorecard of actions as one sheet of A4, to be printed for a board. Its page is the accessible record."""

from collections.abc import Sequence

from tracker.exports import typeface
from tracker.exports.sheets import LEFT, RIGHT, Sheets
from tracker.exports.tables import Table, columns
from tracker.exports.typeface import Shown
from tracker.exports.typesetting import LATE, QUIET, Setter, Style
from tracker.procedures.calendars import spelled
from tracker.queries.history_parts import MARKING
from tracker.queries.monitoring import Tally
from tracker.queries.scorecards import Scorecard, folded

MEASURES = ("Not yet verified", "Late", "Blocked", "To be verified", "Verified")
WIDTHS = (46, 16, 11, 12, 16, 12)  # shares of the sheet
LONGEST_NAME = 80  # characters
FITS = (28, 20, 14, 10, 7, 4)  # rows of a table, the rest added up, until all is on one sheet


def scorecard_pdf(scorecard: Scorecard, whose: str, by: str, *, invariant: bool = False) -> bytes:
    """One sheet. *whose*: the partnership's name. *invariant*: the same scorecard makes the same bytes."""
    for most in FITS:
        sheets = drawn(scorecard, whose, most, invariant)
        if len(sheets.sheets) == 1:
            break

    def furnish(number: int, total: int) -> None:
        quiet = Style(typeface.regular(), 8, 10.5, QUIET)
        sheets.text(LEFT, 34.0, f"{MARKING}. Made by {by}", quiet)
        if total > 1:
            sheets.text_to_right(34.0, f"Page {number} of {total}", quiet)

    return sheets.finished(furnish)


def drawn(scorecard: Scorecard, whose: str, most: int, invariant: bool) -> Sheets:
    """The scorecard with at most so many rows a table."""
    shown, setter = Shown(), Setter()
    plain, bold = Style(typeface.regular(), 9, 12), Style(typeface.bold(), 9, 12)
    quiet, large = Style(typeface.regular(), 9, 12, QUIET), Style(typeface.bold(), 20, 26)
    late, heading = Style(typeface.bold(), 9, 12, LATE), Style(typeface.bold(), 13, 18)
    sheets = Sheets("Scorecard of actions", shown(whose), "Scorecard", invariant=invariant)

    def lines(text: str, style: Style) -> None:
        sheets.block(setter.lines([(shown(text), style)], RIGHT - LEFT))

    def table(words: str, first: str, tallies: Sequence[Tally]) -> None:
        sheets.skip(10)
        lines(words, heading)
        made = Table(sheets, setter, columns(*zip((first, *MEASURES), WIDTHS, strict=True)), bold, quiet)
        for each in folded(tallies, most):
            numbers = (each.live, each.late, each.blocked, each.to_verify, each.verified)
            styles = (plain, late if each.late else plain, plain, plain, plain)
            name = each.name[:LONGEST_NAME] or "Not named"
            made.row([(shown(name), plain)], *([(str(n), style)] for n, style in zip(numbers, styles, strict=True)))

    counts = scorecard.counts
    lines("Scorecard of actions", large)
    lines(f"{whose}, as at {spelled(scorecard.on)}", quiet)
    sheets.skip(8)
    said = f"{counts['late']} late, {counts['blocked']} blocked, {counts['to_verify']} claimed and to be verified"
    lines(f"{counts['live']} actions not yet verified: {said}.", plain)
    if scorecard.agencies:
        table("By lead agency", "Agency", scorecard.agencies)
    if scorecard.themes:
        table("By theme of the finding", "Theme", scorecard.themes)
        lines("An action of a finding with two themes counts under both.", quiet)
    returned = sorted(scorecard.returns.items(), key=lambda each: (-each[1], each[0]))[:most]
    for theme, plans in returned:
        later = "1 later plan" if plans == 1 else f"{plans} later plans"
        lines(f"“{theme[:LONGEST_NAME]}” came back in {later} after the work on it was done.", plain)
    return sheets
