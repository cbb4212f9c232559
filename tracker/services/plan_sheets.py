"""Spreadsheets as rows of text: XLSX a row at a time, CSV in whatever way it was saved. Nothing in them is run."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from tracker.errors import Refused
from tracker.exports.registers import ESCAPED
from tracker.procedures.plan_columns import columns_in
from tracker.procedures.plan_read import Row
from tracker.services.workbooks import MOST_COLUMNS, NOT_READABLE, xlsx_rows

LARGEST_FILE = 10_000_000  # bytes
MOST_ROWS = 20_000
MARKS = ",;\t|"
TRIED = 40  # rows in which the headings are looked for
OTHER_KINDS = re.compile(rb"\s*(?:<[!?a-z]|%PDF|\{\\rtf)", re.IGNORECASE)  # pages that are called .xls among them
SEPARATOR_LINE = re.compile(r"sep=(?P<mark>.)\r?\n?")


def rows_of(content: bytes, name: str) -> Iterator[Row]:
    """Each row of each sheet, its cells as a reader sees them.

    Raises:
        Refused: too large, not a spreadsheet, or one that is made to do harm.
    """
    if len(content) > LARGEST_FILE:
        raise Refused(f"The file must be {LARGEST_FILE // 1_000_000} MB or smaller", field="file")
    if not content.strip():
        raise Refused("The file is empty", field="file")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        why = "This file has a password, or is of an old kind of Excel. Save it without, as an Excel workbook (.xlsx)"
        raise Refused(why, field="file")
    if OTHER_KINDS.match(content):
        raise Refused(NOT_READABLE, field="file")
    rows = xlsx_rows(content) if content.startswith(b"PK") else csv_rows(content, name)
    for count, row in enumerate(rows):
        if count >= MOST_ROWS:
            raise Refused(f"The file has more than {MOST_ROWS:,} rows", field="file")
        yield row


def csv_rows(content: bytes, name: str) -> Iterator[Row]:
    """The rows as a spreadsheet counts them: one that goes over several lines is one, and so is an empty one."""
    text = decoded(content)
    if "\x00" in text:
        raise Refused(NOT_READABLE, field="file")
    told = SEPARATOR_LINE.match(text)
    if told:
        text = text[told.end() :]
    mark = told["mark"] if told else max(MARKS, key=lambda mark: separates(text, mark))
    try:
        for number, cells in enumerate(records(text, mark), start=1):
            yield Row(name, number, tuple(plain(cell) for cell in cells[:MOST_COLUMNS]))
    except csv.Error as wrong:
        raise Refused(f"The file cannot be read: {wrong}", field="file") from None


def records(text: str, mark: str) -> Iterator[Sequence[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=mark)


def separates(text: str, mark: str) -> tuple[int, int]:
    """How many columns of a plan a mark makes of one of the first rows, and how many columns at all."""
    try:
        tried = [cells[:MOST_COLUMNS] for cells in islice(records(text, mark), TRIED)]
    except csv.Error:
        return 0, 0
    return max((len(columns_in(cells)) for cells in tried), default=0), max(map(len, tried), default=0)


def plain(cell: str) -> str:
    """A cell without the apostrophe that keeps what could be a formula from being one."""
    return (cell[1:] if ESCAPED.match(cell) else cell).replace("\r\n", "\n").replace("\r", "\n")


def decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if len(content) % 2 == 0 and content[1:400:2].count(0) > len(content[1:400:2]) // 2:
        return content.decode("utf-16-le", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
