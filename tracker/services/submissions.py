"""A form that is sent twice does once what it does."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from tracker.errors import NotFound, Refused
from tracker.extensions import db

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
