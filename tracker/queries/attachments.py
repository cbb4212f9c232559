"""Files as pages show them, always to somebody."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, load_only

from tracker.extensions import db
from tracker.models.attachments import Attachment
from tracker.models.cases import Case
from tracker.models.plans import Plan, PlannedAction, Recommendation
from tracker.models.users import User
from tracker.policy import visible_attachments

KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


def find_attachment(viewer: User, key: str) -> Attachment | None:
    """The file of that key, if *viewer* may see it."""
    if not KEY.fullmatch(key):  # some of what can be typed is more than a database takes
        return None
    found = select(Attachment).where(Attachment.key == key, visible_attachments(viewer))
    return db.session.scalar(found.options(joinedload(Attachment.case)))


def attachments_of(viewer: User, of: Case | Plan, *, first: int, most: int) -> Sequence[Attachment]:
    """*most* of the files of a case, or of all actions of a plan, from the place *first*, the latest file first."""
    action = joinedload(Attachment.action).options(
        load_only(PlannedAction.text, raiseload=True),
        joinedload(PlannedAction.recommendation).load_only(Recommendation.number, raiseload=True),
    )
    shown = joinedload(Attachment.case), joinedload(Attachment.event), joinedload(Attachment.sent_by), action
    files = select(Attachment).where(*seen(viewer, of)).options(*shown).order_by(Attachment.id.desc())
    return db.session.scalars(files.offset(first).limit(most)).all()


def number_of_attachments(viewer: User, of: Case | Plan) -> int:
    """How many there are of those."""
    return db.session.scalars(select(func.count(Attachment.id)).where(*seen(viewer, of))).one()


def attachments_of_action(viewer: User, action: PlannedAction) -> Mapping[int | None, Sequence[Attachment]]:
    """The files that came with each record of an action, by the record's number in the database."""
    found: dict[int | None, list[Attachment]] = defaultdict(list)
    of_action = select(Attachment).where(Attachment.action_id == action.id, visible_attachments(viewer))
    for attachment in db.session.scalars(of_action.order_by(Attachment.id)):
        found[attachment.action_event_id].append(attachment)
    return found


def seen(viewer: User, of: Case | Plan) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The condition on `Attachment`: it came for the case, or for the plan, and *viewer* may see it."""
    if isinstance(of, Case):
        return Attachment.case_id == of.id, visible_attachments(viewer)
    actions = select(PlannedAction.id).where(PlannedAction.plan_id == of.id)
    return Attachment.action_id.in_(actions), visible_attachments(viewer)
