"""How an action comes on: updates, the claim that it is done, its verification, what it changed."""

from collections.abc import Mapping, Sequence
from datetime import date

from tracker.errors import NotPermitted, Refused
from tracker.models.plan_projection import project_action, stands
from tracker.models.plans import ActionEvent, Evidence, PlannedAction
from tracker.models.users import User
from tracker.policy import Action, ensure, may
from tracker.procedures.calendars import spelled
from tracker.procedures.plan_status import IMPACT_CHECKS, Happening
from tracker.services.actions import happened
from tracker.services.plans import claim_plan, once_on_plan, take_plan
from tracker.services.texts import line, link_of, words
from tracker.services.use_case import use_case
from tracker.services.verification import own_agency, why_not_verify

STATES = ("not_started", "in_progress", "blocked")


@use_case
@once_on_plan
def report_progress(
    action: PlannedAction,
    *,
    by: User | None,
    on: date,
    text: str,
    state: str = "in_progress",
    expected_on: date | None = None,
    agency: str = "",
    evidence: Sequence[Mapping[str, str]] = (),
    version: int | None = None,
    submission_key: str | None = None,
) -> ActionEvent:
    """Add an update. Earlier ones stay as they were.

    Args:
        state: not_started, in_progress or blocked.
        expected_on: when it will now be done, in the agency's view. The target does not move by it.
        agency: whose words they are, the lead agency's if left out.
        evidence: each with a `title` and a `link`.
    """
    ensure_may_report(by, action)
    take_plan(action.plan, version, submission_key)
    if state not in STATES:
        raise Refused("Choose how far it has come", field="state")
    said = words("text", text, required="Enter what has been done")
    event = happened(action, Happening.UPDATED, by=by, on=on, text=said, state=state, expected_on=expected_on)
    event.agency = line("agency", agency) or event.agency
    event.evidence = evidence_rows(action, evidence)
    project_action(action)
    return event


@use_case
@once_on_plan
def claim_complete(
    action: PlannedAction,
    *,
    by: User | None,
    on: date,
    text: str,
    evidence: Sequence[Mapping[str, str]] = (),
    version: int | None = None,
    submission_key: str | None = None,
) -> ActionEvent:
    """Record that its lead agency says the action is done, and what shows it. Somebody else verifies that.

    Raises:
        Refused: it is not open, or nothing is said of what was done.
    """
    ensure_may_report(by, action)
    take_plan(action.plan, version, submission_key)
    said = words("text", text, required="Enter what was done and what it changed")
    event = happened(action, Happening.CLAIMED, by=by, on=on, text=said)
    event.evidence = evidence_rows(action, evidence)
    project_action(action)
    return event


@use_case
@once_on_plan
def verify_action(
    action: PlannedAction,
    *,
    by: User | None,
    on: date,
    text: str,
    upheld: bool,
    version: int | None = None,
    submission_key: str | None = None,
) -> ActionEvent:
    """Check a claim: it is verified, or sent back with what is lacking.

    Raises:
        NotPermitted: as `why_not_verify` says.
        Refused: nothing is claimed, it is not said what was looked at, or the day is before the claim.
    """
    ensure(by, Action.VERIFY_ACTION, action.plan.case, within=action.plan.partnership_id)
    if by is not None and (reason := why_not_verify(action, by)):
        raise NotPermitted(reason)
    take_plan(action.plan, version, submission_key)
    asked = "Enter what was looked at" if upheld else "Enter what is still lacking"
    said = words("text", text, required=asked)
    claimed_on = stands(action).claimed_on
    if claimed_on and on < claimed_on:
        raise Refused(f"The date must be {spelled(claimed_on)}, the day of the claim, or later", field="on")
    event = happened(action, Happening.VERIFIED if upheld else Happening.SENT_BACK, by=by, on=on, text=said)
    event.agency = own_agency(action, by) if by else ""
    project_action(action)
    return event


@use_case
@once_on_plan
def check_impact(
    action: PlannedAction,
    *,
    by: User | None,
    months: int,
    on: date,
    text: str,
    version: int | None = None,
    submission_key: str | None = None,
) -> ActionEvent:
    """What a verified action has changed, 6 or 12 months on."""
    claim_plan(action.plan, by, version, submission_key)
    if months not in IMPACT_CHECKS:
        raise Refused("Choose which check this is", field="months")
    if months in stands(action).checked:
        raise Refused(f"The check at {months} months is recorded already", field="months")
    said = words("text", text, required="Enter what has changed, and how you know")
    event = happened(action, Happening.IMPACT_CHECKED, by=by, on=on, text=said)
    event.months = months
    project_action(action)
    return event


def ensure_may_report(by: User | None, action: PlannedAction) -> None:
    """Lets pass whoever keeps the plan, and the contacts of the agency that leads the action, or answers for it now."""
    plan = action.plan
    of_agency = by and by.agency and action.agency and by.agency.answering is action.agency.answering
    if not (of_agency and may(by, Action.ANSWER_REQUEST, within=plan.partnership_id)):
        ensure(by, Action.KEEP_PLAN, plan.case, within=plan.partnership_id)


def evidence_rows(action: PlannedAction, evidence: Sequence[Mapping[str, str]]) -> list[Evidence]:
    rows = []
    for given in evidence:
        link = link_of("link", given.get("link", ""))
        title = line("evidence", given.get("title", ""))
        if link or title:
            rows.append(Evidence(action_id=action.id, title=title or "Evidence", link=link))
    return rows
