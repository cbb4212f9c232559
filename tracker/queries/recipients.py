"""Who is reminded of a deadline: whoever must see to it, a manager on escalation, and the deputy of who is away."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from tracker.extensions import db
from tracker.models.cases import CaseAccess, CaseConflict
from tracker.models.partnerships import Agency
from tracker.models.reminder_choices import ReminderChoice, Sending, TimeAway
from tracker.models.users import Membership, Role, User
from tracker.policy import GRANTS, Action, spoken_for
from tracker.queries.deadlines import CHAIRED, EITHER, MANAGED
from tracker.queries.partnerships import contact_emails


@dataclass(frozen=True, slots=True)
class Recipient:
    """A user, or an agency's contact without an account."""

    key: str
    user_id: int | None = None
    address: str = ""
    partnership_id: int | None = None
    single: bool = False


@dataclass(frozen=True)
class Recipients:
    """Everybody who may be told something, read once: who reads cases and manages where, and who speaks for whom."""

    readers: Mapping[int, frozenset[int]]
    managers: Mapping[int, Sequence[int]]
    contacts: Mapping[tuple[int, str], Sequence[int]]
    addresses: Mapping[tuple[int, str], Sequence[str]]
    named: Mapping[int, frozenset[int]]
    conflicts: frozenset[tuple[int, int]]
    deputies: Mapping[int, int]
    single: frozenset[int]
    away: frozenset[int]

    @classmethod
    def on(cls, on: date) -> "Recipients":
        """As things are on that day: six statements."""
        readers: dict[int, set[int]] = defaultdict(set)
        managers: dict[int, list[int]] = defaultdict(list)
        contacts: dict[tuple[int, str], list[int]] = defaultdict(list)
        for person, role, partnership, agency in db.session.execute(active_members()):
            if Action.READ_CASE in GRANTS[role]:
                readers[partnership].add(person)
            if role is Role.MANAGER:
                managers[partnership].append(person)
            if role is Role.PARTNER and agency:
                contacts[partnership, agency].append(person)
        named: dict[int, set[int]] = defaultdict(set)
        for case_id, user_id in db.session.execute(select(CaseAccess.case_id, CaseAccess.user_id)):
            named[case_id].add(user_id)
        choices = db.session.execute(select(ReminderChoice.user_id, ReminderChoice.sending, ReminderChoice.deputy_id))
        chosen = {person: (sending, deputy) for person, sending, deputy in choices}
        conflicts = db.session.execute(select(CaseConflict.case_id, CaseConflict.user_id))
        away = select(TimeAway.user_id).where(TimeAway.first_on <= on, TimeAway.last_on >= on)
        return cls(
            readers={partnership: frozenset(people) for partnership, people in readers.items()},
            managers=managers,
            contacts=contacts,
            addresses=contact_emails(),
            conflicts=frozenset((case_id, user_id) for case_id, user_id in conflicts),
            named={case_id: frozenset(people) for case_id, people in named.items()},
            deputies={person: deputy for person, (_, deputy) in chosen.items() if deputy},
            single=frozenset(person for person, (sending, _) in chosen.items() if sending is Sending.SINGLE),
            away=frozenset(db.session.scalars(away)),
        )

    def of(self, row: Row[Any], *, escalates: bool) -> list[Recipient]:
        """Who is told, each once; nobody where nobody is permitted to know of the case."""
        people = self.managers_of(row) if escalates else self.responsible(row)
        stand_ins = (self.stand_in(row, person) for person in people)
        users = [
            Recipient(f"user:{person}", person, partnership_id=row.partnership_id, single=person in self.single)
            for person in dict.fromkeys(stand_ins)
        ]
        waits_for = () if escalates or row.restricted else self.addresses.get((row.partnership_id, row.subject), ())
        return users + [Recipient(address, address=address, partnership_id=row.partnership_id) for address in waits_for]

    def responsible(self, row: Row[Any]) -> Iterator[int]:
        """Whose the deadline is. Where it waits for an agency, its contacts and the lead, who chases them."""
        chair = [row.chair_id] if self.permitted(row, row.chair_id) else []
        lead = [row.lead_id] if self.permitted(row, row.lead_id) else self.managers_of(row)
        if row.owner == MANAGED:
            yield from self.managers_of(row)
        elif row.owner in CHAIRED:
            yield from chair or lead
            yield from lead if row.owner == EITHER else ()
        else:
            yield from self.contacts_of(row)
            yield from lead

    def managers_of(self, row: Row[Any]) -> list[int]:
        return [person for person in self.managers.get(row.partnership_id, ()) if self.permitted(row, person)]

    def contacts_of(self, row: Row[Any]) -> list[int]:
        """Who speaks for the agency that it waits for. A restricted case is closed to them."""
        of_agency = () if row.restricted else self.contacts.get((row.partnership_id, row.subject), ())
        return [person for person in of_agency if (row.case_id, person) not in self.conflicts]

    def permitted(self, row: Row[Any], person: int | None) -> bool:
        """Whether somebody is active, works in the partnership that leads, and may know of a restricted case."""
        if person is None or person not in self.readers.get(row.partnership_id, ()):
            return False
        knows = person in (row.lead_id, row.chair_id) or person in self.named.get(row.case_id, ())
        return (not row.restricted or knows) and (row.case_id, person) not in self.conflicts

    def stand_in(self, row: Row[Any], person: int) -> int:
        """The deputy of whoever is away, if that deputy is at work and may know of the case; else they themselves."""
        deputy = self.deputies.get(person)
        if person not in self.away or deputy is None or deputy in self.away:
            return person
        return deputy if self.permitted(row, deputy) or deputy in self.contacts_of(row) else person


def active_members() -> Any:
    """Each active person's roles, with the partnership, once for each name of the agency they speak for."""
    return (
        select(Membership.user_id, Membership.role, Membership.partnership_id, Agency.name)
        .join(User, User.id == Membership.user_id)
        .outerjoin(Agency, spoken_for(User.agency_id))
        .where(User.disabled_at.is_(None))
        .order_by(Membership.id)
    )
