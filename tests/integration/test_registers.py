"""A list of cases as a file: what one sees, marked, recorded, and inert in any spreadsheet."""

import csv
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_user, sign_in_as
from tests.pages import page
from tracker.exports.registers import Register, as_csv, as_xlsx, inert
from tracker.models import AuditEntry, Role, User
from tracker.services import exports
from tracker.services.cases import record_step

TODAY = date(2026, 3, 2)
HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|'/c calc'!A1", "\n=1", "\u00a0=1", "\ufeff=1", "\uff1d1",
)  # fmt: skip
HARMLESS = ("Police", "a=b", "3 days overdue", "", "“=1”", "Ŵyr, “Adult A”")


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


def register(*texts: str) -> Register:
    return Register("Cases", [("Marking", "Official")], ["Text"], [[text] for text in texts])


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula(text: str) -> None:
    assert inert(text) == f"'{text}"
    sheet = load_workbook(BytesIO(as_xlsx(register(text)))).active
    assert sheet is not None
    assert sheet["A4"].data_type in ("s", "inlineStr")
    assert str(sheet["A4"].value).replace("_x000D_", "\r").strip() == text.strip()


def test_other_texts_stay_as_they_are_and_what_no_file_holds_is_left_out() -> None:
    rows = list(csv.reader(StringIO(as_csv(register(*HARMLESS)).decode("utf-8-sig"))))
    assert [row[0] for row in rows[3:]] == list(HARMLESS)
    sheet = load_workbook(BytesIO(as_xlsx(register("a\x00\x1bb")))).active
    assert sheet is not None
    assert sheet["A4"].value == "ab"


def download(client: FlaskClient, kind: str, address: str = "/cases/export") -> Any:
    return client.post(address, data={"format": kind, "reason": "Quarterly report."})


def sheet_rows(content: bytes) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_file_says_what_the_list_shows(client: FlaskClient, officer: User, session: Session) -> None:
    late = make_case(officer, "dhr", date(2026, 1, 20))
    asked = make_case(officer, "asb", date(2026, 2, 2))
    make_case(officer, "asb", date(2026, 2, 27))
    record_step(
        asked, by=officer, step="information_requested", on=date(2026, 2, 3), subject="=HYPERLINK(1)", answers={}
    )
    hidden = make_case(make_user(Role.OFFICER), "dhr", date(2026, 1, 21))
    hidden.restricted = True
    officer.name = "Ruth Aldous"
    sign_in_as(client, officer)
    rows = sheet_rows(download(client, "xlsx", "/cases/export?status=overdue").data)
    notes = {str(row[0]): row[1] for row in rows[:5]}
    assert notes["Marking"] == "Official: sensitive"
    assert (notes["Exported by"], notes["Data as at"]) == (officer.email, "2 March 2026")
    assert notes["Exported at"] == "2 March 2026, 12:00pm"
    assert notes["Cases"] == "Status: overdue"
    table = [dict(zip(rows[6], row, strict=True)) for row in rows[7:]]
    assert [row["Case"] for row in table] == [asked.reference, late.reference]
    assert table[1]["Due"] == datetime(2026, 2, 20)  # noqa: DTZ001 (a spreadsheet's days have no zone)
    assert table[1]["Status"] == "10 days overdue"
    response = download(client, "csv", "/cases/export?status=overdue")
    assert response.headers["Content-Disposition"] == 'attachment; filename="cases-as-at-2026-03-02.csv"'
    text = response.data.decode("utf-8-sig")
    assert [row[0] for row in list(csv.reader(StringIO(text)))[7:]] == [asked.reference, late.reference]
    assert hidden.reference not in text
    assert "Ruth" not in text + str(rows)


def test_taking_a_list_is_recorded_first_with_its_reason(client: FlaskClient, officer: User, session: Session) -> None:
    make_case(officer, "dhr", date(2026, 1, 20))
    sign_in_as(client, officer)
    assert "Download 1 case" in page(client.get("/cases/export")).h1.text
    refused = client.post("/cases/export", data={"format": "xlsx", "reason": " "})
    assert "Enter why you need the list" in page(refused).select_one(".govuk-error-summary").text
    assert page(client.post("/cases/export", data={"format": "exe"})).select_one(".govuk-error-summary")
    entries = select(AuditEntry).where(AuditEntry.action == "export_register")
    assert session.scalars(entries).all() == []
    download(client, "csv", "/cases/export?type=dhr")
    (entry,) = session.scalars(entries).all()
    assert '"reason": "Quarterly report."' in entry.detail
    assert '"filters": {"type": "dhr"}' in entry.detail
    assert '"cases": 1' in entry.detail
    assert entry.partnership_id == officer.memberships[0].partnership_id


def test_a_file_has_an_end(client: FlaskClient, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for month in (1, 2):
        make_case(officer, "asb", date(2026, month, 2))
    monkeypatch.setattr("tracker.web.cases.register_pages.MOST_LISTED", 1)
    monkeypatch.setattr(exports, "MOST_LISTED", 1)
    sign_in_as(client, officer)
    answer = download(client, "csv")
    assert "more than 1 cases" in page(answer).select_one(".govuk-error-summary").text


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("page_", ["export", "views"])
@pytest.mark.parametrize("wrong", ["status=bogus", "opened_from=30&opened_from=2&opened_from=2025", "chair=1"])
def test_a_list_that_is_asked_for_wrongly_is_not_another_list(
    client: FlaskClient, officer: User, page_: str, wrong: str
) -> None:
    make_case(officer, "dhr", date(2026, 1, 20))
    sign_in_as(client, officer)
    answer = client.post(f"/cases/{page_}?{wrong}", data={"format": "csv", "reason": "Report.", "name": "All"})
    assert (answer.status_code, answer.location) == (302, f"/cases?{wrong}")
    assert page(client.get(answer.location)).select_one(".govuk-error-summary")
