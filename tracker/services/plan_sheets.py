"""Spreadsheets as rows of text: XLSX a row at a time, CSV in whatever way it was saved. Nothing in them is run."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from tracker.errors import Refused
from tracker.procedures.plan_rows import Row

LARGEST_FILE = 10_000_000  # bytes
LARGEST_UNPACKED = 80_000_000
MOST_PARTS = 2_000
MOST_ROWS, MOST_COLUMNS = 20_000, 60
NOT_READABLE = "This file cannot be read as a spreadsheet. Save it as an Excel workbook (.xlsx) or as CSV"


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
        raise Refused("This is an old or locked Excel file. Save it as an Excel workbook (.xlsx)", field="file")
    rows = xlsx_rows(content) if content.startswith(b"PK") else csv_rows(content, name)
    for count, row in enumerate(rows):
        if count >= MOST_ROWS:
            raise Refused(f"The file has more than {MOST_ROWS:,} rows", field="file")
        yield row


def csv_rows(content: bytes, name: str) -> Iterator[Row]:
    text = decoded(content)
    if "\x00" in text:
        raise Refused(NOT_READABLE, field="file")
    first = max(text.splitlines()[:40], key=lambda line: max(map(line.count, ",;\t|")), default="")
    delimiter = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield Row(name, reader.line_num, tuple(cells[:MOST_COLUMNS]))
    except csv.Error as wrong:
        raise Refused(f"Line {reader.line_num} cannot be read: {wrong}", field="file") from None


def decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def xlsx_rows(content: bytes) -> Iterator[Row]:
    import openpyxl  # noqa: PLC0415  # it takes a while to load, and few pages need it

    refuse_bomb(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        values = None
        for sheet in book.worksheets:
            for place, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
                cells = [shown(cell) for cell in row]
                if any(getattr(cell, "data_type", "") == "f" for cell in row):
                    values = values or results(content)
                    known = values.get((sheet.title, place), ())
                    cells = [known[column] if is_formula(cell) and column < len(known) and known[column] else text
                             for column, (cell, text) in enumerate(zip(row, cells, strict=True))]  # fmt: skip
                if any(cells):
                    yield Row(sheet.title, place, tuple(cells))
    except Refused:
        raise
    except Exception:  # a damaged workbook fails in as many ways as there are damages
        raise Refused(NOT_READABLE, field="file") from None


def is_formula(cell: Any) -> bool:
    return getattr(cell, "data_type", "") == "f"


def results(content: bytes) -> dict[tuple[str, int], list[str]]:
    """What the formulas came to when the workbook was last saved, by sheet and row."""
    import openpyxl  # noqa: PLC0415

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    return {
        (sheet.title, place): [shown(cell) for cell in row]
        for sheet in book.worksheets
        for place, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1)
    }


def refuse_bomb(content: bytes) -> None:
    """Refuses what is small only while it is packed, and files that define entities of their own."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise Refused("The file is too large once it is unpacked", field="file")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with packed.open(part) as opened:
                        start = opened.read(4096)
                    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                        raise Refused(NOT_READABLE, field="file")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
        raise Refused(NOT_READABLE, field="file") from None


def shown(cell: Any) -> str:
    """A cell's value as a reader sees it: a date whose format has no day is a month."""
    value = cell.value
    match value:
        case None:
            return ""
        case str():
            return value.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime() | date():
            parts = str(cell.number_format or "").casefold()
            if "d" not in parts and "m" in parts and "y" in parts:
                return f"{value:%B} {value.year}"
            if "y" in parts and "d" not in parts and "m" not in parts:
                return str(value.year)
            return f"{value:%d/%m}/{value.year:04}"
        case time():
            return value.isoformat()
        case float() if value == int(value):
            return str(int(value))
    return str(value)
