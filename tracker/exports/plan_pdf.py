"""An action plan as a PDF: the Home Office template's table on A4. The page of the plan is the accessible record."""

from tracker.exports import typeface
from tracker.exports.plans import PlanExport, register_of
from tracker.exports.sheets import LEFT, RIGHT, TOP, Sheets
from tracker.exports.tables import Table, columns
from tracker.exports.typeface import Shown
from tracker.exports.typesetting import QUIET, Setter, Style
from tracker.procedures.plan_columns import HEADINGS

WIDTHS = (24, 7, 22, 12, 17, 9, 17)  # shares of the sheet


def plan_pdf(export: PlanExport, *, invariant: bool = False) -> bytes:
    """The template's table on A4. *invariant*: the same plan makes the same bytes."""
    shown, setter = Shown(), Setter()
    plain, bold = Style(typeface.regular(), 8, 10.5), Style(typeface.bold(), 8, 10.5)
    quiet, large = Style(typeface.regular(), 8, 10.5, QUIET), Style(typeface.bold(), 18, 24)
    sheets = Sheets(shown(export.title), shown(export.plan.partnership.name), "Action plan", invariant=invariant)
    sheets.block(setter.lines([(shown(export.title), large)], RIGHT - LEFT))
    for term, words in export.notes[1:]:
        sheets.block(setter.lines([(f"{term}: {shown(words)}", quiet)], RIGHT - LEFT))
    sheets.skip(8)
    table = Table(sheets, setter, columns(*zip(HEADINGS.values(), WIDTHS, strict=True)), bold, quiet)
    for row in register_of(export).rows:
        table.row(*([(shown(str(cell).strip()), plain)] for cell in row[: len(HEADINGS)]))

    def furnish(number: int, total: int) -> None:
        sheets.text(LEFT, TOP + 24, shown(export.title), quiet)
        sheets.text_to_right(34.0, f"Page {number} of {total}", plain)

    return sheets.finished(furnish)
