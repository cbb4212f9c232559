"""What a person's calendar shows, and whose calendar it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from tracker.extensions import db
from tracker.models.calendar_feeds import CalendarFeed
from tracker.models.cases import Case, Deadline, Event
from tracker.models.partnerships import LocalSetting
from tracker.models.users import User
from tracker.policy import visible_cases, visible_requests
from tracker.procedures.case_file import REFERENCE
from tracker.procedures.reckoning import OPEN
from tracker.queries.deadlines import owned_by
from tracker.tokens import digest

KEY = re.compile(r"[a-z0-9_]{1,100}")
KEPT = timedelta(days=90)  # how long a calendar is told of what was met or cancelled
MOST = 1000  # deadlines in one calendar, the latest due first


@dataclass(frozen=True, slots=True)
class CalendarDeadline:
    """A deadline as a calendar needs it.

    `revision`: how many facts its date rests on, the case's events and the local settings of its kind. Facts are only
    ever added, so it grows whenever the date may have moved. `changed_at`: when the latest of them was recorded.
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

    A partner agency's contact sees what their agency was asked for and has not answered.
    """
    theirs = or_(and_(visible_cases(owner), owned_by(owner)), visible_requests(owner))
    lately = or_(Deadline.due_on >= today - KEPT, Deadline.met_on >= today - KEPT)
    query = (
        with_revision()
        .where(theirs, Deadline.due_on.is_not(None))
        .where(or_(lately, (Deadline.state == OPEN) & Deadline.window.is_(False)))
        .order_by(Deadline.due_on.desc(), Case.reference, Deadline.position)
        .limit(MOST)
    )
    return revised(db.session.execute(query).all())


def calendar_deadline(viewer: User, reference: str, key: str, position: int) -> CalendarDeadline | None:
    """One deadline by its key and place on its case, if *viewer* may see the case and it has a date."""
    if not (REFERENCE.fullmatch(reference) and KEY.fullmatch(key)):
        return None
    this = (Case.reference == reference, Deadline.key == key, Deadline.position == position)
    query = with_revision().where(visible_cases(viewer), *this, Deadline.due_on.is_not(None))
    return next(iter(revised(db.session.execute(query).all())), None)


def with_revision() -> Select[Deadline, int, datetime]:
    """Deadlines with the number of their case's latest event and when it was recorded."""
    of_case = Event.case_id == Case.id
    last_number = select(func.max(Event.number)).where(of_case).scalar_subquery()
    last_at = select(func.max(Event.recorded_at)).where(of_case).scalar_subquery()
    query = select(Deadline, last_number, last_at).join(Deadline.case)
    return query.options(contains_eager(Deadline.case).options(joinedload(Case.partnership)))


def revised(rows: Sequence[Row[Deadline, int, datetime]]) -> list[CalendarDeadline]:
    """*rows* with the local settings that bear on them counted in."""
    partnerships = {deadline.case.partnership_id for deadline, _, _ in rows}
    settings = db.session.execute(
        select(LocalSetting.partnership_id, LocalSetting.key, LocalSetting.recorded_at).where(
            LocalSetting.partnership_id.in_(partnerships)
        )
    ).all()
    found = []
    for deadline, number, at in rows:
        kind = f"{deadline.case.case_type}."
        bearing = [
            recorded_at
            for partnership_id, key, recorded_at in settings
            if partnership_id == deadline.case.partnership_id and key.startswith(kind)
        ]
        found.append(CalendarDeadline(deadline, number + len(bearing), max([at, *bearing])))
    return found
