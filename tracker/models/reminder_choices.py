"""What each person has settled about their own reminders."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.extensions import Base
from tracker.models.users import User


class Sending(StrEnum):
    """How the reminders of a day reach somebody."""

    DIGEST = "digest"
    SINGLE = "single"


class ReminderChoice(Base):
    """How somebody wants their reminders, and who gets them meanwhile when they are away. No row: one digest a day."""

    __tablename__ = "reminder_choice"
    __table_args__ = (CheckConstraint("deputy_id <> user_id", name="deputy_is_another"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    sending: Mapped[Sending]
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    deputy: Mapped[User | None] = relationship(foreign_keys=[deputy_id])


class TimeAway(Base):
    """Days on which somebody is not at work, the first and the last included."""

    __tablename__ = "time_away"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="in_order"),
        Index(None, "user_id", "last_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    user: Mapped[User] = relationship()

    @property
    def audit_reference(self) -> str:
        return f"{self.user.email}, {self.first_on} to {self.last_on}"
