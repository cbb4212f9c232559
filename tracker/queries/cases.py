"""Cases as pages and commands read them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, bindparam, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import joinedload, load_only
from sqlalchemy.orm.attributes import set_committed_value

from tracker.extensions import db
from tracker.models.cases import Case, Deadline, Event
from tracker.models.partnerships import Agency
from tracker.models.users import User
from tracker.policy import VISIBLE_CASES, Action, partnerships_where, seen_by, visible_cases
from tracker.procedures import DECISIONS, REQUESTS
from tracker.procedures.case_file import REFERENCE
from tracker.procedures.reckoning import OPEN
from tracker.procedures.vocabulary import CLOSED
from tracker.queries import partnerships

PAGE = 25
MOST_COUNTED = 500
CLOSE_BY = timedelta(days=31)
SOON = timedelta(days=7)
NOBODY = 0  # in place of a person's number: cases without a lead


def case_called(reference: str) -> Case | None:
    """The case of that reference, whoever asks: for operators."""
    return db.session.scalar(select(Case).where(Case.reference == reference))


# Put together once: that takes longer than running them.
CASE = (
    select(Case)
    .where(Case.reference.in_([bindparam("typed"), bindparam("in_capitals")]), VISIBLE_CASES)
    .options(*map(joinedload, (Case.lead, Case.chair, Case.partnership, Case.contributing, Case.conflicts)))
)
EVENTS = (
    select(Event)
    .where(Event.case_id == bindparam("case_id"))
    .order_by(Event.number)
    .options(joinedload(Event.recorded_by))
)


def find_case(viewer: User, reference: str) -> Case | None:
    """The case with its facts and its people, if it exists and *viewer* may see it: two statements.

    Other partnerships and conflicts of interest come with it. Complaints and the people named on a restricted case are
    read where somebody asks for them.
    """
    typed = reference.strip()
    if not REFERENCE.fullmatch(typed):  # some of what can be typed is more than a database takes
        return None
    asked = {"typed": typed, "in_capitals": typed.upper(), **seen_by(viewer)}
    found = {case.reference: case for case in db.session.scalars(CASE, asked).unique()}
    case = found.get(typed) or found.get(typed.upper())
    if case is not None:
        # As a statement of its own: SQLAlchemy's way to load a collection takes three times as long.
        set_committed_value(case, "events", db.session.scalars(EVENTS, {"case_id": case.id}).all())
    return case


def visible_reference(viewer: User, reference: str) -> str | None:
    """The reference as it is kept, if there is such a case and *viewer* may see it."""
    query = select(Case.reference).where(Case.reference == reference, visible_cases(viewer))
    return db.session.scalar(query)


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases shows. Empty shows all that the viewer may see.

    `status`: open, closed, overdue, due_soon, awaiting_replies, to_decide, on_hold, ready_to_close, or anything else
    for all. `chair`: the cases of that chair, and those that have none yet. `held`: whoever must act next.
    """

    case_type: str = ""
    stage: str = ""
    status: str = "open"
    lead: int | None = None
    chair: int | None = None
    held: str = ""
    agency: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    reference: str = ""
    sort: str = "due"
    descending: bool = False
    page: int = 1


