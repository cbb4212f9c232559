"""Questions answered by choosing: radios, checkboxes, selects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from tracker.web.fields import Asked, Drawn, first


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose: what is kept, what is read, and perhaps a line that explains it."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A choice as drawn."""

    id: str
    value: str
    label: str
    hint: str
    chosen: bool


Choices = Sequence[Choice | tuple[str, str]]


class Choosing(Asked):
    """What radios, checkboxes and selects share. `choices` may be set after the form is made."""

    inline = False

    def __init__(self, label: str, choices: Choices = (), *, small: bool = False, **rest: Any) -> None:
        """*choices* as `Choice`s or (value, label); *small* for long lists."""
        super().__init__(label, **rest)
        self.choices = choices
        self.small = small

    def offered(self) -> list[Choice]:
        """The choices, each as a `Choice`."""
        return [choice if isinstance(choice, Choice) else Choice(*choice) for choice in self.choices]

    def chosen(self) -> set[str]:
        """The values chosen."""
        return {self.data} if self.data else set()

    @property
    def items(self) -> list[Item]:
        """The choices as drawn. The first has the field's own id, so that an error link lands on it."""
        chosen = self.chosen()
        return [
            Item(
                f"{self.id}-{place}" if place > 1 else self.id, each.value, each.label, each.hint, each.value in chosen
            )
            for place, each in enumerate(self.offered(), start=1)
        ]

    def process_data(self, value: Any) -> None:
        """Nothing chosen is empty, not None."""
        self.data = value or ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """The value sent; whether it was offered is asked later, because choices may be set after the form is made."""
        self.data = first(valuelist)

    def pre_validate(self, form: BaseForm) -> None:
        """Refuses what was not offered."""
        super().pre_validate(form)
        if not self.chosen() <= {choice.value for choice in self.offered()}:
            raise StopValidation(self.required or f"{self.called} must be one of those listed")


class Radios(Choosing):
    """One of a few. Its answer is the value chosen, empty where there is none."""

    widget = Drawn("radios")

    def __init__(self, label: str, choices: Choices = (), *, inline: bool = False, **rest: Any) -> None:
        """*inline*: side by side, for two short choices."""
        super().__init__(label, choices, **rest)
        self.inline = inline


class Checkboxes(Choosing):
    """Any of a few. Its answer is the list of values chosen, in the order offered."""

    widget = Drawn("checkboxes")

    def chosen(self) -> set[str]:
        """The values chosen."""
        return set(self.data)

    def process_data(self, value: Any) -> None:
        """Nothing chosen is an empty list."""
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Every value sent, once, in the order offered."""
        sent = [value for value in valuelist if isinstance(value, str)]
        order = [choice.value for choice in self.offered()]
        self.data = sorted(dict.fromkeys(sent), key=lambda value: order.index(value) if value in order else len(order))


class Select(Choosing):
    """One of many, where radios would fill the page. *blank*: the words for no answer, None to offer none."""

    widget = Drawn("select")

    def __init__(self, label: str, choices: Choices = (), *, blank: str | None = "", **rest: Any) -> None:
        super().__init__(label, choices, **rest)
        self.blank = blank
