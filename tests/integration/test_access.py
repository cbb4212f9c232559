"""Closed by default."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from tests.builders import make_user, sign_in_as
from tests.conftest import make_test_app
from tests.databases import Databases
from tests.pages import page
from tracker.extensions import db
from tracker.models import Role
from tracker.policy import Action
from tracker.web.access import Access, requires

PUBLIC = {
    "static",
    "branding.logo",
    "branding.style",
    "calendar.own",
    "guides.accessibility",
    "guides.privacy",
    "sign_in.set_password",
    "sign_in.sign_in",
} | {f"items.{page}" for page in ("show", "more_time", "thanks", "new_link")}


def access_of(app: Flask) -> dict[str, Access | None]:
    return {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "access", None) for rule in app.url_map.iter_rules()
    }


def test_every_page_says_who_may_see_it(app: Flask) -> None:
    assert [endpoint for endpoint, access in access_of(app).items() if access is None] == []


def test_few_pages_are_open_to_everybody(app: Flask) -> None:
    open_to_all = {endpoint for endpoint, access in access_of(app).items() if access and access.everybody}
    assert open_to_all - {"health.show"} == PUBLIC


@pytest.fixture
def site(databases: Databases) -> Iterator[Flask]:
    """The application with a page that nobody marked, and one for managers."""
    app = make_test_app(databases)
    app.add_url_rule("/unmarked", "unmarked", lambda: "canary")
    app.add_url_rule("/form", "form", requires()(lambda: "canary"), methods=["POST"])
    app.add_url_rule("/for-managers", "for_managers", requires(Action.REASSIGN_CASE)(lambda: {"for": "managers"}))
    yield app
    with app.app_context():
        db.engine.dispose()


def test_a_page_without_a_mark_is_closed(site: Flask) -> None:
    with site.app_context():
        client = site.test_client()
        assert client.get("/unmarked").location == "/sign-in?next=/unmarked"
        sign_in_as(client, make_user(*Role))
        answer = client.get("/unmarked")
        assert answer.status_code == 403
        assert "canary" not in answer.text


def test_a_page_for_some_refuses_the_others(site: Flask) -> None:
    with site.app_context():
        client = site.test_client()
        assert client.get("/for-managers?page=2").location == "/sign-in?next=/for-managers?page%3D2"
        sign_in_as(client, make_user(Role.OFFICER))
        assert client.get("/for-managers").status_code == 403
        sign_in_as(client, make_user(Role.MANAGER))
        assert client.get("/for-managers").json == {"for": "managers"}


def test_a_form_without_a_page_leads_back_to_where_it_was(site: Flask) -> None:
    client = site.test_client()
    from_here = client.post("/form", headers={"Referer": "http://localhost/for-managers"})
    assert from_here.location == "/sign-in?next=/for-managers"
    from_elsewhere = client.post("/form", headers={"Referer": "http://evil.example/for-managers"})
    assert from_elsewhere.location == "/sign-in"


def test_a_page_that_does_not_exist_is_not_found_before_signing_in(client: FlaskClient, session: Session) -> None:
    assert client.get("/no-such-page").status_code == 404


def fitting(rule: Rule, name: str) -> object:
    """Something that the address of *rule* may hold as *name*."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else "x"


def test_every_closed_page_asks_a_stranger_to_sign_in(app: Flask, client: FlaskClient) -> None:
    closed = [
        rule
        for rule in app.url_map.iter_rules()
        if not getattr(app.view_functions[rule.endpoint], "access", Access()).everybody
    ]
    assert closed
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in closed:
            values = {name: fitting(rule, name) for name in rule.arguments}
            path = adapter.build(rule.endpoint, values)
            for method in (rule.methods or set()) & {"GET", "POST"}:
                answer = client.open(path, method=method)
                assert answer.status_code == 302, path
                assert answer.location.startswith("/sign-in"), path


def test_the_first_page_leads_on_to_the_cases(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, make_user(Role.OFFICER))
    assert page(client.get("/")).select_one("nav a[href='/cases']")
