"""What a local setting would move, before it applies."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.extensions import db
from tracker.models.cases import Case
from tracker.models.facts import reckoned, settings_of
from tracker.models.partnerships import Partnership
from tracker.models.setting_changes import cases_touched, new_setting
from tracker.models.users import User
from tracker.policy import is_named_on
from tracker.procedures import PROCEDURES
from tracker.procedures.reckoning import Deadline
from tracker.procedures.settings import Settings


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
    """What a setting moves. Restricted cases that the viewer may not see are counted and not named."""

    moved: tuple[Moved, ...]
    unseen: int

    @property
    def cases(self) -> int:
        return len({each.reference for each in self.moved}) + self.unseen


def settings_preview(viewer: User, partnership: Partnership, key: str, value: object, takes_effect_on: date) -> Preview:
    """What choosing *value* from that day would do to the dates that are stored now, by case.

    Raises:
        Refused: there is no such setting, or the value does not suit it.
    """
    setting = new_setting(partnership.id, key, value, takes_effect_on)
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


def dates(case: Case, settings: Settings) -> dict[tuple[str, str | None, int], Deadline]:
    """The deadlines of a case that still run, by what they are."""
    answer = reckoned(case, clock.today(), settings=settings)
    return {(one.key, one.subject, one.occurrence): one for one in answer.deadlines}
