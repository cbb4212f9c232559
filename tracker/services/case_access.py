"""Who may open a case, and who runs it: restrictions, the people named, conflicts of interest, lead and chair."""

from sqlalchemy import exists, select

from tracker.emails import tell
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.cases import Case, CaseAccess, CaseConflict
from tracker.models.item_links import ItemLink
from tracker.models.users import Role, User
from tracker.policy import Action, ensure, is_conflicted, is_named_on, readers_of, roles_of
from tracker.services.cases import claim
from tracker.services.item_links import end_links
from tracker.services.use_case import use_case

LEADING = frozenset({Role.OFFICER, Role.MANAGER})
CHAIRING = frozenset({Role.CHAIR})


@use_case
def restrict_case(case: Case, *, by: User | None, reason: str, version: int | None = None) -> Case:
    """Close a case to everybody but its lead, its chair and the people named. Whoever does it is named.

    Links to what agencies were asked end with it: whoever may open the case may send new ones.

    Raises:
        Refused: it is restricted already, or nobody could open it any more.
    """
    ensure(by, Action.RESTRICT_CASE, case)
    claim(case, version)
    if case.restricted:
        raise Refused("This case is restricted already")
    case.restricted = True
    if by is not None and not is_named_on(case, by):
        case.access.append(CaseAccess(user_id=by.id))
    refuse_if_nobody_is_left(case)
    end_links(ItemLink.case_id == case.id)
    return case


@use_case
def lift_restriction(case: Case, *, by: User | None, reason: str, version: int | None = None) -> Case:
    """Open a case again to everybody whose role reads cases. The list of people named ends with it."""
    ensure(by, Action.RESTRICT_CASE, case)
    claim(case, version)
    refuse_if_not_restricted(case)
    case.restricted = False
    case.access.clear()
    return case


@use_case
def name_person(case: Case, *, by: User | None, person: User, version: int | None = None) -> Case:
    """Let somebody open a restricted case. What they may do there is still for their role.

    Raises:
        Refused: they are named already, or no role of theirs reads cases, or they have a conflict of interest.
    """
    ensure(by, Action.RESTRICT_CASE, case)
    claim(case, version)
    refuse_if_not_restricted(case)
    if is_named_on(case, person):
        raise Refused(f"{person.name} can open this case already", field="person")
    if not db.session.scalar(select(exists().where(User.id == person.id, readers_of(case, if_named=True)))):
        raise Refused(f"{person.name} may not read cases like this one", field="person")
    case.access.append(CaseAccess(user_id=person.id))
    return case


@use_case
def remove_person(case: Case, *, by: User | None, person: User, version: int | None = None) -> Case:
    """Take somebody off the people named on a restricted case.

    Raises:
        Refused: they are not named, or nobody could open the case any more.
    """
    ensure(by, Action.RESTRICT_CASE, case)
    claim(case, version)
    refuse_if_not_restricted(case)
    named = next((named for named in case.access if named.user_id == person.id), None)
    if named is None:
        raise Refused(f"{person.name} is not named on this case", field="person")
    case.access.remove(named)
    refuse_if_nobody_is_left(case)
    return case


@use_case
def declare_conflict(case: Case, *, by: User | None, person: User, reason: str, version: int | None = None) -> Case:
    """Close a case to somebody who has a conflict of interest: their own word, or a manager's. It beats every role.

    Somebody who led or chaired the case does so no longer, and links to it that they were sent end.

    Raises:
        Refused: it is declared already, or nobody could open the case any more.
    """
    ensure(by, Action.READ_CASE if person == by else Action.DECLARE_CONFLICT, case)
    claim(case, version)
    if is_conflicted(case, person):
        raise Refused(f"A conflict of interest is declared already for {person.name}", field="person")
    case.conflicts.append(CaseConflict(user_id=person.id, reason=reason, declared_by_id=by.id if by else None))
    case.lead = None if case.lead == person else case.lead
    case.chair = None if case.chair == person else case.chair
    end_links(ItemLink.case_id == case.id, ItemLink.email == person.email)
    refuse_if_nobody_is_left(case)
    return case


@use_case
def withdraw_conflict(case: Case, *, by: User | None, person: User, reason: str, version: int | None = None) -> Case:
    """End a conflict of interest that was declared wrongly or is over. Nobody can end their own: they see no case."""
    ensure(by, Action.DECLARE_CONFLICT, case)
    claim(case, version)
    declared = next((declared for declared in case.conflicts if declared.user_id == person.id), None)
    if declared is None:
        raise Refused(f"No conflict of interest is declared for {person.name}", field="person")
    case.conflicts.remove(declared)
    return case


@use_case
def reassign_case(
    case: Case, *, by: User | None, lead: User | None, chair: User | None, reason: str, version: int | None = None
) -> Case:
    """Give a case another lead, another chair, or both; None: nobody for now.

    Raises:
        Refused: neither changes; somebody has not the role for it, or a conflict of interest; or nobody could open the
            case any more.
    """
    ensure(by, Action.REASSIGN_CASE, case)
    claim(case, version)
    if (lead, chair) == (case.lead, case.chair):
        raise Refused("These people lead and chair the case already", field="lead")
    if lead and lead != case.lead:
        refuse_unless_fit(case, lead, LEADING, "lead")
    if chair and chair != case.chair:
        refuse_unless_fit(case, chair, CHAIRING, "chair")
    new = [person for person in (lead, chair) if person and person not in (by, case.lead, case.chair)]
    case.lead, case.chair = lead, chair
    refuse_if_nobody_is_left(case)
    tell("case_reassigned", to=new, case=case)
    return case


def refuse_unless_fit(case: Case, person: User, roles: frozenset[Role], field: str) -> None:
    """Says no to a lead or a chair without the role, or with a conflict of interest."""
    if not roles & roles_of(person, case.partnership_id):
        raise Refused(f"{person.name} has not the role for this", field=field)
    if is_conflicted(case, person):
        raise Refused(f"{person.name} has a conflict of interest in this case", field=field)


def refuse_if_not_restricted(case: Case) -> None:
    if not case.restricted:
        raise Refused("This case is not restricted")


def refuse_if_nobody_is_left(case: Case) -> None:
    """Says no to a change after which nobody could open the case."""
    db.session.flush()
    if not db.session.scalar(select(exists().where(readers_of(case)))):
        raise Refused("Nobody could open this case any more: name somebody else first")
