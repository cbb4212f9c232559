"""Figures of stored cases, and the command that prints them."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import make_partnership, make_user, sign_in_as
from tracker.models import LocalSetting, Partnership, Role
from tracker.procedures.case_file import read_cases
from tracker.procedures.target_dates import Target
from tracker.queries.figures import figures_of
from tracker.services import plans, recommendations
from tracker.services.actions import add_action
from tracker.services.case_files import load_cases
from tracker.services.demo import fill_demo, new_sign_ins

YEAR = (date(2024, 4, 1), date(2025, 3, 31))


@pytest.fixture(autouse=True)
def november_2026(today_is: Callable[[date], None]) -> None:
    """Every test happens on one day, after everything it is about."""
    today_is(date(2026, 11, 23))


def load(*cases: dict[str, object]) -> None:
    """Stores case files: only what a test says, the rest made up."""
    files = read_cases([{"partnership": "shropshire", "reference": f"CASE-{n}"} | case for n, case in enumerate(cases)])
    load_cases("test", by=None, case_files=files, references=[case.reference for case in files])


def event(step: str, on: str, **answers: str) -> dict[str, object]:
    return {"step": step, "on": on, "answers": answers}


def asb(*events: dict[str, object], **more: object) -> dict[str, object]:
    return {"type": "asb", "events": list(events), **more}


RECEIVED = event("application_received", "2024-05-01")


@pytest.fixture
def shropshire(session: Session) -> Partnership:
    return make_partnership()


def test_the_demo_gives_the_pilots_figures(app: Flask) -> None:
    """ "D6 = 1, D7 = 1, D4 = 2, D3 referred in the previous year = 2, D1 = 1; A1 = 6, A5 = 4, reviewed (A6) = 2, action
    plans developed and monitored (A7) = 2, all six about neighbours (A8)": the domain reference, section 4."""
    fill_demo("shropshire", by=None, secret=new_sign_ins())
    printed = app.test_cli_runner().invoke(args=["figures", "--from", "2024-04-01", "--to", "2025-03-31"])
    assert printed.exit_code == 0, printed.stderr
    found = json.loads(printed.stdout)
    assert (found["from"], found["to"], found["as_at"]) == ("2024-04-01", "2025-03-31", "2026-11-23")
    assert found["partnership"] == "shropshire"
    figures = found["figures"]
    assert {key: figures[key]["value"] for key in ("D6", "D7", "D4", "D1", "A1", "A5", "A6", "A7", "A8")} == {
        "D6": 1, "D7": 1, "D4": 2, "D1": 1, "A1": 6, "A5": 4, "A6": 2, "A7": 2, "A8": 6,
    }  # fmt: skip
    assert figures["D3"]["by"]["2023-24"] == 2
    assert figures["A6"]["by"]["reviewed"] == 2
    assert figures["A8"]["by"]["neighbours"] == 6


def test_a_joint_review_counts_once_in_each_partnership(shropshire: Partnership) -> None:
    """Pitfall: "a joint review counts once in each partnership and is flagged"."""
    telford = make_partnership("telford")
    load(asb(RECEIVED, contributing=["telford"]), asb(RECEIVED), asb(RECEIVED, partnership="telford"))
    ours, theirs, both = (figures_of(which, *YEAR)["A1"] for which in (shropshire, telford, None))
    assert (ours.value, ours.joint) == (2, 1)
    assert (theirs.value, theirs.joint) == (2, 1)
    assert (both.value, both.joint) == (3, 1)


def test_a_late_entry_restates(shropshire: Partnership) -> None:
    """Pitfall: "a late entry after publication of the figures restates and does not rewrite"."""
    load(asb(RECEIVED))
    published = figures_of(shropshire, *YEAR, date(2025, 4, 30))
    load(asb(event("application_received", "2025-03-30"), reference="LATE"))
    assert figures_of(shropshire, *YEAR, date(2025, 4, 30))["A1"].value == 2
    assert (published["A1"].value, published.as_json()["as_at"]) == (1, "2025-04-30")


