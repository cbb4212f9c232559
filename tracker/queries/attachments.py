"""Files as pages show them, always to somebody."""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.extensions import db
from tracker.models.attachments import Attachment
from tracker.models.cases import Case
from tracker.models.users import User
from tracker.policy import visible_attachments

MOST_LISTED = 500
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


def find_attachment(viewer: User, key: str) -> Attachment | None:
    """The file of that key, if *viewer* may see it."""
    if not KEY.fullmatch(key):  # some of what can be typed is more than a database takes
        return None
    found = select(Attachment).where(Attachment.key == key, visible_attachments(viewer))
    return db.session.scalar(found.options(joinedload(Attachment.case)))


def attachments_of(viewer: User, case: Case) -> Sequence[Attachment]:
    """The files of a case, the latest first."""
    found = select(Attachment).where(Attachment.case_id == case.id, visible_attachments(viewer))
    with_people = found.options(joinedload(Attachment.sent_by), joinedload(Attachment.event))
    return db.session.scalars(with_people.order_by(Attachment.id.desc()).limit(MOST_LISTED)).all()
