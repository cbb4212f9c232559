"""Cases as pages and commands read them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from tracker.extensions import db
from tracker.models.cases import Case, Deadline
from tracker.models.partnerships import Partnership
from tracker.models.users import User
from tracker.policy import visible_cases
from tracker.procedures.reckoning import OPEN
from tracker.procedures.vocabulary import CLOSED

PAGE = 25
MOST_COUNTED = 500
CLOSE_BY = timedelta(days=31)


def case_called(reference: str) -> Case | None:
    """The case of that reference, whoever asks: for operators."""
    return db.session.scalar(select(Case).where(Case.reference == reference))


def find_case(viewer: User, reference: str) -> Case | None:
    """The case with its facts, if it exists and *viewer* may see it."""
    return db.session.scalar(
        select(Case)
        .where(Case.reference == reference.strip().upper(), visible_cases(viewer))
        .options(
            selectinload(Case.events),
            selectinload(Case.complaints),
            selectinload(Case.contributing),
            selectinload(Case.access),
        )
    )


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases shows. Empty shows all that the viewer may see.

    `status`: open, closed, overdue, on_hold, ready_to_close, or empty for all.
    """

    case_type: str = ""
    stage: str = ""
    status: str = "open"
    lead: int | None = None
    agency: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    reference: str = ""
    sort: str = "due"
    descending: bool = False
    page: int = 1


SORTS = {
    "case": (Case.reference,),
    "due": (Case.next_due_on,),
    "held": (Case.held_by,),
    "stage": (Case.stage,),
    "lead": (User.name,),
}


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of a list: the cases, the page's number, and how many match, up to a cap."""

    cases: list[Case]
    page: int
    total: int
    capped: bool
    pages: int = field(default=1)


def overdue(today: date) -> ColumnElement[bool]:
    """The condition on `Case`: a deadline of it is past its date, and not excused by a hold."""
    late = (
        select(Deadline.id)
        .where(
            Deadline.case_id == Case.id,
            Deadline.state == OPEN,
            Deadline.due_on < today,
            Deadline.window.is_(False),
            or_(Deadline.held.is_(False), Case.on_hold.is_(False)),
        )
        .exists()
    )
    return and_(Case.stage != CLOSED, late)


def matching(viewer: User, wanted: CaseFilter, today: date) -> list[ColumnElement[bool]]:
    conditions = [visible_cases(viewer)]
    by_status = {
        "open": Case.stage != CLOSED,
        "closed": Case.stage == CLOSED,
        "overdue": overdue(today),
        "on_hold": Case.on_hold.is_(True),
        "ready_to_close": Case.ready_to_close_on <= today,
    }
    if wanted.status in by_status:
        conditions.append(by_status[wanted.status])
    if wanted.case_type:
        conditions.append(Case.case_type == wanted.case_type)
    if wanted.stage:
        conditions.append(Case.stage == wanted.stage)
    if wanted.lead:
        conditions.append(Case.lead_id == wanted.lead)
    if wanted.opened_from:
        conditions.append(Case.opened_on >= wanted.opened_from)
    if wanted.opened_to:
        conditions.append(Case.opened_on <= wanted.opened_to)
    if wanted.reference:
        conditions.append(Case.reference.contains(wanted.reference.strip().upper(), autoescape=True))
    if wanted.agency:
        waiting = select(Deadline.case_id).where(Deadline.subject == wanted.agency)
        conditions.append(Case.id.in_(waiting))
    return conditions


def cases_page(viewer: User, wanted: CaseFilter, today: date) -> CasePage:
    """One page of the cases that match, and how many there are: two statements."""
    conditions = matching(viewer, wanted, today)
    found = select(Case.id).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(found)) or 0
    page = max(1, min(wanted.page, -(-total // PAGE) or 1)) if total <= MOST_COUNTED else max(1, wanted.page)
    query = ordered(select(Case).where(*conditions), wanted).limit(PAGE).offset((page - 1) * PAGE)
    cases = list(db.session.scalars(query.options(selectinload(Case.lead))))
    return CasePage(cases, page, min(total, MOST_COUNTED), total > MOST_COUNTED, -(-min(total, MOST_COUNTED) // PAGE) or 1)


def ordered(query: Select[Case], wanted: CaseFilter) -> Select[Case]:
    columns = SORTS.get(wanted.sort, SORTS["due"])
    if wanted.sort == "lead":
        query = query.outerjoin(User, Case.lead_id == User.id)
    keys = [(column.desc() if wanted.descending else column.asc()).nulls_last() for column in columns]
    return query.order_by(*keys, Case.reference)


def leads(viewer: User) -> list[User]:
    """Everybody who leads a case that *viewer* may see."""
    led = select(Case.lead_id).where(visible_cases(viewer))
    return list(db.session.scalars(select(User).where(User.id.in_(led)).order_by(User.name)))


def visible_partnerships(viewer: User) -> list[Partnership]:
    held = [held.partnership_id for held in viewer.memberships]
    return list(db.session.scalars(select(Partnership).where(Partnership.id.in_(held)).order_by(Partnership.name)))


def similar_cases(viewer: User, case_type: str, on: date) -> list[Case]:
    """Cases of the same kind opened within a month of that day: perhaps the same matter."""
    near = Case.opened_on.between(on - CLOSE_BY, on + CLOSE_BY)
    query = select(Case).where(visible_cases(viewer), Case.case_type == case_type, near)
    return list(db.session.scalars(query.order_by(Case.opened_on, Case.reference).limit(5)))
