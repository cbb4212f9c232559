"""A list of records as a spreadsheet or as CSV. Every text in it is inert: no program may take it for a formula."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import Any

Value = str | int | date | None

# What a spreadsheet may take for the beginning of a formula, also after blanks, and in the wide forms of East Asia.
FORMULA = re.compile("[\\s\ufeff\u200b]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\\s\ufeff\u200b]*[\t\r]")
ESCAPED = re.compile(f"'(?='*(?:{FORMULA.pattern}))")  # as `inert` writes it
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML holds none of these
LONGEST_CELL = 32_767  # characters, as spreadsheets count them
WIDEST, NARROWEST = 40, 12  # columns, in characters
MEASURED = 200  # rows by which a column's width is chosen


@dataclass(frozen=True, slots=True)
class Register:
    """What is given out. `notes`: terms and words that say what it is, who made it, when and of which day."""

    title: str
    notes: Sequence[tuple[str, str]]
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


def as_csv(register: Register) -> bytes:
    """The notes, an empty line, the columns, the rows. The mark at its beginning tells spreadsheets it is UTF-8."""
    text = StringIO()
    writer = csv.writer(text)
    for row in (*register.notes, (), register.columns, *register.rows):
        writer.writerow([inert(value) for value in row])
    return ("\ufeff" + text.getvalue()).encode()


def inert(value: Value) -> str:
    """A value as CSV holds it: what could begin a formula stands behind an apostrophe."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    text = fit(value)
    return f"'{text}" if FORMULA.match(text.lstrip("'")) else text


def fit(text: str) -> str:
    """*text* less what a file cannot hold."""
    return UNFIT.sub("", text)[:LONGEST_CELL]


def as_xlsx(register: Register) -> bytes:
    """The same as one sheet: dates as dates, numbers as numbers, and every text typed as text."""
    # openpyxl is slow to load: whoever wants no spreadsheet does not wait for it.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet(register.title)
    bold = Font(bold=True)

    def typed(value: Value, *, heading: bool = False) -> Any:
        cell: Any = WriteOnlyCell(sheet)
        cell.value = fit(value) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"  # openpyxl has made a formula of what begins with "="
        elif isinstance(value, date):
            cell.number_format = "d mmm yyyy"
        if heading:
            cell.font = bold
        return cell

    for place, width in enumerate(widths(register), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = f"B{len(register.notes) + 3}"
    for term, words in register.notes:
        sheet.append([typed(term, heading=True), typed(words)])
    sheet.append([])
    sheet.append([typed(column, heading=True) for column in register.columns])
    for row in register.rows:
        sheet.append([typed(value) for value in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def widths(register: Register) -> list[int]:
    """How wide each column is, by its heading and its first rows."""
    shown = [register.columns, *register.rows[:MEASURED]]
    longest = [max(len(str(row[place] or "")) for row in shown) for place in range(len(register.columns))]
    return [min(max(length + 2, NARROWEST), WIDEST) for length in longest]
