"""What an agency is let do from outside: a link that opens one item, its uses, and the time that was asked for."""

from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.extensions import Base
from tracker.models.cases import Case, Deadline
from tracker.models.partnerships import Partnership
from tracker.models.plans import PlannedAction
from tracker.models.users import User


class ItemLink(Base):
    """A link that opens one item to one agency, for one address. Only a hash of its token is stored.

    The item is an action of a plan, or else the request of the case whose deadline has this `key` and `subject`.
    `asked_again_at`: when somebody at that address last asked for a new link. `renewals`: how many links in a row, up
    to this one, were sent because they were asked for.
    """

    __tablename__ = "item_link"
    __table_args__ = (Index(None, "case_id", "key", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"), index=True)
    key: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_up_at: Mapped[datetime | None]
    asked_again_at: Mapped[datetime | None]
    renewals: Mapped[int] = mapped_column(default=0, server_default="0")
    partnership: Mapped[Partnership] = relationship()
    case: Mapped[Case | None] = relationship()
    action: Mapped[PlannedAction | None] = relationship()
    created_by: Mapped[User | None] = relationship()
    uses: Mapped[list["ItemLinkUse"]] = relationship(order_by="ItemLinkUse.id")

    @property
    def audit_reference(self) -> str:
        return f"item link {self.id}"


class ItemLinkUse(Base):
    """One time that a link was opened. `browser`: a hash of what that browser was given to be known by."""

    __tablename__ = "item_link_use"
    __table_args__ = (Index(None, "link_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("item_link.id"))
    at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    browser: Mapped[str]


class LinkAsk(Base):
    """Somebody asked for a new link. Held by a hash of the address typed, whether or not anybody was written to."""

    __tablename__ = "link_ask"
    __table_args__ = (Index(None, "email_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=lambda: clock.now(), index=True)


class TimeRequest(Base):
    """An agency asks for more time, and what was answered. `granted`: none while nobody has answered."""

    __tablename__ = "time_request"
    __table_args__ = (Index(None, "case_id", "key", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"), index=True)
    key: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("item_link.id"))
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    case: Mapped[Case | None] = relationship()
    action: Mapped[PlannedAction | None] = relationship()
    link: Mapped[ItemLink | None] = relationship()

    @property
    def audit_reference(self) -> str:
        return f"time request {self.id}"


# What one link opens, and more time is asked for: a request to an agency, or an action that it leads.
Item: TypeAlias = Deadline | PlannedAction


def about(table: type[ItemLink] | type[TimeRequest], item: Item) -> ColumnElement[bool]:
    """The condition on *table* that a row is about *item*."""
    if isinstance(item, PlannedAction):
        return table.action_id == item.id
    same = (table.case_id == item.case_id, table.key == item.key, table.subject == item.subject)
    return and_(table.action_id.is_(None), *same)
