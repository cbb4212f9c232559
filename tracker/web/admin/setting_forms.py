"""What is asked about each kind of local setting, and the value it comes to."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from wtforms.validators import ValidationError

from tracker import clock
from tracker.models.setting_changes import LONGEST_LABEL
from tracker.procedures import editions_of
from tracker.procedures.ladder import Ladder
from tracker.procedures.periods import UNITS, UNITS_BEFORE, period_from
from tracker.procedures.plan_status import DUE_SOON, MOST_DUE_SOON
from tracker.procedures.settings import MOST_COUNT
from tracker.procedures.threshold import MOST_COMPLAINTS_NEEDED, ThresholdSettings
from tracker.procedures.vocabulary import CLOSED, Authority, DeadlineRule, Procedure, Trigger
from tracker.queries.settings import Preview
from tracker.web.admin.forms import AskForm
from tracker.web.admin.setting_words import counts_back, known_rule
from tracker.web.filters import quantity
from tracker.web.forms import DayField, EmailField, Radios, Select, Submit, TextField, WholeNumber

ABOUT = "It holds from the day you give. You see what it touches before it is applied."
ASKED_OF_NEW = "It is asked of applications made from that day and recorded from now on; the others keep what they had"
LENGTHS = {
    "working_days": "Working days",
    "days": "Days",
    "months": "Months",
    "months_beginning": "Months, that day counted",
}
LONGEST_NUMBER = 9  # figures


class SettingForm(AskForm):
    """A choice, and the day from which it holds."""

    template = "admin/ask.html"
    about = "What holds now keeps its dates until that day. You see what would move before anything is applied."
    on = DayField("From which day?", required="Enter the day from which it holds", default=clock.today)
    save = Submit("See what it moves")

    @classmethod
    def holding(cls, key: str, value: Any) -> "SettingForm":
        """The form of a setting with what holds now as first answers. *value*: None where nothing was settled."""
        return cls()

    def value(self) -> object:
        """The choice as it is recorded. Here: that something has begun."""
        return True

    def warnings(self) -> tuple[str, ...]:
        """What to think of before it applies."""
        return ()

    def says(self, preview: Preview) -> str:
        """What it would touch, in a line."""
        return f"It moves dates of {quantity(preview.cases, 'case')}" if preview.cases else "It moves no date now"


class RuleForm(SettingForm):
    """How long a deadline runs; what starts it and what meets it, where there is a choice."""

    length = WholeNumber("How long?", least=1, most=600, required="Enter how long it runs")
    unit = Radios("Counted in", required="Select what it is counted in")
    starts = Select("What starts it?", blank=None)
    met_by = Select("What meets it?", hint="Or any step after it in this list", blank=None)
    order = ("length", "unit", "starts", "met_by")
    rule: DeadlineRule
    held: Mapping[str, Any]

    @classmethod
    def holding(cls, key: str, value: Any) -> "RuleForm":
        procedure, rule = known_rule(key)
        held: Mapping[str, Any] = value or {}
        units = UNITS_BEFORE if counts_back(rule) else UNITS
        unit = next((unit for unit, period in units.items() if type(rule.period) is period), "")
        form = cls(
            length=held.get("length", getattr(rule.period, "count", None)),
            unit=held.get("unit", unit),
            starts=held.get("from", rule.starts[0].step),
            met_by=held.get("met_by", rule.met_by[0].step),
        )
        form.rule, form.held = rule, held
        form.unit.choices = [(key, words) for key, words in LENGTHS.items() if key in units]
        form.starts.choices = named(procedure, starts_of(procedure, rule))
        form.met_by.choices = named(procedure, rule.met_by_settings)
        for name in ("starts", "met_by"):
            if len(form[name].choices) <= 1:
                del form[name]
        if "starts" not in form and (started := held.get("from")):
            form.about = f"{cls.about} It runs from “{procedure.known_step(started).phrase}”, as was settled before."
        return form

    def value(self) -> object:
        """Every part, so that what is not asked here is kept."""
        chosen = {"length": self.length.data, "unit": self.unit.data}
        for part, name in (("from", "starts"), ("met_by", "met_by")):
            if name in self and self[name].data:
                chosen[part] = self[name].data
        return {**self.held, **chosen}

    def warnings(self) -> tuple[str, ...]:
        rule = self.rule
        local = rule.length_is_local or rule.source.authority is Authority.LOCAL
        period = period_from(self.length.data, self.unit.data, before=counts_back(rule))
        if local or period == rule.period:
            return ()
        return (f"{rule.source} asks for {rule.period.words()}.",)


class ComplaintsForm(SettingForm):
    """How many qualifying complaints the statutory test asks for."""

    about = ABOUT
    needed = WholeNumber("How many qualifying complaints?", least=1, most=MOST_COUNT, required="Enter how many")
    save = Submit("See what it touches")
    order = ("needed",)

    @classmethod
    def holding(cls, key: str, value: Any) -> "ComplaintsForm":
        return cls(needed=value or MOST_COMPLAINTS_NEEDED)

    def value(self) -> object:
        return self.needed.data

    def warnings(self) -> tuple[str, ...]:
        return ThresholdSettings(self.needed.data).warnings()

    def says(self, preview: Preview) -> str:
        return ASKED_OF_NEW


class LadderForm(SettingForm):
    """When a deadline is brought to mind, and when its lateness goes to managers."""

    about = ABOUT
    before = TextField("Days before the date", hint="For example, 14, 7, 2. Empty for none", optional=True, width=20)
    after_first = WholeNumber(
        "Days after the date, the first time", least=1, most=60, required="Enter how many days after the first is"
    )
    after_every = WholeNumber("Then every so many days", least=1, most=60, required="Enter every how many days")
    escalate = TextField(
        "Days after the date, to managers", hint="For example, 7, 14. Empty for none", optional=True, width=20
    )
    save = Submit("See what it touches")
    order = ("before", "after_first", "after_every", "escalate")

    @classmethod
    def holding(cls, key: str, value: Any) -> "LadderForm":
        held = value or {}
        usual = Ladder()
        return cls(
            before=listed_days(held.get("before", usual.before), latest_first=True),
            after_first=held.get("after_first", usual.after_first),
            after_every=held.get("after_every", usual.after_every),
            escalate=listed_days(held.get("escalate", usual.escalate)),
        )

    def validate_before(self, field: TextField) -> None:
        days_typed(field.data)

    def validate_escalate(self, field: TextField) -> None:
        days_typed(field.data)

    def value(self) -> object:
        return {
            "before": days_typed(self.before.data),
            "after_first": self.after_first.data,
            "after_every": self.after_every.data,
            "escalate": days_typed(self.escalate.data),
        }

    def says(self, preview: Preview) -> str:
        if not preview.reminded:
            return "No open deadline would be brought to mind on another day"
        return f"{quantity(preview.reminded, 'open deadline')} would be brought to mind next on another day"


class DueSoonForm(SettingForm):
    """How long before its target an action is amber."""

    about = ABOUT
    days = WholeNumber(
        "How many days before its target is an action amber?",
        least=1,
        most=MOST_DUE_SOON,
        required="Enter how many days",
    )
    save = Submit("See what it touches")
    order = ("days",)

    @classmethod
    def holding(cls, key: str, value: Any) -> "DueSoonForm":
        return cls(days=value or DUE_SOON)

    def value(self) -> object:
        return self.days.data

    def says(self, preview: Preview) -> str:
        if not preview.rated:
            return "No action would have another rating on that day. No date moves"
        return f"{quantity(preview.rated, 'action')} would have another rating on that day. No date moves"


def listed_days(days: Iterable[int], *, latest_first: bool = False) -> str:
    return ", ".join(str(day) for day in sorted(days, reverse=latest_first))


def days_typed(text: str) -> list[int]:
    """The numbers in "14, 7 and 2". Raises ValidationError where there is anything else."""
    words = re.sub(r"\band\b", ",", text)
    if not re.fullmatch(r"[0-9,\s]*", words):
        raise ValidationError("Enter whole numbers of days, like 14, 7, 2")
    numbers = re.findall(r"[0-9]+", words)
    return [int(number[:LONGEST_NUMBER]) for number in numbers]


class LabelForm(SettingForm):
    """What a kind of review is called."""

    about = ABOUT
    label = TextField(
        "What are these reviews called?",
        hint="For example, Domestic abuse related death review",
        limit=LONGEST_LABEL,
        required="Enter what they are called",
    )
    save = Submit("See what it touches")
    order = ("label",)

    @classmethod
    def holding(cls, key: str, value: Any) -> "LabelForm":
        return cls(label=value or editions_of(key.partition(".")[0])[0].title)

    def value(self) -> object:
        return self.label.data

    def says(self, preview: Preview) -> str:
        return "Pages will call these reviews so. No date moves, and exported histories keep the name in the law"


class WarningForm(SettingForm):
    """Whether a word of warning stands before what may distress."""

    about = ABOUT
    warn = Radios("Warn before texts that may distress?", [("yes", "Yes"), ("no", "No")], required="Select yes or no")
    order = ("warn",)

    @classmethod
    def holding(cls, key: str, value: Any) -> "WarningForm":
        return cls(warn="yes" if value in (True, "yes") else "no")

    def value(self) -> object:
        return self.warn.data == "yes"


class HelpForm(SettingForm):
    """Whom every page names for help."""

    about = ABOUT
    name = TextField("Name", required="Enter whom to ask", width=30)
    email = EmailField(autocomplete="off", optional=True)
    phone = TextField("Telephone", width=20, optional=True)
    order = ("name", "email", "phone")

    @classmethod
    def holding(cls, key: str, value: Any) -> "HelpForm":
        held = value if isinstance(value, Mapping) else {}
        return cls(**{part: held.get(part, "") for part in cls.order})

    def value(self) -> object:
        return {"name": self.name.data, "email": self.email.data, "phone": self.phone.data}


def starts_of(procedure: Procedure, rule: DeadlineRule) -> list[str]:
    """The steps that may start a deadline, where one plain step starts it for the whole case and no answer dates it.

    They are of the stage of the usual one, come before what meets it, and do not end the case.
    """
    usual = procedure.known_step(rule.starts[0].step)
    if rule.starts != (Trigger(usual.key),) or rule.per_subject or rule.start_answer or rule.due_answer:
        return []
    keys = [step.key for step in procedure.steps]
    return [
        step.key
        for step in procedure.steps[: keys.index(rule.met_by[0].step)]
        if step.at[0].stage == usual.at[0].stage and not step.subject and CLOSED not in {move.to for move in step.moves}
    ]


def named(procedure: Procedure, keys: Iterable[str]) -> list[tuple[str, str]]:
    return [(key, procedure.known_step(key).label) for key in keys]
