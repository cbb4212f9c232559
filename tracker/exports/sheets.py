"""Sheets of A4 that fill from the top, with a head and a foot that are drawn last, when their number is known.

ReportLab's own tables measure every cell as a document of its own, which takes ten times as long for a long history.
Here a cell is a list of lines, cut once. Lengths are in points, from the bottom left corner of the sheet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from tracker.exports import typeface
from tracker.exports.typesetting import Line, Style

WIDTH, HEIGHT = A4
LEFT, RIGHT = 16 * mm, WIDTH - 16 * mm
TOP, BOTTOM = HEIGHT - 24 * mm, 22 * mm
# Streams as they are: writing them in printable characters takes as long as making the whole document.
rl_config.useA85 = 0

HAIRLINE, EDGE = ".827 .847 .859", ".459 .502 .541"


@dataclass(slots=True)
class Sheet:
    """What is drawn on one sheet, as PDF operations, and the sections that begin on it."""

    texts: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)


class Sheets:
    """The sheets of one PDF. `y` is where the next line goes."""

    def __init__(self, title: str, author: str, subject: str, *, invariant: bool) -> None:
        """Begins the first sheet. *invariant*: the same history makes the same bytes."""
        self.file = BytesIO()
        self.canvas = Canvas(
            self.file,
            pagesize=A4,
            pageCompression=1,
            invariant=invariant,
            initialFontName=typeface.regular().name,  # type: ignore[arg-type]  # the stubs say a number
            lang="en-GB",
        )
        self.document = self.canvas._doc  # type: ignore[attr-defined]  # fonts count their characters by it
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setSubject(subject)
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.pens: dict[tuple[Style, int], str] = {}
        self.sheets: list[Sheet] = []
        self.turn()

    @property
    def room(self) -> float:
        """How much of the sheet is left."""
        return self.y - BOTTOM

    def turn(self) -> None:
        """Begins the next sheet."""
        self.sheet = Sheet()
        self.sheets.append(self.sheet)
        self.y = TOP

    def skip(self, height: float) -> None:
        """Leaves some room, except at the head of a sheet."""
        if self.y < TOP:
            self.y -= height

    def section(self, title: str) -> None:
        """Puts this place into the outline of the document."""
        self.sheet.sections.append(title)

    def rule(self, y: float, colour: str = HAIRLINE, left: float = LEFT, right: float = RIGHT) -> None:
        """Draws a line across."""
        self.sheet.rules.append(f"{colour} RG .5 w {left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S")

    def text(self, x: float, y: float, text: str, style: Style) -> None:
        """Draws text that stands on *y*."""
        self.sheet.texts.append(f"{style.colour} rg 1 0 0 1 {x:.2f} {y:.2f} Tm {self.drawn(text, style)}")
        if style.struck:
            self.rule(y + style.size * 0.3, style.colour, x, x + style.length(text))

    def drawn(self, text: str, style: Style) -> str:
        """What draws text where the pen is: as a string where it is plain, else as the codes the font gave it here."""
        if text.isascii():
            escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            return f"{self.pen(style, 0)} ({escaped}) Tj"
        parts = style.face.font.splitString(text, self.document)
        return " ".join(f"{self.pen(style, subset)} <{codes.hex()}> Tj" for subset, codes in parts)

    def pen(self, style: Style, subset: int) -> str:
        """What chooses the font: a font has at most 256 characters here, and so perhaps several parts."""
        pen = self.pens.get((style, subset))
        if pen is None:
            name = style.face.font.getSubsetInternalName(subset, self.document)
            pen = self.pens[style, subset] = f"{name} {style.size:g} Tf"
        return pen

    def text_to_right(self, y: float, text: str, style: Style) -> None:
        """Draws text that ends at the right margin."""
        self.text(RIGHT - style.length(text), y, text, style)

    def lines(self, x: float, lines: Sequence[Line]) -> None:
        """Draws lines from where the sheets are downwards, and stays there."""
        y = self.y
        for line in lines:
            y -= line.leading
            for offset, text, style in line.pieces:
                self.text(x + offset, y + line.leading * 0.24, text, style)

    def block(self, lines: Sequence[Line]) -> None:
        """Draws lines over as many sheets as they take, and goes on below them."""
        for line in lines:
            if line.leading > self.room:
                self.turn()
            self.lines(LEFT, [line])
            self.y -= line.leading

    def finished(self, furnish: Callable[[int, int], None]) -> bytes:
        """The PDF. *furnish* draws head and foot of a sheet, given its number and how many there are."""
        for number, sheet in enumerate(self.sheets, start=1):
            self.sheet = sheet
            furnish(number, len(self.sheets))
            self.canvas.addLiteral("\n".join([*sheet.rules, "BT", *sheet.texts, "ET"]))
            for place, title in enumerate(sheet.sections):
                self.canvas.bookmarkPage(f"{number}-{place}")
                self.canvas.addOutlineEntry(title, f"{number}-{place}")
            self.canvas.showPage()
        self.canvas.save()
        return self.file.getvalue()
