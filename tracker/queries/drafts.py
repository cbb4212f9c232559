"""Referrals begun and not logged yet, as pages read them: always their owner's own."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.extensions import db
from tracker.models.drafts import Draft, kept_since
from tracker.models.users import User
from tracker.policy import Action, partnerships_where


def own_drafts(viewer: User) -> ColumnElement[bool]:
    """The condition on `Draft`: begun by *viewer*, who may still log it, and not idle for too long."""
    return and_(
        Draft.owner_id == viewer.id,
        Draft.partnership_id.in_(partnerships_where(viewer, Action.LOG_REFERRAL)),
        Draft.saved_at >= kept_since(clock.today()),
    )


def drafts_of(viewer: User) -> Sequence[Draft]:
    """What *viewer* began and has not logged, the latest saved first. Its page: `referrals.resume`, by its `key`."""
    found = select(Draft).where(own_drafts(viewer)).options(joinedload(Draft.partnership))
    return db.session.scalars(found.order_by(Draft.saved_at.desc(), Draft.id.desc())).all()


def find_draft(viewer: User, key: str) -> Draft | None:
    """The draft, if there is one and it is the viewer's own."""
    found = select(Draft).where(Draft.key == key, own_drafts(viewer)).options(joinedload(Draft.partnership))
    return db.session.scalar(found)
