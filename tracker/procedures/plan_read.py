"""What a plan's table holds: its rows, what is ready, what is refused, and what must be asked first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.procedures.plan_file import RecommendationLine


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet by its number there, its cells as text. `unsolved`: formulas without a result, by place."""

    sheet: str
    number: int
    cells: tuple[str, ...]
    unsolved: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """A cell that cannot be taken, why, and how to mend it."""

    sheet: str
    row: int
    column: str
    value: str
    why: str
    mend: str

    def as_json(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in ("sheet", "row", "column", "value", "why", "mend")}


@dataclass(frozen=True, slots=True)
class Question:
    """What must be known of a value, asked once for all the rows that hold it."""

    column: str
    value: str
    ask: str
    rows: tuple[int, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {"column": self.column, "value": self.value, "ask": self.ask}


@dataclass(frozen=True, slots=True)
class Table:
    """Headings as they stand in a file, and which column each was taken for ("" for none). `samples`: values below."""

    sheet: str
    headings: tuple[str, ...]
    taken: tuple[str, ...]
    samples: tuple[str, ...] = ()


@dataclass(slots=True)
class PlanRead:
    """What a file holds. `rows`: how many hold anything; `ready`: how many can be taken as they are.

    `tables`: the first headings of each sheet. `left_out`: sheets and rows that are no part of a plan, in words.
    """

    rows: int = 0
    ready: int = 0
    recommendations: list[RecommendationLine] = field(default_factory=list)
    refused: list[RefusedCell] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def unused(self) -> list[str]:
        """The headings whose columns are not read."""
        pairs = (pair for table in self.tables for pair in zip(table.headings, table.taken, strict=True))
        return list(dict.fromkeys(" ".join(heading.split()) for heading, key in pairs if heading.strip() and not key))

    @property
    def is_complete(self) -> bool:
        return not self.refused and not self.questions

    def as_json(self) -> dict[str, object]:
        return {
            "rows": self.rows,
            "ready": self.ready,
            "refused": [cell.as_json() for cell in self.refused],
            "questions": [question.as_json() for question in self.questions],
        }


@dataclass(frozen=True, slots=True)
class Answers:
    """What has been answered of a file.

    `quarters`: "financial" or "calendar". `texts`: what a text that was asked about means. `review_by`: the day to
    review what has no date. `columns`: which column each heading of theirs is, as `columns_in` takes it.
    """

    quarters: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    review_by: date | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
