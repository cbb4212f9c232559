"""Makes what a test is about, and nothing else."""

from functools import cache
from itertools import count

from flask.testing import FlaskClient
from sqlalchemy import select

from tracker.extensions import db
from tracker.models import Membership, Partnership, Role, User
from tracker.services import passwords, sign_in

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


def sign_in_as(client: FlaskClient, user: User) -> str:
    """Gives the browser a session of *user*, without the page. Returns its token."""
    token = sign_in.sign_in(user, by=user)
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = token
    return token


@cache
def password_hash() -> str:
    """PASSWORD as it is stored; hashed once, because that takes a while."""
    return passwords.hashed(PASSWORD)
