"""Keeping the seal of the last entry out of the database, and sealing what was recorded before entries had seals."""

from flask import current_app
from sqlalchemy import select, update

from tracker import clock
from tracker.audit import sealed
from tracker.emails import tell
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.audit import AuditEntry
from tracker.models.messages import Message
from tracker.models.users import User
from tracker.queries.audit_chain import Anchor, every_entry
from tracker.services.reminders import take_turn
from tracker.services.use_case import use_case

ANCHOR = "audit_anchor"


def mail_anchor(head: Anchor, says: str) -> None:
    """Queue a mail with the last entry's number and seal, once a day, in the open transaction.

    It goes to AUDIT_MAIL_TO, which should be somebody who cannot change the database. *says*: what verifying it found.
    """
    address, today = current_app.config["AUDIT_MAIL_TO"], clock.today()
    if not address:
        return
    take_turn(ANCHOR, today)
    if db.session.scalar(select(Message.id).where(Message.kind == ANCHOR, Message.on == today)) is None:
        tell(ANCHOR, to=[address], number=head.number, seal=head.seal, says=says)


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
