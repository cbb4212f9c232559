"""Where the tables of a plan stand in its sheets: below which headings, in which columns."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from tracker.procedures.plan_columns import HEADINGS, LONGEST_HEADING, REQUIRED, column_of, columns_in, guessed_columns
from tracker.procedures.plan_read import RefusedCell, Row, Table

HEADINGS_WITHIN = 40  # rows of a sheet that hold anything
FEWEST_HEADINGS = 3
HEADINGS_BELOW = 2  # that the row above lacks, before a row with a recommendation or an action counts as headings
SAMPLED = 5  # rows
LONGEST_SAMPLE = 80
BLOCK = re.compile(r"\W*rec(?:ommendation)?\b\.?\s*(?:no\b\.?\s*)?[a-z]{0,2}\d", re.IGNORECASE)

Cells = dict[str, str]


@dataclass
class Sheet:
    """A sheet as far as it was read. `columns`: where each known one stands, once its headings were found."""

    name: str
    seen: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    headed_at: int = 0
    above: str = ""
    headings: tuple[str, ...] = ()
    samples: list[str] = field(default_factory=list)


class Tables:
    """Goes down the rows of a file, and says what was found there."""

    def __init__(self, named: Mapping[str, str]) -> None:
        self.named = named
        self.sheets: list[Sheet] = []
        self.refused: list[RefusedCell] = []

    def rows(self, rows: Iterable[Row]) -> Iterator[tuple[Row, Cells]]:
        """Each row below headings, its cells by column. One that only says what the next are about has `block`."""
        for row in rows:
            if not self.sheets or self.sheets[-1].name != row.sheet:
                self.sheets.append(Sheet(row.sheet))
            sheet = self.sheets[-1]
            words = [cell for cell in row.cells if cell.strip()]
            if not words:
                continue
            sheet.seen += 1
            found = self.headings_in(sheet, row)
            if found:
                is_first = not sheet.columns
                self.begin_table(sheet, row, found)
                if is_first and sheet.above:
                    yield row, {"block": sheet.above}
            elif len(set(words)) == 1 and "recommendation" not in sheet.columns and BLOCK.match(words[0]):
                sheet.above = words[0]
                if sheet.columns:
                    yield row, {"block": words[0]}
            elif sheet.columns:
                sample(sheet, row)
                if "action" in sheet.columns and ("recommendation" in sheet.columns or sheet.above):
                    yield row, {key: at(row, place) for key, place in sheet.columns.items()}
            else:
                guess_headings(sheet, row, words)

    def headings_in(self, sheet: Sheet, row: Row) -> dict[str, int]:
        """Where the columns stand, if the row is one of headings; of a second such row, what it adds."""
        if not sheet.columns:
            return columns_in(row.cells, self.named) if sheet.seen <= HEADINGS_WITHIN else {}
        found = columns_in(row.cells, self.named, again=True)
        is_below = row.number == sheet.headed_at + 1
        if not found and is_below:
            found = {key: place for place, cell in reversed([*enumerate(row.cells)]) if (key := column_of(cell))}
            found = {key: place for key, place in found.items() if key not in (*sheet.columns, "number", "ignored")}
            says_more = any(at(row, sheet.columns[key]) for key in REQUIRED if key in sheet.columns)
            found = {} if says_more and len(found) < HEADINGS_BELOW else found
        return sheet.columns | found if found and is_below else found

    def begin_table(self, sheet: Sheet, row: Row, found: dict[str, int]) -> None:
        is_first = not sheet.columns
        if is_first:
            sheet.headings, sheet.samples = row.cells, []
        elif row.number == sheet.headed_at + 1:
            both = zip_longest(sheet.headings, row.cells, fillvalue="")
            sheet.headings = tuple(lower if lower.strip() else upper for upper, lower in both)
        sheet.columns, sheet.headed_at = found, row.number
        beside = found.get("recommendation", -2) + 1
        if "number" not in found and 0 < beside < len(sheet.headings) and not sheet.headings[beside].strip():
            found["beside"] = beside
        if "recommendation" in found:
            sheet.above = ""
        for key in REQUIRED if is_first else ():
            if key not in found and not (key == "recommendation" and sheet.above):
                why, mend = "This column is missing", f"Add a column “{HEADINGS[key]}”"
                self.refused.append(RefusedCell(row.sheet, row.number, HEADINGS[key], "", why, mend))

    @property
    def found(self) -> list[Table]:
        """The headings of each sheet, those that were only guessed too."""
        return [self.table_of(sheet) for sheet in self.sheets if sheet.headings]

    def table_of(self, sheet: Sheet) -> Table:
        columns = sheet.columns or guessed_columns(sheet.headings, self.named)
        at_place = {place: key for key, place in columns.items() if key != "beside"}
        taken = tuple(at_place.get(place, "") for place in range(len(sheet.headings)))
        return Table(sheet.name, sheet.headings, taken, padded(sheet.samples, sheet.headings))

    @property
    def without_headings(self) -> list[str]:
        """The sheets that hold something and no headings of a plan."""
        return [sheet.name for sheet in self.sheets if sheet.seen and not sheet.columns]


def guess_headings(sheet: Sheet, row: Row, words: list[str]) -> None:
    """Keeps the first row that looks like headings, for somebody to say what they are."""
    if sheet.headings:
        sample(sheet, row)
    elif len(words) >= FEWEST_HEADINGS and all(len(word) <= LONGEST_HEADING for word in words):
        sheet.headings = row.cells


def sample(sheet: Sheet, row: Row) -> None:
    """Keeps the first value of each column."""
    sheet.samples[:] = padded(sheet.samples, row.cells)
    for place, cell in enumerate(row.cells):
        sheet.samples[place] = sheet.samples[place] or " ".join(cell.split())[:LONGEST_SAMPLE]


def padded(cells: Iterable[str], like: Iterable[str]) -> tuple[str, ...]:
    """*cells*, at least as many as *like*."""
    known, wanted = tuple(cells), len(tuple(like))
    return known + ("",) * (wanted - len(known))


def at(row: Row, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""
