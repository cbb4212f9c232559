"""The forms on which a step is recorded: the day, the subject, and what the procedure asks."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from wtforms import HiddenField

from tracker import clock
from tracker.models.cases import Case, Event
from tracker.models.facts import reckoned
from tracker.procedures.reckoning import Reckoning
from tracker.procedures.vocabulary import Decision, Effect, Step
from tracker.queries.partnerships import agency_names
from tracker.web.forms import (
    AnswersForm,
    Choice,
    DayField,
    Form,
    LongTextField,
    Radios,
    RecordingForm,
    Select,
    Submit,
    TextField,
    form_for,
)

ANOTHER = "another"
SEPARATOR = "|"


class CaseForm(RecordingForm):
    """A form about a case. `seen`: the number of the last event when the form was drawn."""

    seen = HiddenField()

    def changes_since(self, case: Case) -> list[Event]:
        """What others recorded after the form was drawn."""
        seen = str(self.seen.data)
        return case.events[int(seen) :] if re.fullmatch(r"[0-9]{1,5}", seen) else []

    def speak_of(self, case: Case) -> None:
        """Lets the same answers be sent again, about the case as it is now."""
        self.version.data, self.seen.data = case.version, str(len(case.events))


class OutcomeForm(Form):
    """Which of its outcomes a decision had."""

    outcome = Radios("What was decided?", required="Select what was decided")
    save = Submit("Continue")

    @classmethod
    def of(cls, decision: Decision, ways: Sequence[Step]) -> "OutcomeForm":
        form = cls()
        form.outcome.label.text = decision.question
        form.outcome.choices = [Choice(step.key, step.label, step.hint) for step in ways]
        return form


class StepForm(CaseForm):
    """When it happened."""

    on = DayField("When did it happen?", required="Enter the date it happened", default=clock.today)
    save = Submit("Continue")


class SubjectForm(StepForm):
    """A step that concerns an agency, a relevant body or a review partner."""

    subject = Select("Which?", required="Select which it concerns")
    another = TextField("The name, if it is not in the list", optional=True)


def step_form(case: Case, step: Step, agencies: Sequence[str]) -> type[AnswersForm]:
    """The form for a step of this case."""
    base = SubjectForm if step.subject else StepForm
    return form_for(step.questions, base=base, agencies=agencies, offers=offers(case, step))


def offers(case: Case, step: Step) -> Mapping[str, Sequence[tuple[str, str]]]:
    """The choices that depend on how the case stands: which deadline, which hold."""
    match step.effect:
        case Effect.EXTENDED:
            return {"deadline": extendable(reckoned(case, clock.today()))}
        case Effect.HOLD_ENDED:
            question = step.question("reason")
            held = [hold.reason for hold in reckoned(case, clock.today()).holds if hold.until is None]
            return {"reason": [(reason, question.shown(reason) if question else reason) for reason in held]}
    return {}


def extendable(answer: Reckoning) -> list[tuple[str, str]]:
    """Each deadline that may be extended, as "key|subject" and its words."""
    return [
        (
            f"{deadline.key}{SEPARATOR}{deadline.subject or ''}",
            f"{deadline.title}{f', {deadline.subject}' if deadline.subject else ''}, due {day_words(deadline.due)}",
        )
        for deadline in answer.open_deadlines
        if deadline.extendable and deadline.due
    ]


def day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def agencies_for(case: Case, step: Step) -> Sequence[str]:
    """The agencies that the form of this step may offer, asked for only where it offers any."""
    offered = step.subject or any(question.kind == "agency" for question in step.questions)
    return agency_names(case.partnership_id) if offered else ()


def subjects(case: Case, step: Step, agencies: Sequence[str]) -> list[tuple[str, str]]:
    """Whom a step may concern: for a reply those who were asked, else everybody known, and somebody else."""
    asked = [event.subject for event in case.events if event.step == step.reply_to]
    if step.reply_to and not step.unasked:
        return [(name, name) for name in dict.fromkeys(asked)]
    known = [event.subject for event in case.events if event.subject]
    names = dict.fromkeys([*asked, *known, *agencies])
    return [(name, name) for name in names] + [(ANOTHER, "Another, named below")]


class CorrectionForm(CaseForm):
    """Why an event is wrong, and whether it happened at all."""

    how = Radios(
        "What was wrong?",
        choices=[
            ("never", "It did not happen, or belongs to another case"),
            ("otherwise", "It happened, but its date or answers are wrong"),
        ],
        required="Select what was wrong",
    )
    save = Submit("Continue")


class WithdrawForm(CaseForm):
    """The reason for taking an event off the record. It stays in the history, struck through."""

    reason = LongTextField("Why was it recorded in error?", required="Enter why it was recorded in error", rows=4)
    save = Submit("Record the correction")


class ReplaceForm(WithdrawForm, AnswersForm):
    """The reason, and the day it really happened."""

    on = DayField("When did it really happen?", required="Enter the date it happened")

    def corrected(self, recorded: Mapping[str, str]) -> dict[str, str]:
        """The answers as they are now: what was asked again as answered, even if by nothing, the rest as recorded."""
        asked = {question.key for question in self.questions}
        return {key: answer for key, answer in recorded.items() if key not in asked} | self.answers()
