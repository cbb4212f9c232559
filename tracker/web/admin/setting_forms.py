"""What is asked about each kind of local setting, and the value it comes to."""

from tracker import clock
from tracker.procedures import CASE_TYPES, editions_of
from tracker.procedures.settings import COMPLAINTS_NEEDED, MOST_COUNT
from tracker.procedures.threshold import ThresholdSettings
from tracker.procedures.vocabulary import Authority, DeadlineRule, Procedure
from tracker.web.admin.forms import AskForm
from tracker.web.forms import DayField, EmailField, Radios, Submit, TextField, WholeNumber

LENGTHS = (
    ("working_days", "Working days"),
    ("days", "Days"),
    ("months", "Months"),
    ("months_beginning", "Months, that day counted"),
)
NO_LENGTH = ("as soon as practicable", "no time limit set")


class SettingForm(AskForm):
    """A choice, and the day from which it holds."""

    on = DayField("From which day?", required="Enter the day from which it holds", default=clock.today)
    save = Submit("See what it moves")
    order: tuple[str, ...] = ()

    def value(self) -> object:
        """The choice as it is recorded. Here: that something has begun."""
        return True

    def warnings(self) -> tuple[str, ...]:
        """What to think of before it applies."""
        return ()

    def seen(self) -> list[object]:  # type: ignore[override]
        """The choice first, then the day."""
        return [self[name] for name in (*self.order, "on", "save")]


class LengthForm(SettingForm):
    """How long a deadline runs."""

    length = WholeNumber("How long?", least=1, most=600, required="Enter how long it runs")
    unit = Radios("Counted in", LENGTHS, required="Select what it is counted in")
    order = ("length", "unit")

    def value(self) -> object:
        return {"length": self.length.data, "unit": self.unit.data}


class ComplaintsForm(SettingForm):
    """How many qualifying complaints the statutory test asks for."""

    needed = WholeNumber("How many qualifying complaints?", least=1, most=MOST_COUNT, required="Enter how many")
    order = ("needed",)

    def value(self) -> object:
        return self.needed.data

    def warnings(self) -> tuple[str, ...]:
        return ThresholdSettings(self.needed.data).warnings()


class WarningForm(SettingForm):
    """Whether a word of warning stands before what may distress."""

    warn = Radios("Warn before texts that may distress?", [("yes", "Yes"), ("no", "No")], required="Select yes or no")
    order = ("warn",)

    def value(self) -> object:
        return self.warn.data == "yes"


class HelpForm(SettingForm):
    """Whom every page names for help."""

    name = TextField("Name", required="Enter whom to ask", width=30)
    email = EmailField(autocomplete="off", optional=True)
    phone = TextField("Telephone", width=20, optional=True)
    order = ("name", "email", "phone")

    def value(self) -> object:
        return {"name": self.name.data, "email": self.email.data, "phone": self.phone.data}


def adjustable(rule: DeadlineRule) -> bool:
    """Whether a partnership sets the length of this deadline."""
    local = rule.length_is_local or rule.source.authority is Authority.LOCAL
    return local and not rule.of_partnership and rule.period.words() not in NO_LENGTH


def rules_of(procedure: Procedure) -> list[DeadlineRule]:
    return [rule for rule in procedure.deadlines if adjustable(rule)]


def titles() -> dict[str, tuple[str, type[SettingForm]]]:
    """Every setting that has a page: what it is called, and its form."""
    found: dict[str, tuple[str, type[SettingForm]]] = {}
    for kind in CASE_TYPES:
        for procedure in editions_of(kind):
            for rule in rules_of(procedure):
                found.setdefault(f"{kind}.{rule.key}", (f"{procedure.short_title}: {rule.label}", LengthForm))
            if procedure.takes_complaints:
                called = f"{procedure.short_title}: complaints needed for the statutory test"
                found[f"{kind}.{COMPLAINTS_NEEDED}"] = (called, ComplaintsForm)
            if procedure.commences_by_area:
                found[f"{kind}.in_force_from"] = (f"{procedure.title}: the duty is in force", SettingForm)
            if procedure.in_force_from is None:
                found[f"{kind}.{procedure.edition}.in_force_from"] = (f"{procedure.title}: in force", SettingForm)
    return found | {
        "care.warn": ("Warn before texts that may distress", WarningForm),
        "help.contact": ("Whom to ask for help", HelpForm),
    }
