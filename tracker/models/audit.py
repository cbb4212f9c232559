"""The record of every change: one numbered entry a use-case, added to and never changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, Table, Text, event, insert
from sqlalchemy.orm import Mapped, mapped_column

from tracker import clock
from tracker.extensions import Base


class AuditHead(Base):
    """The number of the last entry, in a single row. Whoever adds an entry holds this row until the commit."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


class AuditEntry(Base):
    """Who did what to which thing, and when.

    `detail` is JSON: the named arguments of the use-case, never a secret and never the name of a person whom a review
    is about. `actor` says who it was in words that outlive the user's row; `system` where nobody was signed in.
    `case_id` is no foreign key: the record outlives the case. `seal` is a keyed hash of the entry and of the seal
    before it: the database lets nobody change a sealed entry, and the seals show where somebody did all the same.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "case_id", "number"),
        Index(None, "subject_type", "subject_id"),
        Index(None, "partnership_id", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor: Mapped[str]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int | None]
    subject_reference: Mapped[str]
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    case_id: Mapped[int | None]
    request_id: Mapped[str]
    detail: Mapped[str] = mapped_column(Text)
    seal: Mapped[str] = mapped_column(default="")


@event.listens_for(AuditHead.__table__, "after_create")
def begin_at_nothing(table: Table, connection: Connection, **_: object) -> None:
    """Gives a database made straight from the models the row that a migration gives any other."""
    connection.execute(insert(table).values(id=1, number=0))
