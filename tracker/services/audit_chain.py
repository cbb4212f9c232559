"""Sealing what was recorded before entries had seals."""

from sqlalchemy import update

from tracker.audit import sealed
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.audit import AuditEntry
from tracker.models.users import User
from tracker.queries.audit_chain import every_entry
from tracker.services.use_case import use_case


@use_case
def seal_audit(scope: str, *, by: User | None) -> int:
    """Seal every entry there is. Returns how many. Only where none is sealed yet: seals are never made anew.

    Raises:
        Refused: an entry is sealed.
    """
    previous, count = "", 0
    for entry in every_entry():
        if entry.seal:
            raise Refused(f"Entry {entry.number} is sealed already: nothing was changed")
        previous = sealed(entry, previous)
        db.session.execute(update(AuditEntry).where(AuditEntry.number == entry.number).values(seal=previous))
        count += 1
    return count
