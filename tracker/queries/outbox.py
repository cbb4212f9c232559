"""The outbox as administrators and managers see it: who is written to and what became of it, never of which case."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.extensions import db
from tracker.models.messages import Message, MessageState
from tracker.models.users import Role, User
from tracker.policy import Action, partnerships_where
from tracker.queries.reminders import plan_reminders

PAGE = 50
MOST_COUNTED = 500
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A page of messages in one state. `counts`: how many there are in each, up to MOST_COUNTED + 1."""

    messages: Sequence[Message]
    counts: Mapping[MessageState, int]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What somebody would be sent: how many messages, of how many deadlines together."""

    to: str
    messages: int
    deadlines: int


def managed_messages(viewer: User) -> ColumnElement[bool]:
    """The condition on `Message`: it is of a partnership that *viewer* looks after, or of none."""
    managed = partnerships_where(viewer, Action.MANAGE_PARTNERSHIP)
    return or_(Message.partnership_id.in_(managed), Message.partnership_id.is_(None))


def messages_page(viewer: User, state: MessageState, page: int) -> MessagePage:
    """Messages in a state: what waits or failed oldest first, what is done latest first. Two statements."""
    mine = managed_messages(viewer)
    counted = [
        select(func.count())
        .select_from(select(Message.id).where(mine, Message.state == each).limit(MOST_COUNTED + 1).subquery())
        .scalar_subquery()
        for each in MessageState
    ]
    counts = dict(zip(MessageState, db.session.execute(select(*counted)).one(), strict=True))
    pages = -(-min(counts[state], MOST_COUNTED) // PAGE) or 1
    here = max(1, min(page, pages))
    to_do = state in (MessageState.WAITING, MessageState.FAILED)
    order = (Message.made_at, Message.id) if to_do else (Message.made_at.desc(), Message.id)
    query = select(Message).where(mine, Message.state == state).options(joinedload(Message.user)).order_by(*order)
    found = db.session.scalars(query.limit(PAGE).offset((here - 1) * PAGE)).all()
    return MessagePage(found, counts, here, pages)


def find_message(viewer: User, message_id: str) -> Message | None:
    """A message by its id, if it is of a partnership that *viewer* looks after."""
    query = select(Message).where(Message.id == message_id, managed_messages(viewer))
    return db.session.scalar(query.options(joinedload(Message.user)))


def undelivered(viewer: User) -> Sequence[Message]:
    """The messages of the partnerships that *viewer* manages that could not be sent: the latest ten."""
    managed = [held.partnership_id for held in viewer.memberships if held.role is Role.MANAGER]
    failed = select(Message).where(Message.state == MessageState.FAILED, Message.partnership_id.in_(managed))
    latest = failed.options(joinedload(Message.user)).order_by(Message.made_at.desc(), Message.id)
    return db.session.scalars(latest.limit(MOST_SHOWN)).all()


def expected_messages(viewer: User, on: date) -> list[Expected]:
    """What a sweep of that day would send, by who gets it, of the partnerships that *viewer* looks after."""
    managed = partnerships_where(viewer, Action.MANAGE_PARTNERSHIP)
    together = [some for some in plan_reminders(on).by_message() if some[0].recipient.partnership_id in managed]
    messages = Counter(some[0].recipient for some in together)
    deadlines: dict[str, set[str]] = defaultdict(set)
    for some in together:
        deadlines[some[0].recipient.key] |= {planned.deadline for planned in some}
    numbers = {to.user_id for to in messages if to.user_id}
    people = {user.id: user.name for user in db.session.scalars(select(User).where(User.id.in_(numbers)))}
    found = [
        Expected(people.get(to.user_id or 0, to.address), count, len(deadlines[to.key]))
        for to, count in messages.items()
    ]
    return sorted(found, key=lambda each: each.to)