# Whoever must act next holds the case: on hold its holder, else the body that the next deadline waits for.
HOLDER = sql_case((Case.on_hold, Case.held_by), (Case.next_subject != "", Case.next_subject), else_=Case.held_by)
SORTS = {
    "case": (Case.reference,),
    "due": (Case.next_due_on,),
    "held": (HOLDER,),
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


# What somebody must do now: windows are no duty, and a hold excuses what is never overdue during one.
RUNNING = and_(
    Deadline.action_id.is_(None),
    Deadline.state == OPEN,
    Deadline.window.is_(False),
    or_(Deadline.held.is_(False), Case.on_hold.is_(False)),
)


def has_running(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition on `Case`: a deadline of it runs, and is such."""
    running = select(Deadline.id).where(Deadline.case_id == Case.id, RUNNING, *which).correlate(Case).exists()
    return and_(Case.stage != CLOSED, running)


def overdue(today: date) -> ColumnElement[bool]:
    """The condition on `Case`: a deadline of it is past its date, and not excused by a hold."""
    return has_running(Deadline.due_on < today)


# Of each status, the condition on `Case` that a day decides; any other status shows all.
BY_STATUS: Mapping[str, Callable[[date], ColumnElement[bool]]] = {
    "open": lambda _: Case.stage != CLOSED,
    "closed": lambda _: Case.stage == CLOSED,
    "overdue": overdue,
    "due_soon": lambda today: has_running(Deadline.due_on.between(today, today + SOON)),
    "awaiting_replies": lambda _: has_running(Deadline.key.in_(REQUESTS)),
    "to_decide": lambda _: has_running(Deadline.key.in_(DECISIONS)),
    "on_hold": lambda _: Case.on_hold.is_(True),
    "ready_to_close": lambda today: Case.ready_to_close_on <= today,
}


def matching(viewer: User, wanted: CaseFilter, today: date) -> list[ColumnElement[bool]]:
    conditions = [visible_cases(viewer)]
    if wanted.status in BY_STATUS:
        conditions.append(BY_STATUS[wanted.status](today))
    if wanted.case_type:
        conditions.append(Case.case_type == wanted.case_type)
    if wanted.stage:
        conditions.append(Case.stage == wanted.stage)
    if wanted.lead is not None:
        conditions.append(Case.lead_id == (wanted.lead or None))
    if wanted.chair:
        conditions.append(or_(Case.chair_id == wanted.chair, Case.chair_id.is_(None)))
    if wanted.held:
        conditions.append(and_(Case.stage != CLOSED, HOLDER.in_([wanted.held])))
    if wanted.opened_from:
        conditions.append(Case.opened_on >= wanted.opened_from)
    if wanted.opened_to:
        conditions.append(Case.opened_on <= wanted.opened_to)
    if wanted.reference:
        conditions.append(Case.reference.icontains(wanted.reference.strip(), autoescape=True))
    if wanted.agency:
        waiting = select(Deadline.case_id).where(Deadline.subject == wanted.agency, Deadline.action_id.is_(None))
        conditions.append(Case.id.in_(waiting))
    return conditions


def counted(conditions: Sequence[ColumnElement[bool]], most: int) -> ScalarSelect[int]:
    """How many cases there are, as part of a statement: up to *most*, and one that says that there are more."""
    found = select(Case.id).where(*conditions).limit(most + 1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def count_of_cases(conditions: Sequence[ColumnElement[bool]], most: int) -> int:
    """How many cases match, up to *most* and one."""
    return db.session.scalar(select(counted(conditions, most))) or 0


# What a row of a list shows: the other columns, long texts among them, are read where somebody asks for them.
LISTED = (
    load_only(
        Case.reference,
        Case.case_type,
        Case.edition,
        Case.partnership_id,
        Case.lead_id,
        Case.stage,
        Case.on_hold,
        Case.held_by,
        Case.ready_to_close_on,
        Case.closed_on,
    ),
    joinedload(Case.lead).load_only(User.name),
)


def cases_page(viewer: User, wanted: CaseFilter, today: date) -> CasePage:
    """One page of the cases that match, and how many there are: two statements."""
    conditions = matching(viewer, wanted, today)
    total = count_of_cases(conditions, MOST_COUNTED)
    pages = -(-min(total, MOST_COUNTED) // PAGE) or 1
    page = max(1, min(wanted.page, pages))
    query = ordered(select(Case).where(*conditions), wanted).limit(PAGE).offset((page - 1) * PAGE)
    cases = list(db.session.scalars(query.options(*LISTED)))
    return CasePage(cases, page, min(total, MOST_COUNTED), total > MOST_COUNTED, pages)


def listed_cases(viewer: User, wanted: CaseFilter, today: date, most: int) -> list[Case]:
    """The cases that match, in the order of the list, up to *most*."""
    query = ordered(select(Case).where(*matching(viewer, wanted, today)), wanted).limit(most)
    return list(db.session.scalars(query.options(joinedload(Case.partnership))))


def duties_in_force(cases: Iterable[Case], on: date) -> frozenset[tuple[int, str]]:
    """Of duties that commence area by area: (partnership, case type) where the duty has begun by that day.

    No statement where none of the cases is of such a kind.
    """
    kinds = {(case.partnership_id, case.case_type) for case in cases if case.procedure.commences_by_area}
    return partnerships.duties_in_force(kinds, on) if kinds else frozenset()


def ordered(query: Select[Case], wanted: CaseFilter) -> Select[Case]:
    columns = SORTS.get(wanted.sort, SORTS["due"])
    if columns is SORTS["due"] and not wanted.descending:
        return query.order_by(Case.due_order, Case.reference)  # the same order, straight from an index
    if wanted.sort == "lead":
        query = query.outerjoin(User, Case.lead_id == User.id)
    keys = [(column.desc() if wanted.descending else column.asc()).nulls_last() for column in columns]
    return query.order_by(*keys, Case.reference)


# Asked of each person, the first of their cases is answer enough; a list of all leads would read every case.
LEADS = (
    select(User.id, User.name)
    .where(select(Case.id).where(Case.lead_id == User.id, VISIBLE_CASES).exists())
    .order_by(User.name)
)


def leads(viewer: User) -> list[tuple[int, str]]:
    """Everybody who leads a case that *viewer* may see: number and name."""
    return [(number, name) for number, name in db.session.execute(LEADS, seen_by(viewer))]


def agencies_seen(viewer: User) -> list[str]:
    """The names of the agencies of every partnership whose cases *viewer* reads."""
    read = partnerships_where(viewer, Action.READ_CASE)
    return list(
        db.session.scalars(select(Agency.name).where(Agency.partnership_id.in_(read)).distinct().order_by(Agency.name))
    )


def similar_cases(viewer: User, case_type: str, on: date) -> list[Case]:
    """Cases of the same kind opened within a month of that day: perhaps the same matter."""
    near = Case.opened_on.between(on - CLOSE_BY, on + CLOSE_BY)
    query = select(Case).where(visible_cases(viewer), Case.case_type == case_type, near)
    return list(db.session.scalars(query.order_by(Case.opened_on, Case.reference).limit(5)))
