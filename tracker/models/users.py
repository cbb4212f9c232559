"""The people who use the tracker: their roles, their sign-ins, and what guards both."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from tracker import clock
from tracker.extensions import Base
from tracker.models.partnerships import Agency, Partnership


class Role(StrEnum):
    """What somebody is to a partnership."""

    OFFICER = "officer"
    CHAIR = "chair"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    PARTNER = "partner"


class User(Base):
    """Somebody who may sign in. The e-mail address is kept in lower case: two that differ in case are one person."""

    __tablename__ = "user"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_in_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    disabled_at: Mapped[datetime | None]
    agency: Mapped[Agency | None] = relationship()
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="user", order_by="Membership.id", cascade="all, delete-orphan"
    )

    # What Flask-Login asks of a user. Token and count are known only to the request that presented or made it.
    is_authenticated = True
    is_anonymous = False
    session_token = ""
    unread_notices = 0

    @validates("email")
    def _lower_case(self, _: str, email: str) -> str:
        return normalised_email(email)

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def audit_reference(self) -> str:
        return self.email

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's token, never the user's number."""
        return self.session_token

    @property
    def partnerships(self) -> list[Partnership]:
        """The partnerships this person works in, in the order of their memberships."""
        return list(dict.fromkeys(held.partnership for held in self.memberships))

    def roles_in(self, partnership_id: int) -> frozenset[Role]:
        """The roles this person holds in one partnership."""
        return frozenset(held.role for held in self.memberships if held.partnership_id == partnership_id)


class Membership(Base):
    """One role that one person holds in one partnership."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "partnership_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), index=True)
    role: Mapped[Role]
    user: Mapped[User] = relationship(back_populates="memberships")
    partnership: Mapped[Partnership] = relationship()


class UserSession(Base):
    """One sign-in from one browser. Only a hash of its token is stored: reading this table lets nobody in."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    last_seen_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(default="")
    user: Mapped[User] = relationship()


class PasswordLink(Base):
    """A one-time link to choose a password, stored as a hash."""

    __tablename__ = "password_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class SignInTry(Base):
    """A try to sign in that has not succeeded. Held by a hash of the address typed, whether or not anybody has it."""

    __tablename__ = "sign_in_try"
    __table_args__ = (Index(None, "email_hash", "tried_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email_hash: Mapped[str]
    tried_at: Mapped[datetime] = mapped_column(default=lambda: clock.now(), index=True)


def normalised_email(email: str) -> str:
    """The one form in which an address is stored and looked up."""
    return email.strip().lower()
