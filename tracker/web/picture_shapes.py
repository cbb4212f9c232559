"""The shapes of a picture, for a template to draw: x in per cent of its width, y in pixels, looks by class."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """`kind`: the class that draws it."""

    kind: str
    x1: float
    x2: float
    y1: float
    y2: float


@dataclass(frozen=True, slots=True)
class Block:
    """`kind`: p-bar, p-rest or hatch. `width` with its unit: per cent, or pixels where there is none."""

    kind: str
    x: float
    y: float
    width: str
    height: float


@dataclass(frozen=True, slots=True)
class Symbol:
    """`name`: met, metlate, due, late, moved or arrow."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Words:
    """`more` follows the text where the picture is wide."""

    x: float
    y: float
    text: str
    kind: str = ""
    dx: float = 0
    anchor: str = ""
    more: str = ""


@dataclass(slots=True)
class Picture:
    """What to draw, in the order of the lists."""

    height: float = 0
    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    symbols: list[Symbol] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
