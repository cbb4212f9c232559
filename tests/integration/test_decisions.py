"""Recording a decision: its outcome, reasons and effects, whom it tells, and one more page before it counts."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.bad_values import drawn, form_of, written
from tests.builders import make_case, make_user, sign_in_as
from tests.pages import page
from tracker.extensions import db
from tracker.models import Case, Role, User
from tracker.models.messages import Message
from tracker.procedures import PROCEDURES
from tracker.procedures.vocabulary import Procedure
from tracker.queries.case_people import people_told
from tracker.queries.effects import effects_of
from tracker.services.case_access import declare_conflict, restrict_case
from tracker.services.cases import record_step

ANSWERS = {
    "answer_rationale": "Every criterion appears to be met.",
    "answer_consulted": "Police and council.",
    "answer_decided_by": "Partnership chair",
}


@pytest.fixture
def chair(session: Session, client: FlaskClient, today_is: Callable[[date], None]) -> User:
    """A panel chair, signed in."""
    today_is(date(2026, 3, 2))
    chair = make_user(Role.CHAIR, email="miriam@example.gov.uk")
    sign_in_as(client, chair)
    return chair


@pytest.fixture
def case(chair: User) -> Case:
    case = make_case(make_user(Role.OFFICER, email="ruth@example.gov.uk"), "dhr", date(2026, 1, 30))
    case.chair = chair
    db.session.commit()
    return case


def where(case: Case, page_of_case: str = "steps/decided_to_review") -> str:
    return f"/cases/{case.reference}/{page_of_case}"


def fill(client: FlaskClient, case: Case) -> MultiDict[str, str]:
    sent = drawn(form_of(client.get(where(case)).text))
    for name, answer in ANSWERS.items():
        sent[name] = answer
    sent.setlist("on", ["20", "2", "2026"])
    return sent


def carried(response: TestResponse) -> MultiDict[str, str]:
    return drawn(BeautifulSoup(response.text, "html.parser").select("main form[method=post]")[-1])


def words(response: TestResponse, place: str) -> str:
    found = page(response).select_one(place)
    assert found
    return found.get_text(" ", strip=True)


def heading(response: TestResponse) -> str:
    return words(response, "h1")


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=lambda procedure: procedure.edition)
def test_every_decision_has_ways_to_take_it_and_says_how_they_are_reversed(procedure: Procedure) -> None:
    keys = {decision.key for decision in procedure.decisions}
    assert {step.decides for step in procedure.steps if step.decides} == keys
    assert [step.key for step in procedure.steps if step.irreversible and not step.undone_by] == []


def test_a_decision_goes_from_its_outcome_to_the_record(client: FlaskClient, case: Case) -> None:
    asked = page(client.get(where(case, "decisions/review")))
    assert [label.text.strip() for label in asked.select("main .govuk-radios__label")] == [
        "Decided to review", "Decided not to review",
    ]  # fmt: skip
    empty = client.post(where(case, "decisions/review"), data={})
    assert words(empty, ".govuk-error-summary a") == "Select what was decided"
    chosen = client.post(where(case, "decisions/review"), data={"outcome": "decided_to_review"})
    assert chosen.location == where(case)
    before = written()
    checked = client.post(where(case), data=fill(client, case))
    assert heading(checked) == "Check before recording: Decided to review"
    effects = words(checked, ".effects")
    assert "Moves the case to Review" in effects
    assert "Starts 4 deadlines" in effects
    assert "Tells 1 person Ruth, lead" in effects
    asked_again = client.post(where(case), data=carried(checked) | MultiDict({"confirmed": "yes"}))
    assert heading(asked_again) == "This cannot be undone"
    assert "A review can be discontinued later" in asked_again.text
    assert written() == before
    last = carried(asked_again)
    assert client.post(where(case), data=last | MultiDict({"understood": "yes"})).location == f"/cases/{case.reference}"
    db.session.expire_all()
    assert [event.step for event in case.events[1:]] == ["decided_to_review"]
    told = db.session.scalars(select(Message)).all()
    assert [(message.kind, message.user_id) for message in told] == [("decision_recorded", case.lead_id)]
    again = client.post(where(case), data=last | MultiDict({"understood": "yes"}))
    assert again.location == f"/cases/{case.reference}"
    db.session.expire_all()
    assert len(case.events) == 2
    assert "already recorded" in client.get(again.location).text


def test_the_last_page_still_changes_the_answers(client: FlaskClient, case: Case) -> None:
    checked = client.post(where(case), data=fill(client, case))
    asked_again = client.post(where(case), data=carried(checked) | MultiDict({"confirmed": "yes"}))
    changed = client.post(where(case), data=carried(asked_again) | MultiDict({"change": "yes"}))
    assert heading(changed) == "Decided to review"
    assert drawn(form_of(changed.text))["answer_rationale"] == ANSWERS["answer_rationale"]


def test_what_others_recorded_stands_beside_my_answers(client: FlaskClient, case: Case) -> None:
    checked = client.post(where(case), data=fill(client, case))
    record_step(case, by=None, step="agencies_scoped", on=date(2026, 2, 3), answers={"agencies": "Police: known."})
    answer = client.post(where(case), data=carried(checked) | MultiDict({"confirmed": "yes"}))
    assert answer.status_code == 409
    beside = words(answer, "aside .notice")
    assert "Agencies scoped, 3 February 2026" in beside
    assert "Police: known." in beside
    assert drawn(form_of(answer.text))["answer_consulted"] == "Police and council."


def test_who_is_told_owns_what_follows_and_may_read_the_case(case: Case, chair: User, session: Session) -> None:
    manager, lead = make_user(Role.MANAGER, email="dev@example.gov.uk"), case.lead
    assert lead

    def told(step: str, by: User) -> list[tuple[str, str]]:
        effects = effects_of(case, step, date(2026, 3, 2), "", {})
        starts = effects.starts if effects else ()
        return [(person.name, why) for person, why in people_told(case, starts, by=by)]

    assert told("decided_to_review", chair) == [("Ruth", "lead")]
    assert told("decided_to_review", lead) == [("Miriam", "panel chair")]
    declare_conflict(case, by=lead, person=lead, reason="A cousin.")
    assert told("decided_to_review", chair) == [("Dev", "manager")]
    restrict_case(case, by=manager, reason="Delicate.")
    outsider = make_user(Role.MANAGER, email="outside@example.gov.uk")
    assert outsider.name not in [name for name, _ in told("decided_to_review", chair)]


def test_reopening_says_which_deadlines_run_again(client: FlaskClient, case: Case) -> None:
    record_step(case, by=None, step="closed", on=date(2026, 2, 10), answers={"reason": "A slip."})
    asked = words(client.get(where(case, "steps/reopened")), ".effects")
    assert "Open again: ‘Decide whether to review’, due 28 February 2026." in asked


def test_a_decision_of_an_earlier_day_starts_only_what_still_runs(case: Case) -> None:
    def starts(on: date) -> list[str]:
        effects = effects_of(case, "decided_not_to_review", on, "", {})
        return [deadline.key for deadline in effects.starts] if effects else []

    assert starts(date(2026, 2, 15)) == ["tell_home_office", "tell_family"]
    record_step(case, by=None, step="discontinued", on=date(2026, 2, 20), answers={"reason": "Not a homicide."})
    assert [row.key for row in case.deadlines if row.state == "open"] == ["tell_home_office"]
    assert starts(date(2026, 2, 15)) == []


def test_a_decision_with_one_way_is_not_asked_twice(client: FlaskClient, case: Case) -> None:
    answer = client.get(where(case, "decisions/discontinuation"))
    assert answer.location == where(case, "steps/discontinued")
    assert client.get(where(case, "decisions/no-such")).status_code == 404


def test_each_page_of_a_decision_takes_few_statements(
    client: FlaskClient, case: Case, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    client.get(where(case))
    with statements() as asking:
        client.get(where(case, "decisions/review"))
    sent = fill(client, case)
    with statements() as checking:
        checked = client.post(where(case), data=sent)
    address, last = where(case), carried(checked) | MultiDict({"confirmed": "yes", "understood": "yes"})
    with statements() as recording:
        done = client.post(address, data=last)
    assert done.status_code == 302
    assert len(asking) <= 10
    assert len(checking) <= 12
    assert len(recording) <= 15
