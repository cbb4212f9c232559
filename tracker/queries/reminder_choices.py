"""What people have settled about their own reminders, and who is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from tracker.extensions import db
from tracker.models.reminder_choices import ReminderChoice, Sending, TimeAway
from tracker.models.users import Membership, Role, User

AT_WORK_ON_CASES = (Role.OFFICER, Role.CHAIR, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Chosen:
    """How somebody's reminders go: as they chose, or as they go for whoever has chosen nothing."""

    sending: Sending = Sending.DIGEST
    deputy: User | None = None


def chosen_by(user: User) -> Chosen:
    row = db.session.get(ReminderChoice, user.id, options=[joinedload(ReminderChoice.deputy)])
    return Chosen(row.sending, row.deputy) if row else Chosen()


def times_away(user: User, today: date) -> Sequence[TimeAway]:
    """The days away that are not over, the nearest first."""
    query = select(TimeAway).where(TimeAway.user_id == user.id, TimeAway.last_on >= today)
    return db.session.scalars(query.order_by(TimeAway.first_on, TimeAway.id)).all()


def find_time_away(user: User, number: int) -> TimeAway | None:
    """A time away by its number, if it is the person's own."""
    return db.session.scalar(select(TimeAway).where(TimeAway.id == number, TimeAway.user_id == user.id))


def away(on: date) -> ColumnElement[bool]:
    """The condition on `User`: they are away on that day."""
    return (
        select(TimeAway.id).where(TimeAway.user_id == User.id, TimeAway.first_on <= on, TimeAway.last_on >= on).exists()
    )


def possible_deputies(user: User) -> Sequence[User]:
    """Who may stand in for *user*: colleagues who work on the same partnership's cases, or for the same agency."""
    here = {held.partnership_id for held in user.memberships if held.role in AT_WORK_ON_CASES}
    for_agency = {held.partnership_id for held in user.memberships if held.role is Role.PARTNER}
    colleague = Membership.partnership_id.in_(here) & Membership.role.in_(AT_WORK_ON_CASES)
    same_agency = Membership.partnership_id.in_(for_agency) & (Membership.role == Role.PARTNER)
    members = select(Membership.user_id).where(
        or_(colleague, same_agency & (User.agency_id == user.agency_id) & (User.id == Membership.user_id))
    )
    query = select(User).where(User.id.in_(members), User.id != user.id, User.disabled_at.is_(None))
    return db.session.scalars(query.order_by(User.name, User.id)).all()
