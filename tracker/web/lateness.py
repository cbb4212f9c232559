"""What managers and administrators are told on every page while reminders or mail are late."""

from tracker.models.users import Role, User
from tracker.queries.timetable import timetable
from tracker.web.filters import moment

TOLD = frozenset({Role.MANAGER, Role.ADMINISTRATOR})


def late_words(viewer: User) -> str:
    """What is late, or nothing: for those who must know, and at one statement."""
    if not any(held.role in TOLD for held in viewer.memberships):
        return ""
    now = timetable()
    if now.sweep_is_late:
        since = f"since {moment(now.swept_at)}" if now.swept_at else "yet"
        return f"No reminders have been prepared {since}. Look at the deadlines themselves until this is mended."
    if now.mail_is_late and now.waiting_since:
        return f"Messages have not gone out since {moment(now.waiting_since)}. They are among your notices."
    return ""
