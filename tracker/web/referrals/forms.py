"""The forms that ask for a referral: one made for each page, and one for a complaint."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from wtforms import Field

from tracker import clock
from tracker.models.partnerships import Partnership
from tracker.procedures.referral_pages import Asks, ReferralPage
from tracker.procedures.referrals import criteria_of
from tracker.procedures.vocabulary import Criterion, Procedure, Step
from tracker.web.filters import day
from tracker.web.forms import (
    ApproximateDayField,
    Asked,
    Checkboxes,
    Choice,
    DayField,
    Form,
    LongTextField,
    Radios,
    Select,
    Submit,
    TextField,
    field_for,
)

ANSWER = "answer_"  # goes before the key of a question: a field called `data` would break WTForms
MET = (("met", "Met"), ("not_met", "Not met"), ("unclear", "Unclear"))
EXCLUDED = (("not_met", "Yes"), ("met", "No"), ("unclear", "Unclear"))  # an exclusion that applies is "not met"
AGE_BANDS = ("16-19", "20-24", "25-34", "35-44", "45-54", "55-64", "65+")
AGES = (*((band, band) for band in AGE_BANDS), ("not_known", "Not known"), ("not_recorded", "Not recorded"))
NOT_YET = "Not known yet"


class KindForm(Form):
    """Which kind of review?"""

    kind = Radios("The kind of review", required="Select the kind of review")
    save = Submit("Continue")


class PartnershipForm(Form):
    """Whose review, for somebody who logs them in several partnerships?"""

    partnership = Radios("Which partnership is it for?", required="Select the partnership", as_heading=True)
    save = Submit("Continue")

    def offer(self, partnerships: Sequence[Partnership]) -> None:
        self.partnership.choices = [Choice(each.key, each.name) for each in partnerships]


class ActForm(Form):
    """A button, and nothing asked."""


class KeptForm(Form):
    """A form whose answers a draft keeps: days as text, and nothing of what was not answered."""

    not_before: ClassVar[date | None] = None
    why_not_before: ClassVar[str] = ""

    def asked(self) -> list[Asked]:
        return [field for field in self if isinstance(field, Asked)]

    def kept(self) -> dict[str, Any]:
        answers = {field.name.removeprefix(ANSWER): as_kept(field.data) for field in self.asked()}
        return {key: answer for key, answer in answers.items() if answer}

    def validate(self, extra_validators: Any = None) -> bool:
        """Each answer by itself, then days that cannot be."""
        super().validate(extra_validators)
        for field in self.asked():
            if isinstance(field, DayField) and field.data and not field.errors:
                field.errors = self.what_is_wrong_with(field.data)
        return not self.problems()

    def what_is_wrong_with(self, on: date | str) -> list[str]:
        """Of a day, or of as much of it as is known."""
        known = as_kept(on)
        if known > clock.today().isoformat()[: len(known)]:
            return ["The date must be today or in the past"]
        if self.not_before and known < self.not_before.isoformat()[: len(known)]:
            return [f"The date must be {day(self.not_before)} or later{self.why_not_before}"]
        return []


def as_kept(answer: Any) -> Any:
    return answer.isoformat() if isinstance(answer, date) else answer


class PageForm(KeptForm):
    """One page of a referral. `skip`: its answers are not known yet, where that is an answer."""

    save = Submit("Continue")
    skip = Submit(NOT_YET, look="secondary")

    def validate(self, extra_validators: Any = None) -> bool:
        """Something must be answered, or left for later by saying so."""
        super().validate(extra_validators)
        if self.skip and not self.problems() and not any(field.is_answered() for field in self.asked()):
            self.asked()[0].errors = [f"Answer the question, or choose ‘{NOT_YET}’"]
        return not self.problems()


def page_form(
    page: ReferralPage,
    procedure: Procedure,
    given: Mapping[str, Any] | None,
    *,
    agencies: Sequence[str],
    offered: Sequence[Procedure],
    begins_on: date | None,
) -> PageForm:
    """The form of a page, with what was answered there before: None where nothing was yet.

    Args:
        begins_on: when the referral was received, once that is known; a review partner is not aware before it.
    """
    step = procedure.known_step(page.step) if page.step else procedure.opening
    fields = fields_of(page, procedure, step, agencies, offered)
    if not is_skippable(page, step):
        fields["skip"] = None
    if page.asks is Asks.SUBJECTS:
        fields |= {"not_before": begins_on, "why_not_before": ": that is when the case begins"}
    first_answers = {name: (given or {}).get(name.removeprefix(ANSWER)) for name in fields}
    if page.dated and given is None:
        first_answers["on"] = clock.today()
    form: PageForm = type("PageForm", (PageForm,), fields)(**{k: v for k, v in first_answers.items() if v})
    if asks_one_thing(page):
        form.asked()[0].as_heading, form.asked()[0].optional = True, False
    for field in form.asked():
        if isinstance(field, Radios) and len(page.questions) > 1:
            field.inline = True  # several short questions, one under the other
    return form


def asks_one_thing(page: ReferralPage) -> bool:
    """Whether the first question is the heading of its page."""
    if page.asks is Asks.QUESTIONS:
        return len(page.questions) == 1 and not page.dated
    return page.asks in {Asks.AGENCIES, Asks.CRITERIA, Asks.THEMES, Asks.EDITION}


def is_skippable(page: ReferralPage, step: Step) -> bool:
    """Whether the page may be left for later: no case can be opened without the rest."""
    needed = any(question.required for question in step.questions if question.key in page.questions)
    return not (page.dated or needed or page.asks is Asks.EDITION)


def fields_of(
    page: ReferralPage, procedure: Procedure, step: Step, agencies: Sequence[str], offered: Sequence[Procedure]
) -> dict[str, Any]:
    """The fields of a page by name, in their order."""
    questions = [question for question in step.questions if question.key in page.questions]
    match page.asks:
        case Asks.AGENCIES:
            return agency_fields(questions[0].label, questions[0].hint, agencies)
        case Asks.DEATH:
            return {
                "on": ApproximateDayField("When did the person die?", optional=True),
                "age_band": Select("How old was the person?", AGES, optional=True),
            }
        case Asks.CRITERIA | Asks.EXCLUSIONS:
            return {
                name: field
                for criterion in criteria_of(procedure, page)
                for name, field in criterion_fields(criterion, page.hint).items()
            }
        case Asks.SUBJECTS:
            hint = "Its own name, for example West Mercia Police."
            return {
                "name": TextField("What is it called here?", hint=hint, optional=True),
                "on": DayField("When did it become aware?", required=f"Enter the date, or choose ‘{NOT_YET}’"),
            }
        case Asks.THEMES:
            question, hint = "What is the behaviour about?", "Select all that apply."
            return {"themes": Checkboxes(question, procedure.themes, hint=hint)}
        case Asks.EDITION:
            editions = [Choice(each.edition, each.title, str(each.law)) for each in offered]
            return {
                "edition": Radios(
                    "Which law applies?", editions, hint=page.hint, required="Select the law that applies"
                )
            }
    when = {"on": DayField(step.when, hint=step.when_hint, required="Enter the date")} if page.dated else {}
    return when | {ANSWER + each.key: field_for(each, each.choices, agencies, "") for each in questions}


def agency_fields(question: str, hint: str, agencies: Sequence[str]) -> dict[str, Field]:
    """The partnership's own to choose from, and a line for others."""
    if not agencies:
        return {"others": TextField(question, hint=hint)}
    chosen = Checkboxes(question, [(name, name) for name in agencies], hint=hint, small=True)
    return {"chosen": chosen, "others": TextField("Any others?", optional=True)}


