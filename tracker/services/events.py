"""A new fact of a case, checked against what its step asks. Whether the procedure allows it is asked of the whole."""

from collections.abc import Mapping
from datetime import date

from tracker import clock
from tracker.errors import Refused
from tracker.models.cases import Case, Event
from tracker.models.users import User
from tracker.procedures.file_values import EARLIEST_YEAR, as_name, normal_answer
from tracker.procedures.vocabulary import Step


def known_step(case: Case, key: str) -> Step:
    step = case.procedure.step(key)
    if step is None:
        raise Refused(f"{case.procedure.title} has no step “{key}”", field="step")
    return step


def add_event(
    case: Case,
    step: Step,
    *,
    by: User | None,
    on: date,
    answers: Mapping[str, str] | None = None,
    subject: str = "",
    submission_key: str | None = None,
) -> Event:
    """A new fact, numbered after the last. Whether the procedure allows it is asked by `reproject`."""
    event = new_event(case, step, by=by, on=on, answers=answers or {}, subject=subject)
    event.submission_key = submission_key
    case.events.append(event)
    return event


def new_event(case: Case, step: Step, *, by: User | None, on: date, answers: Mapping[str, str], subject: str) -> Event:
    """The fact, not yet part of the case.

    Raises:
        Refused: a day in the future, a missing subject, or an answer that is not one.
    """
    if on > clock.today():
        raise Refused("The date must be today or in the past", field="on")
    if on.year < EARLIEST_YEAR:
        raise Refused(f"The date must be in {EARLIEST_YEAR} or later", field="on")
    return Event(
        number=len(case.events) + 1,
        step=step.key,
        happened_on=on,
        subject=checked_subject(step, subject),
        answers=checked_answers(step, answers),
        recorded_at=clock.now(),
        recorded_by_id=by.id if by else None,
    )


def checked_subject(step: Step, subject: str) -> str:
    """The name, as case files may hold it."""
    try:
        name = as_name(subject)
    except ValueError as wrong:
        raise Refused(f"{step.subject.capitalize() or 'Subject'}: {wrong}", field="subject") from None
    if step.subject and not name:
        raise Refused(f"Enter the {step.subject} this concerns", field="subject")
    return name


def checked_answers(step: Step, answers: Mapping[str, str]) -> dict[str, str]:
    checked: dict[str, str] = {}
    for key, value in answers.items():
        question = step.question(key)
        try:
            answer = normal_answer(question, value)
        except ValueError as wrong:
            raise Refused(f"{question.label if question else key}: {wrong}", field=key) from None
        if answer:
            checked[key] = answer
    for question in step.questions:
        if question.derives and not question.default and not checked.get(question.key):
            raise Refused(f"Answer “{question.label}”", field=question.key)
    return checked
