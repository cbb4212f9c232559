"""Actions that an agency leads: reported on by its contact or by a link, which reach the action and nothing else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.hostile import PDF
from tests.pages import page
from tracker import clock
from tracker.emails import told_mail
from tracker.errors import NotFound, NotPermitted
from tracker.extensions import db
from tracker.models import (
    ActionEvent,
    Agency,
    Attachment,
    FileState,
    ItemLink,
    Message,
    PlannedAction,
    Role,
    TimeRequest,
    User,
)
from tracker.procedures.plan_status import Status
from tracker.procedures.target_dates import Target
from tracker.queries.projections import wrong_projections
from tracker.services import actions, plans, progress, recommendations
from tracker.services.agencies import add_agency_contact, end_agency_contact, retire_agency
from tracker.services.agency_reports import report_on_action
from tracker.services.case_access import declare_conflict
from tracker.services.item_links import ask_for_link, make_item_link, revoke_item_link
from tracker.services.users import disable_user, remove_role

TODAY = date(2026, 3, 2)
JUNE = Target("June 2026", date(2026, 6, 1), date(2026, 6, 30), "month")
SENT = {"version": "1", "submission": "r" * 24, "text": "A trainer is found.", "state": "in_progress", "save": "yes"}


@pytest.fixture
def officer(session: Session, today_is: Callable[[date], None]) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


@pytest.fixture
def action(officer: User, session: Session) -> PlannedAction:
    case = make_case(officer, "dhr", date(2026, 1, 5))
    session.add(Agency(partnership_id=case.partnership_id, name="West Mercia Police"))
    plan = plans.begin_plan(case, by=officer)
    asked = recommendations.add_recommendation(plan, by=officer, number="R1", text="Zebrafinch.", scope="local")
    other = actions.add_action(asked, by=officer, text="Zebrafinch too.", target=JUNE, lead_agency="Fire and Rescue")
    assert other.agency_id is None
    return actions.add_action(
        asked,
        by=officer,
        text="Train everybody.",
        target=JUNE,
        lead_agency="West Mercia Police",
        owner="Jane Zebrafinch",
    )


@pytest.fixture
def contact(action: PlannedAction, session: Session) -> User:
    somebody = make_user(Role.PARTNER)
    somebody.agency_id = action.agency_id
    session.commit()
    return somebody


def test_a_contact_reports_and_claims_and_somebody_else_verifies(
    client: FlaskClient, session: Session, officer: User, action: PlannedAction, contact: User
) -> None:
    sign_in_as(client, contact)
    listed = client.get("/partner").text
    assert "Train everybody." in listed
    assert "Zebrafinch" not in listed
    address = f"/partner/actions/{action.id}"
    shown = client.get(address).text
    assert "Zebrafinch" not in shown
    assert officer.name not in shown
    for _ in range(2):  # sent twice, recorded once
        client.post(address, data={**SENT, "expected_on": ["1", "5", "2026"], "file": (BytesIO(PDF), "a.pdf")})
    (event,) = session.scalars(select(ActionEvent)).all()
    assert (event.expected_on, event.recorded_by_id) == (date(2026, 5, 1), contact.id)
    attachment = session.scalars(select(Attachment)).one()
    assert attachment.action_event_id == event.id
    client.post(address, data={**SENT, "submission": "s" * 24, "state": "complete"})
    session.refresh(action)
    assert action.status is Status.CLAIMED
    with pytest.raises((NotPermitted, NotFound)):
        progress.verify_action(action, by=contact, on=TODAY, text="Seen.", upheld=True)
    progress.verify_action(action, by=officer, on=TODAY, text="Registers are missing", upheld=False)
    assert "Registers are missing" in client.get(address).text
    sign_in_as(client, officer)
    assert client.get(f"/files/{attachment.key}").data == PDF
    assert wrong_projections() == (1, [])


def test_the_files_of_a_plan_are_listed_with_their_action(
    client: FlaskClient,
    session: Session,
    officer: User,
    action: PlannedAction,
    contact: User,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    assert action.case
    sign_in_as(client, officer)
    listed, of_action = f"/plans/{action.plan_id}/files", f"/plans/actions/{action.id}"
    assert "No file has come in" in client.get(listed).text
    sign_in_as(client, contact)
    for name in ("first.pdf", "second.pdf", "third.pdf"):
        sent = {**SENT, "submission": name.ljust(24, "x").replace(".", "_"), "file": (BytesIO(PDF), name)}
        assert client.post(f"/partner/actions/{action.id}", data=sent).status_code == 302
    assert client.get(listed).status_code == 403
    first, second, third = session.scalars(select(Attachment).order_by(Attachment.id)).all()
    first.state, second.state = FileState.INFECTED, FileState.WAITING
    session.commit()
    manager = make_user(Role.MANAGER)
    for person in (officer, manager):
        sign_in_as(client, person)
        with statements() as made:
            shown = page(client.get(listed))
        assert len(made) <= 12
        assert [row.th.text.partition(".")[0] for row in shown.select("tbody tr")] == ["third", "second", "first"]
        assert [link["href"] for link in shown.select("a[download]")] == [f"/files/{third.key}"]
        for words in ("R1: Train everybody.", "West Mercia Police", contact.name, "Harmful", "Being checked"):
            assert words in shown.text
        assert ("Dispose of" in shown.text) == (person is manager)
        assert [link["href"] for link in page(client.get(of_action)).select("a[download]")] == [f"/files/{third.key}"]
    assert "Evidence files" in client.get(f"/cases/{action.case.reference}/plan").text
    gone = client.post(f"/files/{first.key}/dispose", data={"reason": "Harmful"})
    assert gone.headers["Location"] == listed
    action.case.restricted = True
    session.commit()
    assert client.get(listed).status_code == 404


@pytest.mark.parametrize("why", ["other agency", "other partnership", "restricted", "ended", "no agency"])
def test_an_action_opens_to_nobody_else(
    client: FlaskClient, session: Session, officer: User, action: PlannedAction, contact: User, why: str
) -> None:
    match why:
        case "other agency":
            contact.agency = Agency(partnership_id=action.partnership_id, name="Probation")
        case "other partnership":
            contact.memberships[0].partnership = make_partnership("telford")
        case "restricted":
            assert action.case
            action.case.restricted = True
        case "ended":
            actions.end_action(action, by=officer, reason="Not needed")
        case "no agency":
            contact.agency = None
    session.commit()
    sign_in_as(client, contact)
    for address in (f"/partner/actions/{action.id}", f"/partner/actions/{action.id}/more-time"):
        assert {client.get(address).status_code, client.post(address, data=SENT).status_code} == {404}
    assert "Train everybody." not in client.get("/partner").text
    with pytest.raises(NotFound):
        report_on_action(action, by=contact, state="in_progress", text="Done")


def test_an_agency_speaks_for_the_one_it_took_the_place_of(
    client: FlaskClient, session: Session, action: PlannedAction, contact: User
) -> None:
    merged = Agency(partnership_id=action.partnership_id, name="Marches Police")
    session.add(merged)
    assert action.agency
    action.agency.successor, action.agency.ended_on = merged, TODAY
    contact.agency = merged
    session.commit()
    sign_in_as(client, contact)
    assert "Train everybody." in client.get("/partner").text
    assert client.get(f"/partner/actions/{action.id}").status_code == 200


def test_a_link_opens_one_action_until_its_time_is_over(
    client: FlaskClient, session: Session, officer: User, action: PlannedAction
) -> None:
    sign_in_as(client, officer)
    made = client.post(f"/requests/actions/{action.id}/link", data={"email": "a@b.uk", "days": "14"}).text
    token = made.partition("/item/")[2][:43]
    assert "works until" in client.get(f"/requests/actions/{action.id}").text
    client.delete_cookie("tracker")
    shown = client.post(f"/item/{token}?open=1", data={"save": "yes"}, follow_redirects=True).text
    assert "Train everybody." in shown
    assert "Zebrafinch" not in shown
    assert officer.name not in shown
    client.post(f"/item/{token}", data={**SENT, "file": (BytesIO(PDF), "a.pdf")})
    (event,) = session.scalars(select(ActionEvent)).all()
    assert (event.agency, event.recorded_by_id) == ("West Mercia Police", None)
    assert client.get(f"/item/{token}").status_code == 200
    link = session.scalars(select(ItemLink)).one()
    link.expires_at = clock.now()
    session.commit()
    assert client.get(f"/item/{token}").status_code == 404
    with pytest.raises(NotFound):
        report_on_action(action, by=None, state="in_progress", text="More", link=link)


def test_a_claim_by_a_link_is_not_verified_by_whoever_made_it(officer: User, action: PlannedAction) -> None:
    make_item_link(action, by=officer, email="police@example.org")
    report_on_action(action, by=None, state="complete", text="Done.", link=db.session.scalars(select(ItemLink)).one())
    with pytest.raises(NotPermitted, match="You had a link"):
        progress.verify_action(action, by=officer, on=TODAY, text="Seen.", upheld=True)
    progress.verify_action(action, by=make_user(Role.OFFICER), on=TODAY, text="Seen.", upheld=True)


def test_whoever_made_a_link_to_an_action_of_no_case_is_told_that_another_is_asked_for(
    client: FlaskClient, session: Session, officer: User, action: PlannedAction
) -> None:
    own = plans.begin_plan(make_partnership(), by=officer, title="Prevent plan")
    asked = recommendations.add_recommendation(own, by=officer, number="1", text="Train.", scope="local")
    alone = actions.add_action(asked, by=officer, text="Train.", target=JUNE, lead_agency="West Mercia Police")
    make_item_link(alone, by=officer, email="police@example.org")
    revoke_item_link(session.scalars(select(ItemLink)).one(), by=officer)
    ask_for_link("police@example.org")
    told = session.scalars(select(Message).where(Message.kind == "new_link_asked")).one()
    assert (told.user, told.case) == (officer, None)
    assert f"/requests/actions/{alone.id}" in told_mail(told).text
    sign_in_as(client, officer)
    assert client.get(f"/requests/actions/{alone.id}").status_code == 200


def test_a_claim_by_a_link_is_not_verified_by_whoever_was_sent_it(officer: User, action: PlannedAction) -> None:
    sent = make_user(Role.OFFICER, email="sent@example.gov.uk")
    make_item_link(action, by=officer, email="Sent@Example.gov.uk")
    report_on_action(action, by=None, state="complete", text="Done.", link=db.session.scalars(select(ItemLink)).one())
    with pytest.raises(NotPermitted, match="You had a link"):
        progress.verify_action(action, by=sent, on=TODAY, text="Seen.", upheld=True)


@pytest.mark.parametrize(
    "what", ["another lead", "contact ended", "agency retired", "account disabled", "role taken", "conflict declared"]
)
def test_a_link_ends_with_what_let_its_reader_have_it(
    session: Session, officer: User, action: PlannedAction, contact: User, what: str
) -> None:
    assert action.agency
    assert action.case
    written_to = add_agency_contact(action.agency, by=None, name="Duty desk", email="desk@example.org")
    for email in (written_to.email, contact.email):
        make_item_link(action, by=officer, email=email)
    match what:
        case "another lead":
            actions.change_action(
                action, by=officer, text=action.text, lead_agency="Fire and Rescue", owner="", milestones=""
            )
        case "contact ended":
            end_agency_contact(written_to, by=None)
        case "agency retired":
            contact.agency = None
            session.commit()
            retire_agency(action.agency, by=None, on=TODAY)
        case "account disabled":
            disable_user(contact, by=None)
        case "role taken":
            remove_role(contact, by=None, partnership=action.partnership, role=Role.PARTNER)
        case "conflict declared":
            declare_conflict(action.case, by=None, person=contact, reason="Their sister.")
    ended = {
        "another lead": {written_to.email, contact.email},
        "contact ended": {written_to.email},
        "agency retired": {written_to.email},
    }.get(what, {contact.email})
    links = session.scalars(select(ItemLink)).all()
    assert {link.email for link in links if link.revoked_at} == ended
    for link in links:
        if link.revoked_at:
            with pytest.raises(NotFound):
                report_on_action(action, by=None, state="complete", text="Done.", link=link)


def test_more_time_moves_the_target_and_keeps_the_old_one(
    client: FlaskClient, session: Session, officer: User, action: PlannedAction, contact: User
) -> None:
    sign_in_as(client, contact)
    wish = {"version": "1", "submission": "t" * 24, "reason": "No trainer", "until": ["1", "9", "2026"]}
    assert (
        "asked for more time"
        in client.post(f"/partner/actions/{action.id}/more-time", data=wish, follow_redirects=True).text
    )
    asked = session.scalars(select(TimeRequest)).one()
    sign_in_as(client, make_user(Role.CHAIR))
    assert client.post(f"/requests/more-time/{asked.id}", data={"decision": "grant"}).status_code == 403
    sign_in_as(client, officer)
    assert "Waits for an answer" in client.get(f"/requests/actions/{action.id}").text
    client.post(f"/requests/more-time/{asked.id}", data={"decision": "grant"})
    session.refresh(action)
    assert (action.due_on, action.slips) == (date(2026, 9, 1), 1)
    moved = action.events[-1]
    assert (moved.old_due_on, moved.new_due_on, moved.recorded_by_id) == (JUNE.until, date(2026, 9, 1), officer.id)
    assert wrong_projections() == (1, [])


def test_only_those_who_keep_the_plan_make_links_to_its_actions(session: Session, action: PlannedAction) -> None:
    elsewhere = make_user(Role.OFFICER, partnership=make_partnership("telford"))
    for person in (make_user(Role.CHAIR), make_user(Role.AUDITOR), elsewhere):
        with pytest.raises((NotPermitted, NotFound)):
            make_item_link(action, by=person, email="a@b.uk")
