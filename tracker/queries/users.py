"""Users, their sessions, and who holds which role."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.extensions import db
from tracker.models.messages import Message
from tracker.models.partnerships import Partnership
from tracker.models.users import Membership, Role, User, UserSession, normalised_email
from tracker.policy import Action, partnerships_where
from tracker.tokens import digest

IDLE_AT_MOST = timedelta(minutes=30)
LASTS_AT_MOST = timedelta(hours=10)


def _running() -> Select[UserSession, int]:
    user = joinedload(UserSession.user, innerjoin=True)
    partnership = user.joinedload(User.memberships).joinedload(Membership.partnership)
    unread = select(func.count()).where(Message.user_id == UserSession.user_id, Message.read_at.is_(None))
    return (
        select(UserSession, unread.scalar_subquery())
        .join(UserSession.user)
        .where(
            UserSession.token_hash == bindparam("token_hash"),
            UserSession.ended_at.is_(None),
            UserSession.last_seen_at > bindparam("seen_after"),
            UserSession.created_at > bindparam("begun_after"),
            User.disabled_at.is_(None),
        )
        .options(partnership.joinedload(Partnership.page_settings), partnership.joinedload(Partnership.branding))
    )


RUNNING = _running()  # put together once: that takes longer than running it, and every page runs it


def running_session(token: str) -> UserSession | None:
    """The session with this token, with its user, their roles and what every page asks, in one statement.

    None once it was ended, idle for 30 minutes or begun 10 hours ago, or where the user is disabled.
    """
    now = clock.now()
    asked = {"token_hash": digest(token), "seen_after": now - IDLE_AT_MOST, "begun_after": now - LASTS_AT_MOST}
    found = db.session.execute(RUNNING, asked).unique().one_or_none()
    if found is None:
        return None
    running: UserSession = found[0]
    running.user.unread_notices = found[1]
    return running


def owner_of_session(token: str) -> int | None:
    """Whose session has or had this token, by number: it may have ended."""
    return db.session.scalar(select(UserSession.user_id).where(UserSession.token_hash == digest(token)))


def find_user(email: str) -> User | None:
    """The person with this address, in whatever case it is written."""
    return db.session.scalar(select(User).where(User.email == normalised_email(email)))


def people_with(role: Role, partnership_id: int) -> Sequence[User]:
    """Who holds a role in a partnership and is not disabled, by name."""
    return db.session.scalars(
        select(User)
        .join(User.memberships)
        .where(Membership.partnership_id == partnership_id, Membership.role == role, User.disabled_at.is_(None))
        .order_by(User.name, User.id)
    ).all()


def all_users(viewer: User) -> Sequence[User]:
    """Everybody with a role in the partnerships whose users *viewer* manages, by name."""
    managed = partnerships_where(viewer, Action.MANAGE_USERS)
    members = select(Membership.user_id).where(Membership.partnership_id.in_(managed))
    return db.session.scalars(
        select(User)
        .where(User.id.in_(members))
        .options(selectinload(User.memberships).joinedload(Membership.partnership), joinedload(User.agency))
        .order_by(User.name, User.id)
    ).all()
