"""Every page, for every role, on every kind of case: who gets in, who is refused, who is told that nothing is there.

The table below is the reviewed answer. The whole of it is tried on SQLite, one role of it on PostgreSQL too.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import islice
from urllib.parse import quote, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.builders import make_partnership, make_user, sign_in_as
from tests.referring import referred
from tracker import clock
from tracker.extensions import db
from tracker.models import AuditEntry, Case, CaseAccess, CaseContributing, Event, Membership, Role, User
from tracker.procedures.threshold import Complaint
from tracker.services.cases import log_referral, record_step

TODAY = date(2026, 3, 2)
CANARY = "zebrafinch"  # a word of the cases that an outsider may not see, in every place where somebody may type
ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

OFFICER, CHAIR, MANAGER, AUDITOR, ADMINISTRATOR, PARTNER = Role
EVERYBODY = frozenset(Role)
READERS = frozenset({OFFICER, CHAIR, MANAGER, AUDITOR})
RECORDERS = frozenset({OFFICER, CHAIR, MANAGER})
OFFICERS = frozenset({OFFICER})
ADMINISTRATORS = frozenset({ADMINISTRATOR})
MANAGERS = frozenset({MANAGER})
KEEPERS = frozenset({OFFICER, MANAGER})
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Row:
    """A page and who may open it. {reference} stands for a case.

    `joint`: who may still do so where another partnership leads and theirs contributes. `sends`: it takes forms.
    `empty`: what it names is nobody's here, so whoever may open such pages is told that nothing is there.
    `lead`: whoever leads the case may open it too.
    """

    address: str
    who: frozenset[Role]
    joint: frozenset[Role] = NOBODY
    sends: bool = False
    shows: bool = True
    empty: bool = False
    lead: bool = False

    @property
    def is_of_a_case(self) -> bool:
        return "{reference}" in self.address


CASE = "/cases/{reference}"
DRAFT = f"/cases/log/{'k' * 43}"  # of somebody else, or of nobody: the owner's own is for the tests of each page
TABLE: Mapping[str, Row] = {
    "home.show": Row("/", EVERYBODY),
    "guides.index": Row("/guide", EVERYBODY),
    "guides.show": Row("/guide/chair", EVERYBODY),
    "cases.index": Row("/cases", READERS),
    "cases.save_list": Row("/cases/views", READERS, sends=True),
    "cases.delete_list": Row("/cases/views/1/delete", READERS, sends=True, empty=True),
    "cases.export": Row("/cases/export", READERS, sends=True),
    "cases.show": Row(CASE, READERS, READERS),
    "cases.timeline": Row(f"{CASE}/timeline", READERS, READERS),
    "cases.deadlines": Row(f"{CASE}/deadlines", READERS, READERS),
    "cases.threshold": Row(f"{CASE}/threshold", READERS, READERS),
    "cases.people": Row(f"{CASE}/people", READERS, READERS),
    "cases.decisions": Row(f"{CASE}/decisions", READERS, READERS),
    "cases.assurance": Row(f"{CASE}/qa", READERS, READERS, empty=True),
    "cases.publication": Row(f"{CASE}/publication", READERS, READERS, empty=True),
    "cases.history": Row(f"{CASE}/history", READERS, READERS),
    "attachments.of_case": Row(f"{CASE}/files", READERS, READERS),
    "attachments.of_plan": Row("/plans/999999/files", READERS, empty=True),
    "attachments.download": Row("/files/nobodys-file", READERS | {PARTNER}, empty=True),
    "attachments.dispose": Row("/files/nobodys-file/dispose", frozenset({MANAGER}), sends=True, empty=True),
    "cases.access": Row(f"{CASE}/access", READERS, READERS),
    "cases.restrict": Row(f"{CASE}/access/restrict", MANAGERS, sends=True, lead=True),
    "cases.lift_restriction": Row(f"{CASE}/access/lift", MANAGERS, sends=True, lead=True),
    "cases.name_person": Row(f"{CASE}/access/name", MANAGERS, sends=True, lead=True),
    "cases.remove_person": Row(f"{CASE}/access/remove", MANAGERS, sends=True, lead=True),
    "cases.declare_conflict": Row(f"{CASE}/access/conflict", READERS, READERS, sends=True),
    "cases.withdraw_conflict": Row(f"{CASE}/access/conflict/withdraw", MANAGERS, sends=True),
    "cases.reassign": Row(f"{CASE}/people/reassign", MANAGERS, sends=True),
    "requests.of_case": Row(f"{CASE}/requests", READERS, READERS),
    "requests.of_action": Row("/requests/actions/99999", READERS, empty=True),
    "requests.action_link": Row("/requests/actions/99999/link", OFFICERS | {MANAGER}, sends=True, empty=True),
    "requests.link": Row("/requests/99999/link", RECORDERS, sends=True, empty=True),
    "requests.revoke": Row("/requests/links/99999/end", RECORDERS, sends=True, empty=True),
    "requests.decide_time": Row("/requests/more-time/99999", RECORDERS, sends=True, empty=True),
    "actions.index": Row("/actions", READERS),
    "actions.table_csv": Row("/actions/no-list.csv", READERS, sends=True, shows=False, empty=True),
    "actions.sheet": Row("/actions/no-list.pdf", READERS, sends=True, shows=False, empty=True),
    "actions.scorecard": Row("/actions/scorecard", READERS),
    "actions.slipped": Row("/actions/slipped", READERS),
    "actions.national": Row("/actions/national", READERS),
    "learning.index": Row("/learning", READERS),
    "learning.themes_csv": Row("/learning/themes.csv", READERS),
    "learning.theme": Row("/learning/theme?name=nobodys", READERS, empty=True),
    "learning.add_briefing": Row("/learning/themes/999999/briefings/add", KEEPERS, sends=True, empty=True),
    "learning.correct_briefing": Row("/learning/briefings/999999/change", KEEPERS, sends=True, empty=True),
    "learning.drop_briefing": Row("/learning/briefings/999999/remove", KEEPERS, sends=True, empty=True),
    "partner.index": Row("/partner", frozenset({PARTNER})),
    "partner.answer": Row("/partner/requests/99999", frozenset({PARTNER}), sends=True, empty=True),
    "partner.report": Row("/partner/actions/99999", frozenset({PARTNER}), sends=True, empty=True),
    "partner.more_time": Row("/partner/requests/99999/more-time", frozenset({PARTNER}), sends=True, empty=True),
    "plans.of_case": Row(f"{CASE}/plan", READERS, READERS),
    "plans.begin_for_case": Row(f"{CASE}/plan/begin", KEEPERS, sends=True),
    "plans.index": Row("/plans", READERS),
    "plans.begin": Row("/plans/begin", KEEPERS, sends=True),
    "plans.show": Row("/plans/999999", READERS, empty=True),
    "plans.course": Row("/plans/999999/course.csv", READERS, empty=True),
    "plans.recommend": Row("/plans/999999/recommendations/add", KEEPERS, sends=True, empty=True),
    "plans.act": Row("/plans/999999/recommendations/1/actions/add", KEEPERS, sends=True, empty=True),
    "plans.change": Row("/plans/999999/change", KEEPERS, sends=True, empty=True),
    "plans.find": Row("/plans/999999/findings/add", KEEPERS, sends=True, empty=True),
    "plans.change_finding": Row("/plans/999999/findings/1/change", KEEPERS, sends=True, empty=True),
    "plans.change_recommendation": Row("/plans/999999/recommendations/1/change", KEEPERS, sends=True, empty=True),
    "plans.similar": Row("/plans/999999/recommendations/1/similar", READERS, empty=True),
    "plans.address": Row("/plans/999999/recommendations/1/bodies/add", KEEPERS, sends=True, empty=True),
    "plans.dates": Row("/plans/999999/recommendations/1/bodies/1/dates", KEEPERS, sends=True, empty=True),
    "plans.answer": Row("/plans/999999/recommendations/1/bodies/1/answer", KEEPERS, sends=True, empty=True),
    "plans.import_file": Row("/plans/999999/import", KEEPERS, sends=True, empty=True),
    "plans.check_file": Row(f"/plans/999999/import/{'k' * 43}", KEEPERS, sends=True, empty=True),
    "plans.name_file_columns": Row(f"/plans/999999/import/{'k' * 43}/columns", KEEPERS, sends=True, empty=True),
    "plans.refused_rows": Row(f"/plans/999999/import/{'k' * 43}/refused.csv", KEEPERS, empty=True),
    "plans.discard_file": Row(f"/plans/999999/import/{'k' * 43}/discard", KEEPERS, sends=True, shows=False, empty=True),
    "plans.export": Row("/plans/999999/export", READERS, sends=True, shows=False, empty=True),
    "plans.action": Row("/plans/actions/999999", READERS, empty=True),
    "plans.record": Row("/plans/actions/999999/update", RECORDERS, sends=True, empty=True),
    "exports.history": Row(f"{CASE}/history/export", READERS, READERS, sends=True),
    "steps.index": Row(f"{CASE}/steps", RECORDERS),
    "steps.decide": Row(f"{CASE}/decisions/threshold", RECORDERS, sends=True),
    "steps.record": Row(f"{CASE}/steps/hold_started", RECORDERS, sends=True),
    "steps.correct": Row(f"{CASE}/events/1/correct", OFFICERS, sends=True),
    "steps.never": Row(f"{CASE}/events/1/correct/never", OFFICERS, sends=True),
    "steps.otherwise": Row(f"{CASE}/events/1/correct/otherwise", OFFICERS, sends=True),
    "referrals.choose": Row("/cases/log", OFFICERS, sends=True),
    "referrals.whose": Row("/cases/log/for/asb", OFFICERS, sends=True),
    "referrals.resume": Row(DRAFT, OFFICERS, empty=True),
    "referrals.ask": Row(f"{DRAFT}/received", OFFICERS, sends=True, empty=True),
    "referrals.similar": Row(f"{DRAFT}/similar", OFFICERS, empty=True),
    "referrals.complaint": Row(f"{DRAFT}/complaints/1", OFFICERS, sends=True, empty=True),
    "referrals.remove": Row(f"{DRAFT}/complaints/1/remove", OFFICERS, sends=True, shows=False, empty=True),
    "referrals.check": Row(f"{DRAFT}/check", OFFICERS, sends=True, empty=True),
    "referrals.discard": Row(f"{DRAFT}/discard", OFFICERS, sends=True, empty=True),
    "referrals.logged": Row(f"{CASE}/logged", OFFICERS),
    "calendar.deadline": Row(f"{CASE}/deadlines/acknowledge-1.ics", READERS, READERS),
    "calendar.action": Row("/plans/actions/999999/deadlines/action-target.ics", READERS, empty=True),
    "account.show": Row("/account", EVERYBODY),
    "account.reminders": Row("/account/reminders", EVERYBODY, sends=True),
    "account.away": Row("/account/away", EVERYBODY, sends=True),
    "account.remove_away": Row("/account/away/1/remove", EVERYBODY, sends=True, shows=False, empty=True),
    "account.calendar": Row("/account/calendar", EVERYBODY, sends=True),
    "health.mail": Row("/admin/mail", ADMINISTRATORS),
    "health.message": Row("/admin/mail/nothing.eml", ADMINISTRATORS, empty=True),
    "messages.index": Row("/admin/messages", ADMINISTRATORS),
    "messages.tomorrow": Row("/admin/messages/tomorrow", ADMINISTRATORS),
    "messages.show": Row(f"/admin/messages/{'0' * 32}", ADMINISTRATORS, sends=True, empty=True),
    "health.details": Row("/admin/health", ADMINISTRATORS),
    "deadlines.index": Row("/deadlines", READERS),
    "deadlines.undated": Row("/deadlines/undated", READERS),
    "deadlines.day": Row("/deadlines/day/2026-03-02", READERS),
    "deadlines.month": Row("/deadlines/month/2026-03", READERS),
    "reports.index": Row("/reports", READERS),
    "reports.period": Row("/reports/period", READERS),
    "reports.cases": Row("/reports/cases?figure=A1", READERS),
    "reports.figures_csv": Row("/reports/figures.csv", READERS),
    "reports.outcomes_csv": Row("/reports/outcomes.csv", READERS),
    "reports.figures_json": Row("/reports/figures.json", READERS),
    "admin.index": Row("/admin", ADMINISTRATORS),
    "admin.users": Row("/admin/users", ADMINISTRATORS),
    "admin.add_user": Row("/admin/users/add", ADMINISTRATORS, sends=True),
    "admin.user": Row("/admin/users/999999", ADMINISTRATORS, empty=True),
    "admin.add_role": Row("/admin/users/999999/roles/add", ADMINISTRATORS, sends=True, empty=True),
    "admin.remove_role": Row("/admin/users/999999/roles/1/remove", ADMINISTRATORS, sends=True, empty=True),
    "admin.new_link": Row("/admin/users/999999/link", ADMINISTRATORS, sends=True, empty=True),
    "admin.disable_user": Row("/admin/users/999999/disable", ADMINISTRATORS, sends=True, empty=True),
    "admin.enable_user": Row("/admin/users/999999/enable", ADMINISTRATORS, sends=True, empty=True),
    "admin.settings": Row("/admin/settings", ADMINISTRATORS),
    "admin.settings_history": Row("/admin/settings/history", ADMINISTRATORS),
    "admin.change_setting": Row("/admin/settings/asb.acknowledge", ADMINISTRATORS, sends=True),
    "admin.withdraw_setting": Row("/admin/settings/asb.panel/withdraw/2099-01-01", ADMINISTRATORS, sends=True),
    "admin.themes": Row("/admin/themes", ADMINISTRATORS),
    "admin.add_theme": Row("/admin/themes/add", ADMINISTRATORS, sends=True),
    "admin.rename_theme": Row("/admin/themes/999999/rename", ADMINISTRATORS, sends=True, empty=True),
    "admin.retire_theme": Row("/admin/themes/999999/retire", ADMINISTRATORS, sends=True, empty=True),
    "admin.bring_back_theme": Row("/admin/themes/999999/bring-back", ADMINISTRATORS, sends=True, empty=True),
    "admin.branding": Row("/admin/branding", ADMINISTRATORS, sends=True),
    "admin.preview_branding": Row("/admin/branding/preview", ADMINISTRATORS, sends=True, empty=True),
    "admin.partnerships": Row("/admin/partnerships", ADMINISTRATORS),
    "admin.agencies": Row("/admin/agencies", ADMINISTRATORS),
    "admin.add_agency": Row("/admin/agencies/add", ADMINISTRATORS, sends=True),
    "admin.agency": Row("/admin/agencies/999999", ADMINISTRATORS, empty=True),
    "admin.change_agency": Row("/admin/agencies/999999/kind", ADMINISTRATORS, sends=True, empty=True),
    "admin.rename_agency": Row("/admin/agencies/999999/rename", ADMINISTRATORS, sends=True, empty=True),
    "admin.merge_agency": Row("/admin/agencies/999999/merge", ADMINISTRATORS, sends=True, empty=True),
    "admin.retire_agency": Row("/admin/agencies/999999/retire", ADMINISTRATORS, sends=True, empty=True),
    "admin.bring_back_agency": Row("/admin/agencies/999999/bring-back", ADMINISTRATORS, sends=True, empty=True),
    "admin.add_contact": Row("/admin/agencies/999999/contacts/add", ADMINISTRATORS, sends=True, empty=True),
    "admin.end_contact": Row("/admin/contacts/999999/end", ADMINISTRATORS, sends=True, empty=True),
    "notices.index": Row("/notices", EVERYBODY, sends=True),
    "notices.show": Row("/notices/somebody-elses", EVERYBODY, empty=True),
    "sign_in.sign_out": Row("/sign-out", EVERYBODY, sends=True, shows=False),
}
OPEN_TO_ALL = {
    "static",
    "sign_in.sign_in",
    "sign_in.set_password",
    "health.show",
    "calendar.own",
    "branding.style",
    "branding.logo",
    "guides.accessibility",
    "guides.privacy",
} | {f"items.{page}" for page in ("show", "more_time", "thanks", "new_link")}


@dataclass
class World:
    """Cases of every kind of standing, by what they are to somebody of Shropshire, and people of every role there."""

    cases: dict[str, str]
    people: dict[Role, User]
    named: User
    keeper: User


@pytest.fixture
def world(app: Flask, session: Session, today_is: Callable[[date], None]) -> World:
    today_is(TODAY)
    shropshire, telford = make_partnership(), make_partnership("telford")
    keeper, elsewhere = make_user(OFFICER), make_user(OFFICER, partnership=telford)
    cases = {
        "own": a_case(keeper, "neighbourly"),
        "joint": a_case(elsewhere, "neighbourly"),
        "foreign": a_case(elsewhere, CANARY),
        "restricted": a_case(keeper, CANARY),
    }
    cases["joint"].contributing = [CaseContributing(partnership_id=shropshire.id)]
    named = make_user(OFFICER)
    cases["restricted"].restricted = True
    cases["restricted"].access = [CaseAccess(user_id=named.id)]
    people = {role: make_user(role) for role in Role}
    session.commit()
    found = {standing: case.reference for standing, case in cases.items()}
    return World(found | {"missing": "ASB-2099-999"}, people, named, keeper)


def a_case(officer: User, word: str) -> Case:
    """An ASB case with *word* in every text that people type."""
    day = date(2026, 1, 30)
    case = log_referral(
        officer.memberships[0].partnership,
        by=officer,
        edition="asb-2014",
        on=day,
        answers={"how": f"by {word}", "summary": f"about {word}"},
        complaints=[Complaint(day, day, f"{word} council", f"{word} noise", f"{word} neighbour")],
        themes=["neighbours"],
    )
    for step, subject, answers in (
        ("acknowledged", "", {"note": f"{word} note"}),
        ("information_requested", f"{word} agency", {"note": f"{word} note"}),
        ("hold_started", "", {"reason": "other", "held_by": f"{word} court", "note": f"{word} note"}),
    ):
        record_step(case, by=officer, step=step, on=date(2026, 2, 2), answers=answers, subject=subject)
    return case


@contextmanager
def nothing_written() -> Iterator[None]:
    """What is recorded before is what is recorded after."""
    before = written()
    yield
    assert written() == before


def written() -> tuple[object, ...]:
    db.session.commit()
    counted = select(func.count(Event.id)), select(func.count(Case.id)), select(func.sum(Case.version))
    changes = select(func.count(AuditEntry.number)).where(AuditEntry.action.not_in(("sign_in", "sign_out")))
    return tuple(db.session.scalar(query) for query in (*counted, changes))


def plain(client: FlaskClient) -> FlaskClient:
    """The client, less the strict reading of every page: that is for the tests of each page."""
    client.__class__ = FlaskClient
    return client


def words(response: TestResponse) -> str:
    """What a page or a file says to its reader."""
    if response.mimetype != "application/pdf":
        return response.text
    return "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(response.data)).pages)


def told(response: TestResponse) -> str:
    """Everything that a response says, less what is new each time."""
    text = re.sub(r'nonce="[^"]+"|name="csrf_token" value="[^"]+"', "", words(response))
    return f"{response.status_code} {response.location} {text}"


def answers(client: FlaskClient, row: Row, reference: str) -> list[TestResponse]:
    """What the page says to looking, and to an empty form where it takes forms."""
    address = row.address.format(reference=reference)
    looked = [client.get(address)] * row.shows
    return looked + [client.post(address)] * row.sends


def expected(row: Row, role: Role, standing: str) -> int:
    """The status that the table promises."""
    may_lead = row.lead and role in READERS  # then the page is not refused before its case is known
    if role not in row.who and not (may_lead and standing not in {"own", "joint"}):
        return 403
    if row.empty:
        return 404
    if not row.is_of_a_case or standing == "own":
        return 200
    if standing == "joint":
        return 200 if role in row.joint else 403
    return 404


# -- The table --------------------------------------------------------------------------------------------------------


def test_every_page_is_in_the_table(app: Flask) -> None:
    pages = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert pages - OPEN_TO_ALL == set(TABLE)


def test_the_table_speaks_of_the_pages_it_names(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    for endpoint, row in TABLE.items():
        path = row.address.partition("?")[0].format(reference="ASB-2026-001")
        for method in ["GET"] * row.shows + ["POST"] * row.sends:
            assert adapter.match(path, method)[0] == endpoint
        taken = {method for rule in app.url_map.iter_rules(endpoint) for method in rule.methods or ()}
        assert ("GET" in taken, "POST" in taken) == (row.shows, row.sends), endpoint


@ON_SQLITE
@pytest.mark.parametrize("role", list(Role))
def test_every_role_on_every_page_of_every_case(client: FlaskClient, world: World, role: Role) -> None:
    try_every_page(plain(client), world, role)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_an_officer_on_every_page_of_every_case(client: FlaskClient, world: World) -> None:
    try_every_page(plain(client), world, OFFICER)


def try_every_page(client: FlaskClient, world: World, role: Role) -> None:
    sign_in_as(client, world.people[role])
    with nothing_written():
        for endpoint, row in TABLE.items():
            if endpoint == "sign_in.sign_out":
                continue
            nowhere = [told(answer) for answer in answers(client, row, world.cases["missing"])]
            for standing in world.cases if row.is_of_a_case else ["own"]:
                given = answers(client, row, world.cases[standing])
                found = [answer.status_code for answer in given]
                promised = expected(row, role, standing)
                assert found == [promised] * len(found), f"{role} at {endpoint}, {standing}"
                seen = standing == "joint" or (standing == "own" and row.lead)
                if promised in {403, 404} and row.is_of_a_case and not seen:
                    assert [told(answer) for answer in given] == nowhere, f"{role} at {endpoint}, {standing}"


FILLED_IN = {
    "on": ["2", "2", "2026"],
    "reason": "Because.",
    "answer_reason": "other",
    "format": "json",
    "how": "never",
    "submission": "never-used-by-anybody",
}


def test_a_form_filled_in_rightly_gets_no_further_than_an_empty_one(client: FlaskClient, world: World) -> None:
    sign_in_as(client, world.people[OFFICER])
    with nothing_written():
        for endpoint, row in TABLE.items():
            if row.is_of_a_case and row.sends:
                hidden = [
                    client.post(row.address.format(reference=world.cases[standing]), data=FILLED_IN | {"version": "4"})
                    for standing in ("restricted", "foreign", "missing")
                ]
                assert len({told(answer) for answer in hidden}) == 1, endpoint
                assert hidden[0].status_code == (404 if OFFICER in row.who or row.lead else 403)
            if row.is_of_a_case and row.sends and not row.joint:
                joint = row.address.format(reference=world.cases["joint"])
                assert client.post(joint, data=FILLED_IN | {"version": "4"}).status_code == 403


@ON_SQLITE
@pytest.mark.parametrize("token", [None, "", "made-up", "of another browser"])
def test_no_form_is_taken_without_its_own_token(
    app: Flask, client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch, token: str | None
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    if token == "of another browser":
        other = BeautifulSoup(app.test_client().get("/sign-in").text, "html.parser").select_one("[name=csrf_token]")
        assert other
        token = str(other["value"])
    sign_in_as(plain(client), world.people[OFFICER])
    sent = FILLED_IN | {"version": "4"} | ({} if token is None else {"csrf_token": token})
    with nothing_written():
        for endpoint, row in TABLE.items():
            if row.sends:
                answer = client.post(row.address.format(reference=world.cases["own"]), data=sent)
                assert answer.status_code == 400, endpoint
                assert "This form can no longer be sent" in answer.text
    assert client.get("/cases").status_code == 200


@ON_SQLITE
@pytest.mark.parametrize("who", ["anonymous", "disabled"])
def test_who_is_not_signed_in_is_asked_to_whatever_they_ask_for(client: FlaskClient, world: World, who: str) -> None:
    if who == "disabled":
        officer = make_user(OFFICER)
        sign_in_as(client, officer)
        officer.disabled_at = clock.now()
    with nothing_written():
        for endpoint, row in TABLE.items():
            for reference in world.cases.values():
                for answer in answers(plain(client), row, reference):
                    assert answer.status_code == 302, endpoint
                    assert answer.location.partition("?")[0] == "/sign-in", endpoint
                    assert "ASB" not in answer.text.replace(reference, ""), endpoint


@ON_SQLITE
def test_somebody_named_on_a_restricted_case_works_on_it(client: FlaskClient, world: World) -> None:
    for person in (world.named, world.keeper):
        sign_in_as(plain(client), person)
        for endpoint, row in TABLE.items():
            if row.is_of_a_case:
                may = OFFICER in row.who or (row.lead and person is world.keeper)
                for answer in answers(client, row, world.cases["restricted"]):
                    assert answer.status_code == (403 if not may else 200 if not row.empty else 404), endpoint


@ON_SQLITE
def test_a_role_elsewhere_is_no_role_here(client: FlaskClient, world: World, session: Session) -> None:
    """An auditor of one partnership who is an officer of another records in the other only."""
    somebody = make_user(AUDITOR)
    session.add(Membership(user=somebody, partnership=make_partnership("telford"), role=OFFICER))
    session.commit()
    sign_in_as(plain(client), somebody)
    own, foreign = world.cases["own"], world.cases["foreign"]
    for endpoint, row in TABLE.items():
        if row.is_of_a_case and AUDITOR not in row.who:
            assert {answer.status_code for answer in answers(client, row, own)} == {403}, endpoint
            expected = 200 if OFFICER in row.who else 403
            assert {answer.status_code for answer in answers(client, row, foreign)} == {expected}, endpoint


@ON_SQLITE
@pytest.mark.parametrize("role", sorted(RECORDERS))
def test_a_step_is_open_to_the_roles_that_the_procedure_names(client: FlaskClient, world: World, role: Role) -> None:
    sign_in_as(plain(client), world.people[role])
    case = db.session.scalars(select(Case).where(Case.reference == world.cases["own"])).one()
    for step in case.procedure.steps:
        looked = client.get(f"/cases/{case.reference}/steps/{step.key}").status_code
        elsewhere = {client.get(f"/cases/{world.cases[where]}/steps/{step.key}").status_code for where in ("foreign",)}
        assert looked == (403 if role not in step.by else 302 if step.key == "recorded_in_error" else 200), step.key
        assert elsewhere == {404}, step.key


# -- What an outsider could find ---------------------------------------------------------------------------------------


def links(text: str) -> set[str]:
    """Where a page leads."""
    soup = BeautifulSoup(text, "html.parser")
    found = [str(element.get("href") or element.get("action") or "") for element in soup.select("[href], [action]")]
    return {link.partition("#")[0] for link in found if link.startswith("/") and not link.startswith("/static")}


def shape(address: str) -> str:
    """The page, whatever the filters of a list and whichever step it asks about: those are tried by themselves."""
    path, query = urlsplit(address).path, urlsplit(address).query
    path = re.sub(r"/(month|day)/[\d-]+$", r"/\1/any", path)  # months lead to months for two hundred years
    return path if path == "/cases" else re.sub(r"/steps/\w+\?", "/steps/any?", f"{path}?{query}")


def hunted(world: World, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Every page that can be reached by following links, and some that people would try."""
    secret = [world.cases["restricted"], world.cases["foreign"]]
    tried = [f"/cases?status=all&reference={part}" for part in (*secret, "ASB-2026", "asb 2026", "%", "_")]
    tried += [f"/cases?status=all&agency={quote(f'{CANARY} agency')}", f"/cases?status=all&lead={world.keeper.id}"]
    tried += [f"/cases?status={status}&sort=-held" for status in ("all", "on_hold", "overdue", "ready_to_close")]
    year = "since=2026-01-01&until=2026-12-31&as_at=2026-03-02"
    tried += [f"/reports?{year}", f"/reports/figures.json?{year}", f"/reports/figures.csv?{year}"]
    tried += [f"/reports/cases?figure=A1&{year}", f"/reports/cases?figure=D8&part=other&{year}"]
    tried += ["/deadlines/month/2026-02", "/deadlines/day/2026-02-06", "/deadlines/day/2026-02-13"]
    waiting, seen = ["/", "/cases", "/reports", *tried], set[str]()
    while waiting:
        address = waiting.pop()
        if address not in tried and shape(address) in seen:
            continue
        seen.add(shape(address))
        response = client.get(address, follow_redirects=True)
        yield address, words(response)
        if response.mimetype == "text/html":
            waiting += sorted(links(response.text))


