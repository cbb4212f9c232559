"""Referrals begun and not logged yet, as pages read them: always their owner's own."""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.extensions import db
from tracker.models.cases import Case, Event
from tracker.models.drafts import Draft, kept_since
from tracker.models.users import Role, User
from tracker.policy import Action, partnerships_where, visible_cases
from tracker.queries.users import people_with

KEY = re.compile(r"[A-Za-z0-9_-]{43}")  # as `tracker.tokens` makes them


def own_drafts(viewer: User) -> ColumnElement[bool]:
    """The condition on `Draft`: begun by *viewer*, who may still log it, and not idle for too long."""
    return and_(
        Draft.owner_id == viewer.id,
        Draft.partnership_id.in_(partnerships_where(viewer, Action.LOG_REFERRAL)),
        Draft.saved_at >= kept_since(clock.today()),
    )


def drafts_of(viewer: User) -> Sequence[Draft]:
    """What *viewer* began and has not logged, the latest saved first; not where nothing is answered.

    The page that goes on with one: `referrals.resume`, by its `key`.
    """
    found = select(Draft).where(own_drafts(viewer)).options(joinedload(Draft.partnership))
    drafts = db.session.scalars(found.order_by(Draft.saved_at.desc(), Draft.id.desc()))
    return [draft for draft in drafts if draft.answers]


def find_draft(viewer: User, key: str) -> Draft | None:
    """The draft, if there is one and it is the viewer's own."""
    if not KEY.fullmatch(key):  # some of what can be typed is more than a database takes
        return None
    found = select(Draft).where(Draft.key == key, own_drafts(viewer)).options(joinedload(Draft.partnership))
    return db.session.scalar(found)


def managers_to_tell(partnership_id: int, by: User) -> list[User]:
    """Who is told of a referral that *by* logs."""
    return [manager for manager in people_with(Role.MANAGER, partnership_id) if manager.id != by.id]


def logged_as(viewer: User, key: str) -> str | None:
    """The reference of the case that a draft of *viewer* has become, if they may see it."""
    if not KEY.fullmatch(key):
        return None
    opened = Event.submission_key == key, Event.recorded_by_id == viewer.id
    return db.session.scalar(select(Case.reference).join(Case.events).where(*opened, visible_cases(viewer)))
