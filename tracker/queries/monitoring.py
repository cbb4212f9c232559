"""Actions across the plans that somebody may see: which are late, blocked or unproven, whose they are, what slipped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import contains_eager, joinedload

from tracker import clock
from tracker.extensions import db
from tracker.models.attachments import Attachment
from tracker.models.plans import (
    ActionEvent,
    Addressee,
    Evidence,
    FindingTheme,
    Plan,
    PlannedAction,
    Recommendation,
)
from tracker.models.users import User
from tracker.policy import visible_plans
from tracker.procedures.plan_status import LIVE, OPEN, Happening, Status

PAGE = 25
MOST_ROWS = 200
MOST_COUNTED = 500
NATIONAL = "national"
KINDS = ("live", "late", "blocked", "without_evidence", "to_verify")


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """What a list of actions shows. `kind`: one of KINDS. Empty `agency` and `theme`: all."""

    kind: str = "live"
    agency: str = ""
    theme: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class ActionPage:
    """A page of a list, and how many match."""

    actions: Sequence[PlannedAction]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Tally:
    """How an agency, or a theme, stands: actions that are live, late, blocked, to be verified and verified."""

    name: str
    live: int
    late: int
    blocked: int
    to_verify: int
    verified: int


def is_late(today: date) -> ColumnElement[bool]:
    """The condition on `PlannedAction`: past its target and not claimed in time. As `plan_status.past_target`."""
    claimed_late = or_(PlannedAction.claimed_on.is_(None), PlannedAction.claimed_on > PlannedAction.due_on)
    late = or_(PlannedAction.status.in_(OPEN), and_(PlannedAction.status == Status.CLAIMED, claimed_late))
    return and_(PlannedAction.due_on < today, late)


def is_kind(kind: str, today: date) -> ColumnElement[bool]:
    """The condition on `PlannedAction` that it is of a kind of KINDS."""
    shown = select(Evidence.id).where(Evidence.action_id == PlannedAction.id).correlate(PlannedAction).exists()
    attached = select(Attachment.id).where(Attachment.action_id == PlannedAction.id).correlate(PlannedAction).exists()
    match kind:
        case "late":
            return is_late(today)
        case "blocked":
            return and_(PlannedAction.blocked.is_(True), PlannedAction.status.in_(OPEN))
        case "without_evidence":
            return and_(PlannedAction.status.in_((Status.CLAIMED, Status.VERIFIED)), ~shown, ~attached)
        case "to_verify":
            return PlannedAction.status == Status.CLAIMED
    return PlannedAction.status.in_(LIVE)


def seen(viewer: User) -> ColumnElement[bool]:
    """The condition on `PlannedAction` that *viewer* may see its plan."""
    return PlannedAction.plan_id.in_(select(Plan.id).where(visible_plans(viewer)))


def counts_of(viewer: User, today: date) -> dict[str, int]:
    """How many actions there are of each kind. One statement."""
    columns = [func.coalesce(func.sum(sql_case((is_kind(kind, today), 1), else_=0)), 0) for kind in KINDS]
    row = db.session.execute(select(*columns).where(seen(viewer))).one()
    return dict(zip(KINDS, row, strict=True))


def number_of_actions(viewer: User, kind: str, today: date) -> ScalarSelect[int]:
    """How many actions there are of a kind, as part of a statement: up to MOST_COUNTED, and one that says more."""
    found = select(PlannedAction.id).where(seen(viewer), is_kind(kind, today)).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def actions_of(viewer: User, wanted: ActionFilter, today: date, counts: Mapping[str, int]) -> ActionPage:
    """A page of the actions that match, the longest overdue first. Two statements at most.

    Args:
        counts: as `counts_of`, which is how many match where no agency or theme is asked for.
    """
    conditions = matching(viewer, wanted, today)
    total = counts[wanted.kind]
    if wanted.agency or wanted.theme:
        total = db.session.scalar(select(func.count()).select_from(PlannedAction).where(*conditions)) or 0
    page = min(max(wanted.page, 1), max(1, -(-total // PAGE)))
    rows = in_order(conditions).offset((page - 1) * PAGE).limit(PAGE)
    return ActionPage(db.session.scalars(rows).all(), total, page)


def listed_actions(viewer: User, wanted: ActionFilter, today: date, most: int) -> Sequence[PlannedAction]:
    """Every action that matches, up to *most*, in the same order, with its recommendation: one statement."""
    rows = in_order(matching(viewer, wanted, today)).options(joinedload(PlannedAction.recommendation))
    return db.session.scalars(rows.limit(most)).all()


def in_order(conditions: Sequence[ColumnElement[bool]]) -> Select[PlannedAction]:
    rows = select(PlannedAction).where(*conditions).order_by(PlannedAction.due_on.asc().nulls_last(), PlannedAction.id)
    return rows.options(joinedload(PlannedAction.plan).joinedload(Plan.case))


def matching(viewer: User, wanted: ActionFilter, today: date) -> list[ColumnElement[bool]]:
    conditions = [seen(viewer), is_kind(wanted.kind, today)]
    if wanted.agency:
        conditions.append(PlannedAction.lead_agency == wanted.agency)
    if wanted.theme:
        themed = select(Recommendation.id).join(FindingTheme, FindingTheme.finding_id == Recommendation.finding_id)
        conditions.append(PlannedAction.recommendation_id.in_(themed.where(FindingTheme.theme == wanted.theme)))
    return conditions


def by_agency(viewer: User, today: date) -> list[Tally]:
    """How each lead agency stands, the one with most that is late first."""
    return tallies(select(PlannedAction.lead_agency).group_by(PlannedAction.lead_agency), viewer, today)


def by_theme(viewer: User, today: date) -> list[Tally]:
    """How each theme of the findings stands. An action of a finding with two themes counts under both."""
    joined = (
        select(FindingTheme.theme)
        .select_from(PlannedAction)
        .join(Recommendation, Recommendation.id == PlannedAction.recommendation_id)
        .join(FindingTheme, FindingTheme.finding_id == Recommendation.finding_id)
        .group_by(FindingTheme.theme)
    )
    return tallies(joined, viewer, today)


def tallies(names: Select[str], viewer: User, today: date) -> list[Tally]:
    kinds = (*(is_kind(kind, today) for kind in ("live", "late", "blocked", "to_verify")), is_verified())
    columns = [func.sum(sql_case((kind, 1), else_=0)) for kind in kinds]
    rows = db.session.execute(names.add_columns(*columns).where(seen(viewer)))
    found = [Tally(*row) for row in rows]
    return sorted(found, key=lambda tally: (-tally.late, -tally.live, tally.name.casefold()))[:MOST_ROWS]


def is_verified() -> ColumnElement[bool]:
    return PlannedAction.status == Status.VERIFIED


def slipped_since(viewer: User, since: date, most: int = MOST_ROWS) -> Sequence[ActionEvent]:
    """The targets that were moved since the beginning of a day, the latest first."""
    moved = select(ActionEvent).join(ActionEvent.action).where(ActionEvent.kind == Happening.TARGET_MOVED)
    with_plans = contains_eager(ActionEvent.action).joinedload(PlannedAction.plan).joinedload(Plan.case)
    rows = moved.where(ActionEvent.recorded_at >= clock.start_of(since), seen(viewer)).options(
        with_plans, joinedload(ActionEvent.recorded_by)
    )
    return db.session.scalars(rows.order_by(ActionEvent.recorded_at.desc()).limit(most)).all()


def national_unanswered(viewer: User, most: int = MOST_ROWS) -> Sequence[Addressee]:
    """The national recommendations that were sent to somebody and not answered, the longest waiting first."""
    joined = select(Addressee).join(Addressee.recommendation).join(Recommendation.plan)
    waiting = joined.where(Recommendation.scope == NATIONAL, Addressee.response == "", visible_plans(viewer))
    with_plans = contains_eager(Addressee.recommendation).contains_eager(Recommendation.plan).joinedload(Plan.case)
    order = Addressee.sent_on.asc().nulls_last(), Addressee.id
    return db.session.scalars(waiting.options(with_plans).order_by(*order).limit(most)).all()
