"""Settling one's own reminders: how they come, who stands in, and when one is away."""

from datetime import date, timedelta

from sqlalchemy import select

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.reminder_choices import ReminderChoice, Sending, TimeAway
from tracker.models.users import User
from tracker.policy import ensure_self
from tracker.queries.reminder_choices import possible_deputies
from tracker.services.use_case import use_case

LONGEST_AWAY = timedelta(days=366)


@use_case
def choose_reminders(user: User, *, by: User, sending: Sending, deputy: User | None) -> None:
    """How *user*'s reminders come from now on, and who gets them while *user* is away.

    Raises:
        NotPermitted: *by* is somebody else.
        Refused: the deputy is nobody who may stand in.
    """
    ensure_self(by, user)
    if deputy is not None and deputy.id not in {colleague.id for colleague in possible_deputies(user)}:
        raise Refused("Select somebody of your partnership", field="deputy")
    db.session.merge(ReminderChoice(user_id=user.id, sending=sending, deputy_id=deputy.id if deputy else None))


@use_case
def add_time_away(user: User, *, by: User, first_on: date, last_on: date) -> TimeAway:
    """Days on which *user*'s reminders go to the deputy, the first and the last included.

    Raises:
        NotPermitted: *by* is somebody else.
        Refused: the days are over, out of order, more than a year, or partly put down already.
    """
    ensure_self(by, user)
    if last_on < first_on:
        raise Refused("The last day must be the first day or later", field="last_on")
    if last_on < clock.today():
        raise Refused("The last day must be today or later", field="last_on")
    if last_on - first_on >= LONGEST_AWAY:
        raise Refused("The last day must be within a year of the first", field="last_on")
    same_days = (TimeAway.user_id == user.id, TimeAway.first_on <= last_on, TimeAway.last_on >= first_on)
    if db.session.scalar(select(TimeAway.id).where(*same_days).limit(1)):
        raise Refused("You have put down some of these days already", field="first_on")
    added = TimeAway(user=user, first_on=first_on, last_on=last_on)
    db.session.add(added)
    return added


@use_case
def remove_time_away(time_away: TimeAway, *, by: User) -> None:
    """Take days away back.

    Raises:
        NotPermitted: they are somebody else's.
    """
    ensure_self(by, time_away.user)
    db.session.delete(time_away)
