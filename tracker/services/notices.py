"""Reading what one was told."""

from sqlalchemy import update

from tracker import clock
from tracker.extensions import db
from tracker.models.messages import Message
from tracker.models.users import User
from tracker.services.use_case import use_case


@use_case
def read_notices(user: User, *, by: User) -> None:
    """Mark every notice of *user*, who is *by*, as read."""
    unread = update(Message).where(Message.user_id == by.id, Message.read_at.is_(None)).values(read_at=clock.now())
    db.session.execute(unread, execution_options={"synchronize_session": False})
    user.unread_notices = 0
