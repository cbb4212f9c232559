"""Whether what should run by itself does: the reminders of the day, and the mail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, true

from tracker import clock
from tracker.extensions import db
from tracker.models.audit import AuditEntry
from tracker.models.messages import Message, MessageState
from tracker.models.reminders import Heartbeat
from tracker.services.outbox import DELIVERY
from tracker.services.reminders import SWEEP

DAILY = timedelta(hours=26)  # once a day, and two hours for a late one
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Timetable:
    """When reminders were last prepared, what that said, since when the oldest message waits, and how many failed.

    `began_at`: when the installation came into use; it has a day before the first reminders are missed.
    """

    swept_at: datetime | None
    sweep_says: str
    waiting_since: datetime | None
    failed: int
    mail_stopped: bool
    began_at: datetime | None

    @property
    def sweep_is_late(self) -> bool:
        last = self.swept_at or self.began_at
        return last is not None and last <= clock.now() - DAILY

    @property
    def mail_is_late(self) -> bool:
        return self.waiting_since is not None and self.waiting_since <= clock.now() - LONGEST_WAIT


def timetable(of: Collection[int] | None = None) -> Timetable:
    """As it is now: one statement. The messages that failed are those of these partnerships, or else all."""
    sweep, delivery = (select(Heartbeat).where(Heartbeat.name == name) for name in (SWEEP, DELIVERY))
    oldest = select(func.min(Message.made_at)).where(Message.state == MessageState.WAITING)
    mine = true() if of is None else Message.partnership_id.in_(of)
    failed = select(func.count()).where(Message.state == MessageState.FAILED, mine)
    first = select(AuditEntry.at).order_by(AuditEntry.number).limit(1)
    row = db.session.execute(
        select(
            sweep.with_only_columns(Heartbeat.at).scalar_subquery().label("swept_at"),
            sweep.with_only_columns(Heartbeat.says).scalar_subquery().label("says"),
            delivery.with_only_columns(Heartbeat.stopped_until).scalar_subquery().label("stopped_until"),
            oldest.scalar_subquery().label("waiting_since"),
            failed.scalar_subquery().label("failed"),
            first.scalar_subquery().label("began_at"),
        )
    ).one()
    stopped = row.stopped_until is not None and row.stopped_until > clock.now()
    return Timetable(row.swept_at, row.says or "", row.waiting_since, row.failed, stopped, row.began_at)
