"""Requests for information: what an agency is shown of its own, and what a case's people see of all of them."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from tracker import clock
from tracker.extensions import db
from tracker.models.cases import Case, Deadline
from tracker.models.item_links import Item, ItemLink, TimeRequest, about
from tracker.models.plans import Plan, PlannedAction
from tracker.models.users import User
from tracker.policy import visible_cases, visible_plans, visible_requests
from tracker.procedures import REQUESTS
from tracker.procedures.plan_status import LIVE
from tracker.procedures.reckoning import OPEN
from tracker.procedures.vocabulary import DeadlineRule

MOST_LISTED = 200


def find_request(viewer: User, number: int) -> Deadline | None:
    """What the agency of *viewer* has been asked and has not answered, by its number."""
    query = select(Deadline).join(Deadline.case).options(contains_eager(Deadline.case)).where(visible_requests(viewer))
    return db.session.scalar(query.where(Deadline.id == number))


def item_of_link(link: ItemLink) -> Item | None:
    """The action that a link opens while it is live, or the request while it waits for an answer."""
    if link.action_id is not None:
        live = select(PlannedAction).where(PlannedAction.id == link.action_id, PlannedAction.status.in_(LIVE))
        return db.session.scalar(live)
    query = select(Deadline).join(Deadline.case).options(contains_eager(Deadline.case))
    open_still = (Deadline.key == link.key, Deadline.subject == link.subject, Deadline.state == OPEN)
    return db.session.scalar(query.where(Deadline.case_id == link.case_id, *open_still))


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its agency sees it: nothing of the case but the reference."""

    number: int
    reference: str
    partnership: str
    what: str
    agency: str
    started_on: date
    due: date | None
    original_due: date | None
    status: str = OPEN
    met_on: date | None = None
    not_recorded: bool = False


def asked_of(request: Deadline) -> Asked:
    """What an agency is shown of a request."""
    return Asked(
        number=request.id,
        reference=request.known_case.reference,
        partnership=request.known_case.partnership.name,
        what=rule_of(request).label,
        agency=request.subject,
        started_on=request.started_on,
        due=request.due_on,
        original_due=request.original_due_on,
    )


def rule_of(request: Deadline) -> DeadlineRule:
    return request.known_case.procedure.known_deadline(request.key)


def last_time_request(request: Deadline) -> TimeRequest | None:
    """The latest that was asked for about a request, since it was made."""
    found = last_wish(request)
    return found if found and clock.london(found.asked_at).date() >= request.started_on else None


def last_wish(item: Item) -> TimeRequest | None:
    """The latest time that was asked for about a request or an action."""
    wishes = select(TimeRequest).where(about(TimeRequest, item)).order_by(TimeRequest.id.desc())
    return db.session.scalar(wishes.limit(1))


@dataclass(slots=True)
class RequestOfCase:
    """A request as the case's people see it, with the links to it and the time that was asked for."""

    deadline: Deadline
    what: str
    links: list[ItemLink] = field(default_factory=list)
    times: list[TimeRequest] = field(default_factory=list)


def requests_of(case: Case) -> list[RequestOfCase]:
    """Every request of a case that its viewer was found to see, unanswered ones first. Three statements."""
    rows = db.session.scalars(
        select(Deadline)
        .where(Deadline.case_id == case.id, Deadline.key.in_(REQUESTS))
        .options(joinedload(Deadline.case))
        .order_by(Deadline.state != OPEN, Deadline.due_on, Deadline.id)
    ).all()
    found = [RequestOfCase(row, case.procedure.known_deadline(row.key).label) for row in rows]
    by_item = {(each.deadline.key, each.deadline.subject): each for each in reversed(found)}
    links = select(ItemLink).where(ItemLink.case_id == case.id).order_by(ItemLink.id.desc())
    for link in db.session.scalars(links.options(joinedload(ItemLink.created_by)).limit(MOST_LISTED)):
        if each := by_item.get((link.key, link.subject)):
            each.links.append(link)
    times = select(TimeRequest).where(TimeRequest.case_id == case.id).order_by(TimeRequest.id.desc())
    for asked in db.session.scalars(times.limit(MOST_LISTED)):
        if each := by_item.get((asked.key, asked.subject)):
            each.times.append(asked)
    return found


def find_request_of_case(viewer: User, number: int) -> Deadline | None:
    """A request by its number, if *viewer* may see the case it was made in."""
    seen = select(Deadline).join(Deadline.case).options(contains_eager(Deadline.case)).where(visible_cases(viewer))
    return db.session.scalar(seen.where(Deadline.id == number, Deadline.key.in_(REQUESTS)))


def find_link(viewer: User, number: int) -> ItemLink | None:
    """A link by its number, if *viewer* may see the case or the plan of its item."""
    return db.session.scalar(select(ItemLink).where(ItemLink.id == number, is_seen(ItemLink, viewer)))


def find_time_request(viewer: User, number: int) -> TimeRequest | None:
    """What was asked for, if *viewer* may see the case or the plan it is about."""
    return db.session.scalar(select(TimeRequest).where(TimeRequest.id == number, is_seen(TimeRequest, viewer)))


def is_seen(table: type[ItemLink] | type[TimeRequest], viewer: User) -> ColumnElement[bool]:
    """The condition on *table* that *viewer* may see the case or the plan of its item."""
    of_plans = select(PlannedAction.id).join(Plan, Plan.id == PlannedAction.plan_id).where(visible_plans(viewer))
    of_cases = table.case_id.in_(select(Case.id).where(visible_cases(viewer)))
    return or_(and_(table.action_id.is_(None), of_cases), table.action_id.in_(of_plans))
