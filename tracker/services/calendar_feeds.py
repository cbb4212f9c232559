"""Giving and taking away the link at which somebody's calendar fetches their deadlines."""

from sqlalchemy import update

from tracker import clock
from tracker.errors import NotPermitted
from tracker.extensions import db
from tracker.models.calendar_feeds import CalendarFeed
from tracker.models.users import User
from tracker.policy import Action, ensure_self, may
from tracker.services.use_case import use_case
from tracker.tokens import digest, new_token


@use_case
def create_calendar_link(user: User, *, by: User) -> str:
    """The token of a new link, in place of any before it. It is known only now: a hash of it is kept.

    Raises:
        NotPermitted: *by* is somebody else, or has neither cases to read nor requests to answer.
    """
    ensure_self(by, user)
    if not (may(by, Action.READ_CASE) or may(by, Action.ANSWER_REQUEST)):
        raise NotPermitted
    revoke(user)
    token = new_token()
    db.session.add(CalendarFeed(user_id=user.id, token_hash=digest(token)))
    return token


@use_case
def revoke_calendar_link(user: User, *, by: User) -> None:
    """Ends whatever link there is, from the next fetch on.

    Raises:
        NotPermitted: *by* is somebody else.
    """
    ensure_self(by, user)
    revoke(user)


def revoke(user: User) -> None:
    working = update(CalendarFeed).where(CalendarFeed.user_id == user.id, CalendarFeed.revoked_at.is_(None))
    db.session.execute(working.values(revoked_at=clock.now()).execution_options(synchronize_session=False))
