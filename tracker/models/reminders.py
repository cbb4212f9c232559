"""What was brought to whose mind, and when the timetable last ran."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.extensions import Base
from tracker.models.messages import Message


class Reminder(Base):
    """One rung of one deadline for one recipient: its key makes it happen once, whoever sweeps, however often.

    `deadline` names the clock ("12/imr/West Mercia Police/1") and outlives its row; `generation` grows when the date
    moves, so that a moved deadline has rungs of its own. `cancelled_because`: it was not sent after all.
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("deadline", "generation", "rung", "recipient"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline: Mapped[str]
    generation: Mapped[int]
    rung: Mapped[str]
    recipient: Mapped[str]
    deadline_id: Mapped[int] = mapped_column(index=True)
    due_on: Mapped[date | None]
    on: Mapped[date]
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), index=True)
    cancelled_because: Mapped[str] = mapped_column(default="")
    message: Mapped[Message] = relationship()


class Heartbeat(Base):
    """When something of the timetable last ran, and for which day. Whoever runs it holds the row until the commit.

    `stopped_until`: mail is not tried before, because the server refused us as a whole; `says` has its words.
    """

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    on: Mapped[date | None]
    stopped_until: Mapped[datetime | None]
    says: Mapped[str] = mapped_column(default="")
