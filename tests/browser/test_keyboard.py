"""Signing in and deciding by keyboard alone, seeing at every stop where one is."""

import re
from collections.abc import Callable
from datetime import date

from flask import Flask
from playwright.sync_api import Page, expect

from tests.builders import PASSWORD, make_case, make_user
from tracker.models import Role

MOST_STOPS = 60  # of one page, far more than any needs

# What has the focus: its name as it is read out, and whether that can be seen. GOV.UK draws a radio's beside the input.
FOCUSED = """() => {
    const at = document.activeElement
    const labels = [...(at.labels || [])].map(label => label.textContent.trim())
    const drawn = at.type === "radio" ? getComputedStyle(at.nextElementSibling, "::before") : getComputedStyle(at)
    const outlined = drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) > 0
    const seen = (outlined && drawn.outlineColor !== "rgba(0, 0, 0, 0)") || drawn.boxShadow !== "none"
    return [labels.join(" ") || at.textContent.trim(), seen]
}"""


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, name: str) -> None:
        """Moves on from stop to stop until the one called *name*. Every stop must be seen."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            here, seen = self.page.evaluate(FOCUSED)
            assert seen, f"“{here}” has the focus, and does not show it"
            if re.sub(r"\s+", " ", here) == name:
                return
        raise AssertionError(f"“{name}” is not reached by keyboard")

    def type(self, name: str, text: str) -> None:
        self.go_to(name)
        self.page.keyboard.type(text)

    def press(self, name: str, title: str) -> None:
        """Presses the button or follows the link *name*, to the page of that title."""
        self.go_to(name)
        self.page.keyboard.press("Enter")
        expect(self.page).to_have_title(re.compile(title))


def test_a_chair_signs_in_and_decides(page: Page, server_app: Flask, today_is: Callable[[date], None]) -> None:
    today_is(date(2025, 9, 30))
    with server_app.app_context():
        case = make_case(make_user(Role.OFFICER), "asb", date(2025, 9, 8)).reference
        email = make_user(Role.CHAIR).email
    page.goto("/")
    chair = Keyboard(page)
    chair.type("Email address", email)
    chair.type("Password", PASSWORD)
    chair.press("Sign in", "^Cases")
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
    chair.press("Record this", f"^{case}: overview")
    expect(page.get_by_role("status")).to_have_text(f"Recorded: Threshold met. {case} is at the stage Review.")
