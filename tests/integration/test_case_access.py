"""Restricted cases, conflicts of interest and reassigning: who is let in, who is shut out, and never everybody."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.errors import NotFound, NotPermitted, Refused, Stale
from tracker.models import AuditEntry, Case, CaseContributing, Role, User
from tracker.models.messages import Message
from tracker.policy import Action, may, readers_of, visible_cases
from tracker.queries.case_people import people_who_may_open
from tracker.services.case_access import (
    declare_conflict,
    lift_restriction,
    name_person,
    reassign_case,
    remove_person,
    restrict_case,
    withdraw_conflict,
)

WHY = "Close to somebody on the panel."


@pytest.fixture
def case(session: Session, today_is: Callable[[date], None]) -> Case:
    """A review led by its officer, without a chair."""
    today_is(date(2026, 3, 2))
    return make_case(make_user(Role.OFFICER, email="lead@example.gov.uk"), "dhr", date(2026, 2, 2))


@pytest.fixture
def manager(session: Session) -> User:
    return make_user(Role.MANAGER, email="manager@example.gov.uk")


@pytest.fixture
def colleague(session: Session) -> User:
    return make_user(Role.OFFICER, email="colleague@example.gov.uk")


def lead_of(case: Case) -> User:
    assert case.lead
    return case.lead


def sees(user: User, case: Case, session: Session) -> bool:
    """Whether they see it, asked in every way there is: all must say the same."""
    listed = session.scalar(select(Case.id).where(Case.id == case.id, visible_cases(user))) is not None
    read = session.scalar(select(User.id).where(User.id == user.id, readers_of(case))) is not None
    assert listed == read == may(user, Action.READ_CASE, case)
    return listed


def audited(session: Session, action: str) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


# -- Restricting ------------------------------------------------------------------------------------------------------


def test_a_restricted_case_is_open_to_its_lead_its_chair_and_those_named(
    session: Session, case: Case, manager: User, colleague: User
) -> None:
    auditor = make_user(Role.AUDITOR)
    restrict_case(case, by=manager, reason=WHY)
    assert [sees(person, case, session) for person in (lead_of(case), manager, colleague, auditor)] == [
        True, True, False, False,
    ]  # fmt: skip
    name_person(case, by=manager, person=auditor)
    assert sees(auditor, case, session)
    remove_person(case, by=case.lead, person=auditor)
    assert not sees(auditor, case, session)
    lift_restriction(case, by=manager, reason="Over.")
    assert sees(colleague, case, session)
    assert case.access == []
    assert [len(audited(session, action)) for action in ("restrict_case", "name_person", "remove_person")] == [1, 1, 1]
    assert WHY in audited(session, "restrict_case")[0].detail


@pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR, Role.AUDITOR])
def test_a_case_is_restricted_by_a_manager_or_its_lead_only(session: Session, case: Case, role: Role) -> None:
    with pytest.raises(NotPermitted):
        restrict_case(case, by=make_user(role), reason=WHY)
    restrict_case(case, by=case.lead, reason=WHY)
    assert case.restricted


def test_a_manager_who_is_not_named_finds_no_restricted_case(session: Session, case: Case, manager: User) -> None:
    restrict_case(case, by=case.lead, reason=WHY)
    for change in (
        lambda: lift_restriction(case, by=manager, reason=WHY),
        lambda: name_person(case, by=manager, person=manager),
        lambda: reassign_case(case, by=manager, lead=None, chair=None, reason=WHY),
        lambda: declare_conflict(case, by=manager, person=lead_of(case), reason=WHY),
    ):
        with pytest.raises(NotFound):
            change()


def test_nobody_is_named_who_could_not_read_the_case_anyway(session: Session, case: Case, manager: User) -> None:
    restrict_case(case, by=manager, reason=WHY)
    elsewhere = make_user(Role.OFFICER, partnership=make_partnership("telford"))
    for person in (make_user(Role.PARTNER), make_user(Role.ADMINISTRATOR), elsewhere):
        with pytest.raises(Refused, match="may not read cases"):
            name_person(case, by=manager, person=person)
    case.contributing = [CaseContributing(partnership_id=elsewhere.memberships[0].partnership_id)]
    session.commit()
    name_person(case, by=manager, person=elsewhere)
    assert sees(elsewhere, case, session)


def test_a_case_always_stays_open_to_somebody(session: Session, case: Case, manager: User) -> None:
    reassign_case(case, by=manager, lead=None, chair=None, reason=WHY)
    restrict_case(case, by=manager, reason=WHY)
    version = case.version
    for change in (
        lambda: remove_person(case, by=manager, person=manager),
        lambda: declare_conflict(case, by=manager, person=manager, reason=WHY),
    ):
        with pytest.raises(Refused, match="Nobody could open this case"):
            change()
        session.expire_all()
        assert (case.version, sees(manager, case, session)) == (version, True)


def test_what_is_so_already_and_what_is_out_of_date_is_refused(session: Session, case: Case, manager: User) -> None:
    with pytest.raises(Refused, match="not restricted"):
        lift_restriction(case, by=manager, reason=WHY)
    with pytest.raises(Stale):
        restrict_case(case, by=manager, reason=WHY, version=case.version - 1)
    restrict_case(case, by=manager, reason=WHY)
    with pytest.raises(Refused, match="restricted already"):
        restrict_case(case, by=manager, reason=WHY)
    with pytest.raises(Refused, match="can open this case already"):
        name_person(case, by=manager, person=lead_of(case))


# -- Conflicts of interest --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR, Role.MANAGER, Role.AUDITOR])
def test_a_conflict_of_interest_beats_every_role(
    session: Session, case: Case, manager: User, role: Role, *, restricted: bool
) -> None:
    somebody = make_user(role)
    if restricted:
        restrict_case(case, by=manager, reason=WHY)
        name_person(case, by=manager, person=somebody)
    assert sees(somebody, case, session)
    declare_conflict(case, by=somebody, person=somebody, reason=WHY)
    assert not sees(somebody, case, session)
    assert not any(may(somebody, action, case) for action in Action)
    with pytest.raises(NotFound):
        withdraw_conflict(case, by=somebody, person=somebody, reason=WHY)
    withdraw_conflict(case, by=manager, person=somebody, reason=WHY)
    assert sees(somebody, case, session)


def test_the_lead_who_declares_a_conflict_leads_no_longer(session: Session, case: Case, manager: User) -> None:
    lead = lead_of(case)
    declare_conflict(case, by=lead, person=lead, reason=WHY)
    assert case.lead is None
    with pytest.raises(Refused, match="has a conflict of interest"):
        reassign_case(case, by=manager, lead=lead, chair=None, reason=WHY)


def test_only_a_manager_declares_for_somebody_else(
    session: Session, case: Case, manager: User, colleague: User
) -> None:
    with pytest.raises(NotPermitted):
        declare_conflict(case, by=case.lead, person=colleague, reason=WHY)
    declare_conflict(case, by=manager, person=colleague, reason=WHY)
    with pytest.raises(Refused, match="declared already"):
        declare_conflict(case, by=manager, person=colleague, reason=WHY)
    assert not sees(colleague, case, session)


# -- Reassigning ------------------------------------------------------------------------------------------------------


def test_a_manager_gives_a_case_to_somebody_else(session: Session, case: Case, manager: User, colleague: User) -> None:
    chair = make_user(Role.CHAIR)
    with pytest.raises(NotPermitted):
        reassign_case(case, by=case.lead, lead=colleague, chair=chair, reason=WHY)
    reassign_case(case, by=manager, lead=colleague, chair=chair, reason="On leave.")
    assert (case.lead, case.chair) == (colleague, chair)
    told = session.scalars(select(Message.user_id).where(Message.kind == "case_reassigned")).all()
    assert set(told) == {colleague.id, chair.id}
    entry = audited(session, "reassign_case")[0]
    assert (entry.case_id, "colleague@example.gov.uk" in entry.detail, "On leave." in entry.detail) == (
        case.id, True, True,
    )  # fmt: skip
    with pytest.raises(Refused, match="has not the role"):
        reassign_case(case, by=manager, lead=chair, chair=chair, reason=WHY)
    with pytest.raises(Refused, match="already"):
        reassign_case(case, by=manager, lead=colleague, chair=chair, reason=WHY)


# -- Pages ------------------------------------------------------------------------------------------------------------


def test_a_manager_restricts_a_case_on_its_page_and_names_somebody(
    client: FlaskClient, session: Session, case: Case, manager: User, colleague: User
) -> None:
    sign_in_as(client, manager)
    where = f"/cases/{case.reference}/access"
    refused = client.post(f"{where}/restrict", data={"version": case.version, "reason": ""})
    assert page(refused).select_one(".govuk-error-summary a").text == "Enter why only named people may see it"
    done = client.post(f"{where}/restrict", data={"version": case.version, "reason": WHY}, follow_redirects=True)
    assert page(done).select_one("h1").text == "Restricted: 2 people may open this case"
    assert WHY in done.text
    offered = page(client.get(f"{where}/name")).select("select option")
    assert [option.text for option in offered] == ["Choose a person", colleague.name]
    session.refresh(case)
    client.post(f"{where}/name", data={"version": case.version, "person": str(colleague.id)})
    session.expire_all()
    assert colleague in people_who_may_open(case)


def test_somebody_declares_their_own_conflict_and_the_case_is_gone(
    client: FlaskClient, case: Case, colleague: User
) -> None:
    sign_in_as(client, colleague)
    where = f"/cases/{case.reference}"
    form = page(client.get(f"{where}/access/conflict"))
    assert form.select("select") == []
    done = client.post(f"{where}/access/conflict", data={"version": case.version, "reason": WHY, "person": "1"})
    assert done.location == "/cases"
    assert "is declared" in client.get("/cases").text
    missing, closed = client.get(where.replace(case.reference, "DHR-2099-001")), client.get(where)
    assert closed.status_code == missing.status_code == 404
    assert page(closed).select_one("main").text == page(missing).select_one("main").text


def test_a_change_from_an_old_page_is_asked_again_with_what_was_typed(
    client: FlaskClient, case: Case, manager: User
) -> None:
    sign_in_as(client, manager)
    answer = client.post(f"/cases/{case.reference}/access/restrict", data={"version": case.version + 1, "reason": WHY})
    assert answer.status_code == 409
    assert page(answer).select_one("textarea").text.strip() == WHY
    assert page(answer).select_one("[name=version]")["value"] == str(case.version)
    assert not case.restricted