def test_a_time_limit_follows_the_partnerships_settings(shropshire: Partnership, session: Session) -> None:
    session.add(
        LocalSetting(
            partnership_id=shropshire.id,
            key="asb.acknowledge",
            value=json.dumps({"length": 1, "unit": "working_days"}),
            takes_effect_on=date(2024, 1, 1),
        )
    )
    session.commit()
    load(asb(RECEIVED, event("acknowledged", "2024-05-07")))
    assert figures_of(shropshire, *YEAR)["A11"].by["acknowledge"] == 0


def run(app: Flask, *arguments: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["figures", *arguments])
    return result.exit_code, result.stdout, result.stderr


PERIOD = ("--from", "2024-04-01", "--to", "2025-03-31")


def test_as_at_and_partnership(app: Flask, shropshire: Partnership) -> None:
    make_partnership("telford")
    load(asb(RECEIVED, event("withdrawn", "2024-06-01")), asb(RECEIVED, partnership="telford"))
    code, printed, _ = run(app, *PERIOD, "--partnership", "shropshire", "--as-at", "2024-05-31")
    found = json.loads(printed)
    assert (code, found["partnership"], found["as_at"]) == (0, "shropshire", "2024-05-31")
    assert (found["figures"]["A1"]["value"], found["figures"]["A5"]["value"]) == (1, 0)
    together = json.loads(run(app, *PERIOD)[1])
    assert (together["partnership"], together["figures"]["A1"]["value"]) == (None, 2)


def test_a_table_and_a_page(app: Flask, shropshire: Partnership) -> None:
    load(asb(RECEIVED, themes=["=cmd"]))
    table = list(csv.DictReader(io.StringIO(run(app, *PERIOD, "--format", "csv")[1])))
    assert next(row["Number"] for row in table if (row["Figure"], row["Part"]) == ("A1", "")) == "1"
    assert any(row["Part"] == "'=cmd" for row in table)
    assert "A1      1  ASB case review applications received" in run(app, *PERIOD, "--format", "text")[1]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--from", "2025-04-01", "--to", "2025-03-31"], "--to is before --from"),
        (["--from", "2025-02-30", "--to", "2025-03-31"], "2025-02-30"),
        (["--from", "2025-04-01"], "--to"),
        (["--from", "0001-01-01", "--to", "2025-03-31"], "1900 to 2200"),
        ([*PERIOD, "--as-at", "9999-12-31"], "1900 to 2200"),
        ([*PERIOD, "--partnership", "nowhere"], "nowhere"),
        ([*PERIOD, "--partnership", ""], "no partnership"),
        ([*PERIOD, "--format", "xlsx"], "xlsx"),
    ],
)
def test_wrong_use(app: Flask, arguments: list[str], why: str) -> None:
    code, printed, message = run(app, *arguments)
    assert (code, printed) == (2, "")
    assert why in message


def test_the_cases_take_as_many_statements_however_many_they_are(
    shropshire: Partnership, statements: Callable[[], object]
) -> None:
    load(asb(RECEIVED))
    with statements() as few:  # type: ignore[attr-defined]
        figures_of(shropshire, *YEAR)
    load(*(asb(RECEIVED, reference=f"MORE-{n}") for n in range(5)))
    with statements() as many:  # type: ignore[attr-defined]
        figures_of(shropshire, *YEAR)
    assert len(few) == len(many)


def test_actions_of_a_partnerships_own_plans_count_for_it_alone(client: FlaskClient, shropshire: Partnership) -> None:
    officer, may = make_user(Role.OFFICER), date(2026, 5, 1)
    plan = plans.begin_plan(shropshire, by=officer, title="Own plan")
    asked = recommendations.add_recommendation(plan, by=officer, number="R1", text="Train.", scope="local")
    target = Target("1 May 2026", may, may, "day")
    add_action(asked, by=officer, text="Train all.", target=target, lead_agency="Police")
    this_year = date(2026, 4, 1), date(2027, 3, 31)
    counted = {"open": 1, "done": 0, "overdue": 1}
    assert [figures_of(of, *this_year)["X1"].by for of in (shropshire, None)] == [counted, counted]
    assert figures_of(make_partnership("telford"), *this_year)["X1"].by == dict.fromkeys(counted, 0)
    sign_in_as(client, officer)
    shown = client.get("/reports/cases?figure=X1&part=overdue&since=2026-04-01&until=2027-03-31")
    assert "1 of them is of the" in shown.text
    assert "Actions: overdue at the end: 1" in shown.text.replace("Overdue", "overdue")
