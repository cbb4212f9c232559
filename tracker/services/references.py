"""References: unique in the installation, numbered by kind and year."""

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from tracker.extensions import db
from tracker.models.cases import Case
from tracker.models.references import ReferenceNumber


def next_reference(prefix: str, year: int) -> str:
    """DHR-2025-001, then 002; a number that a loaded case brought with it is passed over."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    counter = ReferenceNumber.__table__
    db.session.execute(dialect.insert(counter).values(prefix=prefix, year=year, number=0).on_conflict_do_nothing())
    while True:
        number = db.session.scalar(
            update(ReferenceNumber)
            .where(ReferenceNumber.prefix == prefix, ReferenceNumber.year == year)
            .values(number=ReferenceNumber.number + 1)
            .returning(ReferenceNumber.number)
            .execution_options(synchronize_session=False)
        )
        reference = f"{prefix}-{year}-{number:03}"
        if db.session.scalar(select(Case.id).where(Case.reference == reference)) is None:
            return reference
