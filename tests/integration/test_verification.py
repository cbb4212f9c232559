"""Who verifies that an action was done, where several agencies lead it and where two people do so at once."""

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_partnership, make_user
from tracker.errors import NotPermitted, Stale
from tracker.extensions import db
from tracker.models import ActionEvent, Agency, PlannedAction, Role, User
from tracker.procedures.plan_status import Happening, Status
from tracker.procedures.target_dates import Target
from tracker.services import actions, agencies, plans, progress, recommendations
from tracker.services.verification import is_among

TODAY = date(2026, 3, 2)


def claimed(lead: str) -> PlannedAction:
    """An action that *lead* leads and an officer says is complete."""
    officer = make_user(Role.OFFICER)
    plan = plans.begin_plan(make_partnership(), by=officer)
    asked = recommendations.add_recommendation(plan, by=officer, number="R1", text="Train everybody.", scope="local")
    action = actions.add_action(asked, by=officer, text="Train.", target=Target(), lead_agency=lead)
    progress.claim_complete(action, by=officer, on=TODAY, text="Trained.")
    return action


def somebody_of(agency: Agency) -> User:
    member = make_user(Role.MANAGER)
    member.agency = agency
    db.session.commit()
    return member


def an_agency(name: str) -> Agency:
    return agencies.add_agency(make_partnership(), by=None, name=name)


@pytest.mark.parametrize(
    ("claimant", "agency", "among"),
    [
        ("Police", "Police", True),
        ("police and Health", "Police", True),
        ("Police and Health", "Health", True),
        ("Police/Health", "Health", True),
        ("Police, Health & Fire and Rescue", "Health", True),
        ("Police, Health & Fire and Rescue", "Fire and Rescue", True),
        ("Council (with Health)", "Health", True),
        ("West Mercia Police; Public Health", "Public Health", True),
        ("West Mercia Police; Public Health", "Health", False),
        ("Policing Board", "Police", False),
        ("Housing and landlords", "Land", False),
        ("", "Police", False),
    ],
)
def test_an_agency_is_among_those_that_lead(claimant: str, agency: str, among: bool) -> None:
    assert is_among(agency.casefold(), claimant) is among


def test_neither_of_two_lead_agencies_verifies_for_the_other(session: Session) -> None:
    police, health, fire = map(an_agency, ("Police", "Health", "Fire and Rescue"))
    action = claimed("Police and Health")
    for leading in (police, health):
        with pytest.raises(NotPermitted, match=f"{leading.name} claims this"):
            progress.verify_action(action, by=somebody_of(leading), on=TODAY, text="Seen.", upheld=True)
    merger = agencies.rename_agency(health, by=make_user(Role.ADMINISTRATOR), name="Marches Health", on=TODAY)
    with pytest.raises(NotPermitted, match="Marches Health claims this"):
        progress.verify_action(action, by=somebody_of(merger), on=TODAY, text="Seen.", upheld=True)
    progress.verify_action(action, by=somebody_of(fire), on=TODAY, text="Seen.", upheld=True)
    assert action.status is Status.VERIFIED


def test_of_two_who_verify_at_once_one_is_recorded(own_app: Flask) -> None:
    with own_app.app_context():
        action = claimed("Police")
        which, seen = action.id, action.plan.version
        people = [make_user(Role.CHAIR).id, make_user(Role.MANAGER).id]
    ready, answers = threading.Barrier(2), list[str]()

    def verify(person: int) -> None:
        with own_app.app_context():
            row, by = db.session.get_one(PlannedAction, which), db.session.get_one(User, person)
            db.session.commit()
            ready.wait()
            try:
                progress.verify_action(row, by=by, on=TODAY, text="Seen.", upheld=True, version=seen)
                answers.append("verified")
            except Stale:
                answers.append("stale")

    threads = [threading.Thread(target=verify, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["stale", "verified"]
    with own_app.app_context():
        kinds = db.session.scalars(select(ActionEvent.kind).where(ActionEvent.action_id == which)).all()
        assert kinds.count(Happening.VERIFIED) == 1
