"""The numbers that references are made of."""

from sqlalchemy.orm import Mapped, mapped_column

from tracker.extensions import Base


class ReferenceNumber(Base):
    """The last number given to a kind of review in a year. Whoever takes the next holds this row until the commit."""

    __tablename__ = "reference_number"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
