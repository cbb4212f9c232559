"""Action plans of cases, each with as many actions as a large review has: findings, recommendations, actions."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from tracker import clock
from tracker.extensions import db
from tracker.models.cases import Case
from tracker.models.partnerships import Partnership
from tracker.models.plans import Finding, Plan, PlannedAction, Recommendation
from tracker.procedures.plan_status import Status

PLANS = 40
FINDINGS, RECOMMENDATIONS, ACTIONS = 10, 50, 10  # of a plan, of a plan, of a recommendation
LEADS = ("West Mercia Police", "Shropshire Council", "Midlands Partnership")
STATUSES = (Status.NOT_STARTED, Status.IN_PROGRESS, Status.CLAIMED, Status.VERIFIED)
OLDEST = 900  # days ago, when the first action was added


def fill_plans(partnership: Partnership, cases: list[Case]) -> None:
    """A plan of 500 actions for each of *cases*, in four statements."""
    plans: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    recommendations: list[dict[str, Any]] = []
    actions: list[dict[str, Any]] = []
    first = clock.today() - timedelta(days=OLDEST)
    for plan, case in enumerate(cases, start=1):
        of = {"plan_id": plan}
        plans.append(
            {"id": plan, "partnership_id": partnership.id, "case_id": case.id, "title": "Plan", "added_on": first}
        )
        for place in range(1, FINDINGS + 1):
            findings.append(of | {"id": len(findings) + 1, "position": place, "text": f"What was found, {place}"})
        for place in range(1, RECOMMENDATIONS + 1):
            number = len(recommendations) + 1
            recommendations.append(
                of
                | {"id": number, "finding_id": len(findings) - place % FINDINGS, "position": place, "scope": "local"}
                | {"number": str(place), "number_order": f"{place:04}", "text": f"What is recommended, {place}"}
            )
            for _ in range(ACTIONS):
                actions.append(action(len(actions), case, partnership) | of | {"recommendation_id": number})
    for model, rows in (
        (Plan, plans),
        (Finding, findings),
        (Recommendation, recommendations),
        (PlannedAction, actions),
    ):
        db.session.execute(insert(model), rows)


def action(number: int, case: Case, partnership: Partnership) -> dict[str, Any]:
    """One of them: added, due and done on days of its own, so that no two stand alike."""
    added = clock.today() - timedelta(days=OLDEST - number % 700)
    due, done = added + timedelta(days=120 + number % 400), added + timedelta(days=90 + number % 101)
    status = STATUSES[number % len(STATUSES)]
    return {
        "case_id": case.id,
        "partnership_id": partnership.id,
        "position": number % (RECOMMENDATIONS * ACTIONS) + 1,
        "text": f"What is to be done, {number}",
        "lead_agency": LEADS[number % len(LEADS)],
        "added_on": added,
        "target_text": f"{due:%d/%m/%Y}",
        "due_on": due,
        "status": status,
        "heard_on": done,
        "claimed_on": done if status in (Status.CLAIMED, Status.VERIFIED) else None,
        "verified_on": done + timedelta(days=30) if status is Status.VERIFIED else None,
    }
