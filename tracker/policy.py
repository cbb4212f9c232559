"""Who may do what: the whole of access control. A table, a question, and one SQL condition."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from tracker.errors import NotFound, NotPermitted
from tracker.models.attachments import Attachment
from tracker.models.cases import Case, CaseAccess, CaseConflict, CaseContributing, Deadline
from tracker.models.partnerships import Agency
from tracker.models.plans import Plan, PlannedAction
from tracker.models.users import Membership, Role, User
from tracker.procedures import REQUESTS
from tracker.procedures.plan_status import LIVE
from tracker.procedures.reckoning import OPEN


class Action(StrEnum):
    """What somebody may want to do."""

    READ_CASE = "read_case"
    LOG_REFERRAL = "log_referral"
    RECORD_STEP = "record_step"
    RECORD_DECISION = "record_decision"
    RECORD_APPROVAL = "record_approval"
    EXTEND_DEADLINE = "extend_deadline"
    HOLD_CASE = "hold_case"
    CORRECT_EVENT = "correct_event"
    REOPEN_CASE = "reopen_case"
    REASSIGN_CASE = "reassign_case"
    RESTRICT_CASE = "restrict_case"
    DECLARE_CONFLICT = "declare_conflict"  # of somebody else: anybody may declare their own
    EXPORT_HISTORY = "export_history"
    READ_FIGURES = "read_figures"
    READ_AUDIT = "read_audit"
    ANSWER_REQUEST = "answer_request"
    DISPOSE_OF_FILE = "dispose_of_file"
    KEEP_PLAN = "keep_plan"
    VERIFY_ACTION = "verify_action"
    MANAGE_USERS = "manage_users"
    MANAGE_PARTNERSHIP = "manage_partnership"
    ADD_PARTNERSHIP = "add_partnership"  # granted to nobody: the operator's command does it


# Recording a step takes more than this table says: each step of a procedure names the roles that may record it.
GRANTS: dict[Role, frozenset[Action]] = {
    Role.OFFICER: frozenset(
        {
            Action.READ_CASE,
            Action.LOG_REFERRAL,
            Action.RECORD_STEP,
            Action.RECORD_DECISION,
            Action.RECORD_APPROVAL,
            Action.EXTEND_DEADLINE,
            Action.HOLD_CASE,
            Action.CORRECT_EVENT,
            Action.REOPEN_CASE,
            Action.EXPORT_HISTORY,
            Action.READ_FIGURES,
            Action.KEEP_PLAN,
            Action.VERIFY_ACTION,
        }
    ),
    Role.CHAIR: frozenset(
        {
            Action.READ_CASE,
            Action.RECORD_STEP,
            Action.RECORD_DECISION,
            Action.RECORD_APPROVAL,
            Action.EXTEND_DEADLINE,
            Action.REOPEN_CASE,
            Action.EXPORT_HISTORY,
            Action.READ_FIGURES,
            Action.VERIFY_ACTION,
        }
    ),
    Role.MANAGER: frozenset(
        {
            Action.READ_CASE,
            Action.RECORD_STEP,
            Action.RECORD_APPROVAL,
            Action.EXTEND_DEADLINE,
            Action.REOPEN_CASE,
            Action.REASSIGN_CASE,
            Action.RESTRICT_CASE,
            Action.DECLARE_CONFLICT,
            Action.EXPORT_HISTORY,
            Action.READ_FIGURES,
            Action.READ_AUDIT,
            Action.DISPOSE_OF_FILE,
            Action.KEEP_PLAN,
            Action.VERIFY_ACTION,
        }
    ),
    Role.AUDITOR: frozenset({Action.READ_CASE, Action.EXPORT_HISTORY, Action.READ_FIGURES, Action.READ_AUDIT}),
    Role.ADMINISTRATOR: frozenset({Action.MANAGE_USERS, Action.MANAGE_PARTNERSHIP}),
    Role.PARTNER: frozenset({Action.ANSWER_REQUEST}),
}

# All that a contributing partnership's people may do with a case that another partnership leads.
CONTRIBUTING = frozenset({Action.READ_CASE, Action.EXPORT_HISTORY})

# What the lead of a case may do with it besides, for as long as they may read it.
LEAD = frozenset({Action.RESTRICT_CASE})

READING = frozenset(role for role, actions in GRANTS.items() if Action.READ_CASE in actions)


def roles_of(user: User, partnership_id: int) -> frozenset[Role]:
    """The roles in which *user* acts for one partnership; none once disabled."""
    return user.roles_in(partnership_id) if user.is_active else frozenset()


def roles_held(user: User) -> frozenset[Role]:
    """The roles in which *user* acts anywhere; none once disabled."""
    return frozenset(held.role for held in user.memberships) if user.is_active else frozenset()


def partnerships_where(user: User, action: Action) -> frozenset[int]:
    """The partnerships, by number, in which one of the person's roles grants *action*."""
    if not user.is_active:
        return frozenset()
    return frozenset(held.partnership_id for held in user.memberships if action in GRANTS[held.role])


