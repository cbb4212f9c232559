"""What was done to a case, from the record of every change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tracker.extensions import db
from tracker.models.audit import AuditEntry
from tracker.models.cases import Case
from tracker.models.users import User


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the record. `who`: a name where the person still has a row, else what the entry says."""

    number: int
    at: datetime
    who: str
    action: str


def audit_entries(case: Case) -> Sequence[Entry]:
    """Every entry about a case that was found through `visible_cases`, oldest first: one statement."""
    rows = db.session.execute(
        select(AuditEntry.number, AuditEntry.at, AuditEntry.actor, AuditEntry.action, User.name)
        .outerjoin(User, AuditEntry.actor_id == User.id)
        .where(AuditEntry.case_id == case.id)
        .order_by(AuditEntry.number)
    )
    return [Entry(number, at, name or actor, action) for number, at, actor, action, name in rows]
