"""Cases: facts as events and complaints, and the dates derived from them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from tracker import clock
from tracker.extensions import Base
from tracker.models.partnerships import Partnership
from tracker.models.users import User
from tracker.procedures import PROCEDURES
from tracker.procedures.ladder import FURTHEST_BEFORE
from tracker.procedures.plan_status import ACTION_DEADLINES
from tracker.procedures.reckoning import OPEN
from tracker.procedures.vocabulary import Procedure

if TYPE_CHECKING:
    from tracker.models.plans import PlannedAction

# The deadlines of a case's procedure, and not those of its plan's actions.
OF_CASE_ITSELF = "and_(Case.id == Deadline.case_id, Deadline.action_id.is_(None))"


class Case(Base):
    """One review, from referral on, under the edition of the procedure it was referred under.

    `stage` down to `due_order` are derived from the facts, by `services.projection` alone, so that lists are
    indexed queries. `version` grows with every change: a form drawn from an older one is refused.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index(None, "partnership_id", "stage"),
        Index(None, "partnership_id", "next_due_on"),
        Index(None, "partnership_id", "opened_on"),
        Index(None, "due_order", "reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    case_type: Mapped[str]
    edition: Mapped[str]
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    restricted: Mapped[bool] = mapped_column(default=False)
    themes: Mapped[list[str]] = mapped_column(JSON, default=list)
    criteria: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    deaths: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    logged_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    version: Mapped[int] = mapped_column(default=1)

    stage: Mapped[str] = mapped_column(default="")
    stage_since: Mapped[date | None]
    on_hold: Mapped[bool] = mapped_column(default=False)
    held_by: Mapped[str] = mapped_column(default="")
    ready_to_close_on: Mapped[date | None]
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    next_due_on: Mapped[date | None]
    next_deadline: Mapped[str] = mapped_column(default="")
    next_subject: Mapped[str] = mapped_column(default="")
    due_order: Mapped[date] = mapped_column(default=date.max, server_default="9999-12-31")

    partnership: Mapped[Partnership] = relationship()
    lead: Mapped[User | None] = relationship(foreign_keys=[lead_id])
    chair: Mapped[User | None] = relationship(foreign_keys=[chair_id])
    events: Mapped[list["Event"]] = relationship(back_populates="case", order_by="Event.number")
    complaints: Mapped[list["Complaint"]] = relationship(order_by="Complaint.position")
    deadlines: Mapped[list["Deadline"]] = relationship(
        back_populates="case",
        primaryjoin=OF_CASE_ITSELF,
        order_by="Deadline.position",
        cascade="all, delete-orphan",
    )
    contributing: Mapped[list["CaseContributing"]] = relationship(order_by="CaseContributing.position")
    access: Mapped[list["CaseAccess"]] = relationship(cascade="all, delete-orphan")
    conflicts: Mapped[list["CaseConflict"]] = relationship(cascade="all, delete-orphan")

    @validates("next_due_on")
    def _order(self, _: str, due: date | None) -> date | None:
        """Keeps `due_order` in step: the same day, or one of the far future, as no index sorts NULLs last."""
        self.due_order = due or date.max
        return due

    @property
    def procedure(self) -> Procedure:
        return PROCEDURES[self.edition]

    @property
    def audit_reference(self) -> str:
        return self.reference


class Event(Base):
    """Something that happened to a case. Added to, never changed; a wrong one is replaced by a correction.

    `submission_key` is that of the form that recorded it: a form sent twice records once.
    """

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int]
    step: Mapped[str]
    happened_on: Mapped[date]
    subject: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    recorded_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    submission_key: Mapped[str | None] = mapped_column(unique=True)
    case: Mapped[Case] = relationship(back_populates="events")
    recorded_by: Mapped[User | None] = relationship()

    @property
    def audit_reference(self) -> str:
        return f"{self.case.reference}, event {self.number}"