def may(user: User | None, action: Action, case: Case | None = None, *, within: int | None = None) -> bool:
    """Whether *user* may take *action*: on *case*, or in the partnership numbered *within*, or else anywhere at all."""
    if user is None:
        return False
    granted = partnerships_where(user, action)
    if case is None:
        return bool(granted) if within is None else within in granted
    if action in LEAD and case.lead_id == user.id:
        granted |= partnerships_where(user, Action.READ_CASE)
    involved = case.partnership_id in granted or (
        action in CONTRIBUTING and any(other.partnership_id in granted for other in case.contributing)
    )
    return involved and not is_conflicted(case, user) and (not case.restricted or is_named_on(case, user))


def is_named_on(case: Case, user: User) -> bool:
    """Whether a restricted case is open to *user*: as its lead, its chair, or by name."""
    return user.id in (case.lead_id, case.chair_id) or any(named.user_id == user.id for named in case.access)


def is_conflicted(case: Case, user: User) -> bool:
    """Whether a conflict of interest closes a case to *user*: it beats every role."""
    return any(declared.user_id == user.id for declared in case.conflicts)


def ensure(by: User | None, action: Action, case: Case | None = None, *, within: int | None = None) -> None:
    """Lets *by* pass, or says no. Nobody (an operator's command, a job) passes.

    Raises:
        NotFound: *by* may not even see the case.
        NotPermitted: not this action, or not here.
    """
    if by is None or may(by, action, case, within=within):
        return
    if case is not None and not may(by, Action.READ_CASE, case):
        raise NotFound
    raise NotPermitted


def ensure_self(by: User, user: User) -> None:
    """Lets only the person themselves pass. Raises NotPermitted."""
    if by.id != user.id:
        raise NotPermitted


def visible_cases(viewer: User) -> ColumnElement[bool]:
    """The condition on `Case` that every list, search, export, feed and message is read through."""
    readable = partnerships_where(viewer, Action.READ_CASE)
    return visible_within(readable, viewer.id) if readable else false()


def visible_within(
    readable: Collection[int] | BindParameter[Collection[int]], viewer_id: int | BindParameter[int]
) -> ColumnElement[bool]:
    """The same for the person of that number, who reads the cases of those partnerships."""
    joint = select(CaseContributing.case_id).where(CaseContributing.partnership_id.in_(readable))
    named = select(CaseAccess.case_id).where(CaseAccess.user_id == viewer_id)
    return and_(
        or_(Case.partnership_id.in_(readable), Case.id.in_(joint)),
        or_(Case.restricted.is_(False), Case.lead_id == viewer_id, Case.chair_id == viewer_id, Case.id.in_(named)),
        Case.id.not_in(conflicted_cases(viewer_id)),
    )


def conflicted_cases(user_id: int | BindParameter[int]) -> Select[int]:
    """The numbers of the cases that a conflict of interest closes to the person of that number."""
    return select(CaseConflict.case_id).where(CaseConflict.user_id == user_id)


# `visible_cases` for statements that are put together once, and are given `seen_by(viewer)` each time they are sent.
VISIBLE_CASES = visible_within(bindparam("readable", expanding=True), bindparam("viewer_id"))


def seen_by(viewer: User) -> dict[str, object]:
    """What VISIBLE_CASES must be told of whoever looks."""
    return {"readable": partnerships_where(viewer, Action.READ_CASE), "viewer_id": viewer.id}


