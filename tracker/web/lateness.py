"""What managers and administrators are told on every page while reminders or mail are late, or a message failed."""

from dataclasses import dataclass

from flask import url_for

from tracker.models.users import Role, User
from tracker.policy import Action, may
from tracker.queries.timetable import timetable
from tracker.web.filters import moment, quantity

TOLD = frozenset({Role.MANAGER, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class LateNotice:
    """A sentence, and where to see more, if this person may."""

    words: str
    link: str = ""
    href: str = ""


def late_notice(viewer: User) -> LateNotice | None:
    """What is late, if anything is: for those who must know, and at one statement."""
    partnerships = {held.partnership_id for held in viewer.memberships if held.role in TOLD}
    if not partnerships:
        return None
    now = timetable(partnerships)
    administers = may(viewer, Action.MANAGE_PARTNERSHIP)
    health = ("System health", url_for("health.details")) if administers else ()
    if now.sweep_is_late:
        since = f"since {moment(now.swept_at)}" if now.swept_at else "yet"
        words = f"No reminders have been prepared {since}. Look at the deadlines themselves until this is mended."
        return LateNotice(words, *health)
    if now.mail_is_late and now.waiting_since:
        since = moment(now.waiting_since)
        return LateNotice(f"Messages have not gone out since {since}. They are among your notices.", *health)
    if now.failed:
        words = f"{quantity(now.failed, 'message')} could not be sent: somebody has not been told by mail."
        if administers:
            return LateNotice(words, "Try again or cancel", url_for("messages.index", state="failed"))
        return LateNotice(words, "Who it was for", url_for("home.show", _anchor="untold"))
    return None
