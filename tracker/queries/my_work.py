"""What the first page asks about the viewer's own work. Deadlines of theirs are those of queries/deadlines.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from tracker.extensions import db
from tracker.models.audit import AuditEntry, AuditHead
from tracker.models.cases import Case, Deadline, Event
from tracker.models.health import CheckResult
from tracker.models.partnerships import Agency
from tracker.models.users import Membership, User, UserSession
from tracker.policy import visible_cases, visible_requests
from tracker.procedures import DECISIONS, PANELS
from tracker.procedures.reckoning import CANCELLED, OPEN
from tracker.queries.cases import MOST_COUNTED, CaseFilter, counted, matching
from tracker.queries.deadlines import with_place
from tracker.queries.health import AUDIT
from tracker.tokens import digest

FEW = 5
MOST_ROWS = 10


def numbers(asked: Mapping[str, ScalarSelect[Any]]) -> dict[str, Any]:
    """The answer to each part, all of them in one statement."""
    if not asked:
        return {}
    row = db.session.execute(select(*[part.label(name) for name, part in asked.items()])).one()
    return dict(row._mapping)


def number_of_cases(viewer: User, wanted: CaseFilter, today: date) -> ScalarSelect[int]:
    """How many cases the list shows that asks for this, up to its cap and one."""
    return counted(matching(viewer, wanted, today), MOST_COUNTED)


# -- Parts of that statement ------------------------------------------------------------------------------------------


def beginnings(viewer: User) -> dict[str, ScalarSelect[Any]]:
    """What a new installation lacks: agencies, other people and cases, each as a number."""
    held = [membership.partnership_id for membership in viewer.memberships]
    others = Membership.user_id != viewer.id
    return {
        "agencies": select(func.count(Agency.id)).where(Agency.partnership_id.in_(held)).scalar_subquery(),
        "colleagues": select(func.count(Membership.user_id.distinct()))
        .where(Membership.partnership_id.in_(held), others)
        .scalar_subquery(),
        "first_case": select(func.min(Case.id)).where(Case.partnership_id.in_(held)).scalar_subquery(),
    }


def next_panel(viewer: User, today: date) -> dict[str, ScalarSelect[Any]]:
    """The day of the next panel that is arranged on a case the viewer chairs, and the case."""
    arranged = (
        select(Deadline.id)
        .join(Deadline.case)
        .where(
            visible_cases(viewer),
            Case.chair_id == viewer.id,
            Deadline.key.in_(PANELS),
            Deadline.state != CANCELLED,
            Deadline.started_on >= today,
        )
        .order_by(Deadline.started_on, Case.reference)
        .limit(1)
    )
    return {
        "panel_on": arranged.with_only_columns(Deadline.started_on).scalar_subquery(),
        "panel_of": arranged.with_only_columns(Case.reference).scalar_subquery(),
    }


def record_of_changes() -> dict[str, ScalarSelect[Any]]:
    """How long the record of every change is: the number of the last entry, and when it was made."""
    return {
        "head": select(AuditHead.number).scalar_subquery(),
        "last_at": select(AuditEntry.at).order_by(AuditEntry.number.desc()).limit(1).scalar_subquery(),
    }


def nightly_checks() -> dict[str, ScalarSelect[Any]]:
    """What the slow checks last found: of the record of changes, and how many of them all failed."""
    audit = select(CheckResult).where(CheckResult.name == AUDIT)
    return {
        "verified_at": audit.with_only_columns(CheckResult.checked_at).scalar_subquery(),
        "verified": audit.with_only_columns(CheckResult.passed).scalar_subquery(),
        "verified_says": audit.with_only_columns(CheckResult.says).scalar_subquery(),
        "checked_at": select(func.min(CheckResult.checked_at)).scalar_subquery(),
        "checks_failed": select(func.count()).where(CheckResult.passed.is_(False)).scalar_subquery(),
    }


# -- Lists ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changes:
    """The last events that others recorded on the viewer's cases. `since`: when the viewer was last here before now."""

    events: Sequence[Event]
    since: datetime | None


def changes(viewer: User) -> Changes:
    """What has changed on the cases that the viewer leads or chairs: one statement."""
    earlier = UserSession.token_hash != digest(viewer.session_token)
    since = select(func.max(UserSession.last_seen_at)).where(UserSession.user_id == viewer.id, earlier)
    by_others = or_(Event.recorded_by_id != viewer.id, Event.recorded_by_id.is_(None))
    rows = db.session.execute(
        select(Event, since.scalar_subquery().label("since"))
        .join(Event.case)
        .where(visible_cases(viewer), or_(Case.lead_id == viewer.id, Case.chair_id == viewer.id), by_others)
        .order_by(Event.recorded_at.desc(), Event.id.desc())
        .limit(FEW)
        .options(contains_eager(Event.case), joinedload(Event.recorded_by))
    ).all()
    return Changes([event for event, _ in rows], rows[0].since if rows else None)


def decisions_waiting(viewer: User) -> Sequence[Deadline]:
    """What waits for a decision on cases that the viewer chairs, or nobody does yet: the first ten by date."""
    chaired = or_(Case.chair_id == viewer.id, Case.chair_id.is_(None))
    query = with_place().where(visible_cases(viewer), Deadline.state == OPEN, Deadline.key.in_(DECISIONS), chaired)
    return db.session.scalars(query.order_by(Deadline.due_on, Case.reference).limit(MOST_ROWS)).all()


def open_requests(viewer: User) -> Sequence[Deadline]:
    """What the viewer's agency was asked for and has not answered, the earliest due first."""
    query = select(Deadline).join(Deadline.case).options(contains_eager(Deadline.case)).where(visible_requests(viewer))
    return db.session.scalars(query.order_by(Deadline.due_on.nulls_last(), Case.reference)).all()


def newest_cases(viewer: User) -> Sequence[Case]:
    """The cases opened last that the viewer may see."""
    newest = Case.opened_on.desc().nulls_last(), Case.id.desc()
    return db.session.scalars(select(Case).where(visible_cases(viewer)).order_by(*newest).limit(MOST_ROWS)).all()
