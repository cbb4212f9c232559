"""Agencies: who takes part in a partnership's reviews, whom to write to there, and what became of those that ended."""

from datetime import date

from sqlalchemy import select, update

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.item_links import ItemLink
from tracker.models.partnerships import Agency, AgencyContact, Partnership
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.services.addresses import checked_email
from tracker.services.item_links import end_links
from tracker.services.partnerships import checked_name
from tracker.services.use_case import use_case

LONGEST_KIND = 40  # characters


@use_case
def add_agency(partnership: Partnership, *, by: User | None, name: str, kind: str = "") -> Agency:
    """A body that takes part in the partnership's reviews.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: it has no name, or the partnership has or had one of that name.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=partnership.id)
    refuse_taken_name(partnership, name)
    return new_agency(partnership, name, kind)


@use_case
def change_agency_kind(agency: Agency, *, by: User | None, kind: str) -> None:
    """What sort of body it is. Raises NotPermitted as `add_agency`."""
    ensure(by, Action.MANAGE_PARTNERSHIP, within=agency.partnership_id)
    agency.kind = checked_kind(kind)


@use_case
def rename_agency(agency: Agency, *, by: User | None, name: str, on: date) -> Agency:
    """The agency of the new name, which answers for the old one from that day. What was recorded keeps the old name.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: as `add_agency`; or it ended already, or the day is ahead.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=agency.partnership_id)
    refuse_ended(agency)
    refuse_taken_name(agency.partnership, name)
    successor = new_agency(agency.partnership, name, agency.kind)
    db.session.flush()
    hand_over(agency, successor, on)
    return successor


@use_case
def merge_agency(agency: Agency, *, by: User | None, into: Agency, on: date) -> None:
    """Lets another agency of the partnership answer for this one from that day: contacts and accounts go with it.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: either has ended, they are the same or of two partnerships, or the day is ahead.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=agency.partnership_id)
    refuse_ended(agency)
    if into.id == agency.id or into.partnership_id != agency.partnership_id:
        raise Refused("Select another agency of the same partnership", field="into")
    if into.ended_on:
        raise Refused(f"{into.name} has ended: select an agency that has not", field="into")
    hand_over(agency, into, on)


@use_case
def retire_agency(agency: Agency, *, by: User | None, on: date) -> None:
    """Offers the agency no longer. Its record and its part in reviews stay; its contacts are written to no more.

    The links they were sent end.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: it ended already, somebody with an account speaks for it, or the day is ahead.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=agency.partnership_id)
    refuse_ended(agency)
    speaks = select(User.email).where(User.agency_id == agency.id, User.disabled_at.is_(None)).order_by(User.email)
    if email := db.session.scalar(speaks.limit(1)):
        raise Refused(f"{email} has an account that speaks for {agency.name}. Disable it first", field="on")
    agency.ended_on = not_ahead(on)
    written_to = [contact.email for contact in agency.contacts]
    end_links(ItemLink.email.in_(written_to), ItemLink.partnership_id == agency.partnership_id)


@use_case
def bring_back_agency(agency: Agency, *, by: User | None) -> None:
    """Offers a retired agency again.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: it is not retired.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=agency.partnership_id)
    if agency.ended_on is None or agency.successor_id:
        raise Refused(f"{agency.name} is not retired")
    agency.ended_on = None


@use_case
def add_agency_contact(agency: Agency, *, by: User | None, name: str, email: str) -> AgencyContact:
    """Somebody to write to at the agency. One who was there before is written to again, by the name given now.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: there is no name, the address is malformed or written to already, or the agency has ended.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=agency.partnership_id)
    refuse_ended(agency)
    email = checked_email(email)
    contact = next((contact for contact in agency.contacts if contact.email == email), None)
    if contact is None:
        contact = AgencyContact(agency=agency, email=email)
    elif contact.active:
        raise Refused(f"{email} is a contact of {agency.name} already", field="email")
    contact.name, contact.active = checked_name(name), True
    db.session.add(contact)
    return contact


@use_case
def end_agency_contact(contact: AgencyContact, *, by: User | None) -> None:
    """Writes to them no more, and ends the links they were sent; they stay on record.

    Raises:
        NotPermitted: as `add_agency`.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=contact.agency.partnership_id)
    contact.active = False
    end_links(ItemLink.email == contact.email, ItemLink.partnership_id == contact.agency.partnership_id)


def hand_over(agency: Agency, successor: Agency, on: date) -> None:
    """Ends *agency* in favour of *successor*, and of all that it answered for itself."""
    agency.ended_on = not_ahead(on)
    for earlier in [*agency.predecessors, agency]:
        earlier.successor = successor
    accounts = update(User).where(User.agency_id == agency.id).values(agency_id=successor.id)
    db.session.execute(accounts.execution_options(synchronize_session="fetch"))
    known = {contact.email: contact for contact in successor.contacts}
    for contact in [contact for contact in agency.contacts if contact.active]:
        contact.active = False
        if contact.email in known:
            known[contact.email].active = True
        else:
            db.session.add(AgencyContact(agency=successor, email=contact.email, name=contact.name))


def refuse_ended(agency: Agency) -> None:
    """Raises Refused where the agency has ended."""
    if agency.ended_on:
        raise Refused(f"{agency.name} has ended already")


def refuse_taken_name(partnership: Partnership, name: str) -> None:
    """Raises Refused where the partnership has, or had, an agency of that name."""
    if known := find_agency(partnership, name):
        has = "had" if known.ended_on else "already has"
        raise Refused(f"{partnership.name} {has} an agency called {known.name}", field="name")


def not_ahead(on: date) -> date:
    """The day. Raises Refused where it has not come."""
    if on > clock.today():
        raise Refused("The day must be today or in the past", field="on")
    return on


def find_agency(partnership: Partnership, name: str) -> Agency | None:
    """The partnership's agency of that name, ended or not."""
    same = Agency.partnership_id == partnership.id, Agency.name == " ".join(name.split())
    return db.session.scalar(select(Agency).where(*same))


def agency_answering(partnership: Partnership, name: str) -> Agency:
    """The agency of that name, or the one that answers for it now; a new one where the name is not known.

    Raises:
        Refused: it was retired, or there is no name.
    """
    found = find_agency(partnership, name) or new_agency(partnership, name)
    found = found.answering
    if found.ended_on:
        raise Refused(f"{found.name} was retired: bring it back first", field="agency")
    return found


def new_agency(partnership: Partnership, name: str, kind: str = "") -> Agency:
    """An agency, not yet committed. Raises Refused where it has no name."""
    agency = Agency(partnership_id=partnership.id, name=checked_name(name), kind=checked_kind(kind))
    db.session.add(agency)
    return agency


def checked_kind(kind: str) -> str:
    """*kind* without blanks around it. Raises Refused where there is too much of it."""
    kind = kind.strip()
    if len(kind) > LONGEST_KIND:
        raise Refused(f"The kind must be {LONGEST_KIND} characters or fewer", field="kind")
    return kind
