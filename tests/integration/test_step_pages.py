"""The pages that record and correct: what they show, and that each form counts once, whoever else is at work."""

import threading
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.bad_values import drawn, form_of, written
from tests.builders import PASSWORD, make_case, make_user, sign_in_as
from tests.pages import page
from tracker import clock
from tracker.errors import Stale
from tracker.extensions import db, reads
from tracker.models import AuditEntry, Case, Event, Role, User
from tracker.services.cases import Resent, correct_event, log_referral, record_step

TODAY = date(2026, 3, 2)
KEY = "made-for-this-form-only"


@pytest.fixture
def officer(session: Session, client: FlaskClient, today_is: Callable[[date], None]) -> User:
    """Somebody who records, signed in."""
    today_is(TODAY)
    officer = make_user(Role.OFFICER)
    sign_in_as(client, officer)
    return officer


@pytest.fixture
def case(officer: User) -> Case:
    return make_case(officer, "dhr", date(2026, 1, 30))


def address(case: Case, page_of_case: str) -> str:
    return f"/cases/{case.reference}/{page_of_case}"


def fill(client: FlaskClient, where: str, **answers: Any) -> MultiDict[str, str]:
    """What a browser sends of the form there, once it is filled in."""
    sent = drawn(form_of(client.get(where).text))
    for name, value in answers.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


def send(client: FlaskClient, where: str, **answers: Any) -> TestResponse:
    return client.post(where, data=fill(client, where, **answers))


def notice(response: TestResponse) -> str:
    """What the page says has just happened."""
    return " ".join(found.get_text(" ", strip=True) for found in page(response).select(".notice"))


def steps_of(case: Case) -> list[str]:
    db.session.expire_all()
    return [event.step for event in case.events]


# -- Recording --------------------------------------------------------------------------------------------------------


def test_a_step_is_recorded_and_said_to_be(client: FlaskClient, case: Case) -> None:
    response = send(client, address(case, "steps/agencies_scoped"), on=["3", "Feb", "2026"], answer_agencies="Police.")
    assert response.location == f"/cases/{case.reference}"
    assert "Recorded: Agencies scoped" in notice(client.get(response.location))
    assert (case.events[-1].happened_on, case.events[-1].answers) == (date(2026, 2, 3), {"agencies": "Police."})


def test_a_decision_is_shown_with_what_it_does_before_it_is_recorded(client: FlaskClient, case: Case) -> None:
    where = address(case, "steps/deadline_extended")
    record_step(case, by=None, step="decided_to_review", on=date(2026, 2, 20), answers={})
    said = {"answer_reason": "Trial listed.", "answer_agreed_by": "Panel"}
    sent = fill(client, where, answer_deadline="complete_report|", answer_to=["20", "11", "2026"], **said)
    before = written()
    checked = client.post(where, data=sent)
    assert page(checked).select_one("h1").text == "Check before recording: Deadline extended"
    assert "20 November 2026" in checked.text
    assert written() == before
    carried = drawn(BeautifulSoup(checked.text, "html.parser").select("form[method=post]")[-1])
    changed = client.post(where, data=carried | MultiDict({"change": "yes"}))
    kept = drawn(form_of(changed.text))
    assert {name: kept.getlist(name) for name in sent} == {name: sent.getlist(name) for name in sent}
    assert written() == before
    assert client.post(where, data=carried | MultiDict({"confirmed": "yes"})).status_code == 302
    assert steps_of(case)[-1] == "deadline_extended"
    assert case.events[-1].answers["deadline"] == "complete_report"


def test_what_the_stage_does_not_allow_is_refused_on_the_page_in_words(client: FlaskClient, case: Case) -> None:
    before = written()
    response = send(client, address(case, "steps/terms_agreed"), on=["20", "2", "2026"])
    assert response.status_code == 200
    assert "cannot be recorded at the stage Referral" in page(response).select(".govuk-error-summary")[0].text
    assert written() == before


# -- Two people at once ------------------------------------------------------------------------------------------------


