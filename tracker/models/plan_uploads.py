"""Spreadsheets of action plans between the page that takes them and the import, and what their headings are."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.extensions import Base
from tracker.models.plans import Plan
from tracker.models.users import User
from tracker.procedures.plan_read import Answers

IDLE_HOURS = 24


class PlanUpload(Base):
    """A file that its owner, and nobody else, is importing. It goes with the import, or after 24 idle hours.

    `key` is its address. `answers`: `quarters`, `review_by` (2027-03-31), `texts` by what was asked about and `columns`
    by heading, each where it was answered.
    """

    __tablename__ = "plan_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    saved_at: Mapped[datetime] = mapped_column(default=lambda: clock.now(), index=True)
    plan: Mapped[Plan] = relationship()
    owner: Mapped[User] = relationship()

    @property
    def audit_reference(self) -> str:
        return f"{self.plan.audit_reference}, file being imported"

    @property
    def answered(self) -> Answers:
        """What was answered, as the reading takes it."""
        given = self.answers
        day = given.get("review_by")
        return Answers(
            given.get("quarters", ""),
            given.get("texts", {}),
            date.fromisoformat(day) if day else None,
            given.get("columns", {}),
        )


class PlanHeading(Base):
    """Which column a heading was said to be, for the partnership's next files."""

    __tablename__ = "plan_heading"

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    heading: Mapped[str] = mapped_column(primary_key=True)
    column: Mapped[str]


def uploads_since() -> datetime:
    """The moment from which an upload must have been saved to be there still."""
    return clock.now() - timedelta(hours=IDLE_HOURS)
