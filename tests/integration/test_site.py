"""What holds for every response: its headers, its files, and the pages that say what went wrong."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort, redirect, request
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from tests.databases import Databases, make_app
from tests.pages import StrictClient, faults, page
from tracker.errors import NotFound, NotPermitted, Refused, Stale
from tracker.extensions import csrf, db, note_saved
from tracker.web.access import public
from tracker.web.assets import MissingAsset, asset


def heading(client: FlaskClient, address: str, status: int) -> str:
    response = client.get(address)
    assert response.status_code == status
    found = page(response).find("h1")
    assert found
    return found.text.strip()


@pytest.fixture
def served(sqlite_databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The application as it is served, with pages that fail in every way there is."""
    served = make_app(sqlite_databases.copy(), tmp_path)
    served.test_client_class = StrictClient

    def fails(kind: str) -> str:
        match kind:
            case "saved":
                note_saved()
                raise ZeroDivisionError
            case "forbidden":
                raise NotPermitted
            case "stale":
                raise Stale("Ruth Aldous closed this case at 14:02")
            case "refused":
                raise Refused("The year has been closed")
            case "hidden":
                raise NotFound
            case "teapot":
                abort(418)
        raise ZeroDivisionError

    csrf.exempt(fails)
    served.add_url_rule("/fails/<kind>", "fails", public(fails), methods=["GET", "POST"])
    yield served
    with served.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("address", ["/sign-in", "/nowhere", "/fails/broken", "/static/look.css", "/"])
