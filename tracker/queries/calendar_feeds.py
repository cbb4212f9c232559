"""What a person's calendar shows, and whose calendar it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from tracker import clock
from tracker.extensions import db
from tracker.models.calendar_feeds import CalendarFeed
from tracker.models.cases import Case, Deadline, Event
from tracker.models.partnerships import LocalSetting
from tracker.models.plans import ActionEvent, PlannedAction
from tracker.models.users import User
from tracker.policy import visible_actions, visible_cases, visible_deadlines, visible_requests
from tracker.procedures.case_file import REFERENCE
from tracker.procedures.reckoning import OPEN
from tracker.queries.deadlines import WITHIN_A_DAY, owned_by
from tracker.tokens import digest

KEY = re.compile(r"[a-z0-9_]{1,100}")
KEPT = timedelta(days=90)  # how long a calendar is told of what was met or cancelled
MOST = 1000  # deadlines in one calendar, the latest due first


@dataclass(frozen=True, slots=True)
class CalendarDeadline:
    """A deadline as a calendar needs it.

    `revision`: how many facts its date rests on: the case's events, the local settings of its kind, and what was
    recorded of its action. Facts are only ever added, so it grows whenever the date may have moved. `changed_at`: when
    the latest of them was recorded.
    """

    deadline: Deadline
    revision: int
    changed_at: datetime


def current_feed(user: User) -> CalendarFeed | None:
    """The person's calendar link, if one works."""
    working = CalendarFeed.user_id == user.id, CalendarFeed.revoked_at.is_(None)
    return db.session.scalar(select(CalendarFeed).where(*working))


def feed_owner(token: str) -> User | None:
    """Whose calendar has this token; None once it was revoked or the person disabled.

    Tokens are found by their hash, so how long a wrong one takes says nothing about a right one.
    """
    return db.session.scalar(
        select(User)
        .join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.token_hash == digest(token), CalendarFeed.revoked_at.is_(None), User.disabled_at.is_(None))
    )


def calendar_deadlines(owner: User, today: date) -> list[CalendarDeadline]:
    """What is *owner*'s to see to and they may see today, with what ended in the last KEPT days: two statements.

    A partner agency's contact sees what their agency was asked for and has not answered, and the actions it leads.
    """
    led = select(PlannedAction.id).where(visible_actions(owner))
    mine = and_(visible_deadlines(owner), owned_by(owner))
    theirs = or_(mine, visible_requests(owner), Deadline.action_id.in_(led))
    lately = or_(Deadline.due_on >= today - KEPT, Deadline.met_on >= today - KEPT)
    query = (
        with_revision()
        .where(theirs, Deadline.due_on.is_not(None))
        .where(or_(lately, (Deadline.state == OPEN) & Deadline.window.is_(False)))
        .order_by(Deadline.due_on.desc(), *WITHIN_A_DAY)
        .limit(MOST)
    )
    return revised(db.session.execute(query).all())


def calendar_deadline(viewer: User, reference: str, key: str, position: int) -> CalendarDeadline | None:
    """One deadline by its key and position in its case, if *viewer* may see the case and it has a date."""
    if not (REFERENCE.fullmatch(reference) and KEY.fullmatch(key)):
        return None
    this = (Case.reference == reference, Deadline.key == key, Deadline.position == position)
    query = with_revision().where(visible_cases(viewer), *this, Deadline.due_on.is_not(None))
    return next(iter(revised(db.session.execute(query).all())), None)


def calendar_action(viewer: User, number: int, key: str) -> CalendarDeadline | None:
    """A deadline of an action by its key, if *viewer* may see the plan."""
    if not KEY.fullmatch(key):
        return None
    this = Deadline.action_id == number, Deadline.key == key
    query = with_revision().where(visible_deadlines(viewer), *this)
    return next(iter(revised(db.session.execute(query).all())), None)


def with_revision() -> Select[Deadline, int, datetime | None, datetime | None]:
    """Deadlines with how many events their case and their action have, and when the latest of each was recorded."""
    of_case, of_action = Event.case_id == Case.id, ActionEvent.action_id == Deadline.action_id
    numbers = [
        func.coalesce(select(func.max(number)).where(whose).scalar_subquery(), 0)
        for number, whose in ((Event.number, of_case), (ActionEvent.number, of_action))
    ]
    latest = [
        select(func.max(at)).where(whose).scalar_subquery()
        for at, whose in ((Event.recorded_at, of_case), (ActionEvent.recorded_at, of_action))
    ]
    query = select(Deadline, numbers[0] + numbers[1], *latest).outerjoin(Deadline.case)
    return query.options(contains_eager(Deadline.case).options(joinedload(Case.partnership)))


def revised(rows: Sequence[Row[Deadline, int, datetime | None, datetime | None]]) -> list[CalendarDeadline]:
    """*rows* with the local settings that bear on them counted in."""
    cases = [deadline.case for deadline, *_ in rows if deadline.case]
    partnerships = {case.partnership_id for case in cases}
    settings = db.session.execute(
        select(LocalSetting.partnership_id, LocalSetting.key, LocalSetting.recorded_at).where(
            LocalSetting.partnership_id.in_(partnerships)
        )
    ).all()
    found = []
    for deadline, number, *latest in rows:
        case = deadline.case if deadline.action_id is None else None
        bearing = [
            recorded_at
            for partnership_id, key, recorded_at in settings
            if case and partnership_id == case.partnership_id and key.startswith(f"{case.case_type}.")
        ]
        began = clock.start_of(deadline.known_on or deadline.started_on)
        changed_at = max([began, *bearing, *(at for at in latest if at)])
        found.append(CalendarDeadline(deadline, number + len(bearing), changed_at))
    return found
