"""Rows of a plan's table as recommendations and actions, with what is refused and what must be asked first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.procedures import case_file
from tracker.procedures.plan_cells import plain_number, plain_scope, split_completion, split_number
from tracker.procedures.plan_columns import HEADINGS, OURS, REQUIRED, columns_in
from tracker.procedures.plan_file import ActionLine, RecommendationLine
from tracker.procedures.plan_status import Status
from tracker.procedures.target_dates import WHICH_QUARTERS, Asked, Impossible, Target, read_target

HEADINGS_WITHIN = 40  # rows of a sheet
LONGEST_CELL = case_file.LONGEST_TEXT
LONGEST_LINE = 200
LINES = ("lead_agency", "owner", "scope")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet by its number there, its cells as text. `dates`: those that are of month precision or real."""

    sheet: str
    number: int
    cells: tuple[str, ...]


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


@dataclass(slots=True)
class PlanRead:
    """What a table holds. `rows`: how many hold anything; `ready`: how many can be taken as they are."""

    rows: int = 0
    ready: int = 0
    recommendations: list[RecommendationLine] = field(default_factory=list)
    refused: list[RefusedCell] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

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
    review what has no date.
    """

    quarters: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    review_by: date | None = None


def read_rows(rows: Iterable[Row], today: date, answers: Answers = Answers(), source: str = "") -> PlanRead:  # frozen
    """Reads every sheet that has a plan's headings.

    Args:
        source: the file's name, which each action keeps with its row.
    """
    reader = Reader(today, answers, source)
    for row in rows:
        reader.take(row)
    return reader.finished()


class Reader:
    """Goes down the rows, keeping the recommendation that the next actions belong to."""

    def __init__(self, today: date, answers: Answers, source: str) -> None:
        self.today, self.answers, self.source = today, answers, source
        self.result = PlanRead()
        self.sheet, self.seen, self.columns = "", 0, dict[str, int]()
        self.current: RecommendationLine | None = None
        self.raw = ("", "")
        self.asked: dict[tuple[str, str], Question] = {}
        self.had_headings = False

    def take(self, row: Row) -> None:
        if row.sheet != self.sheet:
            self.sheet, self.seen, self.columns, self.current, self.raw = row.sheet, 0, {}, None, ("", "")
        if not any(cell.strip() for cell in row.cells):
            return
        self.seen += 1
        headings = columns_in(row.cells) if not self.columns or self.repeats_headings(row) else {}
        if headings and self.seen <= HEADINGS_WITHIN:
            self.columns, self.had_headings = headings, True
            for key in REQUIRED:
                if key not in headings:
                    why, mend = "This column is missing", f"Add a column “{HEADINGS[key]}”"
                    self.result.refused.append(RefusedCell(row.sheet, row.number, HEADINGS[key], "", why, mend))
        elif self.columns and not headings and all(key in self.columns for key in REQUIRED):
            self.result.rows += 1
            self.result.ready += self.read(row)

    def repeats_headings(self, row: Row) -> bool:
        return columns_in(row.cells) == self.columns

    def finished(self) -> PlanRead:
        if not self.had_headings:
            names = ", ".join(HEADINGS.values())
            why = "No sheet has the headings of an action plan"
            mend = f"Give the table a first row with: {names}"
            self.result.refused.append(RefusedCell(self.sheet, 1, "", "", why, mend))
        self.keep_current()
        self.result.questions = list(self.asked.values())
        return self.result

    def keep_current(self) -> None:
        if self.current is not None:
            self.result.recommendations.append(self.current)
        self.current = None

    def read(self, row: Row) -> bool:
        """Takes a row in. Returns whether it is ready; one that is not leaves no action."""
        cells = {key: row.cells[place] if place < len(row.cells) else "" for key, place in self.columns.items()}
        if not any(cells[key].strip() for key in (*HEADINGS, "number") if key in cells):
            return True
        before = len(self.result.refused)
        self.check_texts(row, cells)
        if len(self.result.refused) > before:
            if cells["recommendation"].strip():
                self.keep_current()  # what follows belongs to what was refused, not to the one above
            return False
        self.begin_recommendation(cells)
        if self.current is None:
            return self.refuse(row, "recommendation", "", "No recommendation stands here or above",
                               "Write the recommendation in the first row of its actions")  # fmt: skip
        others = ("lead_agency", "owner", "milestones", "target", "completion", "outcome")
        if not cells["action"].strip():
            if any(cells.get(key, "").strip() for key in others):
                return self.refuse(row, "action", "", "The row does not say what is to be done",
                                   f"Write it under “{HEADINGS['action']}”")  # fmt: skip
            return True
        target = self.target(row, cells)
        if target is None:
            return False
        self.current = replace(self.current, actions=(*self.current.actions, self.action(row, cells, target)))
        return True

    def check_texts(self, row: Row, cells: Mapping[str, str]) -> None:
        for key, cell in cells.items():
            if case_file.UNPRINTABLE.search(cell):
                self.refuse(row, key, cell, "It holds control characters", "Type the text anew")
            elif len(cell) > LONGEST_CELL:
                self.refuse(row, key, cell, f"It is longer than {LONGEST_CELL:,} characters", "Shorten it")
            elif key in LINES and len(" ".join(cell.split())) > LONGEST_LINE:
                self.refuse(row, key, cell, f"It is longer than {LONGEST_LINE} characters", "Shorten it")

    def begin_recommendation(self, cells: Mapping[str, str]) -> None:
        """A new one, unless the cell is empty, as merged ones are, or repeats the one above."""
        cell, number = cells["recommendation"], cells.get("number", "").strip()
        if not cell.strip() or (self.current and (cell.strip(), number) in (self.raw, (self.raw[0], ""))):
            scope = plain_scope(cells.get("scope", ""))
            if self.current is None or not scope or scope == self.current.scope or not cell.strip():
                if self.current and scope and not self.current.scope:
                    self.current = replace(self.current, scope=scope)
                return
        self.keep_current()
        self.raw = (cell.strip(), number)
        own, text = split_number(cell) if not number else (plain_number(number), cell.strip())
        self.current = RecommendationLine(own, text, plain_scope(cells.get("scope", "")))

    def target(self, row: Row, cells: Mapping[str, str]) -> Target | None:
        """The target; None where it is refused or must be asked."""
        cell = cells.get("target", "")
        reading = read_target(cell, quarters=self.answers.quarters, answers=self.answers.texts)
        if isinstance(reading, Asked):
            reading = self.answered(reading, cells)
        match reading:
            case Impossible():
                self.refuse(row, "target", cell, reading.why, reading.mend)
                return None
            case Asked():
                key = (reading.ask, "" if reading.ask == WHICH_QUARTERS else " ".join(reading.text.split()).casefold())
                before = self.asked.get(key) or Question(HEADINGS["target"], reading.text, reading.ask)
                self.asked[key] = replace(before, rows=(*before.rows, row.number))
                return None
        return reading

    def answered(self, asked: Asked, cells: Mapping[str, str]) -> Target | Asked | Impossible:
        """What our own export says beside the text, or the one day that is given for all without a date."""
        if worked_out := cells.get("worked_out", "").strip():
            for quarters in ("financial", "calendar"):
                reading = read_target(asked.text, quarters=quarters)
                if isinstance(reading, Target) and reading.until and reading.until.strftime("%d/%m/%Y") == worked_out:
                    return reading
            texts = {" ".join(asked.text.split()).casefold(): worked_out}
            return read_target(asked.text, quarters=self.answers.quarters, answers=texts)
        if self.answers.review_by and asked.ask not in (WHICH_QUARTERS,):
            texts = {" ".join(asked.text.split()).casefold(): self.answers.review_by.isoformat()}
            reading = read_target(asked.text, answers=texts)
            if isinstance(reading, Target) and reading.precision == "review_by":
                return reading
        return asked

    def action(self, row: Row, cells: Mapping[str, str], target: Target) -> ActionLine:
        words, on, outcome = split_completion(cells.get("completion", ""), self.today, self.answers.quarters)
        if extra := cells.get("outcome", "").strip():
            outcome = f"{outcome}\n{extra}" if outcome else extra
        if not words and not outcome:  # some plans say it where the target stood
            words, on, _ = split_completion(target.text, self.today, self.answers.quarters)
            if words and words == target.text and not says_done(words):
                words, on = "", None
        milestones = cells.get("milestones", "").strip()
        return ActionLine(
            text=cells["action"].strip(),
            lead_agency=" ".join(cells.get("lead_agency", "").split()),
            owner=" ".join(cells.get("owner", "").split()),
            milestones=milestones,
            target=target,
            completed_text=words,
            completed_on=on,
            outcome=outcome,
            status=begun(words, milestones, outcome),
            source=f"{self.source}, {row.sheet} row {row.number}" if self.source else "",
        )

    def refuse(self, row: Row, key: str, value: str, why: str, mend: str) -> bool:
        named = HEADINGS.get(key) or OURS.get(key, key.capitalize())
        self.result.refused.append(RefusedCell(row.sheet, row.number, named, value.strip()[:200], why, mend))
        return False


def says_done(words: str) -> bool:
    return any(word in words.casefold() for word in ("complete", "done", "closed", "achieved", "implemented"))


def begun(completed_text: str, milestones: str, outcome: str) -> Status:
    """How far an action had come, going by what its row says."""
    if completed_text:
        return Status.CLAIMED
    return Status.IN_PROGRESS if milestones or outcome else Status.NOT_STARTED