def test_a_stale_form_shows_their_change_beside_my_answers_and_can_be_sent_again(
    client: FlaskClient, case: Case, session: Session
) -> None:
    where = address(case, "steps/submitted_for_decision")
    sent = fill(client, where, on=["4", "2", "2026"], answer_note="As I had written it.")
    colleague = make_user(Role.OFFICER, email="colleague@example.gov.uk")
    record_step(case, by=colleague, step="agencies_scoped", on=date(2026, 2, 3), answers={"agencies": "Two."})
    before = written()
    response = client.post(where, data=sent)
    assert response.status_code == 409
    assert written() == before
    assert "Agencies scoped, 3 February 2026, recorded by Colleague" in notice(response)
    again = drawn(form_of(response.text))
    for name in sent.keys() - {"version", "seen"}:
        assert again.getlist(name) == sent.getlist(name), name
    assert client.post(where, data=again).status_code == 302
    assert steps_of(case) == ["notification_received", "agencies_scoped", "submitted_for_decision"]


@pytest.mark.parametrize("how", ["never", "otherwise"])
def test_a_stale_correction_does_the_same(client: FlaskClient, case: Case, how: str) -> None:
    record_step(case, by=None, step="agencies_scoped", on=date(2026, 2, 3), answers={"agencies": "Two."})
    where = address(case, f"events/2/correct/{how}")
    sent = fill(client, where, reason="The minutes say so.")
    record_step(case, by=None, step="submitted_for_decision", on=date(2026, 2, 4), answers={})
    before = written()
    response = client.post(where, data=sent)
    assert response.status_code == 409
    assert written() == before
    assert "Submitted for decision, 4 February 2026" in notice(response)
    again = drawn(form_of(response.text))
    for name in sent.keys() - {"version", "seen"}:
        assert again.getlist(name) == sent.getlist(name), name
    assert client.post(where, data=again).status_code == 302
    assert steps_of(case)[3:] == ["recorded_in_error"] + ["agencies_scoped"] * (how == "otherwise")


def test_a_check_page_left_open_is_stale_too(client: FlaskClient, case: Case) -> None:
    where = address(case, "steps/discontinued")
    sent = fill(client, where, answer_reason="Not a death.", answer_decided_by="Chair")
    checked = client.post(where, data=sent)
    carried = drawn(BeautifulSoup(checked.text, "html.parser").select("form[method=post]")[-1])
    record_step(case, by=None, step="agencies_scoped", on=date(2026, 2, 3), answers={})
    response = client.post(where, data=carried | MultiDict({"confirmed": "yes"}))
    assert response.status_code == 409
    assert "Agencies scoped" in notice(response)
    assert drawn(form_of(response.text))["answer_reason"] == "Not a death."


# -- The same form twice -----------------------------------------------------------------------------------------------


