"""What people do to a case: log it, record what happened, correct what was wrong."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import select

from tracker import clock
from tracker.emails import tell
from tracker.errors import NotPermitted, Refused, Stale
from tracker.extensions import db
from tracker.models.cases import Case, Complaint, Event
from tracker.models.facts import fact_of, facts_of, settings_of
from tracker.models.partnerships import Partnership
from tracker.models.projection import project
from tracker.models.users import User
from tracker.policy import Action, ensure, roles_of
from tracker.procedures import PROCEDURES, facts, threshold
from tracker.procedures.calendars import ENGLAND_AND_WALES, spelled
from tracker.procedures.facts import Facts, NotAllowed
from tracker.procedures.reckoning import Reckoning, reckon
from tracker.procedures.referrals import Referral
from tracker.procedures.vocabulary import Effect, Step
from tracker.queries.case_people import people_told
from tracker.services.events import add_event, known_step, new_event
from tracker.services.references import next_reference
from tracker.services.submissions import done_once, take_version
from tracker.services.use_case import use_case

P = ParamSpec("P")
R = TypeVar("R")


class Resent(Refused):
    """This form was sent before: what it says is already recorded"""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


def only_once(function: Callable[P, R]) -> Callable[P, R]:
    """Makes what a form does happen once: *function* has the argument `submission_key`.

    Raises:
        Resent: the form was sent before, or is being sent twice at this very moment and its twin came first.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        key = kwargs.get("submission_key")
        return done_once(lambda: function(*args, **kwargs), lambda: refuse_resent(key))

    return run


def refuse_resent(submission_key: object) -> None:
    if submission_key is None:
        return
    event = db.session.scalar(select(Event).where(Event.submission_key == submission_key))
    if event is not None:
        raise Resent(event)


def refuse_outdated(case: Case, version: int | None, submission_key: str | None) -> None:
    """Say no to a form that could not be recorded, before its sender is asked to confirm it. Changes nothing.

    Raises:
        Resent: it is recorded already. Stale: the case has changed since it was drawn.
    """
    refuse_resent(submission_key)
    if case.version != version:
        raise Stale


@use_case
@only_once
def log_referral(
    partnership: Partnership,
    *,
    by: User | None,
    edition: str,
    on: date,
    answers: Mapping[str, str],
    complaints: Sequence[threshold.Complaint] = (),
    criteria: Sequence[Mapping[str, str]] = (),
    deaths: Sequence[Mapping[str, str]] = (),
    themes: Sequence[str] = (),
    also: Sequence[facts.Event] = (),
    submission_key: str | None = None,
) -> Case:
    """Open a case with its first step. `also`: what else the referral told, each recorded as a step of its own.

    Raises:
        NotPermitted: *by* may not log referrals for this partnership.
        Refused: a date in the future, or before the referral; or an answer that is not one.
        Resent: the same form again.
    """
    referral = Referral(on, answers, tuple(complaints), tuple(criteria), tuple(deaths), tuple(themes), tuple(also))
    return open_case(partnership, referral, by=by, edition=edition, submission_key=submission_key)


def open_case(
    partnership: Partnership, referral: Referral, *, by: User | None, edition: str, submission_key: str | None
) -> Case:
    """A case with its first steps. Raises as `log_referral` does, but Resent."""
    ensure(by, Action.LOG_REFERRAL, within=partnership.id)
    procedure = PROCEDURES[edition]
    case = Case(
        reference=next_reference(procedure.prefix, referral.on.year),
        case_type=procedure.case_type,
        edition=edition,
        partnership=partnership,
        lead=by,
        themes=list(referral.themes),
        criteria=[dict(criterion) for criterion in referral.criteria],
        deaths=[dict(death) for death in referral.deaths],
        complaints=complaint_rows(referral.complaints),
    )
    db.session.add(case)
    opening, on, answers = procedure.opening, referral.on, referral.answers
    add_event(case, opening, by=by, on=on, answers=answers, submission_key=submission_key)
    for told in referral.also:
        step = known_step(case, told.step)
        add_event(case, step, by=by, on=told.on, answers=told.answers, subject=told.subject)
    reproject(case)
    return case


