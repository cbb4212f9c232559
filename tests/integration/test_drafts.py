"""Referrals begun and not logged yet: their owner's alone, saved page by page, gone after thirty idle days."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from tests.builders import make_partnership, make_user
from tracker.errors import NotFound, NotPermitted
from tracker.extensions import db
from tracker.models import Draft, Role, User
from tracker.procedures.referrals import pages_of
from tracker.queries.drafts import drafts_of, find_draft
from tracker.services.drafts import begin_draft, discard_draft, drop_idle_drafts, log_draft, save_page

TODAY = date(2026, 3, 2)


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


def begun(officer: User) -> Draft:
    """A draft with an answer in it."""
    draft = begin_draft(officer.memberships[0].partnership, by=officer, case_type="asb")
    save_page(draft, by=officer, page="applicant", answers={"applicant": "victim"})
    return draft


def test_a_page_is_replaced_whole_and_the_others_stay(officer: User) -> None:
    draft = begun(officer)
    save_page(draft, by=officer, page="received", answers={"on": "2026-01-30", "how": "online"})
    save_page(draft, by=officer, page="summary", answers={"summary": "Noise."})
    save_page(draft, by=officer, page="received", answers={"on": "2026-01-31"})
    db.session.expire_all()
    assert find_draft(officer, draft.key) is draft
    assert draft.answers == {
        "applicant": {"applicant": "victim"},
        "received": {"on": "2026-01-31"},
        "summary": {"summary": "Noise."},
    }


def test_only_its_owner_sees_and_changes_it(officer: User) -> None:
    draft, colleague = begun(officer), make_user(Role.OFFICER, Role.MANAGER, Role.ADMINISTRATOR)
    assert (drafts_of(officer), drafts_of(colleague)) == ([draft], [])
    assert find_draft(colleague, draft.key) is None
    for change in (
        lambda: save_page(draft, by=colleague, page="x", answers={}),
        lambda: discard_draft(draft, by=colleague),
    ):
        with pytest.raises(NotFound):
            change()
    discard_draft(draft, by=officer)
    assert drafts_of(officer) == []


def test_who_no_longer_logs_referrals_there_no_longer_has_it(officer: User) -> None:
    draft = begun(officer)
    officer.memberships[0].role = Role.AUDITOR
    db.session.commit()
    assert find_draft(officer, draft.key) is None
    with pytest.raises(NotPermitted):
        save_page(draft, by=officer, page="x", answers={})
    with pytest.raises(NotPermitted):
        begin_draft(make_partnership("telford"), by=officer, case_type="asb")


def test_two_who_send_it_at_once_make_one_case(own_app: Flask) -> None:
    with own_app.app_context():
        by = make_user(Role.OFFICER).id
        draft = begun(db.session.get_one(User, by))
        for page in pages_of(draft.procedure):
            save_page(draft, by=draft.owner, page=page.key, answers={"on": "2026-01-30"} if page.dated else {})
        number = draft.id

    def log(_: int) -> str:
        with own_app.app_context():
            try:
                return log_draft(db.session.get_one(Draft, number), by=db.session.get_one(User, by)).reference
            except (NotFound, NoResultFound):
                return "gone"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(log, range(2))) == ["ASB-2026-001", "gone"]


def test_it_goes_after_thirty_idle_days_and_saving_keeps_it(officer: User, today_is: Callable[[date], None]) -> None:
    idle, taken_up = begun(officer), begun(officer)
    today_is(TODAY + timedelta(days=30))
    assert len(drafts_of(officer)) == 2
    save_page(taken_up, by=officer, page="received", answers={})
    today_is(TODAY + timedelta(days=31))
    assert drafts_of(officer) == [taken_up]
    assert find_draft(officer, idle.key) is None
    assert (drop_idle_drafts(TODAY + timedelta(days=31)), drop_idle_drafts(TODAY + timedelta(days=31))) == (1, 0)
    assert db.session.scalar(select(func.count(Draft.id))) == 1
