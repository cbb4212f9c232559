"""Action plans: of a case or of the partnership itself; their findings, their recommendations, what was answered."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import ColumnElement, func, select

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.cases import Case
from tracker.models.partnerships import Agency, Partnership
from tracker.models.plans import Addressee, Finding, FindingTheme, Plan, PlannedAction, PlanSubmission, Recommendation
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.procedures.case_file import normal_answer
from tracker.procedures.numbering import natural_order
from tracker.services.submissions import done_once, take_version
from tracker.services.use_case import use_case

LONGEST_LINE = 200  # characters
RESPONSES = ("accepted", "partly", "refused", "no_reply")
SCOPES = ("local", "regional", "national")
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


@use_case
@once_on_plan
def add_finding(
    plan: Plan,
    *,
    by: User | None,
    text: str,
    themes: Sequence[str] = (),
    version: int | None = None,
    submission_key: str | None = None,
) -> Finding:
    """What the review found, with its themes.

    Raises:
        Refused: it says nothing.
    """
    claim_plan(plan, by, version, submission_key)
    finding = new_finding(plan, text, themes)
    finding.position = 1 + (db.session.scalar(select(func.max(Finding.position)).where(of_plan(Finding, plan))) or 0)
    db.session.add(finding)
    return finding


def new_finding(plan: Plan, text: str, themes: Sequence[str]) -> Finding:
    named = dict.fromkeys(line("themes", theme) for theme in themes)
    return Finding(
        plan_id=plan.id,
        text=words("text", text, required="Enter the finding"),
        themes=[FindingTheme(theme=theme) for theme in named if theme],
    )


@use_case
@once_on_plan
def change_finding(
    finding: Finding,
    *,
    by: User | None,
    text: str,
    themes: Sequence[str],
    version: int | None = None,
    submission_key: str | None = None,
) -> Finding:
    """Put a finding in other words, or under other themes."""
    claim_plan(finding.plan, by, version, submission_key)
    finding.text = words("text", text, required="Enter the finding")
    wanted = {line("themes", theme) for theme in themes} - {""}
    finding.themes = [kept for kept in finding.themes if kept.theme in wanted] + [
        FindingTheme(theme=theme) for theme in sorted(wanted - {kept.theme for kept in finding.themes})
    ]
    return finding


@use_case
@once_on_plan
def add_recommendation(
    plan: Plan,
    *,
    by: User | None,
    number: str,
    text: str,
    scope: str = "",
    multi_agency: bool | None = None,
    finding: Finding | None = None,
    version: int | None = None,
    submission_key: str | None = None,
) -> Recommendation:
    """A recommendation, under its number as written.

    Raises:
        Refused: it says nothing, or the plan has one of that number.
    """
    claim_plan(plan, by, version, submission_key)
    last = db.session.scalar(select(func.max(Recommendation.position)).where(of_plan(Recommendation, plan)))
    recommendation = Recommendation(plan_id=plan.id, position=1 + (last or 0))
    describe(recommendation, plan, number, text, scope, multi_agency, finding)
    db.session.add(recommendation)
    return recommendation


@use_case
@once_on_plan
def change_recommendation(
    recommendation: Recommendation,
    *,
    by: User | None,
    number: str,
    text: str,
    scope: str = "",
    multi_agency: bool | None = None,
    finding: Finding | None = None,
    version: int | None = None,
    submission_key: str | None = None,
) -> Recommendation:
    """Give a recommendation another number, other words, another scope or finding. Raises as `add_recommendation`."""
    claim_plan(recommendation.plan, by, version, submission_key)
    describe(recommendation, recommendation.plan, number, text, scope, multi_agency, finding)
    return recommendation


def describe(
    recommendation: Recommendation,
    plan: Plan,
    number: str,
    text: str,
    scope: str,
    multi_agency: bool | None,
    finding: Finding | None,
) -> None:
    number = line("number", number)
    same = select(Recommendation.id).where(of_plan(Recommendation, plan), Recommendation.number == number)
    with db.session.no_autoflush:
        if number and db.session.scalar(same.where(Recommendation.id != (recommendation.id or 0))):
            raise Refused(f"The plan already has a recommendation {number}", field="number")
    if finding is not None and finding.plan_id != plan.id:
        raise Refused("Choose a finding of this plan", field="finding")
    recommendation.number, recommendation.number_order = number, natural_order(number)
    recommendation.text = words("text", text, required="Enter the recommendation")
    recommendation.scope = line("scope", scope)
    recommendation.multi_agency = multi_agency
    recommendation.finding_id = finding.id if finding else None


@use_case
@once_on_plan
def address_recommendation(
    recommendation: Recommendation,
    *,
    by: User | None,
    name: str,
    sent_on: date | None = None,
    due_on: date | None = None,
    version: int | None = None,
    submission_key: str | None = None,
) -> Addressee:
    """Send a recommendation to a body, which answers for itself.

    Raises:
        Refused: no body, one that has it already, a day of sending to come, or an answer due before it.
    """
    claim_plan(recommendation.plan, by, version, submission_key)
    name = line("name", name, required="Enter the body it is addressed to")
    if any(other.name.casefold() == name.casefold() for other in recommendation.addressees):
        raise Refused(f"It is addressed to {name} already", field="name")
    if sent_on and sent_on > clock.today():
        raise Refused("The date must be today or in the past", field="sent_on")
    if sent_on and due_on and due_on < sent_on:
        raise Refused("The answer cannot be due before it was sent", field="due_on")
    addressee = Addressee(name=name, sent_on=sent_on, due_on=due_on)
    addressee.agency_id = agency_number(recommendation.plan.partnership_id, name)
    recommendation.addressees.append(addressee)
    return addressee


@use_case
@once_on_plan
def record_response(
    addressee: Addressee,
    *,
    by: User | None,
    response: str,
    on: date,
    reason: str = "",
    version: int | None = None,
    submission_key: str | None = None,
) -> Addressee:
    """What a body answered: accepted, partly, refused or no_reply.

    Raises:
        Refused: no such answer; partly or refused without a reason; or a day before it was sent or to come.
    """
    claim_plan(addressee.recommendation.plan, by, version, submission_key)
    if response not in RESPONSES:
        raise Refused("Choose what was answered", field="response")
    if response in ("partly", "refused") and not reason.strip():
        raise Refused("Enter the reason that was given", field="reason")
    if on > clock.today():
        raise Refused("The date must be today or in the past", field="on")
    if addressee.sent_on and on < addressee.sent_on:
        raise Refused("The answer cannot have come before it was sent", field="on")
    addressee.response, addressee.responded_on = response, on
    addressee.reason = words("reason", reason)
    return addressee


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


def words(field: str, text: str, *, required: str = "") -> str:
    """Text as it may be kept. Raises Refused where it cannot be, or is missing."""
    try:
        kept = normal_answer(None, text)
    except ValueError as wrong:
        raise Refused(f"This {wrong}", field=field) from None
    if required and not kept:
        raise Refused(required, field=field)
    return kept


def line(field: str, text: str, *, required: str = "") -> str:
    """A line of text as it may be kept. Raises Refused where it is longer than a line, or missing."""
    kept = " ".join(words(field, text, required=required).split())
    if len(kept) > LONGEST_LINE:
        raise Refused(f"This must be {LONGEST_LINE} characters or fewer", field=field)
    return kept


def link_of(field: str, text: str) -> str:
    """A link as it may be kept, empty where there is none. Raises Refused where no browser would open it as one."""
    kept = words(field, text)
    if kept and not kept.lower().startswith(("https://", "http://")):
        raise Refused("The link must begin with https:// or http://", field=field)
    return kept
