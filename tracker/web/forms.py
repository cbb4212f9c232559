"""What a form is: its questions, what is wrong with the answers, and a refusal beside the answer it is about.

A view imports everything a form needs from here. The fields are in fields.py, choice_fields.py and
day_fields.py, their markup in templates/macros/fields.html.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import SUBMIT_METHODS
from markupsafe import Markup
from wtforms import Field, HiddenField
from wtforms.widgets import HiddenInput

from tracker.errors import Refused
from tracker.procedures.vocabulary import Question
from tracker.web.choice_fields import Checkboxes, Choice, Radios, Select
from tracker.web.day_fields import ApproximateDayField, DayField
from tracker.web.fields import (
    Asked,
    EmailField,
    LongTextField,
    PasswordField,
    Submit,
    TextField,
    WholeNumber,
    first,
    without_unfit,
)

__all__ = [
    "AnswersForm",
    "ApproximateDayField",
    "Asked",
    "Checkboxes",
    "Choice",
    "DayField",
    "EmailField",
    "Form",
    "HiddenSubmission",
    "HiddenVersion",
    "LongTextField",
    "PasswordField",
    "Problem",
    "Radios",
    "RecordingForm",
    "Select",
    "Submit",
    "TextField",
    "WholeNumber",
    "form_for",
]

OUT_OF_DATE = "This page was damaged or out of date. Nothing has been saved: check your answers and send them again"
MOST_RADIOS = 7  # more choices than this are offered as a select
FROM_REQUEST: Any = object()


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the error summary. `target`: the input it links to, empty if it is about no one input."""

    message: str
    target: str = ""


class HiddenVersion(HiddenField):
    """The version of the case that the form was drawn from."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Takes a whole number and nothing else; without one, the form is drawn again from the present version."""
        sent = first(valuelist)
        if not re.fullmatch(r"[0-9]{1,9}", sent):
            raise ValueError(OUT_OF_DATE)
        self.data: Any = int(sent)


class HiddenSubmission(HiddenField):
    """A key made when the form is first drawn and used up when it records something: a resend has the same key."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Takes a key such as we make; without one, the form is drawn again with a new key."""
        sent = first(valuelist)
        if not re.fullmatch(r"[A-Za-z0-9_-]{16,64}", sent):
            raise ValueError(OUT_OF_DATE)
        self.data = sent


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form. Its data come from the request that posts it, or, for a form of filters, from the *formdata* given."""

    answer_prefix: ClassVar[str] = ""

    def __init__(self, formdata: Any = FROM_REQUEST, **kwargs: Any) -> None:
        """Draws what was posted, or else the *kwargs* as first answers.

        Flask-WTF would draw the first answers again after an empty post, and take files and JSON for text.
        """
        if formdata is FROM_REQUEST:
            formdata = request.form if request.method in SUBMIT_METHODS else None
        super().__init__(formdata=formdata, **kwargs)

    def refuse(self, refusal: Refused) -> None:
        """Puts *refusal* beside the field it names, or at the top of the summary if the form has no such field."""
        field = self._fields.get(self.answer_prefix + refusal.field) or self._fields.get(refusal.field)
        if isinstance(field, Asked):
            field.errors = [*field.errors, refusal.message]
        else:
            self.form_errors.append(refusal.message)

    def problems(self) -> list[Problem]:
        """What is wrong, for the error summary: the whole form first, then field by field as they are drawn."""
        fields: list[Field] = list(self)
        asked = [
            Problem(field.errors[0], field.target) for field in fields if isinstance(field, Asked) and field.errors
        ]
        unseen = [field for field in fields if not isinstance(field, Asked) and field.errors]
        whole = [Problem(message) for message in self.form_errors]
        return whole + [Problem(OUT_OF_DATE)] * bool(unseen) + asked

    def hidden_tag(self) -> Markup:
        """The hidden fields, without ids: a page may hold several forms."""
        hidden = [field for field in self if isinstance(field.widget, HiddenInput)]
        return Markup("\n").join(
            Markup('<input type="hidden" name="{}" value="{}">').format(field.name, without_unfit(str(field._value())))
            for field in hidden
        )


class RecordingForm(Form):
    """A form that records something on a case: of which version it speaks, and a key that makes it count once.

    Give the version when making it: `DecisionForm(version=case.version)`.
    """

    version = HiddenVersion()
    submission = HiddenSubmission(default=lambda: secrets.token_urlsafe(24))


class AnswersForm(RecordingForm):
    """A form made from a procedure's questions. What it asks besides is for whoever extends it."""

    questions: ClassVar[tuple[Question, ...]] = ()

    def answers(self) -> dict[str, str]:
        """What was answered, as text by the questions' keys. A question without an answer is left out."""
        texts = {question.key: as_text(self.answer_field(question.key).data) for question in self.questions}
        return {key: text for key, text in texts.items() if text}

    def answer_field(self, key: str) -> Asked:
        """The field that asks the question *key*."""
        field: Asked = self._fields[self.answer_prefix + key]
        return field

    def asked(self) -> list[Asked]:
        """The questions' fields, in their order: `{% for field in form.asked() %}{{ field }}{% endfor %}`."""
        return [self.answer_field(question.key) for question in self.questions]


