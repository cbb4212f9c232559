"""Action plans: the chain from finding to impact, who may do what, what is derived, what never vanishes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user
from tracker.errors import NotFound, NotPermitted, Refused, Stale
from tracker.models import Agency, AuditEntry, Case, Deadline, Plan, PlannedAction, Role, User
from tracker.policy import visible_plans
from tracker.procedures.plan_file import ActionLine, RecommendationLine
from tracker.procedures.plan_status import Status
from tracker.procedures.target_dates import Target
from tracker.queries.projections import wrong_projections
from tracker.services import actions, agencies, findings, plans, progress, recommendations
from tracker.services.cases import record_step
from tracker.services.plan_imports import import_plan

TODAY = date(2026, 3, 2)
JUNE = Target("June 2026", date(2026, 6, 1), date(2026, 6, 30), "month")


@pytest.fixture
def officer(app: Flask, session: Session, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


@pytest.fixture
def case(officer: User) -> Case:
    return make_case(officer, "dhr", date(2026, 1, 5))


@pytest.fixture
def action(officer: User, case: Case, session: Session) -> PlannedAction:
    session.add(Agency(partnership_id=case.partnership_id, name="West Mercia Police"))
    plan = plans.begin_plan(case, by=officer)
    asked = recommendations.add_recommendation(plan, by=officer, number="R1", text="Train everybody.", scope="local")
    return actions.add_action(asked, by=officer, text="Train.", target=JUNE, lead_agency="West Mercia Police")


def deadlines(session: Session, action: PlannedAction) -> list[tuple[str, str, date | None, date | None]]:
    rows = session.scalars(select(Deadline).where(Deadline.action_id == action.id).order_by(Deadline.due_on))
    return [(row.key, row.state, row.due_on, row.met_on) for row in rows]


def test_a_claim_is_verified_by_another_agency_and_its_impact_checked(
    session: Session, officer: User, action: PlannedAction, today_is: Callable[[date], None]
) -> None:
    assert deadlines(session, action) == [("action_target", "open", date(2026, 6, 30), None)]
    progress.report_progress(action, by=officer, on=TODAY, text="A trainer is found.")
    assert action.status is Status.IN_PROGRESS
    progress.claim_complete(action, by=officer, on=TODAY, text="Trained.", evidence=[{"link": "https://example.org/a"}])
    with pytest.raises(NotPermitted, match="You recorded this claim"):
        progress.verify_action(action, by=officer, on=TODAY, text="Seen.", upheld=True)
    police = make_user(Role.MANAGER)
    police.agency_id = action.agency_id
    session.commit()
    with pytest.raises(NotPermitted, match="somebody of another agency"):
        progress.verify_action(action, by=police, on=TODAY, text="Seen.", upheld=True)
    chair = make_user(Role.CHAIR)
    progress.verify_action(action, by=chair, on=TODAY, text="Registers are missing.", upheld=False)
    assert (action.status, action.claimed_on) == (Status.IN_PROGRESS, None)
    progress.claim_complete(action, by=officer, on=TODAY, text="Registers added.")
    progress.verify_action(action, by=chair, on=TODAY, text="Registers seen.", upheld=True)
    assert deadlines(session, action) == [
        ("action_target", "met", date(2026, 6, 30), TODAY),
        ("impact_6", "open", date(2026, 9, 2), None),
        ("impact_12", "open", date(2027, 3, 2), None),
    ]
    today_is(date(2026, 9, 1))
    progress.check_impact(action, by=officer, months=6, on=date(2026, 9, 1), text="Referrals doubled.")
    assert deadlines(session, action)[1] == ("impact_6", "met", date(2026, 9, 2), date(2026, 9, 1))
    with pytest.raises(Refused, match="recorded already"):
        progress.check_impact(action, by=officer, months=6, on=date(2026, 9, 1), text="Again.")
    for nothing in (" ", "\u200b", "\u2800 \u202e\u3164"):
        with pytest.raises(Refused, match="Enter why it is taken up again"):
            actions.reopen_action(action, by=officer, reason=nothing)
    actions.reopen_action(action, by=officer, reason="The training lapsed.")
    assert action.status is Status.IN_PROGRESS
    assert [event.kind.value for event in action.events] == [
        "updated", "claimed", "sent_back", "claimed", "verified", "impact_checked", "reopened",
    ]  # fmt: skip
    assert wrong_projections() == (1, [])


def test_a_moved_target_keeps_the_old_one_and_why(session: Session, officer: User, action: PlannedAction) -> None:
    later = Target("September 2026", date(2026, 9, 1), date(2026, 9, 30), "month")
    with pytest.raises(Refused, match="Enter why"):
        actions.move_target(action, by=officer, target=later, reason="")
    event = actions.move_target(action, by=officer, target=later, reason="No trainer.")
    assert (event.old_due_on, event.new_due_on, action.slips) == (date(2026, 6, 30), date(2026, 9, 30), 1)
    assert event.old_target == {"text": "June 2026", "since": "2026-06-01", "until": "2026-06-30", "precision": "month"}
    row = session.scalars(select(Deadline).where(Deadline.action_id == action.id)).one()
    assert (row.due_on, row.original_due_on) == (date(2026, 9, 30), date(2026, 6, 30))
    with pytest.raises(Refused, match="has already"):
        actions.move_target(action, by=officer, target=later, reason="Again.")


def test_a_relative_target_waits_on_its_event_and_the_case_keeps_its_own_deadlines(
    session: Session, officer: User, case: Case, action: PlannedAction
) -> None:
    agreed = Target("within 6 months of the plan", precision="event", event="agencies_scoped", months=6)
    waits = actions.add_action(action.recommendation, by=officer, text="Publish.", target=agreed)
    assert (waits.due_on, deadlines(session, waits)) == (None, [])
    record_step(case, by=officer, step="agencies_scoped", on=date(2026, 2, 2), answers={})
    assert waits.due_on == date(2026, 8, 2)
    session.refresh(case)
    assert {row.action_id for row in case.deadlines} == {None}
    assert wrong_projections() == (1, [])
    session.scalars(select(Deadline).where(Deadline.action_id == waits.id)).one().due_on = date(2026, 1, 1)
    session.flush()
    assert [row["old"] for row in wrong_projections()[1]] == ["2026-01-01"]


def test_nothing_ends_without_a_reason_and_nothing_vanishes(
    session: Session, officer: User, action: PlannedAction
) -> None:
    other = actions.add_action(action.recommendation, by=officer, text="Train better.", target=Target())
    with pytest.raises(Refused, match="Enter the reason"):
        actions.end_action(action, by=officer, reason="")
    actions.end_action(action, by=officer, reason="Done better elsewhere.", superseded_by=other)
    assert action.status is Status.SUPERSEDED
    assert deadlines(session, action)[0][1] == "cancelled"
    with pytest.raises(Refused, match="superseded"):
        progress.claim_complete(action, by=officer, on=TODAY, text="Done.")
    with pytest.raises(Refused, match="superseded"):
        actions.end_action(action, by=officer, reason="Twice.")


def test_a_form_sent_twice_or_drawn_too_early_changes_a_plan_once(officer: User, action: PlannedAction) -> None:
    plan = action.plan
    version = plan.version
    sent: dict[str, Any] = {"by": officer, "text": "Found.", "version": version, "submission_key": "k" * 20}
    findings.add_finding(plan, **sent)
    with pytest.raises(plans.PlanResent):
        findings.add_finding(plan, **sent)
    with pytest.raises(Stale):
        findings.add_finding(plan, **sent | {"submission_key": "l" * 20})
    assert len(plan.findings) == 1


def test_recommendations_stand_in_natural_order_and_bodies_answer_for_themselves(
    session: Session, officer: User, action: PlannedAction
) -> None:
    plan = action.plan
    for number in ("R10", "R2", "10(b)", "10(a)", "5.1", "5.10", "5.2"):
        recommendations.add_recommendation(plan, by=officer, number=number, text="Do.")
    session.refresh(plan)
    numbers = [row.number for row in plan.recommendations]
    assert numbers == ["5.1", "5.2", "5.10", "10(a)", "10(b)", "R1", "R2", "R10"]
    with pytest.raises(Refused, match="already has a recommendation R2"):
        recommendations.add_recommendation(plan, by=officer, number="R2", text="Do.")
    to = recommendations.address_recommendation(plan.recommendations[0], by=officer, name="Home Office", sent_on=TODAY)
    with pytest.raises(Refused, match="reason"):
        recommendations.record_response(to, by=officer, response="refused", on=TODAY)
    recommendations.record_response(to, by=officer, response="refused", on=TODAY, reason="No money.")
    assert to.response == "refused"


@pytest.mark.parametrize("role", list(Role))
def test_readers_see_plans_and_keepers_change_them(session: Session, action: PlannedAction, role: Role) -> None:
    person = make_user(role)
    own = plans.begin_plan(make_partnership(), by=None, title="Prevent")
    seen = set(session.scalars(select(Plan.id).where(visible_plans(person))))
    reads = role not in (Role.ADMINISTRATOR, Role.PARTNER)
    assert seen == ({own.id, action.plan_id} if reads else set())
    outsider = make_user(role, partnership=make_partnership("telford"))
    assert not list(session.scalars(select(Plan.id).where(visible_plans(outsider))))
    with pytest.raises(NotFound):
        findings.add_finding(action.plan, by=outsider, text="Mine.")
    if role in (Role.OFFICER, Role.MANAGER):
        findings.add_finding(action.plan, by=person, text="Found.")
    else:
        with pytest.raises((NotPermitted, NotFound)):
            findings.add_finding(action.plan, by=person, text="Found.")


def test_a_restricted_case_hides_its_plan(session: Session, case: Case, action: PlannedAction) -> None:
    colleague = make_user(Role.MANAGER)
    case.restricted = True
    session.commit()
    assert not list(session.scalars(select(Plan.id).where(visible_plans(colleague))))
    with pytest.raises(NotFound):
        progress.report_progress(action, by=colleague, on=TODAY, text="Seen.")


def test_an_agency_reports_on_its_own_actions_alone(session: Session, officer: User, action: PlannedAction) -> None:
    contact = make_user(Role.PARTNER)
    contact.agency_id = action.agency_id
    session.commit()
    progress.report_progress(action, by=contact, on=TODAY, text="Started.", state="blocked")
    assert action.blocked
    other = actions.add_action(action.recommendation, by=officer, text="Not theirs.", target=Target())
    with pytest.raises(NotFound):
        progress.report_progress(other, by=contact, on=TODAY, text="Mine?")


def test_a_renamed_agency_is_still_itself(session: Session, officer: User, action: PlannedAction) -> None:
    partner = make_user(Role.PARTNER)
    partner.agency_id = action.agency_id
    session.commit()
    progress.report_progress(action, by=partner, on=TODAY, text="A trainer is found.")
    progress.claim_complete(action, by=officer, on=TODAY, text="Trained.")
    assert action.agency
    merger = agencies.rename_agency(action.agency, by=make_user(Role.ADMINISTRATOR), name="Marches Police", on=TODAY)
    police = make_user(Role.MANAGER)
    police.agency_id = merger.id
    session.commit()
    with pytest.raises(NotPermitted, match="Marches Police claims this"):
        progress.verify_action(action, by=police, on=TODAY, text="Seen.", upheld=True)
    progress.verify_action(action, by=make_user(Role.CHAIR), on=TODAY, text="Registers are missing.", upheld=False)
    progress.report_progress(action, by=partner, on=TODAY, text="Registers are kept.")
    other = make_user(Role.PARTNER)
    other.agency = Agency(partnership_id=action.partnership_id, name="Fire service")
    session.commit()
    with pytest.raises((NotFound, NotPermitted)):
        progress.report_progress(action, by=other, on=TODAY, text="Not ours.")


def test_an_action_that_has_ended_keeps_its_words(officer: User, action: PlannedAction) -> None:
    actions.end_action(action, by=officer, reason="The law changed.")
    with pytest.raises(Refused, match="the action is stopped"):
        actions.change_action(action, by=officer, text="Train more.", lead_agency="", owner="", milestones="")


def test_an_action_in_other_words_keeps_what_it_said(officer: User, action: PlannedAction) -> None:
    actions.change_action(
        action, by=officer, text="Hold a meeting.", lead_agency="West Mercia Police", owner="", milestones=""
    )
    (event,) = action.events
    assert (event.kind.value, event.text) == ("reworded", "What is to be done was: Train.")
    assert action.heard_on is None
    progress.claim_complete(action, by=officer, on=TODAY, text="Met.")
    with pytest.raises(Refused, match="claims this complete") as refused:
        actions.change_action(action, by=officer, text="Train.", lead_agency="Fire", owner="", milestones="")
    assert refused.value.field == "lead_agency"


def test_what_was_imported_as_complete_is_verified_by_somebody_else(session: Session, officer: User) -> None:
    plan = plans.begin_plan(make_partnership(), by=officer)
    done = ActionLine("Train.", lead_agency="West Mercia Police", target=JUNE, status=Status.CLAIMED)
    lines = [RecommendationLine("1", "Train everybody.", actions=(done,))]
    import_plan(plan, by=officer, source="plan.csv", answers=lines)
    (action,) = plan.recommendations[0].actions
    with pytest.raises(NotPermitted, match="You recorded this claim"):
        progress.verify_action(action, by=officer, on=TODAY, text="Seen.", upheld=True)
    progress.verify_action(action, by=make_user(Role.MANAGER), on=TODAY, text="Seen.", upheld=True)


def test_the_record_of_changes_says_of_which_case_a_recommendation_is(
    session: Session, officer: User, case: Case, action: PlannedAction
) -> None:
    line = action.recommendation
    finding = findings.add_finding(line.plan, by=officer, text="Nobody was trained.")
    findings.change_finding(finding, by=officer, text="Few were trained.", themes=[])
    recommendations.change_recommendation(line, by=officer, number="R1", text="Train some.")
    body = recommendations.address_recommendation(line, by=officer, name="Home Office")
    recommendations.record_response(body, by=officer, response="accepted", on=TODAY)
    made = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(5)
    assert {(entry.case_id, entry.partnership_id) for entry in session.scalars(made)} == {
        (case.id, case.partnership_id)
    }
