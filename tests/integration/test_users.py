"""Users, their roles and passwords, and the partnerships they belong to."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import PASSWORD, make_partnership, make_user
from tracker import clock
from tracker.errors import NotFound, NotPermitted, Refused
from tracker.models import Agency, AuditEntry, Membership, PasswordLink, Role, User, UserSession
from tracker.queries.partnerships import only_partnership, settings_on
from tracker.queries.users import all_users, find_user, people_with
from tracker.services import agencies, partnerships, passwords, settings, sign_in, users

Refuses = Callable[[str], str]


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("velvet otte", "12 characters or more"),
        ("v" * 201, "200 characters or fewer"),
        ("sam.lowry is here", "must not contain your email address"),
        ("aaaaaaaaaaaaaa", "repeat"),
        ("abcabcabcabc", "repeat"),
        ("abab abab abab", "repeat"),
        ("123456789012", "harder to guess"),
        ("qwertyuiop12", "harder to guess"),
        ("0987654321abcdef", "harder to guess"),
        ("Password1234!", "harder to guess"),
        ("Summer2024!!!!", "harder to guess"),
        ("Shropshire2025", "harder to guess"),
        ("letmein welcome", "harder to guess"),
        ("Lowry2025!Lowry", "harder to guess"),
        ("example!example", "harder to guess"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as refusal:
        passwords.refuse_weak(password, email="sam.lowry@example.gov.uk")
    assert refusal.value.field == "password"


@pytest.mark.parametrize(
    "password", [PASSWORD, "tRaf9#kolq-2mZ", "ystafell wely gynnes", "correct horse battery staple"]
)
def test_a_password_that_is_hard_to_guess_is_taken(password: str) -> None:
    passwords.refuse_weak(password, email="sam.lowry@example.gov.uk")


def test_a_password_is_kept_as_argon2id() -> None:
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, PASSWORD)
    assert not passwords.matches(kept, PASSWORD.upper())
    assert not passwords.matches(None, "nobody has this password")


def test_a_password_is_the_same_however_it_is_composed() -> None:
    assert passwords.matches(passwords.hashed("caf\u00e9 otter canopy"), "cafe\u0301 otter canopy")


def test_a_new_user_chooses_a_password_once(session: Session) -> None:
    user, token = users.add_user(
        make_partnership(), by=None, email=" Sam@Example.gov.uk ", role=Role.OFFICER, name="Sam"
    )
    assert (user.email, user.name, user.password_hash) == ("sam@example.gov.uk", "Sam", None)
    users.choose_password(token, PASSWORD)
    assert passwords.matches(user.password_hash, PASSWORD)
    with pytest.raises(NotFound):
        users.choose_password(token, "another otter canopy")


def test_a_weak_password_leaves_the_link_as_it_was(session: Session) -> None:
    _, token = users.add_user(make_partnership(), by=None, email="sam@example.gov.uk", role=Role.OFFICER)
    with pytest.raises(Refused):
        users.choose_password(token, "password1234")
    assert users.owner_of_link(token)


@pytest.mark.parametrize(("days", "works"), [(6, True), (7, False)])
def test_a_link_lasts_seven_days(session: Session, today_is: Callable[[date], None], days: int, works: bool) -> None:
    today_is(date(2026, 3, 2))
    _, token = users.add_user(make_partnership(), by=None, email="sam@example.gov.uk", role=Role.OFFICER)
    today_is(date(2026, 3, 2) + timedelta(days))
    assert bool(users.owner_of_link(token)) is works


def test_only_the_newest_link_works(session: Session) -> None:
    user, first = users.add_user(make_partnership(), by=None, email="sam@example.gov.uk", role=Role.OFFICER)
    second = users.make_new_link(user, by=None)
    assert users.owner_of_link(first) is None
    assert users.owner_of_link(second) == user
    assert first not in session.scalars(select(PasswordLink.token_hash)).all()


def test_a_new_password_ends_every_session(session: Session) -> None:
    user = make_user(Role.OFFICER)
    sign_in.sign_in(user, by=user)
    users.choose_password(users.make_new_link(user, by=None), "another otter canopy")
    assert session.scalars(select(UserSession).where(UserSession.ended_at.is_(None))).all() == []


def test_an_address_differs_by_more_than_case(session: Session) -> None:
    make_user(Role.OFFICER, email="Sam@example.gov.uk")
    assert find_user("SAM@EXAMPLE.GOV.UK")
    with pytest.raises(IntegrityError):
        make_user(Role.OFFICER, email="sam@EXAMPLE.gov.uk")


def test_the_database_keeps_addresses_in_lower_case(session: Session) -> None:
    with pytest.raises(IntegrityError):
        session.execute(User.__table__.insert().values(email="Sam@example.gov.uk", name="Sam"))  # type: ignore[attr-defined]


def test_a_second_role_needs_no_second_person(session: Session) -> None:
    shropshire = make_partnership()
    first, _ = users.add_user(shropshire, by=None, email="sam@example.gov.uk", role=Role.OFFICER)
    second, _ = users.add_user(shropshire, by=None, email="SAM@example.gov.uk", role=Role.MANAGER)
    assert first == second
    assert first.roles_in(shropshire.id) == {Role.OFFICER, Role.MANAGER}
    with pytest.raises(Refused, match="is already officer in Shropshire"):
        users.add_user(shropshire, by=None, email="sam@example.gov.uk", role=Role.OFFICER)


@pytest.mark.parametrize(
    "email", ["", "sam", "sam@example", "a b@example.gov.uk", "<sam@example.gov.uk>", "x" * 250 + "@a.uk"]
)
def test_what_is_no_address_is_refused(session: Session, email: str) -> None:
    with pytest.raises(Refused, match="Enter an email address"):
        users.add_user(make_partnership(), by=None, email=email, role=Role.OFFICER)
    assert session.scalars(select(User)).all() == []


def test_a_partner_speaks_for_an_agency(session: Session) -> None:
    shropshire = make_partnership()
    with pytest.raises(Refused, match="Name the agency"):
        users.add_user(shropshire, by=None, email="sam@example.gov.uk", role=Role.PARTNER)
    for email in ("sam@example.gov.uk", "ada@example.gov.uk"):
        user, _ = users.add_user(shropshire, by=None, email=email, role=Role.PARTNER, agency="West Mercia Police")
        assert user.agency
        assert user.agency.name == "West Mercia Police"
    assert len(session.scalars(select(Agency)).all()) == 1


def test_an_administrator_manages_the_users_of_one_partnership(session: Session) -> None:
    here, there = make_partnership("here"), make_partnership("there")
    administrator = make_user(Role.ADMINISTRATOR, partnership=here)
    user, token = users.add_user(here, by=administrator, email="sam@example.gov.uk", role=Role.OFFICER)
    assert token
    with pytest.raises(NotPermitted):
        users.add_user(there, by=administrator, email="sam@example.gov.uk", role=Role.OFFICER)
    with pytest.raises(NotPermitted):
        users.add_user(here, by=user, email="ada@example.gov.uk", role=Role.OFFICER)
    assert {person.email for person in all_users(administrator)} == {administrator.email, "sam@example.gov.uk"}
    assert all_users(user) == []


def test_an_administrator_cannot_take_over_an_account_of_another_partnership(session: Session) -> None:
    here, there = make_partnership("here"), make_partnership("there")
    administrator = make_user(Role.ADMINISTRATOR, partnership=here)
    victim, _ = users.add_user(there, by=None, email="vera@example.gov.uk", role=Role.MANAGER)
    with pytest.raises(NotFound):
        users.make_new_link(victim, by=administrator)
    _, token = users.add_user(here, by=administrator, email="vera@example.gov.uk", role=Role.OFFICER)
    assert token == ""
    for use_case in (users.make_new_link, users.disable_user):
        with pytest.raises(NotPermitted):
            use_case(victim, by=administrator)


def test_a_role_is_taken_away(session: Session) -> None:
    shropshire = make_partnership()
    user = make_user(Role.OFFICER, Role.MANAGER)
    users.remove_role(user, by=None, partnership=shropshire, role=Role.MANAGER)
    assert session.scalars(select(Membership.role).where(Membership.user_id == user.id)).all() == [Role.OFFICER]
    with pytest.raises(Refused, match="is not manager"):
        users.remove_role(user, by=None, partnership=shropshire, role=Role.MANAGER)


def test_an_administrator_cannot_lock_everybody_out(session: Session) -> None:
    administrator = make_user(Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        users.remove_role(administrator, by=administrator, partnership=make_partnership(), role=Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        users.disable_user(administrator, by=administrator)


def test_somebody_disabled_gets_no_link_until_enabled(session: Session) -> None:
    user, token = users.add_user(make_partnership(), by=None, email="sam@example.gov.uk", role=Role.OFFICER)
    users.disable_user(user, by=None)
    assert users.owner_of_link(token) is None
    with pytest.raises(Refused, match="is disabled"):
        users.add_user(make_partnership(), by=None, email="sam@example.gov.uk", role=Role.MANAGER)
    users.enable_user(user, by=None)
    assert users.owner_of_link(users.make_new_link(user, by=None)) == user


def test_people_with_a_role(session: Session) -> None:
    shropshire = make_partnership()
    manager, gone = make_user(Role.MANAGER), make_user(Role.MANAGER)
    make_user(Role.MANAGER, partnership=make_partnership("telford"))
    gone.disabled_at = clock.now()
    assert people_with(Role.MANAGER, shropshire.id) == [manager]


@pytest.mark.parametrize("key", ["", "S", "Shropshire", "sal op", "9lives", "x" * 41])
def test_a_malformed_key_is_refused(session: Session, key: str) -> None:
    with pytest.raises(Refused, match="Key must be"):
        partnerships.add_partnership(key, by=None, name="Shropshire")


def test_nobody_who_is_signed_in_adds_a_partnership(session: Session) -> None:
    with pytest.raises(NotPermitted):
        partnerships.add_partnership("telford", by=make_user(*Role), name="Telford")


def test_one_partnership_is_the_only_one_until_there_are_two(session: Session) -> None:
    assert only_partnership() is None
    shropshire = partnerships.add_partnership("shropshire", by=None, name="Shropshire")
    assert only_partnership() == shropshire
    with pytest.raises(Refused, match="already"):
        partnerships.add_partnership("shropshire", by=None, name="Shropshire")
    partnerships.add_partnership("telford", by=None, name="Telford")
    assert only_partnership() is None


def test_a_setting_holds_from_its_day_on(session: Session) -> None:
    shropshire = make_partnership()

    def settle(value: object, on: date) -> None:
        settings.change_setting(shropshire, by=None, key="dhr.imr", value=value, takes_effect_on=on)

    def days(length: int) -> dict[str, object]:
        return {"length": length, "unit": "working_days"}

    settle(days(40), date(2025, 4, 1))
    settle(days(30), date(2026, 4, 1))
    settle(days(35), date(2025, 4, 1))  # put right on the same day
    assert settings_on(shropshire.id, date(2025, 3, 31)) == {}
    assert settings_on(shropshire.id, date(2026, 3, 31)) == {"dhr.imr": days(35)}
    assert settings_on(shropshire.id, date(2026, 4, 1)) == {"dhr.imr": days(30)}
    assert [entry.action for entry in session.scalars(select(AuditEntry))] == ["change_setting"] * 3


def test_an_agency_is_added_once(session: Session) -> None:
    administrator, officer = make_user(Role.ADMINISTRATOR), make_user(Role.OFFICER)
    shropshire = make_partnership()
    agencies.add_agency(shropshire, by=administrator, name="West Mercia Police", kind="police")
    with pytest.raises(Refused, match="already has an agency called West Mercia Police"):
        agencies.add_agency(shropshire, by=administrator, name=" West Mercia Police ")
    with pytest.raises(NotPermitted):
        agencies.add_agency(shropshire, by=officer, name="Fire and Rescue")
