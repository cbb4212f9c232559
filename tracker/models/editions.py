"""Which editions of a procedure have been brought into force where."""

import json
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from tracker.extensions import db
from tracker.models.partnerships import LocalSetting, Partnership
from tracker.procedures import editions_near, waiting_editions
from tracker.procedures.vocabulary import Procedure
from tracker.procedures.what_if import IN_FORCE_FROM


def editions_offered(case_type: str, on: date, partnership_id: int) -> list[Procedure]:
    """The editions that a referral received on that day may run under: of several, whoever logs it chooses."""
    return editions_near(case_type, on, brought_into_force(case_type, partnership_id))


def brought_into_force_at(case_type: str, partnership: str) -> Mapping[str, date]:
    """The same for a partnership's key; nothing where there is no such partnership."""
    partnership_id = db.session.scalar(select(Partnership.id).where(Partnership.key == partnership))
    return brought_into_force(case_type, partnership_id) if partnership_id else {}


def brought_into_force(case_type: str, partnership_id: int) -> Mapping[str, date]:
    """The day from which each edition that waits for one is in force there; no statement where none waits."""
    keys = {f"{case_type}.{edition}.{IN_FORCE_FROM}": edition for edition in waiting_editions(case_type)}
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
