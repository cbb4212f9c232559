"""Keeps the labels of a picture apart, at the narrowest width it is shown at and at a wide one.

A picture stretches: places across it are in per cent, while text and symbols keep their size in pixels. So a box runs
from a per cent plus pixels to a per cent plus pixels, and two boxes are compared at both widths.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tracker.web.text_width import text_width

NARROW = 580  # pixels across where the picture first shows, and where words called minor do not
WIDE = 1060  # where they do
GAP = 9  # pixels between neighbours
USUAL = 760  # from here on words keep off the line of the day as well
CLEARANCE = 5  # per cent between the places of two labels of one lane
SYMBOL = 9  # pixels from the middle of a symbol to its edge, with some air
RIGHT_OF, LEFT_OF = 12, -14  # pixels from a symbol to its words


@dataclass(frozen=True, slots=True)
class Box:
    """A stretch of one lane. `least`: the width of picture, in pixels, from which it counts."""

    start: float
    end: float
    before: float = 0
    after: float = 0
    least: int = NARROW

    def edges(self, width: int) -> tuple[float, float]:
        return self.start * width / 100 + self.before, self.end * width / 100 + self.after

    def touches(self, other: "Box") -> bool:
        for width in (max(self.least, other.least), WIDE):
            left, right = self.edges(width)
            other_left, other_right = other.edges(width)
            if left < other_right + GAP and other_left < right + GAP:
                return True
        return False

    def is_inside(self) -> bool:
        edges = [self.edges(width) for width in (self.least, WIDE)]
        return all(left >= 0 for left, _ in edges) and edges[0][1] <= self.least and edges[1][1] <= WIDE


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place: to its right, or, where `dx` is negative, ending to its left."""

    x: float
    text: str
    dx: float = RIGHT_OF
    minor: bool = False
    bold: bool = False

    @property
    def anchor(self) -> str:
        return "end" if self.dx < 0 else ""

    @property
    def box(self) -> Box:
        width = text_width(self.text, bold=self.bold)
        left, right = (self.dx - width, self.dx) if self.dx < 0 else (self.dx, self.dx + width)
        return Box(self.x, self.x, left, right, WIDE if self.minor else NARROW)


@dataclass(slots=True)
class Lane:
    """One line of a picture: what stands on it already, and where labels were put."""

    taken: list[Box] = field(default_factory=list)
    places: list[float] = field(default_factory=list)

    def has_room(self, boxes: Iterable[Box], avoiding: Iterable[Box] = ()) -> bool:
        against = [*self.taken, *avoiding]
        return not any(box.touches(other) for box in boxes for other in against)

    def takes(self, label: Label, symbols: Iterable[Box], avoiding: Iterable[Box]) -> bool:
        """Whether a label and the symbols it belongs to have room here. Only the label must avoid the day's line."""
        box = label.box
        return (
            box.is_inside()
            and all(abs(label.x - place) >= CLEARANCE for place in self.places)
            and self.has_room(symbols)
            and self.has_room([box], avoiding)
        )

    def put(self, label: Label | None, symbols: Iterable[Box]) -> None:
        self.taken += symbols
        if label:
            self.taken.append(label.box)
            self.places.append(label.x)


def both_sides(x: float, text: str, *, minor: bool = False, bold: bool = False) -> Iterator[Label]:
    """The words right of a symbol, or else left of it."""
    yield Label(x, text, RIGHT_OF, minor, bold)
    yield Label(x, text, LEFT_OF, minor, bold)


def kept_inside(x: float, text: str, *, bold: bool = False) -> Label:
    """The words from that place on, or as far left of it as they need to end within the picture."""
    room = 100 * (1 - text_width(text, bold=bold) / NARROW)
    return Label(max(0, min(x, room)), text, 0, bold=bold)
