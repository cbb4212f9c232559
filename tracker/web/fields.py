"""The questions a form can ask, and what a well-formed answer to each is.

A field strips and checks what was typed and keeps it to be shown again; whether the answer is allowed is for the rules.
Each is drawn by the macro of templates/macros/fields.html that its widget names. `required` is the message for no
answer at all; a field without one may be left empty. Choices are in choice_fields.py, days in day_fields.py.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from tracker.procedures.visible_text import LONGEST_LINE, stripped
from tracker.services.addresses import EMAIL, LONGEST_EMAIL

LONGEST_TEXT = 20_000  # characters
LONGEST_NUMBER = 9  # figures

SURROGATES = range(0xD800, 0xE000)
NO_CHARACTERS = range(0xFDD0, 0xFDF0)
LAST_OF_PLANE = (0xFFFE, 0xFFFF)


class Drawn:
    """A widget: the macro of this name, given the field."""

    def __init__(self, macro: str) -> None:
        self.macro = macro

    def __call__(self, field: Field, **_: Any) -> Markup:
        """The field as HTML. Needs an application context, which a page always has."""
        macros = current_app.jinja_env.get_template("macros/fields.html").module
        drawn: Markup = getattr(macros, self.macro)(field)
        return drawn


class Asked(Field):
    """A question with a label, perhaps a hint, and one error at a time."""

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        required: str = "",
        optional: bool = False,
        as_heading: bool = False,
        **rest: Any,
    ) -> None:
        """Asks *label*, followed by "(optional)" if the form says so. *as_heading*: the question is the page's h1."""
        super().__init__(label, description=hint, **rest)
        self.hint = hint
        self.required = required
        self.optional = optional
        self.as_heading = as_heading

    @property
    def called(self) -> str:
        """How a message speaks of the answer."""
        return "Your answer" if self.label.text.endswith("?") else self.label.text

    @property
    def described_by(self) -> str:
        """The ids of the hint and the error, for `aria-describedby`."""
        ids = [f"{self.id}-hint"] * bool(self.hint) + [f"{self.id}-error"] * bool(self.errors)
        return " ".join(ids)

    @property
    def target(self) -> str:
        """The id of the input that a link from the error summary lands on."""
        return self.id

    def is_answered(self) -> bool:
        """Whether anything was answered, well formed or not."""
        return bool(self.data)

    def pre_validate(self, form: BaseForm) -> None:
        """One error at a time: what is malformed, else what is missing, else whatever the validators find."""
        if self.errors:
            raise StopValidation
        if not self.is_answered():
            raise StopValidation(self.required)


def is_unfit(character: str) -> bool:
    """Whether *character* can be neither stored nor shown: a control other than tab and line end, or no character."""
    if unicodedata.category(character) == "Cc":
        return character not in "\t\n"
    code = ord(character)
    return code in SURROGATES or code in NO_CHARACTERS or code % 0x10000 in LAST_OF_PLANE


def with_plain_line_ends(text: str) -> str:
    """*text* with every line end as one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def without_unfit(text: str) -> str:
    """*text* without what can be neither stored nor shown."""
    return "".join(character for character in with_plain_line_ends(text) if not is_unfit(character))


def has_unfit(text: str) -> bool:
    """Whether *text* holds anything that can be neither stored nor shown."""
    return any(map(is_unfit, with_plain_line_ends(text)))


def first(values: Iterable[object]) -> str:
    """The first of the values sent under one name that is text, else nothing: anything may be sent, files too."""
    return next((value for value in values if isinstance(value, str)), "")


class TextField(Asked):
    """One line. Its answer is text without blanks at the ends, empty where there is none."""

    widget = Drawn("input")
    input_type = "text"
    input_mode = ""
    spellcheck = True
    holds_lines = False

    def __init__(
        self, label: str, *, limit: int = LONGEST_LINE, width: int = 0, autocomplete: str = "off", **rest: Any
    ) -> None:
        """*limit* in characters; *width* too, one of GOV.UK's (2, 3, 4, 5, 10, 20, 30), or 0 for the column.

        `suggestions`, set after the form is made, are what the browser offers while one types.
        """
        super().__init__(label, **rest)
        self.limit = limit
        self.width = width
        self.autocomplete = autocomplete
        self.suggestions: Sequence[str] = ()

    @property
    def shown(self) -> str:
        """What the input shows."""
        shown: str = self.data
        return shown

    def process_data(self, value: str | None) -> None:
        """No text is the empty text."""
        self.data = value or ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keeps what was typed, without what cannot be shown, so that sending it again mends that."""
        typed = first(valuelist)
        self.data = stripped(without_unfit(typed))
        if unfit := len(with_plain_line_ends(typed)) - len(without_unfit(typed)):
            which = "a control character" if unfit == 1 else f"{unfit} control characters"
            raise ValueError(
                f"{self.called} included {which} that cannot be kept. What can be kept is shown: "
                "check it and send it again"
            )
        if not self.holds_lines and re.search(r"[\n\t]", self.data):
            raise ValueError(f"{self.called} must be on one line")
        if len(self.data) > self.limit:
            raise ValueError(f"{self.called} must be {self.limit:,} characters or fewer. It has {len(self.data):,}")


