"""Taking a history out: who may, that it is recorded first and why, and the record as page, file and data."""

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.commands import run
from tests.pages import faults, page
from tracker.errors import NotFound, Refused
from tracker.exports.history_files import history_file
from tracker.models import AuditEntry, Case, CaseContributing, User
from tracker.models.users import Role
from tracker.procedures.case_file import read_cases
from tracker.queries.cases import case_called
from tracker.queries.histories import history_of
from tracker.services.case_files import load_cases, store_all
from tracker.services.cases import correct_event, record_step
from tracker.services.demo import pilot_cases
from tracker.services.exports import export_history
from tracker.web.exports import views

TODAY = date(2026, 11, 22)
REASON = "Yearly audit of open reviews"
TYPED = '<b>unclosed <img src="/etc/passwd"> {{7*7}} </td></table> خاندان \u202eround 😀'


@pytest.fixture(autouse=True)
def _today(today_is: Callable[[date], None]) -> None:
    today_is(TODAY)


@pytest.fixture
def officer(session: Session) -> User:
    return make_user(Role.OFFICER)


@pytest.fixture
def case(officer: User) -> Case:
    """A case whose reasons hold everything that a page must not take for markup."""
    case = make_case(officer, "dhr", date(2026, 10, 1))
    record_step(case, by=officer, step="decided_to_review", on=date(2026, 10, 20), answers={"rationale": TYPED})
    return case


@pytest.fixture
def auditor(case: Case, client: FlaskClient) -> User:
    """An auditor who is signed in."""
    auditor = make_user(Role.AUDITOR)
    sign_in_as(client, auditor)
    return auditor


def address(case: Case, ending: str = "") -> str:
    return f"/cases/{case.reference}/history/export{ending}"


def exports(session: Session) -> list[AuditEntry]:
    """What the audit says of exports, the first first."""
    chosen = select(AuditEntry).where(AuditEntry.action == "export_history").order_by(AuditEntry.number)
    return list(session.scalars(chosen))


# -- The use-case -----------------------------------------------------------------------------------------------------


def test_an_export_is_one_entry_with_format_and_reason(case: Case, officer: User, session: Session) -> None:
    export_history(case, by=officer, format="pdf", reason=REASON)
    (entry,) = exports(session)
    assert (entry.actor, entry.case_id, entry.subject_reference) == (officer.email, case.id, case.reference)
    assert json.loads(entry.detail) == {"format": "pdf", "reason": REASON}


def test_a_command_needs_no_reason(case: Case, session: Session) -> None:
    export_history(case, by=None, format="json")
    assert [entry.actor for entry in exports(session)] == ["system"]


@pytest.mark.parametrize(
    ("given", "field"), [({"format": "pdf", "reason": " "}, "reason"), ({"format": "exe", "reason": REASON}, "format")]
)
def test_without_a_reason_or_a_format_nothing_is_given_out(
    case: Case, officer: User, session: Session, given: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        export_history(case, by=officer, **given)
    assert refused.value.field == field
    assert exports(session) == []


def test_an_outsider_is_told_there_is_no_such_case(case: Case, session: Session) -> None:
    with pytest.raises(NotFound):
        export_history(case, by=make_user(Role.ADMINISTRATOR), format="pdf", reason=REASON)
    assert exports(session) == []


# -- The pages: who may -----------------------------------------------------------------------------------------------


def test_a_case_that_one_may_not_see_is_not_there(case: Case, client: FlaskClient, session: Session) -> None:
    sign_in_as(client, make_user(Role.AUDITOR, partnership=make_partnership("elsewhere")))
    answers = [client.get(address(case)), client.post(address(case), data={"format": "pdf", "reason": REASON})]
    unknown = client.get("/cases/DHR-1999-001/history/export")
    assert [answer.status_code for answer in answers] == [404, 404]
    assert page(answers[0]).select_one("main").text == page(unknown).select_one("main").text
    assert exports(session) == []


def test_a_restricted_case_is_for_those_named_on_it(case: Case, auditor: User, client: FlaskClient) -> None:
    case.restricted = True
    assert client.get(address(case)).status_code == 404


def test_a_contributing_partnership_may_take_it_out(case: Case, client: FlaskClient, session: Session) -> None:
    telford = make_partnership("telford")
    case.contributing.append(CaseContributing(partnership_id=telford.id))
    sign_in_as(client, make_user(Role.OFFICER, partnership=telford))
    answer = client.post(address(case), data={"format": "json", "reason": REASON})
    assert answer.json["export"]["reference"] == case.reference
    assert len(exports(session)) == 1


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PARTNER])
def test_other_roles_may_not(case: Case, client: FlaskClient, role: Role) -> None:
    sign_in_as(client, make_user(role))
    assert client.get(address(case)).status_code == 403


def test_nobody_else_comes_further_than_signing_in(case: Case, client: FlaskClient) -> None:
    assert client.get(address(case)).location.startswith("/sign-in")


