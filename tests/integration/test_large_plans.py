"""Plans as pages show them: how they were worked off, a page at a time, in as many statements however long they are."""

import csv
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.models import AuditEntry, Case, Finding, Partnership, Plan, PlannedAction, Recommendation, Role, User
from tracker.procedures.burn_up import Course
from tracker.procedures.target_dates import Target
from tracker.services import actions, plans, progress, recommendations
from tracker.web.plans.burn_up_chart import BurnUpChart
from tracker.web.plans.plan_page import PAGE

TODAY = date(2026, 3, 2)
NO_DATE = Target("")
Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


@pytest.fixture
def case(officer: User) -> Case:
    return make_case(officer, "dhr", date(2026, 1, 5))


def long_plan(session: Session, of: Case | Partnership, officer: User, recommendations: int, each: int) -> Plan:
    """A plan of so many recommendations with so many actions each, the last with two pages of them more."""
    plan = plans.begin_plan(of, by=officer, title="Long plan")
    session.add(found := Finding(plan_id=plan.id, position=1, text="Nobody asked."))
    session.flush()
    rows = [
        Recommendation(plan_id=plan.id, position=n, number=f"R{n}", number_order=f"{n:05}", text=f"Do {n}.")
        for n in range(1, recommendations + 1)
    ]  # fmt: skip
    rows[-1].finding_id = found.id
    session.add_all(rows)
    session.flush()
    common = {"plan_id": plan.id, "partnership_id": plan.partnership_id, "case_id": plan.case_id, "added_on": TODAY}
    under = [row.id for row in rows for _ in range(each)] + [rows[-1].id] * 2 * PAGE
    made = [
        common | {"recommendation_id": number, "position": place, "text": f"Action {place} of all"}
        for place, number in enumerate(under, start=1)
    ]
    session.execute(insert(PlannedAction), made)
    session.commit()
    return plan


def test_a_long_plan_is_shown_a_page_at_a_time(
    client: FlaskClient, session: Session, officer: User, case: Case, statements: Statements
) -> None:
    of_case = long_plan(session, case, officer, 12, 5)
    own = long_plan(session, make_partnership(), officer, 1, 0)
    sign_in_as(client, officer)
    address = f"/cases/{case.reference}/plan"
    for asked, most in ((address, 10), (f"{address}?page=3", 10), (f"/plans/{own.id}", 12), ("/plans", 12)):
        with statements() as made:
            assert client.get(asked).status_code == 200
        assert len(made) <= most, (asked, len(made), made)
    first, last = page(client.get(address)), page(client.get(f"{address}?page=4"))
    assert first.h1.text == "160 actions in the plan, 0 past target"
    assert len(first.select("th a[href^='/plans/actions/']")) == PAGE
    assert first.select_one("h2#course").text == "0 of 160 actions complete, 0 verified"
    (led_to,) = first.select("td a[href*='#r']")
    assert led_to["href"] == f"{address}?page=2#r{of_case.recommendations[-1].id}"
    assert [heading.text for heading in last.select("h2[id^=r]")] == ["R12, continued"]
    assert "Action 160 of all" in last.text
    assert last.select_one("h2#course") is None


def test_the_course_of_a_plan_is_drawn_and_can_be_taken_away(
    client: FlaskClient, session: Session, officer: User, case: Case, today_is: Callable[[date], None]
) -> None:
    plan = plans.begin_plan(case, by=officer)
    asked = recommendations.add_recommendation(plan, by=officer, number="R1", text="Train.", scope="local")
    sign_in_as(client, officer)
    address = f"/cases/{case.reference}/plan"
    assert page(client.get(address)).select_one("h2#course") is None
    first = actions.add_action(asked, by=officer, text="Early", target=NO_DATE, lead_agency="Police")
    begun = page(client.get(address))
    assert begun.select_one("h2#course").text == "0 of 1 action complete, 0 verified"
    assert begun.select_one("svg.picture") is None
    today_is(date(2026, 4, 20))
    actions.add_action(asked, by=officer, text="Late", target=NO_DATE)
    progress.claim_complete(first, by=officer, on=date(2026, 4, 1), text="Done.")
    sign_in_as(client, officer)
    shown = page(client.get(address))
    assert shown.select_one("h2#course").text == "1 of 2 actions complete, 0 verified"
    assert shown.select_one("svg.picture")
    given = client.get(f"/plans/{plan.id}/course.csv")
    table = list(csv.reader(io.StringIO(given.data.decode("utf-8-sig"))))
    assert table[-4:] == [
        ["On", "In the plan", "Complete", "Verified"],
        ["2026-03-02", "1", "0", "0"],
        ["2026-03-31", "1", "0", "0"],
        ["2026-04-20", "2", "1", "0"],
    ]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "export_plan")).one()
    assert (entry.actor_id, json.loads(entry.detail)) == (officer.id, {"kind": "course"})
    sign_in_as(client, make_user(Role.OFFICER, partnership=make_partnership("telford")))
    assert client.get(f"/plans/{plan.id}/course.csv").status_code == 404


def test_names_of_lines_never_stand_over_each_other() -> None:
    done = date(2026, 2, 1)
    for courses in ([Course(done)], [Course(done, TODAY, TODAY)], [Course(done, done), Course(done)] * 250):
        chart = BurnUpChart.of(courses, TODAY)
        heights = sorted(words.y for words in chart.texts if words.kind == "t-bold")
        assert all(below - above >= 20 for above, below in pairwise(heights))
        assert all(0 <= line.x1 <= line.x2 <= 100 for line in chart.lines)