class LongTextField(TextField):
    """Several lines, kept as typed between the first and the last word."""

    widget = Drawn("textarea")
    holds_lines = True

    def __init__(self, label: str, *, limit: int = LONGEST_TEXT, rows: int = 6, **rest: Any) -> None:
        """*limit* in characters; *rows* are what is seen, not a limit."""
        super().__init__(label, limit=limit, **rest)
        self.rows = rows


class EmailField(TextField):
    """An email address."""

    input_type = "email"
    spellcheck = False

    def __init__(
        self, label: str = "Email address", *, autocomplete: str = "email", width: int = 30, **rest: Any
    ) -> None:
        super().__init__(label, limit=LONGEST_EMAIL, width=width, autocomplete=autocomplete, **rest)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Checks the shape only: whether the address exists is not known here."""
        super().process_formdata(valuelist)
        if self.data and not EMAIL.fullmatch(self.data):
            raise ValueError("Enter an email address in the correct format, like name@example.com")


class PasswordField(TextField):
    """A secret: kept exactly as typed, never shown again. *autocomplete*: current-password or new-password."""

    input_type = "password"
    spellcheck = False

    def __init__(
        self, label: str = "Password", *, autocomplete: str = "current-password", width: int = 30, **rest: Any
    ) -> None:
        super().__init__(label, limit=1000, width=width, autocomplete=autocomplete, **rest)

    @property
    def shown(self) -> str:
        """Nothing, ever."""
        return ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Takes any characters; only the length has an end, because a hash of a very long one is slow."""
        self.data = first(valuelist)
        if len(self.data) > self.limit:
            raise ValueError(f"{self.called} must be {self.limit:,} characters or fewer")


class WholeNumber(Asked):
    """A whole number, `None` where there is none. *least* and *most* are allowed themselves."""

    widget = Drawn("input")
    input_type = "text"
    input_mode = "numeric"
    autocomplete = "off"
    spellcheck = False

    def __init__(self, label: str, *, least: int = 0, most: int | None = None, width: int = 5, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.least = least
        self.most = most
        self.width = width
        self.typed = ""

    @property
    def shown(self) -> str:
        """What was typed, else the number."""
        return self.typed or ("" if self.data is None else str(self.data))

    def is_answered(self) -> bool:
        """Zero is an answer."""
        return self.data is not None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Takes figures, with or without thousands separators."""
        self.data = None
        sent = first(valuelist)
        self.typed = without_unfit(sent).strip()[:LONGEST_LINE]
        if not sent.strip(" \t\r\n"):
            return
        figures = re.sub(r"[,\s]", "", self.typed)
        if has_unfit(sent) or not re.fullmatch(rf"-?[0-9]{{1,{LONGEST_NUMBER}}}", figures):
            raise ValueError(f"{self.called} must be a whole number, like 12")
        number = int(figures)
        if number < self.least:
            raise ValueError(f"{self.called} must be {self.least:,} or more")
        if self.most is not None and number > self.most:
            raise ValueError(f"{self.called} must be {self.most:,} or fewer")
        self.data = number


class Submit(Field):
    """A button that sends the form; `data` says whether it was this one. *look*: secondary or warning."""

    widget = Drawn("submit")
    errors = ()

    def __init__(self, label: str, *, look: str = "", **rest: Any) -> None:
        super().__init__(label, **rest)
        self.look = look

    def process_formdata(self, valuelist: list[Any]) -> None:
        """A browser sends the name of the button that was pressed, and no other's."""
        self.data = bool(valuelist)
