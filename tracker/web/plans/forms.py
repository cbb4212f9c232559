"""What is asked about a plan, and about an action of it."""

from collections.abc import Sequence
from typing import Any, Self

from tracker.models.plans import Plan, PlannedAction, Recommendation
from tracker.procedures.target_dates import Asked, Impossible, Target, key_of, read_target
from tracker.web.file_fields import FileField, FileForm
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

DATE_HINT = "As the plan says it: 30 June 2027, June 2027, Q1 2027-28, within 6 months of publication, ongoing."
ACTION_WORDS = ("text", "lead_agency", "owner", "milestones")
LONGEST_CHOICE = 90  # characters
QUARTERS = (
    Choice("financial", "Financial: Q1 is April to June"),
    Choice("calendar", "Calendar: Q1 is January to March"),
)


SCOPES = (("local", "Local"), ("regional", "Regional"), ("national", "National"))
REACHES = (("no", "One agency"), ("yes", "Several agencies"))
RESPONSES = (
    ("accepted", "Accepted"),
    ("partly", "Partly accepted"),
    ("refused", "Refused"),
    ("no_reply", "No reply"),
)


class PlanForm(RecordingForm):
    """What a plan is called and who monitors it."""

    title = TextField("What is the plan called?", required="Enter a title", hint="No names of people.", limit=200)
    monitored_by = TextField("Which board or group monitors it?", optional=True, limit=200)
    meets_every = TextField("How often does it meet?", optional=True, hint="For example: every quarter.", limit=200)
    save = Submit("Save the plan")

    def words(self) -> dict[str, Any]:
        return {name: self[name].data or "" for name in ("title", "monitored_by", "meets_every")}


class ImportForm(FileForm):
    """A spreadsheet, and what its dates mean where they do not say it."""

    file = FileField(
        "Action plan", hint="An Excel workbook (.xlsx) or CSV, up to 10 MB.", required="Choose the file with the plan"
    )
    quarters = Radios("What are quarters of a single year, such as Q2 2027?", QUARTERS, optional=True)
    review_by = DayField(
        "By when is what has no date to be reviewed?", optional=True, hint="For “ongoing” and the like."
    )
    check = Submit("Check the file")
    save = Submit("Import the plan", look="secondary")


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
    """A finding, with themes of those in use and others."""

    text = LongTextField("What was found?", required="Enter the finding", rows=4)
    listed = Checkboxes("Which themes does it belong to?", optional=True, hint="Those that your plans use.", small=True)
    themes = LongTextField("Other themes", optional=True, hint="One on each line.", rows=3)
    save = Submit("Save the finding")

    def offering(self, themes: Sequence[str]) -> Self:
        """Offers the themes in use; where there are none yet, asks for them in words alone."""
        self.listed.choices = [(theme, theme) for theme in themes]
        if not themes:
            del self.listed
            self.themes.label.text = "Themes"
        return self

    def chosen(self, in_use: Sequence[str]) -> list[str]:
        """The themes chosen and written; one that is in use is written as it is there."""
        known = {theme.casefold(): theme for theme in in_use}
        written = (" ".join(each.split()) for each in (self.themes.data or "").split("\n"))
        ticked = self.listed.data if self.listed else []
        return list(dict.fromkeys([*ticked, *(known.get(each.casefold(), each) for each in written if each)]))


class AddresseeForm(RecordingForm):
    """A body that a recommendation is sent to."""

    name = TextField("Which body is it addressed to?", required="Enter the body it is addressed to")
    sent_on = DayField("When was it sent?", optional=True)
    due_on = DayField("When is an answer due?", optional=True)
    save = Submit("Save the body")


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


def meaning_field() -> TextField:
    """What a target means that has no date of its own."""
    hint = "Only where the text has no date, such as “ongoing”. For example 31 March 2027."
    return TextField("Which day counts?", hint=hint, optional=True, limit=60)


class TargetForm(RecordingForm):
    """A form that asks for a `target`, and for the day that counts where that leaves it open."""

    target: TextField
    meaning: TextField

    def read_target(self) -> Target | None:
        """The target; None where it is not clear, which then stands beside the field."""
        text = self.target.data or ""
        answers = {key_of(text): self.meaning.data} if self.meaning.data else {}
        match read_target(text, answers=answers):
            case Target() as target:
                return target
            case Impossible(_, why, mend):
                self.target.errors = [f"{why}. {mend}"]
            case Asked(_, ask):
                self.meaning.errors = [f"Enter the day that counts: {ask}"]
        return None


