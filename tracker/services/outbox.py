"""Sending what waits: each message at least once, a second copy only where a process died between the two marks.

A message is claimed, looked at again, sent with no transaction open, and marked in one of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, Update, and_, func, or_, select, update

from tracker import clock
from tracker.emails import Mail
from tracker.errors import Refused
from tracker.extensions import db, reads, writes
from tracker.mail import Later, Letter, Rejected, Send, Unavailable, transport
from tracker.models.messages import Message, MessageState
from tracker.models.reminders import Heartbeat, Reminder
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.queries.messages import Checked, checked
from tracker.services.processes import has_died, this_process
from tracker.services.reminders import take_turn
from tracker.services.use_case import use_case

DELIVERY, PROBE = "delivery", "probe"
AT_ONCE = 10  # messages claimed together
LEASE = timedelta(minutes=4)
ENOUGH = timedelta(minutes=2.5)  # left of a lease, to begin with one more message: the slowest server takes less
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))  # between tries, the last one again and again
GIVE_UP_AFTER = timedelta(hours=48)
STOPPED_FOR, UNREACHED_FOR = timedelta(minutes=5), timedelta(minutes=1)
PROBE_EVERY = timedelta(minutes=5)
SOON_AGAIN = 2  # tries after which the next comes no later than a probe would
LONGEST_WORDS = 500  # characters of what a server said


@dataclass(slots=True)
class Delivered:
    """What a run of the outbox came to. `waiting`: still to go, now or later."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0

    def as_json(self) -> dict[str, int]:
        return {"sent": self.sent, "failed": self.failed, "waiting": self.waiting}


def deliver() -> Delivered:
    """Sends what waits and may be tried now. Any number of processes may do so at once."""
    done = Delivered()
    free_what_the_dead_hold()
    if not is_stopped():
        with transport(current_app.config["MAIL_URL"], current_app.config["NOTIFY_KEY"]) as send:
            while claimed := claim(is_due()) or claim_probe():
                lease_ends = clock.now() + LEASE
                try:
                    while claimed and clock.now() + ENOUGH <= lease_ends:
                        deliver_one(claimed[0], send, done)
                        claimed.pop(0)
                except Unavailable as fault:
                    stop(fault)
                    break
                finally:
                    let_go(claimed)
    with reads():
        done.waiting = db.session.scalar(select(func.count()).where(Message.state == MessageState.WAITING)) or 0
    return done


def deliver_one(message_id: str, send: Send, done: Delivered) -> None:
    """Looks at a message again and sends it, or marks it with the reason why it is not.

    Raises:
        Unavailable: nothing can be sent now; the message waits, and this try does not count.
    """
    try:
        with reads():
            found = checked(message_id, clock.today())
            letter = letter_of(message_id, found)
            db.session.rollback()
        if letter is None:
            mark(message_id, state=MessageState.CANCELLED, said=found.because)
            return
        send(letter)
    except Later as later:
        done.failed += mark_later(message_id, str(later))
    except Rejected as rejected:
        done.failed += mark(message_id, state=MessageState.FAILED, said=str(rejected))
    except Unavailable:
        raise
    except Exception as fault:
        current_app.logger.exception("Message %s cannot be made", message_id)
        done.failed += mark(message_id, state=MessageState.FAILED, said=f"It cannot be made: {type(fault).__name__}")
    else:
        done.sent += mark_sent(message_id, found)


def letter_of(message_id: str, found: Checked) -> Letter | None:
    mail: Mail | None = found.mail
    if mail is None:
        return None
    return Letter(message_id, found.address, mail.subject, mail.text, mail.html, current_app.config["MAIL_FROM"])


# -- Claims and marks -------------------------------------------------------------------------------------------------


def is_due() -> ColumnElement[bool]:
    return or_(Message.next_try_at.is_(None), Message.next_try_at <= clock.now())


def claim(which: ColumnElement[bool], most: int = AT_ONCE) -> list[str]:
    """Takes some waiting messages for this process until the lease ends, the oldest first."""
    now = clock.now()
    free = or_(Message.leased_until.is_(None), Message.leased_until < now)
    some = (
        select(Message.id)
        .where(Message.state == MessageState.WAITING, free, which)
        .order_by(Message.made_at, Message.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    with writes():
        lease = {"leased_until": now + LEASE, "leased_by": this_process()}
        taken = update(Message).where(Message.id.in_(some.scalar_subquery())).values(lease)
        unsynchronised = {"synchronize_session": False}
        ids = list(db.session.scalars(taken.returning(Message.id), execution_options=unsynchronised))
        db.session.commit()
    return ids


def let_go(claimed: Sequence[str]) -> None:
    """Ends the lease of what was claimed and not tried: it was not its fault."""
    if claimed:
        with writes():
            held = update(Message).where(Message.id.in_(claimed), Message.state == MessageState.WAITING)
            change(held.values(leased_until=None))
            db.session.commit()


def free_what_the_dead_hold() -> None:
    """Ends the leases of processes that died on this machine; those of another machine run out by themselves."""
    held = and_(Message.state == MessageState.WAITING, Message.leased_until > clock.now())
    with reads():
        holders = db.session.scalars(select(Message.leased_by).where(held).distinct()).all()
        db.session.rollback()
    if dead := [holder for holder in holders if holder and has_died(holder)]:
        with writes():
            change(update(Message).where(held, Message.leased_by.in_(dead)).values(leased_until=None))
            db.session.commit()


def claim_probe() -> list[str]:
    """One message that waits for its next try, every five minutes: so that a server that is back is soon known."""
    with reads():
        waits = select(Message.id).where(Message.state == MessageState.WAITING, Message.tries > SOON_AGAIN).limit(1)
        if db.session.scalar(waits) is None:
            return []
    with writes():
        last = db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == PROBE))
        due = last is None or last <= clock.now() - PROBE_EVERY
        if due:
            take_turn(PROBE, clock.today())
        db.session.commit()
    return claim(Message.tries > SOON_AGAIN, most=1) if due else []


