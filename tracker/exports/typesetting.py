"""Text cut into lines that fit a width. Lengths are in points."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from tracker.exports.typeface import Face

INK, QUIET, LATE = ".106 .133 .149", ".298 .337 .365", ".639 .133 .102"


@dataclass(frozen=True, slots=True, eq=False)
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


class Lengths(dict[str, float]):
    """How long each word is with the space after it, in ems: found out once, for one document."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face
        self.space = face.advance(" ")

    def __missing__(self, word: str) -> float:
        """Measures the word."""
        length = self[word] = self.face.width(word) + self.space
        return length


class Setter:
    """Cuts text into lines."""

    def __init__(self) -> None:
        self.lengths: dict[Face, Lengths] = {}

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
        """Adds words behind what ends at *x* of the last line, and lines as they are needed. Returns where they end."""
        lengths = self.lengths.get(style.face) or self.lengths.setdefault(style.face, Lengths(style.face))
        room, space, size = width / style.size, lengths.space, style.size
        ends = list(accumulate(map(lengths.__getitem__, words)))
        offset = x / size + space if x else 0.0
        start, before = 0, 0.0
        while start < len(words):
            # The last word of a line needs no room for the space after it.
            stop = bisect_right(ends, before + room - offset + space, start)
            if stop == start and offset:
                lines.append(Line(style.leading))
                offset = 0.0
                continue
            taken = words[start:stop]
            if stop == start:
                *pieces, last = cut(words[start], style.face, room)
                for piece in pieces:
                    lines[-1].pieces.append((0.0, piece, style))
                    lines.append(Line(style.leading))
                taken, stop = [last], start + 1
            lines[-1].pieces.append((offset * size, " ".join(taken), style))
            offset += sum(map(lengths.__getitem__, taken))
            start, before = stop, ends[stop - 1]
        return max(offset - space, 0.0) * size


def cut(word: str, face: Face, room: float) -> list[str]:
    """A word too long for a line, in pieces of at most *room* ems; a single character is always a piece."""
    pieces, start, length = [], 0, 0.0
    for place, character in enumerate(word):
        step = face.advance(character)
        if length + step > room and place > start:
            pieces.append(word[start:place])
            start, length = place, 0.0
        length += step
    return [*pieces, word[start:]]
