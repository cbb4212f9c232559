"""Excel workbooks as rows of text: what a reader of each sheet sees. Made for files that nobody vouches for."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import IO, Any
from xml.parsers import expat

from tracker.errors import Refused
from tracker.procedures.plan_read import Row

TOO_LARGE = "The file is too large once it is unpacked. Copy the table alone into a new workbook"
LARGEST_UNPACKED = 80_000_000  # bytes
MOST_PARTS = 2_000
MOST_COLUMNS = 60
MOST_ELEMENTS, MOST_OTHERS, DEEPEST = 2_000_000, 200_000, 64
OF_CELLS = re.compile("row|c|v|f|is|si|r|rPr|t|b|color|sz|rFont|family|scheme|charset")
MOST_MERGED = 20_000  # cells
LAST_ROW = 1_048_576  # that a sheet can have
EMPTY_ROWS = 10_000  # one after the other that are there: the sheet has ended, whatever format the rest of it has
CHUNK, LONGEST_TAG = 1_000_000, 200  # bytes
BIT, LONGEST_TOKEN = 65_536, 1_000_000  # bytes: older expats read a tag that does not end again with every bit of it
MACROS = "This workbook contains macros. Save it as an Excel workbook (.xlsx) without them"
NOT_READABLE = "This file cannot be read as a spreadsheet. Save it as an Excel workbook (.xlsx) or as CSV"
MACRO = re.compile(r"vbaproject|macrosheets", re.IGNORECASE)
MERGED = re.compile(rb'mergeCell\s[^>]*?ref="([A-Z]+)(\d+):[A-Z]+(\d+)"')
NOT_SHOWN = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.')  # of a number format: colours and languages, words, single signs
DECIMALS = re.compile(r"0\.(0+)")

FORMULA, WORDS = "f", "str"  # types of cells: a formula, and one that came to words, which may be none

Merges = Mapping[tuple[int, int], int]


def xlsx_rows(content: bytes) -> Iterator[Row]:
    """Each row that holds anything, of each sheet that is not hidden. What cells merged downwards say stands in each.

    Raises:
        Refused: it cannot be read, or is made to do harm.
    """
    import openpyxl  # noqa: PLC0415  # it takes a while to load, and few pages need it

    refuse_bomb(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        solved: Mapping[tuple[str, int], Sequence[str | None]] | None = None
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            merges, held = merged_down(content, sheet), dict[int, tuple[int, str]]()
            for place, row in filled_rows(sheet):
                cells = [shown(cell) for cell in row]
                formulas = {column for column, cell in enumerate(row) if cell.data_type == FORMULA}
                unsolved = frozenset[int]()
                if formulas:
                    solved = solved or results(content)
                    known = dict(enumerate(solved.get((sheet.title, place), ())))
                    unsolved = frozenset(column for column in formulas if known.get(column) is None)
                    for column in formulas - unsolved:
                        cells[column] = known[column] or ""
                if any(cells):
                    fill_merged(cells, place, merges, held)
                    yield Row(sheet.title, place, tuple(cells), unsolved)
    except Refused:
        raise
    except Exception:  # a damaged workbook fails in as many ways as there are damages
        raise Refused(NOT_READABLE, field="file") from None


def filled_rows(sheet: Any) -> Iterator[tuple[int, Any]]:
    """The rows of a sheet that hold anything, by their numbers."""
    sheet.reset_dimensions()  # some programs write wrong ones, and what lies beyond them would not be read
    before, empty = None, 0
    for place, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if place > LAST_ROW or empty > EMPTY_ROWS:
            return
        if row is before:  # as each row is that the file leaves out
            continue
        before, is_filled = row, any(cell.value not in (None, "") or cell.data_type == WORDS for cell in row)
        empty = 0 if is_filled else empty + 1
        if is_filled:
            yield place, row


def merged_down(content: bytes, sheet: Any) -> Merges:
    """The last row of each merged cell that spans several, by its first row and its column's place.

    A sheet that is read a row at a time tells its merged cells only after its last row.
    """
    from openpyxl.utils import column_index_from_string  # noqa: PLC0415

    found, before, count = dict[tuple[int, int], int](), b"", 0
    with zipfile.ZipFile(io.BytesIO(content)) as packed, packed.open(sheet._worksheet_path) as part:
        while chunk := part.read(CHUNK):
            merged = MERGED.findall(before + chunk)
            count += len(merged)
            for column, first, last in merged:
                if int(first) < int(last):
                    found[int(first), column_index_from_string(column.decode()) - 1] = int(last)
            if count > MOST_MERGED:
                raise Refused(TOO_LARGE, field="file")
            before = chunk[-LONGEST_TAG:]
    return found


def fill_merged(cells: list[str], place: int, merges: Merges, held: dict[int, tuple[int, str]]) -> None:
    """Writes into a row what merged cells above it say. `held`: those that go on, by column."""
    for column, (last, text) in [*held.items()]:
        if place > last:
            del held[column]
        elif column < len(cells) and not cells[column]:
            cells[column] = text
    for column, text in enumerate(cells):
        if (place, column) in merges:
            held[column] = (merges[place, column], text)


def results(content: bytes) -> Mapping[tuple[str, int], Sequence[str | None]]:
    """What the formulas came to when the workbook was last saved, by sheet and row; None where that is not known."""
    import openpyxl  # noqa: PLC0415

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    return {
        (sheet.title, place): [result(cell) for cell in row]
        for sheet in book.worksheets
        for place, row in filled_rows(sheet)
    }


def result(cell: Any) -> str | None:
    return None if cell.value is None and cell.data_type != WORDS else shown(cell)


def refuse_bomb(content: bytes) -> None:
    """Refuses what is small only while it is packed, and XML that no spreadsheet program writes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise Refused(TOO_LARGE, field="file")
            if any(MACRO.search(part.filename) for part in parts):
                raise Refused(MACROS, field="file")
            elements = Elements()
            for part in parts:  # whatever its name: a workbook says itself which of them are its sheets
                with packed.open(part) as opened, suppress(expat.ExpatError):  # whoever reads it will say so
                    elements.count_in(opened)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
        raise Refused(NOT_READABLE, field="file") from None


