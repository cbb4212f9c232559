"""Partnerships and what holds in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import aliased

from tracker.extensions import db
from tracker.models.cases import Case, CaseContributing
from tracker.models.partnerships import Agency, AgencyContact, LocalSetting, Partnership, in_force, standing
from tracker.models.users import User
from tracker.policy import Action, partnerships_where


def find_partnership(key: str) -> Partnership | None:
    """The partnership with this key."""
    return db.session.scalar(select(Partnership).where(Partnership.key == key))


def all_partnerships() -> Sequence[Partnership]:
    """Every partnership of the installation, in the order they were added."""
    return db.session.scalars(select(Partnership).order_by(Partnership.id)).all()


def only_partnership() -> Partnership | None:
    """The one partnership, where there is no other: then nobody is asked which."""
    found = db.session.scalars(select(Partnership).order_by(Partnership.id).limit(2)).all()
    return found[0] if len(found) == 1 else None


def partnerships_of(user: User) -> Sequence[Partnership]:
    """The partnerships in which somebody holds a role."""
    ids = {held.partnership_id for held in user.memberships}
    return db.session.scalars(select(Partnership).where(Partnership.id.in_(ids)).order_by(Partnership.id)).all()


def agencies_of(partnership: Partnership) -> Sequence[Agency]:
    """The agencies of a partnership by name."""
    return db.session.scalars(select(Agency).where(Agency.partnership_id == partnership.id).order_by(Agency.name)).all()


def settings_on(partnership_id: int, on: date) -> dict[str, object]:
    """The local settings in force on a day, by key; what was never settled is absent."""
    return in_force(setting_history(partnership_id), on)


def setting_history(partnership_id: int) -> Sequence[LocalSetting]:
    """Every local setting ever recorded, in the order in which they take effect."""
    return db.session.scalars(
        select(LocalSetting)
        .where(LocalSetting.partnership_id == partnership_id)
        .order_by(LocalSetting.takes_effect_on, LocalSetting.recorded_at, LocalSetting.id)
    ).all()


def agency_names(partnership_id: int) -> list[str]:
    """The names of a partnership's agencies, in order; those that have ended are left out."""
    going_on = Agency.partnership_id == partnership_id, Agency.ended_on.is_(None)
    return list(db.session.scalars(select(Agency.name).where(*going_on).order_by(Agency.name)))


def answering_names(partnership_id: int) -> dict[str, str]:
    """The name of the agency that answers now, by each name, casefolded, of one that was renamed or merged into it."""
    successor = aliased(Agency)
    rows = select(Agency.name, successor.name).join(successor, successor.id == Agency.successor_id)
    found = db.session.execute(rows.where(Agency.partnership_id == partnership_id))
    return {name.casefold(): answering for name, answering in found}


def agency_contact_emails(partnership_id: int, agency_name: str) -> list[str]:
    """Whom to write to at the agency that a case calls by this name: its contacts, or its successor's."""
    return contact_emails([partnership_id]).get((partnership_id, agency_name), [])


def contact_emails(partnership_ids: Iterable[int] | None = None) -> dict[tuple[int, str], list[str]]:
    """Whom to write to in these partnerships, or in all, by each name an agency has or had, in one statement.

    A name without anybody to write to is absent.
    """
    answering = AgencyContact.agency_id == func.coalesce(Agency.successor_id, Agency.id)
    answerer = aliased(Agency)
    rows = db.session.execute(
        select(Agency.partnership_id, Agency.name, AgencyContact.email)
        .join(AgencyContact, answering)
        .join(answerer, answerer.id == AgencyContact.agency_id)
        .where(
            true() if partnership_ids is None else Agency.partnership_id.in_(partnership_ids),
            AgencyContact.active,
            answerer.ended_on.is_(None),
        )
        .order_by(Agency.id, AgencyContact.email)
    )
    found: dict[tuple[int, str], list[str]] = {}
    for partnership_id, name, email in rows:
        found.setdefault((partnership_id, name), []).append(email)
    return found


def partnerships_numbered(numbers: Iterable[int]) -> Sequence[Partnership]:
    """These partnerships, by name."""
    return db.session.scalars(select(Partnership).where(Partnership.id.in_(numbers)).order_by(Partnership.name)).all()


def partnerships_granting(user: User, action: Action) -> Sequence[Partnership]:
    """The partnerships in which one of the person's roles grants *action*, by name."""
    return partnerships_numbered(partnerships_where(user, action))


@dataclass(frozen=True, slots=True)
class SharedCases:
    """How many cases of one partnership another contributes to."""

    lead: Partnership
    contributing: Partnership
    cases: int


def shared_cases(numbers: Iterable[int]) -> list[SharedCases]:
    """The cases that these partnerships share with others, on either side, in one statement. Counts every case."""
    wanted = set(numbers)
    lead, contributing = aliased(Partnership), aliased(Partnership)
    rows = db.session.execute(
        select(lead, contributing, func.count())
        .select_from(CaseContributing)
        .join(Case, Case.id == CaseContributing.case_id)
        .join(lead, lead.id == Case.partnership_id)
        .join(contributing, contributing.id == CaseContributing.partnership_id)
        .where(or_(lead.id.in_(wanted), contributing.id.in_(wanted)))
        .group_by(lead.id, contributing.id)
        .order_by(lead.name, contributing.name)
    )
    return [SharedCases(*row) for row in rows]


def duty_in_force(partnership_id: int, case_type: str, on: date) -> bool:
    """Whether a duty that commences area by area has begun for this partnership: the setting `owhr.in_force_from`."""
    return (partnership_id, case_type) in duties_in_force([(partnership_id, case_type)], on)


def duties_in_force(kinds: Iterable[tuple[int, str]], on: date) -> frozenset[tuple[int, str]]:
    """Of these (partnership, case type)s, those where the duty has begun by that day, in one statement."""
    wanted = set(kinds)
    rows = db.session.scalars(
        select(LocalSetting)
        .where(
            LocalSetting.partnership_id.in_({partnership for partnership, _ in wanted}),
            LocalSetting.key.in_({f"{kind}.in_force_from" for _, kind in wanted}),
        )
        .order_by(LocalSetting.id)
    ).all()
    begun = {(row.partnership_id, row.key.partition(".")[0]) for row in standing(rows) if row.takes_effect_on <= on}
    return frozenset(begun & wanted)
