"""The themes that a partnership sorts its findings by."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.partnerships import Partnership


class Theme(Base):
    """A theme of a partnership's list. Findings hold its name; a retired one is offered for new findings no longer."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("partnership_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    name: Mapped[str]
    retired_on: Mapped[date | None]
    partnership: Mapped[Partnership] = relationship()

    @property
    def audit_reference(self) -> str:
        return self.name
