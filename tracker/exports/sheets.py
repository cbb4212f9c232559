"""Sheets of A4 that fill from the top: lines of text, tables whose rows may run over several sheets.

ReportLab's own tables measure every cell as a document of its own, which takes ten times as long for a long history.
Here a cell is a list of lines, cut once. Lengths are in points, from the bottom left corner of the sheet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from tracker.exports import typeface
from tracker.exports.typeface import Face

WIDTH, HEIGHT = A4
LEFT, RIGHT = 16 * mm, WIDTH - 16 * mm
TOP, BOTTOM = HEIGHT - 24 * mm, 22 * mm
COLUMN_GAP = 4 * mm
HEADER, FOOTER = HEIGHT - 15 * mm, 12 * mm  # where the lines of both stand
INK, QUIET, LATE = ".106 .133 .149", ".298 .337 .365", ".639 .133 .102"
LINE, EDGE = ".827 .847 .859", ".459 .502 .541"
FEWEST_LINES = 3  # of a row that is cut, at the foot of a sheet


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks: colour as red, green and blue of 1; leading is the height of a line."""

    face: Face
    size: float
    leading: float
    colour: str = INK
    struck: bool = False


@dataclass(slots=True)
class Line:
    """A line of a cell: pieces of text, each with its style and its distance from the left edge of the cell."""

    leading: float
    pieces: list[tuple[float, str, Style]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, by its share of the width."""

    heading: str
    left: float
    width: float


Run = tuple[str, Style]
Cell = list[Line]


class Setter:
    """Cuts text into lines. Remembers how long each word is, for one document."""

    def __init__(self) -> None:
        self.lengths: dict[tuple[Face, str], float] = {}

    def length(self, word: str, style: Style) -> float:
        """The length of a word in points."""
        key = (style.face, word)
        if (ems := self.lengths.get(key)) is None:
            ems = self.lengths[key] = style.face.width(word)
        return ems * style.size

    def lines(self, runs: Iterable[Run], width: float) -> Cell:
        """The runs one after the other, broken where they are too long; a word that is too long is cut."""
        cell: Cell = []
        line, x = None, 0.0
        for text, style in runs:
            space = style.face.advance(" ") * style.size
            for place, paragraph in enumerate(text.split("\n")):
                if line is None or place:
                    line, x = Line(style.leading), 0.0
                    cell.append(line)
                words: list[str] = []
                begun = x + space if x else 0.0
                for word in paragraph.split():
                    length = self.length(word, style)
                    step = x + space + length if x else length
                    if step > width and x:
                        if words:
                            line.pieces.append((begun, " ".join(words), style))
                        line, words, begun, step = Line(style.leading), [], 0.0, length
                        cell.append(line)
                    if step > width:
                        *whole, word = cut(word, style, width)
                        for piece in whole:
                            line.pieces.append((0.0, piece, style))
                            line = Line(style.leading)
                            cell.append(line)
                        step = self.length(word, style)
                    words.append(word)
                    x = step
                if words:
                    line.pieces.append((begun, " ".join(words), style))
        return cell


def cut(word: str, style: Style, width: float) -> list[str]:
    """A word in pieces that fit."""
    pieces, start, length = [], 0, 0.0
    for place, character in enumerate(word):
        step = style.face.advance(character) * style.size
        if length + step > width and place > start:
            pieces.append(word[start:place])
            start, length = place, 0.0
        length += step
    return [*pieces, word[start:]]


def columns(*parts: tuple[str, float]) -> tuple[Column, ...]:
    """Columns of (heading, share of the width), with a gap between them."""
    room = RIGHT - LEFT - COLUMN_GAP * (len(parts) - 1)
    whole = sum(share for _, share in parts)
    made, left = [], LEFT
    for heading, share in parts:
        width = room * share / whole
        made.append(Column(heading, left, width))
        left += width + COLUMN_GAP
    return tuple(made)


class Sheets:
    """The sheets of one PDF."""

    def __init__(self, title: str, author: str, subject: str, *, invariant: bool) -> None:
        """Begins the first sheet. *invariant*: the same history makes the same bytes."""
        self.file = BytesIO()
        typeface.regular()
        self.canvas = Canvas(
            self.file,
            pagesize=A4,
            pageCompression=1,
            invariant=invariant,
            initialFontName=typeface.regular().name,
            lang="en-GB",
        )
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setSubject(subject)
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.texts: list[list[str]] = []
        self.rules: list[list[str]] = []
        self.sections: list[tuple[str, int]] = []
        self.y = 0.0
        self.turn()

    @property
    def room(self) -> float:
        """How much of the sheet is left."""
        return self.y - BOTTOM

    def turn(self) -> None:
        """Begins the next sheet."""
        self.texts.append([])
        self.rules.append([])
        self.y = TOP

    def skip(self, height: float) -> None:
        """Leaves some room, except at the head of a sheet."""
        if self.y < TOP:
            self.y -= height

    def section(self, title: str) -> None:
        """Puts the place where the sheets are now into the outline."""
        self.sections.append((title, len(self.texts) - 1))

    def rule(self, y: float, colour: str = LINE, left: float = LEFT, right: float = RIGHT, weight: float = 0.5) -> None:
        """Draws a line across."""
        self.rules[-1].append(f"{colour} RG {weight:g} w {left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S")

    def text(self, x: float, y: float, text: str, style: Style) -> None:
        """Draws text with its foot at *y*."""
        drawn = style.face.operations(text, self.canvas._doc, style.size)
        self.texts[-1].append(f"{style.colour} rg 1 0 0 1 {x:.2f} {y:.2f} Tm {drawn}")
        if style.struck:
            middle = y + style.size * 0.3
            self.rule(middle, style.colour, x, x + style.face.width(text) * style.size)

    def cell(self, x: float, cell: Sequence[Line]) -> float:
        """Draws lines down from where the sheets are. Returns their height."""
        y = self.y
        for line in cell:
            y -= line.leading
            for offset, text, style in line.pieces:
                self.text(x + offset, y + style.leading * 0.24, text, style)
        return self.y - y

    def block(self, cell: Sequence[Line], x: float = LEFT) -> None:
        """Draws lines over as many sheets as they take."""
        for line in cell:
            if line.leading > self.room:
                self.turn()
            self.y -= self.cell(x, [line])

    def right(self, y: float, text: str, style: Style) -> None:
        """Draws text that ends at the right margin."""
        self.text(RIGHT - style.face.width(text) * style.size, y, text, style)

    def finished(self, header: Sequence[Run], footer: Run, marking: Run) -> bytes:
        """The PDF, with its marking on every sheet, head and foot, and "Page x of y".

        *header*: what stands at the left and at the right of the head; *footer*: in the foot, after the marking.
        """
        total = len(self.texts)
        opening = {place: title for title, place in reversed(self.sections)}
        for place, (texts, rules) in enumerate(zip(self.texts, self.rules, strict=True)):
            self.texts, self.rules = [*self.texts[:0], texts], [rules]
            self.text(LEFT, HEADER, *marking)
            for text, style in header:
                self.right(HEADER, text, style)
            self.text(LEFT, FOOTER, *marking)
            text, style = footer
            self.text(LEFT + marking[1].face.width(marking[0]) * marking[1].size + COLUMN_GAP, FOOTER, text, style)
            self.right(FOOTER, f"Page {place + 1} of {total}", style)
            self.rule(FOOTER + 12)
            del opening
        self.canvas.save()
        return self.file.getvalue()
