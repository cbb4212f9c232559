"""Four hundred days of two hundred reviews against the plain model of reminders. Run by hand: it takes some minutes."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.integration.test_reminders_model import live_through


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_two_hundred_reviews_for_four_hundred_days(session: Session, today_is: Callable[[date], None]) -> None:
    live_through(session, today_is, seed=7, cases=200, days=400)
