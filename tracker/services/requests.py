"""What an agency does about a request: answer it, or ask for more time, which those who run the case decide."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from tracker import clock
from tracker.errors import NotFound, Refused
from tracker.extensions import db
from tracker.models.cases import Case, Deadline, Event
from tracker.models.item_links import ItemLink, TimeRequest
from tracker.models.users import User
from tracker.policy import Action, ensure, visible_requests
from tracker.procedures.reckoning import OPEN
from tracker.procedures.vocabulary import Effect, Step
from tracker.services.attachments import Kept, attachment_rows
from tracker.services.cases import add_event, claim, ensure_may_record, known_step, only_once, reproject
from tracker.services.item_links import is_working
from tracker.services.use_case import use_case

LONGEST_REASON = 4_000  # characters
BY_LINK = "Answered by the agency, by the link it was sent"
SIGNED_IN = "Answered by the agency’s contact, signed in"


@use_case
@only_once
def answer_request(
    request: Deadline,
    *,
    by: User | None,
    nil: bool,
    note: str,
    files: Sequence[Kept] = (),
    link: ItemLink | None = None,
    submission_key: str | None = None,
) -> Event:
    """Record an agency's own answer, as the step that meets the request. Today's, with the files it sent.

    Args:
        nil: the agency holds nothing. *link*: by which somebody without an account came.

    Raises:
        NotFound: *by*, or the link, does not open this request.
        Refused: nothing is sent and nothing said. Resent: the same form again.
    """
    case = request.case
    ensure_opens(request, by, link)
    if not nil and not files and not note.strip():
        raise Refused("Choose a file, or enter how you have sent what was asked for", field="note")
    claim(case, None)
    answers = {"nil": "yes" if nil else "no", "note": note, "how": BY_LINK if link else SIGNED_IN}
    step = reply_to(request)
    subject = request.subject
    event = add_event(
        case, step, by=by, on=clock.today(), answers=answers, subject=subject, submission_key=submission_key
    )
    attachment_rows(files, case=case, event=event, by=by, agency=subject)
    if link:
        link.used_up_at = clock.now()
    reproject(case, new=[event])
    return event


@use_case
def ask_for_time(
    request: Deadline, *, by: User | None, until: date, reason: str, link: ItemLink | None = None
) -> TimeRequest:
    """Ask for a request to be due later. The date stays until somebody on the case agrees.

    Raises:
        NotFound: as `answer_request`. Refused: no later day, no reason, or one is asked for already.
    """
    ensure_opens(request, by, link)
    if until <= max(clock.today(), request.due_on or clock.today()):
        raise Refused("The new date must be after the date it is due, and in the future", field="until")
    if not reason.strip():
        raise Refused("Enter why you need more time", field="reason")
    if waiting_time(request) is not None:
        raise Refused("You have asked for more time already, and wait for an answer")
    asked = TimeRequest(
        partnership_id=request.case.partnership_id,
        case_id=request.case_id,
        key=request.key,
        subject=request.subject,
        until=until,
        reason=reason.strip()[:LONGEST_REASON],
        asked_by_id=by.id if by else None,
        link_id=link.id if link else None,
    )
    db.session.add(asked)
    return asked


@use_case
def grant_time(asked: TimeRequest, *, by: User, answer: str = "") -> Event:
    """Agree to more time: the deadline is extended to the day asked for.

    Raises:
        NotPermitted: *by* may not extend it. Refused: it was answered, or the procedure forbids the extension.
    """
    case = case_to_extend(asked, by)
    step = next(step for step in case.procedure.steps if step.effect is Effect.EXTENDED)
    ensure_may_record(by, case, step)
    claim(case, None)
    answers = {"deadline": asked.key, "to": asked.until.isoformat(), "reason": asked.reason, "agreed_by": by.name}
    event = add_event(case, step, by=by, on=clock.today(), answers=answers, subject=asked.subject)
    note_answer(asked, by, granted=True, answer=answer)
    reproject(case, new=[event])
    return event


@use_case
def refuse_time(asked: TimeRequest, *, by: User, answer: str) -> None:
    """Say no to more time, in words that the agency reads.

    Raises:
        NotPermitted: *by* may not extend the deadline. Refused: no words, or it was answered.
    """
    case_to_extend(asked, by)
    if not answer.strip():
        raise Refused("Enter what to tell the agency", field="answer")
    note_answer(asked, by, granted=False, answer=answer)


# -- What these share ------------------------------------------------------------------------------------------------


def ensure_opens(request: Deadline, by: User | None, link: ItemLink | None) -> None:
    """Lets pass a contact of the agency that was asked, or the link that was made for this request."""
    if link is not None:
        item = (link.case_id, link.key, link.subject)
        opens = is_working(link) and item == (request.case_id, request.key, request.subject)
    else:
        mine = select(Deadline.id).join(Case, Case.id == Deadline.case_id).where(Deadline.id == request.id)
        opens = by is not None and db.session.scalar(mine.where(visible_requests(by))) is not None
    if not opens or request.state != OPEN:
        raise NotFound


def reply_to(request: Deadline) -> Step:
    """The step that answers a request."""
    rule = request.case.procedure.known_deadline(request.key)
    return known_step(request.case, rule.met_by[0].step)


def waiting_time(request: Deadline) -> TimeRequest | None:
    """What was asked for, about a request, and nobody has answered."""
    return db.session.scalar(
        select(TimeRequest).where(
            TimeRequest.case_id == request.case_id,
            TimeRequest.key == request.key,
            TimeRequest.subject == request.subject,
            TimeRequest.granted.is_(None),
        )
    )


def case_to_extend(asked: TimeRequest, by: User) -> Case:
    case = asked.case
    if case is None:
        raise NotFound
    ensure(by, Action.EXTEND_DEADLINE, case)
    if asked.granted is not None:
        raise Refused("This was answered already")
    return case


def note_answer(asked: TimeRequest, by: User, *, granted: bool, answer: str) -> None:
    asked.granted, asked.answer = granted, answer.strip()[:LONGEST_REASON]
    asked.answered_at, asked.answered_by_id = clock.now(), by.id
