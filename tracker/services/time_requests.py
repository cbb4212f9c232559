"""More time: an agency asks for it, and those who run the case or keep the plan agree or do not."""

from datetime import date

from sqlalchemy import select

from tracker import clock
from tracker.emails import tell
from tracker.errors import NotFound, Refused
from tracker.extensions import db
from tracker.models.cases import Case
from tracker.models.item_links import Item, ItemLink, TimeRequest, about
from tracker.models.plans import PlannedAction
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.procedures.calendars import spelled
from tracker.procedures.plan_status import Happening
from tracker.procedures.target_dates import Target
from tracker.procedures.vocabulary import Effect
from tracker.services.actions import aim, date_and_project, happened, target_as_json, target_of
from tracker.services.cases import claim, ensure_may_record, reproject
from tracker.services.events import add_event
from tracker.services.item_links import ensure_opens, place
from tracker.services.plans import take_plan
from tracker.services.use_case import use_case

LONGEST_REASON = 4_000  # characters


@use_case
def ask_for_time(item: Item, *, by: User | None, until: date, reason: str, link: ItemLink | None = None) -> TimeRequest:
    """Ask for a request or an action to be due later. The date stays until somebody agrees.

    Args:
        link: by which somebody without an account came.

    Raises:
        NotFound: neither *by* nor the link opens it.
        Refused: no later day, no reason, or more time is asked for already.
    """
    ensure_opens(item, by, link)
    if until <= max(clock.today(), item.due_on or clock.today()):
        raise Refused("The new date must be after the date it is due, and in the future", field="until")
    if not reason.strip():
        raise Refused("Enter why you need more time", field="reason")
    waiting = select(TimeRequest.id).where(about(TimeRequest, item), TimeRequest.granted.is_(None))
    if db.session.scalar(waiting) is not None:
        raise Refused("You have asked for more time already, and wait for an answer")
    asked = TimeRequest(
        until=until,
        reason=reason.strip()[:LONGEST_REASON],
        asked_by_id=by.id if by else None,
        link_id=link.id if link else None,
        **place(item),
    )
    db.session.add(asked)
    db.session.flush()
    if asked.case is not None and asked.case.lead is not None:
        tell("more_time_asked", to=[asked.case.lead], case=asked.case, href=f"/requests/more-time/{asked.id}")
    return asked


@use_case
def grant_time(asked: TimeRequest, *, by: User, answer: str = "") -> TimeRequest:
    """Agree to more time: the deadline is extended, or the action's target moved, to the day asked for.

    Raises:
        NotPermitted: *by* may not extend or move it. Refused: it was answered, or the rules forbid it.
    """
    ensure_decides(asked, by)
    note_answer(asked, by, granted=True, answer=answer)
    if asked.action is not None:
        move_target_to(asked.action, asked, by)
    elif asked.case is not None:
        extend_deadline(asked.case, asked, by)
    return asked


@use_case
def refuse_time(asked: TimeRequest, *, by: User, answer: str) -> None:
    """Say no to more time, in words that the agency reads.

    Raises:
        NotPermitted: *by* may not extend or move it. Refused: no words, or it was answered.
    """
    ensure_decides(asked, by)
    if not answer.strip():
        raise Refused("Enter what to tell the agency", field="answer")
    note_answer(asked, by, granted=False, answer=answer)


def extend_deadline(case: Case, asked: TimeRequest, by: User) -> None:
    step = next(step for step in case.procedure.steps if step.effect is Effect.EXTENDED)
    ensure_may_record(by, case, step)
    claim(case, None)
    answers = {"deadline": asked.key, "to": asked.until.isoformat(), "reason": asked.reason, "agreed_by": by.name}
    event = add_event(case, step, by=by, on=clock.today(), answers=answers, subject=asked.subject)
    reproject(case, new=[event])


def move_target_to(action: PlannedAction, asked: TimeRequest, by: User) -> None:
    take_plan(action.plan, None)
    event = happened(action, Happening.TARGET_MOVED, by=by, on=clock.today(), text=asked.reason)
    event.old_target, event.old_due_on = target_as_json(target_of(action)), action.due_on
    aim(action, Target(text=spelled(asked.until), since=asked.until, until=asked.until, precision="day"))
    date_and_project(action, action.plan)
    event.new_target, event.new_due_on = target_as_json(target_of(action)), action.due_on


def ensure_decides(asked: TimeRequest, by: User) -> None:
    """Lets pass whoever may extend the deadline, or keeps the plan; and refuses what was answered."""
    if asked.action is not None:
        ensure(by, Action.KEEP_PLAN, asked.case, within=asked.partnership_id)
    elif asked.case is not None:
        ensure(by, Action.EXTEND_DEADLINE, asked.case)
    else:
        raise NotFound
    if asked.granted is not None:
        raise Refused("This was answered already")


def note_answer(asked: TimeRequest, by: User, *, granted: bool, answer: str) -> None:
    asked.granted, asked.answer = granted, answer.strip()[:LONGEST_REASON]
    asked.answered_at, asked.answered_by_id = clock.now(), by.id
    person = db.session.get(User, asked.asked_by_id) if asked.asked_by_id else None
    told, href = (person, "/partner") if person else (asked.link.email if asked.link else None, "/item/new-link")
    if told is not None:
        reference = asked.case.reference if asked.case else "Partnership plan"
        place = asked.partnership_id
        tell("more_time_answered", to=[told], partnership_id=place, reference=reference, href=href)
