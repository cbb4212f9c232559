"""An action plan out of a spreadsheet, or out of a case file: all of it or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from tracker import clock
from tracker.errors import NotFound, Refused
from tracker.extensions import db
from tracker.models.cases import Case
from tracker.models.facts import reckoned
from tracker.models.partnerships import Agency
from tracker.models.plan_projection import project_action, relative_target
from tracker.models.plan_uploads import PlanUpload
from tracker.models.plans import Addressee, Finding, FindingTheme, Plan, PlannedAction, Recommendation
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.procedures.numbering import natural_order
from tracker.procedures.plan_file import ActionLine, RecommendationLine
from tracker.procedures.plan_read import Answers, PlanRead
from tracker.procedures.plan_rows import read_rows
from tracker.services.actions import aim
from tracker.services.plan_sheets import rows_of
from tracker.services.plan_uploads import held
from tracker.services.plans import new_plan, note_submission, once_on_plan, take_plan
from tracker.services.use_case import use_case

NOTHING_ANSWERED = Answers()


def read_plan(content: bytes, name: str, answers: Answers = NOTHING_ANSWERED) -> PlanRead:
    """What importing a file would do: the dry run. Raises Refused where it is no spreadsheet."""
    return read_rows(rows_of(content, name), clock.today(), answers, name)


@use_case
@once_on_plan
def import_plan(
    of: Case | Plan,
    *,
    by: User | None,
    source: str,
    answers: Sequence[RecommendationLine],
    upload: PlanUpload | None = None,
    version: int | None = None,
    submission_key: str | None = None,
) -> Plan:
    """Store the plan of a file.

    Args:
        of: the case whose plan it is, or the plan itself, while that is empty.
        source: the name of the file, for the audit.
        answers: what the file holds, which the audit does not repeat.
        upload: the file itself, where it was kept, which goes now.

    Raises:
        Refused: there is a plan with recommendations already, or nothing to import.
    """
    plan = plan_to_fill(of, by)
    if not answers:
        raise Refused("There is nothing to import in this file", field="file")
    if version is not None:
        take_plan(plan, version)
    note_submission(plan, submission_key)
    fill(plan, answers, by)
    if upload is not None and by is not None:
        db.session.delete(held(upload, by))
    return plan


def plan_to_fill(of: Case | Plan, by: User | None) -> Plan:
    plan = of if isinstance(of, Plan) else db.session.scalar(select(Plan).where(Plan.case_id == of.id))
    if plan is None and isinstance(of, Case):
        plan = new_plan(of, by=by)
        db.session.flush()
    if plan is None:
        raise NotFound
    ensure(by, Action.KEEP_PLAN, plan.case, within=plan.partnership_id)
    held = db.session.scalar(select(func.count(Recommendation.id)).where(Recommendation.plan_id == plan.id))
    if held:
        raise Refused(f"The plan has {held} recommendations already: an import only fills an empty one", field="file")
    return plan


def fill(plan: Plan, lines: Iterable[RecommendationLine], by: User | None = None) -> None:
    """Add the recommendations and their actions to an empty plan, and derive their dates."""
    agencies = {
        name.casefold(): number
        for number, name in db.session.execute(
            select(Agency.id, Agency.name).where(Agency.partnership_id == plan.partnership_id)
        )
    }
    findings: dict[tuple[str, tuple[str, ...]], Finding] = {}
    position = 0
    added: list[PlannedAction] = []
    for place, line in enumerate(lines, start=1):
        recommendation = Recommendation(
            plan_id=plan.id,
            position=place,
            number=line.number,
            number_order=natural_order(line.number),
            text=line.text,
            scope=line.scope,
            multi_agency=line.multi_agency,
            finding=finding_of(plan, line, findings),
            addressees=[addressee_of(given, agencies) for given in line.addressees],
            actions=[],
        )
        for action_line in line.actions:
            position += 1
            action = action_of(plan, action_line, position, agencies)
            action.added_by_id = by.id if by else None
            recommendation.actions.append(action)
            added.append(action)
        db.session.add(recommendation)
    db.session.flush()
    answer = reckoned(plan.case, clock.today()) if plan.case and any(each.target_event for each in added) else None
    for action in added:
        if answer and action.target_event:
            action.target_to = relative_target(action, answer)
        project_action(action)


def finding_of(
    plan: Plan, line: RecommendationLine, known: dict[tuple[str, tuple[str, ...]], Finding]
) -> Finding | None:
    if not line.finding:
        return None
    key = (line.finding, line.themes)
    if key not in known:
        themes = [FindingTheme(theme=theme) for theme in dict.fromkeys(line.themes)]
        known[key] = Finding(plan_id=plan.id, position=len(known) + 1, text=line.finding, themes=themes)
    return known[key]


def addressee_of(given: Mapping[str, Any], agencies: dict[str, int]) -> Addressee:
    days = {key: date.fromisoformat(given[key]) for key in ("sent_on", "due_on", "responded_on") if given.get(key)}
    words = {key: given.get(key, "") for key in ("name", "response", "reason")}
    return Addressee(**words, **days, agency_id=agencies.get(words["name"].casefold()))


def action_of(plan: Plan, line: ActionLine, position: int, agencies: dict[str, int]) -> PlannedAction:
    action = PlannedAction(
        plan_id=plan.id,
        partnership_id=plan.partnership_id,
        case_id=plan.case_id,
        position=position,
        text=line.text,
        lead_agency=line.lead_agency,
        agency_id=agencies.get(line.lead_agency.casefold()),
        owner=line.owner,
        milestones=line.milestones,
        completed_text=line.completed_text,
        completed_on=line.completed_on,
        outcome=line.outcome,
        begun_as=line.status,
        source=line.source,
        added_on=clock.today(),
        deadlines=[],
        events=[],
    )
    aim(action, line.target)
    return action