def readers_of(case: Case, *, if_named: bool = False) -> ColumnElement[bool]:
    """The condition on `User`: who may read a case. With *if_named*, who may once they are named on it."""
    involved = [case.partnership_id, *(other.partnership_id for other in case.contributing)]
    members = select(Membership.user_id).where(Membership.partnership_id.in_(involved), Membership.role.in_(READING))
    conflicted = select(CaseConflict.user_id).where(CaseConflict.case_id == case.id)
    named = select(CaseAccess.user_id).where(CaseAccess.case_id == case.id)
    is_open = if_named or not case.restricted
    return and_(
        User.disabled_at.is_(None),
        User.id.in_(members),
        User.id.not_in(conflicted),
        true() if is_open else or_(User.id == case.lead_id, User.id == case.chair_id, User.id.in_(named)),
    )


def visible_attachments(viewer: User) -> ColumnElement[bool]:
    """The condition on `Attachment`: whoever reads its case or its plan, and whoever sent it themselves."""
    of_cases = Attachment.case_id.in_(select(Case.id).where(visible_cases(viewer)))
    of_plans = select(PlannedAction.id).join(Plan, Plan.id == PlannedAction.plan_id).where(visible_plans(viewer))
    mine = or_(of_cases, Attachment.action_id.in_(of_plans), Attachment.sent_by_id == viewer.id)
    return mine if viewer.is_active else false()


def visible_requests(viewer: User) -> ColumnElement[bool]:
    """The condition on `Deadline` and `Case`: the agency that *viewer* speaks for was asked, and has not answered.

    It opens the request alone: its reference, what is asked and by when. A restricted case shows it to those named.
    """
    asked_in = partnerships_where(viewer, Action.ANSWER_REQUEST)
    if not asked_in or viewer.agency is None:
        return false()
    named = select(CaseAccess.case_id).where(CaseAccess.user_id == viewer.id)
    return and_(
        Case.partnership_id.in_(asked_in),
        Deadline.key.in_(REQUESTS),
        Deadline.subject.in_(select(Agency.name).where(spoken_for(viewer.agency_id))),
        Deadline.state == OPEN,
        or_(Case.restricted.is_(False), Case.id.in_(named)),
        Case.id.not_in(conflicted_cases(viewer.id)),
    )


def visible_plans(viewer: User) -> ColumnElement[bool]:
    """The condition on `Plan` that everything of a plan is read through: its case's, or its partnership's readers."""
    readable = partnerships_where(viewer, Action.READ_CASE)
    of_partnership = and_(Plan.case_id.is_(None), Plan.partnership_id.in_(readable))
    return or_(of_partnership, Plan.case_id.in_(select(Case.id).where(visible_cases(viewer))))


def visible_deadlines(viewer: User) -> ColumnElement[bool]:
    """The condition on `Deadline`, and on `Case` outer joined to it: its case's readers, or its partnership's.

    The latter where it is of an action of the partnership's own plan, as `visible_plans` has it.
    """
    readable = partnerships_where(viewer, Action.READ_CASE)
    of_partnership = and_(Deadline.case_id.is_(None), Deadline.partnership_id.in_(readable))
    return or_(visible_cases(viewer), of_partnership)


def visible_actions(viewer: User) -> ColumnElement[bool]:
    """The condition on `PlannedAction`: the agency that *viewer* speaks for leads it, and it has not ended.

    It opens the action alone, never its plan or case. One of a restricted case shows to those named on it.
    """
    asked_in = partnerships_where(viewer, Action.ANSWER_REQUEST)
    if not asked_in or viewer.agency is None:
        return false()
    named = select(CaseAccess.case_id).where(CaseAccess.user_id == viewer.id)
    closed = or_(and_(Case.restricted.is_(True), Case.id.not_in(named)), Case.id.in_(conflicted_cases(viewer.id)))
    hidden = select(Case.id).where(closed)
    return and_(
        PlannedAction.partnership_id.in_(asked_in),
        PlannedAction.agency_id.in_(select(Agency.id).where(spoken_for(viewer.agency_id))),
        PlannedAction.status.in_(LIVE),
        or_(PlannedAction.case_id.is_(None), PlannedAction.case_id.not_in(hidden)),
    )


def spoken_for(agency_id: int | InstrumentedAttribute[int | None] | None) -> ColumnElement[bool]:
    """The condition on `Agency`: the one with that number, or one that it took the place of."""
    return or_(Agency.id == agency_id, Agency.successor_id == agency_id)
