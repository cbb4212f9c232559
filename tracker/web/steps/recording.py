"""A step as it is being recorded: the form, what was answered, and what that would do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import request
from werkzeug.datastructures import MultiDict

from tracker.errors import Refused
from tracker.models.cases import Case, Event
from tracker.models.users import User
from tracker.policy import roles_of
from tracker.procedures.reckoning import Reckoning
from tracker.procedures.vocabulary import Decision, Effect, Procedure, Step
from tracker.queries.effects import Effects, effects_of
from tracker.queries.history_words import answers_in_words
from tracker.services.cases import refused_step
from tracker.web.filters import day
from tracker.web.forms import AnswersForm
from tracker.web.steps.forms import ANOTHER, SEPARATOR, agencies_for, step_form, subjects

HIDDEN = {"csrf_token", "check", "change", "confirmed", "understood", "save"}


class Recording:
    """One step on its way into a case.

    `redrawn`: the form shows what was sent, but speaks of the case as it is now.
    """

    def __init__(self, case: Case, step: Step, *, redrawn: bool = False) -> None:
        self.case, self.step = case, step
        agencies = agencies_for(case, step)
        made = step_form(case, step, agencies)
        sent = request.form.copy() if request.method == "POST" else None
        if sent is not None and redrawn:
            sent.setlist("version", [str(case.version)])
            sent.setlist("seen", [str(len(case.events))])
        self.form: AnswersForm = made(sent, version=case.version, seen=len(case.events)) if sent else self.fresh(made)
        if step.subject:
            self.form.subject.label.text = f"Which {step.subject}?"
            self.form.subject.choices = subjects(case, step, agencies)
        if not self.needs_check:
            self.form.save.label.text = "Record the step"
        self.is_sent = request.method == "POST" and "change" not in request.form and self.is_valid()

    def fresh(self, made: type[AnswersForm]) -> AnswersForm:
        """The empty form, with what a link asked to be filled in."""
        first: dict[str, object] = {"version": self.case.version, "seen": len(self.case.events)}
        if self.step.subject and request.args.get("subject"):
            first["subject"] = request.args["subject"]
        if self.step.effect is Effect.EXTENDED and request.args.get("deadline"):
            first["answer_deadline"] = f"{request.args['deadline']}{SEPARATOR}{request.args.get('subject', '')}"
        return made(**first)

    def is_valid(self) -> bool:
        valid = bool(self.form.validate())
        if self.step.subject and self.form.subject.data == ANOTHER and not self.form.another.data:
            self.form.another.errors = [f"Enter the name of the {self.step.subject}"]
            return False
        return valid

    @property
    def needs_check(self) -> bool:
        """Whether to show the answers once more: what cannot be undone, and what decides where the case goes."""
        return self.step.irreversible or any(question.derives for question in self.step.questions)

    @property
    def is_sent_to_check(self) -> bool:
        return self.is_sent and self.needs_check and "confirmed" not in request.form

    @property
    def is_sent_to_warn(self) -> bool:
        """Whether to interrupt once more: the answers were checked, and recording them cannot be undone."""
        return (
            self.is_sent and self.step.irreversible and not self.is_sent_to_check and "understood" not in request.form
        )

    @property
    def alternatives(self) -> int:
        """How many ways there are to take the decision that this step is one of."""
        return len(self.case.procedure.ways_to_decide(self.step.decides)) if self.step.decides else 0

    @property
    def on(self) -> date:
        on: date = self.form.on.data
        return on

    @property
    def subject(self) -> str:
        """The agency, body or partner it concerns; of an extension, whose deadline it is."""
        if self.step.subject:
            chosen: str = self.form.subject.data or ""
            return self.form.another.data if chosen == ANOTHER else chosen
        if self.step.effect is Effect.EXTENDED:
            return self.form.answers().get("deadline", "").partition(SEPARATOR)[2]
        return ""

    @property
    def likely_subject(self) -> str:
        """Somebody the step could concern, for showing what it does before anybody is chosen."""
        if not self.step.subject:
            return ""
        offered = [value for value, _ in self.form.subject.choices if value != ANOTHER]
        return offered[0] if offered else "the agency"

    @property
    def answers(self) -> dict[str, str]:
        answers = self.form.answers()
        if self.step.effect is Effect.EXTENDED and "deadline" in answers:
            answers["deadline"] = answers["deadline"].partition(SEPARATOR)[0]
        return answers

    def effects(self) -> Effects:
        """What recording it would do.

        Raises:
            Refused: the procedure does not allow it.
        """
        refused_step(self.case, self.step, self.on, self.subject, self.answers)
        effects = effects_of(self.case, self.step.key, self.on, self.subject, self.answers)
        if effects is None:
            raise Refused("This cannot be recorded")
        return effects

    def refuse(self, refusal: Refused) -> None:
        self.form.refuse(refusal)

    def shown_answers(self) -> list[tuple[str, str]]:
        """Each question with its answer, as the reader of the check page sees them."""
        shown = [("When it happened", day(self.on))]
        if self.subject:
            shown.append((self.step.subject.capitalize() or "Whose", self.subject))
        return shown + answered(self.case.procedure, self.step, self.answers)


def answered(procedure: Procedure, step: Step, answers: dict[str, str]) -> list[tuple[str, str]]:
    """Questions and answers in words."""
    pairs = []
    for key, answer in answers.items():
        question = step.question(key)
        rule = procedure.deadline(answer) if key == "deadline" else None
        text = rule.label if rule else question.shown(answer) if question else answer
        if question and question.kind == "date":
            text = day(date.fromisoformat(answer))
        pairs.append((question.label if question else key.replace("_", " ").capitalize(), text))
    return pairs


def told_by_others(case: Case, events: Iterable[Event]) -> list[tuple[Event, str, list[tuple[str, str]]]]:
    """What others recorded meanwhile: each event with its label, and questions and answers in words."""
    steps = [(event, case.procedure.known_step(event.step)) for event in events]
    return [(event, step.label, answers_in_words(case.procedure, step, event.answers)) for event, step in steps]


def choices_of(form: AnswersForm, sent: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Everything that was sent and asked for, to be carried through the check page."""
    return [(key, value) for key, values in sent.lists() if key in form and key not in HIDDEN for value in values]