def as_text(answer: object) -> str:
    """An answer as a case keeps it: dates as 2025-01-31, several choices joined with ", "."""
    if isinstance(answer, list):
        return ", ".join(answer)
    return "" if answer is None else str(answer)


def form_for(
    questions: Sequence[Question],
    *,
    base: type[RecordingForm] = RecordingForm,
    prefix: str = "answer_",
    agencies: Sequence[str] = (),
    offers: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    answers: Mapping[str, str] | None = None,
) -> type[AnswersForm]:
    """A form class that asks *questions*, after whatever *base* asks.

    Args:
        prefix: goes before each key, because a field called `data` would break WTForms.
        agencies: who may be chosen where a question asks for an agency; without them its name is typed.
        offers: by key, the (value, label)s of a question whose choices depend on the case.
        answers: what the questions were answered before, shown as first answers.
    """
    offered, given = offers or {}, answers or {}
    fields = {
        prefix + question.key: field_for(
            question, offered.get(question.key, question.choices), agencies, given.get(question.key, "")
        )
        for question in questions
    }
    bases = (base,) if issubclass(base, AnswersForm) else (AnswersForm, base)
    return type("AnswersForm", bases, {"questions": tuple(questions), "answer_prefix": prefix, **fields})


def field_for(question: Question, choices: Sequence[tuple[str, str]], agencies: Sequence[str], answer: str) -> Field:
    """The field that asks *question*, with *answer* as its first answer.

    The question's own `default` is for case files: a person is asked, and nothing is chosen for them.
    """
    kind: type[Asked] = TextField
    more: dict[str, Any] = {"default": answer}
    match question.kind:
        case "long_text":
            kind = LongTextField
        case "choice":
            kind, more["choices"] = Radios if len(choices) <= MOST_RADIOS else Select, choices
        case "choices":
            kind, more = Checkboxes, {"choices": choices, "default": answer.split(", ") if answer else []}
        case "yes_no":
            kind, more["choices"], more["inline"] = Radios, [("yes", "Yes"), ("no", "No")], True
        case "date":
            kind, more["default"] = DayField, as_date(answer)
        case "number":
            kind, more["default"] = WholeNumber, int(answer) if answer.isdecimal() else None
        case "agency" if agencies:
            kind, more["choices"] = Select, [(name, name) for name in agencies]
    if question.hint:
        more["hint"] = question.hint
    if question.required:
        more["required"] = missing_message(question)
    return kind(question.label, optional=not question.required, **more)


def missing_message(question: Question) -> str:
    """What a required question says when it is not answered."""
    verb = {
        "choice": "Select an answer to",
        "choices": "Select an answer to",
        "yes_no": "Select an answer to",
        "date": "Enter a date for",
        "number": "Enter a number for",
    }.get(question.kind, "Answer")
    return f"{verb} ‘{question.label}’"


def as_date(text: str) -> date | None:
    """The date that *text* is, if it is one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
