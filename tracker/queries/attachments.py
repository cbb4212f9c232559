"""Files as pages show them, always to somebody."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, load_only

from tracker.extensions import db
from tracker.models.attachments import Attachment
from tracker.models.cases import Case
from tracker.models.plans import Plan, PlannedAction, Recommendation
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
    return db.session.scalars(listed(viewer, Attachment.case_id == case.id).limit(MOST_LISTED)).all()


def attachments_of_plan(viewer: User, plan: Plan) -> Sequence[Attachment]:
    """Every file that came with a record of one of the plan's actions, the latest first."""
    actions = select(PlannedAction.id).where(PlannedAction.plan_id == plan.id)
    return db.session.scalars(listed(viewer, Attachment.action_id.in_(actions))).all()


def attachments_of_action(viewer: User, action: PlannedAction) -> Mapping[int | None, Sequence[Attachment]]:
    """The files that came with each record of an action, by the record's number in the database."""
    found: dict[int | None, list[Attachment]] = defaultdict(list)
    of_action = select(Attachment).where(Attachment.action_id == action.id, visible_attachments(viewer))
    for attachment in db.session.scalars(of_action.order_by(Attachment.id)):
        found[attachment.action_event_id].append(attachment)
    return found


def listed(viewer: User, of: ColumnElement[bool]) -> Select[Attachment]:
    """Those of these files that *viewer* may see, the latest first, with what a list shows of them."""
    action = joinedload(Attachment.action).options(
        load_only(PlannedAction.text, raiseload=True),
        joinedload(PlannedAction.recommendation).load_only(Recommendation.number, raiseload=True),
    )
    shown = joinedload(Attachment.case), joinedload(Attachment.event), joinedload(Attachment.sent_by), action
    files = select(Attachment).where(of, visible_attachments(viewer))
    return files.options(*shown).order_by(Attachment.id.desc())