def criterion_fields(criterion: Criterion, hint: str) -> dict[str, Field]:
    evidence = f"evidence_{criterion.key}"
    if criterion.excludes:
        return {
            f"met_{criterion.key}": Radios(criterion.question, EXCLUDED, inline=True),
            evidence: LongTextField("What shows it?", rows=2, optional=True),
        }
    return {
        f"met_{criterion.key}": Radios(criterion.label, MET, hint=hint, required=f"Select one, or choose ‘{NOT_YET}’"),
        evidence: LongTextField("What shows it?", rows=4, optional=True),
    }


class ComplaintForm(KeptForm):
    """A report of the behaviour to a body."""

    behaviour_on = DayField("When did it happen?", required="Enter when it happened")
    reported_on = DayField(
        "When was it reported?", hint="To a body, by anybody.", required="Enter when it was reported"
    )
    body = TextField("To which body?", optional=True)
    incident = TextField(
        "What happened?",
        hint="Use the same words for the same incident reported to several bodies: it counts once.",
        optional=True,
    )
    by = TextField("Who reported it, if not the applicant?", hint="No names: a neighbour.", optional=True)
    hate = Checkboxes("Was it motivated by hate?", [Choice("yes", "It was motivated by hate")], optional=True)
    save = Submit("Save this complaint")
    more = Submit("Save and add another", look="secondary")
    skip = Submit(NOT_YET, look="secondary")

    def validate(self, extra_validators: Any = None) -> bool:
        """Each answer by itself, then whether it was made before what it is about."""
        super().validate(extra_validators)
        behaviour, reported = self.behaviour_on.data, self.reported_on.data
        if behaviour and reported and reported < behaviour and not self.reported_on.errors:
            self.reported_on.errors = ["The complaint cannot be made before the behaviour"]
        return not self.problems()
