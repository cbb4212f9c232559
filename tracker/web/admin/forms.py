"""What administration asks."""

from collections.abc import Callable
from typing import ClassVar

from wtforms import Field
from wtforms.widgets import HiddenInput

from tracker import clock
from tracker.errors import NotPermitted, Refused
from tracker.web.forms import DayField, EmailField, Form, Select, Submit, TextField

KINDS = ("police", "council", "health", "fire", "probation", "housing", "voluntary")


def carried_out(form: Form, change: Callable[[], object]) -> bool:
    """Whether the form was sent, was sound, and *change* was made; a refusal of it is put beside its field."""
    if not form.validate_on_submit():
        return False
    try:
        change()
    except NotPermitted:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


class AskForm(Form):
    """A form that one page asks whole. `order`: the fields that come first; the others follow as they were declared."""

    order: ClassVar[tuple[str, ...]] = ()

    def seen(self) -> list[Field]:
        """The fields that are drawn, in their order."""
        drawn = [field for field in self if not isinstance(field.widget, HiddenInput)]
        first = [field for name in self.order for field in drawn if field.name == name]
        return first + [field for field in drawn if field not in first]


def kind_field() -> TextField:
    examples = f"For example {', '.join(KINDS[:-1])} or {KINDS[-1]}"
    return TextField("What sort of body is it?", hint=examples, limit=40, width=20, optional=True)


class AgencyForm(AskForm):
    """A new agency."""

    name = TextField("Name of the agency", required="Enter the name of the agency")
    kind = kind_field()
    save = Submit("Add the agency")


class KindForm(AskForm):
    """What sort of body an agency is."""

    kind = kind_field()
    save = Submit("Save")


class RenameForm(AskForm):
    """What an agency is called from a day on."""

    name = TextField("New name", required="Enter the new name")
    on = DayField("From which day?", required="Enter the day from which it has the new name", default=clock.today)
    save = Submit("Rename the agency")


class MergeForm(AskForm):
    """Which agency answers for this one from a day on."""

    into = Select("Which agency answers for it now?", required="Select which agency answers for it now")
    on = DayField("From which day?", required="Enter the day from which the other answers for it", default=clock.today)
    save = Submit("Merge the agencies")


class RetireForm(AskForm):
    """The day on which an agency stopped."""

    on = DayField("On which day did it stop?", required="Enter the day on which it stopped", default=clock.today)
    save = Submit("Retire the agency", look="warning")


class ContactForm(AskForm):
    """Somebody to write to."""

    name = TextField("Name", required="Enter a name", width=30)
    email = EmailField(autocomplete="off", required="Enter an email address")
    save = Submit("Save the contact")


class ThemeForm(AskForm):
    """What a theme of findings is called."""

    name = TextField("Name of the theme", required="Enter the name of the theme", limit=200)
    save = Submit("Save the theme")


class ConfirmForm(AskForm):
    """Nothing but a button."""

    save = Submit("Confirm")

    def __init__(self, words: str, look: str = "") -> None:
        super().__init__()
        self.save.label.text, self.save.look = words, look
