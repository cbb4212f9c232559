"""Rows of a plan's table as recommendations and actions, with what is refused and what must be asked first."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from tracker.procedures.file_values import LONGEST_TEXT, UNPRINTABLE
from tracker.procedures.plan_cells import (
    plain_number,
    plain_scope,
    plain_status,
    says_done,
    split_completion,
    split_number,
)
from tracker.procedures.plan_columns import HEADINGS, OTHERS
from tracker.procedures.plan_file import ActionLine, RecommendationLine
from tracker.procedures.plan_read import Answers, PlanRead, Question, RefusedCell, Row
from tracker.procedures.plan_status import ENDED, Status
from tracker.procedures.plan_tables import Cells, Tables
from tracker.procedures.target_dates import (
    REVIEW_BY,
    WHICH_QUARTERS,
    Asked,
    Impossible,
    Reading,
    Target,
    key_of,
    read_target,
)
from tracker.procedures.target_words import target_from_words
from tracker.procedures.visible_text import LONGEST_LINE

LONGEST_CELL = LONGEST_TEXT
LINES = ("lead_agency", "owner", "scope")
FAULT = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")  # what a spreadsheet shows for one
OF_AN_ACTION = ("lead_agency", "owner", "milestones", "progress", "target", "revised", "completion", "outcome")
FURNITURE = re.compile(
    r"\W*(?:(?:theme|section|part|page|version|priority(?:\s+area)?)\s+[\w.]{1,4}(?![\w.])|(?:totals?|notes?|key|signed|updated)\b[^:]{0,20}:)",
    re.IGNORECASE,
)


def read_rows(rows: Iterable[Row], today: date, answers: Answers, source: str = "") -> PlanRead:
    """Reads every sheet that has a plan's headings.

    Args:
        source: the file's name, which each action keeps with its row.
    """
    tables = Tables(answers.columns)
    reader = Reader(today, answers, source)
    for row, cells in tables.rows(rows):
        reader.take(row, cells)
    result = reader.finished()
    result.tables = tables.found
    result.refused[:0] = tables.refused
    nameless = tables.without_headings
    if not any(sheet.columns for sheet in tables.sheets):
        mend = f"Give the table a first row with: {', '.join(HEADINGS.values())}"
        name = nameless[-1] if nameless else ""
        result.refused.append(RefusedCell(name, 1, "", "", "No sheet has the headings of an action plan", mend))
    else:
        result.left_out[:0] = [f"The sheet “{name}”: it has no headings of a plan" for name in nameless]
    return result


class Reader:
    """Goes down the rows, keeping the recommendation that the next actions belong to."""

    def __init__(self, today: date, answers: Answers, source: str) -> None:
        self.today, self.answers, self.source = today, answers, source
        self.result = PlanRead()
        self.sheet = ""
        self.current: RecommendationLine | None = None
        self.furniture = ""
        self.raw = ("", "")
        self.asked: dict[tuple[str, str], Question] = {}

    def take(self, row: Row, cells: Cells) -> None:
        if row.sheet != self.sheet:
            self.keep_current()
            self.sheet, self.raw = row.sheet, ("", "")
        if "block" in cells:
            self.keep_current()
            self.current = RecommendationLine(*split_number(cells["block"]))
            return
        self.result.rows += 1
        self.result.ready += self.read(row, cells)

    def finished(self) -> PlanRead:
        self.keep_current()
        self.result.questions = list(self.asked.values())
        return self.result

    def keep_current(self) -> None:
        if self.current is not None:
            if self.furniture and not self.current.actions:
                self.result.left_out.append(self.furniture)
            else:
                self.result.recommendations.append(self.current)
        self.current, self.furniture = None, ""

    def read(self, row: Row, cells: Cells) -> bool:
        """Takes a row in. Returns whether it is ready; one that is not leaves no action."""
        if cells.get("beside", "").strip():  # the heading stands over two columns, number and text
            cells |= {"number": cells["recommendation"], "recommendation": cells["beside"]}
        if not any(cell.strip() for cell in cells.values()):
            return True
        before = len(self.result.refused)
        self.check_texts(row, cells)
        if len(self.result.refused) > before:
            if cells.get("recommendation", "").strip() not in ("", self.raw[0]):
                self.keep_current()  # what follows belongs to what was refused, not to the one above
            return False
        self.begin_recommendation(row, cells)
        if self.current is None:
            return self.refuse(row, "recommendation", "", "No recommendation stands here or above",
                               "Write the recommendation in the first row of its actions")  # fmt: skip
        if not cells["action"].strip():
            if any(cells.get(key, "").strip() for key in OF_AN_ACTION):
                return self.refuse(row, "action", "", "The row does not say what is to be done",
                                   f"Write it under “{HEADINGS['action']}”")  # fmt: skip
            return True
        target = self.target(row, cells)
        if target is None:
            return False
        self.current = replace(self.current, actions=(*self.current.actions, self.action(row, cells, target)))
        return True

    def check_texts(self, row: Row, cells: Mapping[str, str]) -> None:
        unsolved = {row.cells[place] for place in row.unsolved}
        for key, cell in cells.items():
            if cell in unsolved:
                self.refuse(row, key, cell, "The file does not hold what this formula comes to",
                            "Open the file in Excel and save it there, or type the value")  # fmt: skip
            elif FAULT.fullmatch(cell.strip()):
                self.refuse(row, key, cell, "The cell shows an error and not what it should say",
                            "Mend the formula in Excel, or type the value")  # fmt: skip
            elif UNPRINTABLE.search(cell):
                self.refuse(row, key, cell, "It holds control characters", "Type the text anew")
            elif len(cell) > LONGEST_CELL:
                self.refuse(row, key, cell, f"It is longer than {LONGEST_CELL:,} characters", "Shorten it")
            elif key in LINES and len(" ".join(cell.split())) > LONGEST_LINE:
                self.refuse(row, key, cell, f"It is longer than {LONGEST_LINE} characters", "Shorten it")

    def begin_recommendation(self, row: Row, cells: Cells) -> None:
        """A new one, unless the cell is empty, as merged ones are, or repeats the one above."""
        cell, number = cells.get("recommendation", ""), cells.get("number", "").strip()
        own, text = split_number(cell) if not number else (plain_number(number), cell.strip())
        if not cell.strip() or (self.current and self.is_current(cell.strip(), number, own, text)):
            scope = plain_scope(cells.get("scope", ""))
            if self.current is None or not scope or scope == self.current.scope or not cell.strip():
                if self.current and scope and not self.current.scope:
                    self.current = replace(self.current, scope=scope)
                return
        self.keep_current()
        self.raw = (cell.strip(), number)
        self.current = RecommendationLine(own, text, plain_scope(cells.get("scope", "")))
        if not re.search(r"\d", own) and not self.current.scope and FURNITURE.match(f"{own}: {text}" if own else text):
            self.furniture = f"{row.sheet} row {row.number}: “{text[:LONGEST_LINE]}”, which is no recommendation"

    def is_current(self, cell: str, number: str, own: str, text: str) -> bool:
        return (cell, number) in (self.raw, (self.raw[0], "")) or (
            self.current is not None and (own, text) == (self.current.number, self.current.text)
        )

    def target(self, row: Row, cells: Mapping[str, str]) -> Target | None:
        """The target; None where it is refused or must be asked."""
        reading = self.reading(cells)
        match reading:
            case Impossible():
                column = "revised" if cells.get("revised", "").strip() else "target"
                self.refuse(row, column, cells.get(column, ""), reading.why, reading.mend)
                return None
            case Asked():
                key = (reading.ask, "" if reading.ask == WHICH_QUARTERS else key_of(reading.text))
                before = self.asked.get(key) or Question(HEADINGS["target"], reading.text, reading.ask)
                self.asked[key] = replace(before, rows=(*before.rows, row.number))
                return None
        return reading

    def reading(self, cells: Mapping[str, str]) -> Reading:
        """What the target says; a revised one counts, and keeps the first in its words."""
        cell, revised = cells.get("target", ""), cells.get("revised", "").strip()
        reading = read_target(revised or cell, quarters=self.answers.quarters, answers=self.answers.texts)
        if isinstance(reading, Asked):
            reading = self.answered(reading, cells)
        if revised and cell.strip() and isinstance(reading, Target):
            return replace(reading, text=f"{cell.strip()} (revised: {revised})")
        return reading

    def answered(self, asked: Asked, cells: Mapping[str, str]) -> Reading:
        """What our own export says beside the text, or the one day that is given for all without a date."""
        if (worked_out := target_from_words(cells.get("worked_out", ""))) is not None:
            return replace(worked_out, text=asked.text)
        if self.answers.review_by and asked.ask == REVIEW_BY:
            return Target(asked.text, precision="review_by", review_by=self.answers.review_by)
        return asked

    def action(self, row: Row, cells: Mapping[str, str], target: Target) -> ActionLine:
        words, on, outcome = split_completion(cells.get("completion", ""), self.today)
        if extra := cells.get("outcome", "").strip():
            outcome = f"{outcome}\n{extra}" if outcome else extra
        if not words and not outcome:  # some plans say it where the target or the status stands
            for told in (target.text, cells.get("status", "")):
                said, day, _ = split_completion(told, self.today)
                if not words and says_done(said):
                    words, on = said, day
        milestones = "\n".join(filter(None, (cells.get(key, "").strip() for key in ("milestones", "progress"))))
        return ActionLine(
            text=cells["action"].strip(),
            lead_agency=" ".join(cells.get("lead_agency", "").split()),
            owner=" ".join(cells.get("owner", "").split()),
            milestones=milestones,
            target=target,
            completed_text=words,
            completed_on=on,
            outcome=outcome,
            status=begun(plain_status(cells.get("status") or cells.get("rag", "")), words, milestones, outcome),
            source=f"{self.source}, {row.sheet} row {row.number}" if self.source else "",
        )

    def refuse(self, row: Row, key: str, value: str, why: str, mend: str) -> bool:
        named = HEADINGS.get(key) or OTHERS.get(key, key.capitalize())
        self.result.refused.append(RefusedCell(row.sheet, row.number, named, value.strip()[:200], why, mend))
        return False


def begun(said: Status | None, completed_text: str, milestones: str, outcome: str) -> Status:
    """How far an action had come, going by what its row says. What is verified elsewhere is only claimed here."""
    if said in ENDED and said is not Status.VERIFIED:
        return said
    if completed_text:
        return Status.CLAIMED
    if said is None and outcome:
        said = plain_status(outcome)
    if said is not None:
        return Status.CLAIMED if said is Status.VERIFIED else said
    return Status.IN_PROGRESS if milestones or outcome else Status.NOT_STARTED