@ON_SQLITE
def test_an_outsider_finds_no_trace_of_a_case_they_may_not_see(client: FlaskClient, world: World) -> None:
    sign_in_as(plain(client), world.people[OFFICER])
    pages = 0
    for address, text in hunted(world, client):
        pages += 1
        found = text.casefold().replace(address.casefold(), "")
        assert CANARY not in re.sub(r"agency=\w+", "", found), address
        for standing in ("restricted", "foreign"):
            if world.cases[standing].casefold() not in address.casefold():
                assert world.cases[standing].casefold() not in found, address
            else:
                assert f"/cases/{world.cases[standing]}" not in text, address
    assert pages > 60


@ON_SQLITE
def test_those_who_may_see_it_find_it(client: FlaskClient, world: World) -> None:
    """The hunt above would find something, if there were something to find."""
    sign_in_as(plain(client), world.named)
    texts = [text for _, text in islice(hunted(world, client), 80)]
    assert sum(CANARY in text for text in texts) > 3
    assert sum(world.cases["restricted"] in text for text in texts) > 3


def test_a_similar_case_that_one_may_not_see_is_not_mentioned(client: FlaskClient, world: World) -> None:
    sign_in_as(client, world.people[OFFICER])
    draft = referred(client, "asb")
    for shown in (client.get(f"{draft}/similar"), client.get(f"{draft}/check")):
        assert f"/cases/{world.cases['own']}" in shown.text
        assert world.cases["restricted"] not in shown.text
        assert world.cases["foreign"] not in shown.text


def test_figures_count_every_case_and_list_those_one_may_see(client: FlaskClient, world: World) -> None:
    sign_in_as(client, world.people[AUDITOR])
    found = client.get("/reports/cases?figure=A1&since=2026-01-01&until=2026-03-02").text
    assert "Applications received: 3" in found
    assert (world.cases["own"] in found, world.cases["joint"] in found) == (True, True)
    assert (world.cases["restricted"] in found, world.cases["foreign"] in found) == (False, False)
    somewhere_else = client.get("/reports?partnership=telford&since=2026-01-01&until=2026-03-02")
    nowhere = client.get("/reports?partnership=nowhere&since=2026-01-01&until=2026-03-02")
    assert told(somewhere_else) == told(nowhere)
    assert nowhere.status_code == 404