class Complaint(Base):
    """A report of anti-social behaviour to a body, which an application relies on."""

    __tablename__ = "complaint"
    __table_args__ = (UniqueConstraint("case_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    position: Mapped[int]
    behaviour_on: Mapped[date | None]
    reported_on: Mapped[date | None]
    body: Mapped[str] = mapped_column(Text, default="")
    incident: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[str] = mapped_column(Text, default="")
    hate: Mapped[bool] = mapped_column(default=False)


class Deadline(Base):
    """A deadline as derived from the facts: dates and state only.

    `state` is open, met, met_late, cancelled or lapsed. Whether an open one is overdue, or an open window has lapsed,
    is asked of the day, so nothing goes wrong at midnight. `held`: never overdue while its case is on hold.

    One with an `action_id` is of an action of a plan, no rule of a procedure: `key` is action_target, impact_6 or
    impact_12, `partnership_id` is set, and `case_id` where the plan is a case's. Its `occurrence` is the action's
    number, so that key, subject and occurrence tell the deadlines of a case apart; its `position` is the action's.

    For reminders: `nudge_on`, when one without a date is first brought to mind; `known_on`, the day on which the date
    became known here; `generation`, which grows when the date moves; and `remind_on`, the day from which a sweep must
    look at it, which the sweep moves on. The last two are no facts, and no two projections need agree on them.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("case_id", "key", "subject", "occurrence"),
        UniqueConstraint("action_id", "key"),
        Index(None, "state", "due_on"),
        Index(None, "remind_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    position: Mapped[int]
    key: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    occurrence: Mapped[int]
    owner: Mapped[str]
    started_on: Mapped[date]
    due_on: Mapped[date | None]
    original_due_on: Mapped[date | None]
    met_on: Mapped[date | None]
    state: Mapped[str]
    window: Mapped[bool]
    held: Mapped[bool]
    nudge_on: Mapped[date | None]
    known_on: Mapped[date | None]
    generation: Mapped[int] = mapped_column(default=1, server_default="1")
    remind_on: Mapped[date | None]
    case: Mapped[Case | None] = relationship(back_populates="deadlines")
    action: Mapped["PlannedAction | None"] = relationship(back_populates="deadlines")

    @property
    def known_case(self) -> Case:
        """The case that a rule's deadline is of. Raises LookupError: it is of the partnership's own plan."""
        if self.case is None:
            raise LookupError(f"deadline {self.id} is of no case")
        return self.case

    @property
    def label(self) -> str:
        """What it is called, without whom it concerns: its rule's name, or its action's by number."""
        rule = self.case.procedure.deadline(self.key) if self.case else None
        return rule.label if rule else ACTION_DEADLINES.get(self.key, self.key).format(number=self.position)

    def take(self, columns: Mapping[str, Any], version: int | None) -> None:
        """Takes what was derived anew. A date that moves begins a new generation; what changes is looked at again.

        Args:
            version: that of the case or plan, which no generation is below: a row that went and came back, as where a
                correction takes a start away and it is recorded again, would have the reminders of the first else.
        """
        moved = self.due_on != columns["due_on"]
        changed = moved or self.state != columns["state"]
        for column, value in columns.items():
            if getattr(self, column) != value:
                setattr(self, column, value)
        if moved:
            self.generation = max((self.generation or 0) + 1, version or 1)
        if changed:
            self.remind_on = first_look(columns)

    def facts(self) -> dict[str, Any]:
        """What two projections of the same facts must agree on."""
        return {name: getattr(self, name) for name in PROJECTED}


def first_look(columns: Mapping[str, Any]) -> date | None:
    """The day from which a sweep must look at such a deadline; None where nothing will ever be said of it."""
    if columns["state"] != OPEN or columns["window"]:
        return None
    due: date | None = columns["due_on"]
    first: date | None = due - timedelta(days=FURTHEST_BEFORE) if due else columns["nudge_on"]
    return first


PROJECTED = (
    "position", "key", "subject", "occurrence", "owner", "started_on", "due_on", "original_due_on", "met_on", "state",
    "window", "held", "nudge_on", "known_on",
)  # fmt: skip


class CaseContributing(Base):
    """Another partnership that takes part in a joint review."""

    __tablename__ = "case_contributing"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
    partnership: Mapped[Partnership] = relationship(lazy="joined", innerjoin=True)


class CaseAccess(Base):
    """Somebody named on a restricted case."""

    __tablename__ = "case_access"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    user: Mapped[User] = relationship()


class CaseConflict(Base):
    """Somebody who has a conflict of interest in a case: it is closed to them, whatever their role."""

    __tablename__ = "case_conflict"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    reason: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    user: Mapped[User] = relationship(foreign_keys=[user_id])
