"""What a local setting would move, before it applies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, literal, select
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.extensions import db
from tracker.models.cases import Case, Deadline
from tracker.models.facts import reckoned, settings_of
from tracker.models.partnerships import DUE_SOON, LADDER, LocalSetting, Partnership
from tracker.models.plans import PlannedAction
from tracker.models.setting_changes import cases_touched, new_setting, still_reminded
from tracker.models.users import User
from tracker.policy import is_named_on
from tracker.procedures import PROCEDURES, plan_status
from tracker.procedures.plan_status import rate
from tracker.procedures.settings import Settings
from tracker.queries.reminders import Ladders


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that a setting moves. `old` None: it has no such date now; `new` None: it would have none."""

    reference: str
    title: str
    subject: str
    owner: str
    lead: str
    old: date | None
    new: date | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a setting moves. Restricted cases that the viewer may not see are counted and not named.

    `reminded`: how many open deadlines would be brought to mind next on another day. `rated`: how many actions would
    have another rating on the day it takes effect.
    """

    moved: tuple[Moved, ...]
    unseen: int
    reminded: int = 0
    rated: int = 0

    @property
    def cases(self) -> int:
        return len({each.reference for each in self.moved}) + self.unseen


def settings_preview(viewer: User, partnership: Partnership, key: str, value: object, takes_effect_on: date) -> Preview:
    """What choosing *value* from that day would do to the dates that are stored now, by case.

    Raises:
        Refused: there is no such setting, or the value does not suit it.
    """
    setting = new_setting(partnership.id, key, value, takes_effect_on)
    if key == LADDER:
        return Preview((), 0, reminded_otherwise(setting))
    if key == DUE_SOON:
        return Preview((), 0, rated=rated_otherwise(partnership, setting))
    kind = key.partition(".")[0]
    editions = {
        edition: settings_of(partnership.id, procedure, also=[setting])
        for edition, procedure in PROCEDURES.items()
        if procedure.case_type == kind
    }
    moved: list[Moved] = []
    unseen = 0
    people = joinedload(Case.lead), selectinload(Case.access)
    for case in db.session.scalars(cases_touched(setting).options(*people)):
        changed = moves(case, editions[case.edition])
        if case.restricted and not is_named_on(case, viewer):
            unseen += bool(changed)
        else:
            moved += changed
    return Preview(tuple(moved), unseen)


def reminded_otherwise(setting: LocalSetting) -> int:
    """How many open deadlines a new ladder would bring to mind next on another day: three statements."""
    first = max(setting.takes_effect_on, clock.today())
    last = first - timedelta(days=1)
    before, after = Ladders(first), Ladders(first, also=[setting])
    rows: Iterable[Row[Any]] = db.session.execute(
        select(
            Deadline.key, Deadline.due_on, Deadline.action_id, Case.edition,
            literal(setting.partnership_id).label("partnership_id"), func.count().label("many"),
        )
        .outerjoin(Case, Case.id == Deadline.case_id)
        .where(still_reminded(setting.partnership_id), Deadline.due_on.is_not(None))
        .group_by(Deadline.key, Deadline.due_on, Deadline.action_id, Case.edition)
    )  # fmt: skip
    return sum(
        row.many
        for row in rows
        if before.of(row).next_day(row.due_on, last) != after.of(row).next_day(row.due_on, last)
    )


def rated_otherwise(partnership: Partnership, setting: LocalSetting) -> int:
    """How many actions another number of days would rate otherwise: only those due between the two are looked at."""
    on = max(setting.takes_effect_on, clock.today())
    now, then = partnership.due_soon(on), setting.choice
    nearer, further = sorted((on + timedelta(days=now), on + timedelta(days=then)))
    between = PlannedAction.due_on > nearer, PlannedAction.due_on <= further
    here = PlannedAction.partnership_id == partnership.id, PlannedAction.status.in_(plan_status.OPEN)
    return sum(
        rate(action.standing, action.due_on, action.added_on, on, now).rating
        != rate(action.standing, action.due_on, action.added_on, on, then).rating
        for action in db.session.scalars(select(PlannedAction).where(*here, *between))
    )


def moves(case: Case, after: Settings) -> list[Moved]:
    """What differs between the dates of a case that are stored and those under another choice."""
    was = {(row.key, row.subject, row.occurrence): row for row in case.deadlines if row.action_id is None}
    would = {
        (one.key, one.subject or "", one.occurrence): one
        for one in reckoned(case, clock.today(), settings=after).deadlines
    }
    lead = case.lead.name if case.lead else ""
    found = []
    for identity in sorted(was.keys() | would.keys()):
        row, one = was.get(identity), would.get(identity)
        old, new = row.due_on if row else None, one.due if one else None
        if old != new:
            title, owner = (one.title, one.owner) if one else (was[identity].label, was[identity].owner)
            found.append(Moved(case.reference, title, identity[1], owner, lead, old, new))
    return found
