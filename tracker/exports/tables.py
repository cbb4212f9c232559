"""Tables on sheets: columns of fixed width, a heading on every sheet, rows that run over where they must."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm

from tracker.exports.sheets import EDGE, LEFT, RIGHT, Sheets
from tracker.exports.typesetting import Line, Run, Setter, Style

COLUMN_GAP = 4 * mm
ABOVE_ROW, BELOW_ROW = 3.0, 5.0
FEWEST_LINES = 4  # of a row that is cut, at the foot of a sheet
LONGEST_WHOLE = 240.0  # a row higher than this is cut where the sheet ends


@dataclass(frozen=True, slots=True)
class Column:
    """A column, with where it begins and how wide it is."""

    heading: str
    left: float
    width: float


def columns(*parts: tuple[str, float]) -> tuple[Column, ...]:
    """Columns of (heading, share of the width), with a gap between them."""
    room = RIGHT - LEFT - COLUMN_GAP * (len(parts) - 1)
    whole = sum(share for _, share in parts)
    made, left = [], LEFT
    for heading, share in parts:
        made.append(Column(heading, left, room * share / whole))
        left += room * share / whole + COLUMN_GAP
    return tuple(made)


class Table:
    """A table that is drawn row by row."""

    def __init__(self, sheets: Sheets, setter: Setter, parts: Sequence[Column], heading: Style, note: Style) -> None:
        """*heading*: how headings look, none without words; *note*: how "continued" does."""
        self.sheets, self.setter, self.columns = sheets, setter, parts
        self.heading = [self.setter.lines([(column.heading, heading)], column.width) for column in parts]
        self.continued = self.setter.lines([("continued", note)], parts[0].width)
        self.has_heading = any(column.heading for column in parts)
        self.begin()

    def begin(self) -> None:
        """Draws the headings."""
        if self.has_heading:
            self.draw(self.heading, height(self.heading))
            self.sheets.rule(self.sheets.y + BELOW_ROW / 2, EDGE)

    def row(self, *cells: Sequence[Run]) -> None:
        """Draws a row: each cell is text in its styles, one after the other."""
        lines: list[Sequence[Line]] = [
            self.setter.lines(runs, column.width) for runs, column in zip(cells, self.columns, strict=True)
        ]
        high = height(lines)
        if high > self.sheets.room and (high <= LONGEST_WHOLE or not self.fits_some(lines)):
            self.turn()
        while high > self.sheets.room:
            now, later = self.cut(lines)
            self.draw(now, height(now))
            self.sheets.rule(self.sheets.y + BELOW_ROW / 2)
            self.turn()
            lines = [self.continued if place == 0 and not cell else cell for place, cell in enumerate(later)]
            high = height(lines)
        self.draw(lines, high)
        if self.has_heading:
            self.sheets.rule(self.sheets.y + BELOW_ROW / 2)

    def turn(self) -> None:
        self.sheets.turn()
        self.begin()

    def fits_some(self, lines: Sequence[Sequence[Line]]) -> bool:
        """Whether enough of a row fits on this sheet to begin it here."""
        longest = max(lines, key=len)
        return height([longest[:FEWEST_LINES]]) <= self.sheets.room

    def cut(self, lines: Sequence[Sequence[Line]]) -> tuple[list[Sequence[Line]], list[Sequence[Line]]]:
        """What of a row fits on this sheet, and what goes on the next."""
        now, later = [], []
        for cell in lines:
            left, place = self.sheets.room - ABOVE_ROW - BELOW_ROW, 0
            while place < len(cell) and cell[place].leading <= left:
                left -= cell[place].leading
                place += 1
            now.append(cell[:place])
            later.append(cell[place:])
        return now, later

    def draw(self, lines: Sequence[Sequence[Line]], high: float) -> None:
        self.sheets.y -= ABOVE_ROW
        for cell, column in zip(lines, self.columns, strict=True):
            self.sheets.lines(column.left, cell)
        self.sheets.y -= high - ABOVE_ROW


def height(lines: Sequence[Sequence[Line]]) -> float:
    """How high a row is."""
    return ABOVE_ROW + max([sum([line.leading for line in cell]) for cell in lines]) + BELOW_ROW
