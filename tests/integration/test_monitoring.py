"""Actions across plans: each list holds what it says, counts agree with lists, and nobody sees another's plan."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from itertools import product

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.errors import Refused
from tracker.models import Agency, Plan, PlannedAction, Recommendation, Role, User
from tracker.procedures.plan_status import Rated, Rating, Status
from tracker.procedures.target_dates import Target
from tracker.queries.learning import times_returned
from tracker.queries.monitoring import (
    KINDS,
    ActionFilter,
    actions_of,
    by_agency,
    by_theme,
    counts_of,
)
from tracker.services import actions, findings, plans, progress, recommendations
from tracker.services.settings import change_setting

TODAY = date(2026, 3, 2)
JUNE = Target("June 2026", date(2026, 6, 1), date(2026, 6, 30), "month")
JANUARY = Target("January 2026", date(2026, 1, 1), date(2026, 1, 31), "month")


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


@pytest.fixture
def plan(officer: User, session: Session) -> Plan:
    """A plan with an action of each kind, and one of a national recommendation that nobody has answered."""
    case = make_case(officer, "dhr", date(2026, 1, 5))
    session.add(Agency(partnership_id=case.partnership_id, name="Police"))
    plan = plans.begin_plan(case, by=officer)
    finding = findings.add_finding(plan, by=officer, text="Nobody asked.", themes=["information sharing"])
    asked = recommendations.add_recommendation(
        plan, by=officer, number="R1", text="Ask.", scope="national", finding=finding
    )
    recommendations.address_recommendation(
        asked, by=officer, name="Home Office", sent_on=date(2026, 1, 6), due_on=TODAY
    )
    _, _, stuck, claimed, moved = (
        actions.add_action(asked, by=officer, text=text, target=target, lead_agency="Police")
        for text, target in (
            ("On course", JUNE), ("Late one", JANUARY), ("Stuck one", JUNE), ("Claimed one", JUNE), ("Moved one", JUNE),
        )
    )  # fmt: skip
    progress.report_progress(stuck, by=officer, on=TODAY, text="No money.", state="blocked")
    progress.claim_complete(claimed, by=officer, on=TODAY, text="Done.")
    later = Target("July 2026", date(2026, 7, 1), date(2026, 7, 31), "month")
    actions.move_target(moved, by=officer, target=later, reason="No trainer.")
    return plan


def test_each_list_holds_what_it_says_and_counts_agree(officer: User, plan: Plan) -> None:
    counts = counts_of(officer, TODAY)
    found = {
        kind: [action.text for action in actions_of(officer, ActionFilter(kind), TODAY, counts).actions]
        for kind in KINDS
    }
    assert found["late"] == ["Late one"]
    assert found["blocked"] == ["Stuck one"]
    assert found["without_evidence"] == found["to_verify"] == ["Claimed one"]
    assert len(found["live"]) == 5
    assert counts == {kind: len(texts) for kind, texts in found.items()}
    for tally in (*by_agency(officer, TODAY), *by_theme(officer, TODAY)):
        assert (tally.live, tally.late, tally.blocked, tally.to_verify, tally.verified) == (5, 1, 1, 1, 0)
    assert actions_of(officer, ActionFilter("late", theme="information sharing"), TODAY, counts).total == 1
    assert actions_of(officer, ActionFilter("late", theme="training"), TODAY, counts).total == 0
    assert actions_of(officer, ActionFilter("late", agency="Fire"), TODAY, counts).total == 0


def test_a_partnership_settles_from_when_an_action_is_amber(
    client: FlaskClient, session: Session, officer: User, plan: Plan
) -> None:
    far = next(action for action in session.query(PlannedAction) if action.text == "On course")  # due in 120 days
    sign_in_as(client, make_user(Role.ADMINISTRATOR))
    given = {"days": "0", "on": [str(TODAY.day), str(TODAY.month), str(TODAY.year)]}
    wrong = client.post("/admin/settings/actions.due_soon", data=given)
    assert "1" in page(wrong).select_one(".govuk-error-summary a").text
    before = client.post("/admin/settings/actions.due_soon", data=given | {"days": "120"})
    assert "2 actions would have another rating on that day" in before.text
    assert far.rated(TODAY).rating is Rating.GREEN
    client.post("/admin/settings/actions.due_soon", data=given | {"days": "120", "apply": "yes"})
    session.expire_all()
    assert far.rated(TODAY - timedelta(days=1)).rating is Rating.GREEN
    assert far.rated(TODAY) == Rated(Rating.AMBER, "Due in 120 days, on 30 June 2026")
    assert "120 days before its target" in client.get("/admin/settings").text
    sign_in_as(client, officer)
    assert plan.case
    assert "120 days before its target" in client.get(f"/cases/{plan.case.reference}/plan").text
    with pytest.raises(Refused):
        change_setting(plan.partnership, by=None, key="actions.due_soon", value=True, takes_effect_on=TODAY)


def test_a_theme_that_was_done_and_is_found_again_came_back(
    officer: User, plan: Plan, today_is: Callable[[date], None]
) -> None:
    (claimed,) = (action for action in plan.recommendations[0].actions if action.status is Status.CLAIMED)
    for other in set(plan.recommendations[0].actions) - {claimed}:
        actions.end_action(other, by=officer, reason="One is enough.")
    assert times_returned(officer) == {}
    progress.verify_action(claimed, by=make_user(Role.CHAIR), on=TODAY, text="Seen.", upheld=True)
    today_is(TODAY + timedelta(days=30))
    later = plans.begin_plan(make_case(officer, "dhr", TODAY + timedelta(days=30)), by=officer)
    for themes in (["information sharing"], ["information sharing", "training"]):
        findings.add_finding(later, by=officer, text="Again.", themes=themes)
    assert times_returned(officer) == {"information sharing": 1}
    assert times_returned(make_user(Role.OFFICER, partnership=make_partnership("telford"))) == {}


def test_late_in_lists_is_what_a_plan_shows_as_red(session: Session, officer: User, plan: Plan) -> None:
    day = timedelta(days=1)
    dates = (None, TODAY - day, TODAY, TODAY + day)
    recommendation = plan.recommendations[0]
    for place, (status, due, claimed) in enumerate(product(Status, dates, dates), start=100):
        session.add(
            PlannedAction(
                plan_id=plan.id, partnership_id=plan.partnership_id, case_id=plan.case_id, position=place, text="x",
                recommendation_id=recommendation.id, status=status, due_on=due, claimed_on=claimed, added_on=TODAY,
            )
        )  # fmt: skip
    session.commit()
    red = [action for action in session.query(PlannedAction) if action.rated(TODAY).rating is Rating.RED]
    assert counts_of(officer, TODAY)["late"] == len(red)


def test_pages_show_what_is_asked_for_and_take_few_statements(
    client: FlaskClient,
    session: Session,
    officer: User,
    plan: Plan,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    recommendation = session.query(Recommendation).one()
    for place in range(100, 160):
        session.add(
            PlannedAction(
                plan_id=plan.id, partnership_id=plan.partnership_id, case_id=plan.case_id, position=place, text="Many",
                recommendation_id=recommendation.id, lead_agency=f"Agency {place % 9}", due_on=TODAY,
            )
        )  # fmt: skip
    sign_in_as(client, officer)
    addresses = {
        "/actions": "65 actions",
        "/actions?kind=late&agency=Police&page=9": "Late one",
        "/actions?kind=nothing&theme=%00&page=%EF%BC%91": "Not yet verified: 65 actions",
        "/actions?page=3": "Claimed one",
        "/actions/scorecard": "information sharing",
        "/actions/slipped": "From 30 June 2026 to 31 July 2026, 31 days",
        "/actions/national": "to Home Office",
    }
    for address, words in addresses.items():
        with statements() as made:
            response = client.get(address)
        assert words in response.text, address
        assert len(made) <= 12, address


def test_nobody_sees_the_actions_of_another(client: FlaskClient, session: Session, officer: User, plan: Plan) -> None:
    assert plan.case
    plan.case.restricted = True
    session.commit()
    for person in (make_user(Role.MANAGER), make_user(Role.OFFICER, partnership=make_partnership("telford"))):
        sign_in_as(client, person)
        for address in ("/actions", "/actions/scorecard", "/actions/slipped", "/actions/national"):
            text = client.get(address).text
            for word in ("Late one", "Moved one", "Police", "Home Office to", plan.case.reference, "information"):
                assert word not in text, address
        assert set(counts_of(person, TODAY).values()) == {0}
