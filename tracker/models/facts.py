"""From the tables to what the reckoning takes, and back."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, select

from tracker.extensions import db
from tracker.models.cases import Case, Complaint, Event
from tracker.models.partnerships import LocalSetting, standing
from tracker.procedures import facts, threshold
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.facts import Facts
from tracker.procedures.reckoning import Reckoning, reckon
from tracker.procedures.settings import (
    COMPLAINTS_NEEDED,
    LIMBS,
    LocalRule,
    LocalThreshold,
    Settings,
    local_rule,
    local_threshold,
)
from tracker.procedures.vocabulary import Procedure


def fact_of(event: Event) -> facts.Event:
    return facts.Event(event.step, event.happened_on, event.subject, event.answers, event.recorded_at, event.number)


def complaint_of(row: Complaint) -> threshold.Complaint:
    return threshold.Complaint(row.behaviour_on, row.reported_on, row.body, row.incident, row.made_by, row.hate)


def facts_of(case: Case) -> Facts:
    complaints = case.complaints if case.procedure.takes_complaints else ()
    return Facts(tuple(fact_of(event) for event in case.events), tuple(complaint_of(row) for row in complaints))


# Put together once: that takes longer than running it, and every page of a case runs it.
SETTLED = (
    select(LocalSetting)
    .where(LocalSetting.partnership_id == bindparam("partnership_id"), LocalSetting.key.startswith(bindparam("prefix")))
    .order_by(LocalSetting.id)
)


def settings_of(partnership_id: int, procedure: Procedure, also: Iterable[LocalSetting] = ()) -> Settings:
    """What the partnership has settled for this kind of review. Keys are `asb.threshold`, `dhr.imr`, `asb.limbs`.

    Args:
        also: settings not recorded yet, to see what they would do.
    """
    prefix = f"{procedure.case_type}."
    rows = db.session.scalars(SETTLED, {"partnership_id": partnership_id, "prefix": prefix}).all()
    rules: list[LocalRule] = []
    thresholds: list[LocalThreshold] = []
    for row in standing([*rows, *also]):
        key, when = row.key.removeprefix(prefix), (row.takes_effect_on, row.recorded_at)
        if procedure.deadline(key):
            rules.append(local_rule(procedure, key, row.choice, *when))
        elif procedure.takes_complaints and key in (COMPLAINTS_NEEDED, LIMBS):
            thresholds.append(local_threshold(key, row.choice, *when))
    return Settings(tuple(rules), thresholds=tuple(thresholds))


def reckoned(case: Case, today: date, *, known_on: date | None = None, settings: Settings | None = None) -> Reckoning:
    """Where a case stands on a day; with `known_on`, going by what had been recorded by then."""
    if settings is None:
        settings = settings_of(case.partnership_id, case.procedure)
    known = facts_of(case)
    if known_on is not None:
        known = known.known_on(known_on)
    return reckon(case.procedure, known, settings, ENGLAND_AND_WALES, today)
