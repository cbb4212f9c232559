"""The people around a case: who may open it, who could, who may lead or chair it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.extensions import db
from tracker.models.audit import AuditEntry
from tracker.models.cases import Case, CaseAccess, CaseConflict
from tracker.models.users import Membership, Role, User
from tracker.policy import is_conflicted, readers_of
from tracker.procedures.reckoning import Deadline


def people_who_may_open(case: Case) -> Sequence[User]:
    """Everybody who may read a case found through `visible_cases`, by name, with their roles: two statements."""
    return db.session.scalars(
        select(User).where(readers_of(case)).options(selectinload(User.memberships)).order_by(User.name, User.id)
    ).all()


def people_who_could_be_named(case: Case) -> Sequence[User]:
    """Who may read cases like this one and is not named on it, by name."""
    outside = select(User).where(readers_of(case, if_named=True), ~readers_of(case))
    return db.session.scalars(outside.order_by(User.name, User.id)).all() if case.restricted else []


def people_named(case: Case) -> Sequence[User]:
    """Who is named on a restricted case, by name; its lead and its chair need no naming."""
    named = select(User).join(CaseAccess, CaseAccess.user_id == User.id).where(CaseAccess.case_id == case.id)
    return db.session.scalars(named.order_by(User.name, User.id)).all()


def conflicts_on(case: Case) -> Sequence[CaseConflict]:
    """The conflicts of interest declared on a case, oldest first, each with its person."""
    return db.session.scalars(
        select(CaseConflict)
        .where(CaseConflict.case_id == case.id)
        .options(joinedload(CaseConflict.user))
        .order_by(CaseConflict.declared_at, CaseConflict.user_id)
    ).all()


def people_holding(case: Case, roles: frozenset[Role], *, readers: bool = False) -> Sequence[User]:
    """Who holds one of the roles in the case's own partnership, by name: those who may read it once they are on it.

    *readers*: those who may read it as it is.
    """
    held = select(Membership.user_id).where(
        Membership.partnership_id == case.partnership_id, Membership.role.in_(roles)
    )
    fit = select(User).where(User.id.in_(held), readers_of(case, if_named=not readers))
    return db.session.scalars(fit.order_by(User.name, User.id)).all()


def people_told(case: Case, starts: Iterable[Deadline], *, by: User) -> list[tuple[User, str]]:
    """Whom a decision is told to, and as what: its lead, its chair, and managers where they own what it starts.

    Managers also stand in for a lead that there is not. Never whoever records it, nor anybody who may not read it. No
    statement where no manager is told.
    """
    told: dict[User, str] = {}
    for person, why in ((case.lead, "lead"), (case.chair, "panel chair")):
        if person and person.is_active and not is_conflicted(case, person):
            told.setdefault(person, why)
    if case.lead is None or any(deadline.owner == "manager" for deadline in starts):
        for manager in people_holding(case, frozenset({Role.MANAGER}), readers=True):
            told.setdefault(manager, "manager")
    return [(person, why) for person, why in told.items() if person != by]


@dataclass(frozen=True, slots=True)
class Restriction:
    """Who restricted a case, when and why. `by` is empty where nothing is on record."""

    by: str = ""
    at: datetime | None = None
    reason: str = ""


def restriction_of(case: Case) -> Restriction:
    """How a restricted case came to be so, from the record of every change."""
    entry = db.session.execute(
        select(AuditEntry.at, AuditEntry.actor, AuditEntry.detail, User.name)
        .outerjoin(User, AuditEntry.actor_id == User.id)
        .where(AuditEntry.case_id == case.id, AuditEntry.action == "restrict_case")
        .order_by(AuditEntry.number.desc())
        .limit(1)
    ).one_or_none()
    if entry is None:
        return Restriction()
    return Restriction(entry.name or entry.actor, entry.at, str(json.loads(entry.detail).get("reason", "")))
