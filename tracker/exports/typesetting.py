"""Text cut into lines that fit a width. Lengths are in points."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.exports.typeface import Face

INK, QUIET, LATE = ".106 .133 .149", ".298 .337 .365", ".639 .133 .102"


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks: colour as red, green and blue of 1; leading is the height of a line."""

    face: Face
    size: float
    leading: float
    colour: str = INK
    struck: bool = False

    def length(self, text: str) -> float:
        """How long *text* is."""
        return self.face.width(text) * self.size


@dataclass(slots=True)
class Line:
    """A line of a cell: pieces of text, each with its style and its distance from the left edge of the cell."""

    leading: float
    pieces: list[tuple[float, str, Style]] = field(default_factory=list)


Run = tuple[str, Style]


class Setter:
    """Cuts text into lines. Remembers how long each word is, for one document."""

    def __init__(self) -> None:
        self.lengths: dict[tuple[Face, str], float] = {}

    def length(self, word: str, style: Style) -> float:
        """How long a word is."""
        key = (style.face, word)
        if (ems := self.lengths.get(key)) is None:
            ems = self.lengths[key] = style.face.width(word)
        return ems * style.size

    def lines(self, runs: Sequence[Run], width: float) -> list[Line]:
        """The runs one after the other, each line no longer than *width*."""
        lines, x = [Line(runs[0][1].leading if runs else 0.0)], 0.0
        for text, style in runs:
            for place, paragraph in enumerate(text.split("\n")):
                if place:
                    lines.append(Line(style.leading))
                    x = 0.0
                x = self.set_words(paragraph.split(), style, width, lines, x)
        return lines

    def set_words(self, words: Sequence[str], style: Style, width: float, lines: list[Line], x: float) -> float:
        """Adds words behind what ends at *x* of the last line, and lines as they are needed. Returns where it ends."""
        space = style.face.advance(" ") * style.size
        begun = x + space if x else 0.0
        taken: list[str] = []
        for word in words:
            length = self.length(word, style)
            end = x + space + length if x else length
            if end > width and x:
                put(lines, begun, taken, style)
                lines.append(Line(style.leading))
                begun, taken, end = 0.0, [], length
            if end > width:
                *pieces, word = cut(word, style, width)  # noqa: PLW2901
                for piece in pieces:
                    put(lines, 0.0, [piece], style)
                    lines.append(Line(style.leading))
                end = style.length(word)
            taken.append(word)
            x = end
        put(lines, begun, taken, style)
        return x


def put(lines: Sequence[Line], offset: float, words: Sequence[str], style: Style) -> None:
    if words:
        lines[-1].pieces.append((offset, " ".join(words), style))


def cut(word: str, style: Style, width: float) -> list[str]:
    """A word too long for a line, in pieces that fit."""
    pieces, start, length = [], 0, 0.0
    for place, character in enumerate(word):
        step = style.face.advance(character) * style.size
        if length + step > width and place > start:
            pieces.append(word[start:place])
            start, length = place, 0.0
        length += step
    return [*pieces, word[start:]]
