"""Action plans: what a review found, what it recommends, who does what by when, and what came of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.extensions import Base
from tracker.models.cases import Case, Deadline
from tracker.models.partnerships import Agency, Partnership
from tracker.models.users import User
from tracker.procedures import plan_status
from tracker.procedures.plan_status import Happening, Standing, Status


class Plan(Base):
    """The action plan of a case, or of the partnership itself. `version` grows with every change.

    A case has one plan; `partnership_id` is then that of the case.
    """

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), unique=True)
    title: Mapped[str]
    monitored_by: Mapped[str] = mapped_column(default="")
    meets_every: Mapped[str] = mapped_column(default="")
    added_on: Mapped[date] = mapped_column(default=lambda: clock.today())
    version: Mapped[int] = mapped_column(default=1)
    partnership: Mapped[Partnership] = relationship()
    case: Mapped[Case | None] = relationship()
    findings: Mapped[list["Finding"]] = relationship(back_populates="plan", order_by="Finding.position")
    recommendations: Mapped[list["Recommendation"]] = relationship(
        back_populates="plan", order_by="[Recommendation.number_order, Recommendation.position]"
    )

    @property
    def audit_reference(self) -> str:
        return f"{self.case.reference}, action plan" if self.case else f"plan {self.id}"


class Finding(Base):
    """What a review found, with the themes it belongs to."""

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    plan: Mapped[Plan] = relationship(back_populates="findings")
    themes: Mapped[list["FindingTheme"]] = relationship(order_by="FindingTheme.theme", cascade="all, delete-orphan")

    @property
    def audit_reference(self) -> str:
        return f"{self.plan.audit_reference}, finding {self.position}"

    @property
    def partnership_id(self) -> int:
        return self.plan.partnership_id

    @property
    def case_id(self) -> int | None:
        return self.plan.case_id


class FindingTheme(Base):
    """One theme of a finding."""

    __tablename__ = "finding_theme"

    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), primary_key=True)
    theme: Mapped[str] = mapped_column(primary_key=True, index=True)


class Recommendation(Base):
    """What a review recommends. `number` is text; `number_order` sorts it as a reader expects.

    `scope`: local, regional, national, or the words of the plan. `multi_agency`: not known where none.
    """

    __tablename__ = "recommendation"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"), index=True)
    position: Mapped[int]
    number: Mapped[str] = mapped_column(default="")
    number_order: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(default="", index=True)
    multi_agency: Mapped[bool | None]
    plan: Mapped[Plan] = relationship(back_populates="recommendations")
    finding: Mapped[Finding | None] = relationship()
    addressees: Mapped[list["Addressee"]] = relationship(back_populates="recommendation", order_by="Addressee.id")
    actions: Mapped[list["PlannedAction"]] = relationship(
        back_populates="recommendation", order_by="PlannedAction.position"
    )

    @property
    def audit_reference(self) -> str:
        return f"{self.plan.audit_reference}, recommendation {self.number or self.position}"

    @property
    def partnership_id(self) -> int:
        return self.plan.partnership_id

    @property
    def case_id(self) -> int | None:
        return self.plan.case_id


class Addressee(Base):
    """A body that a recommendation is addressed to, and what it answered.

    `response`: accepted, partly, refused, no_reply, or empty while it is awaited.
    """

    __tablename__ = "addressee"

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str]
    sent_on: Mapped[date | None]
    due_on: Mapped[date | None]
    response: Mapped[str] = mapped_column(default="")
    responded_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    recommendation: Mapped[Recommendation] = relationship(back_populates="addressees")

    @property
    def audit_reference(self) -> str:
        return f"{self.recommendation.audit_reference}, {self.name}"

    @property
    def partnership_id(self) -> int:
        return self.recommendation.partnership_id

    @property
    def case_id(self) -> int | None:
        return self.recommendation.case_id


class PlannedAction(Base):
    """Something an agency is to do about a recommendation.

    The target is kept as written (`target_text`) and as the days it spans (`target_from`, `target_to`); a relative one
    waits on `target_event` and ends `target_months` and `target_days` after it. `due_on` is the day that counts: the
    target's last, or `review_by_on` where there is no date.

    `begun_as` and the columns of the completion are what it came with, by the word of `added_by_id`. `status` down to
    `slips` are derived from that and from `events`, by `plan_projection` alone, so that lists are indexed queries.
    """

    __tablename__ = "action"
    __table_args__ = (
        UniqueConstraint("plan_id", "position"),
        Index(None, "partnership_id", "status", "due_on"),
        Index(None, "case_id"),
        Index(None, "recommendation_id"),
        Index(None, "agency_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    lead_agency: Mapped[str] = mapped_column(default="")
    owner: Mapped[str] = mapped_column(default="")
    milestones: Mapped[str] = mapped_column(Text, default="")
    target_text: Mapped[str] = mapped_column(Text, default="")
    target_from: Mapped[date | None]
    target_to: Mapped[date | None]
    target_precision: Mapped[str] = mapped_column(default="none")
    target_event: Mapped[str] = mapped_column(default="")
    target_months: Mapped[int] = mapped_column(default=0)
    target_days: Mapped[int] = mapped_column(default=0, server_default="0")
    review_by_on: Mapped[date | None]
    completed_text: Mapped[str] = mapped_column(Text, default="")
    completed_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(Text, default="")
    begun_as: Mapped[Status] = mapped_column(default=Status.NOT_STARTED)
    added_on: Mapped[date] = mapped_column(default=lambda: clock.today())
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    source: Mapped[str] = mapped_column(default="")

    status: Mapped[Status] = mapped_column(default=Status.NOT_STARTED)
    blocked: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date | None]
    heard_on: Mapped[date | None]
    claimed_on: Mapped[date | None]
    verified_on: Mapped[date | None]
    slips: Mapped[int] = mapped_column(default=0)

    plan: Mapped[Plan] = relationship()
    partnership: Mapped[Partnership] = relationship()
    case: Mapped[Case | None] = relationship()
    recommendation: Mapped[Recommendation] = relationship(back_populates="actions")
    agency: Mapped[Agency | None] = relationship()
    events: Mapped[list["ActionEvent"]] = relationship(
        back_populates="action", foreign_keys="ActionEvent.action_id", order_by="ActionEvent.number"
    )
    evidence: Mapped[list["Evidence"]] = relationship(order_by="Evidence.id")
    deadlines: Mapped[list[Deadline]] = relationship(
        back_populates="action", cascade="all, delete-orphan", order_by=Deadline.position
    )

    @property
    def audit_reference(self) -> str:
        return f"{self.plan.audit_reference}, action {self.position}"

    @property
    def standing(self) -> Standing:
        """Where it stands, from the derived columns alone."""
        return Standing(
            self.status, self.blocked, self.heard_on, self.claimed_on, self.verified_on, self.slips, frozenset()
        )

    def rated(self, today: date) -> plan_status.Rated:
        """Its rating on a day, as its partnership has settled from when an action is amber."""
        due_soon = self.partnership.due_soon(today)
        return plan_status.rate(self.standing, self.due_on, self.added_on, today, due_soon)


class ActionEvent(Base):
    """Something that happened to an action: an update, a claim, its verification, a moved target. Never changed.

    `state`: what an update says. `expected_on`: when the agency now thinks it will be done. `months`: which
    impact check. `agency`: whose words they are. `old_target` and `new_target`: as written and as the days they
    span, beside the days that count.
    """

    __tablename__ = "action_event"
    __table_args__ = (UniqueConstraint("action_id", "number"), Index(None, "kind", "recorded_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    number: Mapped[int]
    kind: Mapped[Happening]
    happened_on: Mapped[date | None]
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(default="")
    expected_on: Mapped[date | None]
    months: Mapped[int | None]
    agency: Mapped[str] = mapped_column(default="")
    old_target: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    new_target: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    old_due_on: Mapped[date | None]
    new_due_on: Mapped[date | None]
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=lambda: clock.now())
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    action: Mapped[PlannedAction] = relationship(back_populates="events", foreign_keys=[action_id])
    superseded_by: Mapped[PlannedAction | None] = relationship(foreign_keys=[superseded_by_id])
    recorded_by: Mapped[User | None] = relationship()
    evidence: Mapped[list["Evidence"]] = relationship(back_populates="event", order_by="Evidence.id")

    @property
    def audit_reference(self) -> str:
        return f"{self.action.audit_reference}, record {self.number}"

    @property
    def fact(self) -> plan_status.Happened:
        return plan_status.Happened(self.kind, self.happened_on, self.state, self.months)


class Evidence(Base):
    """What shows that an action was done: a link, given with an update or a claim."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("action_event.id"), index=True)
    title: Mapped[str]
    link: Mapped[str] = mapped_column(Text, default="")
    event: Mapped[ActionEvent] = relationship(back_populates="evidence")


class PlanSubmission(Base):
    """The key of a form that changed a plan: a form sent twice changes it once."""

    __tablename__ = "plan_submission"

    key: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
