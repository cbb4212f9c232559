"""The people whom reviews are about. Their names are here and nowhere else."""

from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from tracker.extensions import Base


class PersonKind(StrEnum):
    """How a person stands to a review."""

    VICTIM = "victim"
    PERPETRATOR = "perpetrator"
    FAMILY = "family"
    APPLICANT = "applicant"
    ADVOCATE = "advocate"
    OTHER = "other"


class Person(Base):
    """Somebody a review is about or speaks with. Everything outside this table holds the pseudonym alone."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[PersonKind]

    @property
    def audit_reference(self) -> str:
        return self.pseudonym
