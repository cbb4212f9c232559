"""Partnerships, the agencies that take part in them, and what each has settled locally."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.extensions import Base
from tracker.models.branding import Branding, Standing
from tracker.procedures import CASE_TYPES, plan_status

LABEL = "label"  # `dhr.label`: what pages call that kind of review
LADDER = "reminders.ladder"
DUE_SOON = "actions.due_soon"  # days before its target from which an action is amber

# Local settings that any page may need. They are read with whoever has signed in, so no page pays a statement for them.
ON_EVERY_PAGE = ("help.contact", "care.warn", DUE_SOON, *(f"{kind}.{LABEL}" for kind in CASE_TYPES))


class Partnership(Base):
    """A community safety partnership: it leads reviews, and its people hold roles in it."""

    __tablename__ = "partnership"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    agencies: Mapped[list["Agency"]] = relationship(back_populates="partnership", order_by="Agency.name")
    page_settings: Mapped[list["LocalSetting"]] = relationship(
        primaryjoin=lambda: and_(LocalSetting.partnership_id == Partnership.id, LocalSetting.key.in_(ON_EVERY_PAGE)),
        order_by=lambda: (LocalSetting.takes_effect_on, LocalSetting.recorded_at, LocalSetting.id),
        viewonly=True,
    )
    branding: Mapped[Branding | None] = relationship(
        primaryjoin=lambda: and_(Branding.partnership_id == Partnership.id, Branding.standing == Standing.CURRENT),
        viewonly=True,
    )

    @property
    def audit_reference(self) -> str:
        return self.key

    def page_setting(self, key: str, on: date) -> object:
        """What one of ON_EVERY_PAGE is on a day, as JSON gave it; None where it was never settled."""
        rows = standing(row for row in self.page_settings if row.key == key)
        begun = [row for row in rows if row.takes_effect_on <= on]
        return begun[-1].choice if begun else None

    def due_soon(self, on: date) -> int:
        """How many days before its target an action is amber, on a day."""
        settled = self.page_setting(DUE_SOON, on)
        return settled if isinstance(settled, int) else plan_status.DUE_SOON


class Agency(Base):
    """A body that is asked for information, or owns actions, in a partnership's reviews.

    Cases name it as it was called then, so a row is never renamed or deleted: one that was renamed or merged ended on a
    day and has a *successor*, which answers for it now and has itself not been replaced. One that ended without a
    successor was retired.
    """

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("partnership_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(
        default=""
    )  # police, council, health, housing, probation, voluntary or other words
    ended_on: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    partnership: Mapped[Partnership] = relationship(back_populates="agencies")
    successor: Mapped["Agency | None"] = relationship(remote_side=[id], back_populates="predecessors")
    predecessors: Mapped[list["Agency"]] = relationship(back_populates="successor", order_by="Agency.name")
    contacts: Mapped[list["AgencyContact"]] = relationship(back_populates="agency", order_by="AgencyContact.name")

    @property
    def audit_reference(self) -> str:
        return self.name

    @property
    def answering(self) -> "Agency":
        """Who answers for it now: its successor where it was renamed or merged, or else itself."""
        return self.successor or self

    @property
    def names(self) -> frozenset[str]:
        """What cases may call it: by its own name, and by those of agencies that it took the place of."""
        return frozenset({self.name, *(earlier.name for earlier in self.predecessors)})


class AgencyContact(Base):
    """Somebody who is written to at an agency. They need no account; one who left stays on record, inactive."""

    __tablename__ = "agency_contact"
    __table_args__ = (UniqueConstraint("agency_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str]
    email: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    agency: Mapped[Agency] = relationship(back_populates="contacts")

    @property
    def partnership_id(self) -> int:
        return self.agency.partnership_id

    @property
    def audit_reference(self) -> str:
        return self.email


class LocalSetting(Base):
    """One local choice and the day from which it holds. Added to, never changed.

    `value` is JSON. Of several rows for one key, the one in force on a day is that with the latest `takes_effect_on` up
    to the day, and among those the latest recorded. A row that holds null withdraws those before it of its key and day.
    """

    __tablename__ = "local_setting"
    __table_args__ = (Index(None, "partnership_id", "key", "takes_effect_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    key: Mapped[str]
    value: Mapped[str] = mapped_column(Text)
    takes_effect_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    @property
    def audit_reference(self) -> str:
        return self.key

    @property
    def choice(self) -> Any:
        """What was chosen, as JSON gave it."""
        return json.loads(self.value)


def standing(rows: Iterable[LocalSetting]) -> list[LocalSetting]:
    """The settings that were not withdrawn, in the order in which they take effect and were recorded."""
    stand: dict[tuple[int, str, date], list[LocalSetting]] = {}
    for row in sorted(rows, key=lambda row: (row.takes_effect_on, row.recorded_at)):
        same = stand.setdefault((row.partnership_id, row.key, row.takes_effect_on), [])
        if row.choice is None:
            same.clear()
        else:
            same.append(row)
    return [row for same in stand.values() for row in same]


def in_force(rows: Iterable[LocalSetting], on: date) -> dict[str, Any]:
    """What holds on a day, by key. A setting of several parts keeps those that a later choice leaves out."""
    found: dict[str, Any] = {}
    for row in standing(rows):
        if row.takes_effect_on <= on:
            before = found.get(row.key)
            kept = before if isinstance(before, dict) and isinstance(row.choice, dict) else {}
            found[row.key] = kept | row.choice if isinstance(row.choice, dict) else row.choice
    return found
