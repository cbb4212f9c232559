"""The form that logs a referral: one page a kind of review, made from its procedure."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from wtforms import Field

from tracker import clock
from tracker.models.partnerships import Partnership
from tracker.procedures.threshold import Complaint
from tracker.procedures.vocabulary import Criterion, Procedure
from tracker.web.filters import day
from tracker.web.forms import (
    ApproximateDayField,
    Asked,
    Checkboxes,
    Choice,
    DayField,
    Form,
    HiddenSubmission,
    LongTextField,
    Radios,
    Select,
    Submit,
    TextField,
    field_for,
)

FEWEST_ROWS = 3  # of complaints: as many as the statutory test needs
MORE_ROWS = 3
MOST_ROWS = 60
COMPLAINT_PARTS = ("behaviour_on", "reported_on", "body", "incident", "by", "hate")
MET = (("met", "Met"), ("not_met", "Not met"), ("unclear", "Unclear"))
AGE_BANDS = ("16-19", "20-24", "25-34", "35-44", "45-54", "55-64", "65+")
UNKNOWN_AGES = (("not_known", "Not known"), ("not_recorded", "Not recorded"))


class KindForm(Form):
    """Which kind of review?"""

    kind = Radios("The kind of review", required="Select the kind of review")
    save = Submit("Continue")


class ReferralForm(Form):
    """What every referral is asked. The rest is made from the procedure by `referral_form`."""

    procedure: ClassVar[Procedure]
    rows: ClassVar[int] = 0

    submission = HiddenSubmission(default=lambda: secrets.token_urlsafe(24))
    partnership = Select("Which partnership?", required="Select the partnership")
    on = DayField("When?", required="Enter the date")
    themes = Checkboxes("What is the behaviour about?", hint="Select all that apply", optional=True)
    save = Submit("Continue")

    def field(self, name: str) -> Asked:
        found: Asked = self._fields[name]
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """Each answer by itself, then days that lie ahead and complaints made before the behaviour."""
        sound = bool(super().validate(extra_validators))
        days = [field for field in self if isinstance(field, DayField) and isinstance(field.data, date)]
        for field in days:
            if field.data > clock.today():
                field.errors = ["The date must be today or in the past"]
        for row in range(1, self.rows + 1):
            behaviour = self.field(f"complaint_{row}_behaviour_on")
            reported = self.field(f"complaint_{row}_reported_on")
            if behaviour.data and reported.data and reported.data < behaviour.data and not reported.errors:
                reported.errors = ["The complaint cannot be made before the behaviour"]
            if reported.data and not behaviour.data and not behaviour.errors:
                behaviour.errors = ["Enter when it happened"]
            if self.is_begun(row) and not reported.data and not reported.errors:
                reported.errors = ["Enter when it was reported"]
        for _, _, aware in self.partner_fields():
            if aware.data and self.on.data and aware.data < self.on.data and not aware.errors:
                aware.errors = [f"The date must be {day(self.on.data)} or later: that is when the case begins"]
        return sound and not self.problems()

    def is_begun(self, row: int) -> bool:
        """Whether anything was answered about this complaint."""
        return any(self.field(f"complaint_{row}_{part}").data for part in COMPLAINT_PARTS)

    def answers(self) -> dict[str, str]:
        questions = self.procedure.opening.questions
        texts = {question.key: self.field(f"answer_{question.key}").data for question in questions}
        return {key: str(text) for key, text in texts.items() if text}

    def complaints(self) -> list[Complaint]:
        """The rows that were filled in, in the order of the page."""
        return [
            Complaint(
                behaviour_on=self.field(f"complaint_{row}_behaviour_on").data,
                reported_on=self.field(f"complaint_{row}_reported_on").data,
                body=self.field(f"complaint_{row}_body").data,
                incident=self.field(f"complaint_{row}_incident").data,
                by=self.field(f"complaint_{row}_by").data,
                hate=bool(self.field(f"complaint_{row}_hate").data),
            )
            for row in range(1, self.rows + 1)
            if self.is_begun(row)
        ]

    def criteria(self) -> list[dict[str, str]]:
        """Each criterion that was answered; unclear is not "not met"."""
        answered = []
        for criterion in self.procedure.criteria:
            met = self.field(f"criterion_{criterion.key}").data
            evidence = self.field(f"evidence_{criterion.key}").data
            if met:
                answered.append({"key": criterion.key, "met": met} | ({"evidence": evidence} if evidence else {}))
        return answered

    def deaths(self) -> list[dict[str, str]]:
        if not self.procedure.takes_deaths or not self.field("death_on").data:
            return []
        band = self.field("age_band").data
        return [{"on": self.field("death_on").data} | ({"age_band": band} if band else {})]

    def aware(self) -> dict[str, date]:
        """The day each review partner became aware, under the name it goes by here."""
        days = {}
        for place, partner in enumerate(partners(self.procedure), start=1):
            if on := self.field(f"partner_{place}_on").data:
                days[self.field(f"partner_{place}_name").data or partner] = on
        return days

    def chosen_partnership(self, offered: Sequence[Partnership]) -> Partnership:
        return next(
            (partnership for partnership in offered if str(partnership.id) == self.partnership.data), offered[0]
        )

    def question_fields(self) -> list[Asked]:
        return [self.field(f"answer_{question.key}") for question in self.procedure.opening.questions]

    def criterion_fields(self) -> list[tuple[Criterion, Asked, Asked]]:
        return [
            (criterion, self.field(f"criterion_{criterion.key}"), self.field(f"evidence_{criterion.key}"))
            for criterion in self.procedure.criteria
        ]

    def complaint_fields(self) -> list[list[Asked]]:
        return [[self.field(f"complaint_{row}_{part}") for part in COMPLAINT_PARTS] for row in range(1, self.rows + 1)]

    def partner_fields(self) -> list[tuple[str, Asked, Asked]]:
        return [
            (partner, self.field(f"partner_{place}_name"), self.field(f"partner_{place}_on"))
            for place, partner in enumerate(partners(self.procedure), start=1)
        ]


def partners(procedure: Procedure) -> tuple[str, ...]:
    """The bodies that each have a clock of their own from the start."""
    return procedure.subjects if procedure.asked_at_referral else ()


def referral_form(
    procedure: Procedure, agencies: Sequence[str], partnerships: Sequence[Partnership], rows: int
) -> type[ReferralForm]:
    """The form class for a kind of review, with that many rows for complaints."""
    opening = procedure.opening
    fields: dict[str, Any] = {
        "procedure": procedure,
        "rows": rows if procedure.takes_complaints else 0,
        "on": DayField(opening.when, hint=opening.when_hint, required="Enter the date"),
        "partnership": None,
        "themes": None,
    }
    if len(partnerships) > 1:
        offered = [(str(partnership.id), partnership.name) for partnership in partnerships]
        fields["partnership"] = Select("Which partnership?", offered, required="Select the partnership")
    if procedure.themes:
        fields["themes"] = Checkboxes(
            "What is the behaviour about?", procedure.themes, hint="Select all that apply", optional=True, small=True
        )
    for question in opening.questions:
        fields[f"answer_{question.key}"] = field_for(question, question.choices, agencies, "")
    if procedure.takes_deaths:
        fields |= death_fields()
    for criterion in procedure.criteria:
        fields[f"criterion_{criterion.key}"] = Radios(criterion.label, MET, inline=True)
        fields[f"evidence_{criterion.key}"] = LongTextField("What shows it?", rows=2)
    for place, _ in enumerate(partners(procedure), start=1):
        fields[f"partner_{place}_name"] = TextField(
            "What is it called here?", hint="Its own name, for example West Mercia Police."
        )
        fields[f"partner_{place}_on"] = DayField("When did it become aware?")
    for row in range(1, fields["rows"] + 1):
        fields |= complaint_row(row)
    return type("ReferralForm", (ReferralForm,), fields)


def death_fields() -> dict[str, Field]:
    bands = [*((band, band) for band in AGE_BANDS), *UNKNOWN_AGES]
    return {
        "death_on": ApproximateDayField("When did the person die?", optional=True),
        "age_band": Select("How old was the person?", bands, optional=True),
    }


def complaint_row(row: int) -> dict[str, Field]:
    name = f"complaint_{row}_"
    return {
        f"{name}behaviour_on": DayField("When did it happen?"),
        f"{name}reported_on": DayField("When was it reported?"),
        f"{name}body": TextField("To which body?"),
        f"{name}incident": TextField(
            "What happened?",
            hint="Use the same words for the same incident reported to several bodies: it counts once.",
        ),
        f"{name}by": TextField("Who reported it, if not the applicant?", hint="No names: a neighbour."),
        f"{name}hate": Checkboxes(
            "Was it motivated by hate?", [Choice("yes", "It was motivated by hate")], optional=True
        ),
    }
