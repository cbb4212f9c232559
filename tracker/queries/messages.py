"""Messages as they stand now: whether they may still go out, and what they say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.emails import Item, Mail, digest_item, digest_mail, told_mail
from tracker.extensions import db
from tracker.models.cases import Case, Deadline
from tracker.models.messages import DIGEST, Message
from tracker.models.reminders import Reminder
from tracker.models.users import Role, User
from tracker.policy import Action, is_conflicted, may, roles_of
from tracker.procedures.reckoning import OPEN
from tracker.queries.partnerships import agency_contact_emails
from tracker.queries.reminders import reminders_of

GONE, MOVED, NOT_OPEN, NOT_PERMITTED = (
    "the deadline no longer exists",
    "the date has moved",
    "it was met or no longer applies",
    "its reader may no longer see the case",
)
LEFT = "its reader no longer has access"
NOTICES = 50
MESSAGE_ID = re.compile("[0-9a-f]{32}")


@dataclass(slots=True)
class Checked:
    """A message looked at again. Without `mail` it is not sent, `because` of something.

    `left_out`: reminders in it that no longer hold, by number, with the reason.
    """

    address: str = ""
    mail: Mail | None = None
    because: str = ""
    left_out: dict[int, str] = field(default_factory=dict)


def checked(message_id: str, today: date) -> Checked:
    """What a message says if it goes out today: to somebody who still may know, of what still holds. Three statements.

    One of a day that is still to come, as an operator may queue, speaks as of that day.
    """
    message = db.session.get_one(
        Message, message_id, options=[joinedload(Message.user), joinedload(Message.case)], populate_existing=True
    )
    address = message.user.email if message.user else message.address
    if message.user is not None and not message.user.is_active:
        return Checked(address, because=LEFT)
    if message.kind != DIGEST:
        if message.user and message.case and not may_know(message.user, message.case):
            return Checked(address, because=NOT_PERMITTED)
        return Checked(address, told_mail(message))
    return checked_digest(address, message, max(today, message.on))


def checked_digest(address: str, message: Message, today: date) -> Checked:
    found, items = Checked(address), list[Item]()
    for reminder, deadline, case in reminders_of([message.id]):
        why = no_longer(reminder, deadline, case, message.user)
        if why or deadline is None:
            found.left_out[reminder.id] = why
        else:
            reads = reads_case(message.user, case) if case else reads_plan(message.user, deadline)
            items.append(digest_item(reminder, deadline, case, today, reads=reads))
    if items:
        found.mail = digest_mail(items)
    else:
        found.because = "; ".join(sorted(set(found.left_out.values()))) or GONE
    return found


def no_longer(reminder: Reminder, deadline: Deadline | None, case: Case | None, user: User | None) -> str:
    """Why a reminder no longer holds, or nothing."""
    if deadline is None:
        return GONE
    if deadline.state != OPEN:
        return NOT_OPEN
    if deadline.generation != reminder.generation:
        return MOVED
    if case is None:
        known = may_know_of_plan(reminder.recipient, user, deadline)
    else:
        known = may_know(user, case, deadline) if user else is_contact(reminder.recipient, case, deadline)
    return "" if known else NOT_PERMITTED


def may_know(user: User, case: Case, deadline: Deadline | None = None) -> bool:
    """Whether somebody reads the case, or speaks for the agency that the deadline waits for."""
    if reads_case(user, case):
        return True
    open_to_partners = not case.restricted and not is_conflicted(case, user)
    return deadline is not None and open_to_partners and speaks_for(user, deadline.subject, case.partnership_id)


def may_know_of_plan(address: str, user: User | None, deadline: Deadline) -> bool:
    """Whether a deadline of the partnership's own action plan may be told: to its readers, and the agency it is of."""
    within = deadline.partnership_id or 0
    if user is None:
        return address in agency_contact_emails(within, deadline.subject)
    return reads_plan(user, deadline) or speaks_for(user, deadline.subject, within)


def reads_plan(user: User | None, deadline: Deadline) -> bool:
    """Whether somebody reads the partnership's own plan that a deadline is of."""
    return may(user, Action.READ_CASE, within=deadline.partnership_id or 0)


def speaks_for(user: User, agency: str, partnership_id: int) -> bool:
    named = user.agency is not None and agency in user.agency.names
    return named and Role.PARTNER in roles_of(user, partnership_id)


def reads_case(user: User | None, case: Case) -> bool:
    return user is not None and may(user, Action.READ_CASE, case)


def is_contact(address: str, case: Case, deadline: Deadline) -> bool:
    """Whether the address is still written to at the agency that the deadline waits for."""
    return not case.restricted and address in agency_contact_emails(case.partnership_id, deadline.subject)


def told_of(case: Case, kind: str) -> Sequence[User]:
    """Who was told of a case by a message of this kind, by name."""
    told = (
        select(User).join(Message, Message.user_id == User.id).where(Message.case_id == case.id, Message.kind == kind)
    )
    return db.session.scalars(told.order_by(User.name, User.id)).all()


def notices_of(user: User) -> Sequence[Message]:
    """What somebody was told, the latest first, whatever became of the mail."""
    query = select(Message).where(Message.user_id == user.id).options(joinedload(Message.case))
    return db.session.scalars(query.order_by(Message.made_at.desc(), Message.id).limit(NOTICES)).all()


def find_notice(user: User, message_id: str) -> Message | None:
    """A message to this person."""
    if not MESSAGE_ID.fullmatch(message_id):  # some of what can be typed is more than a database takes
        return None
    return db.session.scalar(select(Message).where(Message.id == message_id, Message.user_id == user.id))
