"""A local choice that is about to change: what may be chosen, and which cases it could touch."""

import json
from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import selectinload

from tracker import clock
from tracker.errors import Refused
from tracker.models.cases import Case, Deadline, Event
from tracker.models.partnerships import DUE_SOON, LABEL, LADDER, LocalSetting
from tracker.procedures import CASE_TYPES, editions_of
from tracker.procedures.facts import NotAllowed
from tracker.procedures.ladder import PARTS, ladder_from
from tracker.procedures.plan_status import MOST_DUE_SOON
from tracker.procedures.reckoning import OPEN
from tracker.procedures.settings import COMPLAINTS_NEEDED, LIMBS, local_rule, local_threshold

IN_FORCE = "in_force_from"
OF_ALL_KINDS = (LADDER, DUE_SOON, "help.contact", "care.warn")
LONGEST_LABEL = 60


def new_setting(
    partnership_id: int, key: str, value: object, takes_effect_on: date, by_id: int | None = None
) -> LocalSetting:
    """The row that records a choice, not added yet; null withdraws one.

    Raises:
        Refused: there is no such setting, or its value is not one that may be chosen.
    """
    if value is not None:
        refuse_wrong_choice(key, value)
    return LocalSetting(
        partnership_id=partnership_id,
        key=key,
        value=json.dumps(value, ensure_ascii=False),
        takes_effect_on=takes_effect_on,
        recorded_at=clock.now(),
        recorded_by_id=by_id,
    )


def refuse_wrong_choice(key: str, value: object) -> None:
    """Raises Refused where *value* is not a choice for *key*, beside the part at fault."""
    kind, _, name = key.partition(".")
    try:
        if kind in CASE_TYPES:
            refuse_wrong_rule(kind, name, value)
        elif key not in OF_ALL_KINDS:
            raise NotAllowed(f"There is no setting “{key}”")
        elif key == LADDER:
            refuse_wrong_ladder(value)
        elif key == DUE_SOON and not (type(value) is int and 1 <= value <= MOST_DUE_SOON):
            raise NotAllowed(f"The days must be a number from 1 to {MOST_DUE_SOON}", field="days")
    except NotAllowed as refused:
        raise Refused(refused.message, field=refused.field.rpartition(".")[2]) from None


def refuse_wrong_rule(kind: str, name: str, value: object) -> None:
    """Raises NotAllowed where the kind of review has no such setting, or the value does not suit it."""
    editions = editions_of(kind)
    if name in (COMPLAINTS_NEEDED, LIMBS) and any(edition.takes_complaints for edition in editions):
        local_threshold(name, value)
    elif name in commencing(kind):
        if value is not True:
            raise NotAllowed("It comes into force, or its beginning is withdrawn")
    elif name == LABEL:
        if not isinstance(value, str) or not 1 <= len(value.strip()) <= LONGEST_LABEL:
            raise NotAllowed(f"A name has 1 to {LONGEST_LABEL} characters", field=LABEL)
    else:
        having = [edition for edition in editions if edition.deadline(name)]
        if not having:
            raise NotAllowed(f"There is no setting “{kind}.{name}”")
        if not isinstance(value, Mapping):
            raise NotAllowed("A deadline's setting has a length, a unit, and perhaps what starts and meets it")
        for edition in having:
            local_rule(edition, name, value)


def commencing(kind: str) -> frozenset[str]:
    """The settings by which a duty, or a dormant edition, comes into force for a partnership."""
    editions = editions_of(kind)
    dormant = {f"{edition.edition}.{IN_FORCE}" for edition in editions if edition.in_force_from is None}
    return frozenset(dormant | ({IN_FORCE} if any(edition.commences_by_area for edition in editions) else set()))


def refuse_wrong_ladder(value: object) -> None:
    """Raises NotAllowed, beside the part, for anything but what `ladder_from` takes with every part given."""
    if not isinstance(value, Mapping) or set(value) != set(PARTS):
        raise NotAllowed("Reminders have days before, after and for escalation")
    for part in PARTS:
        try:
            ladder_from({part: value[part]})
        except NotAllowed as refused:
            raise NotAllowed(refused.message, field=part) from None


def cases_touched(setting: LocalSetting) -> Select[Case]:
    """Every case whose dates the setting could move, with its facts: more than it does move, and never fewer.

    It moves what still runs and started on its day or later. Which step starts or meets a deadline matters to what is
    recorded from now on, so it moves nothing by itself.
    """
    kind, _, deadline = setting.key.partition(".")
    runs = exists().where(Deadline.case_id == Case.id, Deadline.key == deadline, Deadline.state == OPEN)
    since = exists().where(Event.case_id == Case.id, Event.happened_on >= setting.takes_effect_on)
    return (
        select(Case)
        .where(Case.partnership_id == setting.partnership_id, Case.case_type == kind, runs, since)
        .order_by(Case.reference)
        .options(selectinload(Case.events), selectinload(Case.complaints), selectinload(Case.deadlines))
    )


def still_reminded(partnership_id: int) -> ColumnElement[bool]:
    """The condition on `Deadline` for what a partnership's ladder of reminders is about: what is open, actions too."""
    its_cases = select(Case.id).where(Case.partnership_id == partnership_id)
    its_own = or_(Deadline.case_id.in_(its_cases), Deadline.partnership_id == partnership_id)
    return and_(its_own, Deadline.state == OPEN, Deadline.window.is_(False))
