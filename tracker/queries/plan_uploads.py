"""Files being imported as plans, always their owner's own, and what headings are known to be."""

from sqlalchemy import select

from tracker.extensions import db
from tracker.models.plan_uploads import PlanHeading, PlanUpload, uploads_since
from tracker.models.plans import Plan
from tracker.models.users import User
from tracker.queries.drafts import KEY


def find_upload(viewer: User, plan: Plan, key: str) -> PlanUpload | None:
    """The file that *viewer* is importing into *plan*, if it is there still."""
    if not KEY.fullmatch(key):
        return None
    own = PlanUpload.key == key, PlanUpload.plan_id == plan.id, PlanUpload.owner_id == viewer.id
    return db.session.scalar(select(PlanUpload).where(*own, PlanUpload.saved_at >= uploads_since()))


def known_headings(partnership_id: int) -> dict[str, str]:
    """Which column each heading was said to be in the partnership's earlier files."""
    known = select(PlanHeading).where(PlanHeading.partnership_id == partnership_id)
    return {each.heading: each.column for each in db.session.scalars(known)}
