"""Learning: how each theme stands, when it came back, what was taught about it, and that nobody sees another's."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_values import INERT_TEXTS, REFUSED_TEXTS, drawn, form_of
from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.errors import NotPermitted, Refused, Stale
from tracker.models import Briefing, Case, Plan, PlannedAction, Role, Theme, User
from tracker.procedures.target_dates import Target
from tracker.queries.learning import briefings_on, learned_theme, learned_themes
from tracker.services import actions, briefings, findings, plans, progress, recommendations, themes

TODAY = date(2026, 3, 2)
JUNE = Target("June 2026", date(2026, 6, 1), date(2026, 6, 30), "month")
GIVEN: dict[str, Any] = {
    "kind": "training",
    "title": "Asking about money",
    "held_on": TODAY,
    "audience": "All front-line teams",
}


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


@pytest.fixture
def theme(officer: User) -> Theme:
    return themes.add_theme(make_partnership(), by=None, name="Housing")


def review(officer: User, on: date, *texts: str, theme: str = "Housing") -> list[PlannedAction]:
    """The actions of a review that was referred on a day and found the theme."""
    plan = plans.begin_plan(make_case(officer, "dhr", on), by=officer)
    finding = findings.add_finding(plan, by=officer, text=f"Found from {on}.", themes=[theme])
    asked = recommendations.add_recommendation(plan, by=officer, number="R1", text="Do.", finding=finding)
    return [actions.add_action(asked, by=officer, text=text, target=JUNE) for text in texts]


def filled(client: FlaskClient, address: str) -> dict[str, object]:
    """What a browser would send of a form as it was drawn."""
    return dict(drawn(form_of(client.get(address).text)).items(multi=False))


def returns(viewer: User) -> list[tuple[date | None, date]]:
    learned = learned_theme(viewer, "Housing")
    return [(each.after.done_on, each.again.began_on) for each in learned.returns] if learned else []


def test_a_theme_comes_back_in_a_review_that_began_after_another_was_done_with_it(
    officer: User, theme: Theme, session: Session, today_is: Callable[[date], None]
) -> None:
    first, second = review(officer, date(2026, 1, 5), "Train.", "Ask.")
    progress.claim_complete(first, by=officer, on=date(2026, 1, 20), text="Done.")
    review(officer, date(2026, 2, 20))
    assert returns(officer) == []  # one action was open still
    progress.claim_complete(second, by=officer, on=date(2026, 2, 2), text="Done.")
    review(officer, date(2026, 2, 2))  # begun on that day, not after it
    assert returns(officer) == [(date(2026, 2, 2), date(2026, 2, 20))]
    progress.verify_action(second, by=make_user(Role.CHAIR), on=TODAY, text="No.", upheld=False)
    assert returns(officer) == []
    actions.end_action(second, by=officer, reason="No money.")
    assert returns(officer) == [(date(2026, 1, 20), date(2026, 2, 20)), (date(2026, 1, 20), date(2026, 2, 2))]
    learned = learned_theme(officer, "Housing")
    assert learned
    whats = ("findings", "recommendations", "open", "done")
    assert [learned.total(what) for what in whats] == [3, 3, 0, 1]
    first.begun_as, first.completed_on = first.status, None
    first.claimed_on = None
    session.commit()
    assert returns(officer) == []  # nobody knows the day


def test_what_was_taught_is_recorded_changed_and_removed(officer: User, theme: Theme, session: Session) -> None:
    made = briefings.record_briefing(theme, by=officer, attended=0, submission_key="k" * 20, **GIVEN)
    with pytest.raises(briefings.BriefingResent):
        briefings.record_briefing(theme, by=officer, submission_key="k" * 20, **GIVEN)
    changed = GIVEN | {"title": "Asking"}
    briefings.change_briefing(made, by=officer, version=1, link="https://example.org", **changed)
    with pytest.raises(Stale):
        briefings.change_briefing(made, by=officer, version=1, **GIVEN)
    [kept] = briefings_on(officer, "Housing")
    assert (kept.title, kept.attended, kept.link, kept.version) == ("Asking", None, "https://example.org", 2)
    learned = learned_theme(officer, "Housing")
    assert learned
    assert (learned.taught, learned.taught_on) == (1, TODAY)
    briefings.remove_briefing(kept, by=officer)
    assert session.scalars(select(Briefing)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "lecture"}, {"title": " "}, {"title": "x" * 201}, {"audience": ""}, {"link": "javascript:canary()"},
        {"held_on": TODAY + timedelta(days=1)}, {"attended": -1}, {"attended": 100_001}, {"note": REFUSED_TEXTS[0]},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(officer: User, theme: Theme, session: Session, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        briefings.record_briefing(theme, by=officer, **GIVEN | wrong)
    assert session.scalars(select(Briefing)).all() == []


def test_only_those_who_keep_plans_there_record(client: FlaskClient, officer: User, theme: Theme) -> None:
    made = briefings.record_briefing(theme, by=officer, **GIVEN)
    stranger = make_user(Role.OFFICER, partnership=make_partnership("telford"))
    for person in (stranger, make_user(Role.AUDITOR), make_user(Role.CHAIR)):
        with pytest.raises(NotPermitted):
            briefings.record_briefing(theme, by=person, **GIVEN)
        with pytest.raises(NotPermitted):
            briefings.remove_briefing(made, by=person)
    sign_in_as(client, stranger)
    for path in (f"themes/{theme.id}/briefings/add", f"briefings/{made.id}/change", "theme?name=Housing"):
        assert client.get(f"/learning/{path}").status_code == 404
    assert "Housing" not in client.get("/learning").text
    assert "Housing" not in client.get("/learning/themes.csv").text


def test_a_restricted_review_adds_nothing_for_those_who_may_not_see_it(
    client: FlaskClient, officer: User, session: Session
) -> None:
    review(officer, date(2026, 1, 5), "Train.", theme="A telling theme")
    for case in session.scalars(select(Case)):
        case.restricted = True
    session.commit()
    viewer = make_user(Role.MANAGER)
    assert learned_themes(viewer) == []
    sign_in_as(client, viewer)
    for path in ("", "/themes.csv"):
        assert "telling" not in client.get(f"/learning{path}").text
    assert client.get("/learning/theme?name=A+telling+theme").status_code == 404


def test_many_themes_are_shown_a_page_at_a_time(
    client: FlaskClient, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.web.learning.views.PAGE", 2)
    for days, name in enumerate(("Alcohol", "Housing", "Money")):
        review(officer, date(2026, 1, 5) + timedelta(days=days), theme=name)
    themes.add_theme(make_partnership(), by=None, name="Never found")
    sign_in_as(client, officer)
    first, last = (page(client.get(f"/learning?page={number}")) for number in (1, 9))
    assert [row.text.strip() for row in first.select("tbody th")] == ["Alcohol", "Housing"]
    assert [row.text.strip() for row in last.select("tbody th")] == ["Money"]
    assert first.find("a", string="Never found") is None
    assert last.find("a", string="Never found")


def test_pages_show_it_in_few_statements(
    client: FlaskClient,
    officer: User,
    theme: Theme,
    session: Session,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    [done] = review(officer, date(2026, 1, 5), "Train.")
    progress.claim_complete(done, by=officer, on=date(2026, 1, 20), text="Done.")
    for days in range(4):
        review(officer, date(2026, 2, 2) + timedelta(days=days), "Again.")
    own = plans.begin_plan(make_partnership(), by=officer, title="=Own plan")
    findings.add_finding(own, by=officer, text="Here too.", themes=["=From a file"])
    sign_in_as(client, officer)
    add = f"/learning/themes/{theme.id}/briefings/add"
    sent = {"kind": "briefing", "held_on": ["2", "3", "2026"], "audience": "Teams", "attended": "12"}
    wrong = client.post(add, data=filled(client, add) | sent)
    assert page(wrong).select_one("#title-error")
    text = INERT_TEXTS[0]
    assert client.post(add, data=filled(client, add) | sent | {"title": text}).status_code == 302
    for address, words in {
        "/learning": "1 theme came back",
        "/learning/theme?name=Housing": "12 people came",
        "/learning/theme?name=%3DFrom+a+file": "not on the list",
        "/learning/themes.csv": "'=From a file",
    }.items():
        with statements() as made:
            shown = client.get(address)
        assert words in shown.text, address
        assert text not in shown.text
        assert len(made) <= 12, address
    assert "Came back 4 times" in client.get("/learning/theme?name=Housing").text
    [briefing] = session.scalars(select(Briefing))
    change = f"/learning/briefings/{briefing.id}/change"
    assert client.post(change, data=filled(client, change) | sent | {"title": "Other"}).status_code == 302
    assert client.post(f"/learning/briefings/{briefing.id}/remove").status_code == 302
    assert "Nothing was taught about it yet" in client.get("/learning/theme?name=Housing").text
    assert session.scalar(select(Plan.version).where(Plan.id == own.id)) == 2
    for name in ("", "%00", "x" * 300, "nothing"):
        assert client.get(f"/learning/theme?name={name}").status_code == 404
