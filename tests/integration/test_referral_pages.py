"""Logging a referral: one thing a page, kept after each, checked at the end, and one case of each draft."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.bad_values import drawn, form_of, written
from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tests.referring import REFERRALS, SKIP, answer, begin, filled_in, log, referred
from tracker.extensions import db
from tracker.models import Case, Draft, LocalSetting, Membership, Message, Role, User
from tracker.services.agencies import new_agency

TODAY = date(2026, 3, 2)
ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def officer(session: Session, client: FlaskClient, today_is: Callable[[date], None]) -> User:
    """Somebody who logs referrals, signed in."""
    today_is(TODAY)
    officer = make_user(Role.OFFICER)
    sign_in_as(client, officer)
    return officer


def said(response: TestResponse) -> dict[str, str]:
    """Each error with the input its link lands on."""
    found = page(response)
    links = {str(link["href"]): link.text for link in found.select(".govuk-error-summary a")}
    assert all(found.select_one(f"{target}:is(input, select, textarea)") for target in links)
    return links


def back_of(response: TestResponse) -> str:
    return str(page(response).select_one(".govuk-back-link")["href"])


def only_case() -> Case:
    db.session.expire_all()
    return db.session.scalars(select(Case)).one()


# -- From the first page to the case -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["dhr", "asb", "owhr"])
def test_a_referral_is_asked_page_by_page_checked_and_logged(
    client: FlaskClient, officer: User, kind: str, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    draft, asked = begin(client, kind), REFERRALS[kind]
    for key, answers in asked.items():
        with statements() as made:
            shown = client.get(f"{draft}/{key}")
        assert len(made) <= 12, (key, made)
        assert len(page(shown).select("h1")) == 1
        sent = filled_in(client, f"{draft}/{key}", answers)
        with statements() as made:
            answered = client.post(f"{draft}/{key}", data=sent)
        assert (answered.status_code, len(made) <= 12) == (302, True), (key, made)
    before = db.session.scalar(select(func.count(Case.id)))
    with statements() as made:
        checked = client.get(f"{draft}/check")
    assert (before, len(made) <= 12) == (0, True)
    assert asked["summary"]["answer_summary"] in page(checked).select_one("dl.given").text
    logged = log(client, draft)
    case = only_case()
    assert logged.location == f"/cases/{case.reference}/logged"
    assert (case.case_type, case.opened_on, case.lead) == (kind, date(2026, 1, 30), officer)
    assert case.events[0].answers["summary"] == asked["summary"]["answer_summary"]
    assert db.session.scalar(select(func.count(Draft.id))) == 0
    with statements() as made:
        confirmed = client.get(logged.location).text
    assert len(made) <= 12
    assert f"{case.reference} is logged" in confirmed
    for deadline in case.deadlines:
        assert case.procedure.known_deadline(deadline.key).label in confirmed


@ON_SQLITE
def test_what_the_law_asks_of_a_death_is_kept(client: FlaskClient, officer: User) -> None:
    log(client, referred(client, "dhr"))
    case = only_case()
    assert case.deaths == [{"on": "2026-01", "age_band": "35-44"}]
    assert case.criteria == [
        {"key": "death", "met": "met", "evidence": "The certificate."},
        {"key": "aged_16_or_over", "met": "met"},
        {"key": "relationship", "met": "unclear"},
    ]
    assert case.events[0].answers == {
        "from": "police",
        "agencies": "The college",
        "owhr_may_apply": "no",
        "summary": "Adult A died at home.",
    }


@ON_SQLITE
def test_the_managers_are_told_and_the_page_says_who(client: FlaskClient, officer: User) -> None:
    manager, elsewhere = make_user(Role.MANAGER), make_user(Role.MANAGER, partnership=make_partnership("telford"))
    draft = referred(client, "asb")
    effects = page(client.get(f"{draft}/check")).select_one(".effects").text
    assert ("Tells 1 person" in effects, manager.name in effects, elsewhere.name in effects) == (True, True, False)
    told = page(client.get(log(client, draft).location)).select_one("section[aria-labelledby=told]").text
    assert (manager.name in told, elsewhere.name in told) == (True, False)
    messages = [(message.kind, message.user, message.case) for message in db.session.scalars(select(Message))]
    assert messages == [("referral_logged", manager, only_case())]


def test_consent_themes_and_complaints_are_kept(client: FlaskClient, officer: User, session: Session) -> None:
    new_agency(officer.memberships[0].partnership, "Teme Meadow Homes", "")
    draft = referred(client, "asb", bodies={"chosen": ["Teme Meadow Homes"], "others": "The college"})
    log(client, draft)
    case = only_case()
    assert [(event.step, event.happened_on, event.answers.get("consent")) for event in case.events[1:]] == [
        ("consent_recorded", date(2026, 1, 30), "given")
    ]
    assert (case.themes, case.events[0].answers["bodies"]) == (
        ["neighbours", "noise"],
        "Teme Meadow Homes, The college",
    )
    kept = [(row.behaviour_on, row.reported_on, row.body, row.incident, row.hate) for row in case.complaints]
    assert kept == [
        (date(2026, 1, 5), date(2026, 1, 6), "Council", "Shouting", False),
        (date(2026, 1, 12), date(2026, 1, 12), "", "", True),
    ]


def test_each_review_partner_s_day_starts_its_own_clock_and_an_exclusion_is_recorded(
    client: FlaskClient, officer: User
) -> None:
    draft = begin(client, "owhr")
    assert "No statutory duty applies here" in client.get(f"{draft}/received").text
    answer(client, draft, REFERRALS["owhr"])
    shown = page(client.get(f"{draft}/check")).select_one("dl.given").text
    assert "May the death be the subject of a domestic homicide review?" in shown
    assert "Yes. A former partner." in shown
    log(client, draft)
    case = only_case()
    assert [(event.subject, event.happened_on) for event in case.events[1:]] == [
        ("West Mercia Police", date(2026, 2, 2)),
        (case.procedure.subjects[2], date(2026, 2, 9)),
    ]
    assert {answered["key"]: answered["met"] for answered in case.criteria} == {
        "homicide": "met",
        "offensive_weapon": "not_met",
        "not_domestic_homicide": "not_met",
    }


# -- There and back ---------------------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize("kind", ["dhr", "asb", "owhr"])
def test_every_page_leads_back_to_the_one_before_with_its_answers(
    client: FlaskClient, officer: User, kind: str
) -> None:
    draft = referred(client, kind)
    pages = list(dict.fromkeys(key.partition("/")[0] for key in REFERRALS[kind]))
    for before, after in zip([draft, *(f"{draft}/{key}" for key in pages)], [*pages, "check"], strict=True):
        assert back_of(client.get(f"{draft}/{after}")) == before
    for key, answers in REFERRALS[kind].items():
        kept = drawn(form_of(client.get(f"{draft}/{key}").text))
        again = {name: kept.getlist(name) for name in answers if name != "skip"}
        spelled = {"Jan": "1", "January": "1"}
        wanted = {name: given if isinstance(given, list) else [given] for name, given in answers.items()}
        assert again == {name: [spelled.get(part, part) for part in wanted[name]] for name in again}, key


@ON_SQLITE
def test_nothing_can_be_passed_over(client: FlaskClient, officer: User) -> None:
    draft = begin(client, "asb")
    answer(client, draft, {"received": REFERRALS["asb"]["received"]})
    for later in ("consent", "complaints", "complaints/1", "summary", "check"):
        assert client.get(f"{draft}/{later}").location == f"{draft}/applicant", later
        assert client.post(f"{draft}/{later}", data={"answer_summary": "x"}).location == f"{draft}/applicant", later
    assert "1 of 7 questions are done" in client.get(draft).text
    assert client.get(f"{draft}/criterion-death").status_code == 404
    assert db.session.scalar(select(func.count(Case.id))) == 0


@ON_SQLITE
def test_a_change_from_the_check_comes_back_to_it(client: FlaskClient, officer: User) -> None:
    draft = referred(client, "dhr")
    links = page(client.get(f"{draft}/check")).select("dl.given a")
    people = next(str(link["href"]) for link in links if "/people" in str(link["href"]))
    assert back_of(client.get(people)) == f"{draft}/check"
    sent = filled_in(client, people, {"answer_people": "Adult A, who died."})
    assert client.post(people, data=sent).location == f"{draft}/check"
    assert "Adult A, who died." in client.get(f"{draft}/check").text


@ON_SQLITE
def test_a_draft_is_resumed_where_it_was_left_or_thrown_away(client: FlaskClient, officer: User) -> None:
    draft = begin(client, "dhr")
    assert begin(client, "dhr") != draft  # and nothing is answered in that one: it is not offered
    answer(client, draft, {"received": REFERRALS["dhr"]["received"], "death": SKIP})
    offered = page(client.get("/cases/log")).select("ol.rows a")
    assert [link["href"] for link in offered] == [draft]
    resumed = page(client.get(draft))
    assert resumed.select_one(".govuk-button[href]")["href"] == f"{draft}/criterion-death"
    assert [state.text for state in resumed.select("ol .status")][:3] == ["Answered", "Not known yet", "To answer"]
    client.post(f"{draft}/discard", data=drawn(form_of(client.get(f"{draft}/discard").text)))
    assert client.get(draft).status_code == 404
    assert page(client.get("/cases/log")).select("ol.rows a") == []


def test_a_draft_is_its_owner_s_alone_and_goes_when_it_is_idle(
    client: FlaskClient, officer: User, today_is: Callable[[date], None]
) -> None:
    draft, colleague = referred(client, "asb"), make_user(Role.OFFICER, Role.MANAGER)
    nothing = draft[:-3] + "xyz"
    below = ("", "/received", "/complaints", "/complaints/1", "/check", "/discard", "/similar")
    sign_in_as(client, colleague)
    for key in below:
        theirs, none = client.get(draft + key), client.get(nothing + key)
        assert (theirs.status_code, page(theirs).select_one("main")) == (404, page(none).select_one("main")), key
    before = written()
    for key in ("/received", "/complaints/1", "/complaints/1/remove", "/check", "/discard"):
        assert client.post(draft + key, data={"of": "2"}).status_code == 404, key
    assert (written(), page(client.get("/cases/log")).select("ol.rows a")) == (before, [])
    today_is(TODAY + timedelta(days=31))
    sign_in_as(client, officer)
    assert [client.get(draft + key).status_code for key in below] == [404] * len(below)


@ON_SQLITE
def test_near_the_day_a_new_law_begins_it_is_asked_which_applies(
    client: FlaskClient, officer: User, session: Session
) -> None:
    partnership_id = officer.memberships[0].partnership_id
    begins = {"partnership_id": partnership_id, "key": "dhr.dardr-2024.in_force_from", "takes_effect_on": TODAY}
    session.add(LocalSetting(value="true", **begins))
    draft = begin(client, "dhr")
    answer(client, draft, {"received": REFERRALS["dhr"]["received"]})
    assert client.get(f"{draft}/death").location == f"{draft}/edition"
    asked = client.get(f"{draft}/edition")
    assert page(asked).select("input[checked]") == []
    assert [*said(client.post(f"{draft}/edition", data=drawn(form_of(asked.text))))] == ["#edition"]
    answer(client, draft, {"edition": {"edition": "dardr-2024"}, "death": SKIP, "criterion-death": SKIP})
    assert client.get(f"{draft}/criterion-both_aged_16_or_over").status_code == 200
    answer(client, draft, {f"criterion-{key}": SKIP for key in ("both_aged_16_or_over", "personally_connected")})
    answer(client, draft, {"criterion-domestic_abuse": {"met_domestic_abuse": "unclear"}})
    answer(client, draft, {key: REFERRALS["dhr"][key] for key in ("people", "agencies", "other_reviews", "summary")})
    log(client, draft)
    assert (only_case().edition, only_case().criteria) == (
        "dardr-2024",
        [{"key": "domestic_abuse", "met": "unclear"}],
    )
    session.add(LocalSetting(value="false", **begins))  # it does not begin after all
    draft = begin(client, "dhr")
    answer(client, draft, {"received": REFERRALS["dhr"]["received"]})
    assert client.get(f"{draft}/edition").status_code == 404
    assert client.get(f"{draft}/death").status_code == 200


# -- Complaints -------------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_complaints_are_added_changed_and_removed_with_both_tests_beside_them(
    client: FlaskClient, officer: User
) -> None:
    draft = begin(client, "asb")
    pages = REFERRALS["asb"]
    answer(client, draft, {key: pages[key] for key in ("received", "applicant", "consent")})
    assert client.get(f"{draft}/complaints").location == f"{draft}/complaints/1"
    first = client.post(f"{draft}/complaints/1", data=filled_in(client, f"{draft}/complaints/1", pages["complaints/1"]))
    assert first.location == f"{draft}/complaints"
    second = filled_in(client, f"{draft}/complaints/2", pages["complaints/2"] | {"more": "yes"})
    assert client.post(f"{draft}/complaints/2", data=second).location == f"{draft}/complaints/3"
    assert "2 complaints so far" in client.get(f"{draft}/complaints/3").text
    assert client.post(f"{draft}/complaints/2", data=second).status_code == 302  # the same again
    listed = page(client.get(f"{draft}/complaints"))
    assert listed.select_one("h1").text == "2 complaints: the statutory test is not met, the local test is met"
    assert [score.text for score in listed.select(".score")] == ["2 of 3 needed", "2 of 3 needed, or 1 of 1 needed"]
    answer(client, draft, {"complaints/1": {"incident": "Music"}})
    assert "1. Music" in client.get(f"{draft}/complaints").text
    for _ in range(2):
        assert client.post(f"{draft}/complaints/1/remove", data={"of": "2"}).location == f"{draft}/complaints"
    assert page(client.get(f"{draft}/complaints")).select_one("h1").text.startswith("1 complaint:")
    client.post(f"{draft}/complaints/1/remove", data={"of": "1"})
    assert page(client.get(f"{draft}/complaints")).select_one("h1").text.startswith("0 complaints:")


@ON_SQLITE
@pytest.mark.parametrize("number", ["0", "3", "61", "9" * 30, "-1", "x"])
def test_there_is_no_complaint_of_another_number(client: FlaskClient, officer: User, number: str) -> None:
    draft = begin(client, "asb")
    answer(client, draft, {key: REFERRALS["asb"][key] for key in ("received", "applicant", "consent", "complaints/1")})
    before = written()
    assert client.get(f"{draft}/complaints/{number}").status_code == 404
    assert client.post(f"{draft}/complaints/{number}/remove", data={"of": "1"}).status_code in {302, 404}
    assert written() == before
    assert client.get(f"{begin(client, 'dhr')}/complaints/1").status_code == 404


# -- What is wrong ----------------------------------------------------------------------------------------------------

COMPLAINT = REFERRALS["asb"]["complaints/1"]
WRONG: tuple[tuple[str, str, dict[str, Any], str, str], ...] = (
    ("dhr", "received", {"on": ["30", "2", "2026"]}, "#on", "30 February 2026 does not exist"),
    ("dhr", "received", {"on": ["3", "3", "2026"]}, "#on", "must be today or in the past"),
    ("dhr", "received", {"on": ["", "", ""]}, "#on", "Enter the date"),
    ("dhr", "received", {"answer_from": ""}, "#answer_from", "Answer ‘"),
    ("dhr", "summary", {"answer_summary": "x" * 20_001}, "#answer_summary", "20,000 characters or fewer"),
    ("dhr", "summary", {"answer_summary": ""}, "#answer_summary", "Answer ‘"),
    ("dhr", "death", {"on": ["31", "", "2026"]}, "#on-month", "Date must include a month"),
    ("dhr", "death", {"on": ["29", "2", "2025"]}, "#on", "does not exist"),
    ("dhr", "death", {"on": ["", "4", "2026"]}, "#on", "must be today or in the past"),
    ("dhr", "death", {"age_band": "150"}, "#age_band", "must be one of those listed"),
    ("dhr", "death", {"on": ["", "", ""], "age_band": ""}, "#on", "or choose ‘Not known yet’"),
    ("dhr", "criterion-death", {"met_death": "perhaps"}, "#met_death", "Select one"),
    ("dhr", "criterion-death", {"evidence_death": "a\x1bb"}, "#evidence_death", "control character"),
    ("dhr", "people", {"answer_people": " \r\n"}, "#answer_people", "or choose ‘Not known yet’"),
    ("dhr", "agencies", {"others": "x" * 201}, "#others", "200 characters or fewer"),
    ("dhr", "other_reviews", {"answer_owhr_may_apply": "2"}, "#answer_owhr_may_apply", "one of those listed"),
    ("asb", "received", {"answer_how": "telepathy"}, "#answer_how", "Select an answer"),
    ("asb", "themes", {"themes": ["neighbours", "no such theme"]}, "#themes", "must be one of those listed"),
    ("asb", "consent", {"answer_consent": "no"}, "#answer_consent", "Select an answer"),
    ("asb", "complaints/1", {"reported_on": ["", "", ""]}, "#reported_on", "Enter when it was reported"),
    ("asb", "complaints/1", {"behaviour_on": ["", "", ""]}, "#behaviour_on", "Enter when it happened"),
    ("asb", "complaints/1", {"reported_on": ["4", "1", "2026"]}, "#reported_on", "before the behaviour"),
    ("asb", "complaints/2", {"reported_on": ["3", "3", "2026"]}, "#reported_on", "in the past"),
    ("asb", "complaints/2", {"hate": "very"}, "#hate", "must be one of those listed"),
    ("asb", "complaints/2", {"body": "x" * 201}, "#body", "200 characters or fewer"),
    ("owhr", "partner-2", {"on": ["32", "1", "2026"]}, "#on", "Day must be a number from 1 to 31"),
    ("owhr", "partner-2", {"on": ["3", "3", "2026"]}, "#on", "today or in the past"),
    ("owhr", "partner-2", {"on": ["29", "1", "2026"]}, "#on", "30 January 2026 or later"),
    ("owhr", "partner-2", {"on": ["", "", ""], "name": "The council"}, "#on", "or choose ‘Not known yet’"),
    ("owhr", "exclusions", {"met_not_started_elsewhere": "maybe"}, "#met_not_started_elsewhere", "one of those listed"),
)  # fmt: skip


@ON_SQLITE
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(client: FlaskClient, officer: User) -> None:
    drafts = {kind: referred(client, kind) for kind in REFERRALS}
    before = written()
    for kind, key, wrong, target, says in WRONG:
        address = f"{drafts[kind]}/{key}"
        sent = filled_in(client, address, {k: v for k, v in (REFERRALS[kind][key] | wrong).items() if k != "skip"})
        response = client.post(address, data=sent)
        assert response.status_code == 200, (key, wrong)
        assert [*said(response)] == [target], (key, wrong, said(response))
        assert says in said(response)[target], (key, wrong, said(response))
        kept = drawn(form_of(response.text))
        for name in sent:
            chosen = page(response).select_one(f"[name={name}]:is([type=radio], [type=checkbox], select)")
            if not (chosen and name in wrong) and not {"\x1b", " "} & set(sent[name][:2]):
                assert kept.getlist(name) == sent.getlist(name), (key, name)
    assert written() == before


@ON_SQLITE
def test_a_day_that_moves_past_what_rests_on_it_is_said_on_the_check(client: FlaskClient, officer: User) -> None:
    draft = referred(client, "owhr")
    answer(client, draft, {"received": {"on": ["5", "2", "2026"], "answer_from": "police"}})
    before = written()
    checked = client.get(f"{draft}/check")
    assert "5 February 2026" in page(checked).select_one(".govuk-error-summary").text
    sent = client.post(f"{draft}/check", data=drawn(form_of(checked.text)))
    assert (sent.status_code, written()) == (200, before)
    answer(client, draft, {"partner-1": {"on": ["6", "2", "2026"]}})
    assert log(client, draft).status_code == 302


# -- Twice, and where -------------------------------------------------------------------------------------------------


def test_a_referral_sent_twice_is_one_case_and_leads_to_it(client: FlaskClient, officer: User) -> None:
    draft = referred(client, "asb")
    sent = drawn(form_of(client.get(f"{draft}/check").text))
    first = client.post(f"{draft}/check", data=sent)
    before = written()
    again = [client.post(f"{draft}/check", data=sent), client.get(draft), client.get(f"{draft}/summary")]
    again.append(client.post(f"{draft}/summary", data={"answer_summary": "From another window."}))
    assert {response.location for response in again} == {first.location}
    assert "This referral was logged before" in client.get(first.location).text
    assert written() == before
    sign_in_as(client, make_user(Role.OFFICER))
    assert client.get(draft).status_code == 404


@ON_SQLITE
def test_it_is_asked_which_partnership_where_there_is_a_choice(
    client: FlaskClient, officer: User, session: Session
) -> None:
    mine, theirs = make_partnership("mine"), make_partnership("theirs")
    session.add(Membership(user=officer, partnership=mine, role=Role.OFFICER))
    session.add(Membership(user=officer, partnership=theirs, role=Role.AUDITOR))
    whose = client.post("/cases/log", data={"kind": "asb"}).location
    before = written()
    for chosen in ("theirs", "", "0", "\x00", "9" * 30):
        assert [*said(client.post(whose, data={"partnership": chosen}))] == ["#partnership"], chosen
    assert written() == before
    draft = client.post(whose, data={"partnership": "mine"}).location.removesuffix("/received")
    answer(client, draft, REFERRALS["asb"])
    log(client, draft)
    assert only_case().partnership == mine


def test_a_case_that_may_be_the_same_is_shown_if_one_may_see_it(client: FlaskClient, officer: User) -> None:
    seen = make_case(officer, "asb", date(2026, 2, 10)).reference
    elsewhere = make_case(make_user(Role.OFFICER, partnership=make_partnership("telford")), "asb", date(2026, 1, 30))
    make_case(officer, "asb", date(2025, 6, 1))
    draft = begin(client, "asb")
    received = filled_in(client, f"{draft}/received", REFERRALS["asb"]["received"])
    assert client.post(f"{draft}/received", data=received).location == f"{draft}/similar"
    shown = page(client.get(f"{draft}/similar"))
    assert [link.text for link in shown.select("ol.rows a")] == [seen]
    assert elsewhere.reference not in shown.text
    answer(client, draft, {key: pages for key, pages in REFERRALS["asb"].items() if key != "received"})
    checked = client.get(f"{draft}/check").text
    assert (seen in checked, elsewhere.reference in checked) == (True, False)
