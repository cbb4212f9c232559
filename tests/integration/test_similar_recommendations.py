"""Similar recommendations: found by their words in the index of the database in use, by whoever may see them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from tests.bad_values import INERT_TEXTS, REFUSED_TEXTS, drawn, form_of
from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.commands import run
from tracker.extensions import db
from tracker.models import Plan, Recommendation, Role, User
from tracker.procedures.plan_file import RecommendationLine
from tracker.procedures.target_dates import Target
from tracker.queries.similar_recommendations import MOST_FOUND, similar_recommendations, telling_words
from tracker.services import actions, plans, progress, recommendations
from tracker.services.plan_imports import import_plan

TODAY = date(2026, 3, 2)
CONTROL = "Midwives are trained to recognise coercive control."


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


def a_plan(officer: User, *texts: str, case: bool = True) -> Plan:
    partnership = officer.memberships[0].partnership
    plan = plans.begin_plan(make_case(officer, "dhr", date(2026, 1, 5)) if case else partnership, by=officer)
    for place, words in enumerate(texts, start=1):
        recommendations.add_recommendation(plan, by=officer, number=f"R{place}", text=words, scope="local")
    return plan


def found(viewer: User, words: str, beside: Plan) -> list[str]:
    return [each.text for each in similar_recommendations(viewer, words, beside=beside)]


def expect_index_to_be_true() -> None:
    """On SQLite, FTS5 compares its index with the table; PostgreSQL's cannot differ from it."""
    if db.engine.dialect.name == "sqlite":
        check = "INSERT INTO recommendation_words (recommendation_words, rank) VALUES ('integrity-check', 1)"
        db.session.execute(text(check))


def test_the_likest_come_first_in_any_form_of_their_words(officer: User) -> None:
    a_plan(officer, "Housing officers check locks.", CONTROL, "Training is recorded.", case=False)
    writing = a_plan(officer, CONTROL)
    assert found(officer, "Train midwives in controlling or coercive behaviour", writing)[0] == CONTROL
    assert found(officer, "TRAINED!", writing) in (
        [CONTROL, "Training is recorded."],
        ["Training is recorded.", CONTROL],
    )
    for nothing in ("", "  ", "All agencies should ensure that staff", "zzz", "“”… 👩‍👩‍👧‍👦", "a b c"):
        assert found(officer, nothing, writing) == []
    a_plan(officer, *[f"Locks are changed in {each} days." for each in range(9)])
    assert len(found(officer, "Change the locks", writing)) == MOST_FOUND


HOSTILE = (
    *REFUSED_TEXTS, *INERT_TEXTS, '"', "'", "lock\x00s", "NEAR(locks, 2)", "text : locks", "locks*", "^locks", "-locks",
    "locks AND", "NOT", "OR OR", '"locks', "locks') --", "locks & ! | <-> :*", "\\locks", "locks\\'", "①②③ ﷽ ǅ", "(((",
    "x" * 10_000, "locks " * 5_000, " ".join(f"w{each}x" for each in range(3_000)), "{locks}", ";", "%", "🔒" * 3_000,
)  # fmt: skip


def test_what_is_typed_is_only_ever_words(client: FlaskClient, officer: User) -> None:
    a_plan(officer, "Locks are changed.")
    writing = a_plan(officer)
    sign_in_as(client, officer)
    form = drawn(form_of(client.get(f"/plans/{writing.id}/recommendations/add").text))
    form["look"] = "yes"
    for typed in HOSTILE:
        form["text"] = typed
        answered = client.post(f"/plans/{writing.id}/recommendations/add", data=form)
        assert answered.status_code == 200, typed
        assert ("Locks are changed." in answered.text) == ("lock" in typed.replace("\x00", "")), typed


def look(client: FlaskClient, address: str, **answers: str) -> Any:
    """What pressing “Look for similar ones” answers, after typing *answers*."""
    form = drawn(form_of(client.get(address).text))
    form.pop("save", None)
    form.update({"look": "yes"})
    for name, answer in answers.items():
        form[name] = answer
    return client.post(address, data=form)


