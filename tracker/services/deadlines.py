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

BATCH = 500  # references in one statement


@use_case
def rebuild_deadlines(scope: str, *, by: User | None, references: Sequence[str]) -> int:
    """Derive the dates of these cases again. Returns how many. `scope` is what the audit calls them together.

    A deadline met before a change became known keeps its date: the reckoning sees to that.
    """
    count = 0
    for start in range(0, len(references), BATCH):
        some = references[start : start + BATCH]
        for case in db.session.scalars(select(Case).where(Case.reference.in_(some)).order_by(Case.id)):
            project(case, reckoned(case, clock.today()))
            count += 1
    return count
