"""Agencies as those see them who look after them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.extensions import db
from tracker.models.partnerships import Agency, AgencyContact
from tracker.models.users import User
from tracker.policy import Action, partnerships_where


def all_agencies(viewer: User, partnership_id: int) -> Sequence[Agency]:
    """A partnership's agencies by name, those that ended too, with contacts and successor; none if not *viewer*'s."""
    return db.session.scalars(
        select(Agency)
        .where(Agency.partnership_id == partnership_id, Agency.partnership_id.in_(managed_by(viewer)))
        .options(selectinload(Agency.contacts), joinedload(Agency.successor))
        .order_by(Agency.name)
    ).all()


def managed_agency(viewer: User, number: int) -> Agency | None:
    """The agency, if *viewer* looks after its partnership."""
    return db.session.scalar(
        select(Agency)
        .where(Agency.id == number, Agency.partnership_id.in_(managed_by(viewer)))
        .options(joinedload(Agency.partnership), joinedload(Agency.successor), selectinload(Agency.predecessors))
    )


def managed_contact(viewer: User, number: int) -> AgencyContact | None:
    """The contact of an agency, if *viewer* looks after its partnership."""
    return db.session.scalar(
        select(AgencyContact)
        .join(AgencyContact.agency)
        .where(AgencyContact.id == number, Agency.partnership_id.in_(managed_by(viewer)))
        .options(joinedload(AgencyContact.agency))
    )


def managed_by(viewer: User) -> frozenset[int]:
    """The partnerships, by number, whose agencies and settings *viewer* looks after."""
    return partnerships_where(viewer, Action.MANAGE_PARTNERSHIP)
