"""Action plans: of a case or of the partnership itself; how whoever changes one takes it first."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import ColumnElement, func, select

from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.cases import Case
from tracker.models.partnerships import Agency, Partnership
from tracker.models.plans import Finding, Plan, PlannedAction, PlanSubmission, Recommendation
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.services.submissions import done_once, take_version
from tracker.services.texts import line
from tracker.services.use_case import use_case

PLAN_TITLE = "Action plan"

P = ParamSpec("P")
R = TypeVar("R")


class PlanResent(Refused):
    """This form was sent before: what it says is already recorded"""


def once_on_plan(function: Callable[P, R]) -> Callable[P, R]:
    """Makes what a form does to a plan happen once: *function* has the arguments `version` and `submission_key`.

    Raises:
        PlanResent: the form was sent before, or its twin came first.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        key = kwargs.get("submission_key")
        return done_once(lambda: function(*args, **kwargs), lambda: refuse_resent(key))

    return run


def refuse_resent(submission_key: object) -> None:
    if submission_key is not None and db.session.get(PlanSubmission, submission_key) is not None:
        raise PlanResent


@use_case
@once_on_plan
def begin_plan(
    of: Case | Partnership,
    *,
    by: User | None,
    title: str = PLAN_TITLE,
    monitored_by: str = "",
    meets_every: str = "",
    submission_key: str | None = None,
) -> Plan:
    """A plan for a case, or one of the partnership's own. `monitored_by`: the board or sub-group that does.

    Raises:
        Refused: the case has a plan, or the plan no title.
    """
    plan = new_plan(of, by=by, title=title, monitored_by=monitored_by, meets_every=meets_every)
    db.session.flush()
    note_submission(plan, submission_key)
    return plan


def new_plan(
    of: Case | Partnership, *, by: User | None, title: str = PLAN_TITLE, monitored_by: str = "", meets_every: str = ""
) -> Plan:
    """The plan, not yet committed. Raises as `begin_plan`."""
    case = of if isinstance(of, Case) else None
    partnership_id = of.partnership_id if isinstance(of, Case) else of.id
    ensure(by, Action.KEEP_PLAN, case, within=partnership_id)
    if case and db.session.scalar(select(Plan.id).where(Plan.case_id == case.id)):
        raise Refused(f"{case.reference} has an action plan already")
    plan = Plan(
        partnership_id=partnership_id,
        case_id=case.id if case else None,
        title=line("title", title, required="Enter a title"),
        monitored_by=line("monitored_by", monitored_by),
        meets_every=line("meets_every", meets_every),
    )
    db.session.add(plan)
    return plan


@use_case
@once_on_plan
def change_plan(
    plan: Plan,
    *,
    by: User | None,
    title: str,
    monitored_by: str,
    meets_every: str,
    version: int | None = None,
    submission_key: str | None = None,
) -> Plan:
    """Give the plan another title, or another board that monitors it."""
    claim_plan(plan, by, version, submission_key)
    plan.title = line("title", title, required="Enter a title")
    plan.monitored_by = line("monitored_by", monitored_by)
    plan.meets_every = line("meets_every", meets_every)
    return plan


# -- What these share ------------------------------------------------------------------------------------------------


def claim_plan(plan: Plan, by: User | None, version: int | None, submission_key: str | None = None) -> None:
    """Take the plan for this change by somebody who keeps it.

    Raises:
        NotFound, NotPermitted: they may not. Stale: the form was drawn from an older version.
    """
    ensure(by, Action.KEEP_PLAN, plan.case, within=plan.partnership_id)
    take_plan(plan, version, submission_key)


def take_plan(plan: Plan, version: int | None, submission_key: str | None = None) -> None:
    take_version(plan, version)
    note_submission(plan, submission_key)


def note_submission(plan: Plan, submission_key: str | None) -> None:
    if submission_key is not None:
        db.session.add(PlanSubmission(key=submission_key, plan_id=plan.id))


def of_plan(table: type[Finding | Recommendation | PlannedAction], plan: Plan) -> ColumnElement[bool]:
    return table.plan_id == plan.id


def agency_number(partnership_id: int, name: str) -> int | None:
    """The agency of that name in the partnership, whatever its case."""
    same = func.lower(Agency.name) == name.strip().lower()
    return db.session.scalar(select(Agency.id).where(Agency.partnership_id == partnership_id, same).limit(1))
