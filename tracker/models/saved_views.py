"""Lists of cases that somebody gave a name, to come back to."""

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.users import User


class SavedView(Base):
    """What the address of a list of cases asks for, under a name. It holds filters, never cases.

    Where it names a partnership, everybody who reads cases there is offered it; else its owner alone.
    """

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"), index=True)
    name: Mapped[str]
    filters: Mapped[dict[str, str]] = mapped_column(JSON)
    owner: Mapped[User] = relationship()

    @property
    def audit_reference(self) -> str:
        return self.name
