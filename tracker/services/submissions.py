"""A form that is sent twice does once what it does, and one that was drawn from an older version does nothing."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from tracker.errors import NotFound, Refused, Stale
from tracker.extensions import db
from tracker.models.briefings import Briefing
from tracker.models.cases import Case
from tracker.models.plans import Plan

R = TypeVar("R")


def done_once(do: Callable[[], R], refuse_resent: Callable[[], None]) -> R:
    """What *do* comes to, unless the same form did it before.

    A form that is sent again is stale, refused, about something that is closed to its sender now, or has a taken key.

    Args:
        refuse_resent: asks, in a new transaction that sees what the twin committed, whether it was; and says no.
    """
    try:
        made = do()
        db.session.flush()
    except (Refused, NotFound, IntegrityError):
        db.session.rollback()
        refuse_resent()
        raise
    return made


def take_version(row: Case | Plan | Briefing, version: int | None) -> None:
    """Takes a row for a change. `version`: which one the form was drawn from; None takes the present one.

    Raises:
        Stale: somebody has changed the row since.
    """
    table, wanted = type(row), row.version if version is None else version
    claimed = db.session.execute(
        update(table)
        .where(table.id == row.id, table.version == wanted)
        .values(version=wanted + 1)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale
    set_committed_value(row, "version", wanted + 1)
