"""Reports in a real browser: from the first screen to the pilot's year, the cases behind a number, a wrong period."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.inspecting import width_of
from tests.builders import PASSWORD, make_user
from tests.integration.test_figures import RECEIVED, asb, event, load
from tracker.models import Role


@pytest.fixture
def email(server_app: Flask) -> str:
    """Somebody who reads figures, in a partnership with two applications."""
    with server_app.app_context():
        manager = make_user(Role.MANAGER)
        load(asb(RECEIVED, themes=["noise"]), asb(RECEIVED, event("withdrawn", "2024-05-02")))
        return manager.email


def sign_in(page: Page, email: str) -> None:
    page.goto("/reports")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_the_pilots_year_and_the_cases_behind_it(page: Page, email: str, accessible: Callable[[Page], None]) -> None:
    sign_in(page, email)
    accessible(page)
    page.get_by_role("link", name="1 April 2024 to 31 March 2025").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Figures for 1 April 2024 to 31 March 2025")
    expect(page.get_by_role("heading", name="None of two applications went to review")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="2 Applications received: see the cases").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Applications received: 2")
    accessible(page)


def test_a_period_of_ones_own(page: Page, email: str, accessible: Callable[[Page], None]) -> None:
    sign_in(page, email)
    page.get_by_role("link", name="Change the period").click()
    accessible(page)
    first, last = (page.get_by_role("group", name=f"{which} day of the period") for which in ("First", "Last"))
    for part, typed in {"Day": "1", "Month": "may", "Year": "2024"}.items():
        first.get_by_label(part).fill(typed)
        last.get_by_label(part).fill({"Day": "30", "Month": "4"}.get(part, typed))
    page.get_by_role("button", name="Show the figures").click()
    expect(page.get_by_role("link", name="The last day must be 1 May 2024 or later")).to_be_visible()
    accessible(page)
    last.get_by_label("Month").fill("6")
    page.get_by_role("button", name="Show the figures").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Figures for 1 May 2024 to 30 June 2024")


def test_reports_fit_a_small_screen(small_page: Page, email: str) -> None:
    sign_in(small_page, email)
    year = "since=2024-04-01&until=2025-03-31"
    for address in (f"/reports?{year}", "/reports/period", f"/reports/cases?figure=A1&{year}"):
        small_page.goto(address)
        assert width_of(small_page) == 320