# -- The pages: asking ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ending", "chosen"), [("", None), (".pdf", "PDF"), (".html", "Web page"), (".json", "Data")])
def test_the_address_may_choose_the_format(
    case: Case, auditor: User, client: FlaskClient, ending: str, chosen: str | None
) -> None:
    shown = page(client.get(address(case, ending)))
    checked = [shown.select_one(f'label[for="{each["id"]}"]').text for each in shown.select("input[checked]")]
    assert checked == ([chosen] if chosen else [])
    assert shown.h1.text == f"Export the history of {case.reference}"


def test_asking_gives_nothing_out(case: Case, auditor: User, client: FlaskClient, session: Session) -> None:
    client.get(address(case, ".json"))
    assert exports(session) == []


def test_both_answers_are_needed(case: Case, auditor: User, client: FlaskClient, session: Session) -> None:
    shown = page(client.post(address(case), data={"reason": "  "}))
    summary = [(link.text, link["href"]) for link in shown.select(".govuk-error-summary a")]
    assert summary == [
        ("Select how you want the history", "#format"),
        ("Enter why you need the history", "#reason"),
    ]
    assert shown.title.text.startswith("Error: ")
    assert exports(session) == []


# -- The pages: the record --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "kind"), [("pdf", "application/pdf"), ("html", "text/html"), ("json", "application/json")]
)
def test_a_file_is_named_by_the_reference_alone(
    case: Case, auditor: User, client: FlaskClient, session: Session, wanted: str, kind: str
) -> None:
    answer = client.post(address(case), data={"format": wanted, "reason": REASON})
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{case.reference}-history.{wanted}"'
    assert answer.headers["Cache-Control"] == "no-store"
    (entry,) = exports(session)
    assert json.loads(entry.detail)["format"] == wanted


