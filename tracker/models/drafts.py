"""Referrals that somebody has begun and not logged yet."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.extensions import Base
from tracker.models.partnerships import Partnership
from tracker.models.users import User
from tracker.procedures import PROCEDURES, procedure_in_force
from tracker.procedures.vocabulary import Procedure

IDLE_DAYS = 30
EDITION = "edition"  # the page on which one of several is chosen, and its question


class Draft(Base):
    """What its owner, and nobody else, has answered so far. It goes when it is logged, or after 30 idle days.

    `key` is its address, and makes it one case however often it is sent. `answers` are by page, each page's replaced
    whole. `edition` is empty until the day of the referral says which, or its owner does.
    """

    __tablename__ = "draft"
    __table_args__ = (Index(None, "owner_id", "saved_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    case_type: Mapped[str]
    edition: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON, default=dict)
    begun_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    saved_at: Mapped[datetime] = mapped_column(default=lambda: clock.now(), index=True)
    owner: Mapped[User] = relationship()
    partnership: Mapped[Partnership] = relationship()

    @property
    def procedure(self) -> Procedure:
        """The edition it is asked under: until one is settled, that of the day it was begun."""
        return PROCEDURES[
            self.edition or procedure_in_force(self.case_type, clock.london(self.begun_at).date()).edition
        ]

    @property
    def audit_reference(self) -> str:
        return f"draft {self.id}"


def kept_since(today: date) -> datetime:
    """The moment from which a draft must have been saved, to be there still on that day."""
    return clock.start_of(today - timedelta(days=IDLE_DAYS))
