"""What the slow checks found when they last ran."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker import clock
from tracker.extensions import Base


class CheckResult(Base):
    """The last answer of a check that takes too long to be made for every look. One row a check, overwritten."""

    __tablename__ = "check_result"

    name: Mapped[str] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    passed: Mapped[bool]
    says: Mapped[str] = mapped_column(Text)
