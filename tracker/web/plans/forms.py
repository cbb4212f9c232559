"""What is asked about a plan and its lines."""

from collections.abc import Sequence
from typing import Any, Self

from tracker.models.partnerships import Partnership
from tracker.models.plans import Plan, Recommendation
from tracker.web.forms import (
    Checkboxes,
    Choice,
    DayField,
    LongTextField,
    Radios,
    RecordingForm,
    Select,
    Submit,
    TextField,
)

LONGEST_CHOICE = 90  # characters
SCOPES = (("local", "Local"), ("regional", "Regional"), ("national", "National"))
REACHES = (("no", "One agency"), ("yes", "Several agencies"))
RESPONSES = (
    ("accepted", "Accepted"),
    ("partly", "Partly accepted"),
    ("refused", "Refused"),
    ("no_reply", "No reply"),
)


class PlanForm(RecordingForm):
    """What a plan is called and who monitors it; whose it is, where that is to be chosen."""

    partnership = Radios("Which partnership is it for?", required="Select the partnership")
    title = TextField("What is the plan called?", required="Enter a title", hint="No names of people.", limit=200)
    monitored_by = TextField("Which board or group monitors it?", optional=True, limit=200)
    meets_every = TextField("How often does it meet?", optional=True, hint="For example: every quarter.", limit=200)
    save = Submit("Save the plan")

    def offering(self, partnerships: Sequence[Partnership]) -> Self:
        """Offers these partnerships; does not ask where there is no choice."""
        self.partnership.choices = [Choice(each.key, each.name) for each in partnerships]
        if len(partnerships) <= 1:
            del self.partnership
        return self

    def chosen(self, partnerships: Sequence[Partnership]) -> Partnership:
        """The one chosen of those offered, or the only one."""
        return next(each for each in partnerships if not self.partnership or each.key == self.partnership.data)

    def words(self) -> dict[str, Any]:
        return {name: self[name].data or "" for name in ("title", "monitored_by", "meets_every")}


class RecommendationForm(RecordingForm):
    """A recommendation."""

    number = TextField("Number", required="Enter its number", hint="As written: 5, 5.1, R2, 10(a).", limit=24, width=10)
    text = LongTextField("Recommendation", required="Enter the recommendation", rows=4)
    scope = Radios(
        "Scope",
        SCOPES,
        required="Choose its scope",
    )
    multi_agency = Radios("Who is to act on it?", REACHES, optional=True)
    finding = Select("Which finding does it come from?", optional=True)
    save = Submit("Save the recommendation")
    look = Submit("Look for similar ones", look="secondary")

    def of(self, plan: Plan) -> Self:
        """Offers the findings of the plan."""
        self.finding.choices = [
            Choice(str(each.id), shorten(f"{each.position}. {each.text}")) for each in plan.findings
        ]
        return self

    def answers(self, plan: Plan) -> dict[str, Any]:
        """What was answered, as the use-cases take it."""
        chosen = self.finding.data
        return {
            "number": self.number.data or "",
            "text": self.text.data,
            "scope": self.scope.data or "",
            "multi_agency": {"yes": True, "no": False}.get(self.multi_agency.data or ""),
            "finding": next((each for each in plan.findings if str(each.id) == chosen), None),
        }


class ChangedRecommendationForm(RecommendationForm):
    """A recommendation as it is, which may have come from a file without a number or in a scope of its own."""

    number = TextField("Number", optional=True, hint="As written: 5, 5.1, R2, 10(a).")
    text = LongTextField("Recommendation", required="Enter the recommendation", rows=4)
    scope = Radios("Scope", SCOPES, optional=True)
    multi_agency = Radios("Who is to act on it?", REACHES, optional=True)
    finding = Select("Which finding does it come from?", optional=True)
    save = Submit("Save the recommendation")
    look = Submit("Look for similar ones", look="secondary")

    @classmethod
    def as_it_is(cls, recommendation: Recommendation) -> Self:
        reach = {True: "yes", False: "no", None: ""}[recommendation.multi_agency]
        form = cls(
            version=recommendation.plan.version,
            number=recommendation.number,
            text=recommendation.text,
            scope=recommendation.scope,
            multi_agency=reach,
            finding=str(recommendation.finding_id or ""),
        )
        if recommendation.scope and recommendation.scope not in dict(SCOPES):
            form.scope.choices = (*SCOPES, (recommendation.scope, recommendation.scope))
        return form.of(recommendation.plan)


class FindingForm(RecordingForm):
    """A finding, with themes of the partnership's list."""

    text = LongTextField("What was found?", required="Enter the finding", rows=4)
    themes = Checkboxes("Which themes does it belong to?", optional=True, small=True)
    save = Submit("Save the finding")

    def offering(self, themes: Sequence[str]) -> Self:
        """Offers these themes; does not ask where there are none."""
        self.themes.choices = [(theme, theme) for theme in themes]
        if not themes:
            del self.themes
        return self

    def chosen(self) -> list[str]:
        """The themes chosen."""
        return self.themes.data if self.themes else []


class AddresseeForm(RecordingForm):
    """A body that a recommendation is sent to."""

    name = TextField("Which body is it addressed to?", required="Enter the body it is addressed to")
    sent_on = DayField("When was it sent?", optional=True)
    due_on = DayField("When is an answer due?", optional=True)
    save = Submit("Save the body")


class AddresseeDatesForm(RecordingForm):
    """When a recommendation was sent to a body, put right."""

    sent_on = DayField("When was it sent?", optional=True)
    due_on = DayField("When is an answer due?", optional=True)
    why = TextField("Why do the dates change?", required="Enter why the dates change")
    save = Submit("Save the dates")


class ResponseForm(RecordingForm):
    """What a body answered."""

    response = Radios("What was answered?", RESPONSES, required="Choose what was answered")
    on = DayField("When?", required="Enter the date", hint="Where there was no reply, the day you stopped waiting.")
    reason = LongTextField(
        "Which reason was given?", optional=True, hint="Needed where it is partly accepted or refused.", rows=4
    )
    save = Submit("Record the answer")


def shorten(text: str) -> str:
    """A text short enough to choose from a list."""
    return text if len(text) <= LONGEST_CHOICE else f"{text[: LONGEST_CHOICE - 1].rstrip()}…"
