"""Makes what a test is about, and nothing else."""

from datetime import date
from functools import cache
from itertools import count

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select

from tracker.extensions import db
from tracker.models import Case, Membership, Partnership, Role, User
from tracker.procedures import procedure_in_force
from tracker.services import sign_in
from tracker.services.cases import log_referral

PASSWORD = "velvet otter canopy"

_numbers = count(1)


def make_partnership(key: str = "shropshire") -> Partnership:
    """The partnership with this key."""
    found = db.session.scalar(select(Partnership).where(Partnership.key == key))
    if found:
        return found
    partnership = Partnership(key=key, name=key.capitalize())
    db.session.add(partnership)
    db.session.commit()
    return partnership


def make_user(*roles: Role, partnership: Partnership | None = None, email: str = "") -> User:
    """Somebody with these roles in a partnership, who signs in with PASSWORD."""
    partnership = partnership or make_partnership()
    email = email or f"person{next(_numbers)}@example.gov.uk"
    user = User(
        email=email,
        name=email.partition("@")[0].capitalize(),
        password_hash=password_hash(),
        memberships=[Membership(partnership_id=partnership.id, role=role) for role in roles],
    )
    db.session.add(user)
    db.session.commit()
    return user


def make_case(officer: User, case_type: str, on: date) -> Case:
    """A case of this kind that *officer* logged, referred on that day."""
    held = officer.memberships[0].partnership
    return log_referral(held, by=officer, edition=procedure_in_force(case_type, on).edition, on=on, answers={})


def sign_in_as(client: FlaskClient, user: User) -> str:
    """Gives the browser a session of *user*, without the page. Returns its token."""
    token = sign_in.sign_in(user, by=user)
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = token
    return token


@cache
def password_hash() -> str:
    """PASSWORD as it is stored, but cheap to check."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
