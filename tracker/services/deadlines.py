"""Applying a change of rule or holiday to the stored dates."""

from collections.abc import Sequence

from sqlalchemy import select

from tracker import clock
from tracker.extensions import db
from tracker.models.cases import Case
from tracker.models.facts import reckoned
from tracker.models.projection import project
from tracker.models.users import User
from tracker.services.use_case import use_case


@use_case
def rebuild_deadlines(scope: str, *, by: User | None, references: Sequence[str]) -> int:
    """Derive the dates of these cases again. Returns how many. `scope` is what the audit calls them together.

    A deadline met before a change became known keeps its date: the reckoning sees to that.
    """
    cases = db.session.scalars(select(Case).where(Case.reference.in_(references)).order_by(Case.id)).all()
    for case in cases:
        project(case, reckoned(case, clock.today()))
    return len(cases)
