"""What people settle for themselves: how reminders come, who stands in, and when they are away."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.bad_values import NOT_OFFERED, REFUSED_DAYS
from tests.builders import make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker import clock
from tracker.errors import NotPermitted, Refused
from tracker.models import Agency, AuditEntry, ReminderChoice, Role, Sending, TimeAway, User
from tracker.queries.reminder_choices import away, chosen_by, possible_deputies, times_away
from tracker.services.reminder_choices import add_time_away, choose_reminders, remove_time_away
from tracker.services.users import disable_user

TODAY = date(2026, 3, 4)


@pytest.fixture(autouse=True)
def _today(today_is: Callable[[date], None]) -> None:
    today_is(TODAY)


@pytest.fixture
def officer(session: Session) -> User:
    return make_user(Role.OFFICER)


def problems(client: FlaskClient, address: str, sent: dict[str, object]) -> list[str]:
    """What the page complains of."""
    return [link.text for link in page(client.post(address, data=sent)).select(".govuk-error-summary a")]


def days(first: Sequence[str], last: Sequence[str]) -> dict[str, object]:
    return {"first_on": list(first), "last_on": list(last)}


def test_who_has_chosen_nothing_gets_one_message_a_day(officer: User) -> None:
    assert (chosen_by(officer).sending, chosen_by(officer).deputy) == (Sending.DIGEST, None)


def test_a_choice_is_kept_and_shown(client: FlaskClient, officer: User) -> None:
    deputy = make_user(Role.MANAGER)
    sign_in_as(client, officer)
    assert client.post("/account/reminders", data={"sending": "single", "deputy": str(deputy.id)}).status_code == 302
    assert (chosen_by(officer).sending, chosen_by(officer).deputy) == (Sending.SINGLE, deputy)
    assert f"While you are away, {deputy.name} gets them" in client.get("/account").text
    form = page(client.get("/account/reminders"))
    assert form.select_one("[name=sending][checked]")["value"] == "single"
    assert form.select_one("option[selected]").text.strip() == deputy.name
    assert client.post("/account/reminders", data={"sending": "digest"}).status_code == 302
    assert (chosen_by(officer).sending, chosen_by(officer).deputy) == (Sending.DIGEST, None)


def test_a_deputy_is_a_colleague_who_works_on_cases(session: Session, officer: User) -> None:
    manager, partner, other_agency = make_user(Role.MANAGER), make_user(Role.PARTNER), make_user(Role.PARTNER)
    make_user(Role.AUDITOR), make_user(Role.ADMINISTRATOR)
    make_user(Role.OFFICER, partnership=make_partnership("telford"))
    disable_user(make_user(Role.OFFICER), by=None)
    assert possible_deputies(officer) == [manager]
    same = make_user(Role.PARTNER)
    police, health = (Agency(partnership_id=make_partnership().id, name=name) for name in ("Police", "Health"))
    partner.agency, same.agency, other_agency.agency = police, police, health
    session.flush()
    assert possible_deputies(partner) == [same]


def test_nobody_else_can_be_named(client: FlaskClient, officer: User) -> None:
    elsewhere = make_user(Role.OFFICER, partnership=make_partnership("telford"))
    with pytest.raises(Refused, match="your partnership"):
        choose_reminders(officer, by=officer, sending=Sending.DIGEST, deputy=elsewhere)
    sign_in_as(client, officer)
    for wrong in (str(elsewhere.id), str(officer.id), *NOT_OFFERED):
        assert problems(client, "/account/reminders", {"sending": "single", "deputy": wrong}), wrong
        assert problems(client, "/account/reminders", {"sending": wrong}), wrong
    assert chosen_by(officer).sending == Sending.DIGEST


def test_days_away_are_put_down_and_taken_back(client: FlaskClient, session: Session, officer: User) -> None:
    sign_in_as(client, officer)
    assert client.post("/account/away", data=days(("10", "3", "2026"), ("12", "3", "2026"))).status_code == 302
    assert "10 March 2026 to 12 March 2026" in client.get("/account/away").text

    def is_away(on: date) -> bool:
        return bool(session.scalar(select(func.count()).select_from(User).where(away(on))))

    assert [is_away(date(2026, 3, day)) for day in (9, 10, 12, 13)] == [False, True, True, False]
    (time_away,) = times_away(officer, TODAY)
    assert client.post(f"/account/away/{time_away.id}/remove").status_code == 302
    assert times_away(officer, TODAY) == []


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (("12", "3", "2026"), ("10", "3", "2026"), "The last day must be the first day or later"),
        (("1", "3", "2026"), ("3", "3", "2026"), "The last day must be today or later"),
        (("5", "3", "2026"), ("6", "3", "2027"), "The last day must be within a year of the first"),
        (("22", "3", "2026"), ("30", "3", "2026"), "You have put down some of these days already"),
        (("", "", ""), ("30", "3", "2026"), "Enter the first day away"),
        *((wrong, ("30", "3", "2026"), "") for wrong in REFUSED_DAYS[:4]),
    ],
)
def test_days_that_cannot_be_are_refused_beside_them(
    client: FlaskClient, officer: User, first: Sequence[str], last: Sequence[str], said: str
) -> None:
    add_time_away(officer, by=officer, first_on=date(2026, 3, 20), last_on=date(2026, 3, 22))
    sign_in_as(client, officer)
    found = problems(client, "/account/away", days(first, last))
    assert len(found) == 1
    assert said in found[0]
    assert len(times_away(officer, TODAY)) == 1


def test_nobody_settles_it_for_another(client: FlaskClient, session: Session, officer: User) -> None:
    manager = make_user(Role.MANAGER)
    theirs = add_time_away(officer, by=officer, first_on=TODAY, last_on=TODAY)
    before = session.scalar(select(func.count(AuditEntry.number))) or 0
    with pytest.raises(NotPermitted):
        choose_reminders(officer, by=manager, sending=Sending.SINGLE, deputy=None)
    with pytest.raises(NotPermitted):
        add_time_away(officer, by=manager, first_on=clock.today(), last_on=clock.today())
    with pytest.raises(NotPermitted):
        remove_time_away(theirs, by=manager)
    sign_in_as(client, manager)
    for number in (str(theirs.id), "0", "999999", "9" * 30, "x"):
        assert client.post(f"/account/away/{number}/remove").status_code == 404
    assert session.scalar(select(func.count(TimeAway.id))) == 1
    assert session.scalar(select(func.count(ReminderChoice.user_id))) == 0
    assert session.scalar(select(func.count(AuditEntry.number))) == before + 1  # the sign-in