def mark(message_id: str, *, only: MessageState = MessageState.WAITING, **columns: object) -> bool:
    """Writes down what became of a message, and ends its lease. Returns whether it was still waiting."""
    with writes():
        marks = update(Message).where(Message.id == message_id, Message.state == only)
        changed = change(marks.values(leased_until=None, **columns))
        db.session.commit()
    return bool(changed)


def mark_sent(message_id: str, found: Checked) -> bool:
    """It went out; what had been put off is tried again at once, where this one shows that the server is back."""
    now = clock.now()
    with writes():
        message = db.session.get_one(Message, message_id, populate_existing=True)
        was_waiting, had_failed = message.state is MessageState.WAITING, message.tries > 0
        if was_waiting:
            message.state, message.sent_at, message.leased_until = MessageState.SENT, now, None
            message.about = {name: value for name, value in message.about.items() if name != "token"}
        for reminder_id, why in found.left_out.items():
            left_out = update(Reminder).where(Reminder.id == reminder_id).values(cancelled_because=why)
            change(left_out)
        if had_failed:
            put_off = and_(Message.state == MessageState.WAITING, Message.next_try_at > now)
            change(update(Message).where(put_off).values(next_try_at=now))
        db.session.commit()
    return was_waiting


def mark_later(message_id: str, said: str) -> bool:
    """Puts a message off to its next try, or gives it up after two days. Returns whether it was given up."""
    now = clock.now()
    with writes():
        message = db.session.get_one(Message, message_id, populate_existing=True)
        message.first_tried_at = message.first_tried_at or now
        message.next_try_at = now + WAITS[min(message.tries, len(WAITS) - 1)]
        message.tries += 1
        message.leased_until, message.said = None, said[:LONGEST_WORDS]
        given_up = now - message.first_tried_at >= GIVE_UP_AFTER
        if given_up:
            message.state = MessageState.FAILED
        db.session.commit()
    return given_up


def is_stopped() -> bool:
    """Whether sending waits because the server refused us as a whole; notes that the outbox was looked at."""
    with writes():
        take_turn(DELIVERY, clock.today())
        until = db.session.scalar(select(Heartbeat.stopped_until).where(Heartbeat.name == DELIVERY))
        db.session.commit()
    return until is not None and until > clock.now()


def stop(fault: Unavailable) -> None:
    """Tries nothing more for a while."""
    until: datetime = clock.now() + (STOPPED_FOR if fault.wrongly_set else UNREACHED_FOR)
    current_app.logger.error("No mail can be sent: %s", fault)
    with writes():
        stopped = update(Heartbeat).where(Heartbeat.name == DELIVERY)
        change(stopped.values(stopped_until=until, says=str(fault)[:LONGEST_WORDS]))
        db.session.commit()


def change(statement: Update) -> int:
    """Runs an update of many rows, none of which the session holds. Returns how many there were."""
    done = db.session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)  # type: ignore[attr-defined]


# -- What an administrator does ---------------------------------------------------------------------------------------


@use_case
def retry_message(message: Message, *, by: User | None, reason: str) -> None:
    """Have a failed or waiting message tried again now.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: it was sent or cancelled, or there is no reason.
    """
    ensure_may_change(message, by, reason)
    message.state, message.next_try_at, message.tries = MessageState.WAITING, None, 0
    message.first_tried_at = message.leased_until = None


@use_case
def cancel_message(message: Message, *, by: User | None, reason: str) -> None:
    """Have a message never sent. It stays among its reader's notices.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: it was sent or cancelled, or there is no reason.
    """
    ensure_may_change(message, by, reason)
    message.state, message.said = MessageState.CANCELLED, f"Cancelled by an administrator: {reason}"[:LONGEST_WORDS]


def ensure_may_change(message: Message, by: User | None, reason: str) -> None:
    ensure(by, Action.MANAGE_PARTNERSHIP, within=message.partnership_id)
    if message.state not in (MessageState.WAITING, MessageState.FAILED):
        raise Refused(f"This message is {message.state} already")
    if not reason.strip():
        raise Refused("Enter a reason", field="reason")
