"""Files of the monitoring pages: the scorecard on one sheet, lists whose cells are inert, for who may see them."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.integration.test_monitoring import JANUARY, JUNE
from tracker.exports.scorecard_pdf import scorecard_pdf
from tracker.models import AuditEntry, Membership, Plan, Role, User
from tracker.procedures.target_dates import Target
from tracker.queries.monitoring import Tally
from tracker.queries.scorecards import Scorecard, folded
from tracker.services import actions, findings, plans, recommendations

TODAY = date(2026, 3, 2)
FORMULA = "=cmd|'/c calc'!A1"
LISTS = ("list", "slipped", "national")


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


@pytest.fixture
def plan(officer: User) -> Plan:
    """A plan of a case whose every text a spreadsheet would take for a formula."""
    plan = plans.begin_plan(make_case(officer, "dhr", date(2026, 1, 5)), by=officer)
    found = findings.add_finding(plan, by=officer, text="Nobody asked.", themes=[FORMULA])
    asked = recommendations.add_recommendation(
        plan, by=officer, number="R1", text=FORMULA, scope="national", finding=found
    )
    recommendations.address_recommendation(
        asked, by=officer, name=FORMULA, sent_on=date(2026, 1, 6), due_on=date(2026, 2, 27)
    )
    actions.add_action(asked, by=officer, text=FORMULA, target=JANUARY, lead_agency=FORMULA)
    moved = actions.add_action(asked, by=officer, text="Moved", target=JUNE, lead_agency="Police")
    july = Target("July 2026", date(2026, 7, 1), date(2026, 7, 31), "month")
    actions.move_target(moved, by=officer, target=july, reason=FORMULA)
    return plan


def table(client: FlaskClient, address: str) -> list[list[str]]:
    """The table of a file, below its notes."""
    given = client.post(address)
    assert given.status_code == 200, address
    rows = list(csv.reader(io.StringIO(given.data.decode("utf-8-sig"))))
    assert all(not cell.startswith("=") for row in rows for cell in row)
    return rows[rows.index([]) + 1 :]


def test_lists_are_given_out_inert_and_on_record(
    client: FlaskClient, session: Session, officer: User, plan: Plan
) -> None:
    assert plan.case
    sign_in_as(client, officer)
    _, late = table(client, "/actions/list.csv?kind=late&agency=%3Dcmd%7C%27%2Fc%20calc%27%21A1")
    assert late[:3] == [plan.case.reference, "R1", f"'{FORMULA}"]
    assert late[5:8] == ["2026-01-31", "Not started", "Red"]
    assert len(table(client, "/actions/list.csv")) == 3
    _, slipped = table(client, "/actions/slipped.csv")
    assert slipped[:3] == ["2026-03-02", plan.case.reference, "Moved"]
    assert slipped[4:8] == ["2026-06-30", "2026-07-31", "31", f"'{FORMULA}"]
    _, national = table(client, "/actions/national.csv")
    assert national == [
        plan.case.reference, "R1", f"'{FORMULA}", f"'{FORMULA}", "2026-01-06", "2026-02-27", "3"
    ]  # fmt: skip
    numbers = table(client, "/actions/scorecard.csv")
    assert ["Lead agency", "Police", "1", "0", "0", "0", "0", ""] in numbers
    assert ["Theme", f"'{FORMULA}", "2", "1", "0", "0", "0", "0"] in numbers
    chosen = select(AuditEntry).where(AuditEntry.action == "export_actions").order_by(AuditEntry.number)
    entries = session.scalars(chosen).all()
    assert [each.subject_reference for each in entries] == ["list", "list", "slipped", "national", "scorecard"]
    assert {each.partnership_id for each in entries} == {plan.partnership_id}
    said = json.loads(entries[0].detail)
    assert (said["filters"], said["rows"], said["format"]) == ({"agency": FORMULA, "kind": "late"}, 1, "csv")


def test_nothing_of_another_is_in_any_file(client: FlaskClient, session: Session, officer: User, plan: Plan) -> None:
    assert plan.case
    plan.case.restricted = True
    session.commit()
    for person in (make_user(Role.MANAGER), make_user(Role.OFFICER, partnership=make_partnership("telford"))):
        sign_in_as(client, person)
        assert [len(table(client, f"/actions/{each}.csv")) for each in LISTS] == [1, 1, 1]
        assert len(table(client, "/actions/scorecard.csv")) == 1
        assert "Police" not in text_of(client.post("/actions/scorecard.pdf").data)
    sign_in_as(client, make_user(Role.PARTNER))
    assert client.post("/actions/list.csv").status_code == 403
    assert client.post("/actions/scorecard.pdf").status_code == 403


def text_of(content: bytes) -> str:
    (sheet,) = PdfReader(io.BytesIO(content)).pages
    return sheet.extract_text()


def test_what_is_taken_out_of_several_partnerships_names_each(
    client: FlaskClient, session: Session, officer: User, plan: Plan
) -> None:
    telford = make_partnership("telford")
    officer.memberships.append(Membership(partnership_id=telford.id, role=Role.AUDITOR))
    session.commit()
    sign_in_as(client, officer)
    table(client, "/actions/list.csv")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "export_actions")).one()
    assert entry.partnership_id is None
    assert json.loads(entry.detail)["partnerships"] == ["shropshire", "telford"]


def test_the_scorecard_is_one_sheet_and_on_record(
    client: FlaskClient, session: Session, officer: User, plan: Plan
) -> None:
    sign_in_as(client, officer)
    given = client.post("/actions/scorecard.pdf")
    assert given.mimetype == "application/pdf"
    text = text_of(given.data)
    for words in ("Shropshire, as at 2 March 2026", "By lead agency", "Police", "2 actions not yet verified: 1 late"):
        assert words in text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "export_actions")).one()
    assert (entry.subject_reference, entry.partnership_id) == ("scorecard", plan.partnership_id)
    assert json.loads(entry.detail)["format"] == "pdf"


@pytest.mark.parametrize("many", [0, 1, 200])
def test_any_number_of_agencies_fits_on_one_sheet(many: int) -> None:
    tallies = [
        Tally(f"Agency {n} with a name as long as they come, <b>of & all</b> — ŵŷ" * 3, 1, 1, 0, 2, 3)
        for n in range(many)
    ]
    counts = dict.fromkeys(("live", "late", "blocked", "without_evidence", "to_verify"), many)
    returns = {f"theme {n}" * 30: n for n in range(many)}
    text = text_of(scorecard_pdf(Scorecard(TODAY, counts, tallies, tallies, returns), "Shropshire", "Ruth"))
    assert "Agency 199" not in text or many < 200
    assert ("others together" in text) == (many == 200)


def test_what_is_folded_keeps_its_numbers() -> None:
    folded_up = folded([Tally(str(n), 1, 2, 3, 4, 5) for n in range(10)], 4)
    assert [each.name for each in folded_up] == ["0", "1", "2", "7 others together"]
    assert (folded_up[-1].live, folded_up[-1].verified) == (7, 35)
