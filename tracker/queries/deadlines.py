"""Deadlines across cases and plans: what is due when, whose it is, and what waits without a date.

Each condition is on `Deadline` with `Case` outer joined: an action of the partnership's own plan has none.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from tracker.extensions import db
from tracker.models.cases import Case, Deadline
from tracker.models.plans import PlannedAction
from tracker.models.users import Role, User
from tracker.policy import visible_deadlines
from tracker.procedures.reckoning import MET, MET_LATE, OPEN

PAGE = 50
MOST_COUNTED = 500
MOST_IN_A_DAY = 5  # shown of a day in the month's table

CHAIR = "chair"
EITHER = "officer / chair"
CHAIRED = ("panel chair", "partnership chair", CHAIR, EITHER)
MANAGED = "manager"
WITHIN_A_DAY = (Case.reference.nulls_last(), Deadline.position, Deadline.id)


@dataclass(frozen=True, slots=True)
class DeadlineFilter:
    """What a list of deadlines shows: with *undated*, what has no running date instead of what has one.

    `mine`: only what is the viewer's to see to. `on`: only what is due that day, met or not.
    """

    mine: bool = False
    undated: bool = False
    on: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class DeadlinePage:
    """A page of a list: the deadlines with their cases, the page's number, and how many match, up to a cap."""

    deadlines: list[Deadline]
    page: int
    total: int
    capped: bool
    pages: int = field(default=1)


@dataclass(frozen=True, slots=True)
class DeadlineCounts:
    """How many are late, due by the end of this week, and without a running date; each up to MOST_COUNTED + 1."""

    overdue: int
    this_week: int
    undated: int


def end_of_week(day: date) -> date:
    """The Sunday of the week that *day* is in."""
    return day + timedelta(days=7 - day.isoweekday())


def owned_by(person: User) -> ColumnElement[bool]:
    """The condition that it is for *person* to see to.

    A chair's deadlines are the case's chair's, a manager's any manager's of the partnership that leads; all others,
    those that wait for an agency or the Home Office too, are the lead's, who chases them. Where a case has no chair
    they fall to the lead, and where it has no lead, or there is no case, to the managers.
    """
    managed = [held.partnership_id for held in person.memberships if held.role is Role.MANAGER]
    partnership_id = func.coalesce(Case.partnership_id, Deadline.partnership_id)
    manages = partnership_id.in_(managed) if managed else false()
    for_chair, for_manager = Deadline.owner.in_(CHAIRED), Deadline.owner == MANAGED
    for_lead = or_(Deadline.owner == EITHER, and_(for_chair.is_(False), for_manager.is_(False)))
    falls_to_lead = or_(for_lead, and_(for_chair, Case.chair_id.is_(None)))
    return or_(
        and_(for_chair, Case.chair_id == person.id),
        and_(for_manager, manages),
        and_(falls_to_lead, Case.lead_id == person.id),
        and_(falls_to_lead, Case.lead_id.is_(None), manages),
    )


def excused(today: date) -> ColumnElement[bool]:
    """The condition that its date has passed, which the hold that the case is on excuses."""
    return and_(Deadline.held.is_(True), Case.on_hold.is_(True), Deadline.due_on < today)


def running(viewer: User, today: date, *, mine: bool) -> list[ColumnElement[bool]]:
    """The conditions on open deadlines that *viewer* may see, less the windows that have closed."""
    open_window = or_(Deadline.window.is_(False), Deadline.due_on >= today)
    conditions = [visible_deadlines(viewer), Deadline.state == OPEN, open_window]
    return [*conditions, owned_by(viewer)] if mine else conditions


def undated(today: date) -> ColumnElement[bool]:
    """The condition on running deadlines: the opposite of `dated`, put so that an index finds the few there are."""
    return or_(Deadline.due_on.is_(None), excused(today))


def dated(today: date) -> ColumnElement[bool]:
    """The condition on running deadlines: a date that counts today."""
    return and_(Deadline.due_on.is_not(None), excused(today).is_(False))


def matching(viewer: User, wanted: DeadlineFilter, today: date) -> list[ColumnElement[bool]]:
    if wanted.on:
        whose = [owned_by(viewer)] if wanted.mine else []
        return [visible_deadlines(viewer), shown_in_months(), Deadline.due_on == wanted.on, *whose]
    return [*running(viewer, today, mine=wanted.mine), undated(today) if wanted.undated else dated(today)]