def test_the_index_is_true_after_every_change(officer: User, session: Session) -> None:
    other = a_plan(officer, "Locks are changed.", "Alarms are fitted.", case=False)
    writing = a_plan(officer)
    expect_index_to_be_true()
    first = other.recommendations[0]
    recommendations.change_recommendation(first, by=officer, number="R1", text="Windows are barred.", scope="local")
    expect_index_to_be_true()
    assert (found(officer, "lock", writing), found(officer, "window", writing)) == ([], ["Windows are barred."])
    session.execute(update(Recommendation).values(text=Recommendation.text + " Doorbells ring."))
    session.commit()
    expect_index_to_be_true()
    assert len(found(officer, "doorbell", writing)) == 2
    session.delete(other.recommendations[1])
    session.commit()
    expect_index_to_be_true()
    assert found(officer, "alarm", writing) == []
    case = make_case(officer, "dhr", TODAY)
    import_plan(case, by=officer, source="plan.csv", answers=[RecommendationLine("R1", "Gates are shut.")])
    expect_index_to_be_true()
    assert found(officer, "gate", writing) == ["Gates are shut."]


def test_the_index_is_put_back_with_the_rest(own_app: Flask, tmp_path: Path) -> None:
    with own_app.app_context():
        officer = make_user(Role.OFFICER, email="ruth@example.gov.uk")
        a_plan(officer, "Locks are changed.", case=False)
    file = run(own_app, "backup", tmp_path).json["file"]
    with own_app.app_context():
        db.session.execute(update(Recommendation).values(text="Nothing."))
        db.session.commit()
    assert run(own_app, "restore", file).code == 0
    with own_app.app_context():
        expect_index_to_be_true()
        officer = db.session.query(User).filter_by(email="ruth@example.gov.uk").one()
        assert found(officer, "lock", a_plan(officer)) == ["Locks are changed."]


def test_nobody_finds_what_they_may_not_see(client: FlaskClient, officer: User, session: Session) -> None:
    hidden = a_plan(officer, CONTROL)
    assert hidden.case
    writing = a_plan(officer, case=False)
    manager, stranger = make_user(Role.MANAGER), make_user(Role.OFFICER, partnership=make_partnership("telford"))
    assert found(manager, CONTROL, writing) == [CONTROL]
    hidden.case.restricted = True
    session.commit()
    for person in (manager, stranger, make_user(Role.PARTNER), make_user(Role.ADMINISTRATOR)):
        assert found(person, CONTROL, writing) == []
    sign_in_as(client, manager)
    answered = look(client, f"/plans/{writing.id}/recommendations/add", text=CONTROL)
    assert "No other plan that you may see says anything like it." in answered.text
    assert hidden.case.reference not in answered.text
    sign_in_as(client, stranger)
    assert client.get(f"/plans/{writing.id}/recommendations/1/similar").status_code == 404


def test_a_page_says_what_became_of_them_and_records_nothing(
    client: FlaskClient,
    officer: User,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    for _ in range(MOST_FOUND):
        earlier = a_plan(officer, CONTROL)
        asked = earlier.recommendations[0]
        recommendations.address_recommendation(asked, by=officer, name="ICB", sent_on=TODAY)
        recommendations.record_response(
            asked.addressees[0], by=officer, response="partly", on=TODAY, reason="No money."
        )
        for words in ("Train.", "Train all."):
            actions.add_action(asked, by=officer, text=words, target=Target())
        progress.claim_complete(asked.actions[0], by=officer, on=TODAY, text="Done.")
    assert earlier.case
    writing = a_plan(officer, "Midwives ask about control.")
    sign_in_as(client, officer)
    add = f"/plans/{writing.id}/recommendations/add"
    assert "Enter the recommendation that you look" in look(client, add, text=" ").text
    with statements() as made:
        shown = client.get(f"/plans/{writing.id}/recommendations/{writing.recommendations[0].id}/similar").text
    assert len(made) <= 12
    typed = drawn(form_of(client.get(add).text))
    typed["number"], typed["text"], typed["look"] = "R9", "Coercive <b>control</b>", "yes"
    with statements() as made:
        looked = client.post(add, data=typed).text
    assert len(made) <= 12
    for page in (shown, looked):
        for words in (earlier.case.reference, CONTROL, "Partly accepted: ICB", "2 actions: 1 not started, 1 claimed"):
            assert words in page
    assert "Coercive &lt;b&gt;control&lt;/b&gt;" in looked
    assert 'value="R9"' in looked
    assert len(writing.recommendations) == 1
    del typed["look"]
    typed["scope"] = "local"
    assert client.post(add, data=typed).status_code == 302
    change = f"/plans/{writing.id}/recommendations/{writing.recommendations[0].id}/change"
    assert CONTROL in look(client, change).text


def test_words_that_every_recommendation_says_are_not_looked_for() -> None:
    assert telling_words("The Partnership should ensure that Domestic-abuse ABUSE 2026 is x_y") == [
        "domestic",
        "abuse",
        "2026",
    ]