@use_case
@only_once
def record_step(
    case: Case,
    *,
    by: User | None,
    step: str,
    on: date,
    answers: Mapping[str, str],
    subject: str = "",
    version: int | None = None,
    submission_key: str | None = None,
) -> Event:
    """Add what happened to the case, and derive its dates again.

    Args:
        version: the version of the case that the form was drawn from.

    Raises:
        NotPermitted: no role of *by* may record this step.
        Refused: the procedure does not allow it there; the reason says what may be done instead.
        Stale: the case has changed since. Resent: the same form again.
    """
    recorded = known_step(case, step)
    ensure_may_record(by, case, recorded)
    claim(case, version)
    event = add_event(case, recorded, by=by, on=on, answers=answers, subject=subject, submission_key=submission_key)
    answer = reproject(case, new=[event])
    if recorded.decides and by is not None:
        starts = [deadline for deadline in answer.open_deadlines if deadline.start_number == event.number]
        tell("decision_recorded", to=[person for person, _ in people_told(case, starts, by=by)], case=case)
    return event


@use_case
@only_once
def correct_event(
    case: Case,
    *,
    by: User | None,
    number: int,
    reason: str,
    on: date | None = None,
    answers: Mapping[str, str] | None = None,
    subject: str = "",
    version: int | None = None,
    submission_key: str | None = None,
) -> Event:
    """Replace an event that was recorded in error; with `on`, the right fact stands as an event of its own.

    Raises:
        Refused: no such event, or later steps rest on it.
    """
    ensure(by, Action.CORRECT_EVENT, case)
    claim(case, version)
    wrong = next((event for event in case.events if event.number == number), None)
    if wrong is None:
        raise Refused("There is no such event")
    correction = next(step for step in case.procedure.steps if step.effect is Effect.CORRECTED)
    if known_step(case, wrong.step) is correction:
        raise Refused("A correction cannot itself be corrected here: record the right fact instead")
    added = [
        add_event(
            case,
            correction,
            by=by,
            on=clock.today(),
            answers={"replaces": wrong.step, "replaces_on": wrong.happened_on.isoformat(), "reason": reason},
            subject=wrong.subject,
            submission_key=submission_key,
        )
    ]
    if on is not None:
        step = known_step(case, wrong.step)
        given = wrong.answers if answers is None else answers
        added.append(add_event(case, step, by=by, on=on, answers=given, subject=subject or wrong.subject))
    reproject(case, new=added)
    return added[-1]


def ensure_may_record(by: User | None, case: Case, step: Step) -> None:
    """The policy, and the roles that the procedure names for the step."""
    ensure(by, Action.RECORD_STEP, case)
    if by is not None and not roles_of(by, case.partnership_id) & set(step.by):
        raise NotPermitted(f"“{step.label}” is recorded by: {', '.join(step.by)}")


def claim(case: Case, version: int | None) -> None:
    """Take the case for this change: whoever drew their form from an older version comes too late.

    Facts are added under the next version only, so those loaded with the version that was claimed are all there are.
    """
    take_version(case, version)


def complaint_rows(complaints: Sequence[threshold.Complaint]) -> list[Complaint]:
    return [
        Complaint(
            position=position,
            behaviour_on=complaint.behaviour_on,
            reported_on=complaint.reported_on,
            body=complaint.body,
            incident=complaint.incident,
            made_by=complaint.by,
            hate=complaint.hate,
        )
        for position, complaint in enumerate(complaints, start=1)
    ]


def reproject(case: Case, new: Sequence[Event] = ()) -> Reckoning:
    """Ask the procedure whether the facts stand, and store what follows from them.

    Raises:
        Refused: they do not; beside the field at fault where the newest fact is to blame.
    """
    answer = reckon_or_refuse(case, facts_of(case), {event.number for event in new})
    project(case, answer)
    return answer


def reckon_or_refuse(case: Case, known: Facts, new: set[int]) -> Reckoning:
    settings = settings_of(case.partnership_id or case.partnership.id, case.procedure)
    try:
        return reckon(case.procedure, known, settings, ENGLAND_AND_WALES, clock.today())
    except NotAllowed as refused:
        raise refusal(case, refused, new) from None


def refusal(case: Case, refused: NotAllowed, new: set[int]) -> Refused:
    blamed = next((event for event in case.events if event.number == refused.number), None)
    if blamed is None or not new or blamed.number in new:
        return Refused(refused.message, field=refused.field)
    step = known_step(case, blamed.step)
    return Refused(
        f"“{step.label}” on {spelled(blamed.happened_on)} would no longer be possible: {refused.message}", field="on"
    )


def refused_step(case: Case, step: Step, on: date, subject: str, answers: Mapping[str, str]) -> None:
    """Say no, if recording this would be refused. Changes nothing.

    Raises:
        Refused: as `record_step` would.
    """
    with db.session.no_autoflush:
        event = new_event(case, step, by=None, on=on, answers=answers, subject=subject)
        known = facts_of(case)
        with_it = Facts((*known.events, fact_of(event)), known.complaints)
        reckon_or_refuse(case, with_it, {event.number})