def test_it_is_recorded_before_it_is_made(
    case: Case, auditor: User, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the printer is on fire")

    monkeypatch.setattr(views, "history_file", fail)
    with pytest.raises(RuntimeError):
        client.post(address(case), data={"format": "pdf", "reason": REASON})
    assert len(exports(session)) == 1


def test_the_record_shows_its_own_export(case: Case, auditor: User, client: FlaskClient) -> None:
    record = client.post(address(case), data={"format": "json", "reason": REASON}).json
    assert record["audit"][-1]["action"] == "export_history"
    assert record["audit"][-1]["number"] == record["export"]["last_audit_entry"]
    assert len(record["export"]["last_audit_seal"]) == 64
    assert [entry["action"] for entry in record["audit"]] == ["log_referral", "record_step", "export_history"]


def test_the_page_is_a_record_of_its_own(case: Case, auditor: User, client: FlaskClient, session: Session) -> None:
    shown = page(client.post(address(case), data={"format": "page", "reason": REASON}))
    assert shown.h1.text == f"Case history, {case.reference}"
    assert case.reference in shown.title.text
    said = {term.text: term.find_next("dd").text.strip() for term in shown.select("dl.pairs dt")}
    assert said["Reason"] == REASON
    assert said["Produced"] == f"22 November 2026, 12:00pm, London time, for {auditor.name}, auditor"
    assert said["Audit"] == f"The number of the last entry was {exports(session)[-1].number}"
    assert said["Its seal"].replace(" ", "") == exports(session)[-1].seal
    assert [heading.text for heading in shown.select("h2.govuk-heading-m")] == [
        "What happened, and when it was recorded",
        "Deadlines and their working",
        "Stages",
        "Who did what in the tracker",
    ]
    decided = shown.select_one("#event-2").find_parent("tr")
    assert "Decided to review" in decided.text
    assert "Meets “Decide whether to review”, 12 days early" in decided.text
    assert "Official: sensitive" in shown.main.text


def test_the_page_offers_the_files_for_the_same_reason(case: Case, auditor: User, client: FlaskClient) -> None:
    shown = page(client.post(address(case), data={"format": "page", "reason": REASON}))
    form = shown.select_one("main form")
    assert form.select_one("[name=reason]")["value"] == REASON
    offered = {button.text: button["value"] for button in form.select("button[name=format]")}
    assert offered == {"Save it as a file": "html", "download it as PDF": "pdf", "as data": "json"}
    for wanted in offered.values():
        answer = client.post(form["action"], data={"format": wanted, "reason": REASON})
        assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("wanted", ["page", "html"])
def test_what_was_typed_is_text_and_nothing_else(case: Case, auditor: User, client: FlaskClient, wanted: str) -> None:
    shown = page(client.post(address(case), data={"format": wanted, "reason": TYPED}))
    assert shown.select("main img, main script, main b b") == []
    typed = [element for element in shown.select('.said[dir="auto"]') if element.text == TYPED]
    assert len(typed) >= 3  # the reasons, the reason of this export on the cover and in the audit
    assert "49" not in shown.select_one("#event-2").find_parent("tr").text


def test_the_file_fetches_and_runs_nothing(case: Case, auditor: User, client: FlaskClient) -> None:
    answer = client.post(address(case), data={"format": "html", "reason": REASON})
    shown = page(answer)
    assert shown.select("script, link, img, iframe, object, form, [style], [src]") == []
    policy = shown.select_one('meta[http-equiv="Content-Security-Policy"]')["content"]
    assert policy.startswith("default-src 'none'")
    assert [link["href"] for link in shown.select("a")] == []
    assert "pre-line" in str(shown.style.string)
    assert shown.html["lang"] == "en-GB"
    assert shown.main.text.count("Official") == 0
    assert [mark.text for mark in shown.select(".marking")] == ["Official: sensitive"] * 2


def test_a_correction_links_both_events(case: Case, officer: User, auditor: User, client: FlaskClient) -> None:
    correct_event(case, by=officer, number=2, reason="Wrong case", on=date(2026, 10, 21))
    shown = page(client.post(address(case), data={"format": "page", "reason": REASON}))
    wrong = shown.select_one("#event-2").find_parent("tr")
    assert wrong.select_one("s").text == "Decided to review"
    assert "Replaced by event 3 on 22 November 2026: Wrong case" in " ".join(wrong.text.split())
    assert wrong.select_one("a")["href"] == "#event-3"
    assert shown.select_one("#event-3").find_parent("tr").select_one("a")["href"] == "#event-2"


# -- Data -------------------------------------------------------------------------------------------------------------


def test_the_case_in_the_data_is_a_case_file(case: Case, auditor: User, client: FlaskClient) -> None:
    record = client.post(address(case), data={"format": "json", "reason": REASON}).json
    (again,) = read_cases(record["case"])
    assert again.as_json() == record["case"]
    other = record["case"] | {"reference": "DHR-2026-777"}
    load_cases("test", by=None, case_files=read_cases(other), references=["DHR-2026-777"])
    loaded = case_called("DHR-2026-777")
    assert loaded is not None
    copy = json.loads(history_file(history_of(loaded, by=None, format="json", reason="")).content)
    assert copy["case"] == other
    assert copy["reckoning"] == record["reckoning"]


def test_the_data_hold_what_the_case_file_cannot(case: Case, auditor: User, client: FlaskClient) -> None:
    record = client.post(address(case), data={"format": "json", "reason": REASON}).json
    assert record["marking"] == "Official: sensitive"
    assert record["export"]["produced_at"] == "2026-11-22T12:00:00Z"
    assert record["export"]["reason"] == REASON
    decided = record["events"][1]
    assert decided["recorded_by"] == case.lead.name
    assert decided["answers"] == [{"question": "What are the reasons for the decision?", "answer": TYPED}]
    assert "Moves the case to Review" in decided["effects"]
    assert record["deadlines"][0]["working"][0] == "1 October 2026: notification received"


# -- Every kind of case -----------------------------------------------------------------------------------------------


def test_every_case_of_the_pilot_comes_out_in_every_format(session: Session) -> None:
    make_partnership()
    for role in (Role.OFFICER, Role.CHAIR, Role.MANAGER):
        make_user(role, email=f"{role.value}@shropshire.example")
    stored = pilot_cases()
    store_all(stored)
    session.commit()
    for case_file in stored:
        case = case_called(case_file.reference)
        assert case is not None
        history = {wanted: history_of(case, by=None, format=wanted, reason="") for wanted in ("pdf", "html", "json")}
        files = {wanted: history_file(each).content for wanted, each in history.items()}
        printed = " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(files["pdf"])).pages).split())
        shown = files["html"].decode()
        assert faults(shown) == []
        assert json.loads(files["json"])["case"] == case_file.as_json()
        for event in history["pdf"].events:
            assert event.label in printed
            assert event.label in shown
        for deadline in history["pdf"].deadlines:
            assert all(" ".join(line.split()) in printed for line in deadline.working), (case_file.reference, deadline)


# -- The command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", ["pdf", "html", "json"])
def test_the_command_writes_the_file(app: Flask, case: Case, session: Session, tmp_path: Path, wanted: str) -> None:
    out = tmp_path / f"history.{wanted}"
    answer = run(app, "case", "history", case.reference, "--format", wanted, "--out", out, "--reason", REASON)
    assert answer.code == 0
    (entry,) = exports(session)
    assert json.loads(entry.detail) == {"format": wanted, "reason": REASON}
    assert answer.json["audit_entry"] == entry.number
    begins = {"pdf": b"%PDF-", "html": b"<!DOCTYPE html>", "json": b"{"}[wanted]
    assert out.read_bytes().startswith(begins)


def test_the_command_needs_no_reason(app: Flask, case: Case, tmp_path: Path) -> None:
    out = tmp_path / "history.json"
    assert run(app, "case", "history", case.reference, "--format", "json", "--out", out).code == 0
    assert json.loads(out.read_text("utf-8"))["export"]["produced_for"] == "An operator, by command"


@pytest.mark.parametrize(
    ("reference", "wanted", "out"), [("DHR-1999-001", "pdf", "a.pdf"), ("", "docx", "a.docx"), ("", "pdf", "no/a.pdf")]
)
def test_wrong_use_of_the_command(
    app: Flask, case: Case, tmp_path: Path, reference: str, wanted: str, out: str
) -> None:
    answer = run(app, "case", "history", reference or case.reference, "--format", wanted, "--out", tmp_path / out)
    assert answer.code == 2
    assert answer.said
    assert list(tmp_path.iterdir()) == []
