"""The people whose access an administrator looks after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.extensions import db
from tracker.models.users import Membership, Role, User, UserSession, normalised_email
from tracker.policy import Action, partnerships_where

PEOPLE_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people are wanted. *state*: active, disabled, unused (no password yet), or empty for all."""

    text: str = ""
    state: str = ""
    role: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some of the people, with when each was last seen."""

    people: Sequence[User]
    last_seen: Mapping[int, datetime]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PEOPLE_A_PAGE))


def people_page(viewer: User, wanted: PeopleFilter) -> PeoplePage:
    """Those who hold a role where *viewer* manages users, by name; four statements whatever their number."""
    managed = partnerships_where(viewer, Action.MANAGE_USERS)
    held = select(Membership.user_id).where(Membership.partnership_id.in_(managed))
    if wanted.role:
        held = held.where(Membership.role == Role(wanted.role))
    conditions: list[ColumnElement[bool]] = [User.id.in_(held)]
    if wanted.text:
        conditions.append(
            or_(
                User.name.icontains(wanted.text, autoescape=True),
                User.email.contains(normalised_email(wanted.text), autoescape=True),
            )
        )
    match wanted.state:
        case "active":
            conditions.append(User.disabled_at.is_(None))
        case "disabled":
            conditions.append(User.disabled_at.is_not(None))
        case "unused":
            conditions += [User.password_hash.is_(None), User.disabled_at.is_(None)]
    total = db.session.scalar(select(func.count()).select_from(User).where(*conditions)) or 0
    page = min(max(1, wanted.page), max(1, -(-total // PEOPLE_A_PAGE)))
    people = db.session.scalars(
        select(User)
        .where(*conditions)
        .options(selectinload(User.memberships).joinedload(Membership.partnership), joinedload(User.agency))
        .order_by(User.name, User.id)
        .limit(PEOPLE_A_PAGE)
        .offset((page - 1) * PEOPLE_A_PAGE)
    ).all()
    return PeoplePage(people, last_seen_of(people), total, page)


def last_seen_of(people: Iterable[User]) -> dict[int, datetime]:
    """When each was last at work here, by number; absent for those who never signed in."""
    ids = [person.id for person in people]
    seen = select(UserSession.user_id, func.max(UserSession.last_seen_at)).where(UserSession.user_id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(seen.group_by(UserSession.user_id))}


def managed_user(viewer: User, number: int) -> User | None:
    """The person, if they hold a role where *viewer* manages users."""
    members = select(Membership.user_id).where(
        Membership.partnership_id.in_(partnerships_where(viewer, Action.MANAGE_USERS))
    )
    return db.session.scalar(
        select(User)
        .where(User.id == number, User.id.in_(members))
        .options(selectinload(User.memberships).joinedload(Membership.partnership), joinedload(User.agency))
    )
