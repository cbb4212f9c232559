"""`flask partnership add` and `flask user add`, as an operator uses them."""

import json

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.builders import PASSWORD
from tracker.extensions import db
from tracker.models import Partnership, Role, User
from tracker.services import users


def run(app: Flask, *arguments: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=[*arguments])
    return result.exit_code, result.stdout, result.stderr


def test_a_partnership_and_a_user_are_added(own_app: Flask) -> None:
    code, out, said = run(own_app, "partnership", "add", "shropshire", "--name", "Safer Shropshire")
    assert (code, json.loads(out)) == (0, {"key": "shropshire", "name": "Safer Shropshire"})
    assert said == "Added Safer Shropshire\n"
    code, out, said = run(
        own_app, "user", "add", "Sam@example.gov.uk", "--role", "officer", "--partnership", "shropshire"
    )
    answer = json.loads(out)
    link = answer.pop("set_password_link")
    assert (code, answer) == (0, {"email": "sam@example.gov.uk", "role": "officer", "partnership": "shropshire"})
    assert link.startswith(f"{own_app.config['SITE_URL']}/set-password/")
    assert link not in said
    page = own_app.test_client().get(link.removeprefix(own_app.config["SITE_URL"]))
    assert page.status_code == 200


def test_a_second_role_for_somebody_with_a_password_makes_no_link(own_app: Flask) -> None:
    run(own_app, "partnership", "add", "shropshire", "--name", "Safer Shropshire")
    add = ("user", "add", "sam@example.gov.uk", "--partnership", "shropshire", "--role")
    token = json.loads(run(own_app, *add, "officer")[1])["set_password_link"].rpartition("/")[2]
    with own_app.app_context():
        users.choose_password(token, PASSWORD)
    code, out, _ = run(own_app, *add, "manager")
    assert (code, json.loads(out)["set_password_link"]) == (0, None)
    with own_app.app_context():
        user = db.session.scalars(select(User)).one()
        assert {held.role for held in user.memberships} == {Role.OFFICER, Role.MANAGER}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("partnership", "add", "shropshire", "--name", "Again"), "already a partnership with the key shropshire"),
        (("partnership", "add", "Bad Key", "--name", "Bad"), "Key must be"),
        (("partnership", "add", "telford", "--name", " "), "Enter a name"),
        (("partnership", "add", "telford"), "Missing option '--name'"),
        (("user", "add", "sam", "--role", "officer", "--partnership", "shropshire"), "Enter an email address"),
        (
            ("user", "add", "a@example.gov.uk", "--role", "officer", "--partnership", "wrekin"),
            "no partnership with the key wrekin",
        ),
        (
            ("user", "add", "a@example.gov.uk", "--role", "king", "--partnership", "shropshire"),
            "Invalid value for '--role'",
        ),
        (("user", "add", "a@example.gov.uk", "--role", "partner", "--partnership", "shropshire"), "Name the agency"),
    ],
)
def test_wrong_use_is_said_and_writes_nothing(own_app: Flask, arguments: tuple[str, ...], says: str) -> None:
    run(own_app, "partnership", "add", "shropshire", "--name", "Safer Shropshire")
    code, out, said = run(own_app, *arguments)
    assert (code, out) == (2, "")
    assert says in said
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Partnership)) == 1
        assert db.session.scalar(select(func.count()).select_from(User)) == 0
