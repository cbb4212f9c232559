"""Which editions of a procedure have been brought into force where."""

import json
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from tracker.extensions import db
from tracker.models.partnerships import LocalSetting
from tracker.procedures import editions_near, editions_of
from tracker.procedures.vocabulary import Procedure

IN_FORCE_FROM = "in_force_from"  # `dhr.dardr-2024.in_force_from`: true from the day it takes effect on


def editions_offered(case_type: str, on: date, partnership_id: int) -> list[Procedure]:
    """The editions that a referral received on that day may run under: of several, whoever logs it chooses."""
    return editions_near(case_type, on, brought_into_force(case_type, partnership_id))


def brought_into_force(case_type: str, partnership_id: int) -> Mapping[str, date]:
    """The day from which each edition that waits for one is in force there; no statement where none waits."""
    waiting = [each.edition for each in editions_of(case_type) if each.in_force_from is None]
    keys = {f"{case_type}.{edition}.{IN_FORCE_FROM}": edition for edition in waiting}
    if not keys:
        return {}
    rows = db.session.scalars(
        select(LocalSetting)
        .where(LocalSetting.partnership_id == partnership_id, LocalSetting.key.in_(keys))
        .order_by(LocalSetting.recorded_at, LocalSetting.id)
    )
    # The latest word on a day holds: a day that was announced may have been withdrawn.
    announced = {(keys[row.key], row.takes_effect_on): bool(json.loads(row.value)) for row in rows}
    days = sorted(((on, edition) for (edition, on), holds in announced.items() if holds), reverse=True)
    return {edition: on for on, edition in days}