def test_every_response_carries_the_security_headers(served: Flask, address: str) -> None:
    response = served.test_client().get(address)
    policy = response.headers["Content-Security-Policy"]
    assert re.fullmatch(
        r"default-src 'none'; script-src 'self' 'nonce-[\w-]{20,}'; style-src 'self'; img-src 'self'; font-src 'self'; "
        r"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        r"require-trusted-types-for 'script'",
        policy,
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in response.headers
    if not address.startswith("/static"):
        assert response.headers["Cache-Control"] == "no-store"


def test_a_nonce_is_used_once_and_is_the_page_s_own(served: Flask) -> None:
    client = served.test_client()
    policies = {client.get("/sign-in").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3
    response = client.get("/sign-in")
    for script in page(response).find_all("script"):
        assert script.get("src") or f"'nonce-{script['nonce']}'" in response.headers["Content-Security-Policy"]


def test_the_cookie_is_kept_from_scripts_and_other_sites(served: Flask) -> None:
    cookie = served.test_client().get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_where_cookies_are_secure_the_browser_is_told_to_stay_with_https(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(served.config, "SESSION_COOKIE_SECURE", True)
    response = served.test_client().get("/sign-in", base_url="https://localhost")
    assert "Secure" in response.headers["Set-Cookie"]
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_style_sheets_are_kept_for_a_year_under_names_that_change(served: Flask) -> None:
    client = served.test_client()
    links = [str(link["href"]) for link in page(client.get("/sign-in")).select("link[rel=stylesheet]")]
    assert any(re.fullmatch(r"/static/vendor/govuk-frontend\.[0-9a-f]{12}\.min\.css", link) for link in links)
    assert any(re.fullmatch(r"/static/look\.css\?v=[0-9a-f]{12}", link) for link in links)
    for link in links:
        response = client.get(link)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/look.css").headers["Cache-Control"] == "no-cache"


def test_a_file_that_is_not_there_is_named(served: Flask) -> None:
    with served.test_request_context():
        with pytest.raises(MissingAsset, match=r"there is no nothing\.css"):
            asset("nothing.css")
        with pytest.raises(MissingAsset, match=r"vendor/nothing.css has not been fetched: run make front-end"):
            asset("vendor/nothing.css")


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [
        ("forbidden", 403, "You cannot do this"),
        ("hidden", 404, "Page not found"),
        ("stale", 409, "Somebody else has changed this"),
        ("refused", 422, "This cannot be done"),
        ("teapot", 418, "This cannot be done"),
    ],
)
def test_every_refusal_has_its_page(served: Flask, kind: str, status: int, said: str) -> None:
    assert heading(served.test_client(), f"/fails/{kind}", status) == said


def test_a_refusal_says_what_was_refused(served: Flask) -> None:
    assert "The year has been closed." in page(served.test_client().get("/fails/refused")).text
    assert "Ruth Aldous closed this case at 14:02." in page(served.test_client().get("/fails/stale")).text


def test_a_method_that_a_page_does_not_take_is_refused(served: Flask) -> None:
    response = served.test_client().post("/static/look.css")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert response.headers.getlist("Content-Type") == ["text/html; charset=utf-8"]


@pytest.mark.parametrize(
    ("method", "kind", "said"),
    [
        ("GET", "broken", "Nothing was saved or changed"),
        ("POST", "broken", "What you sent was not saved"),
        ("POST", "saved", "What you sent was saved"),
    ],
)
def test_a_failure_says_whether_the_answers_were_saved_and_how_to_find_it(
    served: Flask, caplog: pytest.LogCaptureFixture, method: str, kind: str, said: str
) -> None:
    response = served.test_client().open(f"/fails/{kind}", method=method)
    assert response.status_code == 500
    words = " ".join(page(response).text.split())
    assert said in words
    reference = re.search(r"quote the reference ([0-9A-F]{8})", words)
    assert reference
    assert any(reference[1] in record.message for record in caplog.records if record.levelno == logging.ERROR)
    assert "ZeroDivisionError" not in words


def test_a_failure_has_a_page_even_when_the_templates_fail(served: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(served.jinja_env.globals, "asset", None)
    response = served.test_client().post("/fails/broken")
    assert response.status_code == 500
    assert "Your answers were not saved." in response.text
    assert faults(response.text) == []


def test_a_long_answer_is_let_through_and_an_absurd_one_is_not(served: Flask) -> None:
    received: list[int] = []

    def receive() -> str:
        received.append(len(request.form["reasons"]))
        return ""

    csrf.exempt(receive)
    served.add_url_rule("/receive", "receive", public(receive), methods=["POST"])
    client = served.test_client()
    assert client.post("/receive", data={"reasons": "ü" * 20_000}).status_code == 200
    assert received == [20_000]
    many = {"reasons": "x", **{f"answer{number}": "" for number in range(2_000)}}
    for response in (
        client.post("/receive", data={"reasons": "x" * 2_000_000}),
        client.post("/receive", data={"reasons": "x"}, environ_overrides={"CONTENT_LENGTH": "17000000"}),
        client.post("/receive", data=many, content_type="multipart/form-data"),
    ):
        assert response.status_code == 413
        assert "too large" in response.text
    assert received == [20_000]


def test_a_form_without_our_token_is_refused(served: Flask) -> None:
    response = served.test_client().post("/sign-in", data={"email": "sam@example.gov.uk", "password": "x"})
    assert response.status_code == 400


def test_a_redirect_is_left_as_it_is(served: Flask) -> None:
    def leave() -> str:
        raise HTTPException(response=redirect("/sign-in"))

    served.add_url_rule("/leave", "leave", public(leave))
    assert served.test_client().get("/leave").location == "/sign-in"


def test_broken_markup_fails_the_test_that_meets_it(served: Flask) -> None:
    served.add_url_rule("/broken", "broken", public(lambda: "<!DOCTYPE html><title>x</title><p><b>bold</p>"))
    with pytest.raises(AssertionError, match="/broken is not sound HTML"):
        served.test_client().get("/broken")


@pytest.mark.parametrize(("proxies", "scheme"), [("0", "http"), ("1", "https")])
def test_a_proxy_is_believed_only_where_one_stands(
    sqlite_databases: Databases, tmp_path: Path, proxies: str, scheme: str
) -> None:
    app = make_app(sqlite_databases.copy(), tmp_path, TRUSTED_PROXIES=proxies)
    app.add_url_rule("/scheme", "scheme", public(lambda: request.scheme))
    assert app.test_client().get("/scheme", headers={"X-Forwarded-Proto": "https"}).text == scheme