def deadline_page(viewer: User, wanted: DeadlineFilter, today: date) -> DeadlinePage:
    """One page of the deadlines that match, the earliest due first, and how many there are: two statements."""
    conditions = matching(viewer, wanted, today)
    total = db.session.scalar(select(capped_count(conditions))) or 0
    pages = -(-min(total, MOST_COUNTED) // PAGE) or 1
    page = max(1, min(wanted.page, pages))
    order = (Deadline.due_on.nulls_last(), Deadline.started_on) if wanted.undated else (Deadline.due_on,)
    query = with_place().where(*conditions).order_by(*order, *WITHIN_A_DAY)
    rows = list(db.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)))
    return DeadlinePage(rows, page, min(total, MOST_COUNTED), total > MOST_COUNTED, pages)


def deadline_counts(viewer: User, today: date, *, mine: bool) -> DeadlineCounts:
    """What the first line of the page says: one statement."""
    base = running(viewer, today, mine=mine)
    due_by_sunday = Deadline.due_on.between(today, end_of_week(today))
    query = select(
        capped_count([*base, dated(today), Deadline.due_on < today]),
        capped_count([*base, due_by_sunday, Deadline.window.is_(False)]),
        capped_count([*base, undated(today)]),
    )
    overdue, this_week, rest = db.session.execute(query).one()
    return DeadlineCounts(overdue, this_week, rest)


def month_deadlines(viewer: User, first: date, last: date, *, mine: bool) -> list[tuple[Deadline, int]]:
    """What was or is due on the days from *first* to *last*, at most MOST_IN_A_DAY each, with how many that day has."""
    conditions = [visible_deadlines(viewer), shown_in_months(), Deadline.due_on.between(first, last)]
    if mine:
        conditions.append(owned_by(viewer))
    place = func.row_number().over(partition_by=Deadline.due_on, order_by=WITHIN_A_DAY).label("place")
    day_has = func.count().over(partition_by=Deadline.due_on).label("day_has")
    days = select(Deadline.id, place, day_has).outerjoin(Deadline.case).where(*conditions).subquery()
    query = (
        with_place()
        .add_columns(days.c.day_has)
        .join(days, days.c.id == Deadline.id)
        .where(days.c.place <= MOST_IN_A_DAY)
        .order_by(Deadline.due_on, days.c.place)
    )
    return [(deadline, count) for deadline, count in db.session.execute(query)]


def shown_in_months() -> ColumnElement[bool]:
    """What has a place on its day, also when that is past: open or met, not what was cancelled."""
    return Deadline.state.in_((OPEN, MET, MET_LATE))


def with_place() -> Select[Deadline]:
    """Deadlines with what a row shows of their case, or of their action and its plan, in the same statement."""
    case = contains_eager(Deadline.case)
    action = joinedload(Deadline.action).joinedload(PlannedAction.plan)
    people = case.joinedload(Case.lead), case.joinedload(Case.chair)
    return select(Deadline).outerjoin(Deadline.case).options(*people, action)


def capped_count(conditions: list[ColumnElement[bool]]) -> ColumnElement[int]:
    """How many deadlines meet the conditions, counted no further than MOST_COUNTED + 1."""
    found = select(Deadline.id).outerjoin(Deadline.case).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


# -- Of the cases of a list ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """A stored deadline that runs, as a list shows it and as `status_of` asks how it stands."""

    key: str
    subject: str
    started_on: date
    due: date | None
    window: bool
    held: bool
    met_on: date | None = None
    status: str = OPEN
    not_recorded: bool = False


OPEN_DEADLINES = (
    select(
        Deadline.case_id,
        Deadline.key,
        Deadline.subject,
        Deadline.started_on,
        Deadline.due_on,
        Deadline.window,
        Deadline.held,
    )
    .where(
        Deadline.case_id.in_(bindparam("cases", expanding=True)), Deadline.action_id.is_(None), Deadline.state == OPEN
    )
    .order_by(Deadline.due_on.asc().nulls_last(), Deadline.started_on, Deadline.position)
)


def open_deadlines(cases: Iterable[Case]) -> Mapping[int, Sequence[OpenDeadline]]:
    """The stored open deadlines of each case by its number, the earliest due first, those without a date last."""
    numbers = [case.id for case in cases]
    found: dict[int, list[OpenDeadline]] = defaultdict(list)
    for row in db.session.execute(OPEN_DEADLINES, {"cases": numbers}) if numbers else ():
        columns: Sequence[Any] = row[1:]
        found[row.case_id].append(OpenDeadline(*columns))
    return found
