"""From the tables to what the reckoning takes, and back."""

import json
from datetime import date

from sqlalchemy import select

from tracker.extensions import db
from tracker.models.cases import Case, Complaint, Event
from tracker.models.partnerships import LocalSetting
from tracker.procedures import facts, threshold
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.facts import Facts
from tracker.procedures.reckoning import Reckoning, reckon
from tracker.procedures.settings import LocalRule, Settings, local_rule
from tracker.procedures.vocabulary import Procedure

LIMBS = "limbs"


def fact_of(event: Event) -> facts.Event:
    return facts.Event(event.step, event.happened_on, event.subject, event.answers, event.recorded_at, event.number)


def complaint_of(row: Complaint) -> threshold.Complaint:
    return threshold.Complaint(row.behaviour_on, row.reported_on, row.body, row.incident, row.made_by, row.hate)


def facts_of(case: Case) -> Facts:
    complaints = case.complaints if case.procedure.takes_complaints else ()
    return Facts(tuple(fact_of(event) for event in case.events), tuple(complaint_of(row) for row in complaints))


def settings_of(partnership_id: int, procedure: Procedure) -> Settings:
    """What the partnership has settled for this kind of review. Keys are `asb.threshold`, `dhr.imr`, `asb.limbs`."""
    prefix = f"{procedure.case_type}."
    rows = db.session.scalars(
        select(LocalSetting)
        .where(LocalSetting.partnership_id == partnership_id, LocalSetting.key.startswith(prefix, autoescape=True))
        .order_by(LocalSetting.takes_effect_on, LocalSetting.recorded_at, LocalSetting.id)
    ).all()
    rules: list[LocalRule] = []
    for row in rows:
        key = row.key.removeprefix(prefix)
        if procedure.deadline(key):
            rules.append(local_rule(procedure, key, json.loads(row.value), row.takes_effect_on))
    return Settings(tuple(rules))


def reckoned(case: Case, today: date, *, known_on: date | None = None, settings: Settings | None = None) -> Reckoning:
    """Where a case stands on a day; with `known_on`, going by what had been recorded by then."""
    if settings is None:
        settings = settings_of(case.partnership_id, case.procedure)
    known = facts_of(case)
    if known_on is not None:
        known = known.known_on(known_on)
    return reckon(case.procedure, known, settings, ENGLAND_AND_WALES, today)
