"""A bar chart, its table and its file, all from the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

STEP = 50  # pixels from a bar to the next
WIDEST = 90  # per cent: the number stands after the bar


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar. `strong`: the one that the headline speaks of."""

    words: str
    number: int
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar in its place: y in pixels, width in per cent."""

    bar: Bar
    words_y: int
    bar_y: int
    number_y: int
    width: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """`counted`: what the numbers are of. `part`: what a bar is."""

    headline: str
    about: str
    part: str
    counted: str
    bars: Sequence[Bar]

    @property
    def height(self) -> int:
        return STEP * len(self.bars)

    @property
    def words(self) -> str:
        """What somebody is told who cannot see the picture."""
        return f"Bar chart. {', '.join(f'{bar.words} {bar.number}' for bar in self.bars)}."

    def drawn(self) -> list[Drawn]:
        """The longest bar is as wide as may be; one of nothing has no width."""
        most = max((bar.number for bar in self.bars), default=0) or 1
        return [
            Drawn(bar, STEP * place + 15, STEP * place + 22, STEP * place + 36, f"{WIDEST * bar.number / most:.4g}%")
            for place, bar in enumerate(self.bars)
        ]

    def table(self) -> list[list[str]]:
        return [[self.part, self.counted], *([bar.words, str(bar.number)] for bar in self.bars)]
