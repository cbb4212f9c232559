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
from tracker.procedures import PROCEDURES, plan_status, reckoning
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
        edition: (settings_of(partnership.id, procedure), settings_of(partnership.id, procedure, also=[setting]))
        for edition, procedure in PROCEDURES.items()
        if procedure.case_type == kind
    }
    moved: list[Moved] = []
    unseen = 0
    people = joinedload(Case.lead), selectinload(Case.access)
    for case in db.session.scalars(cases_touched(setting).options(*people)):
        changed = moves(case, *editions[case.edition])
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


def moves(case: Case, before: Settings, after: Settings) -> list[Moved]:
    """What differs between a case under one choice and under another."""
    was, would = dates(case, before), dates(case, after)
    lead = case.lead.name if case.lead else ""
    found = []
    for identity in sorted(was.keys() | would.keys(), key=str):
        old, new = was.get(identity), would.get(identity)
        one = new or old
        if one and (old.due if old else None) != (new.due if new else None):
            found.append(
                Moved(
                    case.reference, one.title, one.subject or "", one.owner, lead,
                    old.due if old else None, new.due if new else None,
                )
            )  # fmt: skip
    return found


def dates(case: Case, settings: Settings) -> dict[tuple[str, str | None, int], reckoning.Deadline]:
    """The deadlines of a case that still run, by what they are."""
    answer = reckoned(case, clock.today(), settings=settings)
    return {(one.key, one.subject, one.occurrence): one for one in answer.deadlines}
