"""An action plan in the Home Office template's columns: as a workbook, and as what may be published."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tracker.exports.registers import Register, Value, as_csv, as_xlsx
from tracker.models.plans import Plan
from tracker.procedures.calendars import spelled
from tracker.procedures.plan_cells import joined_completion, joined_number, split_number
from tracker.procedures.plan_columns import HEADINGS, OURS
from tracker.procedures.plan_file import ActionLine, RecommendationLine
from tracker.procedures.plan_status import STATUS_WORDS
from tracker.procedures.target_words import worked_out
from tracker.queries.plans import recommendation_lines

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The ways a plan is given out: what each file is, and how its name ends.
KINDS = {
    "xlsx": (XLSX, "xlsx"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "pdf": ("application/pdf", "pdf"),
    "public": (XLSX, "xlsx"),
}
SHEET = "Action plan"


@dataclass(frozen=True, slots=True)
class PlanExport:
    """A plan as it is given out. `public`: without owners' names, and without what is only of use to who keeps it."""

    plan: Plan
    by: str
    on: date
    public: bool = False

    @property
    def title(self) -> str:
        """What it is called, without anybody's name."""
        return f"{self.plan.title}, {self.plan.case.reference}" if self.plan.case else self.plan.title

    @property
    def notes(self) -> list[tuple[str, str]]:
        made = [("Plan", self.title), ("As at", spelled(self.on))]
        return made if self.public else [*made, ("Made by", self.by), ("Marking", "OFFICIAL-SENSITIVE")]


def plan_xlsx(export: PlanExport) -> bytes:
    return as_xlsx(register_of(export))


def register_of(export: PlanExport) -> Register:
    """The template's columns; for who keeps the plan also ours, that it may come in again as it is."""
    columns = (*HEADINGS.values(), *(() if export.public else OURS.values()))
    lines = recommendation_lines(export.plan, export.on)
    rows = [row[: len(columns)] for row in rows_of(lines, export.on, public=export.public)]
    return Register(SHEET, export.notes, columns, rows)


def rows_of(lines: Iterable[RecommendationLine], on: date, *, public: bool = False) -> Iterator[list[Value]]:
    """The columns of the template and ours. A number that its recommendation's cell cannot tell has its own column."""
    for line in lines:
        joined = joined_number(line.number, line.text)
        is_told = public or split_number(joined) == (line.number, line.text)
        first, number = [joined if is_told else line.text, line.scope], "" if is_told else line.number
        if not line.actions:
            yield [*first, *[""] * (len(HEADINGS) + len(OURS) - 3), number]
        for action in line.actions:
            yield [*first, *action_cells(action, on), number]
            first, number = ["", ""], ""  # as merged cells read


def action_cells(action: ActionLine, on: date) -> list[Value]:
    return [
        action.text,
        action.lead_agency,
        action.milestones,
        action.target.text,
        joined_completion(action.completed_text or day_words(action.completed_on), action.outcome, on),
        action.owner,
        worked_out(action.target),
        STATUS_WORDS[action.status],
        action.rating or "",
    ]


def day_words(day: date | None) -> str:
    return spelled(day) if day else ""


def plan_file(export: PlanExport, kind: str) -> bytes:
    """The plan as xlsx, csv or pdf; a `public` one as xlsx."""
    if kind == "pdf":
        # ReportLab is slow to load: whoever wants no PDF does not wait for it.
        from tracker.exports.plan_pdf import plan_pdf  # noqa: PLC0415

        return plan_pdf(export)
    if kind == "csv":
        return as_csv(register_of(export))
    return plan_xlsx(export)
