"""The pages on which an administrator gives people access, and takes it away."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.bad_values import NOT_OFFERED, REFUSED_TEXTS
from tests.builders import PASSWORD, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models import Membership, Role, User
from tracker.services import users

Counting = Callable[[], AbstractContextManager[list[str]]]
NEW = {"name": "Sam Lowry", "email": "sam@example.gov.uk", "role": "officer", "agency": ""}


@pytest.fixture
def administrator(client: FlaskClient, session: Session) -> User:
    found = make_user(Role.ADMINISTRATOR)
    sign_in_as(client, found)
    return found


def found(email: str = "sam@example.gov.uk") -> User:
    db.session.expire_all()
    return db.session.scalars(select(User).where(User.email == email)).one()


def test_somebody_new_chooses_a_password_by_a_link_that_is_shown_once(client: FlaskClient, administrator: User) -> None:
    shown = page(client.post("/admin/users/add", data=NEW))
    link = shown.select_one("#address")
    assert link
    address = re.sub(r"^https?://[^/]+", "", str(link["value"]))
    theirs = f"/admin/users/{found().id}"
    for later in (theirs, "/admin/users"):
        assert "set-password" not in client.get(later).text
    browser = client.application.test_client()
    assert browser.post(address, data={"password": PASSWORD}).status_code in {200, 302}
    again = page(client.post(f"{theirs}/link", data={})).select_one("#address")
    assert again
    assert again["value"] != link["value"]


def test_a_partner_needs_an_agency(client: FlaskClient, administrator: User) -> None:
    answer = client.post("/admin/users/add", data=NEW | {"role": "partner"})
    assert page(answer).select_one(".govuk-error-summary a[href='#agency']")


def test_access_ends_at_once_and_comes_back(client: FlaskClient, administrator: User) -> None:
    person = make_user(Role.OFFICER, email="sam@example.gov.uk")
    theirs = client.application.test_client()
    sign_in_as(theirs, person)
    assert theirs.get("/cases").status_code == 200
    client.post(f"/admin/users/{person.id}/disable", data={})
    assert theirs.get("/cases").status_code == 302
    assert "Disabled" in client.get("/admin/users?state=disabled").text
    client.post(f"/admin/users/{person.id}/enable", data={})
    assert found().is_active


def test_roles_are_given_and_taken_away(client: FlaskClient, administrator: User) -> None:
    person = make_user(Role.OFFICER, email="sam@example.gov.uk")
    client.post(f"/admin/users/{person.id}/roles/add", data={"role": "manager"})
    assert {held.role for held in found().memberships} == {Role.OFFICER, Role.MANAGER}
    officer = next(held for held in found().memberships if held.role == Role.OFFICER)
    away = f"/admin/users/{person.id}/roles/{officer.id}/remove"
    assert client.post(away, data={}).status_code == 302
    assert client.post(away, data={}).status_code == 404
    assert {held.role for held in found().memberships} == {Role.MANAGER}


def test_the_last_administrator_stays(client: FlaskClient, administrator: User, session: Session) -> None:
    role = administrator.memberships[0]
    for path in ("disable", f"roles/{role.id}/remove"):
        answer = client.post(f"/admin/users/{administrator.id}/{path}", data={})
        assert page(answer).select_one(".govuk-error-summary")
    for by_operator in (
        lambda: users.disable_user(administrator, by=None),
        lambda: users.remove_role(administrator, by=None, partnership=role.partnership, role=Role.ADMINISTRATOR),
    ):
        with pytest.raises(Refused, match="without an administrator"):
            by_operator()
    second = make_user(Role.ADMINISTRATOR)
    users.disable_user(second, by=None)
    assert administrator.is_active


def test_people_of_another_partnership_are_not_there(client: FlaskClient, administrator: User) -> None:
    telford = make_partnership("telford")
    stranger, both = make_user(Role.OFFICER, partnership=telford), make_user(Role.OFFICER)
    users.add_user(telford, by=None, email=both.email, role=Role.CHAIR)
    assert stranger.email not in client.get("/admin/users").text
    for path in ("", "/roles/add", f"/roles/{stranger.memberships[0].id}/remove", "/link", "/disable", "/enable"):
        assert client.get(f"/admin/users/{stranger.id}{path}").status_code == 404, path
    elsewhere = next(held for held in both.memberships if held.partnership_id == telford.id)
    assert "Telford" not in client.get(f"/admin/users/{both.id}").text
    assert client.post(f"/admin/users/{both.id}/roles/{elsewhere.id}/remove", data={}).status_code == 404
    for path in ("link", "disable"):
        assert client.post(f"/admin/users/{both.id}/{path}", data={}).status_code == 403, path
    assert client.post(f"/admin/users/{'9' * 30}/disable", data={}).status_code == 404


def test_the_list_is_found_in_and_takes_as_many_statements_however_long(
    client: FlaskClient, administrator: User, statements: Counting
) -> None:
    with statements() as few:
        client.get("/admin/users")
    for role in (Role.OFFICER, Role.CHAIR) * 30:
        make_user(role)
    make_user(Role.MANAGER, email="zed_100%@example.gov.uk")
    with statements() as many:
        listed = client.get("/admin/users")
    assert len(few) == len(many) <= 12
    assert "page 1 of 2" in page(listed).title.text
    for query, count in (("text=_100%25", 1), ("role=chair", 30), ("state=disabled", 0), ("page=99999", 62)):
        heading = page(client.get(f"/admin/users?{query}")).select_one("main h2")
        assert heading
        assert heading.text.split()[0] == str(count), query


def test_bad_values_are_refused_beside_their_field(client: FlaskClient, administrator: User, session: Session) -> None:
    before = session.scalar(select(func.count(Membership.id)))
    for bad in (*REFUSED_TEXTS, *NOT_OFFERED):
        for name in ("email", "role", "agency"):
            answer = client.post("/admin/users/add", data=NEW | {name: bad})
            assert answer.status_code == 200
            assert page(answer).select_one(".govuk-error-summary a[href]"), (name, bad[:20])
        assert client.get("/admin/users", query_string={"text": bad, "role": bad, "state": bad}).status_code == 200
    for bad in REFUSED_TEXTS:
        assert page(client.post("/admin/users/add", data=NEW | {"name": bad})).select_one("a[href='#name']")
    session.expire_all()
    assert session.scalar(select(func.count(Membership.id))) == before
