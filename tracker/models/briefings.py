"""What was taught about a theme."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.extensions import Base
from tracker.models.themes import Theme
from tracker.models.users import User


class BriefingKind(StrEnum):
    """How a theme was taught."""

    BRIEFING = "briefing"
    TRAINING = "training"


class Briefing(Base):
    """A briefing or a training that was given on a theme. `attended`: how many people, where that is known.

    `version` grows with every change; `submission_key` is that of the form that recorded or changed it last.
    """

    __tablename__ = "briefing"

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), index=True)
    kind: Mapped[BriefingKind]
    title: Mapped[str]
    held_on: Mapped[date]
    audience: Mapped[str]
    attended: Mapped[int | None]
    link: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    submission_key: Mapped[str | None] = mapped_column(unique=True)
    recorded_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    theme: Mapped[Theme] = relationship()
    recorded_by: Mapped[User | None] = relationship()

    @property
    def partnership_id(self) -> int:
        return self.theme.partnership_id

    @property
    def audit_reference(self) -> str:
        return f"{self.theme.name}, {self.kind} {self.id}"