def test_a_step_sent_twice_counts_once_and_leads_to_the_first(client: FlaskClient, case: Case) -> None:
    where = address(case, "steps/agencies_scoped")
    sent = fill(client, where, answer_agencies="Police.")
    first = client.post(where, data=sent)
    before = written()
    second = client.post(where, data=sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert written() == before
    assert "This form was sent before" in notice(client.get(second.location))


@pytest.mark.parametrize("how", ["never", "otherwise"])
def test_a_correction_sent_twice_counts_once(client: FlaskClient, case: Case, how: str) -> None:
    record_step(case, by=None, step="agencies_scoped", on=date(2026, 2, 3), answers={"agencies": "Two."})
    where = address(case, f"events/2/correct/{how}")
    sent = fill(client, where, reason="The minutes say so.")
    first = client.post(where, data=sent)
    before = written()
    second = client.post(where, data=sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert written() == before


def test_a_used_key_records_nothing_elsewhere(client: FlaskClient, case: Case, officer: User) -> None:
    """Not on another case, not with other answers, and not as a correction."""
    used = {"submission": KEY, "version": str(case.version)}
    client.post(
        address(case, "steps/agencies_scoped"), data=used | {"on": ["3", "2", "2026"], "answer_agencies": "Two."}
    )
    other = make_case(officer, "dhr", date(2026, 1, 31))
    before = written()
    forms: dict[str, dict[str, Any]] = {
        address(other, "steps/agencies_scoped"): {
            "on": ["3", "2", "2026"],
            "answer_agencies": "Three.",
            "version": "1",
        },
        address(case, "events/2/correct/never"): {"reason": "Wrong.", "version": "2"},
    }
    for where, answers in forms.items():
        response = client.post(where, data={"submission": KEY, **answers})
        assert response.status_code in {200, 302}, where
    assert written() == before


DAMAGED = [
    *(("submission", text) for text in ("", "short", "x" * 65, "with space in the middle", "a\x00" * 12, None)),
    *(("version", text) for text in ("", "-1", "1.0", "٣", "9" * 40, "one", None)),
]


def test_a_damaged_key_or_version_is_refused_and_drawn_anew(client: FlaskClient, case: Case) -> None:
    where = address(case, "steps/agencies_scoped")
    before = written()
    for name, text in DAMAGED:
        sent = fill(client, where, answer_agencies="Police.")
        sent.setlist(name, [] if text is None else [text])
        response = client.post(where, data=sent)
        assert "This page was damaged or out of date" in page(response).select(".govuk-error-summary")[0].text, name
        again = drawn(form_of(response.text))
        assert again["answer_agencies"] == "Police."
        assert written() == before
    assert client.post(where, data=again).status_code == 302


# -- At the very same moment -------------------------------------------------------------------------------------------


def at_once(app: Flask, *doings: Callable[[], object]) -> list[object]:
    """What each of them returns or raises, all begun together and each in a request's own context."""
    ready, results = threading.Barrier(len(doings)), []

    def run(doing: Callable[[], object]) -> None:
        with app.test_request_context("/", method="POST"):
            ready.wait()
            try:
                results.append(doing())
            except Exception as problem:
                results.append(problem)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def people(own_app: Flask) -> Iterator[tuple[int, int]]:
    """An officer and their case, in a database that really commits."""
    with own_app.app_context():
        officer = make_user(Role.OFFICER)
        case = make_case(officer, "dhr", clock.today() - timedelta(days=20))
        numbers = officer.id, case.id
        db.session.remove()
        yield numbers


def counted(column: Any) -> int:
    """How many rows have it, without keeping anybody waiting."""
    with reads():
        number = db.session.scalar(select(func.count(column))) or 0
        db.session.remove()
    return number


def got(officer: int, case: int) -> tuple[User, Case]:
    return db.session.get_one(User, officer), db.session.get_one(Case, case)


@pytest.mark.parametrize("what", ["step", "correction", "referral", "a step of each of two cases"])
def test_twins_count_once_and_both_lead_to_the_first(own_app: Flask, people: tuple[int, int], what: str) -> None:
    officer, case = people
    other = make_case(got(*people)[0], "dhr", clock.today() - timedelta(days=10)).id
    db.session.remove()

    def twin(number: int) -> str:
        by, subject = got(officer, other if number and what.startswith("a step") else case)
        today = clock.today()
        once: dict[str, Any] = {"submission_key": KEY}
        try:
            if what == "correction":
                made: object = correct_event(
                    subject, by=by, number=1, reason="Twice.", on=today - timedelta(days=30), version=1, **once
                )
            elif what == "referral":
                years = today.replace(year=today.year - number)  # another year's numbers: not even one lock in common
                made = log_referral(subject.partnership, by=by, edition="asb-2014", on=years, answers={}, **once)
            else:
                made = record_step(subject, by=by, step="agencies_scoped", on=today, answers={}, version=1, **once)
        except Resent as resent:
            return resent.event.case.reference
        return made.reference if isinstance(made, Case) else made.case.reference  # type: ignore[attr-defined]

    before = counted(AuditEntry.number)
    results = at_once(own_app, lambda: twin(0), lambda: twin(1))
    assert all(isinstance(result, str) for result in results), results
    assert len(set(results)) == 1
    assert counted(AuditEntry.number) == before + 1
    assert counted(Event.submission_key) == 1


def test_of_two_different_changes_at_once_one_is_stale(own_app: Flask, people: tuple[int, int]) -> None:
    def change(number: int) -> int:
        by, case = got(*people)
        event = record_step(
            case,
            by=by,
            step="submitted_for_decision" if number else "agencies_scoped",
            on=clock.today(),
            answers={},
            version=1,
            submission_key=f"{KEY}-{number}",
        )
        return event.number

    results = at_once(own_app, lambda: change(0), lambda: change(1))
    assert [type(result) for result in results if not isinstance(result, int)] == [Stale]
    assert [result for result in results if isinstance(result, int)] == [2]


def test_a_form_sent_by_two_clicks_at_once(own_app: Flask, people: tuple[int, int]) -> None:
    """Through the pages, with the protection against forgery on."""
    wsgi = own_app.wsgi_app
    own_app.wsgi_app = lambda *arguments: Context().run(wsgi, *arguments)  # type: ignore[method-assign]
    user, case = got(*people)
    where, email, reference = address(case, "steps/agencies_scoped"), user.email, case.reference
    db.session.remove()
    browsers = [own_app.test_client() for _ in range(2)]
    token = form_of(browsers[0].get("/sign-in").text).select_one("[name=csrf_token]")
    assert token
    browsers[0].post("/sign-in", data={"email": email, "password": PASSWORD, "csrf_token": token["value"]})
    sent = fill(browsers[0], where, answer_agencies="Police.")
    cookie = browsers[0].get_cookie("tracker")
    assert cookie
    browsers[1].set_cookie("tracker", cookie.value)
    ready, answered = threading.Barrier(2), []

    def click(browser: FlaskClient) -> None:
        ready.wait()
        answered.append(browser.post(where, data=sent))

    threads = [threading.Thread(target=click, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(answer.status_code, answer.location) for answer in answered] == [(302, f"/cases/{reference}")] * 2
    assert counted(Event.id) == 2


# -- Correcting -------------------------------------------------------------------------------------------------------


def test_what_was_wrong_decides_the_next_page(client: FlaskClient, case: Case) -> None:
    where = address(case, "events/1/correct")
    assert send(client, where, how="never").location == f"{where}/never"
    assert send(client, where, how="otherwise").location == f"{where}/otherwise"
    assert "Select what was wrong" in send(client, where, how="both").text


def test_an_answer_that_is_emptied_is_gone(client: FlaskClient, case: Case) -> None:
    record_step(
        case, by=None, step="hold_started", on=date(2026, 2, 3), answers={"reason": "inquest", "held_by": "Coroner"}
    )
    response = send(client, address(case, "events/2/correct/otherwise"), reason="Not the coroner.", answer_held_by="")
    assert response.status_code == 302
    assert steps_of(case)[2:] == ["recorded_in_error", "hold_started"]
    assert case.events[-1].answers == {"reason": "inquest"}


def test_an_extension_can_be_corrected(client: FlaskClient, case: Case) -> None:
    record_step(case, by=None, step="decided_to_review", on=date(2026, 2, 20), answers={})
    record_step(case, by=None, step="imr_requested", on=date(2026, 2, 20), answers={}, subject="Police")
    answers = {"deadline": "imr", "to": "2026-06-30", "reason": "Asked for.", "agreed_by": "Chair"}
    record_step(case, by=None, step="deadline_extended", on=date(2026, 2, 23), answers=answers, subject="Police")
    where = address(case, "events/4/correct/otherwise")
    assert send(client, where, reason="It was July.", answer_to=["31", "7", "2026"]).status_code == 302
    corrected = case.events[-1]
    assert steps_of(case)[4:] == ["recorded_in_error", "deadline_extended"]
    assert (corrected.subject, corrected.answers) == ("Police", answers | {"to": "2026-07-31"})


def test_a_correction_that_later_steps_rest_on_is_refused_on_the_page(client: FlaskClient, case: Case) -> None:
    record_step(case, by=None, step="decided_to_review", on=date(2026, 2, 20), answers={})
    record_step(case, by=None, step="chair_appointed", on=date(2026, 2, 23), answers={})
    before = written()
    response = send(client, address(case, "events/2/correct/never"), reason="Another case.")
    assert "would no longer be possible" in page(response).select(".govuk-error-summary")[0].text
    assert drawn(form_of(response.text))["reason"] == "Another case."
    assert written() == before


def test_what_was_corrected_is_not_corrected_again(client: FlaskClient, case: Case) -> None:
    record_step(case, by=None, step="agencies_scoped", on=date(2026, 2, 3), answers={})
    assert send(client, address(case, "events/2/correct/never"), reason="Never.").status_code == 302
    before = written()
    for number in (2, 3):
        response = send(client, address(case, f"events/{number}/correct/never"), reason="Again.")
        assert response.status_code == 200
        assert page(response).select(".govuk-error-summary")
    assert written() == before


# -- Signed out in the middle ------------------------------------------------------------------------------------------


@pytest.fixture
def half_an_hour(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets so much time pass that every session has ended."""

    def pass_by() -> None:
        later = clock.now() + timedelta(minutes=31)
        monkeypatch.setattr(clock, "now", lambda: later)

    return pass_by


@pytest.fixture
def guarded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms need their token, as they do where the application is served."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def send_late(client: FlaskClient, where: str, sent: MultiDict[str, str]) -> TestResponse:
    """The page that a form leads to when it is sent too late; the browser sends it there by itself."""
    response = client.post(where, data=sent)
    assert (response.status_code, response.location) == (307, f"/sign-in?next={where}")
    return client.post(response.location, data=sent)


def sign_in_again(client: FlaskClient, where: TestResponse, email: str, password: str = PASSWORD) -> TestResponse:
    """From the sign-in page as it is, to what comes after it."""
    sent = drawn(form_of(where.text))
    sent["email"], sent["password"] = email, password
    return client.post(where.request.full_path, data=sent)


def test_a_form_sent_after_the_session_ended_is_kept_until_its_sender_is_back(
    client: FlaskClient, case: Case, officer: User, guarded: None, half_an_hour: Callable[[], None]
) -> None:
    where = address(case, "steps/agencies_scoped")
    text = "</textarea><script>canary()</script>\n  As typed.\n"
    sent = fill(client, where, on=["3", "2", "2026"], answer_agencies=text)
    half_an_hour()
    before = written()
    asked = send_late(client, where, sent)
    assert "You have been signed out" in asked.text
    assert not page(asked).select(".govuk-error-summary")
    asked = sign_in_again(client, asked, officer.email, "wrong otter canopy")
    assert page(asked).select(".govuk-error-summary")
    kept = sign_in_again(client, asked, officer.email)
    assert "Your answers are kept" in kept.text
    assert PASSWORD not in kept.text
    assert written() == before
    form = BeautifulSoup(kept.text, "html.parser").select("form[method=post]")[-1]
    assert form["action"] == where
    assert client.post(where, data=drawn(form)).location == f"/cases/{case.reference}"
    assert steps_of(case)[1:] == ["agencies_scoped"]
    assert case.events[1].answers == {"agencies": text.strip()}


def test_somebody_else_is_not_handed_what_was_kept(
    client: FlaskClient, case: Case, officer: User, half_an_hour: Callable[[], None]
) -> None:
    where = address(case, "steps/agencies_scoped")
    sent = fill(client, where, answer_agencies="Not for your eyes.")
    half_an_hour()
    asked = send_late(client, where, sent)
    other = make_user(Role.OFFICER)
    assert sign_in_again(client, asked, other.email).location == where
    assert "Not for your eyes." not in client.get(where).text


def test_a_form_of_a_stranger_is_not_kept(client: FlaskClient, case: Case, officer: User) -> None:
    where, before = address(case, "steps/agencies_scoped"), written()
    stranger = client.application.test_client()
    assert stranger.post(where, data={"answer_agencies": "canary"}).status_code == 302
    asked = stranger.post("/sign-in", data={"answer_agencies": "canary", "kept.answer_agencies": "canary"})
    assert "canary" not in asked.text
    assert written() == before
