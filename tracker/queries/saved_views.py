"""Lists of cases that were given a name."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from tracker.extensions import db
from tracker.models.saved_views import SavedView
from tracker.models.users import User
from tracker.policy import Action, partnerships_where

MOST_OFFERED = 30  # more would hide the list below them


def saved_views(viewer: User) -> Sequence[SavedView]:
    """The viewer's own, and those shared in the partnerships whose cases they read, by name."""
    shared = SavedView.partnership_id.in_(partnerships_where(viewer, Action.READ_CASE))
    mine = SavedView.owner_id == viewer.id
    return db.session.scalars(
        select(SavedView).where(or_(mine, shared)).order_by(SavedView.name, SavedView.id).limit(MOST_OFFERED)
    ).all()


def own_view(viewer: User, number: int) -> SavedView | None:
    """One of the viewer's own."""
    return db.session.scalar(select(SavedView).where(SavedView.id == number, SavedView.owner_id == viewer.id))