class ActionWordsForm(RecordingForm):
    """What an action is, and in whose hands."""

    text = LongTextField("What is to be done?", required="Enter what is to be done", rows=4)
    lead_agency = TextField("Lead agency", optional=True, limit=200)
    owner = TextField("Owner", hint="Left out of the public version.", optional=True, limit=200)
    milestones = LongTextField("Key milestones", optional=True, rows=3)

    def words(self) -> dict[str, Any]:
        return {name: self[name].data or "" for name in ACTION_WORDS}


class ActionForm(ActionWordsForm, TargetForm):
    """An action, with its target."""

    target = TextField("Target date", hint=DATE_HINT, optional=True, limit=200)
    meaning = meaning_field()
    save = Submit("Save the action")


class ChangedActionForm(ActionWordsForm):
    """An action as it is. Its target moves by a form of its own."""

    save = Submit("Save the action")

    @classmethod
    def as_it_is(cls, action: PlannedAction) -> Self:
        return cls(version=action.plan.version, **{name: getattr(action, name) for name in ACTION_WORDS})


class ReportForm(RecordingForm):
    """A record of an action: the day, and what is said."""

    on = DayField("When?", required="Enter the date")
    text = LongTextField("What is there to say?", required="Enter what there is to say", rows=5)
    save = Submit("Record")


class UpdateForm(ReportForm):
    """How far it has come."""

    text = LongTextField("What has been done?", required="Enter what has been done", rows=5)
    state = Radios(
        "How far has it come?",
        (Choice("in_progress", "In progress"), Choice("blocked", "Blocked"), Choice("not_started", "Not started")),
        required="Choose how far it has come",
    )
    save = Submit("Add the update")


class ClaimForm(ReportForm):
    """That it is done, and what shows it."""

    on = DayField("When was it complete?", required="Enter the date")
    text = LongTextField("What was done, and what did it change?", required="Enter what was done", rows=5)
    link = TextField("Link to the evidence", optional=True, hint="Begins with https://", limit=500)
    save = Submit("Claim complete")


class VerifyForm(ReportForm):
    """Whether a claim holds."""

    on = DayField("When did you check it?", required="Enter the date")
    upheld = Radios(
        "Is it complete?", (Choice("yes", "Yes, I have seen that it is"), Choice("no", "No, send it back")),
        required="Choose whether it is complete",
    )  # fmt: skip
    text = LongTextField("What did you look at, or what is lacking?", required="Enter what you looked at", rows=5)
    save = Submit("Record the check")


class ImpactForm(ReportForm):
    """What a verified action has changed."""

    on = DayField("When was it checked?", required="Enter the date")
    months = Radios(
        "Which check is it?", (Choice("6", "At 6 months"), Choice("12", "At 12 months")), required="Choose which"
    )
    text = LongTextField("What has changed, and how do you know?", required="Enter what has changed", rows=5)
    save = Submit("Record the check")


class MoveForm(TargetForm):
    """Another target."""

    target = TextField("New target date", hint=DATE_HINT, required="Enter the new target date", limit=200)
    meaning = meaning_field()
    reason = LongTextField("Why does it move?", required="Enter why the target moves", rows=3)
    save = Submit("Move the target")


class SupersedeForm(RecordingForm):
    """Which action takes the place of another."""

    superseded_by = Select(
        "Which action takes its place?",
        required="Choose the action that takes its place",
        hint="Those of this plan that are open. Add it to the plan first if it is not there.",
    )
    reason = LongTextField("Why?", required="Enter the reason", rows=3)
    save = Submit("Record")

    @classmethod
    def of(cls, action: PlannedAction, others: Sequence[PlannedAction]) -> Self:
        form = cls(version=action.plan.version)
        form.superseded_by.choices = [
            (str(other.id), shorten(f"{other.recommendation.number}: {other.text}")) for other in others
        ]
        return form


class EndForm(RecordingForm):
    """Why it ends, or is taken up again."""

    reason = LongTextField("Why?", required="Enter the reason", rows=3)
    save = Submit("Record")
