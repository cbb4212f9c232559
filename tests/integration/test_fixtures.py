"""The fixtures keep their promises."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Partnership


def test_statements_are_collected_as_they_are_sent(
    session: Session, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with statements() as made:
        session.add(Partnership(key="shropshire", name="Shropshire"))
        session.commit()
        session.scalars(select(Partnership)).all()
    session.scalars(select(Partnership)).all()
    assert [statement.split()[0] for statement in made] == ["INSERT", "SELECT"]


def test_the_day_can_be_set(today_is: Callable[[date], None]) -> None:
    today_is(date(2026, 7, 1))
    assert clock.today() == date(2026, 7, 1)
    assert clock.now().isoformat() == "2026-07-01T11:00:00+00:00"


def test_a_request_sees_what_the_test_has_stored_and_keeps_nothing_of_the_test(
    session: Session, client: FlaskClient
) -> None:
    session.add(Partnership(key="telford", name="Telford"))
    assert client.get("/sign-in").status_code == 200
    assert session.scalars(select(Partnership.key)).all() == ["telford"]
