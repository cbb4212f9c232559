"""Files that came with an answer or an update: what is known of each. The bytes lie in the instance folder."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.extensions import Base
from tracker.models.cases import Case, Event
from tracker.models.plans import ActionEvent, PlannedAction
from tracker.models.users import User


class FileState(StrEnum):
    """How far a file is to be trusted. Unscanned: there is no scanner to ask."""

    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"
    DISPOSED = "disposed"


# The states in which a file is given out.
GIVEN_OUT = frozenset({FileState.CLEAN, FileState.UNSCANNED})


class Attachment(Base):
    """A file that somebody sent. The row stays when its bytes are disposed of.

    `key` names it in addresses, `stored_as` in the instance folder: neither says anything of it. `original_name` is the
    sender's name for it, shown on pages and used nowhere else. `digest`: SHA-256 of its bytes; `size`: bytes.
    `finding`: what the scanner said, or why it was disposed of.
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"), index=True)
    action_event_id: Mapped[int | None] = mapped_column(ForeignKey("action_event.id"))
    agency: Mapped[str] = mapped_column(default="")
    original_name: Mapped[str]
    kind: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]
    stored_as: Mapped[str] = mapped_column(unique=True)
    state: Mapped[FileState] = mapped_column(index=True)
    finding: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    scanned_at: Mapped[datetime | None]
    case: Mapped[Case | None] = relationship()
    event: Mapped[Event | None] = relationship()
    action: Mapped[PlannedAction | None] = relationship()
    action_event: Mapped[ActionEvent | None] = relationship()
    sent_by: Mapped[User | None] = relationship()

    @property
    def audit_reference(self) -> str:
        return f"file {self.id}"

    @property
    def is_given_out(self) -> bool:
        return self.state in GIVEN_OUT

    @property
    def name(self) -> str:
        """What it is called when it leaves: nothing that a sender typed."""
        of = self.case.reference if self.case else "plan"
        return f"{of}-file-{self.id}.{self.kind}"