class Elements:
    """Counts the elements of a workbook's parts, which take far more memory than their text: styles and names most."""

    def __init__(self) -> None:
        self.count = self.others = self.depth = 0

    def count_in(self, part: IO[bytes]) -> None:
        """Raises Refused: too many, too deep, or a document that declares a type and so entities of its own."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.begin
        parser.EndElementHandler = self.end
        parser.StartDoctypeDeclHandler = self.declare
        self.depth = fed = 0
        while bit := part.read(BIT):
            fed += len(bit)
            parser.Parse(bit, False)
            if fed - parser.CurrentByteIndex > LONGEST_TOKEN:
                raise Refused(TOO_LARGE, field="file")

    def begin(self, name: str, attributes: object) -> None:
        self.count += 1
        self.others += not OF_CELLS.fullmatch(name)
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused(NOT_READABLE, field="file")
        if self.count > MOST_ELEMENTS or self.others > MOST_OTHERS:
            raise Refused(TOO_LARGE, field="file")

    def end(self, name: str) -> None:
        self.depth -= 1

    def declare(self, *declared: object) -> None:
        raise Refused(NOT_READABLE, field="file")


def shown(cell: Any) -> str:
    """A cell's value as a reader sees it: a date whose format has no day is a month."""
    value, kind = cell.value, str(getattr(cell, "number_format", "") or "")
    match value:
        case None:
            return ""
        case str():
            return value.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime() | date():
            return shown_day(value, NOT_SHOWN.sub("", kind).casefold())
        case time():
            return value.isoformat()
        case int() | float() if decimals := DECIMALS.fullmatch(kind):
            return f"{value:.{len(decimals[1])}f}"
        case float():
            return f"{value:.15g}"
    return str(value)


def shown_day(day: date, parts: str) -> str:
    """*parts*: which of day, month and year the format of the cell shows."""
    if "d" not in parts and "m" in parts and "y" in parts:
        return f"{day:%B} {day.year}"
    if "y" in parts and "d" not in parts and "m" not in parts:
        return str(day.year)
    return f"{day:%d/%m}/{day.year:04}"
