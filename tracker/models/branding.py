"""How a partnership's pages look: its name, its colour, its logo."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker import clock
from tracker.extensions import Base

USUAL_COLOUR = "#17505e"  # as look.css has it


class Standing(StrEnum):
    """Which of a partnership's looks one is: shown to whoever chose it, or on every page. There is one of each."""

    PROPOSED = "proposed"
    CURRENT = "current"


class Branding(Base):
    """A look that was chosen for a partnership. What it says is never changed: a change is another row.

    `version` names it in addresses, which browsers keep. `colour`: "#17505e". `logo`: a PNG, as services.logos made it.
    `standing`: empty for one that another took the place of.
    """

    __tablename__ = "branding"
    __table_args__ = (UniqueConstraint("partnership_id", "standing"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    version: Mapped[str] = mapped_column(unique=True)
    standing: Mapped[Standing | None]
    name: Mapped[str]
    colour: Mapped[str]
    has_logo: Mapped[bool]
    logo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    proposed_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    applied_at: Mapped[datetime | None]

    @property
    def audit_reference(self) -> str:
        return f"look {self.version}"
