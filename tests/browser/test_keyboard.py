"""Signing in and deciding by keyboard alone, seeing at every stop where one is."""

from collections.abc import Callable
from datetime import date

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.keyboard import Keyboard
from tests.builders import PASSWORD, make_case, make_user
from tracker.models import Role


def test_a_chair_signs_in_and_decides(page: Page, server_app: Flask, today_is: Callable[[date], None]) -> None:
    today_is(date(2025, 9, 30))
    with server_app.app_context():
        case = make_case(make_user(Role.OFFICER), "asb", date(2025, 9, 8)).reference
        email = make_user(Role.CHAIR).email
    page.goto("/")
    chair = Keyboard(page)
    chair.type("Email address", email)
    chair.type("Password", PASSWORD)
    chair.press("Sign in", "^My work")
    chair.press("Cases", "^Cases")
    chair.go_to("Skip to main content")
    page.keyboard.press("Enter")
    chair.press(case, f"^{case}")
    chair.press("Threshold met", "^Threshold met")
    chair.press("Continue", "^Error: Threshold met")
    chair.go_to("Select an answer to ‘On what basis?’")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("A local limb")).to_be_checked()
    chair.type("Reasons", "Three reports by the same person in six months.")
    chair.type("Who was consulted?", "Police and landlord.")
    chair.type("Who made the decision?", "Partnership chair")
    chair.press("Continue", "^Check before recording: Threshold met")
    chair.press("Record this", "^This cannot be undone: Threshold met")
    chair.press("Yes, record it", f"^{case}: overview")
    expect(page.get_by_role("status")).to_have_text(f"Recorded: Threshold met. {case} is at the stage Review.")