@dataclass(frozen=True, slots=True)
class StepGroup:
    """Steps under a heading."""

    title: str
    hint: str
    steps: tuple[Step, ...]


def steps_for(viewer: User, case: Case, answer: Reckoning) -> list[StepGroup]:
    """The steps this person may record: the procedure's own, those of any case, and those of earlier stages."""
    roles = roles_of(viewer, case.partnership_id)
    mine = [step for step in case.procedure.steps if roles & set(step.by) and step.effect is not Effect.CORRECTED]
    possible = [step for step in mine if step.key in answer.open_steps]
    been = {span.stage for span in answer.spans}
    earlier = [step for step in mine if step not in possible and not step.opens and been & {at.stage for at in step.at}]
    anytime = ("hold_started", "hold_ended", "deadline_extended", "discontinued", "transferred", "merged", "closed")
    groups = [
        StepGroup("Possible now", "", own(possible, anytime)),
        StepGroup("Hold, extend or end", "", tuple(step for step in possible if step.key in anytime)),
        StepGroup(
            "Something that happened earlier",
            "Not possible now, but on an earlier day it may have been. The date decides.",
            own(earlier, (*anytime, "reopened")),
        ),
    ]
    return [group for group in groups if group.steps]


def outcomes(viewer: User, case: Case, decision: Decision, answer: Reckoning) -> list[Step]:
    """The ways to take a decision that this person may record: those possible today, or else each there is."""
    roles = roles_of(viewer, case.partnership_id)
    mine = [step for step in case.procedure.ways_to_decide(decision.key) if roles & set(step.by)]
    return [step for step in mine if step.key in answer.open_steps] or mine


def own(steps: Iterable[Step], without: tuple[str, ...]) -> tuple[Step, ...]:
    return tuple(step for step in steps if step.key not in without)


def recorded_words(case: Case, step: Step) -> str:
    stage = case.procedure.stage(case.stage).label
    return f"Recorded: {step.label}. {case.reference} is at the stage {stage}."
