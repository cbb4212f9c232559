"""Where stored dates and recomputed ones part ways."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker import clock
from tracker.extensions import db
from tracker.models.cases import Case
from tracker.models.differences import Difference
from tracker.models.facts import reckoned, settings_of
from tracker.models.plan_projection import action_differences, relative_target
from tracker.models.plans import PlannedAction
from tracker.models.projection import differences
from tracker.procedures import PROCEDURES
from tracker.procedures.facts import NotAllowed
from tracker.procedures.settings import Settings

BATCH = 500  # cases in memory at a time
FORBIDDEN = "events"  # what differs where the procedure no longer allows the facts themselves


def every_case() -> Iterator[Case]:
    """Every case with its facts and projection, a batch at a time, oldest first."""
    last = 0
    while True:
        batch = db.session.scalars(
            select(Case)
            .where(Case.id > last)
            .order_by(Case.id)
            .limit(BATCH)
            .options(selectinload(Case.events), selectinload(Case.complaints), selectinload(Case.deadlines))
        ).all()
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].id
        db.session.expunge_all()


def every_action() -> Iterator[PlannedAction]:
    """Every action of every plan with its records and deadlines, a batch at a time, oldest first."""
    last = 0
    while True:
        batch = db.session.scalars(
            select(PlannedAction)
            .where(PlannedAction.id > last)
            .order_by(PlannedAction.id)
            .limit(BATCH)
            .options(
                selectinload(PlannedAction.events),
                selectinload(PlannedAction.deadlines),
                selectinload(PlannedAction.case),
                selectinload(PlannedAction.plan),
            )
        ).all()
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].id
        db.session.expunge_all()


def wrong_actions() -> list[dict[str, object]]:
    """What of actions is stored otherwise than it should be: plan, what, old, new."""
    found: list[dict[str, object]] = []
    for action in every_action():
        wrong = action_differences(action)
        if action.target_event and action.case:
            until = relative_target(action, reckoned(action.case, clock.today()))
            wrong += [Difference("target_to", action.target_to, until)] * (until != action.target_to)
        named = {"case": action.case.reference if action.case else f"plan {action.plan_id}"}
        found += [
            {**named, **difference.as_json(), "what": f"action {action.position} {difference.what}"}
            for difference in wrong
        ]
    return found


def wrong_projections() -> tuple[int, list[dict[str, object]]]:
    """How many cases there are, and what is stored otherwise than it should be: case, what, old, new.

    Actions of plans come after the cases; one of a partnership's own plan stands under that plan.
    """

    @cache
    def settings(partnership_id: int, edition: str) -> Settings:
        return settings_of(partnership_id, PROCEDURES[edition])

    count, found = 0, []
    for case in every_case():
        count += 1
        try:
            answer = reckoned(case, clock.today(), settings=settings(case.partnership_id, case.edition))
        except NotAllowed as refused:
            wrong = [Difference(FORBIDDEN, "stored", refused.message)]
        else:
            wrong = differences(case, answer)
        found += [{"case": case.reference, **difference.as_json()} for difference in wrong]
    return count, found + wrong_actions()
