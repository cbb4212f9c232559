"""What was on record of a body that a recommendation is addressed to, before somebody put it right."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.extensions import Base
from tracker.models.plans import Addressee
from tracker.models.users import User


class AddresseeChange(Base):
    """An addressee as it was until `changed_at`, and `why` it was changed: empty for another answer. Never changed."""

    __tablename__ = "addressee_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    addressee_id: Mapped[int] = mapped_column(ForeignKey("addressee.id"), index=True)
    sent_on: Mapped[date | None]
    due_on: Mapped[date | None]
    response: Mapped[str]
    responded_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changed_by: Mapped[User | None] = relationship()
    addressee: Mapped[Addressee] = relationship()
