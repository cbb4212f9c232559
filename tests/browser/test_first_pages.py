"""The pages that somebody sees before signing in, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser.inspecting import width_of


def test_a_stranger_is_asked_to_sign_in(page: Page, accessible: Callable[[Page], None]) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    accessible(page)


def test_a_page_that_is_not_there_says_so(page: Page, accessible: Callable[[Page], None]) -> None:
    response = page.goto("/nowhere")
    assert response
    assert response.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    accessible(page)


def test_nothing_is_asked_of_anybody_else(page: Page, server: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/sign-in")
    assert any(".css" in url for url in asked)
    assert [url for url in asked if not url.startswith(server)] == []


def test_the_policy_stops_what_a_page_was_made_to_hold(browser: Browser, server: str) -> None:
    page = browser.new_page()
    page.goto(f"{server}/sign-in")
    markup = "() => { try { document.body.innerHTML = '<p>planted</p>'; return 'set' } catch (e) { return e.name } }"
    assert page.evaluate(markup) == "TypeError"
    script = (
        "() => { const s = document.createElement('script'); s.text = 'window.planted = 1'; document.body.append(s) }"
    )
    with pytest.raises(Error, match="TrustedScript"):
        page.evaluate(script)
    assert page.evaluate("window.planted") is None
    page.close()


def test_the_first_page_fits_a_small_screen(small_page: Page) -> None:
    small_page.goto("/sign-in")
    assert width_of(small_page) == 320
