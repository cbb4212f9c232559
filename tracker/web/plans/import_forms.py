"""What is asked about a spreadsheet that is to become a plan: the file, its columns, what its dates mean."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import ValidationError

from tracker.errors import Refused
from tracker.procedures.plan_columns import COLUMNS, heading_key
from tracker.procedures.plan_read import Question, Table
from tracker.procedures.target_dates import REVIEW_BY, WHICH_QUARTERS, Target, key_of, read_target
from tracker.web.file_fields import FileField, UploadForm
from tracker.web.forms import Asked, Choice, DayField, Form, Radios, RecordingForm, Select, Submit, TextField

MOST_ASKED = 40  # questions on one page; the rest come after
QUARTERS = (
    Choice("financial", "Financial: Q1 is April to June"),
    Choice("calendar", "Calendar: Q1 is January to March"),
)
LONGEST_SHOWN = 80  # characters


class ImportForm(UploadForm):
    """A spreadsheet."""

    file = FileField(
        "Action plan",
        hint="An Excel workbook (.xlsx) or CSV, up to 10 MB.",
        accept=".xlsx,.csv",
        required="Choose the file with the plan",
    )
    check = Submit("Check the file")


class ImportingForm(RecordingForm):
    """Imports what can be imported."""

    save = Submit("Import the plan")
    ready = Submit("Import the ready rows only", look="secondary")


class DiscardForm(Form):
    """Throws the file away."""

    discard = Submit("Throw the file away", look="secondary")


class MeaningsForm(Form):
    """What the dates of a file mean, each asked once."""

    asked: ClassVar[Mapping[str, Question]] = {}
    keep = Submit("Save the answers")

    def answers(self) -> dict[str, Any]:
        """What was answered, as `answer_upload` takes it."""
        fields = {name: self[name].data for name in ("quarters", "review_by") if name in self and self[name].data}
        if "review_by" in fields:
            fields["review_by"] = fields["review_by"].isoformat()
        texts = {key_of(each.value): self[name].data for name, each in self.asked.items() if self[name].data}
        return {**fields, "texts": texts}


def meanings_form(questions: Sequence[Question]) -> MeaningsForm:
    """The form that asks *questions*, the day for all that have none first."""
    fields: dict[str, Asked] = {}
    if any(each.ask == WHICH_QUARTERS for each in questions):
        value = next(each.value for each in questions if each.ask == WHICH_QUARTERS)
        fields["quarters"] = Radios(f"What are quarters of a single year, such as “{value}”?", QUARTERS)
    if any(each.ask == REVIEW_BY for each in questions):
        hint = "For every row that has no date, unless you answer for it below."
        fields["review_by"] = DayField("By when is what has no date to be reviewed?", hint=hint)
    texts = {
        "text_" + hashlib.sha256(f"{each.ask} {key_of(each.value)}".encode()).hexdigest()[:12]: each
        for each in questions[:MOST_ASKED]
        if each.ask != WHICH_QUARTERS
    }
    for name, each in texts.items():
        words = " ".join(each.value.split())[:LONGEST_SHOWN]
        label, means = f"“{words}”: {each.ask}", Meaning(each)
        fields[name] = TextField(label, hint=hint_of(each), limit=200, width=20, validators=[means])
    made = type("MeaningsForm", (MeaningsForm,), {"asked": texts, **fields})
    form: MeaningsForm = made()
    return form


def hint_of(question: Question) -> str:
    rows = ", ".join(map(str, question.rows[:8])) + (" and more" if question.rows[8:] else "")
    return f"{'Row' if len(question.rows) == 1 else 'Rows'} {rows}. Write it as in a plan: 31 March 2027, Q3 2026-27."


class Meaning:
    """Checks that an answer says what the text means."""

    def __init__(self, question: Question) -> None:
        self.question = question

    def __call__(self, form: Form, field: TextField) -> None:
        """Raises ValidationError: it would be asked again."""
        if not field.data:
            return
        answers = {key_of(self.question.value): field.data}
        reading = read_target(self.question.value, answers=answers)
        if not isinstance(reading, Target):
            why = getattr(reading, "why", "")
            raise ValidationError(f"{why}. Enter another date" if why else "Enter a date, such as 31 March 2027")


class ColumnsForm(Form):
    """Which of our columns each heading of a file is."""

    asked: ClassVar[Mapping[str, str]] = {}
    keep = Submit("Save the columns")

    def columns(self) -> dict[str, str]:
        """The column chosen by heading, as `name_columns` takes it."""
        return {heading: self[name].data or "" for name, heading in self.asked.items()}

    def refuse(self, refusal: Refused) -> None:
        """Puts *refusal* beside the heading it names."""
        name = next((name for name, heading in self.asked.items() if heading == refusal.field), "")
        super().refuse(Refused(refusal.message, field=name))


def columns_form(tables: Sequence[Table]) -> ColumnsForm:
    """The form that asks about every heading of the tables, once each."""
    fields: dict[str, Any] = {}
    asked: dict[str, str] = {}
    for table in tables:
        for heading, taken, sample in zip(table.headings, table.taken, table.samples, strict=False):
            key = heading_key(heading)
            name = "column_" + hashlib.sha256(key.encode()).hexdigest()[:12]
            if not heading.strip() or name in fields:
                continue
            asked[name] = key
            hint = f"For example: {sample}" if sample else "Its first rows are empty."
            words = " ".join(heading.split())
            choices = [Choice(column, label) for column, label in COLUMNS.items()]
            default = taken if taken in COLUMNS else ""
            fields[name] = Select(words, choices, hint=hint, blank="Leave it out", default=default)
    form: ColumnsForm = type("ColumnsForm", (ColumnsForm,), {"asked": asked, **fields})()
    return form
