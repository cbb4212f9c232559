"""What somebody is told: shown to them in the tracker, and waiting to go out by mail."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.extensions import Base
from tracker.models.cases import Case
from tracker.models.users import User
from tracker.procedures.calendars import spelled

DIGEST = "digest"  # the kind that reminders go in


class MessageState(StrEnum):
    """Where a message is on its way."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Message(Base):
    """One message to one person, or to the address of an agency's contact who has no account.

    Only references are kept: the words are made when it goes out, from what is true and permitted then. `id` becomes
    its Message-ID, so a second copy is known as one. `said`: the mail server's words, or why it was cancelled.
    """

    __tablename__ = "message"
    __table_args__ = (Index(None, "state", "next_try_at"), Index(None, "user_id", "read_at"), Index(None, "kind", "on"))

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: uuid4().hex)
    kind: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    address: Mapped[str] = mapped_column(default="")
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    about: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    on: Mapped[date] = mapped_column(default=lambda: clock.today())
    made_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    state: Mapped[MessageState] = mapped_column(default=MessageState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(default="")
    user: Mapped[User | None] = relationship()
    case: Mapped[Case | None] = relationship()

    @property
    def title(self) -> str:
        """What a list of notices calls it: "Reminders of 25 November 2026"."""
        if self.kind == DIGEST:
            return f"Reminders of {spelled(self.on)}"
        return f"{self.case.reference}: {self.sort[:1].lower()}{self.sort[1:]}" if self.case else self.sort

    @property
    def sort(self) -> str:
        """What sort of message it is, in words that name no case."""
        return "Reminders" if self.kind == DIGEST else self.kind.replace("_", " ").capitalize()

    @property
    def audit_reference(self) -> str:
        return f"message {self.id[:8]}"
